"""Rehearsals: a few people try everything, and nothing of what they said is left."""

import click
from sqlalchemy.orm import Session

from survey.cli import context
from survey.i18n import Refused, Sentence
from survey.services.waves import opening, rehearsal


@click.command("rehearse")
@click.option("--wave", "of", required=True, metavar="CODE", help="The planned wave whose questions are tried.")
@click.option("--person", "people", multiple=True, metavar="EMAIL", help="Who takes part; may be given several times.")
@click.option("--leads", is_flag=True, help="Everybody who leads a unit takes part.")
@click.option("--days", default=rehearsal.LONGEST.days, show_default=True, help="How long; seven days at most.")
def rehearse(of: str, people: tuple[str, ...], days: int, *, leads: bool) -> None:
    """Open a rehearsal of a planned wave for a few people; its answers are deleted at the end, never published."""
    now = context.now()
    with context.writing() as session:
        code = rehearsal.plan(session, of, now, days=days).code
        count = rehearsal.choose(session, code, [_person(session, code, email) for email in people])
        if leads:
            count = rehearsal.choose_leads(session, code)
        opening.open_wave(session, code, now, context.settings().keys)
    facts: dict[str, object] = {"wave": code, "count": count}
    context.say(
        Sentence(
            "Rehearsal %(wave)s is open for %(count)s people. Send their letters with: survey send-letters --wave "
            "%(wave)s. End it with: survey close-wave --wave %(wave)s",
            facts,
        )
    )


def _person(session: Session, code: str, email: str) -> int:
    found = [each.id for each in rehearsal.search(session, code, email)]
    if len(found) != 1:
        raise Refused("No single person of the roster has the e-mail address %(email)s.", email=email)
    return found[0]
