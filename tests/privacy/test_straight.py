"""How many gave the same answer to all motives: their index is 0, so that everybody's total is that of the others."""

from dataclasses import replace

import numpy as np
import pytest

from reports.method import method
from survey.privacy import company_figures
from survey.privacy.evidence import Carefulness
from survey.privacy.figures import NotEstimable
from survey.privacy.flagged import NEARLY_ALL
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.record import Record
from survey.privacy.thaw import dump, thaw
from survey.scoring.answers import AnswerTable
from tests.privacy.attack.reading import read
from tests.privacy.companies import company, with_spares

TREE = """
    Company
      North 12
      South 8
"""
NOT_TOLD = NotEstimable(NEARLY_ALL.reason.text)


def all_but(left: int) -> WaveInputs:
    """The drawn company, in which all but so many gave one answer to all motives."""
    inputs = company(TREE)
    table = inputs.table.answers.copy()
    table[left:, :6] = 2 + (np.arange(len(table) - left) % 5)[:, np.newaxis]
    return replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units))


def flags(record: Record) -> Carefulness:
    """What the evidence tells of flags."""
    assert record.evidence is not None
    assert isinstance(record.evidence.carefulness, Carefulness)
    return record.evidence.carefulness


@pytest.mark.parametrize("left", [0, 1, 4])
def test_where_a_few_others_are_left_it_is_not_told(left: int) -> None:
    """Neither the count, nor the index without them, nor a count of flags that would give it: they say the same."""
    record = freeze(all_but(left))
    assert record.quality.straight == record.quality.index_without_straight == NOT_TOLD
    assert flags(record).flagged["straight"] == NOT_TOLD
    assert flags(record).either == NOT_TOLD
    assert method(thaw(*dump(record)), "en").straight == ""


def test_from_five_others_on_it_is_told() -> None:
    """Five are enough, unless one of them may have answered twice, with a spare code; nobody is told as nobody."""
    assert freeze(all_but(5)).quality.straight == 15
    assert freeze(with_spares(all_but(5), {"North": 1})).quality.straight == NOT_TOLD
    assert freeze(with_spares(company("Company 5"), {"Company": 1})).quality.straight == 0


def test_the_attack_finds_a_build_that_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one person left the company's index is hers: the attack reads it from the count."""
    inputs = all_but(1)
    assert read(dump(freeze(inputs))[0]).contradictions == []
    monkeypatch.setattr(company_figures, "straight_told", lambda _, straight: straight)
    assert read(dump(freeze(inputs))[0]).contradictions == ["the index of everybody is that of 1"]
