"""Which group of a second cut is not shown where one must not be."""

from dataclasses import replace

import pytest

from survey.privacy.audit import audit
from survey.privacy.cut_choice import Known, adding_up, protect_groups, smallest
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide, showing
from survey.privacy.policy import Policy
from survey.privacy.second_cut import remake
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_second_cut import PLACES, became, cut, plan


def test_which_cells_a_total_is_made_of() -> None:
    """A unit is what one cell has more than another; cells that have nothing to do with it have no part in it."""
    cells = {"all": "abcd", "most": "abc", "other": "ab", "one": "d"}
    assert adding_up(cells, "c") == {"most", "other"}
    assert adding_up({"all": "abcd", "most": "abc", "other": "ab"}, "d") == {"all", "most"}
    assert adding_up({"all": "abc", "most": "ab", "one": "a"}, "bc") == {"all", "one"}


def test_which_group_is_barred() -> None:
    """The smallest of those that part the people of a block in question, by people, not by name, and not the whole."""
    blocks = {
        "Company": ("a", "b", "c", "d", "e", "f", "none"),
        "Sales": ("a", "b", "c"),
        "Care": ("d", "e", "f", "none"),
    }
    people = {"a": 3, "b": 1, "c": 5, "d": 9, "e": 2, "f": 1}
    known = Known(people, blocks, 5)
    parts = plan({"a": "A", "d": "A", "b": "B", "c": "Top", "e": "Z"}, above={"A": "Top", "B": "Top"})
    shown = ["Top", "B", "A", "Z"]
    assert smallest(parts, known, shown, ["c"]) == "B"
    assert smallest(parts, known, ["Top", "A", "Z"], ["c"]) == "A"
    assert smallest(parts, known, ["A", "Z"], ["d"]) == "Z"
    assert smallest(parts, known, ["Top", "Z"], ["c"]) == "Z"  # no group parts Sales: the smallest of all
    assert smallest(parts, known, shown, ["none"]) == "B"  # nobody is in question
    alike = Known({**people, "a": 1, "d": 1, "b": 2}, blocks, 5)
    assert smallest(parts, alike, shown, ["c"]) == "A"  # of two as small the first by name


@pytest.mark.parametrize("knowing", [2, 3])
def test_a_group_is_hidden_where_people_who_know_could_use_it(knowing: int) -> None:
    """X less "bd" is a less b: nobody is told, but the two, or three, of b would know what the one of a answered."""
    people = {"a": 1, "b": knowing, "c": 9, "d": 9}
    known = Known(people, {"ac": ("a", "c"), "bd": ("b", "d")}, 5)
    crossing = plan({"a": "X", "d": "X"})
    assert audit(known.with_groups(crossing, ["X"]), people, 5).safe
    assert protect_groups(crossing, known) == {"X": "complementary"}


def test_only_what_gives_somebody_away_is_barred() -> None:
    """A less Phone is Chat; D, smaller, parts Chat from Desk too, but nothing is worked out with it: it is shown."""
    record = cut(company(PLACES), {"Chat": "A", "Phone": "A", "Desk": "D", "East": "D"})
    assert became(record) == {"A": "complementary", "D": "shown"}
    assert (record.k, record.colluders) == (5, 4)


def test_earlier_cuts_count_where_no_distribution_is_told() -> None:
    """With sums alone, far from any end, a group is hidden that gives somebody away with one of an earlier cut."""
    inputs = replace(company(PLACES), policy=Policy(5, 1_000))
    for item in instrument().items:
        inputs = answered(inputs, "Chat", item.id, [4, 4])
    first = cut(inputs, {"Chat": "A", "East": "A", "North": "A", "Phone": "B"}, code="first")
    again = {"East": "X", "North": "X", "Desk": "X"}
    assert became(cut(inputs, again, code="second")) == {"X": "shown"}
    assert became(cut(inputs, again, first, code="second")) == {"X": "complementary"}


def test_a_wave_is_scored_again_as_it_was_published() -> None:
    """What was hidden stays hidden, figures and details, whatever today's policy would show."""
    inputs = company(PLACES)
    record = freeze(replace(inputs, policy=Policy(6, 30)))
    again = remake(inputs, record)
    assert again.gate.hidden == {unit.code: unit.hidden for unit in record.units} != decide(inputs).hidden
    assert again.detailed == {"Company"} != showing(decide(inputs).detail_hidden)
