"""Two groups, or one group in two waves: the difference, how sure we are, and the word that may be said of it."""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Final, Literal

from survey.i18n import Sentence
from survey.scoring.effects import detectable, g_interval, hedges
from survey.scoring.estimable import NotEstimable
from survey.scoring.measure import Measure
from survey.scoring.moments import Moments
from survey.scoring.special import stdtr
from survey.scoring.summaries import OWN_FROM, Interval, MeanError, interval, mean_error
from survey.scoring.within import Within

ALPHA: Final = 0.05
"""An adjusted p above this says nothing."""

NO_SPREAD = NotEstimable(Sentence("Everybody in both groups gave the same answer, so chance cannot be judged."))

TOO_FEW = NotEstimable(Sentence("Too few answers to judge chance."))

Verdict = Literal["higher", "lower", "no detectable difference"]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a group's moments and the within-unit spread of its company in its wave."""

    group: Moments
    pooled: Within | NotEstimable


@dataclass(frozen=True)
class Mean:
    """A group's mean on a scale or measure, with its error: all that a comparison needs of it."""

    n: int
    value: Fraction | float
    error: MeanError


@dataclass(frozen=True)
class Comparison:
    """First minus second, in the measure's units."""

    difference: float
    interval: Interval
    t: float
    p: float
    """Two-sided, of this comparison alone; `family.adjust` takes the others into account."""
    g: float
    """Hedges' g, in standard deviations."""
    g_interval: tuple[float, float]
    detectable: float
    """The true difference that a comparison like this one finds in four cases of five."""


def compare(first: Side, second: Side, of: Measure | str, own_from: int = OWN_FROM) -> Comparison | NotEstimable:
    """Compare two groups on a scale or measure: difference, 95 % interval, p, Hedges' g, detectable difference.

    difference = mean 1 - mean 2; standard error = sqrt(e1 + e2), e = s^2 / n; t = difference / standard error with
    Welch's degrees of freedom (e1 + e2)^2 / (e1^2 / df1 + e2^2 / df2). A group below `own_from` people takes s from
    its company's pooled within-unit spread; where both do, df is the smaller pool's.

    Source: B. L. Welch (1947), The generalization of "Student's" problem when several different population variances
    are involved, Biometrika 34.

    Assumes: the two groups share nobody, people answer independently of each other, and means are nearly normal. Two
    waves are answered by largely the same people, who cannot be paired: the interval is then too wide rather than too
    narrow.

    Limits: it tells how large a difference is, not where it comes from. Of many intervals some leave out 0 by chance.

    Args:
        first: The group of interest.
        second: The group it is compared with; it shares no person with the first in the same wave.
        of: A scale's id, or a measure such as the index.
        own_from: People from whom on a group's own spread is used.

    Returns:
        The comparison in the measure's units, or NotEstimable where a group is empty or has no spread to rest on,
        nobody's answer differs from another's, or there is but one degree of freedom.

    >>> import numpy as np
    >>> from survey.scoring.columns import ColumnSpec
    >>> from survey.scoring.moments import moments_by_unit
    >>> from survey.scoring.within import within
    >>> play, scores = (ColumnSpec("play", 1, 1, 7),), np.array([[5], [6], [7], [5], [6], [7], [2], [4], [3], [4]])
    >>> groups = moments_by_unit(scores, np.repeat([0, 1], [6, 4]).astype(np.int32), 2, play)
    >>> pooled = within(groups, play)
    >>> made = compare(Side(groups[0], pooled), Side(groups[1], pooled), "play")
    >>> made.difference, round(made.interval.low, 4), round(made.interval.high, 4), round(made.g, 4)
    (2.75, 1.3827, 4.1173, 2.7025)
    """
    one, two = (mean_of(side, of, own_from) for side in (first, second))
    if isinstance(one, NotEstimable):
        return one
    return two if isinstance(two, NotEstimable) else compare_means(one, two)


def mean_of(side: Side, of: Measure | str, own_from: int = OWN_FROM) -> Mean | NotEstimable:
    """Return the mean of one side with its error, or NotEstimable as `mean_error` does."""
    error = mean_error(side.group, of, side.pooled, own_from)
    return error if isinstance(error, NotEstimable) else Mean(side.group.n, side.group.mean(of), error)


def compare_means(first: Mean, second: Mean) -> Comparison | NotEstimable:
    """Compare two means as `compare` does, from what is published of each."""
    one, two, n = first.error, second.error, (first.n, second.n)
    if one.squared + two.squared == 0:
        return NO_SPREAD
    difference = float(first.value - second.value)
    joint = MeanError(one.squared + two.squared, welch_df(one, two), _basis(one, two))
    t = difference / sqrt(joint.squared)
    sd, df = _common_sd(one, two, n)
    if df <= 1:
        return TOO_FEW
    g = hedges(difference / sd, df)
    return Comparison(
        difference,
        interval(difference, joint),
        t,
        2 * float(stdtr(joint.df, -abs(t))),
        g,
        g_interval(difference / sd, n, df),
        detectable(sqrt(joint.squared), joint.df),
    )


def welch_df(one: MeanError, two: MeanError) -> float:
    """Return Welch's degrees of freedom, or the smaller pool's where both errors rest on pooled spread.

    >>> welch_df(MeanError(0.5, 5, "own"), MeanError(0.5, 5, "own"))
    10.0
    >>> welch_df(MeanError(0.5, 300, "pooled"), MeanError(0.9, 280, "pooled"))
    280
    """
    if one.basis == two.basis == "pooled":
        return min(one.df, two.df)
    total = one.squared + two.squared
    return total**2 / (one.squared**2 / one.df + two.squared**2 / two.df)


def _basis(one: MeanError, two: MeanError) -> Literal["own", "pooled"]:
    return "own" if one.basis == two.basis == "own" else "pooled"


def _common_sd(one: MeanError, two: MeanError, n: tuple[int, int]) -> tuple[float, float]:
    """Return the standard deviation that both groups share, weighted by n - 1, and its degrees of freedom.

    A pooled side brings its company's variance and degrees of freedom.
    """
    squares = [error.squared * size for error, size in zip((one, two), n, strict=True)]
    weights = [max(size - 1, 1) for size in n]
    variance = sum(square * weight for square, weight in zip(squares, weights, strict=True)) / sum(weights)
    df = sum(n) - 2 if _basis(one, two) == "own" else min(one.df, two.df)
    return sqrt(variance), df


def verdict(of: Interval, p_adjusted: float) -> Verdict:
    """Return the word that may be said: "higher" or "lower" only where interval and adjusted p agree.

    Source: a rule of ours: a word needs the interval of this comparison to leave out 0, and the p of its family at .05.

    Assumes: what `compare` and `adjust` assume.

    Limits: it tells whether a difference may be spoken of, not whether it matters; without a word nothing is shown to
    be the same.

    >>> verdict(Interval(1.2, 9.0, 30, "own"), 0.03), verdict(Interval(1.2, 9.0, 30, "own"), 0.07)
    ('higher', 'no detectable difference')
    """
    if p_adjusted > ALPHA or of.low <= 0 <= of.high:
        return "no detectable difference"
    return "higher" if of.low > 0 else "lower"
