"""Where units of tier two truly stand on the tactical x adaptive map, made of published means and the pooled spread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from survey.privacy.figures import kept
from survey.privacy.record import Position
from survey.privacy.scored import Scored
from survey.scoring import quadrant
from survey.scoring.estimable import NotEstimable
from survey.scoring.measure import balance
from survey.scoring.moments import Moments
from survey.scoring.population import LEAST, Population, Shrunken, population, shrink
from survey.scoring.position import ADAPTIVE, TACTICAL, Covariance


@dataclass(frozen=True)
class Place:
    """What is told of a unit's place on the map."""

    label: quadrant.Quadrant
    probability: float
    position: Position | None
    quadrants: dict[quadrant.Quadrant, float] = field(default_factory=dict)


NOWHERE = Place("cannot tell yet", 0.0, None)


def places_on_map(scored: Scored, *, two_axes: bool) -> dict[str, Place]:
    """Return the places of the units of tier two, rounded for good; {} where they cannot be told."""
    return {
        code: Place(
            quadrant.label(found.shares, scored.moments[code].n, two_axes=two_axes),
            kept(max(found.shares.values())),
            kept_position(found.position, found.region),
            {name: kept(share) for name, share in found.shares.items()},
        )
        for code, found in _shrunken(scored).items()
    }


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

    A unit is drawn towards the shown units of its declared kind where there are ten of them, else towards all published
    cells; the company as a whole too.
    """
    if not {ADAPTIVE, TACTICAL} <= scored.scales:
        return {}
    pooled = scored.pooled(ADAPTIVE, TACTICAL, balance(scored.specs))
    if isinstance(pooled, NotEstimable):
        return {}
    spread = (pooled.variance(TACTICAL), pooled.variance(ADAPTIVE), pooled.covariance(TACTICAL, ADAPTIVE))
    everywhere = _population(scored.cell_moments, spread, pooled.df)
    if isinstance(everywhere, NotEstimable):
        return {}
    kinds = {unit.code: unit.kind for unit in scored.inputs.tree.units}
    others = {
        kind: _population([scored.moments[code] for code in codes], spread, pooled.df)
        for kind, codes in _of_a_kind(scored, kinds).items()
        if kind and len(codes) >= LEAST
    }
    found: dict[str, Shrunken] = {}
    for code in scored.partition.shown:
        if code in scored.detailed:
            among = others.get(kinds[code], everywhere)
            unit = scored.moments[code]
            mean = float(unit.mean(TACTICAL)), float(unit.mean(ADAPTIVE))
            found[code] = shrink(mean, unit.n, everywhere if isinstance(among, NotEstimable) else among)
    return found


def _population(groups: Iterable[Moments], spread: Covariance, df: float) -> Population | NotEstimable:
    there = [group for group in groups if group.n]
    means = [(float(group.mean(TACTICAL)), float(group.mean(ADAPTIVE))) for group in there]
    return population(np.array(means).reshape(-1, 2), [group.n for group in there], spread, df)


def _of_a_kind(scored: Scored, kinds: dict[str, str]) -> dict[str, Sequence[str]]:
    """Return the shown units by kind, without those that hold another one of their kind: so no two share a person."""
    cut = scored.partition
    holds = set[str]()
    for place, code in enumerate(cut.shown):
        above = cut.above[place]
        while above >= 0:
            if kinds[cut.shown[above]] == kinds[code]:
                holds.add(cut.shown[above])
            above = cut.above[above]
    found: dict[str, list[str]] = {}
    for code in cut.shown:
        if code not in holds:
            found.setdefault(kinds[code], []).append(code)
    return {kind: tuple(codes) for kind, codes in found.items()}
