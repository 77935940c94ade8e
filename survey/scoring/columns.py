"""Scale scores as exact integers: one column for each scale whose figures rest on the one base.

A scale score is the mean of the items that were answered; the score of a scale with facets is the mean of its facets.
Means of 1, 2, ... numbers are fractions with different denominators; multiplied with the least common multiple of those
denominators they are integers, so that sums over any number of people are exact and do not depend on the order of
addition (docs/decisions/0004-one-base.md).
"""

from collections.abc import Collection, Iterable, Sequence
from math import lcm
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument, Item, Scale

NO_SCORE: Final = -1
"""Stands in scores where fewer than half of a scale's items (or facets) have an answer (or score)."""

SAFE: Final = 2**62
"""Integers below this are kept as int64; where a sum could pass it, Python's own integers are used."""

Exact = NDArray[Any]
"""Exact integers: of the dtype int16, int32 or int64, or object (Python's integers) where int64 could overflow."""


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
    """Return the least common multiple of the counts of answered items, or facets, that the half rule lets through.

    >>> [denominator(items) for items in (1, 2, 3, 5, 10)]
    [1, 2, 6, 60, 2520]
    """
    return lcm(*range(half(items), items + 1))


def facets_of(instrument: Instrument, scale: str) -> tuple[Scale, ...]:
    """Return the facets that a scale is made of, none for most scales."""
    return tuple(facet for facet in instrument.scales if facet.parent == scale)


def columns(instrument: Instrument, asked: Collection[str] | None = None) -> tuple[ColumnSpec, ...]:
    """Return the columns of the one base: the motives in their order, then all other scales but practices.

    Where only the items `asked` were asked, scales that could never meet the half rule are left out.
    """
    others = [scale for scale in instrument.scales if scale.kind not in {"motive", "practice"}]
    return tuple(
        ColumnSpec(scale.id, _denominator(instrument, scale.id), *instrument.range_of(scale.id))
        for scale in (*instrument.motives, *others)
        if _can_be_had(instrument, scale.id, asked)
    )


def _can_be_had(instrument: Instrument, scale: str, asked: Collection[str] | None) -> bool:
    facets = facets_of(instrument, scale)
    if facets:
        return sum(_can_be_had(instrument, facet.id, asked) for facet in facets) >= half(len(facets))
    items = instrument.items_of(scale)
    return asked is None or sum(item.id in asked for item in items) >= half(len(items))


def _denominator(instrument: Instrument, scale: str) -> int:
    facets = facets_of(instrument, scale)
    if not facets:
        return denominator(len(instrument.items_of(scale)))
    return denominator(len(facets)) * lcm(*(_denominator(instrument, facet.id) for facet in facets))


def scale_scores(
    answers: NDArray[np.uint8], instrument: Instrument, chosen: Sequence[ColumnSpec] | None = None
) -> Exact:
    """Return every response's score on every column: mean of its answered items, times the column's denominator.

    A scale with facets has the mean of the facets that have a score: whoever skips a question moves none of the others'
    weights, and no sum of published scales rests on those who skipped one alone (decision 0023). Reverse-keyed items
    are turned round here (min + max - answer); indirect motives never are: their weight in the index carries the sign.

    Source: the half rule ("half-item rule"), in wide use for scales of health surveys; here for every scale.

    Assumes: what was skipped would have been answered as the rest of the scale was.

    Limits: a score from half of the items is less sure than one from all of them, and counts as much.

    Args:
        answers: Shape (responses, items), 255 where skipped.
        instrument: Whose items and scales are meant.
        chosen: The columns wanted; all of them where none are named.

    Returns:
        Shape (responses, columns), integers; -1 where fewer than half of a scale's items were answered, or of its
        facets have a score. They are of the smallest dtype that holds them: widen it before multiplying.

    >>> from survey.instruments.answers import encode
    >>> from survey.instruments.load import builtin
    >>> given = {"tactical_1": 7, "tactical_3": 3, "tactical_5": 3}
    >>> answers = np.frombuffer(encode(builtin().items, given), dtype=np.uint8)[np.newaxis]
    >>> tactical, = (column for column in columns(builtin()) if column.scale == "tactical")
    >>> scale_scores(answers, builtin(), [tactical]) / tactical.denominator
    array([[4.33333333]])
    """
    chosen = columns(instrument) if chosen is None else chosen
    scored = _Scored(answers, instrument, smallest_dtype(max((column.largest for column in chosen), default=0)))
    scores = np.empty((len(chosen), len(answers)), dtype=scored.dtype)
    for place, column in enumerate(chosen):
        scores[place] = scored.score(column)
    return scores.T


