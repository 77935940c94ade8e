"""Extreme answers are moved to a bound before any figure is made (design 6.2, rule 6).

Where everybody of a group gives the lowest answer, its mean tells every single answer. So in each cell of the published
partition (the residuals: what can be worked out by adding and subtracting) the sum of an item's answers is brought
into [low * n + 3, high * n - 3]. All moments are taken afterwards, so that totals, spreads, the index and the rest of
the company add up from the same, adjusted answers; bounding what is displayed would give the extreme back.

A sum at the bound carries the flag as well, moved or not: "32 or more" of five answers then leaves 4 to 7 to each.
Were it said of moved sums only, it would say that the true sum is above the bound, and leave 5 to 7.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Item

MARGIN: Final = 3

Flags = NDArray[np.int8]


def bound_extremes(answers: NDArray[np.uint8], items: Sequence[Item], cells: NDArray[np.int64], n_cells: int) -> Flags:
    """Move extreme answers in place, one point at a time, and return where that was done.

    Args:
        answers: Shape (responses, items), 255 where skipped; changed in place.
        items: The items of the columns.
        cells: Shape (responses,): the cell of the partition each response lies in, 0 to `n_cells` - 1.
        n_cells: How many cells there are.

    Returns:
        Shape (cells, items): 1 where the true sum may be higher ("or more"), -1 where it may be lower ("or less"):
        where it was at or beyond the bound.
    """
    flags = np.zeros((n_cells, len(items)), dtype=np.int8)
    for position, item in enumerate(items):
        column = answers[:, position]
        given = np.flatnonzero(column != SKIPPED)
        people = np.bincount(cells[given], minlength=n_cells)
        sums = np.bincount(cells[given], weights=column[given], minlength=n_cells).astype(np.int64)
        margins = np.minimum(MARGIN, people * (item.max - item.min) // 2)
        missing = people * item.min + margins - sums
        excess = sums - (people * item.max - margins)
        for cell in np.flatnonzero((missing >= 0) != (excess >= 0)):
            rows = _in_order(answers, given[cells[given] == cell])
            _move(column, rows, int(max(missing[cell], 0) - max(excess[cell], 0)))
            flags[cell, position] = 1 if excess[cell] >= 0 else -1
    return flags


def _in_order(answers: NDArray[np.uint8], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Sort rows by their answers alone, so that the result never depends on how the responses were stored."""
    return rows[np.lexsort(answers[rows].T[::-1])]


def _move(column: NDArray[np.uint8], rows: NDArray[np.intp], points: int) -> None:
    """Raise (or lower, for negative `points`) answers one point at a time: always the most extreme one, first in order.

    The two bounds never ask for a value outside the item's range.
    """
    for _ in range(abs(points)):
        values = column[rows]
        if points > 0:
            column[rows[values.argmin()]] += 1
        else:
            column[rows[values.argmax()]] -= 1
