"""n, mean, spread and interval of many groups at once: what `summarise` says of one, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from survey.scoring.estimable import NotEstimable
from survey.scoring.measure import Measure
from survey.scoring.moments import SPREAD_FROM, Masked, UnitMoments
from survey.scoring.special import stdtrit
from survey.scoring.summaries import ALL_ALIKE, LEVEL, NOBODY, ONE_PERSON, OWN_FROM, Interval, Summary
from survey.scoring.within import Within


@dataclass(frozen=True, eq=False)
class Summaries(Sequence[Summary | NotEstimable]):
    """Every group's summary on one scale or measure; a number that cannot be had is masked."""

    n: NDArray[np.int64]
    mean: Masked
    sd: Masked
    low: Masked
    high: Masked
    own: NDArray[np.bool_]
    """Whether the interval rests on the group's own standard deviation."""
    pooled: Within | NotEstimable
    """What the other intervals rest on, or why there are none."""

    def __len__(self) -> int:
        return len(self.n)

    @overload
    def __getitem__(self, place: int) -> Summary | NotEstimable: ...
    @overload
    def __getitem__(self, place: slice) -> list[Summary | NotEstimable]: ...
    def __getitem__(self, place: int | slice) -> Summary | NotEstimable | list[Summary | NotEstimable]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        n = int(self.n[place])
        if n == 0:
            return NOBODY
        sd = ONE_PERSON if n < SPREAD_FROM else float(self.sd.data[place])
        return Summary(n, float(self.mean.data[place]), sd, self._interval(place, n))

    def _interval(self, place: int, n: int) -> Interval | NotEstimable:
        low, high, own = float(self.low.data[place]), float(self.high.data[place]), bool(self.own[place])
        if isinstance(self.pooled, NotEstimable) and not own:
            return self.pooled
        if np.ma.getmaskarray(self.low)[place]:
            return ALL_ALIKE
        return (
            Interval(low, high, self.pooled.df, "pooled")
            if isinstance(self.pooled, Within) and not own
            else Interval(low, high, n - 1, "own")
        )


def summaries(
    units: UnitMoments, of: Measure | str, pooled: Within | NotEstimable, own_from: int = OWN_FROM
) -> Summaries:
    """Return n, mean, sd and 95 % t interval of every group on a scale or measure, as `summarise` does for one.

    Args:
        units: The moments of the groups, with cross-products.
        of: A scale's id, or a measure such as the index.
        pooled: The spread within the units of the company (`within`).
        own_from: People from whom on a group's own spread is used, two at least.

    Returns:
        The summaries in the measure's units, in the order of the groups.

    >>> from survey.scoring.columns import ColumnSpec
    >>> from survey.scoring.moments import moments_by_unit
    >>> from survey.scoring.within import within
    >>> play = (ColumnSpec("play", 1, 1, 7),)
    >>> scores, units = np.array([[3], [5], [4], [6], [5]]), np.array([0, 0, 1, 1, 1], dtype=np.int32)
    >>> groups = moments_by_unit(scores, units, 3, play)
    >>> made = summaries(groups, "play", within(groups, play))
    >>> made.n.tolist(), made.mean.tolist(), made.low.round(4).tolist()
    ([2, 3, 0], [4.0, 5.0, None], [1.4015, 2.8784, None])
    """
    n, mean, variance = units.counts, units.means(of), units.variances(of)
    own = n >= own_from
    sizes = np.unique(n[own])
    reach = np.zeros(int(n.max(initial=0)) + 1)
    reach[sizes] = stdtrit(sizes - 1, (1 + LEVEL) / 2)
    squared, t = variance.data, reach[n]
    if isinstance(pooled, Within):
        squared = np.where(own, squared, pooled.variance(of))
        t = np.where(own, t, stdtrit(pooled.df, (1 + LEVEL) / 2))
    half = t * np.sqrt(squared / np.maximum(n, 1))
    there = (n > 0) & (half > 0) & (own | isinstance(pooled, Within))
    low, high = (np.ma.masked_array(mean.data + side, mask=~there) for side in (-half, half))
    sd = np.ma.masked_array(np.sqrt(variance.data), mask=variance.mask)
    return Summaries(n, mean, sd, low, high, own, pooled)
