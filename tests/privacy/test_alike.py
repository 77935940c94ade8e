"""Whose spread may be told: never one that says what a single person answered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.privacy.alike import Values, telling_units
from survey.privacy.freeze import freeze
from survey.privacy.gate import partition
from survey.privacy.record import Record
from tests.privacy.companies import CAST, answered, company, instrument
from tests.privacy.drawings import draw
from tests.privacy.records import as_publication, detail, figures

MOTIVES = [scale.id for scale in instrument().motives]
BIG = CAST.replace("North 12", "North 25").replace("South 5", "South 14")
PEOPLE = {"North": 25, "South": 14, "Phone": 8, "Chat": 2}


def spreads(record: Record, code: str) -> set[str]:
    """The motives whose distribution a unit shows."""
    return set(detail(record, code).spreads)


def test_a_team_of_one_mind_shows_no_distribution() -> None:
    """Twenty-five people who all answer 4 are named by their distribution: it is not shown, the mean is."""
    record = freeze(answered(company(BIG), "North", "play", [4] * 25))
    assert "play" not in spreads(record, "North")
    assert figures(record, "North").scales["play"].text == "4.00"
    assert spreads(record, "North") >= set(MOTIVES) - {"play"}


def test_nor_does_the_difference_of_two_larger_units() -> None:
    """Where North is silent, Sales and South must not both speak: what is left of Sales is North."""
    record = freeze(answered(company(BIG), "North", "play", [4] * 25))
    assert not {"Sales", "South"} <= {code for code in ("Sales", "South") if "play" in spreads(record, code)}
    assert "play" in spreads(record, "Company")


def test_no_interval_stands_in_for_the_distribution() -> None:
    """The interval of such a team rests on the spread in the company, not on its own nought."""
    play = figures(freeze(answered(company(BIG), "North", "play", [4] * 25)), "North").scales["play"]
    assert play.low is not None
    assert play.low < 3.9
    assert figures(freeze(company(BIG)), "North").scales["purpose"].low is not None


def test_two_teams_of_one_mind_each() -> None:
    """All of North answer 2 and all of South 6: the distribution of Sales would tell every answer of 39 people."""
    record = freeze(answered(answered(company(BIG), "North", "play", [2] * 25), "South", "play", [6] * 14))
    assert {code for code in ("Sales", "North", "South") if "play" in spreads(record, code)} == set()


def test_a_company_of_one_mind_tells_no_spread() -> None:
    """Where everybody answers the same there is no distribution, no pooled spread and no interval."""
    inputs = company(BIG)
    for unit, people in PEOPLE.items():
        inputs = answered(inputs, unit, "play", [4] * people)
    record = freeze(inputs)
    assert "play" not in record.within_variance
    assert {"purpose", "inertia"} <= record.within_variance.keys()
    assert figures(record, "Company").scales["play"].low is None
    assert figures(record, "South").scales["purpose"].low is not None


def test_an_index_without_spread_is_not_told() -> None:
    """People who differ in every motive and not in the index show no spread of it, and no change from it later."""
    inputs = company(BIG)
    for motive in MOTIVES:
        for unit, people in PEOPLE.items():
            inputs = answered(inputs, unit, motive, [1 + place % 7 for place in range(people)])
    record = freeze(inputs)
    assert detail(record, "North").index_sd is None
    assert set(MOTIVES) == spreads(record, "North")
    later = freeze(company(BIG, seed=2), as_publication(record))
    assert detail(later, "North").change is None


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([[2, 0, 0, 3, 0, 1, 1]], True),
        ([[2, 0, 0, 4, 0, 0, 1]], False),
        ([[0, 0, 0, 5, 0, 0, 0], [1, 1, 1, 0, 1, 1, 1]], True),
        ([[0, 0, 0, 5, 0, 0, 0], [1, 1, 1, 2, 0, 0, 0]], False),
        ([[0, 0, 0, 0, 0, 3, 2], [0, 0, 0, 1, 1, 2, 2]], True),
        ([[0, 0, 0, 0, 0, 3, 2], [2, 2, 2, 1, 0, 0, 0]], False),
    ],
)
def test_what_stays_possible(counts: list[list[int]], expected: bool) -> None:  # noqa: FBT001 - a column of the table
    """Four values in a cell, or as many by swapping two or three answers of the same sum with another cell."""
    assert Values(np.array(counts)).open(list(range(len(counts)))) is expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2), min_size=7, max_size=7).filter(any), min_size=1, max_size=2))
def test_open_means_that_another_world_exists(counts: list[list[int]]) -> None:
    """Where a pool is said to be open, all ways to deal its answers to cells of these sums leave everybody four."""
    cells = np.array(counts)
    if Values(cells).open(list(range(len(cells)))):
        assert all(len(found) >= 4 for found in dealt(cells))


def dealt(cells: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> list[set[int]]:
    """By cell, every answer somebody in it may have given, the distribution of all and the cells' sums being known."""
    total, first = cells.sum(axis=0), cells[0]
    people, goal = int(first.sum()), int(first @ np.arange(7))
    ways: list[tuple[int, ...]] = [()]
    for value in range(7):
        ways = [
            (*way, taken)
            for way in ways
            for taken in range(int(total[value]) + 1)
            if sum(way) + taken <= people and sum(v * t for v, t in enumerate((*way, taken))) <= goal
        ]
    hands = [way for way in ways if sum(way) == people and sum(v * t for v, t in enumerate(way)) == goal]
    found = [{value for way in hands for value in range(7) if way[value]}]
    if len(cells) > 1:
        found.append({value for way in hands for value in range(7) if total[value] - way[value]})
    return found


