"""The attack on second cuts: random groups of random companies' report units, together with what was published."""

import json
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from survey.privacy import second_cut
from survey.privacy.audit import AuditVerdict
from survey.privacy.cut_choice import Known
from survey.privacy.cut_layers import Ints, Layer, Responses
from survey.privacy.cut_plan import CutPlan
from survey.privacy.cut_thaw import dump_cut
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.record import Record
from survey.privacy.second_cut import Told, freeze_cut
from survey.privacy.thaw import dump
from survey.privacy.tree import TreeUnit
from tests.privacy.attack import attacking
from tests.privacy.attack.cutting import cut, read_cut
from tests.privacy.attack.drawn import Wave, waves
from tests.privacy.attack.examiner import Examiner
from tests.privacy.attack.leaks import Leak
from tests.privacy.attack.reading import read
from tests.privacy.companies import answered, company

SHARE = 5
"""One company in five is cut a second time."""
TRIES = 60


@cache
def drawn(seed: int) -> Wave | None:
    """Return the first wave of a company, unless somebody answered twice there: a spare counts for two answers."""
    wave = waves(seed)[0]
    return wave if len(set(wave.people)) == len(wave.people) else None


@cache
def recorded(seed: int) -> Record:
    """Publish a company's first wave; what is broken in second cuts is not yet asked."""
    return freeze(waves(seed)[0].inputs)


def leaks(wave: Wave, seed: int) -> list[Leak]:
    """Publish a wave, cut it a second time, and attack both together."""
    record = recorded(seed)
    made = cut(wave, record, seed)
    return leaks_of(wave, dump(record)[0], made) if made else []


def leaks_of(wave: Wave, data: bytes, made: bytes) -> list[Leak]:
    """Attack what is told by a record and by a second cut of it."""
    published, examiner = read(data), Examiner.of(wave)
    columns = {column["scale"]: column["denominator"] for column in json.loads(data)["columns"]}
    told = [(each, examiner.people(each)) for each in [*published.statements, *read_cut(made, columns)]]
    return attacking.groups_of(published, told) + attacking.values_of(published, told)


def test_a_second_cut_gives_nobody_away(companies: int) -> None:
    """No total of too few people and no answer narrowed too far follows from a publication and a second cut of it."""
    cuts = [(seed, wave) for seed in range(companies // SHARE) if (wave := drawn(seed)) is not None]
    assert [(seed, leak) for seed, wave in cuts for leak in leaks(wave, seed)] == []


def _alone(self: Known, *_: object) -> AuditVerdict:
    return AuditVerdict(safe=True, k=self.k, cells=0)


def _as_given(self: Responses, told: Sequence[Layer], cell_of: Ints) -> Layer:
    del told
    n_cells = int(cell_of.max(initial=-1)) + 1
    sums = np.column_stack([self.by(cell_of, n_cells, item)[1] for item in range(len(self.items))])
    return Layer(cell_of, sums, np.zeros_like(sums))


def test_a_cut_that_is_audited_alone_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that are large enough by themselves give small ones away together with what was published."""
    monkeypatch.setattr(Known, "audit", _alone)
    monkeypatch.setattr(second_cut, "check", lambda *_: None)
    assert _found("group")


CROSSED = """
    Company
      P
        P1 4
        P2 6
      Q
        Q1 4
        Q2 6
      R 20
"""


def crossed() -> tuple[WaveInputs, CutPlan]:
    """P2 and Q2, hidden for the sake of P1 and Q1, all answer 7 to play; a cut puts them together."""
    inputs = company(CROSSED)
    for unit, answer in (("P1", 1), ("P2", 7), ("Q1", 1), ("Q2", 7)):
        inputs = answered(inputs, unit, "play", [answer] * 6)
    groups = (TreeUnit("Y", None), TreeUnit("Z", None))
    return inputs, CutPlan("crossed", groups, {"P2": "Y", "Q2": "Y", "P1": "Z", "Q1": "Z"})


def squeezed() -> list[Leak]:
    """Attack the crossed company."""
    inputs, plan = crossed()
    record = freeze(inputs)
    wave = Wave(inputs, tuple(range(len(inputs.table))))
    return leaks_of(wave, dump(record)[0], dump_cut(freeze_cut(inputs, Told(record, dump(record)[1]), plan))[0])


def test_a_cut_without_room_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums of crossing groups, each in its bounds, squeeze the answers of those who lie in both: room is needed."""
    assert squeezed() == []
    monkeypatch.setattr(Responses, "settled", _as_given)
    assert {leak.kind for leak in squeezed()} == {"value"}


def test_a_cut_blind_to_distributions_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum of a few people says which of the published answers of all around them are theirs."""
    monkeypatch.setattr(second_cut, "narrowed", lambda *_: set())
    assert _found("detail")


def _found(kind: str) -> bool:
    seen = ((seed, drawn(seed)) for seed in range(TRIES))
    return any(leak.kind == kind for seed, wave in seen if wave is not None for leak in leaks(wave, seed))
