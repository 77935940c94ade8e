"""Which motive, or which facet, stands out as the weakest; most often none does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import sqrt
from typing import Final

from survey.instruments.model import Instrument
from survey.scoring.estimable import NotEstimable
from survey.scoring.measure import Measure
from survey.scoring.moments import Moments
from survey.scoring.special import stdtrit
from survey.scoring.within import Within

LEVEL: Final = 0.05
"""Chance, at most, that some scale is named in a unit that is like the rest in all of them."""

APART: Final = 1.0
"""The weakest must lie this many standard errors below the second weakest."""

NONE: Final = ""


@dataclass(frozen=True)
class Standing:
    """One scale of a unit: how far it is on the good side of the rest, in within-unit standard deviations."""

    scale: str
    distance: float
    measure: Measure


def weakest_motive(unit: Moments, rest: Moments, pooled: Within | NotEstimable, instrument: Instrument) -> str:
    """Return the motive that stands out as weakest, or "" where none does; indirect motives are weak where high."""
    signs = {scale.id: 1 if scale.direction == "direct" else -1 for scale in instrument.motives}
    return weakest(unit, rest, pooled, signs, centred=True)


def weakest_facet(unit: Moments, rest: Moments, pooled: Within | NotEstimable, instrument: Instrument) -> str:
    """Return the facet of adaptive performance that stands out as weakest, or "" where none does."""
    facets = {scale.id: 1 for scale in instrument.scales if scale.kind == "facet"}
    return weakest(unit, rest, pooled, facets, centred=False)


def weakest(
    unit: Moments, rest: Moments, pooled: Within | NotEstimable, signs: Mapping[str, int], *, centred: bool
) -> str:
    """Return the scale that stands out as weakest against the rest of the company, or "" where none is clear.

    distance(m) = sign(m) (d(m) - shift) / s(m), with d(m) the difference of means, shift the mean of all d (only where
    `centred`: acquiescence moves every d alike) and s(m) the company's within-unit standard deviation. No weight is
    used: the index's weights would nearly always name play or inertia. A scale is named only if (1) its distance is
    below 0 at the 5 % level, one-sided, divided by the number of scales, since the lowest of six is low by chance, and
    (2) it lies at least one standard error of their difference below the second lowest.

    Source: the division of the level is Bonferroni's inequality: O. J. Dunn (1961), Multiple comparisons among means,
    Journal of the American Statistical Association 56; the second condition is ours.

    Assumes: answers are spread alike in all units, and means are nearly normal.

    Limits: weak against the rest of this company, not by itself. Where none is named, that is no proof that all are
    alike.

    Args:
        unit: Moments of the unit.
        rest: Moments of everybody else.
        pooled: The within-unit spread of the company.
        signs: By scale, 1 where high is good and -1 where high is bad.
        centred: Remove the unit's average shift over the scales first.

    Returns:
        The scale's id or "": also where groups are empty, or a scale has no spread within units.

    >>> import numpy as np
    >>> from survey.scoring.columns import ColumnSpec
    >>> from survey.scoring.moments import moments_by_unit
    >>> from survey.scoring.within import within
    >>> two = ColumnSpec("creativity", 1, 1, 7), ColumnSpec("citizenship", 1, 1, 7)
    >>> scores, units = np.array([[2, 4], [3, 5], [2, 4]] + [[5, 4], [6, 5]] * 5), np.repeat([0, 1], [3, 10])
    >>> groups = moments_by_unit(scores, units.astype(np.int32), 2, two)
    >>> weakest(*groups, within(groups, two), {"creativity": 1, "citizenship": 1}, centred=False)
    'creativity'
    """
    if isinstance(pooled, NotEstimable) or not unit.n or not rest.n or not signs:
        return NONE
    measures = _distances(pooled, tuple(signs.items()), centred=centred)
    standings = [Standing(of.name, float(unit.mean(of) - rest.mean(of)), of) for of in measures]
    if not standings:
        return NONE
    return _clear(standings, pooled, 1 / unit.n + 1 / rest.n)


def _clear(standings: Sequence[Standing], pooled: Within, crowd: float) -> str:
    """Return the lowest scale where it is surely low and lies apart from the second lowest; `crowd` is 1/n + 1/n."""
    first, *others = sorted(standings, key=lambda standing: standing.distance)
    limit = float(stdtrit(pooled.df, LEVEL / len(standings)))
    if first.distance > limit * sqrt(pooled.variance(first.measure) * crowd):
        return NONE
    if others and others[0].distance - first.distance < APART * _error_apart(pooled, first, others[0], crowd):
        return NONE
    return first.scale


@lru_cache(maxsize=16)
def _distances(pooled: Within, signs: tuple[tuple[str, int], ...], *, centred: bool) -> tuple[Measure, ...]:
    """Return each scale's distance as a measure, the same for all units; none where a scale has no spread."""
    spreads = {scale: sqrt(pooled.variance(scale)) for scale, _ in signs}
    if not all(spreads.values()):
        return ()
    share = Fraction(1, len(signs)) if centred else Fraction(0)
    sizes = {scale: sign / Fraction(spreads[scale]) for scale, sign in signs}
    return tuple(
        Measure(
            scale, tuple((other, size * ((other == scale) - share)) for other in sizes if centred or other == scale)
        )
        for scale, size in sizes.items()
    )


def _error_apart(pooled: Within, first: Standing, second: Standing, crowd: float) -> float:
    one, two = (pooled.variance(standing.measure) for standing in (first, second))
    return sqrt(max(one + two - 2 * pooled.covariance(first.measure, second.measure), 0.0) * crowd)
