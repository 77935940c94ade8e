"""Where units of tier two truly stand: from published means and the pooled spread, towards which others."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from survey.privacy.figures import kept
from survey.privacy.gate import decide
from survey.privacy.places import NOWHERE, kept_position, places_on_map
from survey.privacy.policy import Policy
from survey.privacy.record import Position
from survey.privacy.scored import Scored, score
from survey.scoring import quadrant
from survey.scoring.measure import balance
from survey.scoring.population import Population, population, shrink
from survey.scoring.position import Placed
from survey.scoring.within import Within
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_freeze_edges import without
from tests.privacy.test_units_told import of_kind

STORES = tuple(f"S{place:02}" for place in range(10))
OTHERS = ("A", "B", "C", "D")
PICTURE = (
    "Company\n  East\n"
    + "".join(f"    {code} {11 + place}\n" for place, code in enumerate(STORES))
    + "  West\n    A 12\n    B 7\n  C 14\n  D 30\n"
)


def stores(declared: int = 10) -> Scored:
    """A company of four teams and ten stores, so many of them declared; East and the company are called stores too."""
    inputs = company(PICTURE)
    for place, code in enumerate(STORES):
        for item in instrument().items_of("tactical"):
            inputs = answered(inputs, code, item.id, [2 + place % 3, 3, 2, 4] * 6)
        for item in instrument().items_of("adaptive"):
            inputs = answered(inputs, code, item.id, [5, 6, 7, 4 + place % 3] * 6)
    kinds = dict.fromkeys([*STORES[:declared], "East", "Company"], "store")
    inputs = of_kind(inputs, **kinds, C="office")
    return score(inputs, decide(inputs))


def learnt(scored: Scored, codes: Iterable[str]) -> Population:
    """What the means of these units say about true places."""
    pooled = scored.pooled("adaptive", "tactical", balance(scored.specs))
    assert isinstance(pooled, Within)
    units = [scored.moments[code] for code in codes]
    means = np.array([(float(unit.mean("tactical")), float(unit.mean("adaptive"))) for unit in units])
    spread = pooled.variance("tactical"), pooled.variance("adaptive"), pooled.covariance("tactical", "adaptive")
    made = population(means, [unit.n for unit in units], spread, pooled.df)
    assert isinstance(made, Population)
    return made


def rounded(position: quadrant.Position, region: quadrant.Region) -> Position:
    """A position with its region in six digits."""
    return Position(
        *(kept(part) for part in (position.tactical, position.adaptive)),
        *(kept(part) for part in (region.radius_major, region.radius_minor, region.angle)),
    )


@pytest.mark.parametrize("declared", [10, 9, 0])
@pytest.mark.parametrize("two_axes", [True, False])
def test_units_are_drawn_towards_their_kind_from_ten_on(declared: int, two_axes: bool) -> None:  # noqa: FBT001 - two cases
    """Ten stores are a population of their own, the one that holds them is no part of it; nine are drawn to all.

    So are units of no declared kind, however many they are.
    """
    scored = stores(declared)
    found = places_on_map(scored, two_axes=two_axes)
    everybody, own = learnt(scored, STORES + OTHERS), learnt(scored, STORES)
    assert found.keys() == scored.detailed
    assert {*STORES, "C", "D"} | {"East", "West", "Company"} == scored.detailed
    for code, place in found.items():
        if code == "Company":
            continue
        unit = scored.moments[code]
        towards = own if declared == 10 and code in {*STORES, "East"} else everybody
        where = shrink((float(unit.mean("tactical")), float(unit.mean("adaptive"))), unit.n, towards)
        assert place.position == rounded(where.position, where.region)
        assert place.quadrants == {quarter: kept(share) for quarter, share in where.shares.items()}
        assert place.probability == max(place.quadrants.values())
        assert place.label == quadrant.label(where.shares, unit.n, two_axes=two_axes)
    assert ({place.label for place in found.values()} == {NOWHERE.label}) is not two_axes


def test_the_company_stands_where_it_was_seen() -> None:
    """Quarters of the whole company come from its own position, which is drawn nowhere."""
    scored = stores()
    placed = scored.placed("Company")
    assert isinstance(placed, Placed)
    told = places_on_map(scored, two_axes=True)["Company"]
    shares = quadrant.probabilities(placed.position)
    assert told.position is None
    assert told.quadrants == {quarter: kept(share) for quarter, share in shares.items()}
    assert told.label == quadrant.label(shares, scored.moments["Company"].n, two_axes=True)
    assert kept_position(placed.position, placed.region) == rounded(placed.position, placed.region)


@pytest.mark.parametrize("scale", ["adaptive", "tactical"])
def test_nobody_has_a_place_where_an_axis_is_missing_or_alike(scale: str) -> None:
    """A scale that was not asked, or whose spread may not be told, leaves the map empty; so does tier one."""
    scored = stores()
    inputs = without(scored.inputs, scale)
    assert places_on_map(score(inputs, decide(inputs)), two_axes=True) == {}
    inputs = scored.inputs
    for item in instrument().items_of(scale):
        for code in (*STORES, *OTHERS):
            inputs = answered(inputs, code, item.id, [4] * 30)
    inputs = answered(inputs, "A", instrument().items_of(scale)[0].id, [5])
    assert places_on_map(score(inputs, decide(inputs)), two_axes=True) == {}
    inputs = replace(scored.inputs, policy=Policy(5, 500))
    assert places_on_map(score(inputs, decide(inputs)), two_axes=True) == {}


def test_fewer_than_ten_units_have_no_places() -> None:
    """Nine units are too few to learn from, whatever they are called."""
    inputs = company("Company\n" + "".join(f"  {code} 12\n" for code in STORES[:9]))
    assert places_on_map(score(inputs, decide(inputs)), two_axes=True) == {}


def test_where_the_balance_is_alike_nobody_has_a_place() -> None:
    """Both kinds of performance differ, and their difference hardly does: it would tell everybody's."""
    inputs = stores().inputs
    for code in (*STORES, *OTHERS):
        for scale in ("adaptive", "tactical"):
            for item in instrument().items_of(scale):
                inputs = answered(inputs, code, item.id, [2, 3, 4, 5, 6] * 6)
    inputs = answered(inputs, "A", "tactical_1", [3, 4, 5, 6, 5])
    scored = score(inputs, decide(inputs))
    assert {"Company"} <= scored.telling("adaptive") & scored.telling("tactical")
    assert places_on_map(scored, two_axes=True) == {}
