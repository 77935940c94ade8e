from dataclasses import replace
from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.i18n import Refused
from survey.instruments.answers import SKIPPED
from survey.privacy.audit import AuditFailed, audit
from survey.privacy.cut_plan import CutPlan
from survey.privacy.cut_record import CutRecord
from survey.privacy.cut_thaw import dump_cut, read_cut, thaw_cut
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import Sums
from survey.privacy.record_audit import MEANS, audit_record, families
from survey.privacy.released import Suppressed
from survey.privacy.second_cut import Told, check, counted, freeze_cut
from survey.privacy.strict import Move
from survey.privacy.thaw import dump
from survey.privacy.tree import TreeUnit
from tests.privacy.companies import answered, company, instrument, shuffled, with_spares

PLACES = """
    Company
      Care
        Chat 2
        Phone 8
        Desk 4
        Shop 6
      Sales
        North 12
        South 5
        East 3
        West 7
"""
BY_PLACE = {
    "Chat": "Busan", "Phone": "Busan", "Shop": "Busan", "East": "Busan",
    "Desk": "Seoul", "North": "Seoul", "South": "Seoul", "West": "Seoul",
}  # fmt: skip
MOTIVES = [scale.id for scale in instrument().motives]


def told(inputs: WaveInputs, *cuts: CutRecord) -> Told:
    """What was told of a wave: its publication, and these second cuts."""
    record = freeze(inputs)
    return Told(record, dump(record)[1], tuple((cut, dump_cut(cut)[1]) for cut in cuts))


def plan(places: dict[str, str], code: str = "by-place", above: dict[str, str] | None = None) -> CutPlan:
    """Groups of units, with the groups above them."""
    above = above or {}
    codes = sorted({*places.values(), *above.values()})
    return CutPlan(code, tuple(TreeUnit(group, above.get(group), {"en": group.title()}) for group in codes), places)


def cut(inputs: WaveInputs, places: dict[str, str], *earlier: CutRecord, code: str = "by-place") -> CutRecord:
    """A second cut of a wave."""
    return freeze_cut(inputs, told(inputs, *earlier), plan(places, code))


def became(record: CutRecord) -> dict[str, str]:
    """What became of each group."""
    return {group.code: group.hidden or "shown" for group in record.groups}


def sums(record: CutRecord, code: str) -> Sums:
    """The sums of a group that is shown."""
    (found,) = [group.sums for group in record.groups if group.code == code]
    assert found is not None
    return found


def test_units_grouped_by_place() -> None:
    """Teams of two departments in two places: both places are shown, and together they are the company."""
    inputs = company(PLACES)
    record = cut(inputs, BY_PLACE)
    assert became(record) == {"Busan": "shown", "Seoul": "shown"}
    root = told(inputs).publication.units[0].sums
    assert root is not None
    both = np.array([sums(record, code).totals for code in ("Busan", "Seoul")]).sum(axis=0)
    assert (sums(record, "Busan").n + sums(record, "Seoul").n, both.tolist()) == (root.n, root.totals)
    assert record.left_out == []


def test_a_group_that_gives_a_hidden_unit_away() -> None:
    """Phone, which is shown, and Chat, which is not, as one group: it would be Chat's two answers, and is not shown."""
    record = cut(company(PLACES), {"Chat": "Talk", "Phone": "Talk", "Desk": "Walk", "Shop": "Walk"})
    assert became(record) == {"Talk": "complementary", "Walk": "complementary"}


def test_a_group_of_too_few() -> None:
    """A group of four people is small, and has no numbers."""
    record = cut(company(PLACES), {"Desk": "Desk", "North": "North"})
    (desk, north) = record.groups
    assert (desk.hidden, desk.sums, desk.figures) == ("small", None, None)
    assert north.figures is not None
    assert record.left_out == ["Chat", "East", "Phone", "Shop", "South", "West"]


def test_a_tree_that_was_organised_anew() -> None:
    """Groups lie in groups, as units do; what a group holds is what all groups below it hold."""
    inputs = company(PLACES)
    above = {"Phones": "Service", "Shops": "Service"}
    places = {"Phone": "Phones", "North": "Phones", "Shop": "Shops", "West": "Shops", "South": "Sales", "East": "Sales"}
    record = freeze_cut(inputs, told(inputs), plan(places, "2027", above))
    assert [(group.code, group.parent, group.depth) for group in record.groups] == [
        ("Sales", None, 0), ("Service", None, 0), ("Phones", "Service", 1), ("Shops", "Service", 1),
    ]  # fmt: skip
    assert sums(record, "Service").n == sums(record, "Phones").n + sums(record, "Shops").n == 33


