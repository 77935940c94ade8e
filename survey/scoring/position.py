"""A unit on the tactical x adaptive map, from its moments."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.moments import Moments
from survey.scoring.quadrant import Position, Region, region
from survey.scoring.summaries import NOBODY, OWN_FROM
from survey.scoring.within import Within

ADAPTIVE: Final = "adaptive"
TACTICAL: Final = "tactical"
"""The two behaviour scales of the map."""

FLAT = NotEstimable(Sentence("The answers on the two kinds of performance do not differ enough to judge chance."))

Covariance = tuple[float, float, float]
"""Variance of tactical, variance of adaptive, covariance: within a group, for one person."""


@dataclass(frozen=True)
class Placed:
    """A unit's observed position and its 95 % region."""

    position: Position
    region: Region


def place(unit: Moments, pooled: Within | NotEstimable) -> Placed | NotEstimable:
    """Return where a unit was seen to stand on the map, and the region of chance around it.

    The spread is the unit's own from 10 people on, else, or where its own answers do not vary, the pooled one.

    Args:
        unit: Moments of the unit, with the columns adaptive and tactical.
        pooled: The within-unit spread of the company.

    Returns:
        Position and region, or NotEstimable where nobody answered or no spread is to be had.
    """
    if unit.n == 0:
        return NOBODY
    if unit.n >= OWN_FROM and unit.products is not None:
        own = (
            float(unit.variance(TACTICAL)),
            float(unit.variance(ADAPTIVE)),
            float(unit.covariance(TACTICAL, ADAPTIVE)),
        )
        if _round(own):
            return _placed(unit, own, unit.n - 1)
    if isinstance(pooled, NotEstimable):
        return pooled
    shared = (pooled.variance(TACTICAL), pooled.variance(ADAPTIVE), pooled.covariance(TACTICAL, ADAPTIVE))
    return _placed(unit, shared, pooled.df) if pooled.df > 1 and _round(shared) else FLAT


def _round(spread: Covariance) -> bool:
    """Return whether the spread goes in both directions, so that a region has an area."""
    tactical, adaptive, both = spread
    return both * both < tactical * adaptive * (1 - 1e-9)


def _placed(unit: Moments, spread: Covariance, df: float) -> Placed:
    tactical, adaptive, both = (part / unit.n for part in spread)
    errors = sqrt(tactical), sqrt(adaptive)
    position = Position(float(unit.mean(TACTICAL)), float(unit.mean(ADAPTIVE)), *errors, both / (errors[0] * errors[1]))
    return Placed(position, region((tactical, adaptive, both), df))
