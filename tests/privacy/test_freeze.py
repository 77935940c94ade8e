from collections.abc import Mapping
from dataclasses import replace
from math import sqrt

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.i18n import Refused
from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy import freeze as freezing
from survey.privacy.audit import AuditFailed
from survey.privacy.changes import moments
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide
from survey.privacy.policy import Policy
from survey.privacy.record import Change, Contribution, Detail, Figure, NotEstimable, Record, Sums, UnitFigures
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication, dump, thaw
from survey.privacy.tree import Tree
from survey.scoring.answers import AnswerTable
from survey.scoring.index import index_measure
from tests.privacy.companies import CAST, answered, company, instrument, shuffled, with_moves, with_spares
from tests.privacy.drawings import draw
from tests.sample import EXTREME, SMALL, sample_inputs, sample_publication, sample_record

MOTIVES = [scale.id for scale in instrument().motives]


def figures(record: Record, code: str) -> UnitFigures:
    """The figures of a unit that is shown."""
    (found,) = [unit.figures for unit in record.units if unit.code == code]
    assert found is not None
    return found


def detail(record: Record, code: str) -> Detail:
    """The details of a unit that shows them."""
    (found,) = [unit.detail for unit in record.units if unit.code == code]
    assert found is not None
    return found


def sums(record: Record, code: str) -> Sums:
    """The sums of a unit that is shown."""
    (found,) = [unit.sums for unit in record.units if unit.code == code]
    assert found is not None
    return found


def as_publication(record: Record) -> Publication:
    """The record as pages get it."""
    return thaw(*dump(record))


def test_who_is_shown() -> None:
    """The record shows what the gate lets through, and the reason for everything else."""
    record = freeze(company())
    assert {unit.code: unit.hidden for unit in record.units} == {
        "Company": None,
        "Care": None,
        "Chat": "small",
        "Phone": "complementary",
        "Sales": None,
        "North": None,
        "South": None,
    }
    assert {unit.code: unit.detail_hidden for unit in record.units} == {
        "Company": None,
        "Care": None,
        "Chat": "small",
        "Phone": "small",
        "Sales": None,
        "North": "complementary",
        "South": "small",
    }
    for unit in record.units:
        assert (unit.hidden is None) == (unit.figures is not None) == (unit.sums is not None)
        assert (unit.detail_hidden is None) == (unit.detail is not None)
        assert (unit.detail is not None) == (unit.sums is not None and unit.sums.products is not None)


def test_the_same_answers_give_the_same_bytes() -> None:
    """A record does not depend on how responses were stored, and canonical JSON makes one text of it."""
    inputs = answered(company(), "South", "play", [1, 1, 1, 1, 1])
    assert dump(freeze(inputs)) == dump(freeze(shuffled(inputs, 3))) == dump(freeze(shuffled(inputs, 4)))


def test_children_add_up_to_parents() -> None:
    """Sums of units are exact: North and South make Sales, to the last digit."""
    record = freeze(company())
    north, south, sales = (sums(record, code) for code in ("North", "South", "Sales"))
    assert north.n + south.n == sales.n == 17
    assert [a + b for a, b in zip(north.totals, south.totals, strict=True)] == sales.totals


def test_figures_follow_from_the_sums() -> None:
    """Every mean and the index of a unit can be computed again from its published sums, and so can its spread."""
    publication = sample_publication()
    index = index_measure(publication.instrument, moments(publication, _sums(publication, "HQ")).columns)
    for unit in publication.units:
        if not isinstance(unit.figures, Released) or not isinstance(unit.sums, Released):
            continue
        again = moments(publication, unit.sums.value)
        assert unit.figures.value.index.value == pytest.approx(float(again.mean(index)), abs=1e-6)
        for scale, figure in unit.figures.value.scales.items():
            assert figure.value == pytest.approx(float(again.mean(scale)), abs=1e-6)
        if isinstance(unit.detail, Released):
            assert unit.detail.value.index_sd.value == pytest.approx(sqrt(again.variance(index)), abs=1e-6)


