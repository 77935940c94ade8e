"""All pairs of many units at once: which p is small enough for a pair to be told apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from survey.scoring.comparison import ALPHA, Mean
from survey.scoring.special import stdtr

SAME: Final = 1e-9
"""Two p that differ by so small a part of themselves are one: another machine rounds the last bit another way."""
NEVER: Final = 3.84
"""A squared t below this has a p above .05, whatever its degrees of freedom."""
AT_ONCE: Final = 1 << 20
"""Pairs that are held in memory together."""
SHIFT: Final = 44
"""Bits of a p that do not count when p are counted by size: 256 steps between one power of two and the next."""
STEPS: Final = int(np.array([0.5]).view(np.int64)[0] >> SHIFT)


@dataclass(frozen=True, eq=False)
class Means:
    """The means of several groups with their errors: arrays of what `comparison.Mean` holds of one."""

    values: NDArray[np.float64]
    squared: NDArray[np.float64]
    """Squared standard errors."""
    df: NDArray[np.float64]
    pooled: NDArray[np.bool_]
    """Whether the error rests on the company's spread within units."""

    @classmethod
    def of(cls, means: Sequence[Mean]) -> Self:
        """Put means side by side."""
        return cls(
            np.array([float(mean.value) for mean in means], dtype=np.float64),
            np.array([mean.error.squared for mean in means], dtype=np.float64),
            np.array([mean.error.df for mean in means], dtype=np.float64),
            np.array([mean.error.basis == "pooled" for mean in means], dtype=np.bool_),
        )

    def at(self, places: NDArray[np.intp]) -> "Means":
        """Return the groups at these places."""
        return Means(self.values[places], self.squared[places], self.df[places], self.pooled[places])


def p_values(first: Means, second: Means) -> NDArray[np.float64]:
    """Return Welch's two-sided p of each pair, one group of `first` beside one of `second`.

    p = 2 T(-|t|; df), t and df as in `comparison.compare`: where both errors rest on the company's spread, df is the
    smaller of the two, else Welch's. The errors of a pair must not both be 0.

    Source: B. L. Welch (1947), The generalization of "Student's" problem when several different population variances
    are involved, Biometrika 34.
    """
    total = first.squared + second.squared
    own = total * total / (first.squared * first.squared / first.df + second.squared * second.squared / second.df)
    df = np.where(first.pooled & second.pooled, np.minimum(first.df, second.df), own)
    t = np.abs(first.values - second.values) / np.sqrt(total)
    p: NDArray[np.float64] = 2 * stdtr(df, -t)
    return p


def critical_p(means: Means, last: NDArray[np.intp] | None = None, level: float = ALPHA) -> tuple[int, float]:
    """Return how many pairs of units are compared, and the largest p of a pair that is told apart; 0 where none is.

    Sorted ascending, p(i) of m pairs: the largest p(i) with m p(i) / i <= level. A pair is told apart if and only if
    its p is not above it, which is where its adjusted p is not above the level (`family.adjust`).

    Source: Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate, Journal of the Royal Statistical
    Society B 57. For pairs of means that share groups, as here, the share of false ones stays below .05 in simulations
    (V. S. L. Williams, L. V. Jones and J. W. Tukey (1999), Controlling error in multiple comparisons, with examples
    from state-to-state differences in educational achievement, Journal of Educational and Behavioral Statistics 24).

    Assumes: means of groups that share no person; their errors as in `comparison.compare`.

    Limits: the share of false ones is held on average over publications, not in each of them. Memory does not grow
    with the number of pairs: they are gone through twice, counted by size first, then looked at where it matters. Of
    more than 12,000 units a publication counts pairs from below (`many_pairs.critical_from_below`): a little stricter.

    Args:
        means: The means of the units, in the order of the tree (each unit before those below it).
        last: For each unit the place of the last unit below it, its own where there is none: a unit is not compared
            with one that holds its people. None where no unit lies below another.
        level: The share of false ones that is allowed, .05 at most; less where several families share it.

    Returns:
        The number of pairs, those without any spread left out, and the critical p.

    >>> from survey.scoring.summaries import MeanError
    >>> three = [Mean(10, value, MeanError(4.0, 9, "own")) for value in (0.0, 5.0, 20.0)]
    >>> pairs, critical = critical_p(Means.of(three))
    >>> pairs, round(critical, 7)
    (3, 4.84e-05)
    """
    below = np.arange(len(means.values)) if last is None else last
    pairs, counts = 0, np.zeros(STEPS, dtype=np.int64)
    for compared, p in _blocks(means, below):
        pairs += compared
        counts += np.bincount(_step(p), minlength=STEPS)
    steps = _where_it_matters(counts, pairs, level)
    if steps is None:
        return pairs, 0.0
    low, high = steps
    near = np.sort(
        np.concatenate([p[(_step(p) >= low) & (_step(p) <= high)] for _, p in _blocks(means, below)]), kind="stable"
    )
    ranks = counts[:low].sum() + np.arange(1, len(near) + 1)
    told = near[near * pairs / ranks <= level]
    return pairs, float(told[-1]) if len(told) else 0.0


def apart(p: float, critical: float) -> bool:
    """Return whether a pair is told apart, given the critical p of its family.

    >>> apart(0.004, 0.01), apart(0.01, 0.01), apart(0.02, 0.01)
    (True, True, False)
    """
    return p <= critical * (1 + SAME)


def _blocks(means: Means, last: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Yield, for a number of units at a time, how many pairs they begin and those p that may be small enough."""
    count = len(means.values)
    rows = max(1, AT_ONCE // max(count, 1))
    for start in range(0, count, rows):
        here, there = slice(start, start + rows), slice(start, count)
        errors = means.squared[here, np.newaxis] + means.squared[np.newaxis, there]
        compared = (np.arange(start, count) > last[here, np.newaxis]) & (errors > 0)
        gaps = means.values[here, np.newaxis] - means.values[np.newaxis, there]
        first, second = np.nonzero(compared & (gaps * gaps > NEVER * errors))
        p = p_values(means.at(first + start), means.at(second + start))
        yield int(np.count_nonzero(compared)), p[p <= ALPHA]


def _step(p: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the step of each p: larger p have no lower step."""
    return p.view(np.int64) >> SHIFT


def _where_it_matters(counts: NDArray[np.int64], pairs: int, level: float) -> tuple[int, int] | None:
    """Return the lowest and highest step in which the critical p may lie; None where it lies nowhere."""
    steps = np.flatnonzero(counts)
    edges = (np.arange(STEPS + 1, dtype=np.int64) << SHIFT).view(np.float64)
    most = level * np.cumsum(counts)[steps] / max(pairs, 1)
    possible = edges[steps] <= most * (1 + SAME)
    if not possible.any():
        return None
    sure = steps[edges[steps + 1] <= most * (1 - SAME)]
    return int(sure[-1]) if len(sure) else int(steps[possible][0]), int(steps[possible][-1])
