"""The roster."""

from pathlib import Path

import click

from survey.cli import context
from survey.services import audit_log
from survey.services.roster.people import import_roster, read_roster


@click.command("import-roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_roster_command(file: Path) -> None:
    """Take FILE (CSV or XLSX) as the whole roster of today: who is not in it has left."""
    table = read_roster(file.read_bytes(), file.name)
    with context.writing() as session:
        result = import_roster(session, table, context.today())
        facts = {"people": str(result.people), "units": str(result.units)}
        audit_log.write(session, context.now(), None, "roster imported", **facts)
    context.say(result.sentence)