def _sums(publication: Publication, code: str) -> Sums:
    found = publication.unit(code).sums
    assert isinstance(found, Released)
    return found.value


def test_parts_add_up_to_the_gap() -> None:
    """The motives' parts of the gap to the rest of the company add up to the gap."""
    for unit in sample_record().units:
        if unit.figures and isinstance(unit.figures.contribution, Contribution):
            found = unit.figures.contribution
            parts = sum(part.value for part in found.parts.values())
            assert found.gap.value == pytest.approx(parts, abs=1e-5)
            assert list(found.parts) == MOTIVES


def test_the_company_has_no_rest() -> None:
    """The company is compared with nobody, and says so; with all people in one team so does the team."""
    record = freeze(company("Company\n  Only 12"))
    for code in ("Company", "Only"):
        found = figures(record, code)
        reason = "This is the whole company: there is no rest to compare it with."
        assert found.contribution == found.balance == NotEstimable(reason)


def test_extremes_are_bounded_in_every_unit() -> None:
    """Everybody in South gives play the lowest answer: South says "or less", in mean, index, gap and part."""
    record = freeze(answered(company(), "South", "play", [1, 1, 1, 1, 1]))
    south, sales = figures(record, "South"), figures(record, "Sales")
    assert (south.scales["play"].text, south.scales["play"].bound) == ("1.60", "or less")
    assert south.index.bound == "or less"
    assert sales.scales["play"].bound == "or less"
    assert isinstance(south.contribution, Contribution)
    assert south.contribution.parts["play"].bound == "or less"
    assert south.contribution.parts["inertia"].bound == ""


def test_an_indirect_extreme_turns_the_flag() -> None:
    """Where inertia was bounded from above, inertia is "or more" and the index, which subtracts it, "or less"."""
    south = figures(freeze(answered(company(), "South", "inertia", [7, 7, 7, 7, 7])), "South")
    assert south.scales["inertia"].bound == "or more"
    assert south.index.bound == "or less"


def test_extremes_of_the_rest() -> None:
    """What is left when shown units are taken away is bounded too: North all 1, so that Sales minus South is."""
    record = freeze(answered(company(), "North", "play", [1] * 12))
    play = [column.scale for column in record.columns].index("play")
    rest = sums(record, "Sales").totals[play] - sums(record, "South").totals[play]
    assert rest == 12 + 3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2, 6, 7]))
def test_no_residual_is_extreme(seed: int, answer: int) -> None:
    """Whatever people answer, no published residual's sum of a motive lies outside n + 3 and 7 n - 3."""
    inputs = company(seed=seed)
    for unit in ("South", "Phone", "Chat"):
        inputs = answered(inputs, unit, "purpose", [answer] * 8)
    record = freeze(inputs)
    shown = {unit.code: unit.sums for unit in record.units if unit.sums}
    tree = draw(CAST).tree
    for code, found in shown.items():
        parts = [other for other in tree.below(code) if other in shown and _above(tree.path(other), shown) == code]
        n = found.n - sum(shown[part].n for part in parts)
        for place, column in enumerate(record.columns):
            if n and column.scale in MOTIVES:
                total = found.totals[place] - sum(shown[part].totals[place] for part in parts)
                assert n + 3 <= total <= 7 * n - 3


def _above(path: tuple[str, ...], shown: dict[str, Sums]) -> str:
    return ([code for code in path[:-1] if code in shown] or [""])[-1]


def test_set_aside_is_told_as_a_count() -> None:
    """A response without a motive counts nowhere but in the number of those set aside."""
    record = freeze(answered(company(), "North", "play", [SKIPPED, SKIPPED]))
    assert (record.quality.received, record.quality.counted, record.quality.set_aside) == (27, 25, 2)
    assert figures(record, "North").n == 10


