"""How far people of one unit agree: against answering at random, in points, and whether they stand in two camps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable

Null = Literal["uniform", "skewed"]

SKEWED: Final = {5: 1.34, 6: 1.85, 7: 2.90, 8: 3.47, 9: 5.66, 10: 6.30, 11: 7.31}
"""By number of answers to choose from: the variance of random answers that lean slightly to one side."""

NO_SKEW = NotEstimable(Sentence("No variance of slightly leaning answers is known for so many answers to choose from."))
ONE_ANSWER = NotEstimable(Sentence("Agreement needs two answers to every question."))
NO_CHOICE = NotEstimable(Sentence("With one answer to choose from nobody can disagree."))

CAMP: Final = 3
"""People in a camp, at least."""
CAMP_SHARE: Final = 0.25


def null_variance(options: int, null: Null) -> float | NotEstimable:
    """Return the variance of answers given at random: what agreement is measured against.

    Uniform: each of A answers is as likely, (A^2 - 1) / 12. Skewed: answers lean slightly to one side, as people's do
    who like to be kind, 1.34 for five answers and 2.90 for seven.

    Source: L. R. James, R. G. Demaree and G. Wolf (1984), Estimating within-group interrater reliability with and
    without response bias, Journal of Applied Psychology 69, 85-98; the skewed values: J. M. LeBreton and J. L. Senter
    (2008), Answers to 20 questions about interrater reliability and interrater agreement, Organizational Research
    Methods 11, 815-852, table 2.

    Assumes: Who answers at random does so somewhere between the two.

    Limits: Which random answers people would give is anybody's guess; that is why there are two.

    Args:
        options: A, how many answers there are to choose from.
        null: Which way of answering at random.

    Returns:
        The variance in squared points, or NotEstimable: one answer only, or a skewed value that the source does not
        give.

    >>> null_variance(7, "uniform"), null_variance(7, "skewed")
    (4.0, 2.9)
    """
    if options < 2:  # noqa: PLR2004 - nobody can disagree
        return NO_CHOICE
    return (options**2 - 1) / 12 if null == "uniform" else SKEWED.get(options, NO_SKEW)


def item_variances(answers: ArrayLike) -> NDArray[np.float64]:
    """Return the sample variance (n - 1) of each column over those who answered it, NaN where fewer than two did."""
    table = np.atleast_2d(np.asarray(answers, dtype=np.float64))
    there = ~np.isnan(table)
    n = there.sum(axis=0)
    means = np.where(there, table, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = np.where(there, table - means, 0.0) ** 2
    variances: NDArray[np.float64] = np.where(n > 1, squares.sum(axis=0) / np.maximum(n - 1, 1), np.nan)
    return variances


def agreement(variances: Sequence[float], options: int, null: Null) -> float | NotEstimable:
    """Return rwg of one question, or rwg(j) of several, from the variances of the answers to each.

    rwg = 1 - s^2 / v. rwg(j) = J (1 - s^2 / v) / (J (1 - s^2 / v) + s^2 / v), with s^2 the mean of the J variances and
    v that of answers given at random. Where s^2 is above v it is 0: people agree less than by chance.

    Source: L. R. James, R. G. Demaree and G. Wolf (1984), as `null_variance`. Set to 0 as in the R package multilevel.

    Assumes: All questions of a scale have the same answers to choose from, and are about one thing.

    Limits: rwg(j) rises with the number of questions alone. 0 does not say whether people are split or simply differ:
    `split` and the distribution do.

    Args:
        variances: One a question, of n - 1.
        options: How many answers there are to choose from.
        null: Which way of answering at random it is measured against.

    Returns:
        Agreement, 0 (as if at random, or less) to 1 (all alike), or NotEstimable: fewer than two answers to a question,
        or no such variance.

    >>> round(agreement([1.0], 7, "uniform"), 4), round(agreement([1.0, 2.0, 3.0], 7, "skewed"), 4)
    (0.75, 0.5745)
    """
    random = null_variance(options, null)
    if isinstance(random, NotEstimable):
        return random
    if not len(variances) or np.isnan(variances).any():
        return ONE_ANSWER
    spread = min(float(np.mean(variances)) / random, 1.0)
    kept = len(variances) * (1 - spread)
    return kept / (kept + spread)


def average_deviation(answers: ArrayLike) -> float | NotEstimable:
    """Return how many points people are away from their mean, on average over people and then over questions (ADM).

    AD = sum of |x - mean| / n of each question; over several questions their mean.

    Source: M. J. Burke, L. M. Finkelstein and M. S. Dusig (1999), On average deviation indices for estimating
    interrater agreement, Organizational Research Methods 2, 49-68.

    Assumes: Answers stand in equal steps; nothing about answering at random.

    Limits: No comparison with chance: that is what it is for, since no way of answering at random has to be assumed.

    Args:
        answers: Shape (people,) or (people, questions), NaN where a question was skipped.

    Returns:
        Points of the answers, 0 or more, or NotEstimable where a question has fewer than two answers.

    >>> average_deviation([2, 4, 6])
    1.3333333333333333
    """
    table = np.asarray(answers, dtype=np.float64)
    there = ~np.isnan(table)
    n = there.sum(axis=0)
    if not table.size or (n < 2).any():  # noqa: PLR2004 - one answer agrees with nobody
        return ONE_ANSWER
    means = np.where(there, table, 0.0).sum(axis=0) / n
    return float((np.where(there, np.abs(table - means), 0.0).sum(axis=0) / n).mean())


@dataclass(frozen=True)
class Camps:
    """How many people answered at either end of a question, and between; `end` answers make an end."""

    low: int
    between: int
    high: int
    end: int


def camps(counts: Sequence[int]) -> Camps:
    """Return how many answered at the low end, between, and at the high end.

    A third of the answers to choose from, rounded down, is an end: 1-2 and 6-7 of seven, 1 and 5 of five.

    >>> camps([3, 2, 0, 1, 0, 2, 4])
    Camps(low=5, between=1, high=6, end=2)
    """
    end = max(len(counts) // 3, 1)
    return Camps(sum(counts[:end]), sum(counts[end:-end]), sum(counts[-end:]), end)


def split(counts: Sequence[int]) -> bool:
    """Return whether the answers to a question stand in two camps, so that their mean describes nobody.

    Both ends (`camps`) hold a quarter of the people each, and three people at least; and fewer people stand between
    than at either end, or, where the variance is above that of answering at random, (A^2 - 1) / 12, no more than there.

    Source: our own rule, on what is shown anyway. That a variance above the uniform one speaks of two camps: J. M.
    LeBreton, L. R. James and M. K. Lindell (2005), Recent issues regarding rWG, Organizational Research Methods 8,
    128-138.

    Assumes: The outer thirds of the answers are its ends.

    Limits: Camps close together (3 and 5 of seven) are not called a split. Of groups of twelve who
    answer wholly at random 18 % are called split, of those with a usual spread (1.3 points) one in a thousand.

    Args:
        counts: People by answer, from the lowest to the highest.

    >>> split([3, 2, 0, 1, 0, 2, 4]), split([0, 1, 3, 5, 2, 1, 0]), split([1, 0, 0, 0, 0, 4, 7])
    (True, False, False)
    """
    people = sum(counts)
    if len(counts) < CAMP:
        return False
    found = camps(counts)
    if min(found.low, found.high) < max(CAMP, CAMP_SHARE * people):
        return False
    values = np.repeat(np.arange(len(counts)), counts)
    wide = bool(values.var(ddof=1) > (len(counts) ** 2 - 1) / 12)
    return found.between < min(found.low, found.high) + wide
