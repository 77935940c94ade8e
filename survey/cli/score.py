"""`survey score`: summaries of answers in a CSV file, without any database."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final
from unicodedata import east_asian_width

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.instruments.load import DEFAULT, available, builtin
from survey.scoring.estimable import NotEstimable
from survey.scoring.files import AnswerFile, FileRefused, read_answers
from survey.scoring.scored import Scored, score
from survey.scoring.summaries import Summary

COLUMNS: Final = ("unit", "scale", "n", "mean", "sd", "low", "high", "interval")


@click.command("score")
@click.argument("file", type=click.File("rb"))
@click.option("--by", required=True, help="The column that holds the unit, such as team.")
@click.option("--instrument", type=click.Choice(available()), default=DEFAULT, show_default=True)
@click.option("--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def score_command(file: BinaryIO, by: str, instrument: str, shape: str) -> None:
    """Print scored summaries of FILE, a CSV with a row for each response and a column for each item.

    Works without a database, and shows groups of any size: for someone who owns the file. The interval rests on the
    unit's own standard deviation from 10 responses on ("own"), below on that of all units together ("pooled").
    """
    try:
        answers = read_answers(file.read(), builtin(instrument), by)
    except FileRefused as refused:
        context.say("\n".join(refused.lines(context.language())), err=True)
        raise click.exceptions.Exit(context.REFUSED) from refused
    scored = score(answers)
    for note in _notes(answers, scored):
        context.say(note, err=True)
    if shape == "csv":
        context.say_rows(csv_rows(scored))
    else:
        context.say({"table": as_table, "json": as_json}[shape](scored))


def as_json(scored: Scored) -> str:
    """Return the summaries as JSON in full precision; null where a number cannot be had."""
    units = {
        code: {
            "n": unit.n,
            "set_aside": unit.set_aside,
            "scales": {scale: _numbers(summary) for scale, summary in unit.scales.items()},
        }
        for code, unit in scored.units.items()
    }
    return context.as_json({"units": units})


def csv_rows(scored: Scored) -> Iterator[Sequence[object]]:
    """Yield the headings, then a row for each unit and scale in full precision."""
    yield COLUMNS
    for code, scale, numbers in _rows(scored):
        yield code, scale, *numbers.values()


def as_table(scored: Scored) -> str:
    """Return the summaries as a table for reading, rounded to two decimals."""
    rows = [list(COLUMNS)]
    rows += [[context.shown(code), scale, *map(_rounded, numbers.values())] for code, scale, numbers in _rows(scored)]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = (
        "  ".join(
            _pad(cell, width, right=place > 1) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _notes(answers: AnswerFile, scored: Scored) -> Iterator[Sentence]:
    """Say what of the file was not used."""
    if answers.unused:
        yield Sentence("Columns that are no item and were not read: %(names)s.", {"names": ", ".join(answers.unused)})
    if scored.alone:
        yield Sentence(
            "Items that give no scale, since fewer than half of their scale's items are there: %(items)s.",
            {"items": ", ".join(scored.alone)},
        )
    aside = sum(unit.set_aside for unit in scored.units.values())
    if aside:
        yield Sentence(
            "Set aside: %(aside)s of %(count)s responses, which skipped a motive or too much of another scale.",
            {"aside": aside, "count": len(answers.table)},
        )


def _rows(scored: Scored) -> Iterator[tuple[str, str, dict[str, float | str | None]]]:
    for code, unit in scored.units.items():
        for scale, summary in unit.scales.items():
            yield code, scale, _numbers(summary)


def _numbers(summary: Summary | None) -> dict[str, float | str | None]:
    if summary is None:
        return {"n": 0, "mean": None, "sd": None, "low": None, "high": None, "interval": None}
    return {
        "n": summary.n,
        "mean": summary.mean,
        "sd": None if isinstance(summary.sd, NotEstimable) else summary.sd,
        "low": summary.low,
        "high": summary.high,
        "interval": None if isinstance(summary.interval, NotEstimable) else summary.interval.basis,
    }


def _rounded(value: float | str | None) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
