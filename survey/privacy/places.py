"""Where units of tier two truly stand on the tactical x adaptive map, made of published means and the pooled spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from survey.privacy.figures import kept
from survey.privacy.record import Position
from survey.privacy.scored import Scored
from survey.privacy.shrunken import ends, kinds_of
from survey.scoring import quadrant
from survey.scoring.estimable import NotEstimable
from survey.scoring.measure import balance
from survey.scoring.moments import Moments
from survey.scoring.population import Population, Shrunken, population, shrink
from survey.scoring.position import ADAPTIVE, TACTICAL, Covariance, Placed


@dataclass(frozen=True)
class Place:
    """What is told of a unit's place on the map."""

    label: quadrant.Quadrant
    probability: float
    position: Position | None
    quadrants: dict[quadrant.Quadrant, float] = field(default_factory=dict)


NOWHERE = Place("cannot tell yet", 0.0, None)


def places_on_map(scored: Scored, *, two_axes: bool) -> dict[str, Place]:
    """Return the places of the units of tier two, rounded for good; {} where they cannot be told.

    The company as a whole is drawn nowhere: it stands where it was seen.
    """
    drawn = _shrunken(scored)
    places = {
        code: _place(scored, code, found.shares, kept_position(found.position, found.region), two_axes=two_axes)
        for code, found in drawn.items()
    }
    whole = scored.placed(scored.root) if drawn and scored.root in scored.detailed else None
    if isinstance(whole, Placed):
        places[scored.root] = _place(
            scored, scored.root, quadrant.probabilities(whole.position), None, two_axes=two_axes
        )
    return places


def _place(
    scored: Scored, code: str, shares: Mapping[quadrant.Quadrant, float], true: Position | None, *, two_axes: bool
) -> Place:
    name = quadrant.label(shares, scored.moments[code].n, two_axes=two_axes)
    told = {quarter: kept(share) for quarter, share in shares.items()}
    return Place(name, max(told.values()), true, told)


def kept_position(position: quadrant.Position, region: quadrant.Region) -> Position:
    """Round a position and its 95 % region for good."""
    return Position(
        kept(position.tactical),
        kept(position.adaptive),
        kept(region.radius_major),
        kept(region.radius_minor),
        kept(region.angle),
    )


def _shrunken(scored: Scored) -> dict[str, Shrunken]:
    """Return where each unit of tier two truly stands; {} where that cannot be told.

    Towards those of its declared type that hold no other one of it, from ten on; where the type is not declared or has
    fewer, towards all shown units that hold no other shown one.
    """
    if not {ADAPTIVE, TACTICAL} <= scored.scales:
        return {}
    pooled = scored.pooled(ADAPTIVE, TACTICAL, balance(scored.specs))
    if isinstance(pooled, NotEstimable):
        return {}
    spread = (pooled.variance(TACTICAL), pooled.variance(ADAPTIVE), pooled.covariance(TACTICAL, ADAPTIVE))
    kinds = kinds_of(scored)
    everywhere = _learnt(scored, ends(scored, dict.fromkeys(kinds, (False, ""))), spread, pooled.df)
    if isinstance(everywhere, NotEstimable):
        return {}
    found: dict[str, Shrunken] = {}
    for kind in dict.fromkeys(kinds.values()):
        codes = [code for code, of in kinds.items() if of == kind and code != scored.root]
        alike = ends(scored, {code: kinds[code] for code in codes}) if any(kind) else ()
        own = _learnt(scored, alike, spread, pooled.df)
        among = everywhere if isinstance(own, NotEstimable) else own
        found |= {
            code: shrink(_seen(scored.moments[code]), scored.moments[code].n, among)
            for code in codes
            if code in scored.detailed
        }
    return found


def _learnt(scored: Scored, codes: Sequence[str], spread: Covariance, df: float) -> Population | NotEstimable:
    units = [scored.moments[code] for code in codes]
    means = np.array([_seen(unit) for unit in units], dtype=np.float64).reshape(-1, 2)
    return population(means, [unit.n for unit in units], spread, df)


def _seen(unit: Moments) -> tuple[float, float]:
    return float(unit.mean(TACTICAL)), float(unit.mean(ADAPTIVE))