def test_a_larger_unit_goes_before_a_smaller() -> None:
    """Where the rest of the company would tell too much, the smallest team that helps is silent, not the company."""
    drawing = draw("Company\n  A 10\n  B 12\n  C 30\n  D 11")
    cut = partition(drawing.tree, ["Company", "A", "B", "C"])
    people = [11, 10, 12, 30]
    told = telling_units(cut, ["Company", "A", "B", "C"], people, lambda pool: pool != [0])
    assert told == {"Company", "B", "C"}
    picky = telling_units(cut, ["Company", "A", "B", "C"], people, lambda pool: 0 not in pool or 2 in pool)
    assert picky == {"Company", "A", "C"}
    both = telling_units(cut, ["Company", "A", "B", "C"], people, lambda pool: 0 not in pool or len(pool) > 2)
    assert both == {"Company", "C"}
    none = telling_units(cut, ["Company", "A", "B", "C"], people, lambda pool: 0 not in pool)
    assert none == {"A", "B", "C"}


def test_silence_reaches_through_units_of_nobody() -> None:
    """A unit whose people are all in units below falls silent with one of those, or nothing would be won."""
    drawing = draw("Company\n  Care 10\n  Sales\n    North 19\n    South 14")
    cut = partition(drawing.tree, drawing.tree.codes)
    told = telling_units(cut, drawing.tree.codes, [0, 10, 0, 19, 14], lambda pool: pool != [1])
    assert told == {"Company", "North"}


def test_only_units_that_are_asked_tell() -> None:
    """A unit of tier one hands its people to the unit above."""
    drawing = draw("Company\n  A 10\n  B 6")
    cut = partition(drawing.tree, drawing.tree.codes)
    seen: list[list[int]] = []

    def tells(pool: list[int]) -> bool:
        seen.append(pool)
        return True

    assert telling_units(cut, ["Company", "A"], [0, 10, 6], tells) == {"Company", "A"}
    assert seen == [[1], [2]]


def test_the_unit_of_fewest_people_falls_silent() -> None:
    """Where the silence of either of two units is enough, it is that of the smaller one, units in it counted."""
    drawing = draw("Company 2\n  A 3\n    Inner 10\n  B 12\n")
    cut = partition(drawing.tree, drawing.tree.codes)
    told = telling_units(cut, drawing.tree.codes, [2, 3, 10, 12], lambda pool: pool != [0])
    assert told == {"Company", "A", "Inner"}
    drawing = draw("Company 2\n  A 3\n    Inner 8\n  B 12\n")
    cut = partition(drawing.tree, drawing.tree.codes)
    told = telling_units(cut, drawing.tree.codes, [2, 3, 8, 12], lambda pool: pool != [0])
    assert told == {"Company", "B", "Inner"}
