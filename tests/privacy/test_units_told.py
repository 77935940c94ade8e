"""What a record tells of units: drawn indexes, how much lies between them, agreement, those missing."""

from dataclasses import replace

import numpy as np
import pytest

from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.record import Record
from survey.scoring.answers import AnswerTable
from tests.privacy.companies import company
from tests.privacy.records import detail, figures
from tests.sample import sample_record

MANY = """
    Company
      One
        A 12
        B 11
        C 10
      Two
        D 14
        E 6
        F 13
"""


def of_kind(inputs: WaveInputs, **kinds: str) -> WaveInputs:
    """Return the same wave with declared types of some units."""
    return replace(
        inputs,
        facts=tuple(
            replace(each, unit=replace(each.unit, kind=kinds.get(each.unit.code, ""))) for each in inputs.facts
        ),
    )


def invited(inputs: WaveInputs, **more: int) -> WaveInputs:
    """Return the same wave with so many people more invited."""
    return replace(
        inputs,
        facts=tuple(replace(each, invited=each.invited + more.get(each.unit.code, 0)) for each in inputs.facts),
    )


def answers(inputs: WaveInputs, code: str, items: list[str], values: list[int]) -> WaveInputs:
    """Return the same wave with these answers of a unit's people to some items."""
    table = inputs.table.answers.copy()
    rows = np.flatnonzero(inputs.table.units == list(inputs.by_code).index(code))
    for place, item in enumerate(inputs.table.instrument.items):
        if item.id in items:
            table[rows, place] = np.resize(values, len(rows))
    return replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units))


def drawn(record: Record, code: str) -> Figure | NotEstimable:
    """Return a unit's drawn index."""
    found = figures(record, code).shrunken
    assert found is not None
    return found


def test_an_index_is_drawn_towards_the_others_and_the_company_nowhere() -> None:
    """A small unit is drawn further than a large one, within its interval; the company has a reason instead."""
    record = sample_record()
    kept = []
    for code in ("A2-T4", "A2"):
        found, plain = drawn(record, code), figures(record, code).index
        assert isinstance(found, Figure)
        assert found.low is not None
        assert found.high is not None
        assert found.low < found.value < found.high
        kept.append(abs(found.value - plain.value))
    assert kept[0] > 3 * kept[1]
    assert isinstance(drawn(record, "HQ"), NotEstimable)


def test_fewer_than_five_units_are_drawn_nowhere() -> None:
    """With four units nothing is known of how far units spread, and the record says so."""
    record = freeze(company("Company\n  A 12\n  B 11\n  C 13\n  D 10\n"))
    found = drawn(record, "A")
    assert isinstance(found, NotEstimable)
    assert found.reason == "With fewer than five units there is no telling how far units differ."


def test_a_declared_type_of_five_units_is_of_its_own() -> None:
    """Units of a type are drawn towards their own mean where there are five of them, else towards all."""
    inputs = company(MANY + "      Three\n        G 9\n        H 12\n        I 8\n        J 10\n        K 15\n", seed=3)
    inputs = answers(inputs, "G", ["play"], [7, 6])
    plain = freeze(inputs)
    five = freeze(of_kind(inputs, **dict.fromkeys("GHIJK", "store")))
    four = freeze(of_kind(inputs, **dict.fromkeys("HIJK", "store")))
    assert drawn(five, "G") != drawn(plain, "G")
    assert drawn(five, "A") == drawn(plain, "A")
    assert drawn(four, "H") == drawn(plain, "H")


def test_units_that_hold_others_are_no_part_of_what_is_learnt() -> None:
    """Between units is counted over shown units that share no person: six teams here, not the two above them."""
    record = freeze(company(MANY))
    assert record.evidence is not None
    assert {each.units for each in record.evidence.groups} == {6}
    assert [each.measure for each in record.evidence.groups][:2] == ["total_motivation", "play"]
    assert all(each.note for each in record.evidence.groups if isinstance(each.icc1, Figure))


def test_a_small_company_tells_nothing_of_what_lies_between_units() -> None:
    """Below ten people in all there is no spread, and so nothing of all this, each with its reason."""
    record = freeze(company("Company\n  A 9\n"))
    assert record.evidence is not None
    assert all(isinstance(each.icc1, NotEstimable) and each.note == "" for each in record.evidence.groups)
    assert isinstance(drawn(record, "A"), NotEstimable)


def test_a_split_unit_is_seen_as_split() -> None:
    """Six at the low end and six at the high end of a motive are told as split, and agree on it not at all."""
    record = freeze(answers(company(MANY), "A", ["emotional_pressure"], [1, 2, 6, 7, 2, 6]))
    here = detail(record, "A")
    found = here.agreement["emotional_pressure"]
    assert found.split
    assert isinstance(found.rwg["uniform"], Figure)
    assert found.rwg["uniform"].value == 0.0
    assert [each for each, of in here.agreement.items() if of.split] == ["emotional_pressure"]


def test_agreement_of_one_question_is_told_where_its_distribution_is() -> None:
    """A motive whose answers are too alike shows neither its distribution nor how far people agree on it."""
    record = freeze(answers(company(MANY), "A", ["play"], [4]))
    here = detail(record, "A")
    assert "play" not in here.spreads
    assert "play" not in here.agreement
    assert here.agreement.keys() >= here.spreads.keys()


@pytest.mark.parametrize("everything", [True, False])
def test_agreement_of_many_questions_is_silent_where_one_question_is_answered_alike(everything: bool) -> None:  # noqa: FBT001 - two cases
    """One question of tactical performance that all of a unit answer alike, and the unit's agreement on it is not told.

    Adaptive performance has other questions, and is told.
    """
    inputs = company(MANY)
    tactical = [item.id for item in inputs.table.instrument.items_of("tactical")]
    record = freeze(answers(inputs, "A", tactical if everything else tactical[:1], [4]))
    here = detail(record, "A")
    assert "tactical" not in here.agreement
    assert "adaptive" in here.agreement
    other = detail(record, "B")
    assert "tactical" in other.agreement


def test_agreement_keeps_the_printed_digits_and_no_more() -> None:
    """What is made of several questions' squares is kept as it is printed."""
    for each in sample_record().units:
        for found in each.detail.agreement.values() if each.detail else ():
            for figure in (*found.rwg.values(), found.deviation):
                if isinstance(figure, Figure):
                    assert figure.value == float(figure.text)


def test_those_missing_have_bounds_where_three_are() -> None:
    """Three missing of fifteen have bounds that follow from n, invited and the index; two have none, nine invited none.

    The company alone has the share, with its interval.
    """
    record = freeze(invited(company(MANY), A=3, B=2, E=3))
    index, missing = figures(record, "A").index, figures(record, "A").missing
    assert missing is not None
    assert missing.invited == 15
    assert missing.low.value == pytest.approx((12 * index.value - 300) / 15, abs=1e-5)
    assert missing.high.value == pytest.approx((12 * index.value + 300) / 15, abs=1e-5)
    near = (record.within_variance["total_motivation"] ** 0.5) / 5
    assert missing.near_low is not None
    assert missing.near_high is not None
    assert missing.near_low.value == pytest.approx(index.value - near, abs=1e-5)
    assert missing.near_high.value == pytest.approx(index.value + near, abs=1e-5)
    assert missing.share is None
    assert [figures(record, code).missing for code in ("B", "C", "E")] == [None, None, None]
    whole = figures(record, "Company").missing
    assert whole is not None
    share = whole.share
    assert share is not None
    assert (share.text, share.low_text, share.high_text) == ("89", "80", "94")
