"""Attacks on what an opened wave promised: by SQL with the program's own rights, by command, and behind its back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from survey.app import main
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry
from survey.services import audit_log, frozen_facts, opening, publication, upkeep, wave_plans, waves
from survey.services.company import company, set_company
from tests import cast
from tests.services import rounds
from tests.services.rounds import OVER, WAVE

LOOSER = {
    "wave.code": "UPDATE wave SET code = 'other'",
    "wave.kind": "UPDATE wave SET kind = 'imported'",
    "wave.instrument_id": "UPDATE wave SET instrument_id = 'w-sdi'",
    "wave.instrument_version": "UPDATE wave SET instrument_version = '0'",
    "wave.practices": "UPDATE wave SET practices = '[\"stand_ups\"]'",
    "wave.joins": "UPDATE wave SET joins = '[1]'",
    "wave.promise": "UPDATE wave SET promise = '{}'",
    "wave.promise_digest": "UPDATE wave SET promise_digest = ''",
    "wave.frozen_digest": "UPDATE wave SET frozen_digest = ''",
    "wave.sealed": "UPDATE wave SET sealed = (1 = 1)",
    "wave.opens_at": "UPDATE wave SET opens_at = '2026-09-01 00:00:00.000000'",
    "wave.k": "UPDATE wave SET k = 5",
    "wave.detail_k": "UPDATE wave SET detail_k = 10",
    "wave.retention_months": "UPDATE wave SET retention_months = 120",
    "wave.strict": "UPDATE wave SET strict = (1 = 0)",
    "wave.state": "UPDATE wave SET state = 'draft'",
    "wave.pepper": "UPDATE wave SET pepper = (SELECT hash FROM token ORDER BY hash LIMIT 1)",
    "wave.id": "UPDATE wave SET id = id + 100",
    "wave": "DELETE FROM wave",
    "wave_unit": "DELETE FROM wave_unit WHERE code = 'NORTH'",
    "wave_unit.code": "UPDATE wave_unit SET code = 'X' WHERE code = 'NORTH'",
    "wave_unit.parent_code": "UPDATE wave_unit SET parent_code = 'CARE' WHERE code = 'NORTH'",
    "wave_unit.name": "UPDATE wave_unit SET name_ko = '남부' WHERE code = 'NORTH'",
    "wave_unit.kind": "UPDATE wave_unit SET kind = 'care' WHERE code = 'NORTH'",
    "wave_unit.invited": "UPDATE wave_unit SET invited = 50 WHERE code = 'NORTH'",
    "wave_unit.spares": "UPDATE wave_unit SET spares = 50 WHERE code = 'NORTH'",
    "wave_unit.joined": "UPDATE wave_unit SET joined = '[\"SOUTH\"]' WHERE code = 'NORTH'",
    "wave_unit.spares_drawn": "UPDATE wave_unit SET spares_drawn = 0 WHERE code = 'NORTH'",
    "roster_entry": "DELETE FROM roster_entry",
    "roster_entry ": "UPDATE roster_entry SET report_unit = 'SOUTH' WHERE report_unit = 'NORTH'",
    "company.unit_word": "UPDATE company SET unit_word = 'store'",
}
"""What a statement would loosen, and the statement."""
MORE = {
    "wave_unit": "INSERT INTO wave_unit (wave_id, code, name_ko, name_en, kind, invited, spares_drawn, participation) "
    "SELECT wave_id, 'NEW', name_ko, name_en, kind, 1, 0, '' FROM wave_unit WHERE code = 'NORTH'",
    "roster_entry": "INSERT INTO roster_entry (wave_id, person_id, report_unit, language) "
    "SELECT wave_id, 1000, report_unit, language FROM roster_entry LIMIT 1",
}
REPLACED = {
    "wave": "INSERT OR REPLACE INTO wave SELECT * FROM wave",
    "wave_unit": "INSERT OR REPLACE INTO wave_unit SELECT * FROM wave_unit",
    "roster_entry": "INSERT OR REPLACE INTO roster_entry SELECT * FROM roster_entry",
}
TIGHTER = (
    "UPDATE wave SET k = k + 1",
    "UPDATE wave SET detail_k = detail_k + 5",
    "UPDATE wave SET retention_months = retention_months - 1",
    "UPDATE wave SET closes_at = '2026-10-14 00:00:00.000000'",
    "UPDATE wave SET counted_on = '2026-10-02'",
    "UPDATE wave SET pepper = NULL",
    "UPDATE wave_unit SET participation = '70–79 %'",
    "UPDATE wave_unit SET spares_drawn = spares_drawn + 1",
    "UPDATE company SET name_en = 'Lightship'",
)


@pytest.fixture
def opened(engine: Engine, home: Path) -> Engine:
    """An open wave with k = 6, details from 12, strict, a spare drawn everywhere."""
    with writing(engine) as session:
        cast.load(session)
    plan = wave_plans.WaveDraft(
        code=WAVE, opens_at=cast.NOW, closes_at=rounds.CLOSES, k=6, detail_k=12, retention_months=12
    )
    with writing(engine) as session:
        wave_plans.draft(session, plan, cast.NOW).strict = True
    with writing(engine) as session:
        opening.open_wave(session, WAVE, cast.NOW, home)
    with writing(engine) as session:
        session.execute(text("UPDATE wave_unit SET spares_drawn = 1"))
    return engine


def refusals(engine: Engine) -> list[dict[str, str]]:
    """What the log says was refused."""
    with reading(engine) as session:
        return [entry.facts for entry in session.scalars(select(AuditEntry).where(AuditEntry.act == audit_log.REFUSED))]


def without_triggers(engine: Engine, *statements: str) -> None:
    """Do what somebody does who owns the tables: switch the triggers off, and change what they kept."""
    raw = engine.raw_connection()
    cursor = raw.cursor()
    if engine.dialect.name == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        off = [f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()]
    else:
        off = [
            f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("wave", "wave_unit", "roster_entry", "company")
        ]
    for statement in (*off, *statements):
        cursor.execute(statement)
    raw.commit()
    raw.close()


@pytest.mark.parametrize("what", LOOSER)
def test_sql_cannot_loosen_an_open_wave(opened: Engine, what: str) -> None:
    """Each statement is refused in a sentence, changes nothing, and stands in the log with what it was about."""
    before = everything(opened)
    with pytest.raises(Refused, match=what.strip()), writing(opened) as session:
        session.execute(text(LOOSER[what]))
    assert everything(opened) == before
    assert refusals(opened) == [{"what": what.strip(), "wave": WAVE}]


@pytest.mark.parametrize("what", MORE)
def test_sql_cannot_add_to_a_frozen_tree_or_roster(opened: Engine, what: str) -> None:
    """Nobody is added to the roster and no unit to the tree, after the opening."""
    with pytest.raises(Refused, match=what), writing(opened) as session:
        session.execute(text(MORE[what]))
    assert refusals(opened) == [{"what": what, "wave": WAVE}]


@pytest.mark.parametrize("what", REPLACED)
def test_sql_cannot_replace_frozen_rows(opened: Engine, what: str) -> None:
    """Neither SQLite's REPLACE, which calls no trigger for what it deletes, nor PostgreSQL's TRUNCATE gets through."""
    statement = REPLACED[what] if opened.dialect.name == "sqlite" else f"TRUNCATE {what} CASCADE"
    before = everything(opened)
    with pytest.raises(Refused, match=what), writing(opened) as session:
        session.execute(text(statement))
    assert everything(opened) == before


@pytest.mark.parametrize("statement", TIGHTER)
def test_what_is_stricter_than_promised_is_let_through(opened: Engine, statement: str) -> None:
    """Raising a threshold, deleting earlier, counting who takes part and closing stay possible."""
    with writing(opened) as session:
        session.execute(text(statement))
    assert refusals(opened) == []
    with reading(opened) as session:
        assert frozen_facts.broken(session, waves.wave(session, WAVE)) is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE wave SET closes_at = '2027-01-01 00:00:00.000000'", "UPDATE wave SET state = 'open'", LOOSER["wave.k"]],
)
def test_a_closed_wave_stays_as_promised(opened: Engine, statement: str) -> None:
    """After the close the day of deletion is fixed, and the wave is not opened again."""
    rounds.close(opened)
    with pytest.raises(Refused), writing(opened) as session:
        session.execute(text(statement))
    assert [each["wave"] for each in refusals(opened)] == [WAVE]


def test_a_plan_can_be_changed(engine: Engine) -> None:
    """Before the opening everything can be changed, and the plan thrown away."""
    with writing(engine) as session:
        cast.load(session)
        wave_plans.draft(session, rounds.plan(), cast.NOW)
    with writing(engine) as session:
        session.execute(text("UPDATE wave SET k = 7, detail_k = 20, retention_months = 30"))
        session.execute(text("UPDATE company SET unit_word = 'store'"))
        session.execute(text("DELETE FROM wave"))
    assert refusals(engine) == []


def test_no_service_loosens_an_open_wave(opened: Engine, home: Path) -> None:
    """Planning, opening, discarding again and another word for units are refused and logged."""
    acts: dict[str, Callable[[Session], object]] = {
        "exists already|a wave 2026-Q4 already": lambda session: wave_plans.draft(session, rounds.plan(), cast.NOW),
        "opened before": lambda session: wave_plans.discard(session, WAVE, cast.NOW),
        "been opened before": lambda session: opening.open_wave(session, WAVE, cast.NOW, home),
        "unit_word": lambda session: set_company(
            session, type(company(session))("등대상사", "Lighthouse Trading", unit_word="store")
        ),
    }
    for told, act in acts.items():
        with pytest.raises(Refused, match=told), writing(opened) as session:
            act(session)
    assert [each["what"] for each in refusals(opened)] == ["wave", "wave", "wave", "company.unit_word"]


def test_no_command_loosens_an_open_wave(opened: Engine, environment: dict[str, str]) -> None:
    """The commands that plan, open, discard and publish a wave are refused and logged."""

    def survey(*words: str) -> str:
        result = CliRunner().invoke(main, ["--lang", "en", *words], env=environment)
        assert result.exit_code == 1, result.output
        return result.output

    wave = ("--wave", WAVE)
    assert "already" in survey("draft-wave", *wave, "--closes", "2026-12-31 18:00", "--k", "5")
    assert "opened before" in survey("open-wave", *wave)
    assert "opened before" in survey("discard-wave", *wave)
    assert "not closed yet" in survey("publish", *wave, "--k", "5")
    rounds.close(opened)
    assert "never lowered" in survey("publish", *wave, "--k", "5")
    assert [each["what"] for each in refusals(opened)] == ["wave", "wave", "wave", "wave.k"]


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


def test_a_refusal_is_logged_whoever_opens_the_database(opened: Engine) -> None:
    """A second engine on the same database, as another process has it, writes the same entry."""
    other = open_engine(opened.url.render_as_string(hide_password=False))
    with pytest.raises(Refused), other.connect() as connection:
        connection.execute(text(LOOSER["wave.k"]))
    other.dispose()
    assert refusals(opened) == [{"what": "wave.k", "wave": WAVE}]


def test_a_refusal_leaves_other_work_of_the_session_undone(opened: Engine) -> None:
    """What a session did before a refused statement is not kept by accident."""

    def rename_and_loosen() -> None:
        with writing(opened) as session:
            session.execute(text("UPDATE company SET name_en = 'Other'"))
            session.execute(text(LOOSER["wave.k"]))

    with pytest.raises(Refused):
        rename_and_loosen()
    with reading(opened) as session:
        assert company(session).name_en == "Lighthouse Trading"


def test_a_higher_threshold_than_anybody_is_refused(opened: Engine) -> None:
    """A second try may raise the threshold, but not so far that everything is hidden."""
    rounds.close(opened)
    with pytest.raises(Refused, match="would hide everything"), writing(opened) as session:
        publication.publish(session, WAVE, OVER, k=wave_plans.LARGEST_FLOOR + 1)


def everything(engine: Engine) -> list[list[tuple[object, ...]]]:
    """All that is frozen, as the database holds it."""
    with reading(engine) as session:
        return [
            [tuple(row) for row in session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]  # noqa: S608 - ours
            for table in ("wave", "wave_unit", "roster_entry", "company")
        ]