def test_straight_answers_are_flagged() -> None:
    """The same answer to all six motives is flagged and counted; the company's index without it is shown."""
    inputs = company()
    for motive in MOTIVES:
        inputs = answered(inputs, "North", motive, [4, 4, 4])
    quality = freeze(inputs).quality
    assert quality.straight == 3
    assert isinstance(quality.index_without_straight, Figure)


def test_nobody_but_straight_answers() -> None:
    """Where everybody answers straight there is no index without them, and no word is made up."""
    inputs = company()
    for motive in MOTIVES:
        for unit, people in (("North", 12), ("South", 5), ("Phone", 8), ("Chat", 2)):
            inputs = answered(inputs, unit, motive, [4] * people)
    record = freeze(inputs)
    assert record.quality.index_without_straight == NotEstimable("Nobody answered.")
    found = figures(record, "North").contribution
    assert isinstance(found, Contribution)
    assert found.verdict == "no detectable difference"
    assert found.gap.low is None


def test_nothing_from_a_company_of_four() -> None:
    """Below the floor nothing is shown, not even of the company; counts of responses are."""
    record = freeze(company("Company\n  A 4"))
    assert {unit.hidden for unit in record.units} == {"small"}
    assert record.within_variance == {}
    assert isinstance(record.link, NotEstimable)
    assert all(isinstance(each.figure, NotEstimable) for each in record.reliability)
    assert record.quality.received == 4
    assert isinstance(record.quality.index_without_straight, NotEstimable)


def test_no_spread_from_a_company_of_eight() -> None:
    """Below tier two means are shown without intervals: the company's own spread would be one."""
    record = freeze(company("Company\n  A 8"))
    assert figures(record, "A").index.low is None
    assert figures(record, "A").position is None
    assert record.within_variance == {}


def test_intervals_of_small_units_rest_on_the_company() -> None:
    """A unit without details never uses its own spread: its answers' spread leaves its interval as it is."""
    one = answered(company(), "South", "purpose", [4, 4, 4, 4, 4])
    other = answered(company(), "South", "purpose", [2, 6, 4, 2, 6])
    widths = []
    for inputs in (one, other):
        purpose = figures(freeze(inputs), "South").scales["purpose"]
        assert purpose.low is not None
        assert purpose.high is not None
        widths.append((purpose.value, purpose.high - purpose.low, freeze(inputs).within_variance["purpose"]))
    assert widths[0][0] == widths[1][0]
    assert widths[0][1] / sqrt(widths[0][2]) == pytest.approx(widths[1][1] / sqrt(widths[1][2]), abs=1e-3)


def test_spreads_count_everybody() -> None:
    """The distribution of a motive counts each person of the unit once."""
    record = freeze(company())
    for motive, spread in detail(record, "Sales").spreads.items():
        assert sum(spread.counts) == 17
        mean = sum(answer * count for answer, count in enumerate(spread.counts, start=1)) / 17
        assert mean == pytest.approx(figures(record, "Sales").scales[motive].value, abs=1e-6)


def test_practices_have_a_base_of_their_own() -> None:
    """A practice item is shown where enough people answered it, whatever is shown of the unit otherwise."""
    practice = instrument().practices[0].id
    record = freeze(answered(company(), "South", practice, [SKIPPED, SKIPPED]))
    assert practice not in figures(record, "South").practices
    assert practice not in figures(record, "South").practices_n
    assert figures(record, "Company").practices_n[practice] == 25
    assert figures(record, "South").n == 5


def test_practice_extremes() -> None:
    """Practice items are bounded in the cells that they are shown for."""
    practice = instrument().practices[0].id
    south = figures(freeze(answered(company(), "South", practice, [7] * 5)), "South")
    assert (south.practices[practice].text, south.practices[practice].bound) == ("6.40", "or more")


