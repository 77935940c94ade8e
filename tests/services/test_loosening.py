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
from survey.services import audit_log
from survey.services.company import company, set_company
from survey.services.publication import publication
from survey.services.waves import frozen_facts, opening, wave_plans, waves
from tests import cast
from tests.services import rounds
from tests.services.loosening import LOOSER, strict_wave
from tests.services.rounds import OVER, WAVE

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
    """An open wave that promised more than it had to."""
    return strict_wave(engine, home)


def refusals(engine: Engine) -> list[dict[str, str]]:
    """What the log says was refused."""
    with reading(engine) as session:
        return [entry.facts for entry in session.scalars(select(AuditEntry).where(AuditEntry.act == audit_log.REFUSED))]


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
