"""All pairs of very many units: a p up to which they are told apart, without looking at each pair."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from survey.scoring.comparison import ALPHA
from survey.scoring.pairs import Means
from survey.scoring.special import stdtrit

WIDE: Final = 1.04
"""Squared errors that differ by less than this factor lie in one class."""
LONG: Final = 1.1
"""Degrees of freedom that do."""
NEAR: Final = 0.98
"""How near the found p comes to the largest that can be found."""
SAFE: Final = 1 + 1e-9
"""What rounding may take from a gap is added to it."""
AT_ONCE: Final = 1 << 22
"""Searches that are held in memory together."""

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def critical_from_below(means: Means, last: Places | None = None, level: float = ALPHA) -> tuple[int, float]:
    """Return how many pairs of units are compared, and a p up to which they are told apart; 0 where none is.

    c = the largest p with m p / L(p) <= level (to 2 %), where m is the number of pairs and L(p) a number of pairs of
    which it is certain that their p is p at most. Units are put into classes of nearly the same error and degrees of
    freedom. For two classes the largest standard error and the fewest degrees of freedom give the gap from which on
    every pair of them has a p of p or less; how many pairs have it is counted in sorted values. L(p) is never more than
    the number of pairs whose p is p at most, so that no pair is told apart that `critical_p` does not tell apart.

    Source: Y. Benjamini and Y. Hochberg (1995), as `critical_p`. That a threshold p with m p / R <= level, where no
    more than the R pairs at or below it are counted, keeps the share of false ones: G. Blanchard and E. Roquain (2008),
    Two simple sufficient conditions for FDR control, Electronic Journal of Statistics 2.

    Assumes: as `critical_p`.

    Limits: it is a little stricter than `critical_p`: of pairs close to the edge some are not told apart. Time grows
    with the number of units times that of classes, not with the number of pairs; it is meant for families in which
    pairs cannot be gone through.

    Args:
        means: The means of the units, in the order of the tree (each unit before those below it).
        last: For each unit the place of the last unit below it, as for `critical_p`.
        level: The share of false ones that is allowed, .05 at most; less where several families share it.

    Returns:
        The number of pairs, those without any spread left out, and the critical p.

    >>> from survey.scoring.comparison import Mean
    >>> from survey.scoring.pairs import critical_p
    >>> from survey.scoring.summaries import MeanError
    >>> means = Means.of([Mean(10, at**1.5 / 99, MeanError(0.5, 9, "own")) for at in range(100)])
    >>> (pairs, critical), (same, exact) = critical_from_below(means), critical_p(means)
    >>> pairs == same == 4950, round(critical, 4), round(exact, 4)
    (True, 0.0289, 0.0294)
    """
    below = np.arange(len(means.values)) if last is None else last
    upper, lower = _nested(below)
    free = means.squared == 0
    pairs = _pairs(len(below)) - len(upper) - _pairs(int(free.sum())) + int((free[upper] & free[lower]).sum())
    if pairs == 0:
        return 0, 0.0
    classes = _Classes.of(means)
    nested = classes.of_unit[upper], classes.of_unit[lower], np.abs(means.values[upper] - means.values[lower])
    p = level
    while (counted := classes.certain(p, nested)) > 0:
        following = min(p, level * counted / pairs)
        if following > NEAR * p and level * classes.certain(NEAR * following, nested) >= NEAR * following * pairs:
            return pairs, NEAR * following
        p = min(following, NEAR * p)
    return pairs, 0.0


def _pairs(units: int) -> int:
    return units * (units - 1) // 2


def _nested(last: Places) -> tuple[Places, Places]:
    """Return the pairs of which one unit lies below the other: places of the upper and of the lower one."""
    here = np.arange(len(last))
    below = last - here
    upper = np.repeat(here, below)
    first = np.repeat(np.cumsum(below) - below, below)
    return upper, upper + 1 + np.arange(len(upper)) - first


@dataclass(frozen=True, eq=False)
class _Classes:
    """Units by class, sorted by value within it."""

    of_unit: Places
    values: Floats
    """Of all units, by class and value, each class moved to a range of its own, so that one search serves all."""
    own: Floats
    """The same values where they are."""
    shifts: Floats
    """By class, how far it was moved."""
    starts: Places
    """By class, where it begins; and the end of the last one."""
    squared: Floats
    """By class, shape (classes, 2): the smallest and the largest squared error; df alike."""
    df: Floats
    pooled: NDArray[np.bool_]

    @classmethod
    def of(cls, means: Means) -> Self:
        """Put units into classes."""
        steps = np.stack([means.pooled.astype(np.float64), _steps(means.squared, WIDE), _steps(means.df, LONG)], axis=1)
        _, of_unit = np.unique(steps, axis=0, return_inverse=True)
        of_unit = of_unit.reshape(-1)
        order = np.lexsort((means.values, of_unit))
        starts = np.searchsorted(of_unit[order], np.arange(of_unit.max() + 2))
        first = starts[:-1]
        shifts = np.arange(len(first)) * (2 * np.ptp(means.values) + 1)
        squared, df = (
            np.stack([low.reduceat(each[order], first) for low in (np.minimum, np.maximum)], axis=1)
            for each in (means.squared, means.df)
        )
        own = means.values[order]
        moved = own + shifts[of_unit[order]]
        return cls(of_unit, moved, own, shifts, starts, squared, df, means.pooled[order][first])

    def certain(self, p: float, nested: tuple[Places, Places, Floats]) -> int:
        """Count pairs whose p is `p` at most whatever their place in their classes; nested ones are no pairs."""
        gaps = self._gaps(p)
        found = sum(self._reaching(number, gaps[number]) for number in range(len(gaps)))
        upper, lower, apart = nested
        return found - int((apart >= gaps[upper, lower]).sum())

    def _gaps(self, p: float) -> Floats:
        """By two classes, the gap from which on any pair of theirs has so small a p; none where there is no error."""
        low, high = self.squared.T
        most = high[:, np.newaxis] + high
        with np.errstate(divide="ignore", invalid="ignore"):
            welch = (low[:, np.newaxis] + low) ** 2 / (
                (high**2 / self.df[:, 0])[:, np.newaxis] + high**2 / self.df[:, 0]
            )
        fewest = np.minimum(self.df[:, 0][:, np.newaxis], self.df[:, 0])
        both = self.pooled[:, np.newaxis] & self.pooled
        df = np.where(both | (most == 0), fewest, np.maximum(fewest, np.nan_to_num(welch)))
        gaps: Floats = np.where(most > 0, -stdtrit(df, p / 2) * np.sqrt(most) * SAFE, np.inf)
        return gaps

    def _reaching(self, number: int, gaps: Floats) -> int:
        """Count pairs of a unit of a class with one of any class that stands higher by the gap at least."""
        found, width = 0, np.ptp(self.own) + 1
        values = self.own[self.starts[number] : self.starts[number + 1]]
        reach = self.shifts + np.minimum(gaps, width)
        for start in range(0, len(values), max(1, AT_ONCE // len(gaps))):
            some = values[start : start + max(1, AT_ONCE // len(gaps))]
            places = np.searchsorted(self.values, some[:, np.newaxis] + reach)
            found += int((self.starts[1:] - np.minimum(places, self.starts[1:])).sum())
        return found


def _steps(of: Floats, factor: float) -> Floats:
    with np.errstate(divide="ignore"):
        steps: Floats = np.floor(np.log(of) / np.log(factor))
    return steps
