from dataclasses import replace
from math import sqrt

import pytest

from survey.privacy import freeze as freezing
from survey.privacy.audit import AuditFailed
from survey.privacy.figures import NotEstimable
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide
from survey.privacy.policy import Policy
from survey.privacy.tree import Tree
from survey.scoring.answers import AnswerTable
from tests.privacy.companies import CAST, answered, company, instrument, with_spares
from tests.privacy.records import figures


def test_nothing_from_a_company_of_four() -> None:
    """Below the floor nothing is shown, not even of the company; counts of responses are."""
    record = freeze(company("Company\n  A 4"))
    assert {unit.hidden for unit in record.units} == {"small"}
    assert record.within_variance == {}
    assert isinstance(record.link, NotEstimable)
    assert all(isinstance(each.figure, NotEstimable) for each in record.reliability)
    assert record.quality.received == 4
    assert isinstance(record.quality.index_without_straight, NotEstimable)


def test_a_wave_that_nobody_answered() -> None:
    """A wave without a single response is published too: it shows nothing, and says why."""
    nobody = AnswerTable.of(instrument(), [], [])
    record = freeze(replace(company(), table=nobody))
    assert {unit.hidden for unit in record.units} == {"small"}
    assert record.quality.received == 0


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


def test_higher_thresholds_show_less() -> None:
    """With k = 9 South is small."""
    record = freeze(replace(company(), policy=Policy(9, 12)))
    assert {unit.code: unit.hidden for unit in record.units}["South"] == "small"
    assert (record.policy.k, record.policy.detail_k) == (9, 12)


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
