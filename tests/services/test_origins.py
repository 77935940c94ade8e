"""Where the people of a unit came from, told from two rosters."""

import random

import pytest

from survey.privacy.record import Origin
from survey.services.roster.moves import Roster
from survey.services.roster.origins import Came, origins

PATHS = {
    "C": ("C",),
    "C+": ("C", "C+"),
    "S": ("C", "S"),
    "N": ("C", "S", "N"),
    "M": ("C", "S", "M"),
    "K": ("C", "K"),
    "P": ("C", "K", "P"),
    "Q": ("C", "K", "Q"),
}


def roster(**people: str) -> Roster:
    """A roster of letters: each stands for a person at the unit."""
    places = {ord(person): unit.replace("x", "+") for unit, who in people.items() for person in who}
    return Roster(places, PATHS)


@pytest.mark.parametrize(
    ("now", "then", "unit", "expected"),
    [
        ({"N": "abcd"}, {"N": "abcd"}, "N", Came(Origin(100, "N", 100), 0)),
        ({"N": "abcx"}, {"N": "abcd"}, "N", Came(Origin(75, "N", 75), 2)),
        ({"N": "abcd"}, {"P": "abcd"}, "N", Came(Origin(0, "P", 100), 0)),
        ({"N": "abxyz"}, {"N": "ab", "P": "xyz"}, "N", Came(Origin(40, "P", 60), 2)),
        ({"N": "abxy"}, {"N": "ab", "P": "xy"}, "N", Came(Origin(50, "", 0), 0)),
        ({"N": "abxy"}, {"M": "ab", "N": "xy"}, "N", Came(Origin(50, "S", 100), 0)),
        ({"N": "abxy"}, {"P": "abef", "Q": "xygh"}, "N", Came(Origin(0, "K", 100), 4)),
        ({"N": "abxy"}, {"P": "abef", "Q": "xyghi"}, "N", Came(Origin(0, "", 0), 0)),
        ({"N": "abcd"}, {"P": "abcdefghij"}, "N", Came(Origin(0, "P", 100), 6)),
        ({"N": "abcd"}, {"N": "ab", "P": "c", "M": "d"}, "C", Came(Origin(100, "C", 100), 0)),
        ({"N": "abcd", "M": "e"}, {"N": "abcd", "M": "e"}, "S", Came(Origin(100, "S", 100), 0)),
        ({"N": "abc", "M": "d"}, {"N": "abc", "M": "efghij"}, "S", Came(Origin(75, "S", 75), 7)),
        ({"N": "abcd"}, {"N": "a", "P": "b", "Q": "c", "Cx": "d"}, "N", Came(Origin(25, "", 0), 0)),
        ({"Cx": "abc"}, {"Cx": "ab", "N": "c"}, "C+", Came(Origin(66, "C+", 66), 1)),
        ({"N": "abc"}, {}, "N", Came(Origin(0, "", 0), 0)),
    ],
    ids=[
        "as it was",
        "one came, one left",
        "a new name",
        "more came from elsewhere",
        "half is not most",
        "two teams of one department",
        "half of a department came along",
        "fewer than half of a department",
        "a part of a team",
        "the whole company",
        "a department, most of it one team",
        "a department that lost a team",
        "spread all over the company",
        "the leads",
        "nobody was there",
    ],
)
def test_where_people_came_from(now: dict[str, str], then: dict[str, str], unit: str, expected: Came) -> None:
    """How many stayed, the lowest unit that held more than half of them, and who is in one of the two only."""
    assert origins(roster(**now), roster(**then))[unit] == expected


def test_units_without_people_have_no_origin() -> None:
    """Nothing is said of a unit that nobody is in."""
    assert set(origins(roster(N="ab"), roster(N="ab"))) == {"C", "S", "N"}


@pytest.mark.parametrize("seed", range(30))
def test_counts_are_those_of_the_sets(seed: int) -> None:
    """Shares and those who are in one of the two units only are what the sets of people say."""
    draw = random.Random(seed)  # noqa: S311 - drawn people are no secret
    leaves = ["C+", "N", "M", "P", "Q"]
    now, then = (
        Roster({person: draw.choice(leaves) for person in range(40) if draw.random() < 0.9}, PATHS) for _ in range(2)
    )
    people = [
        {unit: {who for who, at in each.places.items() if unit in PATHS[at]} for unit in PATHS} for each in (now, then)
    ]
    for unit, came in origins(now, then).items():
        here = people[0][unit]
        assert came.origin.stayed == 100 * len(here & people[1][unit]) // len(here)
        if came.origin.unit:
            there = people[1][came.origin.unit]
            assert came.origin.share == 100 * len(here & there) // len(here) >= 50
            assert came.crossed == len(here ^ there)
