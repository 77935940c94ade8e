"""Sums of a second cut inside a published distribution: never so few people's that it tells their answers."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from survey.privacy.cut_alike import narrowed
from survey.privacy.cut_layers import Responses, cells_of
from survey.privacy.gate import decide
from survey.privacy.inputs import WaveInputs
from survey.privacy.scored import Scored, score
from survey.privacy.strict import Move
from tests.privacy.companies import answered, company
from tests.privacy.test_second_cut import became, cut, plan

PAIRS = """
    Company
      Desk
        East 6
        North 6
      Help
        South 6
        West 6
      Shop
        Front 6
        Back 6
"""
"""Somebody new came into every team, so that none is told apart from its sister."""


def pairs(*of_one_mind: str) -> WaveInputs:
    """The company of pairs, in which everybody of some teams answered 7 to play; only the company tells more than sums.

    Whoever is in another team answered one of 1 to 6.
    """
    inputs = company(PAIRS)
    teams = [(unit.parent or "", unit.code) for unit in inputs.tree.units if not inputs.tree.children(unit.code)]
    for _, team in teams:
        inputs = answered(inputs, team, "play", [7] * 6 if team in of_one_mind else [1, 2, 3, 4, 5, 6])
    moves = tuple(Move((), ("Company", above, team)) for above, team in teams)
    return replace(inputs, strict=True, moves=moves, policy=replace(inputs.policy, detail_k=20))


def told_too_much_of(inputs: WaveInputs, places: dict[str, str]) -> set[str]:
    """The teams in whose pool somebody would be narrowed, were all groups of this cut shown."""
    scored, groups = score(inputs, decide(inputs)), plan(places)
    assert scored.telling("play") == {"Company"}
    units = teams_of(scored)
    cells = cells_of(groups, sorted(set(places.values())), units)
    return {units[row] for row in narrowed(scored, [Responses(scored).published(scored)], cells)}


def teams_of(scored: Scored) -> list[str]:
    """The team of each response; all of them count."""
    return [scored.inputs.facts[place].unit.code for place in scored.inputs.table.units]


def test_a_team_of_one_mind_is_not_told_inside_a_distribution() -> None:
    """All of East answered 7, which nobody else did: its sum would say so, whoever else is in a group of the cut."""
    inputs = pairs("East")
    assert told_too_much_of(inputs, {"East": "A"}) == {"East"}
    assert told_too_much_of(inputs, {"North": "A"}) == {"North"}  # what is left of Desk is East
    assert told_too_much_of(inputs, {"East": "A", "Front": "B"}) == {"East", "Front"}


def test_sums_that_say_little_are_told() -> None:
    """Teams that answered all sorts of things are told; a group of whole departments was told before."""
    inputs = pairs("East")
    assert told_too_much_of(inputs, {"South": "A", "Front": "B"}) == set()
    assert told_too_much_of(inputs, {"East": "A", "North": "A"}) == set()
    assert told_too_much_of(inputs, {}) == set()


def test_what_does_not_follow_is_taken_together() -> None:
    """East in a group with South cannot be told from South; next to it, North's sister alone would be."""
    assert told_too_much_of(pairs("East"), {"East": "A", "South": "A"}) == set()
    inputs = pairs("North")
    crossed = {"South": "A", "Front": "A"}
    assert told_too_much_of(inputs, crossed) == set()
    assert told_too_much_of(inputs, {**crossed, "North": "B"}) == {"South", "Front", "North"}
    assert told_too_much_of(inputs, {**crossed, "East": "B"}) == {"South", "Front", "East"}


def test_no_group_tells_a_team_of_one_mind() -> None:
    """A group that would, by itself or by what it leaves, is not shown; one that does not is."""
    inputs = pairs("East")
    for team in ("East", "North"):
        assert became(cut(inputs, {team: "A", "Front": "B"})) == {"A": "complementary", "B": "shown"}
    assert became(cut(inputs, {"South": "A", "Front": "B"})) == {"A": "shown", "B": "shown"}


TEAMS = "Company\n" + "".join(f"  D{d}\n" + "".join(f"    T{d}{t} 3\n" for t in range(6)) for d in range(2))
NORTH = dict.fromkeys(("T00", "T01", "T02"), "A")


ALL_SORTS = [2, 3, 4, 5, 2, 3, 4, 5, 3]
ALIKE, VARIED = ([3] * 9, [5] * 9), (ALL_SORTS, ALL_SORTS)


def halves(answers: Mapping[str, tuple[list[int], list[int]]]) -> WaveInputs:
    """Two departments of six small teams; by scale what the nine people of either half of the first one answered."""
    inputs = company(TEAMS)
    for item in inputs.table.instrument.items:
        for team in range(6 if item.scale in answers else 0):
            of_half, first = answers[item.scale][team // 3], team % 3 * 3
            inputs = answered(inputs, f"T0{team}", item.id, of_half[first : first + 3])
    return inputs


@pytest.mark.parametrize("scale", ["tactical", "persistence"])
def test_a_sum_inside_a_published_spread_does_not_tell_that_all_are_alike(scale: str) -> None:
    """All of three teams answered 3, of three others 5: beside the interval of all six a sum would tell it of each."""
    inputs = halves({scale: ALIKE})
    assert "D0" in score(inputs, decide(inputs)).telling(scale)
    assert became(cut(inputs, NORTH)) == {"A": "complementary"}
    assert became(cut(halves({scale: VARIED}), NORTH)) == {"A": "shown"}


def test_a_sum_inside_the_published_spread_of_the_index_does_not_either() -> None:
    """Motives vary in both halves, but so that everybody of a half has the same index."""
    more = [answer + 2 for answer in ALL_SORTS]
    even = dict.fromkeys(("purpose", "potential", "emotional_pressure", "economic_pressure"), VARIED)
    inputs = halves({**even, "play": (ALL_SORTS, more), "inertia": (more, ALL_SORTS)})
    scored = score(inputs, decide(inputs))
    assert "D0" in scored.telling(scored.index)
    assert became(cut(inputs, NORTH)) == {"A": "complementary"}
    assert became(cut(halves({**even, "play": (ALL_SORTS, more), "inertia": (more, more)}), NORTH)) == {"A": "shown"}
