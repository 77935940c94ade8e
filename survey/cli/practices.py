"""The register of practices in use."""

import datetime as dt

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.services import audit_log
from survey.services.practices.register import Adoption, adopt


@click.command("adopt-practice")
@click.argument("unit")
@click.argument("practice")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The day it began (default: today).")
@click.option("--owner", default="", help="Who looks after it.")
def adopt_practice(unit: str, practice: str, since: dt.datetime | None, owner: str) -> None:
    """Note that UNIT has adopted PRACTICE, an id of the register."""
    adoption = Adoption(unit, practice, since.date() if since else context.today(), owner)
    with context.writing() as session:
        adopt(session, adoption)
        audit_log.write(session, context.now(), None, "practice adopted", unit=unit, practice=practice)
    facts: dict[str, object] = {"unit": unit, "practice": practice, "since": adoption.since}
    context.say(Sentence("Unit %(unit)s has practised %(practice)s since %(since)s.", facts))