def test_the_group_that_gives_somebody_away_is_not_shown() -> None:
    """Of three groups only the one that leaves Chat alone is hidden, although the others are smaller."""
    record = cut(company(PLACES), {"Chat": "A", "Phone": "A", "South": "B", "East": "B", "West": "C"})
    assert became(record) == {"A": "complementary", "B": "shown", "C": "shown"}


def test_earlier_cuts_are_remembered() -> None:
    """Two cuts that are safe each, and not both: the second one, made later, shows less."""
    inputs = company(PLACES)
    first = cut(inputs, {"Chat": "A", "East": "A", "North": "A", "Phone": "B"}, code="first")
    again = {"East": "X", "North": "X", "Desk": "X"}
    alone, after = cut(inputs, again, code="second"), cut(inputs, again, first, code="second")
    assert became(first)["A"] == "shown"
    assert became(alone) == {"X": "shown"}
    assert became(after) == {"X": "complementary"}
    assert after.earlier == [dump_cut(first)[1]]


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.sampled_from("abc"), min_size=8, max_size=8),
    st.lists(st.sampled_from("xyz"), min_size=8, max_size=8),
    st.integers(0, 999),
)
def test_whatever_is_grouped_is_safe_together(one: list[str], two: list[str], seed: int) -> None:
    """Two cuts of any kind: publication and both, audited as one, give nobody away, not even weighted."""
    inputs = company(PLACES, seed=seed)
    units = list(BY_PLACE)
    first = cut(inputs, dict(zip(units, one, strict=True)), code="first")
    second = cut(inputs, dict(zip(units, two, strict=True)), first, code="second")
    publication = told(inputs).publication
    means = families(publication, [first, second])[0]
    assert audit(means.cells, counted(inputs), 5, colluders=4).safe
    assert all(verdict.safe for _, verdict in audit_record(publication, cuts=[first, second]))


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=8, max_size=8), st.sampled_from([1, 7]), st.integers(0, 999))
def test_no_remainder_of_whole_units_is_extreme(groups: list[str], answer: int, seed: int) -> None:
    """Whatever people answered, no group less the shown units in it is told within three points of an end."""
    inputs = company(PLACES, seed=seed)
    for unit in ("East", "South", "Chat", "Phone", "Desk"):
        inputs = answered(inputs, unit, "play", [answer] * 12)
    record = cut(inputs, dict(zip(BY_PLACE, groups, strict=True)))
    shown = {unit.code: unit.sums for unit in told(inputs).publication.units if unit.sums and unit.code in BY_PLACE}
    place = MOTIVES.index("play")
    for group in record.groups:
        if group.sums is not None:
            inside = [unit for unit in group.units if unit in shown]
            n = group.sums.n - sum(shown[unit].n for unit in inside)
            total = group.sums.totals[place] - sum(shown[unit].totals[place] for unit in inside)
            assert n == 0 or n + 3 <= total <= 7 * n - 3


def two_newcomers() -> WaveInputs:
    """South and East, six each, got somebody new: they are told together, as what North and West leave of Sales.

    Details are told from a thousand people on: a distribution told beside it would name single answers.
    """
    came = tuple(Move((), ("Company", "Sales", team)) for team in ("South", "East"))
    inputs = company(PLACES.replace("South 5", "South 6").replace("East 3", "East 6"))
    return replace(inputs, strict=True, moves=came, policy=Policy(5, 1_000))


def test_extremes_are_moved_between_groups() -> None:
    """Everybody of South, told with East, answered 1; apart, South's group says "or less", East's "or more"."""
    inputs = answered(answered(two_newcomers(), "South", "play", [1] * 6), "East", "play", [7] * 6)
    record = cut(inputs, {"South": "A", "North": "A", "East": "B", "West": "B"})
    assert became(record) == {"A": "shown", "B": "shown"}
    assert {group.code: group.figures and group.figures.scales["play"].bound for group in record.groups} == {
        "A": "or less",
        "B": "or more",
    }
    (north,) = [unit.sums for unit in told(inputs).publication.units if unit.code == "North"]
    play = MOTIVES.index("play")
    assert north is not None
    assert sums(record, "A").totals[play] - north.totals[play] == 6 + 3


def test_people_who_all_answered_the_same_are_not_taken_apart() -> None:
    """Everybody of South and East answered 1: no group parts them; a smaller one that does not is shown."""
    inputs = answered(answered(two_newcomers(), "South", "play", [1] * 6), "East", "play", [1] * 6)
    record = cut(inputs, {"South": "A", "North": "A", "East": "B", "West": "B", "Phone": "C"})
    assert became(record) == {"A": "complementary", "B": "complementary", "C": "shown"}
    (whole,) = cut(inputs, {"South": "A", "North": "A", "East": "A", "West": "A"}).groups
    assert whole.hidden is None


