"""Flags of careless answers, and results without them, in a record."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy import flagged as flags
from survey.privacy.carefulness import NOT_TOLD, TOGETHER
from survey.privacy.evidence import Carefulness, ScaleEvidence, Sensitivity
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.flagged import FEW_FLAGGED, ONE_PLACE, Flagged
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide
from survey.privacy.inputs import WaveInputs
from survey.privacy.record import Link, Record
from survey.privacy.scored import TOO_ALIKE, TOO_FEW, score
from survey.privacy.sensitivity import CHANGES, HOLDS, SCALES_CHANGE, sensitivity, verdict
from survey.scoring.answers import AnswerTable
from survey.scoring.link import FEW_UNITS
from survey.scoring.quality import SHORT
from tests.privacy.companies import company
from tests.privacy.records import figures

TREE = """
    Company
      Care
        Chat 20
        Phone 30
      Sales
        North 25
        South 25
"""
MOTIVES = slice(0, 6)
BEHAVIOUR = slice(6, 21)
TEN = [f"U{place}" for place in range(10)]
TEN_UNITS = "\n    Company\n" + "".join(f"      {unit} 12\n" for unit in TEN)


def clicked(where: Mapping[str, int], block: slice = BEHAVIOUR, picture: str = TREE, first: int = 0) -> WaveInputs:
    """The drawn company, with one answer for a whole block by so many people of each unit (from `first` on)."""
    inputs = company(picture)
    codes, table = list(inputs.by_code), inputs.table.answers.copy()
    for unit, many in where.items():
        rows = np.flatnonzero(inputs.table.units == codes.index(unit))[first : first + many]
        table[rows, block] = 2 + (np.arange(len(rows)) % 5)[:, np.newaxis]
    return replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units))


def both(*many: Mapping[str, int]) -> WaveInputs:
    """The company in which some clicked through the behaviour, and others (the first ones) through the motives."""
    inputs, other = clicked(many[0], first=20), clicked(many[1], MOTIVES)
    changed = np.where(other.table.answers != company(TREE).table.answers, other.table.answers, inputs.table.answers)
    return replace(inputs, table=AnswerTable(inputs.table.instrument, changed, inputs.table.units))


def careful(record: Record) -> Carefulness:
    """The part of the evidence that is about careless answers."""
    assert record.evidence is not None
    assert isinstance(record.evidence.carefulness, Carefulness)
    return record.evidence.carefulness


def results(record: Record) -> dict[str, Sensitivity]:
    """Results with and without flagged answers, by name."""
    found = careful(record).sensitivity
    assert not isinstance(found, NotEstimable)
    return {one.what: one for one in found}


def test_long_strings_are_counted() -> None:
    """From k on it is told how many gave one answer to all of a long block; nobody is told as nobody."""
    assert careful(freeze(clicked({"North": 3, "Phone": 2}))).flagged["string"] == 5
    assert careful(freeze(company(TREE))).flagged == {"straight": 0, "string": 0}


@pytest.mark.parametrize("many", [1, 4])
def test_of_a_few_it_is_not_told_how_many(many: int) -> None:
    """One long string, or four, give the same record of flags: how many is not told."""
    found = careful(freeze(clicked({"North": many})))
    assert found.flagged["string"] == NotEstimable(NOT_TOLD.reason.text)
    assert found.either == NotEstimable(TOGETHER.reason.text)


def test_of_nearly_everybody_it_is_not_told_how_many() -> None:
    """Where all but a few are flagged, the count would set these few apart."""
    found = careful(freeze(clicked({"Chat": 20, "Phone": 30, "North": 25, "South": 22})))
    assert found.flagged["string"] == NotEstimable(NOT_TOLD.reason.text)


def test_the_overlap_of_two_flags_does_not_follow_from_counts() -> None:
    """Where a few have both flags, or one of them only, how many have any is not told; else it is."""
    told = careful(freeze(both({"Phone": 10}, {"Phone": 8})))
    assert (told.flagged, told.either) == ({"straight": 8, "string": 10}, 18)
    inputs = clicked({"Phone": 10})
    table = inputs.table.answers.copy()
    phone = np.flatnonzero(inputs.table.units == list(inputs.by_code).index("Phone"))
    table[phone[8:16], MOTIVES] = 4
    crossed = replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units))
    found = careful(freeze(crossed))
    assert found.flagged == {"straight": 8, "string": 10}
    assert found.either == NotEstimable(TOGETHER.reason.text)


def test_results_without_flagged_answers_stand_beside_those_with_all() -> None:
    """Index, consistency, omega, ICC(1) and link: with all as they are published, without as the others would give."""
    inputs = clicked({"Chat": 5, "Phone": 5, "North": 5, "South": 5})
    record, found = freeze(inputs), results(freeze(inputs))
    index = found["index"].without
    assert isinstance(index, Figure)
    kept = Flagged.of(score(inputs, decide(inputs))).either
    rows = np.flatnonzero(~kept)
    alone = freeze(replace(inputs, table=AnswerTable(builtin(), inputs.table.answers[rows], inputs.table.units[rows])))
    assert index.text == figures(alone, "Company").index.text
    assert found["index"].with_all == figures(record, "Company").index
    for one in record.reliability:
        assert found[f"{one.coefficient}:{one.scale}"].with_all == one.figure
    for after in alone.reliability:
        without = found[f"{after.coefficient}:{after.scale}"].without
        assert isinstance(without, Figure)
        assert isinstance(after.figure, Figure)
        assert without.text == after.figure.text
    assert record.evidence is not None
    assert alone.evidence is not None
    assert found["icc1:total_motivation"].with_all == record.evidence.groups[0].icc1
    spread = found["icc1:total_motivation"].without
    assert isinstance(spread, Figure)
    assert isinstance(alone.evidence.groups[0].icc1, Figure)
    assert spread.text == alone.evidence.groups[0].icc1.text
    assert {"omega:adaptive", "omega:tactical", "link"} < found.keys()


def test_results_without_a_few_are_not_told() -> None:
    """Nine flagged answers are not enough: two indexes would give their total."""
    assert careful(freeze(clicked({"Phone": 5, "North": 4}))).sensitivity == NotEstimable(FEW_FLAGGED.reason.text)
    assert not isinstance(careful(freeze(clicked({"Phone": 5, "North": 5}))).sensitivity, NotEstimable)


def test_spare_codes_count_against_results_without() -> None:
    """Who answered twice is one person: spare codes drawn are taken from those flagged."""
    inputs = clicked({"Phone": 5, "North": 5})
    facts = tuple(replace(each, spares=1) if each.unit.code == "South" else each for each in inputs.facts)
    record = freeze(replace(inputs, facts=facts))
    assert careful(record).sensitivity == NotEstimable(FEW_FLAGGED.reason.text)


def test_flagged_answers_that_are_nearly_a_unit_are_not_taken_out() -> None:
    """Where all of a unit but one clicked through, the total of those left out and the unit's give that one's."""
    assert careful(freeze(clicked({"North": 24}))).sensitivity == NotEstimable(ONE_PLACE.reason.text)
    assert careful(freeze(clicked({"North": 22, "Phone": 1}))).sensitivity == NotEstimable(ONE_PLACE.reason.text)
    assert not isinstance(careful(freeze(clicked({"North": 20}))).sensitivity, NotEstimable)


def test_those_whose_index_is_nought_protect_nobody() -> None:
    """Twelve straight answers and two long strings: the index without them would give the total of the two."""
    found = results(freeze(both({"Phone": 2}, {"Phone": 12})))
    assert found["index"].without == NotEstimable(FEW_FLAGGED.reason.text)
    assert isinstance(found["alpha:tactical"].without, Figure)


def test_each_result_needs_enough_flagged_people_of_its_own() -> None:
    """Of eleven flagged four skipped a question of a scale: the scale without the other seven is not told."""
    inputs = clicked({"Phone": 11}, MOTIVES)
    table = inputs.table.answers.copy()
    phone = np.flatnonzero(inputs.table.units == list(inputs.by_code).index("Phone"))
    table[phone[:4], [item.id for item in builtin().items].index("tactical_2")] = SKIPPED
    found = results(freeze(replace(inputs, table=AnswerTable(builtin(), table, inputs.table.units))))
    reason = NotEstimable(FEW_FLAGGED.reason.text)
    assert (found["alpha:tactical"].without, found["omega:tactical"].without) == (reason, reason)
    assert isinstance(found["alpha:adaptive"].without, Figure)


def test_another_finding_is_another_conclusion() -> None:
    """The link changes where another sentence would be said without the flagged answers, and only there."""
    inputs = clicked(dict.fromkeys(TEN, 1), picture=TEN_UNITS)
    record, scored = freeze(inputs), score(inputs, decide(inputs))
    assert isinstance(record.link, Link)
    assert record.evidence is not None
    assert not results(record)["link"].changes
    other = msgspec.structs.replace(record.link, finding="more with tactical")
    found = sensitivity(Flagged.of(scored), record.reliability, other, record.evidence)
    assert not isinstance(found, NotEstimable)
    assert found[-1].what == "link"
    assert found[-1].changes


def test_the_link_needs_enough_flagged_people_and_units_of_its_own() -> None:
    """Of twenty flagged eleven skipped a question, or one unit is flagged as a whole: there is a reason."""
    inputs = clicked(dict.fromkeys(TEN, 2), MOTIVES, TEN_UNITS)
    table = inputs.table.answers.copy()
    flagged = np.flatnonzero((table[:, MOTIVES] == table[:, :1]).all(axis=1))
    table[flagged[:11], [item.id for item in builtin().items].index("tactical_2")] = SKIPPED
    found = results(freeze(replace(inputs, table=AnswerTable(builtin(), table, inputs.table.units))))["link"]
    assert isinstance(found.with_all, Figure)
    assert found.without == NotEstimable(FEW_FLAGGED.reason.text)
    whole = results(freeze(clicked(dict.fromkeys(TEN, 2) | {"U3": 12}, MOTIVES, TEN_UNITS)))["link"]
    assert isinstance(whole.with_all, Figure)
    assert whole.without == NotEstimable(FEW_UNITS.reason.text)
    assert not found.changes
    assert not whole.changes


def test_the_index_without_straight_answers_alone_follows_from_the_published_one() -> None:
    """Where only straight answers are flagged the index is worked out, not taken from answers moved at a bound."""
    record = freeze(clicked({"Phone": 6, "North": 6}, MOTIVES))
    without, index = results(record)["index"].without, figures(record, "Company").index
    assert isinstance(without, Figure)
    assert without.value == pytest.approx(index.value * 100 / 88, abs=0.051)


def test_a_company_below_tier_two_tells_nothing() -> None:
    """Of nine people neither flags nor what holds scales together are told."""
    record = freeze(company("\n    Company\n      North 9\n"))
    assert record.evidence is not None
    assert record.evidence.carefulness == NotEstimable(TOO_FEW.reason.text)
    reason = NotEstimable(TOO_FEW.reason.text)
    assert record.evidence.scales == [ScaleEvidence(one.scale, reason, []) for one in record.evidence.scales]


def test_answers_that_are_alike_are_not_told_by_what_holds_them_together() -> None:
    """Where everybody gives the same answer to a question, no reason says so, in coefficients or beside them."""
    inputs = company(TREE)
    table = inputs.table.answers.copy()
    column = [item.id for item in builtin().items].index("tactical_1")
    table[:, column] = 4
    record = freeze(replace(inputs, table=AnswerTable(builtin(), table, inputs.table.units)))
    assert record.evidence is not None
    (tactical,) = [one for one in record.evidence.scales if one.scale == "tactical"]
    assert tactical == ScaleEvidence("tactical", NotEstimable(TOO_ALIKE.reason.text), [])
    (told,) = [one.figure for one in record.reliability if one.scale == "tactical"]
    assert told == NotEstimable(TOO_ALIKE.reason.text)


def test_a_question_that_hardly_varies_keeps_its_correlation() -> None:
    """Of a question that all but one answer alike, the correlation would tell that one; the others' are told."""
    inputs = company(TREE)
    table = inputs.table.answers.copy()
    column = [item.id for item in builtin().items].index("tactical_1")
    table[:, column] = 4
    table[0, column] = 5
    record = freeze(replace(inputs, table=AnswerTable(builtin(), table, inputs.table.units)))
    assert record.evidence is not None
    (tactical,) = [one for one in record.evidence.scales if one.scale == "tactical"]
    first, *others = tactical.items
    assert first.correlation == NotEstimable(TOO_ALIKE.reason.text)
    assert all(isinstance(one.correlation, Figure) for one in others)


