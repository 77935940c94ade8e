"""Practices: the register of what units do, and those that the company adds to the library."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
from sqlalchemy.orm import Session

from survey.cli import context
from survey.i18n import Sentence
from survey.services import audit_log
from survey.services.practices import library, partners, register
from survey.services.practices.register import RHYTHMS, Adoption

DAY: Final = click.DateTime(["%Y-%m-%d"])
OURS: Final = Sentence("this program")
RETIRED: Final = Sentence("offered no more")


@click.command("adopt-practice")
@click.argument("unit")
@click.argument("practice")
@click.option("--since", type=DAY, help="The day it began (default: today).")
@click.option("--owner", default="", help="Who looks after it; best a role.")
@click.option("--what", default="", help="What exactly the unit does, in its own words.")
@click.option("--how-often", type=click.Choice(list(RHYTHMS)), help="How often it is held.")
@click.option("--with", "across", multiple=True, metavar="UNIT", help="Another unit that takes part; may be repeated.")
def adopt_practice(  # noqa: PLR0913 - one parameter an option
    unit: str,
    practice: str,
    *,
    since: dt.datetime | None,
    owner: str,
    what: str,
    how_often: str | None,
    across: tuple[str, ...],
) -> None:
    """Note that UNIT has adopted PRACTICE, an id of the library."""
    adoption = Adoption(unit, practice, since.date() if since else context.today(), owner, what, how_often or "")
    with context.writing() as session:
        register.adopt(session, adoption)
        audit_log.write(session, context.now(), None, "practice adopted", unit=unit, practice=practice)
        for partner in across:
            partners.name_partner(session, unit, practice, partner)
            facts = {"unit": unit, "practice": practice, "partner": partner}
            audit_log.write(session, context.now(), None, "practice partner named", **facts)
    said: dict[str, object] = {"unit": unit, "practice": practice, "since": adoption.since}
    context.say(Sentence("Unit %(unit)s has practised %(practice)s since %(since)s.", said))


ACTS: Final[dict[str, tuple[str, Callable[[Session, str, str, dt.date], None]]]] = {
    "held": ("practice held", register.held),
    "pause": ("practice paused", lambda session, unit, practice, _day: register.pause(session, unit, practice)),
    "resume": ("practice resumed", lambda session, unit, practice, _day: register.resume(session, unit, practice)),
    "end": ("practice ended", register.end),
}


@click.command("note-practice")
@click.argument("unit")
@click.argument("practice")
@click.argument("what", type=click.Choice(list(ACTS)))
@click.option("--on", type=DAY, help="The day on which it was held or ended (default: today).")
def note_practice(unit: str, practice: str, what: str, on: dt.datetime | None) -> None:
    """Note that PRACTICE of UNIT was held, rests, goes on or has ended."""
    act, change = ACTS[what]
    with context.writing() as session:
        change(session, unit, practice, on.date() if on else context.today())
        audit_log.write(session, context.now(), None, act, unit=unit, practice=practice)
        found = register.entry(session, unit, practice)
    if found:
        facts: dict[str, object] = {"unit": unit, "practice": practice, "state": found.state}
        context.say(Sentence("Practice %(practice)s of unit %(unit)s: %(state)s.", facts))


@click.command("practices")
@click.option("--register", "in_use", is_flag=True, help="List what units do instead.")
def list_practices(in_use: bool) -> None:  # noqa: FBT001 - click passes a flag
    """List the practices to choose from, the company's own too; or the register."""
    with context.reading() as session:
        if in_use:
            for each in register.entries(session):
                facts = (each.unit, each.practice, each.state, str(each.since), str(each.last_held or "-"))
                context.say(" ".join(f"{fact:<20}" for fact in facts).rstrip())
            return
        own = {each.practice.id: each for each in library.own(session)}
        for one in library.every(session):
            kept = own.get(one.id)
            origin = OURS if kept is None else RETIRED if kept.retired_on else str(kept.added_on)
            said = origin if isinstance(origin, str) else origin.to(context.language())
            context.say(f"{one.id:<32} {said:<16} {one.name[context.language()]}")


@click.command("add-practices")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add_practices(file: Path) -> None:
    """Bring in FILE, a TOML as survey/instruments/practices.toml is; a practice of the same id is worded anew."""
    found = library.read_file(file.read_bytes(), file.name)
    with context.writing() as session:
        library.add(session, found, context.today())
        for each in found:
            audit_log.write(session, context.now(), None, "own practice kept", practice=each.id)
    context.say(Sentence("Practices kept: %(count)s.", {"count": len(found)}))


@click.command("retire-practice")
@click.argument("practice")
def retire_practice(practice: str) -> None:
    """Offer PRACTICE, one of the company's own, no more; one that no unit ever had is deleted."""
    with context.writing() as session:
        kept = library.retire(session, practice, context.today())
        audit_log.write(session, context.now(), None, "own practice retired", practice=practice)
    told = Sentence("It is offered no more; units that have it keep it.") if kept else Sentence("It is gone.")
    context.say(told)
