"""Outcomes, and what happened in units, by command."""

import datetime as dt
from pathlib import Path

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.privacy.register import Better, MarkKind
from survey.services import audit_log
from survey.services.marks import UnitMark, note_mark
from survey.services.outcomes import measures, outcomes


@click.command("note-measure")
@click.argument("code")
@click.option("--ko", required=True, help="Its name in Korean.")
@click.option("--en", required=True, help="Its name in English.")
@click.option("--better", type=click.Choice(["higher", "lower"]), required=True, help="Which way is better.")
@click.option("--counted-in", default="", help="What a value is counted in, such as %.")
def note_measure(code: str, ko: str, en: str, better: Better, counted_in: str) -> None:
    """Note the measure CODE, something that is counted of units anyway; noted again, it is mended."""
    with context.writing() as session:
        measures.note(session, measures.Measure(code, {"ko": ko, "en": en}, better, counted_in), context.now())
    context.say(Sentence("Noted. Now bring its values in from a file."))


@click.command("declare-measure")
@click.argument("code")
def declare_measure(code: str) -> None:
    """Declare the measure CODE for waves that open from tomorrow on; it takes the place of the one before."""
    with context.writing() as session:
        measures.declare(session, code, context.now())
    context.say(Sentence("Declared, and written into the log. It counts for waves that open from tomorrow on."))


@click.command("import-outcomes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_outcomes(file: Path) -> None:
    """Take outcomes from FILE (CSV or XLSX with unit, period, measure and value), all of them or none."""
    with context.writing() as session:
        found = outcomes.preview(session, file.read_bytes(), file.name, context.today())
        outcomes.bring_in(session, found, context.now())
    context.say(found.sentence)


@click.command("mark-unit")
@click.argument("unit")
@click.argument("kind", type=click.Choice(["leader", "tool"]))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day (default: today).")
@click.option("--name", default="", help="What the tool is called; of a new leader no name is kept.")
def mark_unit(unit: str, kind: MarkKind, on: dt.datetime | None, name: str) -> None:
    """Mark on the trend of UNIT that its leader changed, or that a tool was introduced."""
    mark = UnitMark(unit, on.date() if on else context.today(), kind, name)
    with context.writing() as session:
        note_mark(session, mark)
        facts = {"unit": unit, "day": mark.day.isoformat(), "kind": kind}
        audit_log.write(session, context.now(), None, "mark noted", **facts)
    context.say(Sentence("Marked. The next publication puts it on the unit’s trend."))
