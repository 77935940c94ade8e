"""A comparison as CSV: a row for each unit and wave, with the columns of the other files of numbers."""

from collections.abc import Iterator
from typing import Final

from reports.comparison.contents import Cell, Comparison, Line
from reports.comparison.files.handed import Handed
from survey.spreadsheets import as_csv

HEADER: Final = (
    *("wave", "unit", "name", "part_of", "measure", "n", "value", "text", "low", "high", "bound"),
    *("not_shown", "change", "stood_for", "note"),
)


def write(handed: Handed) -> bytes:
    """Return the table, safe to open in a spreadsheet."""
    return as_csv(rows(handed))


def rows(handed: Handed) -> Iterator[tuple[object, ...]]:
    """Yield the header, the units in the order of the tree, the whole company, and what was said afterwards."""
    compared = handed.comparison
    yield HEADER
    for line in compared.lines:
        about = (line.code, line.name, line.where, compared.measure.code)
        for cell in line.cells:
            yield (cell.wave, *about, *_numbers(cell), cell.why, cell.change, cell.name, _note(cell, line))
    for cell in compared.company:
        yield (cell.wave, "", compared.company_name, "", compared.measure.code, *_numbers(cell), cell.why, "", "", "")
    yield from _outcome(compared)
    for said in handed.afterwards:
        yield (said.wave, *[""] * (len(HEADER) - 2), said.whole)


def _outcome(compared: Comparison) -> Iterator[tuple[object, ...]]:
    """Yield what the company counted of each unit after each wave; `measure` names it as an outcome."""
    found = compared.outcome
    if found is None:
        return
    for line in compared.lines:
        for each in found.values[line.code]:
            if each.value is not None:
                note = f"{found.name} ({found.counted_in}), {each.period}"
                about = (each.wave, line.code, line.name, line.where, f"outcome:{found.code}")
                yield (*about, "", each.value, each.shown, *[""] * 6, note)


def _numbers(cell: Cell) -> tuple[object, ...]:
    figure = cell.figure
    if figure is None:
        return ("",) * 6
    low, high = ("" if end is None else end for end in (figure.low, figure.high))
    return (cell.n.replace(",", ""), figure.value, figure.text, low, high, figure.bound)


def _note(cell: Cell, line: Line) -> str:
    newest = cell is line.cells[-1]
    return " ".join(part for part in (line.badge if newest else "", *(line.notes if newest else ())) if part)