def test_the_order_of_responses_does_not_show() -> None:
    """However the responses are stored, the record is the same to the byte."""
    inputs = company(PLACES)
    assert dump_cut(cut(inputs, BY_PLACE)) == dump_cut(cut(shuffled(inputs, 5), BY_PLACE))


def test_spares_count_against_the_people() -> None:
    """A group of five answers, of which one may be a second one, is a group of four."""
    inputs = with_spares(company(PLACES), {"South": 1})
    assert {code: people for code, people in counted(inputs).items() if people} == {
        "Chat": 2, "Phone": 8, "Desk": 4, "Shop": 6, "North": 12, "South": 4, "East": 3, "West": 7,
    }  # fmt: skip
    assert became(cut(inputs, {"South": "South", "North": "North"}))["South"] == "small"


def test_answers_that_are_not_those_of_the_publication() -> None:
    """Where the answers kept do not give what was published, or what an earlier cut told, nothing is made of them."""
    inputs = company(PLACES)
    first = cut(inputs, BY_PLACE, code="first")
    other = company(PLACES, seed=2)
    words = r"^The answers kept of wave 2026-Q1 do not give what was published of it"
    with pytest.raises(Refused, match=words):
        freeze_cut(other, told(inputs), plan(BY_PLACE))
    with pytest.raises(Refused, match=words):
        freeze_cut(other, Told(told(other).publication, "", ((first, ""),)), plan(BY_PLACE))
    smaller = company("Company\n  Care 3")
    with pytest.raises(Refused, match=words):
        freeze_cut(smaller, told(smaller), plan({"Care": "A"}))


def test_what_was_told_must_be_safe_by_itself() -> None:
    """Where the publication itself gives somebody away, no cut is made, and the audit says why."""
    inputs = company(PLACES)
    unsafe = replace(inputs, facts=tuple(replace(each, spares=2) for each in inputs.facts))
    with pytest.raises(AuditFailed):
        freeze_cut(unsafe, told(inputs), plan(BY_PLACE))


def test_whatever_holds_a_number_is_audited() -> None:
    """A hidden group that holds sums, or figures, all the same is a cell of the joint audit, and is found."""
    inputs = company(PLACES)
    record = cut(inputs, {"Chat": "Talk", "Phone": "Talk"})
    (talk,) = record.groups
    shown = next(group.figures for group in cut(inputs, BY_PLACE).groups if group.figures is not None)
    for leak in ({"sums": Sums(10, [])}, {"figures": msgspec.structs.replace(shown, n=10)}):
        leaky = msgspec.structs.replace(record, groups=[msgspec.structs.replace(talk, **leak)])
        verdicts = {family.name: verdict for family, verdict in audit_record(told(inputs).publication, cuts=[leaky])}
        assert [finding.atoms for finding in verdicts[MEANS].findings] == [("Chat",), ("Desk",)]


def test_one_byte_more_and_it_is_not_shown() -> None:
    """What was changed after it was made is not read; what was not, shows each group or the reason."""
    record = cut(company(PLACES), {"Desk": "Desk", "North": "North"})
    data, digest = dump_cut(record)
    assert read_cut(data, digest) == record
    shown = thaw_cut(data, digest)
    assert [isinstance(group.figures, Suppressed) for group in shown.groups] == [True, False]
    assert [group.name("ko") for group in shown.groups] == ["Desk", "North"]
    with pytest.raises(Refused, match="changed after it was made"):
        thaw_cut(data + b" ", digest)


def test_intervals_rest_on_the_publications_spread() -> None:
    """A group of more than ten has no spread of its own: its interval is that of any group of as many."""
    record = cut(company(PLACES), BY_PLACE)
    for group, motive in product(record.groups, MOTIVES):
        assert group.figures is not None
        assert group.figures.scales[motive].low is not None


def test_a_second_cut_that_leaks_is_never_returned() -> None:
    """A group of three that is told all the same is found from the published sizes alone."""
    inputs = company(PLACES)
    record = cut(inputs, {**BY_PLACE, "East": "Ulsan"})
    shown = next(group for group in record.groups if group.hidden is None)
    assert shown.sums is not None
    few = Sums(3, shown.sums.totals)
    groups = [
        msgspec.structs.replace(group, hidden=None, sums=few, figures=shown.figures) if group.code == "Ulsan" else group
        for group in record.groups
    ]
    with pytest.raises(AuditFailed, match="Nothing was published"):
        check(told(inputs), msgspec.structs.replace(record, groups=groups))


def test_who_was_alone_before_bars_no_group() -> None:
    """One person of North answered a question that eleven skipped: that was told already, and bars no new group."""
    inputs = answered(company(PLACES), "North", "tactical_1", [SKIPPED] * 11)
    assert "shown" in became(cut(inputs, {**BY_PLACE, "North": "Seoul"})).values()
