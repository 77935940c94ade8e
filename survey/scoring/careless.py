"""Marks of careless answering in the answers of single people, whatever was asked.

High or low values are a reason to look, never a proof: none of these knows why somebody answered so. What the product
flags, and with which cut: `survey.scoring.quality`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable

Table = NDArray[np.float64]
Indices = tuple[float | None, ...]
"""One number a response; None where it has none."""

TWO: Final = 2
FLAT: Final = 1e-12
"""A variance below this is none but for rounding."""
INDEPENDENT: Final = 1e-10
"""A smallest eigenvalue of the correlations below this means that a question follows from others."""

NO_DISTANCE = NotEstimable(
    Sentence("The distance needs more people than questions, and questions that do not repeat each other.")
)


@dataclass(frozen=True)
class Strings:
    """Runs of one and the same answer."""

    longest: tuple[int, ...]
    average: tuple[float, ...]
    """Mean length of a response's runs."""


def strings(values: Table) -> Strings:
    """Return how long the runs of equal answers are: the longest, and on average.

    Longest = largest number of neighbouring questions with the same answer; average = questions / runs. A skipped
    question breaks a run and is a run of 1.

    Source: J. A. Johnson (2005), Ascertaining the validity of individual protocols from web-based personality
    inventories, Journal of Research in Personality 39, 103-129.

    Assumes: columns in the order in which the questions were asked.

    Limits: Finds who gives the same answer, not who answers at random. Questions that all point the same way have long
    runs of careful people too.

    Args:
        values: Shape (responses, questions), NaN where skipped.

    Returns:
        Lengths, 1 to the number of questions; 0 where nothing was asked.

    >>> strings(np.array([[3, 3, np.nan, 3, 3], [1, 2, 2, 2, 5]]))
    Strings(longest=(2, 3), average=(1.6666666666666667, 1.6666666666666667))
    """
    responses, questions = values.shape
    if questions == 0:
        return Strings((0,) * responses, (0.0,) * responses)
    longest = np.ones(responses, dtype=np.int64)
    current = np.ones(responses, dtype=np.int64)
    runs = np.ones(responses, dtype=np.int64)
    for place in range(1, questions):
        same = values[:, place] == values[:, place - 1]
        current = np.where(same, current + 1, 1)
        runs += ~same
        longest = np.maximum(longest, current)
    return Strings(tuple(longest.tolist()), tuple((questions / runs).tolist()))


def variability(values: Table) -> Indices:
    """Return each response's own standard deviation over its answers (intra-individual response variability).

    irv = sqrt(sum (x - mean)^2 / (m - 1)) over the m questions that were answered.

    Source: A. M. Dunn, E. D. Heggestad, L. R. Shanock and N. Theilgard (2018), Intra-individual response variability
    as an indicator of insufficient effort responding, Journal of Business and Psychology 33, 105-121.

    Assumes: questions on one range of answers.

    Limits: Near 0 for straight lines, very high for random answers; what is normal depends on the questions.

    Args:
        values: Shape (responses, questions), NaN where skipped.

    Returns:
        Standard deviations, None below two answers.

    >>> variability(np.array([[3.0, 3, 3], [1, np.nan, 3], [np.nan, np.nan, 2]]))
    (0.0, 1.4142135623730951, None)
    """
    given = ~np.isnan(values)
    count = given.sum(axis=1)
    mean = np.where(given, values, 0).sum(axis=1) / np.maximum(count, 1)
    squares = (np.where(given, values - mean[:, np.newaxis], 0) ** 2).sum(axis=1)
    spread = np.sqrt(squares / np.maximum(count - 1, 1))
    return _where(count >= TWO, spread)


