"""Where a unit's gap to the rest of the company comes from: the part of each motive in points of the index."""

from dataclasses import dataclass
from fractions import Fraction

from survey.scoring.measure import Measure
from survey.scoring.moments import Moments


@dataclass(frozen=True)
class Gap:
    """Exact: the parts add up to `gap` to the last digit."""

    gap: Fraction
    """The unit's index minus that of the rest, in points of the index."""
    parts: dict[str, Fraction]
    """By motive, in points of the index."""
    shift: Fraction
    """The unit's average shift over the motives, in points of the answer scale, removed before the parts were made."""


def contributions(unit: Moments, rest: Moments, index: Measure) -> Gap:
    """Split the gap of the index between a unit and the rest of the company into one part for each motive.

    d(m) = mean of motive m in the unit - in the rest; shift = mean of all d(m); part(m) = weight(m) (d(m) - shift).
    Who says yes to everything (acquiescence) raises all six d alike: that cancels in the index, whose weights sum to
    zero, but not in its parts; so it is taken out, and the parts still add up to the gap. Where the weights do not sum
    to zero nothing is taken out.

    Source: the linear decomposition of a difference of weighted sums (arithmetic); the removal of the person's or
    group's mean ("ipsatising") against acquiescence is decision 0004.

    Assumes: a shift of all motives at once, direct and indirect, is a habit of answering.

    Limits: where a unit really has more of all six, that is taken out as well. The parts say of what the gap is made,
    not what made it, and follow the weights: play and inertia have the largest.

    Args:
        unit: Moments of the unit.
        rest: Moments of everybody else: `company - unit`.
        index: The index as a measure (`index.index_measure`); its weights are on the scales' own ranges.

    Returns:
        The gap, its parts and the shift, exact.

    Raises:
        ValueError: The unit or the rest is empty.

    >>> import numpy as np
    >>> from survey.scoring.columns import ColumnSpec
    >>> from survey.scoring.moments import moments_by_unit
    >>> two = tuple(ColumnSpec(motive, 1, 1, 7) for motive in ("play", "inertia"))
    >>> unit, rest = moments_by_unit(np.array([[7, 4], [4, 3]]), np.array([0, 1], dtype=np.int32), 2, two)
    >>> gap = contributions(unit, rest, Measure("index", (("play", Fraction(10)), ("inertia", Fraction(-10)))))
    >>> str(gap.gap), str(gap.shift), {motive: str(part) for motive, part in gap.parts.items()}
    ('20', '2', {'play': '10', 'inertia': '10'})
    """
    weights = dict(index.weights)
    apart = {scale: unit.mean(scale) - rest.mean(scale) for scale in weights}
    shift = sum(apart.values(), Fraction(0)) / len(apart) if sum(weights.values()) == 0 else Fraction(0)
    parts = {scale: weight * (apart[scale] - shift) for scale, weight in weights.items()}
    return Gap(sum(parts.values(), Fraction(0)), parts, shift)
