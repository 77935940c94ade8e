from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.services.waves.freezing import Freeze, Placed, RosterUnit, freeze


def draw(tree: str, leads: dict[str, int] | None = None, k: int = 5) -> Freeze:
    """Freeze a drawn tree: a line a unit, indented under its parent, with the number of people placed there.

    `leads` adds so many people of a unit who lead it.
    """
    units, people, path = list[RosterUnit](), list[tuple[str, str | None]](), list[str]()
    for line in filter(None, map(str.rstrip, tree.splitlines())):
        depth = (len(line) - len(line.lstrip())) // 2
        code, count = line.split()
        path[depth:] = [code]
        units.append(RosterUnit(code, path[depth - 1] if depth else None, {"ko": code, "en": code}))
        people += [(code, None)] * int(count)
    people += [(code, code) for code, count in (leads or {}).items() for _ in range(count)]
    return freeze(units, [Placed(n, unit, leading) for n, (unit, leading) in enumerate(people)], k)


def seen(frozen: Freeze) -> dict[str, int]:
    """Return the units where answers count, with the people invited there."""
    return {unit.code: unit.invited for unit in frozen.units if unit.invited}


TREES = {
    "teams that can be shown stay": ("C 0\n  A 7\n  B 5", {}, {"A": 7, "B": 5}),
    "a small team counts one level up": ("C 0\n  A 7\n  B 5\n  D 3\n  E 2", {}, {"A": 7, "B": 5, "C+": 5}),
    "people at an inner unit are a group": ("C 6\n  A 7", {}, {"C+": 6, "A": 7}),
    "leads answer one level up": (
        "C 0\n  A 6\n  B 6\n  D 6",
        {"A": 2, "B": 2, "D": 1},
        {"C+": 5, "A": 6, "B": 6, "D": 6},
    ),
    "who leads the top answers there": ("C 4\n  A 7", {"C": 1}, {"C+": 5, "A": 7}),
    "a small group joins the one above": (
        "C 2\n  S 3\n    A 7\n    B 7",
        {},
        {"C+": 5, "A": 7, "B": 7},
    ),
    "a unit of small teams becomes one leaf": ("C 0\n  S 1\n    A 2\n    B 2\n  T 6", {}, {"S": 5, "T": 6}),
    "a branch too small as a whole goes up at once": ("C 5\n  S 1\n    A 2\n  T 6", {}, {"C+": 8, "T": 6}),
    "a company without teams is one leaf": ("C 6", {}, {"C": 6}),
    "a company of small teams is one leaf": ("C 1\n  A 2\n  B 3", {}, {"C": 6}),
    "someone alone at the top is joined by the leads below": (
        "C 1\n  S 0\n    A 6\n    B 6",
        {"A": 3, "B": 3},
        {"C+": 7, "A": 6, "B": 6},
    ),
    "where there are no leads, by the smallest team": ("C 1\n  A 9\n  B 6", {}, {"C+": 7, "A": 9}),
    "the last team joins as well": ("C 1\n  A 9", {}, {"C": 10}),
    "empty units are not stored": ("C 0\n  S 0\n    A 0\n  T 6", {}, {"T": 6}),
}


@pytest.mark.parametrize(("tree", "leads", "expected"), TREES.values(), ids=TREES)
def test_drawn_trees_freeze_as_drawn(tree: str, leads: dict[str, int], expected: dict[str, int]) -> None:
    """Each drawing shows where people are counted once the wave is open."""
    assert seen(draw(tree, leads)) == expected


def test_a_branch_whose_team_left_is_not_kept_empty() -> None:
    """When the only team of a branch joins the top, the branch goes as well."""
    frozen = draw("C 1\n  S 0\n    A 6\n  T 9")
    assert [unit.code for unit in frozen.units] == ["C", "C+", "T"]


def test_groups_carry_names_that_pages_can_show() -> None:
    """The group of people placed directly at a unit is named after it, cut where the name is very long."""
    unit = RosterUnit("C", None, {"ko": "가" * 200, "en": "Care"})
    team = RosterUnit("A", "C", {"ko": "나", "en": "A"})
    frozen = freeze([unit, team], [Placed(n, "A" if n < 6 else "C") for n in range(12)], 5)
    group = frozen.units[1]
    assert (group.code, group.parent, group.leads, group.names["en"]) == ("C+", "C", True, "Care (direct)")
    assert group.names["ko"].endswith(" 직속")
    assert len(group.names["ko"]) <= 200


@st.composite
def companies(drawing: st.DrawFn) -> tuple[list[RosterUnit], list[Placed], int]:
    """Any tree of up to twelve units, anybody placed anywhere, some of them leading."""
    size = drawing(st.integers(1, 12))
    parents = [None, *(drawing(st.integers(0, n - 1)) for n in range(1, size))]
    units = [
        RosterUnit(f"U{n}", None if parent is None else f"U{parent}", {"ko": f"U{n}", "en": f"U{n}"})
        for n, parent in enumerate(parents)
    ]
    places = st.tuples(st.integers(0, size - 1), st.one_of(st.none(), st.integers(0, size - 1)))
    people = drawing(st.lists(places, min_size=1, max_size=60))
    k = drawing(st.integers(5, 8))
    placed = [Placed(n, f"U{at}", None if led is None else f"U{led}") for n, (at, led) in enumerate(people)]
    return units, placed, k


@given(companies())
def test_no_group_below_k_is_ever_stored(company: tuple[list[RosterUnit], list[Placed], int]) -> None:
    """Whatever the tree: everybody counts somewhere, at leaves only, and nowhere among fewer than k."""
    units, people, k = company
    frozen = freeze(units, people, k)
    counts = Counter(frozen.places.values())
    parents = {unit.parent for unit in frozen.units}
    assert frozen.places.keys() == {person.id for person in people}
    assert counts == {unit.code: unit.invited for unit in frozen.units if unit.invited}
    assert not counts.keys() & parents
    assert all(count >= k for count in counts.values()) or set(counts) == {"U0"}


@given(companies())
def test_a_frozen_tree_is_a_tree_with_parents_first(company: tuple[list[RosterUnit], list[Placed], int]) -> None:
    """One root, every parent before its children, people counted at or above where they work."""
    units, people, k = company
    frozen = freeze(units, people, k)
    above = {unit.code: unit.parent for unit in units}
    known = set[str | None]({None})
    for unit in frozen.units:
        assert unit.parent in known
        known.add(unit.code)
    assert [unit.parent for unit in frozen.units].count(None) == 1
    for person in people:
        place = person.unit if person.leads is None else (above[person.leads] or person.leads)
        path = [place]
        while parent := above[path[-1]]:
            path.append(parent)
        assert frozen.places[person.id].removesuffix("+") in path
