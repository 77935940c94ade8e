"""Cells of a second cut over the answers: who is alone in one, and who has room."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from survey.instruments.answers import SKIPPED
from survey.privacy.cut_layers import Classes, Ints, Layer, Responses, cells_of
from survey.privacy.gate import decide
from survey.privacy.inputs import WaveInputs
from survey.privacy.scored import Scored, score
from survey.privacy.strict import Move
from tests.privacy.companies import answered, company
from tests.privacy.test_cut_alike import pairs, teams_of
from tests.privacy.test_second_cut import MOTIVES, PLACES, became, cut, plan

LONE = """
    Company
      Shop
        Front 1
        Back 6
      Desk
        East 6
        North 6
"""


def lone() -> WaveInputs:
    """One person at the front of a shop; and somebody new in both teams of Desk, which are told together."""
    moves = tuple(Move((), ("Company", "Desk", team)) for team in ("East", "North"))
    return replace(company(LONE), strict=True, moves=moves)


def layers(inputs: WaveInputs, places: Mapping[str, str]) -> tuple[Scored, Responses, Layer, Ints]:
    """The answers, what was published of them, and the cells of a cut of which all groups are shown."""
    scored = score(inputs, decide(inputs))
    responses = Responses(scored)
    cells = cells_of(plan(dict(places)), sorted(set(places.values())), teams_of(scored))
    return scored, responses, responses.published(scored), cells


def alone(inputs: WaveInputs, places: Mapping[str, str]) -> set[str]:
    """The teams of people who would be alone in a group."""
    scored, responses, published, cells = layers(inputs, places)
    return {teams_of(scored)[row] for row in responses.fixed([published], cells)}


@pytest.mark.parametrize("item", ["tactical_1", "tactical_2"])
def test_who_is_alone_is_looked_for_in_every_item(item: str) -> None:
    """One of Front answered what five skipped: a group of Front would tell her answer, whichever question it was."""
    inputs = answered(pairs(), "Front", item, [SKIPPED] * 5)
    assert alone(inputs, {"East": "A", "South": "A", "Front": "B"}) == {"Front"}
    assert alone(inputs, {"East": "A", "Front": "A", "Back": "A"}) == set()


def test_no_group_tells_the_only_answer_to_a_question() -> None:
    """One of Front answered what five skipped, the middle: no group parts her from Back, whatever else is shown."""
    inputs = answered(pairs(), "Front", "tactical_2", [*[SKIPPED] * 5, 4])
    assert became(cut(inputs, {"Front": "A", "South": "B"})) == {"A": "complementary", "B": "shown"}
    assert became(cut(pairs(), {"Front": "A", "South": "B"})) == {"A": "shown", "B": "shown"}


def test_a_group_of_one_person() -> None:
    """Front alone is one person, and so is what her sister team leaves of the shop; together with Desk she has room."""
    assert alone(lone(), {"Front": "A"}) == {"Front"}
    assert alone(lone(), {"Back": "A"}) == {"Front"}
    assert alone(lone(), {"Front": "A", "East": "A"}) == set()


def test_who_has_a_way_round_may_have_answered_anything() -> None:
    """All of the shop answered 1, as published; parted among two groups whose sums leave Front a way, it stays so."""
    inputs = answered(answered(lone(), "Front", "play", [1]), "Back", "play", [1] * 6)
    _, responses, published, cells = layers(inputs, {"Front": "A", "East": "A", "Back": "B", "North": "B"})
    layer, play = responses.settled([published], cells), MOTIVES.index("play")
    assert layer.sums[:, play].sum() == published.sums[:, play].sum()
    assert (published.sums[:, play] == 7 + 3).any()


def test_which_items_are_told() -> None:
    """All items that were asked but practices, which have cells of their own."""
    inputs = company(LONE)
    items = [item.id for item in inputs.table.instrument.items]
    practices = {item.id for item in inputs.table.instrument.practices}
    skipped = answered(inputs, "Front", "tactical_2", [SKIPPED])
    for unit in ("Back", "East", "North"):
        skipped = answered(skipped, unit, "tactical_2", [SKIPPED] * 6)
    for wave, left_out in ((inputs, set[str]()), (skipped, {"tactical_2"})):
        told = Responses(score(wave, decide(wave))).items
        assert [items[place] for place in told] == [item for item in items if item not in practices | left_out]


def test_a_group_that_did_not_answer() -> None:
    """Of the last group, which skipped an item, count and sum are nought; the others' are whole numbers."""
    inputs = answered(company(LONE), "Back", "tactical_2", [SKIPPED] * 6)
    scored = score(inputs, decide(inputs))
    responses = Responses(scored)
    last = np.array([int(unit == "Back") for unit in teams_of(scored)])
    place = [item.id for item in scored.instrument.items].index("tactical_2")
    people, totals = responses.by(last, 2, responses.items.index(place))
    assert people.tolist() == [13, 0]
    assert totals.tolist() == [scored.answers[last == 0, place].sum(), 0]


@pytest.mark.parametrize(("answer", "flag"), [(1, -1), (7, 1)])
def test_what_a_publication_says_of_its_cells(answer: int, flag: int) -> None:
    """Where all of West answered the same end its cell says so; no cell around it does."""
    inputs = answered(company(PLACES), "West", "play", [answer] * 7)
    scored = score(inputs, decide(inputs))
    responses = Responses(scored)
    flags = responses.published(scored).flags
    west, play = scored.partition.shown.index("West"), MOTIVES.index("play")
    assert flags[west, play] == flag
    assert np.abs(flags[:, play]).sum() == 1


def test_who_lies_in_the_same_cells_is_a_class() -> None:
    """Two layers of cells over five people, of whom two are in no cell of the second: four classes."""
    classes = Classes.over([np.array([0, 0, 1, 1, 1]), np.array([-1, 0, -1, 0, 0])])
    assert (classes.of.tolist(), classes.count) == ([0, 1, 2, 3, 3], 4)
    assert classes.cells == [[[0, 1], [2, 3]], [[1, 3]]]