def test_a_wave_that_asked_little_has_no_long_strings() -> None:
    """Where fewer questions were asked than make a long string, it says so instead of nobody."""
    inputs = company(TREE)
    table = inputs.table.answers.copy()
    table[:, 14:] = SKIPPED
    wave = replace(inputs, table=AnswerTable(builtin(), table, inputs.table.units))
    imported = replace(wave, wave=type(wave.wave)("2026-Q1", "imported", "", "", [], "", demo=False))
    found = careful(freeze(imported))
    assert found.flagged["string"] == NotEstimable(SHORT.reason.text)
    assert found.either == found.flagged["straight"]


def test_the_distance_to_published_totals_is_the_least_there_is() -> None:
    """No choice of units to take away leaves fewer people than `distance` says, tried one by one."""
    random = np.random.default_rng(1)
    for _ in range(50):
        units, gone = random.integers(0, 4, 25), random.random(25) < 0.4
        least = min(
            sum(int(((gone if not taken >> unit & 1 else ~gone) & (units == unit)).sum()) for unit in range(4))
            for taken in range(16)
        )
        assert flags.distance(units, gone, ~gone) == least


def test_the_verdict_is_about_conclusions() -> None:
    """Nothing changes, only scales do, or something that conclusions rest on: three sentences."""
    reason = NotEstimable("")

    def one(what: str, *, changes: bool) -> Sensitivity:
        return Sensitivity(what, reason, reason, changes)

    holds = [one("index", changes=False), one("alpha:tactical", changes=False)]
    assert verdict(holds) == HOLDS
    assert verdict([*holds, one("alpha:adaptive", changes=True)]) == SCALES_CHANGE
    assert verdict([*holds, one("link", changes=True)]) == CHANGES
