"""n, mean, spread and interval of a group: the one place where an interval of a mean is made."""

from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.measure import Measure
from survey.scoring.moments import SPREAD_FROM, Moments
from survey.scoring.special import stdtrit
from survey.scoring.within import Within

OWN_FROM: Final = 10
"""From this many people on, an interval rests on the unit's own standard deviation; below, on the pooled one."""

LEVEL: Final = 0.95

NOBODY = NotEstimable(Sentence("Nobody answered."))
ONE_PERSON = NotEstimable(Sentence("One answer has no spread."))
ALL_ALIKE = NotEstimable(
    Sentence("Everybody answered alike, so how far the mean could move by chance cannot be judged.")
)
ONLY_SUMS = NotEstimable(Sentence("Only sums are published of groups of this size, not their spread."))

Basis = Literal["own", "pooled"]


@dataclass(frozen=True)
class Interval:
    """A 95 % interval; `basis` says whose standard deviation it rests on, `df` with how many degrees of freedom."""

    low: float
    high: float
    df: float
    basis: Basis


@dataclass(frozen=True)
class Summary:
    """What is known of a group on one scale or measure, in that measure's units."""

    n: int
    mean: float
    sd: float | NotEstimable
    """The group's own sample standard deviation (n - 1)."""
    interval: Interval | NotEstimable

    @property
    def low(self) -> float | None:
        """Lower end of the interval, None where there is none."""
        return None if isinstance(self.interval, NotEstimable) else self.interval.low

    @property
    def high(self) -> float | None:
        """Upper end of the interval, None where there is none."""
        return None if isinstance(self.interval, NotEstimable) else self.interval.high


@dataclass(frozen=True)
class MeanError:
    """The squared standard error of a mean, and what it rests on."""

    squared: float
    df: float
    basis: Basis


def t_quantile(probability: float, df: float) -> float:
    """Return the quantile of Student's t distribution.

    >>> round(t_quantile(0.975, 11), 6)
    2.200985
    """
    return float(stdtrit(df, probability))


def mean_error(
    group: Moments, of: Measure | str, pooled: Within | NotEstimable, own_from: int = OWN_FROM
) -> MeanError | NotEstimable:
    """Return s^2 / n: from the group's own variance where it has `own_from` people, else from the pooled one.

    Returns:
        NotEstimable for an empty group, or where a small one has nothing to pool with.
    """
    if group.n == 0:
        return NOBODY
    if group.n >= own_from and group.products is not None:
        return MeanError(float(group.variance(of)) / group.n, group.n - 1, "own")
    if isinstance(pooled, NotEstimable):
        return pooled
    return MeanError(pooled.variance(of) / group.n, pooled.df, "pooled")


def summarise(
    group: Moments, of: Measure | str, pooled: Within | NotEstimable, own_from: int = OWN_FROM
) -> Summary | NotEstimable:
    """Return n, mean, sd and the 95 % t interval mean -+ t(.975, df) s / sqrt(n) of a scale or measure.

    Source: Student (1908), The probable error of a mean; below `own_from` people s is the pooled standard deviation
    within units and df its degrees of freedom.

    Assumes: people answer independently of each other, and means of such answers are nearly normal; where s is pooled,
    answers are spread alike in all units.

    Limits: the interval tells how far the mean could move by chance had others like these answered. It does not tell
    what those who did not answer would have said, and near an end of the scale it may reach beyond it.

    Args:
        group: The moments of the group.
        of: A scale's id, or a measure such as the index.
        pooled: The spread within the units of the company (`within`).
        own_from: People from whom on the group's own spread is used.

    Returns:
        The summary in the measure's units, or NotEstimable where nobody answered; its interval is NotEstimable where s
        cannot be had or is 0.

    >>> import numpy as np
    >>> from survey.scoring.columns import ColumnSpec
    >>> from survey.scoring.moments import moments_by_unit
    >>> play = (ColumnSpec("play", 1, 1, 7),)
    >>> scores = np.array([[2], [4], [4], [4], [5], [5], [7], [7], [4], [5]])
    >>> group, = moments_by_unit(scores, np.zeros(10, dtype=np.int32), 1, play)
    >>> made = summarise(group, "play", NOBODY)
    >>> made.n, made.mean, round(made.sd, 4), round(made.low, 4), round(made.high, 4)
    (10, 4.7, 1.4944, 3.6309, 5.7691)
    """
    if group.n == 0:
        return NOBODY
    mean = float(group.mean(of))
    error = mean_error(group, of, pooled, own_from)
    if isinstance(error, MeanError):
        return Summary(group.n, mean, own_sd(group, of), interval(mean, error) if error.squared else ALL_ALIKE)
    return Summary(group.n, mean, own_sd(group, of), error)


def own_sd(group: Moments, of: Measure | str) -> float | NotEstimable:
    """Return the group's own sample standard deviation (n - 1), in the measure's units."""
    if group.products is None:
        return ONLY_SUMS
    return ONE_PERSON if group.n < SPREAD_FROM else sqrt(group.variance(of))


def interval(value: float, error: MeanError) -> Interval:
    """Return value -+ t(.975, df) * standard error."""
    half = t_quantile((1 + LEVEL) / 2, error.df) * sqrt(error.squared)
    return Interval(value - half, value + half, error.df, error.basis)
