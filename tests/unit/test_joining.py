from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.i18n import Refused
from survey.services.waves.freezing import Freeze, Placed, RosterUnit, freeze
from survey.services.waves.joining import Join, Roster, join_code, joined

TREE = """
C 0
  A 6
    A1 3
    A2 2
    A3 7
  B 9
  D 4
  E 0
"""


def roster(tree: str = TREE, leads: tuple[str, ...] = ()) -> Roster:
    """Read a drawn roster; `leads` are units with one person placed there who leads them."""
    units, people, path = list[RosterUnit](), list[tuple[str, str | None]](), list[str]()
    for line in filter(None, map(str.rstrip, tree.splitlines())):
        depth = (len(line) - len(line.lstrip())) // 2
        code, count = line.split()
        path[depth:] = [code]
        units.append(RosterUnit(code, path[depth - 1] if depth else None, {"ko": f"{code}부", "en": code}, "shop"))
        people += [(code, None)] * int(count)
    people += [(code, code) for code in leads]
    return Roster(units, [Placed(n, unit, leading) for n, (unit, leading) in enumerate(people)])


def group(*members: str) -> Join:
    """A group of these units."""
    return Join(join_code(members), {"ko": "함께", "en": "Together"}, sorted(members))


def frozen(company: Roster, *joins: Join, k: int = 5) -> Freeze:
    """Join and freeze."""
    together = joined(company, joins, k)
    return freeze(together.units, together.people, k)


def test_joined_siblings_are_one_report_unit() -> None:
    """The group stands where its units stood, holds their people, and names them; nothing finer is stored."""
    found = frozen(roster(), group("A1", "A2"))
    unit = next(each for each in found.units if each.code == "A1+A2")
    assert (unit.parent, unit.invited, unit.kind, unit.leads, dict(unit.names)) == (
        "A", 5, "shop", False, {"ko": "함께", "en": "Together"},
    )  # fmt: skip
    assert {code: names["en"] for code, names in unit.joined.items()} == {"A1": "A1", "A2": "A2"}
    assert {"A1", "A2"}.isdisjoint(each.code for each in found.units)
    assert Counter(found.places.values())["A1+A2"] == 5


def test_without_joining_the_same_people_count_further_up() -> None:
    """The small units of the drawing are dissolved where nobody joins them."""
    assert not {"A1", "A2", "D"} & {each.code for each in frozen(roster()).units}


def test_who_leads_a_joined_unit_still_answers_one_level_up() -> None:
    """A lead of a member counts with the leads, not in the group."""
    found = frozen(roster(TREE.replace("D 4", "D 5"), leads=("A1", "A2")), group("A1", "A2"))
    assert Counter(found.places.values()) == {"A+": 8, "A1+A2": 5, "A3": 7, "B": 9, "D": 5}


def test_groups_of_different_kinds_have_none() -> None:
    """A declared type is kept only where all units of the group share it."""
    company = roster()
    mixed = [RosterUnit(u.code, u.parent, u.names, "office") if u.code == "A1" else u for u in company.units]
    units = joined(Roster(mixed, company.people), [group("A1", "A2")], 5).units
    assert next(unit for unit in units if unit.joined).kind == ""


def test_the_code_of_a_group_follows_from_its_units() -> None:
    """The same units give the same code in any order; long ones are shortened; no unit's code can look like it."""
    long = [f"{'X' * 60}{n}" for n in range(3)]
    assert join_code(["B", "A", "C"]) == join_code(["C", "B", "A"]) == "A+B+C"
    assert join_code(long) == join_code(long[::-1]) != join_code(long[:2])
    for code in (join_code(["A", "B"]), join_code(long)):
        assert "+" in code[:-1]
        assert not code.endswith("+")
        assert len(code) <= 64


@pytest.mark.parametrize(
    ("joins", "told"),
    [
        ([group("A1")], "two units at least"),
        ([group("A1", "A1")], "two units at least"),
        ([group("A1", "NONE")], "There is no unit NONE in the roster"),
        ([group("A", "B")], "A부 / A has units below it"),
        ([group("A1", "B")], "do not lie under the same unit"),
        ([group("B", "E")], "Nobody answers for E부 / E"),
        ([group("A1", "A3"), group("A1", "A2")], "A1부 / A1 is in a joined group already"),
        ([group("A1", "A2")], "The group 함께 / Together has 5 people; results are shown from 6 on"),
    ],
)
def test_a_group_that_cannot_be_is_refused_in_words(joins: list[Join], told: str) -> None:
    """Each way in which a group does not fit the roster has its sentence."""
    with pytest.raises(Refused, match=told):
        joined(roster(), joins, 6)


@st.composite
def companies(drawing: st.DrawFn) -> tuple[Roster, Join, int]:
    """Any tree of up to ten units and a group of leaves under one of them, with people enough."""
    size = drawing(st.integers(3, 10))
    parents = [None, 0, 0, *(drawing(st.integers(0, n - 1)) for n in range(3, size))]
    codes = [f"U{n}" for n in range(size)]
    units = [
        RosterUnit(code, None if parent is None else codes[parent], {"ko": code, "en": code})
        for code, parent in zip(codes, parents, strict=True)
    ]
    inner = {unit.parent for unit in units}
    beside = [[unit.code for unit in units if unit.parent == code and unit.code not in inner] for code in codes]
    choices = [each for each in beside if len(each) > 1]
    placed = drawing(st.lists(st.tuples(st.sampled_from(codes), st.sampled_from([None, *codes])), max_size=40))
    k = drawing(st.integers(5, 8))
    if not choices:
        units += [RosterUnit(code, "U0", {"ko": code, "en": code}) for code in ("V1", "V2")]
        choices = [["V1", "V2"]]
    chosen = drawing(st.sampled_from(choices))
    members = drawing(st.lists(st.sampled_from(chosen), min_size=2, max_size=len(chosen), unique=True))
    placed += [(member, None) for member in members for _ in range(drawing(st.integers((k + 1) // 2, k)))]
    return Roster(units, [Placed(n, unit, leads) for n, (unit, leads) in enumerate(placed)]), group(*members), k


@given(companies())
def test_joining_never_stores_anything_finer(company: tuple[Roster, Join, int]) -> None:
    """Whatever the tree: the members are gone, their people stand together, and no group is below k."""
    people, join, k = company
    found = frozen(people, join, k=k)
    counts = Counter(found.places.values())
    assert not set(join.members) & {unit.code for unit in found.units}
    places = {found.places[each.id] for each in people.people if each.unit in join.members and each.leads is None}
    assert len(places) == 1
    assert found.places.keys() == {each.id for each in people.people}
    assert all(count >= k for count in counts.values()) or len(counts) == 1
