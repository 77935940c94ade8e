"""How each item goes together with the rest of its scale."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.reliability import SMALLEST, Consistency, alpha, complete, unusable

TWO_ITEMS = NotEstimable(Sentence("Without this question one is left, and one question alone has no consistency."))
REST_ALIKE = NotEstimable(Sentence("The other questions of this scale add up to the same for everybody."))


@dataclass(frozen=True)
class ItemRest:
    """One item against the other items of its scale."""

    correlation: float | NotEstimable
    """Corrected item-rest correlation, -1 to 1."""
    without: float | NotEstimable
    """Cronbach's alpha of the other items."""


def item_rest(values: NDArray[np.float64]) -> tuple[ItemRest, ...] | NotEstimable:
    """Return, for each item, its correlation with the sum of the other items, and alpha without it.

    r(i) = cov(x_i, rest) / (sd(x_i) sd(rest)), rest = sum of the other items. The item is left out of the sum
    ("corrected"), since it would otherwise be correlated with itself. Alpha without an item is Cronbach's alpha of the
    others, two of them included, as in psych::alpha's `drop`.

    Source: G. W. Bohrnstedt (1969), A quick method for determining the reliability and validity of multiple-item
    scales, American Sociological Review 34; J. C. Nunnally and I. H. Bernstein (1994), Psychometric theory, 3rd ed.

    Assumes: items turned so that they all point the same way.

    Limits: An item near 0 asks for something else, a negative one is perhaps keyed the wrong way. Both statistics are
    of this sample: an item is not to be dropped because alpha would be a little higher. With two items only the
    correlation is given.

    Args:
        values: Shape (people, items), NaN where skipped; only people who answered every item are used.

    Returns:
        One ItemRest an item, in their order, or NotEstimable below ten people, with one item, or where an item does not
        vary.

    >>> steps = np.arange(12.0)
    >>> [round(item.correlation, 4) for item in item_rest(np.column_stack([steps, steps + 1, steps % 5]))]
    [0.9301, 0.9301, 0.0934]
    """
    answered = complete(values)
    reason = unusable(answered)
    if reason is not None:
        return reason
    return tuple(_item(answered, place) for place in range(answered.shape[1]))


def _item(values: NDArray[np.float64], place: int) -> ItemRest:
    others = np.delete(values, place, axis=1)
    rest = others.sum(axis=1)
    if float(rest.var()) < float(others.var(axis=0).sum()) * SMALLEST:
        return ItemRest(REST_ALIKE, REST_ALIKE)
    covariances = np.cov(values[:, place], rest)
    r = float(covariances[0, 1]) / sqrt(float(covariances[0, 0]) * float(covariances[1, 1]))
    if others.shape[1] == 1:
        return ItemRest(r, TWO_ITEMS)
    left = alpha(others)
    return ItemRest(r, left.value if isinstance(left, Consistency) else left)
