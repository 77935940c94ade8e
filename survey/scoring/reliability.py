"""How consistently the items of a scale measure one thing, over the whole company.

Never of the index: it is formative, made of its parts; play and inertia need not go together for their weighted sum to
mean something.
"""

from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.instruments.model import Instrument
from survey.scoring.columns import columns, item_values
from survey.scoring.estimable import NotEstimable
from survey.scoring.special import fdtri, ndtri
from survey.scoring.summaries import LEVEL

PEOPLE: Final = 10
"""With fewer complete answers no coefficient is given."""

TWO: Final = 2
"""Items for which Spearman-Brown is the coefficient."""

SMALLEST: Final = 1e-9
"""A sum of items that varies less than this share of what they vary apart is constant but for rounding."""

ONE_ITEM = NotEstimable(Sentence("One question alone has no internal consistency."))
NOT_TWO = NotEstimable(Sentence("This coefficient is for two questions."))
FEW_PEOPLE = NotEstimable(Sentence("Fewer than ten people answered every item of this scale."))
NO_VARIATION = NotEstimable(Sentence("Everybody answered an item of this scale alike."))
APART = NotEstimable(Sentence("The items of this scale do not go together, so they have nothing in common to measure."))


@dataclass(frozen=True)
class Consistency:
    """A coefficient of internal consistency with its 95 % interval; at most 1, and for alpha possibly below 0."""

    coefficient: Literal["alpha", "spearman-brown"]
    value: float
    low: float
    high: float
    n: int


def reliabilities(
    answers: NDArray[np.uint8], instrument: Instrument, base: NDArray[np.bool_]
) -> dict[str, Consistency | NotEstimable]:
    """Return the internal consistency of every scale of two items and more, over the people who answered all of them.

    Cronbach's alpha from three items on, Spearman-Brown for two. `answers` has shape (responses, items), `base`
    (responses,): the responses that count.
    """
    found: dict[str, Consistency | NotEstimable] = {}
    for column in columns(instrument):
        values = item_values(answers[base], instrument, column.scale)
        if values.shape[1] > 1:
            found[column.scale] = spearman_brown(values) if values.shape[1] == TWO else alpha(values)
    return found


def alpha(values: NDArray[np.float64]) -> Consistency | NotEstimable:
    """Return Cronbach's alpha with Feldt's interval.

    alpha = k / (k - 1) (1 - sum of the items' variances / variance of their sum); the interval is
    1 - (1 - alpha) F(.975; n - 1, (n - 1)(k - 1)) to 1 - (1 - alpha) F(.025; ...).

    Source: L. J. Cronbach (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16; L. S. Feldt
    (1965), The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty, Psychometrika 30.

    Assumes: every item measures the same thing equally strongly; where not, alpha is below the true reliability. The
    interval assumes normal answers and independent people.

    Limits: It does not show that the items measure *one* thing, and it rises with their number. Skipping an item of the
    scale takes a person out of it (complete answers only), which assumes that those who skip answer like the others.

    Args:
        values: Shape (people, items), reverse-keyed items already turned, NaN where skipped; only people who answered
            every item are used.

    Returns:
        Alpha, or NotEstimable below ten people, with one item, where an item does not vary or the items cancel out.

    >>> steps = np.arange(12.0)
    >>> round(alpha(np.column_stack([steps, steps + 1, steps % 5])).value, 4)
    0.7473
    """
    answered = complete(values)
    reason = unusable(answered)
    if reason is not None:
        return reason
    n, items = answered.shape
    covariances = np.cov(answered, rowvar=False)
    apart, total = float(np.trace(covariances)), float(covariances.sum())
    if total < apart * SMALLEST:
        return APART
    value = items / (items - 1) * (1 - apart / total)
    low, high = (
        1 - (1 - value) * float(fdtri(n - 1, (n - 1) * (items - 1), p)) for p in ((1 + LEVEL) / 2, (1 - LEVEL) / 2)
    )
    return Consistency("alpha", value, low, high, n)


def spearman_brown(values: NDArray[np.float64]) -> Consistency | NotEstimable:
    """Return the reliability of a scale of two items: 2 r / (1 + r), with r the correlation of the two.

    The interval is Fisher's for r, tanh(atanh r -+ 1.96 / sqrt(n - 3)), carried over.

    Source: R. Eisinga, M. te Grotenhuis and B. Pelzer (2013), The reliability of a two-item scale: Pearson, Cronbach,
    or Spearman-Brown? International Journal of Public Health 58.

    Assumes: both items measure the same thing equally strongly.

    Limits: Two items say little; the interval is wide. Complete answers only, as for alpha.

    Args:
        values: Shape (people, 2), reverse-keyed items already turned, NaN where skipped; only people who answered both
            are used.

    Returns:
        The coefficient, 0 to 1, or NotEstimable below ten people, where an item does not vary or the items do not go
        together.

    >>> steps = np.arange(12.0)
    >>> round(spearman_brown(np.column_stack([steps, steps // 3])).value, 4)
    0.9856
    """
    answered = complete(values)
    reason = NOT_TWO if answered.shape[1] != TWO else unusable(answered)
    if reason is not None:
        return reason
    covariances = np.cov(answered, rowvar=False)
    r = float(covariances[0, 1]) / sqrt(float(covariances[0, 0]) * float(covariances[1, 1]))
    if r <= 0:
        return APART
    reach = float(ndtri((1 + LEVEL) / 2)) / sqrt(len(answered) - 3)
    middle = atanh(min(r, 1 - 1e-12))
    value, low, high = (2 * at / (1 + at) for at in (r, tanh(middle - reach), tanh(middle + reach)))
    return Consistency("spearman-brown", value, low, high, len(answered))


def complete(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the answers of those who answered every item: shape (people, items), NaN nowhere."""
    table = np.asarray(values, dtype=np.float64)
    return table[~np.isnan(table).any(axis=1)]


def unusable(answered: NDArray[np.float64]) -> NotEstimable | None:
    """Return why no coefficient can be had of complete answers, None where one can."""
    if answered.shape[1] < TWO:
        return ONE_ITEM
    if len(answered) < PEOPLE:
        return FEW_PEOPLE
    return None if np.ptp(answered, axis=0).all() else NO_VARIATION
