"""The attack on published numbers: all that is published of random companies in four waves, together."""

import json
from dataclasses import replace

import pytest

from survey.privacy.freeze import freeze
from survey.privacy.thaw import dump, thaw
from tests.privacy.attack.attacking import attack
from tests.privacy.attack.broken import BROKEN, audit_off, without_some
from tests.privacy.attack.drawn import Wave, waves
from tests.privacy.attack.examiner import Examiner
from tests.privacy.attack.leaks import Leak
from tests.privacy.attack.published import changes

BATCHES = 10
MOVED_OVER = (175, 192)
"""Companies in which two teams exchanged their people under the same codes."""
TRIES = 40
"""Companies in which a broken build must be caught at least once."""


def published(drawn: list[Wave]) -> list[tuple[bytes, Examiner]]:
    """Publish the waves of a company one after the other."""
    found, previous = [], None
    for wave in drawn:
        data, digest = dump(freeze(wave.inputs, previous))
        previous = thaw(data, digest)
        found.append((data, Examiner.of(wave)))
    return found


def leaks(seed: int) -> list[tuple[int, Leak]]:
    """Attack a company; return what is found with its seed."""
    return [(seed, leak) for leak in attack(published(waves(seed)))]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nobody_is_given_away(batch: int, companies: int) -> None:
    """Nothing follows from all that is published of fewer than k people, or k minus c for c who know their own answers.

    And nothing narrows a single answer to fewer than four of the seven: neither sums, with all that their flags say,
    nor how the answers of ten people and more are spread.
    """
    assert [found for seed in range(batch, companies, BATCHES) for found in leaks(seed)] == []


@pytest.mark.parametrize("seed", MOVED_OVER)
def test_changes_against_another_unit_are_read(seed: int) -> None:
    """The attack takes apart changes that are counted from a unit of another code, and finds nothing."""
    records = published(waves(seed))
    assert attack(records) == []
    units = [unit for data, _ in records for unit in json.loads(data)["units"] if unit["detail"]]
    (unit,) = [unit for unit in units if unit["detail"]["origin_change"] and unit["code"] in {"C", "B"}]
    told = [then.plus for data, _ in records for then in changes(data) if then.quantity == "index"]
    assert (unit["origin"]["unit"],) in told


def test_two_versions_of_one_wave_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a wave published again after late answers, the two could be subtracted: the attack does it."""
    audit_off(monkeypatch)
    people = set[int]()
    for seed in range(TRIES):
        wave = waves(seed)[0]
        early = replace(wave, inputs=without_some(wave.inputs, 2), people=wave.people[:-2])
        found = attack([*published([early]), *published([wave])])
        people |= {leak.people for leak in found if leak.kind == "group"}
        if people >= {1, 2}:
            return
    pytest.fail(f"Of two versions nothing was found but {people}.")


@pytest.mark.parametrize("build", BROKEN)
def test_a_broken_build_is_caught(build: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack finds what each rule is there for, once the rule is taken out."""
    take_out, kind = BROKEN[build]
    audit_off(monkeypatch)
    take_out(monkeypatch)
    assert any(kind in {leak.kind for leak in attack(published(waves(seed)))} for seed in range(TRIES))
