"""How much of a scale's spread is the one thing that its items share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.factor import ITEMS, one_factor
from survey.scoring.reliability import complete, unusable

TOO_SHORT = NotEstimable(Sentence("This coefficient needs three questions at least."))
FEWER_THAN_ITEMS = NotEstimable(Sentence("Fewer people than questions answered, too few to look for a common core."))
HEYWOOD = NotEstimable(
    Sentence("The best fit would leave a question less than no spread of its own, so this coefficient is not given.")
)


@dataclass(frozen=True)
class Omega:
    """Omega total of one factor, 0 to 1, with the model that it comes from."""

    value: float
    loadings: tuple[float, ...]
    residuals: tuple[float, ...]
    n: int


def omega(values: NDArray[np.float64]) -> Omega | NotEstimable:
    """Return omega total of the model with one common factor.

    omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of residual variances), both from the maximum likelihood
    fit of one factor to the covariances (n in the denominator).

    Three coefficients are called omega. This is the composite reliability of a one-factor model, as from lavaan's or
    Mplus's one-factor model. It is not omega total of a Schmid-Leiman solution (the one that psych::omega prints
    first, which counts group factors as common and is higher), and not omega hierarchical (a general factor beside
    group factors, lower). Unlike alpha it does not take for granted that every item weighs the same.

    Source: R. P. McDonald (1999), Test theory: a unified treatment, 89 f.

    Assumes: one factor, residuals that do not go together, answers that may be treated as numbers.

    Limits: From three items on and from ten people; with two items nothing tells loadings apart. Items that come in
    groups (the facets of adaptive performance) share more within their group than the one factor knows, which makes the
    coefficient too high. A residual variance that is not above 0 (a Heywood case) is an improper solution: the
    coefficient, near 1 then, is refused, however good it looks.

    Args:
        values: Shape (people, items), reverse-keyed items already turned, NaN where skipped; only people who answered
            every item are used.

    Returns:
        Omega with its model, or NotEstimable with the reason.

    >>> steps = np.arange(12.0)
    >>> answers = np.column_stack([steps + 3 * (steps % 2), steps + 2 * (steps % 3), steps + 2 * (steps % 4)])
    >>> round(omega(answers).value, 4)
    0.9456
    """
    answered = complete(values)
    if answered.shape[1] < ITEMS:
        return TOO_SHORT
    reason = unusable(answered)
    if reason is not None:
        return reason
    n, items = answered.shape
    if n <= items:
        return FEWER_THAN_ITEMS
    model = one_factor(np.cov(answered, rowvar=False, ddof=0))
    if isinstance(model, NotEstimable):
        return model
    if not model.proper:
        return HEYWOOD
    common = sum(model.loadings) ** 2
    return Omega(common / (common + sum(model.residuals)), model.loadings, model.residuals, n)
