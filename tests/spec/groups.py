"""Groups of people made to have given means, for tables."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from survey.scoring.columns import ColumnSpec
from survey.scoring.moments import Moments

MOTIVES = ("play", "purpose", "potential", "emotional_pressure", "economic_pressure", "inertia")


def group_of_means(means: Sequence[Fraction]) -> Moments:
    """Return sums of a group whose six motives have these means exactly; no spread."""
    n = lcm(*(mean.denominator for mean in means))
    columns = tuple(ColumnSpec(motive, 1, 1, 7) for motive in MOTIVES)
    return Moments(n, np.array([int(mean * n) for mean in means], dtype=np.int64), None, columns)


def motive_moments(n: int, means: Sequence[float], sd: float) -> Moments:
    """Return a group of `n` with these means, every motive with variance sd^2 (n - 1), motives uncorrelated.

    Scores are kept in thousandths, so that means need not be means of `n` whole answers.
    """
    columns = tuple(ColumnSpec(motive, 1000, 1, 7) for motive in MOTIVES)
    totals = np.array([round(mean * 1000 * n) for mean in means], dtype=np.int64)
    products = np.rint(np.outer(totals, totals) / n + np.eye(6) * sd**2 * (n - 1) * 1e6).astype(np.int64)
    return Moments(n, totals, products, columns)