def item_values(answers: NDArray[np.uint8], instrument: Instrument, scale: str) -> NDArray[np.float64]:
    """Return the answers to a scale's items, reverse-keyed ones turned, NaN where skipped: shape (responses, items)."""
    place = {item.id: position for position, item in enumerate(instrument.items)}
    items = instrument.items_of(scale)
    values = np.full((len(answers), len(items)), np.nan)
    for position, item in enumerate(items):
        column = answers[:, place[item.id]]
        values[:, position] = np.where(column == SKIPPED, np.nan, _turned(column, item))
    return values


def _turned(answers: NDArray[np.uint8], item: Item) -> NDArray[Any]:
    return item.min + item.max - answers.astype(np.int16) if item.reverse else answers


class _Scored:
    """The scores of some answers, each scale's made once: a scale with facets takes what these have got."""

    def __init__(self, answers: NDArray[np.uint8], instrument: Instrument, dtype: type[Any]) -> None:
        self.instrument, self.dtype = instrument, dtype
        self.by_item = dict(zip((item.id for item in instrument.items), np.ascontiguousarray(answers.T), strict=True))
        self.people = len(answers)
        self.specs = {spec.scale: spec for spec in columns(instrument)}
        self.facets: dict[str, Exact] = {}

    def score(self, column: ColumnSpec) -> Exact:
        """Return one column: each row's mean of its facets, or of its items."""
        if column.scale in self.facets:
            return self.facets[column.scale]
        facets = facets_of(self.instrument, column.scale)
        return self._over_facets(facets, column) if facets else self._over_items(column)

    def _over_items(self, column: ColumnSpec) -> Exact:
        items = self.instrument.items_of(column.scale)
        answers = ((self.by_item[item.id], item) for item in items)
        parts = ((_turned(given, item), given != SKIPPED) for given, item in answers)
        return self._mean(parts, len(items), column.denominator)

    def _over_facets(self, facets: Sequence[Scale], column: ColumnSpec) -> Exact:
        specs = [self.specs[facet.id] for facet in facets]
        common = lcm(*(spec.denominator for spec in specs))
        self.facets |= {spec.scale: self.score(spec) for spec in specs}
        scores = ((self.facets[spec.scale], common // spec.denominator) for spec in specs)
        parts = ((of * times, np.asarray(of >= 0, dtype=np.bool_)) for of, times in scores)
        return self._mean(parts, len(facets), column.denominator // common)

    def _mean(self, parts: Iterable[tuple[Exact, NDArray[np.bool_]]], wide: int, denominator: int) -> Exact:
        """Return each row's mean of what is given, times `denominator`; `NO_SCORE` where less than half is."""
        answered, sums = np.zeros(self.people, dtype=np.uint16), np.zeros(self.people, dtype=self.dtype)
        for values, given in parts:
            answered += given
            sums += np.where(given, values, 0)
        factor = np.array([denominator // n if n >= half(wide) else 0 for n in range(wide + 1)], dtype=self.dtype)
        some = np.flatnonzero(answered < wide)
        scores: Exact = sums * factor[wide]
        scores[some] = np.where(answered[some] >= half(wide), sums[some] * factor[answered[some]], NO_SCORE)
        return scores


def smallest_dtype(largest: int) -> type[Any]:
    """Return the smallest dtype that holds scores up to `largest`: memory is what a million responses need most.

    >>> smallest_dtype(7 * 2520).__name__, smallest_dtype(2**40).__name__
    ('int16', 'int64')
    """
    fitting = (dtype for dtype in (np.int16, np.int32) if largest <= np.iinfo(dtype).max)
    return next(fitting, exact_dtype(largest))


def exact_dtype(largest: int) -> type[Any]:
    """Return the dtype in which integers up to `largest` are exact: int64, or object beyond it.

    >>> exact_dtype(7 * 2520).__name__, exact_dtype(2**80).__name__
    ('int64', 'object')
    """
    return np.int64 if largest < SAFE else object