def test_spare_codes_count_against_the_unit() -> None:
    """Six answers with two spare codes drawn may come from four people: the unit is small."""
    inputs = company(CAST.replace("South 5", "South 6"))
    record = freeze(with_spares(inputs, {"South": 2}))
    assert {unit.code: unit.hidden for unit in record.units}["South"] == "small"
    assert record.quality.counted == 28


def test_an_answer_is_somebody() -> None:
    """However many spares were drawn, where there is an answer there is a person to protect."""
    record = freeze(with_spares(company(), {"Chat": 2}))
    shown = [unit.code for unit in record.units if unit.hidden is None]
    assert "Phone" not in shown or "Care" not in shown


def test_another_shape_of_instrument() -> None:
    """A wave of the W-SDI, with three items a motive and no performance, is published the same way."""
    record = freeze(company(asked=builtin("w-sdi")))
    sales = figures(record, "Sales")
    assert sales.position is None
    assert isinstance(sales.balance, NotEstimable)
    assert sales.weakest_facet == ""
    assert detail(record, "Sales").label == "cannot tell yet"
    assert sum(next(iter(detail(record, "Sales").spreads.values())).counts) == 17


def test_without_all_motives_nothing_is_published() -> None:
    """A wave that did not ask for a motive has no index, and is refused with a sentence."""
    inputs = company()
    inputs = replace(inputs, wave=msgspec.structs.replace(inputs.wave, kind="imported"))
    for unit, people in (("North", 12), ("South", 5), ("Phone", 8), ("Chat", 2)):
        inputs = answered(inputs, unit, "inertia", [SKIPPED] * people)
    with pytest.raises(Refused, match="did not ask for all motives"):
        freeze(inputs)


def test_an_imported_wave_asked_what_was_answered() -> None:
    """Of answers collected elsewhere, scales without any answer are left out instead of setting everybody aside."""
    inputs = company()
    table = inputs.table.answers.copy()
    items = [item.scale for item in instrument().items]
    table[:, [scale not in MOTIVES for scale in items]] = SKIPPED
    imported = replace(
        inputs,
        wave=msgspec.structs.replace(inputs.wave, kind="imported", practices=[]),
        table=AnswerTable(instrument(), table, inputs.table.units),
    )
    record = freeze(imported)
    assert list(figures(record, "Sales").scales) == MOTIVES
    assert record.link == NotEstimable(
        "The link needs the motives, adaptive and tactical performance, two items each at least."
    )
    assert record.reliability == []


def test_higher_thresholds_show_less() -> None:
    """With k = 9 South is small."""
    record = freeze(replace(company(), policy=Policy(9, 12)))
    assert {unit.code: unit.hidden for unit in record.units}["South"] == "small"
    assert (record.policy.k, record.policy.detail_k) == (9, 12)


# ---- the second wave -------------------------------------------------------------------------------------------------

BIG = CAST.replace("North 12", "North 25").replace("South 5", "South 14")


def second(moved: Mapping[str, int]) -> Record:
    """The second wave of a larger company, in which so many people moved."""
    before = as_publication(freeze(company(BIG)))
    return freeze(with_moves(company(BIG, seed=2, code="2026-Q2"), moved), before)


def test_a_change_names_its_wave() -> None:
    """A change says since when, how large, how sure, and is one of a family fixed at publication."""
    record = second({})
    change = detail(record, "South").change
    assert isinstance(change, Change)
    assert change.since == record.previous_wave == "2026-Q1"
    assert record.previous == as_publication(freeze(company(BIG))).digest
    assert change.difference.text[0] in "+−"
    assert 0 <= change.p_adjusted <= 1


@pytest.mark.parametrize(("moved", "hidden"), [(0, False), (1, True), (2, True), (3, False)])
def test_a_lone_newcomer_is_not_guessed(moved: int, hidden: bool) -> None:  # noqa: FBT001 - a column of the table
    """Below twenty people a change is not shown where one or two joined or left."""
    south = detail(second({"South": moved}), "South")
    assert (south.change is None) == hidden
    assert ("One or two people" in south.change_hidden) == hidden


