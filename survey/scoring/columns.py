"""Scale scores as exact integers: one column for each scale whose figures rest on the one base.

A scale score is the mean of the items that were answered. Means of 1, 2, ... items are fractions with different
denominators; multiplied with the least common multiple of those denominators they are integers, so that sums over any
number of people are exact and do not depend on the order of addition (docs/decisions/0004-one-base.md).
"""

from collections.abc import Collection, Sequence
from math import lcm
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument, Item

NO_SCORE: Final = -1
"""Stands in scores where fewer than half of a scale's items were answered."""

SAFE: Final = 2**62
"""Integers below this are kept as int64; where a sum could pass it, Python's own integers are used."""

Exact = NDArray[Any]
"""Exact integers: dtype int64, or object (Python's integers) where int64 could overflow."""


class ColumnSpec(NamedTuple):
    """One scale of the one base. Scores are whole numbers of 1 / `denominator` on the range `low` to `high`."""

    scale: str
    denominator: int
    low: int
    high: int

    @property
    def largest(self) -> int:
        """The largest integer that a score can be."""
        return self.denominator * self.high


def half(items: int) -> int:
    """Return how many of `items` must be answered for a scale score: at least half of them.

    Source: the half rule ("half-item rule"), in wide use for scales of health surveys; here for every scale.

    >>> [half(items) for items in (1, 2, 3, 5, 10)]
    [1, 1, 2, 3, 5]
    """
    return (items + 1) // 2


def denominator(items: int) -> int:
    """Return the least common multiple of the counts of answered items that the half rule lets through.

    >>> [denominator(items) for items in (1, 2, 3, 5, 10)]
    [1, 2, 6, 60, 2520]
    """
    return lcm(*range(half(items), items + 1))


def columns(instrument: Instrument, asked: Collection[str] | None = None) -> tuple[ColumnSpec, ...]:
    """Return the columns of the one base: the motives in their order, then all other scales but practices.

    Where only the items `asked` were asked, scales that could never meet the half rule are left out.
    """
    others = [scale for scale in instrument.scales if scale.kind not in {"motive", "practice"}]
    specs = []
    for scale in (*instrument.motives, *others):
        items = instrument.items_of(scale.id)
        there = len(items) if asked is None else sum(item.id in asked for item in items)
        if there >= half(len(items)):
            specs.append(ColumnSpec(scale.id, denominator(len(items)), *instrument.range_of(scale.id)))
    return tuple(specs)


def scale_scores(
    answers: NDArray[np.uint8], instrument: Instrument, chosen: Sequence[ColumnSpec] | None = None
) -> Exact:
    """Return every response's score on every column: mean of its answered items, times the column's denominator.

    `answers` has shape (responses, items), 255 where skipped; the result has shape (responses, columns), integers, and
    -1 where fewer than half of a scale's items were answered. Reverse-keyed items are turned round here (min + max -
    answer); indirect motives never are: their weight in the index carries the sign.
    """
    chosen = columns(instrument) if chosen is None else chosen
    place = {item.id: position for position, item in enumerate(instrument.items)}
    dtype = exact_dtype(max((column.largest for column in chosen), default=0))
    scores = np.empty((len(answers), len(chosen)), dtype=dtype)
    for position, column in enumerate(chosen):
        items = instrument.items_of(column.scale)
        scores[:, position] = _score(answers[:, [place[item.id] for item in items]], items, column, dtype)
    return scores


def item_values(answers: NDArray[np.uint8], instrument: Instrument, scale: str) -> NDArray[np.float64]:
    """Return the answers to a scale's items, reverse-keyed ones turned, NaN where skipped: shape (responses, items)."""
    items = instrument.items_of(scale)
    place = {item.id: position for position, item in enumerate(instrument.items)}
    block = answers[:, [place[item.id] for item in items]]
    return np.where(block == SKIPPED, np.nan, _turned(block, items))


def _turned(answers: NDArray[np.uint8], items: Sequence[Item]) -> NDArray[np.int64]:
    reverse = np.array([item.reverse for item in items], dtype=np.bool_)
    ends = np.array([item.min + item.max for item in items], dtype=np.int64)
    return np.where(reverse, ends - answers, answers.astype(np.int64))


def _score(answers: NDArray[np.uint8], items: Sequence[Item], column: ColumnSpec, dtype: type[Any]) -> Exact:
    given = answers != SKIPPED
    answered = given.sum(axis=1)
    counts = range(len(items) + 1)
    factor = np.array([column.denominator // n if n >= half(len(items)) else 0 for n in counts], dtype=dtype)
    sums = np.where(given, _turned(answers, items), 0).sum(axis=1).astype(dtype)
    scores: Exact = np.where(answered >= half(len(items)), sums * factor[answered], NO_SCORE)
    return scores


def exact_dtype(largest: int) -> type[Any]:
    """Return the dtype in which integers up to `largest` are exact: int64, or object beyond it.

    >>> exact_dtype(7 * 2520).__name__, exact_dtype(2**80).__name__
    ('int64', 'object')
    """
    return np.int64 if largest < SAFE else object
