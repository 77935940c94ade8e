"""The pooled within-unit spread: what intervals of small groups rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.columns import ColumnSpec
from survey.scoring.estimable import NotEstimable
from survey.scoring.measure import Measure, weigh
from survey.scoring.moments import SPREAD_FROM, Moments, UnitMoments

NO_POOL = NotEstimable(Sentence("No group has two answers, so the spread within groups is not known."))


@dataclass(frozen=True, eq=False)
class Within:
    """Spread of answers around their own unit's mean, over all units together.

    `squares` has shape (columns, columns): sums of squares and cross-products within units, in score units; `df` is
    the sum of n - 1 over the units.
    """

    squares: NDArray[np.float64]
    df: int
    columns: tuple[ColumnSpec, ...]

    def covariance(self, first: Measure | str, second: Measure | str) -> float:
        """Return the pooled covariance of two scales or measures within units: squares / df."""
        pair = first, second
        if pair not in self._covariances:
            left, right = (weigh(of if isinstance(of, Measure) else Measure.scale(of), self.columns) for of in pair)
            self._covariances[pair] = float(left @ self.squares @ right) / self.df
        return self._covariances[pair]

    @cached_property
    def _covariances(self) -> dict[tuple[Measure | str, Measure | str], float]:
        """Those asked for so far: the same few are asked for of every unit."""
        return {}

    def variance(self, of: Measure | str) -> float:
        """Return the pooled variance of a scale or measure within units, 0 or more."""
        return max(self.covariance(of, of), 0.0)


def within(units: Iterable[Moments], columns: tuple[ColumnSpec, ...]) -> Within | NotEstimable:
    """Pool the spread within units: sum of (n - 1) s^2 over the sum of (n - 1).

    Source: the within-groups mean square of one-way analysis of variance (Fisher). Below ten people a unit's own
    standard deviation gives away too much (at n = 5, mean and SD leave at most two possible answer sets most of the
    time) and is too unsure; the company's is neither.

    Assumes: answers are spread alike in all units.

    Limits: a unit that is more divided than the others gets too narrow an interval from it, and one that is of one mind
    too wide a one.

    Args:
        units: Moments of units that share no person, with cross-products.
        columns: The columns of those moments.

    Returns:
        The pooled spread, or NotEstimable where no unit has two people.

    >>> from survey.scoring.moments import moments_by_unit
    >>> play = (ColumnSpec("play", 1, 1, 7),)
    >>> scores, units = np.array([[3], [5], [4], [6], [5]]), np.array([0, 0, 1, 1, 1], dtype=np.int32)
    >>> pooled = within(moments_by_unit(scores, units, 2, play), play)
    >>> pooled.df, round(pooled.variance("play"), 4)
    (3, 1.3333)
    """
    if not isinstance(units, UnitMoments):
        units = UnitMoments.of((unit for unit in units if unit.n >= SPREAD_FROM), columns)
    df = int(np.maximum(units.counts - 1, 0).sum())
    return Within(units.scatter_within(), df, columns) if df else NO_POOL
