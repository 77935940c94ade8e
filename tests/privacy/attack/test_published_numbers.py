"""The attack on published numbers: all that is published of random companies in four waves, together."""

from dataclasses import replace
from functools import cache

import pytest

from survey.privacy.freeze import freeze
from survey.privacy.thaw import dump, thaw
from tests.privacy.attack.attacking import attack
from tests.privacy.attack.broken import BROKEN, audit_off, without_some
from tests.privacy.attack.drawn import Wave, waves
from tests.privacy.attack.examiner import Examiner
from tests.privacy.attack.leaks import Leak

BATCHES = 10
TRIES = 40
"""Companies in which a broken build must be caught at least once."""

GROUPS = {"group", "row", "two numbers"}


def published(drawn: list[Wave]) -> list[tuple[bytes, Examiner]]:
    """Publish the waves of a company one after the other."""
    found, previous = [], None
    for wave in drawn:
        data, digest = dump(freeze(wave.inputs, previous))
        previous = thaw(data, digest)
        found.append((data, Examiner.of(wave)))
    return found


@cache
def leaks(batch: int, companies: int) -> tuple[tuple[int, Leak], ...]:
    """Attack every tenth company; return each leak with the seed of its company."""
    return tuple((seed, leak) for seed in range(batch, companies, BATCHES) for leak in attack(published(waves(seed))))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_total_of_a_small_group_can_be_worked_out(batch: int, companies: int) -> None:
    """No sum over fewer than k people follows from all that is published, nor k minus c with c who know their own."""
    assert [found for found in leaks(batch, companies) if found[1].kind in GROUPS] == []


@pytest.mark.parametrize("batch", range(BATCHES))
def test_four_answers_stay_possible_for_everybody(batch: int, companies: int) -> None:
    """No sum, with all that its flag says, narrows a single answer to fewer than four of the seven."""
    assert [found for found in leaks(batch, companies) if found[1].kind == "value"] == []


def test_two_versions_of_one_wave_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a wave published again after late answers, the two could be subtracted: the attack does it."""
    audit_off(monkeypatch)
    found = []
    for seed in range(TRIES):
        wave = waves(seed)[0]
        early = replace(wave, inputs=without_some(wave.inputs, 2), people=wave.people[:-2])
        found += attack([*published([early]), *published([wave])])
    assert {leak.people for leak in found if leak.kind == "group"} >= {1, 2}


@pytest.mark.parametrize("build", BROKEN)
def test_a_broken_build_is_caught(build: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack finds what each rule is there for, once the rule is taken out."""
    take_out, kind = BROKEN[build]
    audit_off(monkeypatch)
    take_out(monkeypatch)
    assert any(kind in {leak.kind for leak in attack(published(waves(seed)))} for seed in range(TRIES))
