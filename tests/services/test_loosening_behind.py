"""Attacks on a promise by whoever owns the tables: the triggers are dropped first, and the digests find it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry
from survey.services import audit_log
from survey.services.publication import publication
from survey.services.waves import frozen_facts, upkeep, waves
from tests import cast
from tests.services import rounds
from tests.services.loosening import LOOSER, strict_wave, without_triggers
from tests.services.rounds import OVER, WAVE

BEHIND = {
    "from how many people on results are shown": LOOSER["wave.k"],
    "when answers are deleted": LOOSER["wave.retention_months"],
    "the stricter rule for small teams": LOOSER["wave.strict"],
    "how answers are sealed": LOOSER["wave.sealed"],
    "the questions, or their wording": LOOSER["wave.practices"],
    "the questions, or their wording ": LOOSER["company.unit_word"],
    "the text of the promise": "UPDATE wave SET promise = replace(promise, '12 people or more', '10 people or more')",
    "the frozen units, or who belongs to which": LOOSER["wave_unit.parent_code"],
    "the frozen units, or who belongs to which ": LOOSER["roster_entry "],
    "the frozen units, or who belongs to which  ": LOOSER["wave_unit.invited"],
    "the frozen units, or who belongs to which   ": LOOSER["wave.frozen_digest"],
}
"""What is found to differ where somebody drops the triggers first, and the statement."""


@pytest.fixture
def opened(engine: Engine, home: Path) -> Engine:
    """An open wave that promised more than it had to."""
    return strict_wave(engine, home)


@pytest.mark.parametrize("what", BEHIND)
def test_what_was_changed_behind_the_triggers_is_found(opened: Engine, home: Path, what: str) -> None:
    """The next tick writes it into the log once, and nothing is published."""
    without_triggers(opened, BEHIND[what])
    assert upkeep.tick(opened, home, cast.NOW).broken == (WAVE,)
    assert upkeep.tick(opened, home, cast.NOW).broken == ()
    rounds.close(opened)
    with pytest.raises(Refused, match=what.strip()), writing(opened) as session:
        publication.publish(session, WAVE, OVER)
    with reading(opened) as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.act == frozen_facts.BROKEN)).all()
        assert [entry.facts for entry in told] == [{"wave": WAVE, "what": what.strip()}]
        assert waves.wave(session, WAVE).state == "closed"


def test_changing_text_and_digest_together_is_found(opened: Engine) -> None:
    """Who rewrites the promise and its digest is betrayed by the log; who edits the log's entry, by its own digest."""
    without_triggers(opened, LOOSER["wave.k"])
    with writing(opened) as session:
        wave = waves.wave(session, WAVE)
        frozen_facts.seal_promise(session, wave, waves.instrument_of(session, wave))
        digests = {"promise": wave.promise_digest, "frozen": wave.frozen_digest}
    with writing(opened) as session:
        assert "the log names" in str(frozen_facts.broken(session, waves.wave(session, WAVE)))
        audit_log.write(session, cast.NOW, None, frozen_facts.OPENED, wave=WAVE, **digests)
    with writing(opened) as session:
        assert "the log names" in str(frozen_facts.broken(session, waves.wave(session, WAVE)))
        entry = audit_log.find(session, frozen_facts.OPENED, wave=WAVE)
        assert entry is not None
        entry.facts = {**entry.facts, **digests}
    with reading(opened) as session:
        assert "the log names" in str(frozen_facts.broken(session, waves.wave(session, WAVE)))
        assert not audit_log.verify(session).whole


def test_the_publication_logs_what_no_tick_saw(opened: Engine) -> None:
    """Without any tick in between, the refused publication itself leaves the entry."""
    rounds.close(opened)
    without_triggers(opened, LOOSER["wave.k"])
    with pytest.raises(Refused, match="results are shown"), writing(opened) as session:
        publication.publish(session, WAVE, OVER)
    with reading(opened) as session:
        assert audit_log.find(session, frozen_facts.BROKEN, wave=WAVE) is not None


def test_without_triggers_and_digests_the_attack_succeeds(
    opened: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program without either guard publishes teams of five although six were promised: the tests above are sharp."""
    for code in rounds.codes(opened, home, WAVE).values():
        rounds.answer(opened, rounds.sent(code))
    rounds.close(opened)
    without_triggers(opened, LOOSER["wave.k"], "UPDATE wave SET strict = (1 = 0)")
    with monkeypatch.context() as broken, writing(opened) as session:
        broken.setattr(frozen_facts, "broken", lambda *_: None)
        assert publication.publish(session, WAVE, OVER).policy.k == 5
