"""`survey careless`: marks of careless answers in a CSV file, without any database."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import click

from survey.cli import context
from survey.instruments.load import DEFAULT, available, builtin
from survey.scoring.careless import Indices
from survey.scoring.estimable import NotEstimable
from survey.scoring.files import AnswerFile, FileRefused, read_answers
from survey.scoring.marks import Marks, marks

COLUMNS: Final = (
    *("row", "unit", "same_motives", "long_string", "longest", "average"),
    *("variability", "even_odd", "distance"),
)


@click.command("careless")
@click.argument("file", type=click.File("rb"))
@click.option("--by", required=True, help="The column that holds the unit, such as team.")
@click.option("--instrument", type=click.Choice(available()), default=DEFAULT, show_default=True)
def careless_command(file: BinaryIO, by: str, instrument: str) -> None:
    """Print marks of careless answers for each response of FILE, as CSV, by its row in the file.

    Works without a database, for someone who owns the file. The first two are what the product flags; an empty cell
    means that the mark cannot be had. A mark is a reason to look, never a proof.
    """
    try:
        answers = read_answers(file.read(), builtin(instrument), by)
    except FileRefused as refused:
        context.say("\n".join(refused.lines(context.language())), err=True)
        raise click.exceptions.Exit(context.REFUSED) from refused
    found = marks(answers)
    for reason in (found.string, found.distance):
        if isinstance(reason, NotEstimable):
            context.say(reason.reason, err=True)
    context.say_rows(rows(answers, found))


def rows(answers: AnswerFile, found: Marks) -> Iterator[Sequence[object]]:
    """Yield the headings, then the marks of each response in full precision."""
    nothing: Indices = (None,) * len(answers.table)
    columns = (
        answers.rows,
        [answers.codes[unit] for unit in answers.table.units],
        [int(flag) for flag in found.straight],
        nothing if isinstance(found.string, NotEstimable) else [int(flag) for flag in found.string],
        *(found.longest, found.average, found.variability, found.even_odd),
        nothing if isinstance(found.distance, NotEstimable) else found.distance,
    )
    yield COLUMNS
    yield from zip(*columns, strict=True)
