"""How large a difference is, and how large it must be to be found."""

from math import exp, lgamma, sqrt
from typing import Final

from survey.scoring.special import nctdtrinc
from survey.scoring.summaries import LEVEL, t_quantile

POWER: Final = 0.80
"""The share of true differences of the detectable size that would be found."""


def hedges(d: float, df: float) -> float:
    """Return Hedges' g = J d, with the exact J = gamma(df / 2) / (sqrt(df / 2) gamma((df - 1) / 2)).

    Source: L. V. Hedges (1981), Distribution theory for Glass's estimator of effect size and related estimators,
    Journal of Educational Statistics 6. The exact form, not the approximation 1 - 3 / (4 df - 1).

    Assumes: both groups share one standard deviation, and answers are nearly normal.

    Limits: it counts in standard deviations of people, not of units; no words such as "small" or "large" go with it,
    since what is large differs from one thing measured to another.

    Args:
        d: The standardised difference (difference / standard deviation).
        df: Degrees of freedom of that standard deviation, above 1.

    Returns:
        g in standard deviations, a little closer to 0 than d.

    >>> round(hedges(1.0, 10), 6)
    0.922746
    """
    return d * exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)


def g_interval(d: float, n: tuple[int, int], df: float) -> tuple[float, float]:
    """Return the 95 % interval of Hedges' g from the noncentral t distribution.

    The noncentrality parameters whose t distribution has the observed t at its 97.5 % and 2.5 % points, turned back to
    standard deviations and corrected as `hedges` does.

    Source: J. H. Steiger and R. T. Fouladi (1997), Noncentrality interval estimation and the evaluation of statistical
    models.
    """
    scale = sqrt(1 / n[0] + 1 / n[1])
    low, high = (float(nctdtrinc(df, p, d / scale)) for p in ((1 + LEVEL) / 2, (1 - LEVEL) / 2))
    return hedges(low * scale, df), hedges(high * scale, df)


def detectable(standard_error: float, df: float) -> float:
    """Return the minimum detectable difference: (t(.975, df) + t(.80, df)) x standard error.

    Source: the usual approximation of power by shifting the central t distribution; J. Cohen (1988), Statistical power
    analysis for the behavioral sciences, 2nd edition, for the idea and the 80 %.

    Assumes: groups of the same size and spread as these.

    Limits: for a comparison by itself. In a family of many the adjusted p asks for more, so a difference of this size
    is then found less often than in four cases of five.

    Args:
        standard_error: Of the difference.
        df: Its degrees of freedom.

    Returns:
        The difference in the units of the standard error, above 0.

    >>> round(detectable(4.0, 30), 2)
    11.58
    """
    return (t_quantile((1 + LEVEL) / 2, df) + t_quantile(POWER, df)) * standard_error
