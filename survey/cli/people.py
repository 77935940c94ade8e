"""The roster."""

from pathlib import Path

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.services import audit_log
from survey.services.people import ImportResult, import_roster, read_roster


@click.command("import-roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_roster_command(file: Path) -> None:
    """Take FILE (CSV or XLSX) as the whole roster of today: who is not in it has left."""
    table = read_roster(file.read_bytes(), file.name)
    with context.writing() as session:
        result = import_roster(session, table, context.today())
        facts = {"people": str(result.people), "units": str(result.units)}
        audit_log.write(session, context.now(), None, "roster imported", **facts)
    context.say(told(result))


def told(result: ImportResult) -> Sentence:
    """Say what an import changed."""
    text = Sentence(
        "The roster has %(people)s people in %(units)s units. Joined: %(joined)s, moved: %(moved)s, left: %(left)s; "
        "new units: %(new_units)s, units gone: %(gone_units)s."
    )
    return text.fill(**vars(result))
