"""How much of a number goes with the unit: intraclass correlations, and what a unit's mean is worth."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.oneway import Units
from survey.scoring.special import fdtrc, fdtri
from survey.scoring.summaries import LEVEL
from survey.scoring.variance_components import Profile, not_estimable

NOTHING_BETWEEN = NotEstimable(
    Sentence("All units have the same mean, so how reliably means tell units apart cannot be said.")
)

SAME: Final = 1e-12
"""Units whose F is below this have one mean: what is left is the rounding of sums."""

ROUNDS: Final = 9
STEPS: Final = 64
ALMOST: Final = 1e-9
"""How near the search goes to the ends of what an intraclass correlation can be."""

SIGNIFICANT: Final = 0.05
HALF: Final = 0.50
MOST: Final = 0.70

CHANCE = Sentence("Units differ here no more than they would if people were put into units by lot.")
UNCLEAR = Sentence("Whether units truly differ here cannot be told: differences this large may well be chance.")
MOSTLY_CHANCE = Sentence(
    "Units do differ here, but of the differences between their means more than half is chance: single units should "
    "not be told apart by them."
)
LARGE_ONLY = Sentence(
    "Units do differ here, and most of the differences between their means is real: large differences between units "
    "may be told, small ones not."
)
APART = Sentence("Units do differ here, and their means tell units of this size apart well.")


@dataclass(frozen=True)
class Intraclass:
    """One-way analysis of variance of a number by unit."""

    icc1: float
    """ICC(1), at most 1, below 0 where units differ less than chance would make them."""
    low: float
    high: float
    """The 95 % interval of ICC(1)."""
    icc2: float | NotEstimable
    """ICC(2), the reliability of a unit's mean at the mean size; at most 1, of any size below 0."""
    icc1_n0: float
    """ICC(1) with n0, the size that allows for unequal ones, in place of the mean size."""
    f: float
    p: float
    df: tuple[int, int]
    ms_between: float
    ms_within: float
    size: float
    """People per unit on average."""
    n0: float
    units: int


def intraclass(units: Units) -> Intraclass | NotEstimable:
    """Return ICC(1) and ICC(2) of a number by unit.

    ICC(1) = (MSB - MSW) / (MSB + (size - 1) MSW), ICC(2) = (MSB - MSW) / MSB, with the mean squares between and within
    units and the mean number of people per unit; beside it ICC(1) with n0 = (N - sum of n^2 / N) / (units - 1). F =
    MSB / MSW.

    The interval: with W = n (1 - rho) / (1 + (n - 1) rho) and m0 the mean of the units' means m weighted by W, it goes
    from the rho at which sum of W (m - m0)^2 / ((units - 1) MSW) is F(.975) to the one at which it is F(.025); for
    units of one size (F / F(.975) - 1) / (F / F(.975) + size - 1) to the same with F(.025). Below 0 it is stretched,
    where need be, to hold ICC(1).

    Source: J. J. Bartko (1976), On various intraclass correlation reliability coefficients, Psychological Bulletin 83,
    762-765; P. D. Bliese (2000), Within-group agreement, non-independence, and reliability, in K. J. Klein and S. W. J.
    Kozlowski (eds.), Multilevel theory, research, and methods in organizations, 349-381; interval: A. Wald (1940), A
    note on the analysis of variance with unequal class frequencies, Annals of Mathematical Statistics 11, 96-100; for
    units of one size K. O. McGraw and S. P. Wong (1996), Forming inferences about some intraclass correlation
    coefficients, Psychological Methods 1, 30-46.

    Assumes: Units share no person; the spread within units is about the same everywhere.

    Limits: ICC(1) says how alike people of one unit are, not how good a unit is; ICC(2) rises with the size of units
    alone, so that it says nothing about smaller ones.

    Args:
        units: n, mean and spread within of units.

    Returns:
        Both coefficients, without unit, or NotEstimable for fewer than two units, where no unit has two answers, or
        where nobody differs from the own unit. A negative ICC(1) is left as it is.

    >>> from survey.scoring.oneway import units_of
    >>> found = intraclass(units_of([1, 3, 2, 4, 6, 5, 7, 9, 8], [1, 1, 1, 2, 2, 2, 3, 3, 3]))
    >>> round(found.icc1, 4), round(found.icc2, 4), round(found.f, 4), round(found.low, 4), round(found.high, 4)
    (0.8966, 0.963, 27.0, 0.4754, 0.9972)
    """
    reason = not_estimable(units)
    if reason is not None:
        return reason
    groups, people, size = len(units), units.people, units.people / len(units)
    between, within = units.between / (groups - 1), units.squares / units.df
    n0 = (people - float(units.n @ units.n) / people) / (groups - 1)
    f, df = between / within, (groups - 1, units.df)
    icc1 = _of_f(f, size)
    low, high = (_end(units, float(fdtri(*df, p))) for p in ((1 + LEVEL) / 2, (1 - LEVEL) / 2))
    return Intraclass(
        icc1, min(low, icc1), max(high, icc1), 1 - 1 / f if f > SAME else NOTHING_BETWEEN, _of_f(f, n0),
        f, float(fdtrc(*df, f)), df, between, within, size, n0, groups,
    )  # fmt: skip


def _of_f(f: float, size: float) -> float:
    return (f - 1) / (f + size - 1)


def _end(units: Units, f: float) -> float:
    """Return the intraclass correlation at which units this far apart have the weighted mean square ratio `f`."""
    profile, per = Profile(units), (len(units) - 1) * units.squares / units.df
    low, high = (ALMOST - 1) / (float(units.n.max()) - 1), 1 - ALMOST
    for _ in range(ROUNDS):
        grid = np.linspace(low, high, STEPS + 1)
        weights = profile.weights(grid / (1 - grid))
        apart = profile.q(weights, profile.centre(weights)[1]) - units.squares
        larger = int((apart[1:-1] > f * per).sum())
        low, high = float(grid[larger]), float(grid[larger + 1])
    return (low + high) / 2


def told_apart(found: Intraclass) -> Sentence:
    """Return what ICC(1) and ICC(2) allow to say of unit means, in words.

    No more than chance: ICC(1) is 0 or below. Cannot be told: p of F is above .05. Otherwise by ICC(2), the part of the
    differences between unit means that is no chance: below .50 single units are not told apart, below .70 only large
    differences, from .70 on units are.

    Source: the steps .50 and .70 are conventions, from P. D. Bliese (2000), as above, and J. M. LeBreton and J. L.
    Senter (2008), Answers to 20 questions about interrater reliability and interrater agreement, Organizational
    Research Methods 11, 815-852.

    Assumes: Steps that are a convention suit this company.

    Limits: Words for the whole company; of two given units only their own comparison tells.

    >>> from survey.scoring.oneway import units_of
    >>> told_apart(intraclass(units_of([1, 3, 2, 4, 6, 5, 7, 9, 8], [1, 1, 1, 2, 2, 2, 3, 3, 3]))).to("en")
    'Units do differ here, and their means tell units of this size apart well.'
    """
    if found.icc1 <= 0 or isinstance(found.icc2, NotEstimable):
        return CHANCE
    if found.p > SIGNIFICANT:
        return UNCLEAR
    if found.icc2 < HALF:
        return MOSTLY_CHANCE
    return LARGE_ONLY if found.icc2 < MOST else APART
