"""The shade of a cell: how far a number lies from the whole company's, and whether chance alone may have put it there.

A shade is a step of a fixed scale, never a place among the units shown: showing other units changes none.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from reports.comparison.measures import Measure
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import UnitFigures, Verdict

SCALE: Final = (Fraction(1, 24), Fraction(1, 12), Fraction(1, 6))
"""Parts of a scale's range at which a shade grows deeper: 0.25, 0.5 and 1 of answers from 1 to 7."""
INDEX: Final = (Fraction(1, 40), Fraction(1, 20), Fraction(1, 10))
"""The same of the index: 5, 10 and 20 points between -100 and +100."""


@dataclass(frozen=True)
class Shade:
    """How a cell is drawn."""

    step: int
    """-3 to 3: below 0 it weighs on total motivation more than in the company, above 0 less."""
    higher: int
    """-1, 0 or 1: whether the number itself is lower, about the same, or higher than the company's."""
    sure: bool
    """Whether it can be told from chance; drawn pale where not."""


EVEN: Final = Shade(0, 0, sure=False)


def limits(measure: Measure) -> tuple[float, ...]:
    """Return how far from the company a number lies where its shade grows deeper.

    >>> limits(Measure("play", "Play", "motive", 1, 7)), limits(Measure("index", "Index", "index", -100, 100))
    ((0.25, 0.5, 1.0), (5.0, 10.0, 20.0))
    """
    parts = INDEX if measure.kind == "index" else SCALE
    return tuple(float(part * Fraction(measure.high - measure.low)) for part in parts)


def shade(figures: UnitFigures, company: Figure | None, measure: Measure) -> Shade:
    """Return the shade of a unit's number beside the company's.

    For the index the verdict that was fixed at publication decides whether the difference can be told; for everything
    else, of which none was fixed, whether the unit's 95 % interval leaves the company's mean out.
    """
    figure = measure.of(figures)
    if figure is None or company is None:
        return EVEN
    apart = figure.value - company.value
    if measure.kind == "index":
        found = figures.contribution
        return stepped(apart, measure, sure=not isinstance(found, NotEstimable) and told(found.verdict))
    out = figure.low is not None and figure.high is not None and not figure.low <= company.value <= figure.high
    return stepped(apart, measure, sure=out)


def stepped(apart: float, measure: Measure, *, sure: bool) -> Shade:
    """Return the shade of a difference.

    >>> play, inertia = Measure("play", "", "motive", 1, 7), Measure("inertia", "", "motive", 1, 7, heavy=True)
    >>> stepped(0.6, play, sure=True), stepped(0.6, inertia, sure=True).step, stepped(-0.1, play, sure=True).step
    (Shade(step=2, higher=1, sure=True), -2, 0)
    """
    size = sum(abs(apart) >= limit for limit in limits(measure))
    sign = (apart > 0) - (apart < 0)
    return Shade(size * sign * (-1 if measure.heavy else 1), sign if size else 0, sure and size > 0)


def told(verdict: Verdict) -> bool:
    """Whether a verdict tells a difference."""
    return verdict != "no detectable difference"
