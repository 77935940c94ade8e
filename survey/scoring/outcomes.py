"""Whether units with higher motivation had higher or lower outcomes: one coefficient, for one measure named before."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.special import ndtri
from survey.scoring.summaries import LEVEL

PLOT_FROM: Final = 10
"""With fewer units nothing is drawn."""
COEFFICIENT_FROM: Final = 30
"""With fewer units no coefficient is given."""
FEWEST: Final = 4
"""Below it, Fisher's z has no standard error."""

FEW_POINTS = NotEstimable(Sentence("too few points to say anything"))
ONE_VALUE = NotEstimable(Sentence("All units have the same value, so nothing can go together with it."))
IN_ORDER = NotEstimable(Sentence("The units stand in exactly the same order on both, so no interval can be given."))

Finding = Literal["higher together", "lower together", "no connection shown"]


@dataclass(frozen=True)
class Together:
    """Spearman's rank correlation with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int

    @property
    def finding(self) -> Finding:
        """What may be said: which way both go together, where the interval leaves out 0."""
        if self.low <= 0 <= self.high:
            return "no connection shown"
        return "higher together" if self.low > 0 else "lower together"


def go_together(
    index: Sequence[float], outcome: Sequence[float], fewest: int = COEFFICIENT_FROM
) -> Together | NotEstimable:
    """Return how far units stand in the same order on the index and on an outcome (Spearman's rank correlation).

    r = correlation of the ranks, equal values sharing their mean rank; interval = tanh(atanh r -+ 1.96 s),
    s^2 = (1 + r^2 / 2) / (n - 3). Ranks, because outcomes are often skewed, and one extreme unit must make no result.

    Source: C. Spearman (1904), The proof and measurement of association between two things, American Journal of
    Psychology 15, pages 72-101; the standard error is that of D. G. Bonett and T. A. Wright (2000), Sample size
    requirements for estimating Pearson, Kendall and Spearman correlations, Psychometrika 65, pages 23-28.

    Assumes: the units are independent of each other, and the measure was declared before the answers were there.

    Limits: units of one region or trade share much besides motivation; published means of few people blur the order,
    so r is rather too small. The verb is "go together": which came first, and why, it does not tell.

    Args:
        index: A published index for each unit.
        outcome: The value of the same unit, in the same order; a unit without one of the two (NaN) is left out.
        fewest: Units below which nothing is said.

    Returns:
        The coefficient, -1 to 1, or NotEstimable for few units, equal values or a perfect order.

    >>> made = go_together([3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 8], fewest=8)
    >>> round(made.value, 6), round(made.low, 6), round(made.high, 6), made.finding
    (0.198854, -0.593859, 0.795665, 'no connection shown')
    """
    pairs = np.array([index, outcome], dtype=np.float64).reshape(2, -1)
    pairs = pairs[:, ~np.isnan(pairs).any(axis=0)]
    n = pairs.shape[1]
    if n < max(fewest, FEWEST):
        return FEW_POINTS
    ranks = [_ranks(values) for values in pairs]
    apart = [each - each.mean() for each in ranks]
    squares = [float(each @ each) for each in apart]
    if min(squares) == 0:
        return ONE_VALUE
    r = float(apart[0] @ apart[1]) / sqrt(squares[0] * squares[1])
    if abs(r) > 1 - 1e-12:
        return IN_ORDER
    half = float(ndtri((1 + LEVEL) / 2)) * sqrt((1 + r * r / 2) / (n - 3))
    return Together(r, tanh(atanh(r) - half), tanh(atanh(r) + half), n)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks from 1, equal values sharing the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean: NDArray[np.float64] = (last - (counts - 1) / 2)[place]
    return mean
