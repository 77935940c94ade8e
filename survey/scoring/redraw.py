"""The bootstrap over units: whole units are drawn again, since people of one unit are alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.scoring.estimable import NotEstimable
from survey.scoring.special import ndtr
from survey.scoring.summaries import LEVEL, t_quantile

Floats = NDArray[np.float64]

UNITS: Final = 10
"""With fewer units nothing is said."""

RESAMPLES: Final = 2000
SEED: Final = 20150101

AT_ONCE: Final = 2_000_000
"""Weights of resamples held at a time (16 MB)."""

LOST: Final = 0.01
"""Share of resamples that may be without a result."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % percentile interval from the bootstrap over units."""

    value: float
    low: float
    high: float


def ends(units: int) -> tuple[float, float]:
    """Return the two percentages of the resamples between which a 95 % interval lies.

    100 Phi(-+ sqrt(n / (n - 1)) t(.975; n - 1)): 2.5 and 97.5 for very many units, further out for few.

    Source: T. C. Hesterberg (2015), What teachers should know about the bootstrap: resampling in the undergraduate
    statistics curriculum, The American Statistician 69 (expanded percentile intervals).

    Assumes: what makes intervals of few units too narrow is what makes those of their mean too narrow: the divisor n,
    and the normal distribution in place of Student's.

    Limits: skewness is left to the percentiles, which take it half into account.

    >>> [round(low, 2) for low, _ in map(ends, (10, 40, 1_000_000))]
    [0.86, 2.03, 2.5]
    """
    below = 100 * float(ndtr(-sqrt(units / (units - 1)) * t_quantile((1 + LEVEL) / 2, units - 1)))
    return below, 100 - below


@dataclass(frozen=True, eq=False)
class Redrawn:
    """Results of all units, and of the units drawn again: shapes (results,) and (resamples, results)."""

    observed: Floats
    resampled: Floats
    units: int

    @property
    def ends(self) -> tuple[float, float]:
        """The percentages of the resamples between which an interval lies."""
        return ends(self.units)

    def estimate(self, place: int, why_not: NotEstimable) -> Estimate | NotEstimable:
        """Return one result, or `why_not` where it, or too many of its resamples, cannot be had."""
        found = self.resampled[:, place]
        good = np.isfinite(found)
        if not np.isfinite(self.observed[place]) or good.mean() < 1 - LOST:
            return why_not
        low, high = np.percentile(found[good], self.ends)
        return Estimate(float(self.observed[place]), float(low), float(high))


def redraw(units: int, results: Callable[[Floats], Floats], seed: int = SEED) -> Redrawn:
    """Return `results` for all units as they are, and for `RESAMPLES` companies of units drawn with replacement.

    Source: B. Efron (1979), Bootstrap methods: another look at the jackknife, Annals of Statistics 7, on whole clusters
    as in A. C. Davison and D. V. Hinkley (1997), Bootstrap methods and their application, section 3.8.

    Assumes: units are alike in kind and answer independently of each other.

    Limits: percentile intervals of few units are too narrow as they are; `ends` widens them.

    Args:
        units: How many there are.
        results: From weights of shape (rows, units), how often each unit counts, to results of shape (rows, results).
        seed: The same units give the same interval.

    Returns:
        The results observed and drawn again; what cannot be had is not finite there.

    >>> means = np.arange(20.0)
    >>> made = redraw(20, lambda weights: weights @ means[:, None] / weights.sum(axis=1, keepdims=True))
    >>> float(made.observed[0]), made.resampled.shape
    (9.5, (2000, 1))
    """
    random = np.random.default_rng(seed)
    weights = chain([np.ones((1, units))], (_drawn(random, units, rows) for rows in _blocks(RESAMPLES, units)))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = [results(block) for block in weights]
    return Redrawn(found[0][0], np.vstack(found[1:]), units)


def _blocks(resamples: int, units: int) -> Iterator[int]:
    """Yield how many resamples to draw at a time, so that their weights fit in memory whatever the number of units."""
    block = max(AT_ONCE // units, 1)
    for done in range(0, resamples, block):
        yield min(block, resamples - done)


def _drawn(random: np.random.Generator, units: int, rows: int) -> Floats:
    """Return how often each unit is drawn in each of `rows` resamples; the same however they are cut into blocks."""
    return random.multinomial(units, np.full(units, 1 / units), rows).astype(np.float64)