def even_odd(values: Table, lengths: Sequence[int]) -> Indices:
    """Return how little the two halves of each response's scales agree; higher is more careless.

    Of each scale the mean of the questions in even places and the mean of those in odd places; r = their correlation
    over the scales, within one response; stepped up to full length with 2 r / (1 + r), at least -1; the sign is
    turned, as in the R package careless from 1.2.0 on.

    Source: J. A. Johnson (2005), as for runs; the step of C. Spearman (1910) and W. Brown (1910), British Journal of
    Psychology 3; review: A. W. Meade and S. B. Craig (2012), Identifying careless responses in survey data,
    Psychological Methods 17, 437-455.

    Assumes: all questions of a scale point the same way, and scales differ within a person.

    Limits: With few scales the correlation of one person means little (of our questionnaire six scales have two
    questions or more); careful people whose scales do not differ look careless. It is not used as a flag.

    Args:
        values: Shape (responses, questions), the questions of a scale side by side, NaN where skipped.
        lengths: How many questions each scale has, in order.

    Returns:
        -1 (halves agree) to 1, None where fewer than two scales can be compared or a half does not vary.

    Raises:
        ValueError: The lengths do not add up to the number of questions.

    >>> even_odd(np.array([[1.0, 2, 4, 4, 6, 7], [1, 7, 7, 1, 4, 4], [3, 3, 3, 3, 3, 3]]), [2, 2, 2])
    (-0.9866666666666666, 1.0, None)
    """
    if sum(lengths) != values.shape[1]:
        raise ValueError(f"scales of {sum(lengths)} questions do not fit {values.shape[1]}")
    ends = np.cumsum(lengths, dtype=np.int64)
    scales = [values[:, end - length : end] for end, length in zip(ends, lengths, strict=True)]
    if not scales:
        return (None,) * len(values)
    even, odd = (np.column_stack([_mean(scale[:, start::2]) for scale in scales]) for start in (1, 0))
    both = ~np.isnan(even) & ~np.isnan(odd)
    count = both.sum(axis=1)
    first, second = (_centred(half, both) for half in (even, odd))
    squares = (first**2).sum(axis=1), (second**2).sum(axis=1)
    there = (count >= TWO) & (np.minimum(*squares) > FLAT)
    scale = np.sqrt(np.where(there, squares[0] * squares[1], 1.0))
    r = np.clip((first * second).sum(axis=1) / scale, -1, 1)
    stepped = np.where(r > -1 / 3, 2 * r / np.maximum(1 + r, 0.5), -1.0)
    return _where(there, 0.0 - stepped)


def distance(values: Table) -> Indices | NotEstimable:
    """Return each response's squared Mahalanobis distance from the middle of all responses.

    D^2 = (x - m)' S^-1 (x - m), m the means and S the covariances (n - 1) of the questions. Where questions were
    skipped, m and S are of those who answered the one or both questions, and what is missing adds nothing to D^2.

    Source: P. C. Mahalanobis (1936), On the generalised distance in statistics, Proceedings of the National Institute
    of Sciences of India 2; for careless answers Meade and Craig (2012). Missing answers as in R's psych::outlier.

    Assumes: about normal answers, where D^2 is compared with a chi-squared distribution; answers from 1 to 7 are not,
    so that careful people pass a cut more often than it says.

    Limits: Finds unusual combinations, which may be a person's own; straight lines through the middle are not unusual.
    Skipping questions lowers it.

    Args:
        values: Shape (responses, questions), NaN where skipped.

    Returns:
        One D^2 a response, None where everything was skipped; or NotEstimable where there are not more people than
        questions or a question does not vary or follows from others.

    >>> distance(np.array([[0.0, 0], [0, 2], [2, 0], [2, 2]]))
    (1.5, 1.5, 1.5, 1.5)
    """
    given: NDArray[np.bool_] = ~np.isnan(values)
    n, questions = values.shape
    if questions == 0 or n <= questions or given.sum(axis=0).min() < TWO:
        return NO_DISTANCE
    covariances = _pairwise(values, given)
    if covariances is None:
        return NO_DISTANCE
    centred = np.where(given, values - _mean(values.T), 0)
    squared = np.einsum("ri,ir->r", centred, np.linalg.solve(covariances, centred.T))
    return _where(np.asarray(given.any(axis=1), dtype=np.bool_), squared)


def _pairwise(values: Table, given: NDArray[np.bool_]) -> Table | None:
    """Return covariances over those who answered both questions; None where they cannot be turned round."""
    filled, seen = np.where(given, values - _mean(values.T), 0), given.astype(np.float64)
    count = seen.T @ seen
    if count.min() < TWO:
        return None
    sums = filled.T @ seen
    covariances: Table = (filled.T @ filled - sums * sums.T / count) / (count - 1)
    spread = np.sqrt(np.diag(covariances))
    if spread.min() ** 2 <= FLAT:
        return None
    roots = np.linalg.eigvalsh(covariances / np.outer(spread, spread))
    return covariances if np.abs(roots).min() > INDEPENDENT else None


def _mean(values: Table) -> Table:
    """Return each row's mean over what is given, NaN where nothing is."""
    given = ~np.isnan(values)
    count = given.sum(axis=1)
    means = np.where(given, values, 0).sum(axis=1) / np.maximum(count, 1)
    return np.where(count > 0, means, np.nan)


def _centred(half: Table, both: NDArray[np.bool_]) -> Table:
    means = np.where(both, half, 0).sum(axis=1) / np.maximum(both.sum(axis=1), 1)
    return np.where(both, half - means[:, np.newaxis], 0)


def _where(there: NDArray[np.bool_], values: Table) -> Indices:
    return tuple(value if known else None for value, known in zip(values.tolist(), there.tolist(), strict=True))
