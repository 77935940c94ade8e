"""The attack on results without flagged answers: two indexes give the total of those who were left out."""

from collections.abc import Iterator

import numpy as np
import pytest

from survey.privacy import flagged
from survey.privacy.evidence import Carefulness
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.thaw import dump
from survey.scoring.answers import AnswerTable
from tests.privacy.attack.attacking import attack
from tests.privacy.attack.broken import audit_off
from tests.privacy.attack.examiner import Examiner
from tests.privacy.attack.leaks import Leak
from tests.privacy.companies import company

TREES = (
    "\n    Company\n      Care\n        Chat 6\n        Phone 9\n      Sales\n        North 12\n        South 7\n",
    "\n    Company\n      A 5\n      B 6\n      C 14\n      D 11\n",
    "\n    Company\n      A\n        A1 3\n        A2 16\n      B 20\n",
)
TRIES = 30


def clicked(seed: int) -> WaveInputs:
    """A company in which many, of some units nearly all, gave one answer to all questions about behaviour."""
    random = np.random.default_rng(seed)
    inputs = company(TREES[seed % len(TREES)], seed)
    share = random.choice([0.0, 0.1, 0.3, 0.6, 0.95], len(inputs.facts))
    rows = np.flatnonzero(random.random(len(inputs.table)) < share[inputs.table.units])
    table = inputs.table.answers.copy()
    table[rows, 6:21] = random.integers(1, 8, len(rows))[:, np.newaxis]
    straight = rows[random.random(len(rows)) < random.choice([0.0, 0.3, 0.8])]
    table[straight, :6] = 4
    return WaveInputs(
        inputs.company, inputs.unit_word, inputs.wave, inputs.policy, inputs.facts,
        AnswerTable(inputs.table.instrument, table, inputs.table.units),
    )  # fmt: skip


def attacked() -> Iterator[tuple[bool, list[Leak]]]:
    """Publish companies; tell whether results without flagged answers are told, and what the attack finds."""
    for seed in range(TRIES):
        inputs = clicked(seed)
        record = freeze(inputs)
        codes = [facts.unit.code for facts in inputs.facts]
        parents = {facts.unit.code: facts.unit.parent for facts in inputs.facts}
        rows = [(person, codes[unit]) for person, unit in enumerate(inputs.table.units)]
        examiner = Examiner.behind(inputs.wave.code, parents, rows, inputs.table)
        assert record.evidence is not None
        careful = record.evidence.carefulness
        told = isinstance(careful, Carefulness) and isinstance(careful.sensitivity, list)
        yield told, attack([(dump(record)[0], examiner)])


def test_results_without_flagged_answers_give_nobody_away() -> None:
    """In companies of careless people no sum of fewer than k follows, though results without them are often told."""
    found = list(attacked())
    assert [leaks for _, leaks in found if leaks] == []
    assert sum(told for told, _ in found) >= TRIES // 4


def test_a_build_without_the_distance_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were only the number of flagged answers looked at, those of nearly a whole unit would give the others away."""
    audit_off(monkeypatch)
    monkeypatch.setattr(flagged, "distance", lambda units, *_masks: len(units))
    assert "group" in {leak.kind for _, leaks in attacked() for leak in leaks}


def test_a_build_that_counts_straight_answers_as_people_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were those protected by others whose index is known to be 0, two long strings among them would be given away."""
    audit_off(monkeypatch)
    monkeypatch.setattr(flagged.Flagged, "refusal_of_total", flagged.Flagged.refusal)
    assert "group" in {leak.kind for _, leaks in attacked() for leak in leaks}
