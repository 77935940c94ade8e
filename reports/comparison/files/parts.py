"""What the files of a comparison are put together from: runs of a line, why something is not shown, clean text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any, Final

from reports.comparison.contents import Cell, Line

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
"""What XML forbids, and marks that make text run the other way: no name needs them, and they can forge a line."""


def clean(text: str) -> str:
    """Return a text that any file can hold and that reads in the order in which it was written.

    >>> clean("Sales \N{RIGHT-TO-LEFT OVERRIDE}1 team")
    'Sales 1 team'
    """
    return _UNSEEN.sub("", text)


def cleaned(value: Any) -> Any:  # noqa: ANN401 - it is of its own kind afterwards
    """Return a value of dataclasses, tuples and texts with every text in it clean."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(cleaned(each) for each in value)
    if isinstance(value, Mapping):
        return {name: cleaned(each) for name, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: cleaned(getattr(value, field.name)) for field in fields(value)})
    return value


def runs(cells: Sequence[Cell]) -> tuple[tuple[int, ...], ...]:
    """Return the places of waves that a line joins, in groups; a wave that nothing joins is a group of its own."""
    found: list[list[int]] = []
    for place, (before, cell) in enumerate(pairwise((None, *cells))):
        if cell is None or cell.figure is None:
            continue
        if cell.joined and before is not None and before.figure is not None:
            found[-1].append(place)
        else:
            found.append([place])
    return tuple(tuple(run) for run in found)


def missing(line: Line) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return why a unit shows nothing, each reason with its waves, the earliest first."""
    found: dict[str, list[str]] = {}
    for cell in line.cells:
        if cell.figure is None and cell.why:
            found.setdefault(cell.why, []).append(cell.wave)
    return tuple((why, tuple(waves)) for why, waves in found.items())


def reach(cell: Cell) -> tuple[float, float]:
    """Return how far a number's interval goes down and up from it, for error bars; 0 where it has none.

    It is reckoned from what is shown, so that a bar ends where the table says.
    """
    figure = cell.figure
    if figure is None or not figure.low_text or not figure.high_text:
        return 0.0, 0.0
    value, low, high = (value_of(text) for text in (figure.text, figure.low_text, figure.high_text))
    return round(value - low, 6), round(high - value, 6)


def value_of(text: str) -> float:
    """Return the number that a text shows.

    >>> value_of("−3.1"), value_of("+12.30")
    (-3.1, 12.3)
    """
    return float(text.replace("−", "-"))


def number(cell: Cell) -> str:
    """Return a wave's number in one line, or why there is none.

    >>> number(Cell("2026-Q3", None, "", "", "", why="Not part of this wave"))
    'Not part of this wave'
    """
    if cell.figure is None:
        return cell.why
    return f"{cell.shown} ({cell.interval})" if cell.interval else cell.shown
