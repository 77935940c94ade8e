"""What holds each scale together: omega, and every question against the rest of its scale.

Of the company in tier two only, and only of questions and scales whose answers are not too alike to tell anything of
(docs/decisions/0034-answers-too-alike.md). Over those who skipped nothing of the scale, so that not more than the
printed digits is kept: from more the few who did could be told by difference.
"""

import numpy as np
from numpy.typing import NDArray

from survey.privacy.alike import SQUARES
from survey.privacy.evidence import ItemRest, ScaleEvidence
from survey.privacy.figures import MEAN, Figure, NotEstimable, because, figure
from survey.privacy.scored import TOO_ALIKE, TOO_FEW, Scored
from survey.scoring import estimable, item_rest
from survey.scoring.columns import item_values
from survey.scoring.measure import COMMON
from survey.scoring.omega import omega
from survey.scoring.reliability import NO_VARIATION

ALIKE = (NO_VARIATION, item_rest.REST_ALIKE)
"""Reasons that would tell what everybody answered."""


def scale_evidence(scored: Scored) -> list[ScaleEvidence]:
    """Return omega and the item-rest statistics of every scale of two items and more that was asked."""
    scales = (spec.scale for spec in scored.specs if len(scored.instrument.items_of(spec.scale)) > 1)
    return [_scale(scored, scale) for scale in scales]


def withheld(scored: Scored, scale: str) -> estimable.NotEstimable | None:
    """Return why nothing may be told of what holds a scale together, None where it may."""
    if scored.root not in scored.detailed:
        return TOO_FEW
    return None if scored.root in scored.telling(scale) else TOO_ALIKE


def coefficient(found: float | estimable.NotEstimable) -> Figure | NotEstimable:
    """Round a coefficient for good; a reason that would tell what everybody answered becomes a general one."""
    if isinstance(found, estimable.NotEstimable):
        return because(TOO_ALIKE if found in ALIKE else found)
    return figure(round(found, MEAN.digits), MEAN)


def _scale(scored: Scored, scale: str) -> ScaleEvidence:
    reason = withheld(scored, scale)
    if reason is not None:
        return ScaleEvidence(scale, because(reason), [])
    values = item_values(scored.answers, scored.instrument, scale)
    common, items = omega(values), item_rest.item_rest(values)
    told = common if isinstance(common, estimable.NotEstimable) else common.value
    if isinstance(items, estimable.NotEstimable):
        return ScaleEvidence(scale, coefficient(told), [])
    return ScaleEvidence(scale, coefficient(told), _items(scored, scale, values, items))


def _items(
    scored: Scored, scale: str, values: NDArray[np.float64], found: tuple[item_rest.ItemRest, ...]
) -> list[ItemRest]:
    asked, apart = scored.instrument.items_of(scale), _squares(scored, values)
    stretch = [(COMMON[1] - COMMON[0]) / (item.max - item.min) for item in asked]
    return [
        ItemRest(
            item.id,
            because(TOO_ALIKE) if squares * wide**2 < SQUARES else coefficient(one.correlation),
            coefficient(one.without),
        )
        for item, one, squares, wide in zip(asked, found, apart, stretch, strict=True)
    ]


def _squares(scored: Scored, values: NDArray[np.float64]) -> list[float]:
    """Return each item's sum of squares within the published cells."""
    found = []
    for column in values.T:
        given = ~np.isnan(column)
        cells, answers = scored.cells[given], column[given]
        people = np.maximum(np.bincount(cells), 1)
        means = np.bincount(cells, weights=answers) / people
        found.append(float(((answers - means[cells]) ** 2).sum()))
    return found
