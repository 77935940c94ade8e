"""Total motivation of one set of motives, and the guard of its signs."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, TypeVar

from survey.instruments.model import Composite, Instrument
from survey.scoring.columns import ColumnSpec
from survey.scoring.measure import Measure
from survey.scoring.measure import composite as measure_of

Number = TypeVar("Number", int, float, Fraction)

DIRECTIONS: Final = {"direct": 1, "indirect": -1}


def rescale(value: Fraction, source: tuple[int, int], target: tuple[int, int] = (1, 7)) -> Fraction:
    """Bring a score to another range: t_low + (value - s_low) * (t_high - t_low) / (s_high - s_low).

    Source: linear rescaling, which keeps the order and the ends; a 1..5 item becomes 1 + (x - 1) * 6 / 4.

    Assumes: both ranges ask for the same thing in equal steps, from the same end to the same end.

    Limits: people use five steps otherwise than seven; scores from different ranges can be looked at side by side, but
    the difference between them is partly one of the ranges.

    Raises:
        ValueError: The source range is empty, or the value lies outside it.

    >>> rescale(Fraction(3), (1, 5)), rescale(Fraction(6), (0, 6))
    (Fraction(4, 1), Fraction(7, 1))
    """
    if not source[0] <= value <= source[1] or source[0] == source[1]:
        raise ValueError(f"{value} is no score on the range {source[0]} to {source[1]}")
    return target[0] + (value - source[0]) * Fraction(target[1] - target[0], source[1] - source[0])


def total_motivation(motives: Mapping[str, Number], composite: Composite) -> Fraction | float:
    """Return the index of one person's, or one group's mean, motives.

    10 play + 5 purpose + 5/3 potential - 5/3 emotional pressure - 5 economic pressure - 10 inertia.

    Source: N. Doshi and L. McGregor, Primed to Perform, 2015. The authors state the ratios 2 and 3 between
    neighbouring weights; 5/3 and not 1.66 is used, since only it reaches the ends of the range (decision 0004). Inertia
    is an indirect motive: it is subtracted.

    Assumes: answers stand in equal steps, and the six motives make the index together: it is formative, so that they
    need not go together. The weights are the authors'; no answers of this company made them.

    Limits: neither a percentage nor a grade. Different motives can give the same index (who is pulled both ways has 0,
    and so has who feels nothing), so the six stand beside it; who gives one and the same answer to all has exactly 0.
    The weights are taken over, not tested here: `twin` shows the same answers without them.

    Args:
        motives: Each motive of the composite, on the composite's range, 1 to 7 (see `rescale` for other ranges). Exact
            numbers give an exact Fraction, floats a float.
        composite: The weights, exact rationals (`instrument.index`).

    Returns:
        The index in points, -100 to +100 with the default instrument; neither a percentage nor a grade.

    Raises:
        ValueError: A motive is missing, unknown, or outside the range.

    >>> from survey.instruments.load import builtin
    >>> motives = {"play": 6, "purpose": 6, "potential": 5}
    >>> motives |= {"emotional_pressure": 2, "economic_pressure": 3, "inertia": 2}
    >>> total_motivation(motives, builtin("total-motivation").index)
    Fraction(60, 1)
    """
    weights = composite.fractions
    if set(motives) != set(weights):
        raise ValueError(f"the index needs {', '.join(weights)}, and got {', '.join(motives)}")
    if composite.rescale:
        low, high = composite.rescale
        outside = {motive: value for motive, value in motives.items() if not low <= value <= high}
        if outside:
            raise ValueError(f"outside {low} to {high}: {outside}")
    total: Fraction | float = sum((weights[motive] * value for motive, value in motives.items()), Fraction(0))
    return total


def index_measure(instrument: Instrument, columns: tuple[ColumnSpec, ...]) -> Measure:
    """Return the instrument's index over its motives as a measure, its signs guarded.

    Raises:
        ValueError: The instrument has no index, or `check_signs` finds a wrong sign.
    """
    if instrument.index is None:
        raise ValueError(f"{instrument.id} has no composite over its motives")
    check_signs(instrument, instrument.index)
    return measure_of(instrument.index, columns)


def check_signs(instrument: Instrument, index: Composite) -> None:
    """Raise ValueError unless direct motives are added and indirect ones, inertia too, are subtracted.

    The card that this product started from says "plus inertia". Inertia is the most destructive motive: were it added,
    people who go on without knowing why would score as the most motivated.
    """
    for motive, weight in index.fractions.items():
        direction = instrument.scale(motive).direction
        if weight * DIRECTIONS[direction] <= 0:
            raise ValueError(f"{motive} is {direction}: its weight {weight} has the wrong sign")
