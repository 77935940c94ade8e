import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, update

from survey.app import main
from survey.database import reading, writing
from survey.models import AuditEntry, Person, Wave
from survey.services.invitations import issue_key
from survey.services.responses import responses
from survey.services.waves import participation, sweeping, upkeep, wave_plans, waves
from survey.services.waves.retention import months_after
from survey.services.waves.upkeep import Tick
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

HOUR = dt.timedelta(hours=1)


def test_a_wave_ends_by_itself(engine: Engine, home: Path) -> None:
    """Hour by hour: participation is counted, the key dies, the wave closes, and much later its answers go."""
    form = rounds.sent(rounds.open_cast(engine, home)["Di"])
    rounds.answer(engine, form)
    assert upkeep.tick(engine, home, cast.NOW).counted == WAVE
    assert upkeep.tick(engine, home, cast.NOW + HOUR) == Tick()
    assert upkeep.tick(engine, home, cast.NOW + 48 * HOUR) == Tick(keys_destroyed=(WAVE,), counted=WAVE)
    assert upkeep.tick(engine, home, rounds.CLOSES).closed == ""
    assert upkeep.tick(engine, home, rounds.OVER) == Tick(closed=WAVE)
    due = months_after(rounds.CLOSES, 24)
    assert upkeep.tick(engine, home, due - HOUR) == Tick()
    done = upkeep.tick(engine, home, due)
    assert done.deleted == (WAVE,)
    assert upkeep.tick(engine, home, due + HOUR) == Tick()
    with reading(engine) as session:
        assert responses.counted(session, form.receipt) is None
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["wave drafted", "wave opened", "wave closed", "answers deleted"]


def test_a_tick_does_what_an_interrupted_sweep_left(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the close could not overwrite what it freed, the next tick does."""
    for code in rounds.open_cast(engine, home).values():
        rounds.answer(engine, rounds.sent(code, "가" * 2_000))
    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "sweep", lambda _engine: False)
        rounds.close(engine)
    assert upkeep.tick(engine, home, rounds.OVER).swept is (engine.dialect.name == "sqlite")


def test_a_tick_says_what_it_did() -> None:
    """A line an act, in both languages; nothing where nothing was due."""
    lines = Tick(keys_destroyed=("a",), closed="b", deleted=("c", "d")).sentences()
    assert [line.to("en") for line in lines] == [
        "The key that makes the codes of wave a is destroyed.",
        "Wave b has reached its end and is closed.",
        "The answers of wave c are deleted, as promised.",
        "The answers of wave d are deleted, as promised.",
    ]
    assert lines[1].to("ko") == "b 조사가 끝나서 마감했어요."
    assert Tick().sentences() == []


def test_an_unpublished_draft_is_left_alone(engine: Engine, home: Path) -> None:
    """A draft neither closes nor loses anything, however old; a key that a failed opening left goes."""
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(), cast.NOW)
    issue_key.create(home, WAVE)
    assert upkeep.tick(engine, home, rounds.OVER + 10_000 * HOUR).keys_destroyed == (WAVE,)
    with reading(engine) as session:
        assert waves.wave(session, WAVE).state == "draft"
        assert participation.bands(session, waves.wave(session, WAVE)) == {}


def test_a_wave_runs_from_the_command_line(
    engine: Engine, environment: dict[str, str], tmp_path: Path, home: Path
) -> None:
    """Draft, open, letters, printed codes, close: each command says what it did and what comes next."""
    with writing(engine) as session:
        cast.load(session)
    with writing(engine) as session:
        session.execute(update(Person).where(Person.name.in_(["Di", "Eun"])).values(email=None))

    def survey(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["--lang", "en", *words], env=environment)
        assert result.exit_code == code, result.output
        return result.output

    wave, soon = ("--wave", WAVE), f"{dt.date.today() + dt.timedelta(days=30)} 18:00"  # noqa: DTZ011 - the operator's day
    assert "would end before it starts" in survey("draft-wave", *wave, "--closes", "2001-01-01 09:00", code=1)
    assert "is planned" in survey("draft-wave", *wave, "--closes", soon, "--practice", "stand_ups")
    assert "is gone" in survey("discard-wave", *wave)
    assert "is planned" in survey("draft-wave", *wave, "--closes", soon, "--practice", "stand_ups")
    assert "is open for 27 people" in survey("open-wave", *wave)
    assert "25 letters were accepted by the mail server; 0 wait" in survey("send-letters", *wave)
    assert f"{WAVE}-NORTH.pdf" in survey("print-codes", *wave, "-o", str(tmp_path / "codes"))
    assert (tmp_path / "codes" / f"{WAVE}-NORTH.pdf").read_bytes().startswith(b"%PDF")
    assert not issue_key.exists(home, WAVE)
    assert "destroyed, as promised" in survey("print-codes", *wave, "-o", str(tmp_path / "again"), code=1)
    assert "was counted" in survey("tick")
    assert "close it early" in survey("close-wave", *wave, code=1)
    assert "is closed" in survey("close-wave", *wave, "--early")
    assert f"{WAVE} " in survey("waves")
    with reading(engine) as session:
        assert session.scalars(select(Wave.state)).all() == ["closed"]
        assert waves.wave(session, WAVE).practices == ["stand_ups"]


def test_letters_that_wait_fail_the_command(engine: Engine, environment: dict[str, str], home: Path) -> None:
    """Without a mail server the command ends with 1, says so, and can be run again."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with writing(engine) as session:
        cast.load(session)
    rounds.open_next(engine, home, rounds.plan(WAVE, now + 24 * HOUR, now))
    away = {**environment, "SURVEY_MAIL_URL": "smtp://127.0.0.1:1"}
    result = CliRunner().invoke(main, ["send-letters", "--wave", WAVE], env=away)
    assert result.exit_code == 1
    assert "cannot be used now" in result.output
    assert "27 wait" in result.output
    again = CliRunner().invoke(main, ["send-letters", "--wave", WAVE], env=environment)
    assert (again.exit_code, len(list((home / "letters").iterdir()))) == (0, 27)
