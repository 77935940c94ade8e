"""Does one thing go together with a second more closely than with a third? The test for one sample of people."""

from dataclasses import dataclass
from math import sqrt

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.special import stdtr

FEW_PEOPLE = NotEstimable(Sentence("Williams’ test needs more than three people."))
ONE_LINE = NotEstimable(Sentence("The three go together so closely that Williams’ test has nothing to work with."))


@dataclass(frozen=True)
class Williams:
    """The test's t with its degrees of freedom and two-sided p."""

    t: float
    df: int
    p: float


def williams(r12: float, r13: float, r23: float, n: int) -> Williams | NotEstimable:
    """Return Williams' test of two correlations that share a variable: r12 against r13.

    t = (r12 - r13) sqrt((n - 1)(1 + r23) / (2 |R| (n - 1) / (n - 3) + ((r12 + r13) / 2)^2 (1 - r23)^3)), with |R| = 1 -
    r12^2 - r13^2 - r23^2 + 2 r12 r13 r23, on n - 3 degrees of freedom.

    Source: E. J. Williams (1959), The comparison of regression variables, Journal of the Royal Statistical Society B
    21; in the form of J. H. Steiger (1980), Tests for comparing elements of a correlation matrix, Psychological
    Bulletin 87, equation 7.

    Assumes: independent people, variables jointly normal.

    Limits: people of one unit are not independent, and of two scales the more reliable one wins, so it is an annex: the
    difference that is told is `link`'s.

    Args:
        r12: Correlation of the shared variable with the second, -1 to 1.
        r13: With the third.
        r23: Of the second with the third.
        n: People.

    Returns:
        The test, p two-sided, or NotEstimable with three people or fewer, or where one variable is a copy of others.

    Raises:
        ValueError: A correlation is not between -1 and 1, or the three cannot be correlations of one sample.

    >>> made = williams(0.4, 0.5, 0.1, 103)
    >>> round(made.t, 2), made.df, round(made.p, 2)
    (-0.89, 100, 0.37)
    """
    rest = 1 - r12 * r12 - r13 * r13 - r23 * r23 + 2 * r12 * r13 * r23
    if max(abs(r12), abs(r13), abs(r23)) > 1 or rest < -1e-9:  # noqa: PLR2004 - less is rounding
        raise ValueError(f"{r12}, {r13} and {r23} are no correlations of one sample")
    if n <= 3:  # noqa: PLR2004 - n - 3 degrees of freedom
        return FEW_PEOPLE
    below = 2 * (n - 1) / (n - 3) * max(rest, 0.0) + ((r12 + r13) / 2) ** 2 * (1 - r23) ** 3
    if below < 1e-12:  # noqa: PLR2004 - less is rounding
        return ONE_LINE
    t = (r12 - r13) * sqrt((n - 1) * (1 + r23) / below)
    return Williams(t, n - 3, 2 * float(stdtr(n - 3, -abs(t))))
