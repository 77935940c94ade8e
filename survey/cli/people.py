"""The roster: brought in, given out, and a person erased from it."""

import datetime as dt
from pathlib import Path

import click

from reports import wanted
from survey.cli import context
from survey.database import reading
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.services.filing.files import write_whole
from survey.services.filing.grid import GIVEN
from survey.services.roster import persons, previews
from survey.services.roster.columns import EVERYBODY, HEADINGS
from survey.services.roster.erasing import erase
from survey.services.roster.export import export
from survey.services.roster.people import read_roster, result_of


@click.command("import-roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", "columns", multiple=True, metavar="HEADING=COLUMN", help="What a heading of yours means.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The day from which it holds (default: today).")
@click.option("--preview", "only_look", is_flag=True, help="Say what it would change, and change nothing.")
def import_roster_command(file: Path, columns: tuple[str, ...], since: dt.datetime | None, only_look: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Take FILE (CSV or XLSX) as the whole roster of today: who is not in it has left."""
    named = dict(_column(text) for text in columns)
    day = context.sane(since).date() if since else context.today()
    previews.require_begun(day, context.today())
    with context.reading() as session:
        remembered = previews.remembered(session)
    table = read_roster(file.read_bytes(), file.name, {**remembered, **named}, GIVEN)
    if only_look:
        with context.reading() as session:
            found = previews.preview(session, table)
            previews.require_after(found.changes.before, day)
        context.say(Sentence("Nothing was taken. %(result)s", {"result": result_of(found.changes).sentence}))
        _warn(found.warnings)
        return
    with context.writing() as session:
        warnings = previews.preview(session, table).warnings
        result = previews.take(session, table, day, context.now())
        if named:
            previews.remember(session, {**remembered, **named})
    context.say(result.sentence)
    _warn(warnings)


@click.command("export-roster")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), default="ko", show_default=True, help="Of the headings.")
def export_roster(file: Path, language: str) -> None:
    """Write today's roster into FILE (its name ends in .csv or .xlsx); it can be brought in again."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in {"csv", "xlsx"}:
        raise Refused("The name of the file must end in .csv or .xlsx, not as %(file)s does.", file=file.name)
    with context.writing() as session:
        table = export(session, "csv" if kind == "csv" else "xlsx", language, context.now())
        data = table.csv() if kind == "csv" else wanted.Table("roster", table.headings, table.rows).make()
        write_whole(file, [data])
    context.say(Sentence("Wrote the roster into %(file)s.", {"file": file}))


@click.command("erase-person")
@click.argument("number")
@click.option("--yes", "sure", is_flag=True, help="Do not ask for the number once more.")
def erase_person(number: str, sure: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Erase the person with this NUMBER for good; what was published stays."""
    typed = number if sure else click.prompt(Sentence("Type the number once more").to(context.language()))
    home = context.settings().home
    with context.engine() as engine:
        with reading(engine) as session:
            person = persons.id_of(session, number)
        if person is None:
            raise Refused("There is nobody of this number in the roster.")
        context.say(erase(engine, home, person, typed, context.now()))


def _column(text: str) -> tuple[str, str]:
    """Take HEADING=COLUMN apart; the heading may hold equals signs itself."""
    heading, _, column = text.rpartition("=")
    if not heading or column not in HEADINGS or (heading in EVERYBODY and column != "language"):
        raise Refused(
            "%(said)s does not say what a column means. Write HEADING=COLUMN with one of: %(columns)s.",
            said=text,
            columns=", ".join(HEADINGS),
        )
    return heading, column


def _warn(warnings: tuple[Sentence, ...]) -> None:
    for warning in warnings:
        context.say(Sentence("Look at this: %(warning)s", {"warning": warning}))