def test_in_a_large_unit_one_person_is_not_seen() -> None:
    """From twenty people on the change is shown."""
    assert detail(second({"North": 1}), "North").change is not None


def test_unknown_moves_hide_small_changes() -> None:
    """Where nobody knows who joined or left, changes are shown from twenty people on."""
    record = freeze(company(BIG, seed=2, code="2026-Q2"), as_publication(freeze(company(BIG))))
    assert detail(record, "South").change is None
    assert detail(record, "North").change is not None


def test_no_change_without_earlier_details() -> None:
    """A unit that showed no details, or did not exist, before shows no change."""
    before = as_publication(freeze(company()))
    record = freeze(with_moves(company(BIG, seed=2, code="2026-Q2"), {}), before)
    assert detail(record, "North").change_hidden.startswith("The unit showed no details")
    renamed = company(BIG.replace("North", "Nord"), seed=2)
    assert detail(freeze(renamed, before), "Nord").change_hidden.startswith("The unit showed no details")


def test_another_instrument_is_not_compared() -> None:
    """Waves that asked something else are shown beside each other, never joined by a number."""
    record = freeze(company(BIG, asked=builtin("w-sdi")), as_publication(freeze(company(BIG))))
    assert detail(record, "North").change_hidden.startswith("The earlier wave asked something else")


def test_two_waves_without_any_spread() -> None:
    """Where nobody's answer differs from another's, chance cannot be judged and no change is made up."""
    inputs = company(BIG)
    for motive in MOTIVES:
        for unit, people in (("North", 25), ("South", 14), ("Phone", 8), ("Chat", 2)):
            inputs = answered(inputs, unit, motive, [4] * people)
    inputs = with_moves(inputs, {})
    record = freeze(inputs, as_publication(freeze(inputs)))
    assert "chance cannot be judged" in detail(record, "North").change_hidden


# ---- fail closed -----------------------------------------------------------------------------------------------------


def test_a_record_that_leaks_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a protection that only hides small groups, freeze fails on its audit: nothing is published."""

    def naive(tree: Tree, counts: dict[str, int], k: int, allowed: set[str] | None = None) -> dict[str, str | None]:
        people = tree.totals(counts)
        return {
            code: None if people[code] >= k and (allowed is None or code in allowed) else "small" for code in people
        }

    monkeypatch.setattr("survey.privacy.gate.protect_tree", naive)
    with pytest.raises(AuditFailed, match="Chat"):
        freeze(company())


def test_people_that_were_counted_decide() -> None:
    """The record is also audited with the people counted at each unit, not with the sizes it claims."""
    inputs = company()
    record = freeze(inputs)
    freezing.check(inputs, decide(inputs), record)
    fewer = with_spares(inputs, {"South": 3})
    with pytest.raises(AuditFailed, match="South"):
        freezing.check(fewer, decide(fewer), record)


# ---- the sample ------------------------------------------------------------------------------------------------------


def test_the_sample_holds_every_case() -> None:
    """The publication that other tests rely on has what they need."""
    publication = sample_publication()
    assert {unit.depth for unit in publication.units} == {0, 1, 2, 3}
    details = [unit.detail.value for unit in publication.units if isinstance(unit.detail, Released)]
    assert any(found.change for found in details)
    assert any("One or two" in found.change_hidden for found in details)
    assert len({found.label for found in details}) >= 3
    extreme = publication.unit(EXTREME).figures
    assert isinstance(extreme, Released)
    assert extreme.value.scales["play"].bound == "or less"
    hidden = {unit.code: unit.figures.reason for unit in publication.units if isinstance(unit.figures, Suppressed)}
    assert set(hidden.values()) == {"small", "complementary"}
    assert hidden[SMALL] == "small"
    assert any(unit.language_note for unit in publication.units)
    assert len(sample_inputs().table) == publication.quality.value.received
    assert np.isfinite(publication.within_variance.value["play"])
