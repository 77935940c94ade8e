"""Each point of `survey doctor`, brought to fail for real, and the whole on an installation that stands well."""

import datetime as dt
import secrets
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.mail import post_for
from survey.migrations import newest
from survey.models import Account, Company, Wave
from survey.services import audit_log, mail_server
from survey.services.backups import backups
from survey.services.doctor import durable, duties, machine, post, stored
from survey.services.invitations import issue_key
from survey.services.mail_server import MailServer
from survey.services.responses.replies import Accepted
from survey.services.waves import last_tick
from survey.settings import Settings
from tests.services import rounds
from tests.services.examined import LATER, closed_to_others, looked, told
from tests.services.mail_server import Postbox, serving

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def well(engine: Engine, settings: Settings) -> Engine:
    """An installation whose wave was opened with its letters out, backed up and ticking."""
    closed_to_others(engine, settings)
    rounds.open_cast(engine, settings.home)
    with writing(engine) as session:
        session.execute(text("UPDATE invitation SET sent_on = '2026-10-01'"))
    backups.backup(engine, settings.home, settings.home / "survey.backup", newest(), LATER)
    last_tick.note(settings.home, LATER)
    return engine


def test_an_installation_that_stands_well(well: Engine, settings: Settings) -> None:
    """Nothing is at fault; what is worth a look is what a test's installation does not have."""
    levels = {name: check.level for name, check in looked(well, settings).items() if name != "traces"}
    not_well = {name: level for name, level in levels.items() if level != "ok"}
    assert not_well == {"address": "warn", "mail": "fail", "accounts": "warn"}


def test_a_home_that_others_can_enter(settings: Settings, tmp_path: Path) -> None:
    """Open folders, missing ones and files in their place are at fault, each with its command."""
    settings.home.chmod(0o750)
    assert "chmod 700" in machine.home(settings.home).line("en")
    assert "survey init" in machine.home(tmp_path / "nowhere").line("en")
    (tmp_path / "file").touch(mode=0o600)
    assert machine.home(tmp_path / "file").level == "fail"


def test_a_secret_that_others_can_read(settings: Settings) -> None:
    """An open, a short and a missing secret are at fault."""
    settings.secret_path.chmod(0o640)
    assert "chmod 600" in machine.secret(settings).line("en")
    settings.secret_path.chmod(0o600)
    assert machine.secret(settings).level == "ok"
    settings.secret_path.write_bytes(b"short")
    assert "shorter than" in machine.secret(settings).line("en")
    settings.secret_path.unlink()
    assert "No secret" in machine.secret(settings).line("en")


@pytest.mark.parametrize(("free", "level"), [(50, "fail"), (150, "warn"), (999, "warn"), (1000, "ok"), (5000, "ok")])
def test_a_disk_without_room(free: int, level: str) -> None:
    """Against what a wave takes; without a hundred megabytes nothing is safe."""
    assert machine.disk(free * machine.MEGABYTE, 1000 * machine.MEGABYTE).level == level


def test_the_disk_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    """It will lie where its parents do."""
    assert machine.free(tmp_path / "a" / "b") == pytest.approx(machine.free(tmp_path), rel=0.5)


@pytest.mark.parametrize(
    ("url", "hops", "level"),
    [
        ("http://127.0.0.1:8000", 0, "warn"),
        ("http://localhost", 0, "warn"),
        ("http://survey.example.com", 1, "fail"),
        ("https://survey.example.com", 0, "warn"),
        ("https://survey.example.com", 1, "ok"),
    ],
)
def test_an_address_without_https(url: str, hops: int, level: str) -> None:
    """Codes and passwords never cross a network in the clear unseen."""
    assert machine.address(url, hops).level == level


def test_a_file_that_others_can_read(well: Engine, settings: Settings) -> None:
    """The database may lie outside the home folder; SQLite's file is looked at on its own."""
    if well.dialect.name != "sqlite":
        assert "file" not in looked(well, settings)
        return
    Path(str(well.url.database)).chmod(0o644)
    assert "chmod 600" in told(looked(well, settings), "file")


def test_a_file_that_is_damaged(well: Engine, settings: Settings) -> None:
    """Pages that do not fit together are found before an answer is lost in them."""
    if well.dialect.name != "sqlite":
        return
    path = Path(str(well.url.database))
    content = bytearray(path.read_bytes())
    with well.connect() as connection:
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'person'").scalar_one()
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(bytes(content))
    well.dispose()  # a connection may have the page in its memory
    assert "damaged" in told(found := looked(well, settings), "whole")
    assert "tick" not in found  # what cannot be looked at any more is left out


def test_a_file_that_is_written_in_another_way(database_url: str) -> None:
    """A file that something else has left in write-ahead mode and holds open keeps the order of answers."""
    first = open_engine(database_url)
    if first.dialect.name != "sqlite":
        first.dispose()
        return
    with reading(first) as session:
        assert stored.pragmas(session).level == "ok"
        session.connection().exec_driver_sql("PRAGMA secure_delete = OFF")
        assert "secure_delete = 0" in stored.pragmas(session).line("en")
    first.dispose()


def test_a_server_that_keeps_traces(well: Engine, settings: Settings) -> None:
    """PostgreSQL that logs statements is at fault while a wave is open."""
    if well.dialect.name == "sqlite":
        return
    with well.connect() as connection:
        connection.exec_driver_sql("SET log_statement = 'all'")
        assert "log_statement" in stored.server_settings(Session(connection)).line("en")
        assert stored.server_settings(Session(connection)).level == "fail"
    assert looked(well, settings)["traces"].level in {"ok", "fail"}


def test_a_server_that_would_forget(well: Engine, settings: Settings) -> None:
    """Tables that a crash empties are named, and made durable by what is said; so is a commit that does not wait."""
    if well.dialect.name == "sqlite":
        assert "durable" not in looked(well, settings)
        return
    assert looked(well, settings)["durable"].level == "ok"
    with well.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE intake SET UNLOGGED")
    assert "empties these tables: intake. Run for each" in told(looked(well, settings), "durable")
    with well.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE intake SET LOGGED")
    assert looked(well, settings)["durable"].level == "ok"
    with well.connect() as connection:
        connection.exec_driver_sql("SET synchronous_commit = off")
        found = durable.look(Session(connection))
        assert found is not None
        assert "synchronous_commit is off" in found.line("en")
        assert "%(" not in found.line("ko")


def test_a_clock_that_went_back(well: Engine, settings: Settings) -> None:
    """An act of tomorrow in the log says that a clock is wrong."""
    with writing(well) as session:
        audit_log.write(session, LATER + dt.timedelta(days=1), None, "something")
    assert "timedatectl" in told(looked(well, settings), "clock")


def test_a_time_zone_that_is_not_known(well: Engine, settings: Settings) -> None:
    """Of a zone that only the newest tables hold, an older machine says what to run."""
    assert "Asia/Seoul" in told(looked(well, settings), "time zone")
    with writing(well) as session:
        session.execute(update(Company).values(time_zone="Mars/Olympus"))
        assert "survey init --time-zone" in stored.zone(session).line("en")


def test_a_log_that_was_edited(well: Engine, settings: Settings) -> None:
    """A changed entry is told by its number."""
    with well.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_entry SET act = 'x' WHERE id = 2")
    assert "Entry 2 of the audit log" in told(looked(well, settings), "audit log")


def test_a_wave_that_is_not_what_it_promised(well: Engine, settings: Settings) -> None:
    """What was loosened by somebody who switched the database's own guards off is found."""
    with well.begin() as connection:
        if well.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER frozen_wave_update")
        else:
            connection.exec_driver_sql("ALTER TABLE wave DISABLE TRIGGER ALL")
        connection.exec_driver_sql("UPDATE wave SET retention_months = 99")
    assert "differs from what it promised" in told(looked(well, settings), "promise")


def test_ticks_that_stopped(well: Engine, settings: Settings) -> None:
    """Two hours without one, or one of later, are at fault while there is a wave; never one at all before is a look."""
    assert looked(well, settings, LATER - HOUR)["tick"].level == "ok"
    assert "later than now" in told(looked(well, settings, LATER - 3 * HOUR), "tick")
    assert looked(well, settings, LATER + 2 * HOUR)["tick"].level == "ok"
    assert looked(well, settings, LATER + 3 * HOUR)["tick"].level == "fail"
    (settings.home / "last-tick").write_text("nonsense")
    assert "Nothing was ever done" in told(looked(well, settings), "tick")
    assert duties.ticks(None, LATER, opened=False).level == "warn"


def test_a_backup_that_is_old_or_missing(well: Engine, settings: Settings) -> None:
    """Two days are old; none at all is worth a look once there are people."""
    assert "newest backup is of" in told(looked(well, settings, LATER + dt.timedelta(days=3)), "backup")
    assert looked(well, settings, LATER + dt.timedelta(days=3))["backup"].level == "warn"
    assert duties.backup(None, LATER, anything=True).level == "warn"
    assert duties.backup(None, LATER, anything=False).level == "ok"


def test_a_backup_whose_key_is_gone(well: Engine, settings: Settings) -> None:
    """After a close the backups of before give nothing back, so a new one is asked for."""
    assert "backup key" not in looked(well, settings)
    rounds.close(well)
    assert "Run: survey backup FILE" in told(looked(well, settings), "backup key")


def test_letters_that_did_not_go_out(well: Engine, settings: Settings) -> None:
    """A day after the opening they are worth a look; without the issue key nothing but a spare code helps."""
    with writing(well) as session:
        session.execute(text("UPDATE invitation SET sent_on = NULL WHERE person_id IN (SELECT min(id) FROM person)"))
    assert looked(well, settings)["letters"].level == "ok"
    assert "1 people" in told(looked(well, settings, LATER + HOUR), "letters")
    issue_key.destroy(settings.home, rounds.WAVE)
    assert "survey draw-spare" in told(looked(well, settings), "letters")
    rounds.close(well)
    assert "letters" not in looked(well, settings)


def test_answers_that_should_be_gone(well: Engine, settings: Settings) -> None:
    """Answers that outlive their day are at fault."""
    code = next(iter(rounds.codes(well, settings.home).values()))
    assert isinstance(rounds.answer(well, rounds.sent(code)), Accepted)
    rounds.close(well)
    years = LATER + dt.timedelta(days=3 * 366)
    assert rounds.WAVE in told(looked(well, settings, years), "deletion")
    assert looked(well, settings)["deletion"].level == "ok"


def test_who_signs_in_how(well: Engine, settings: Settings) -> None:
    """A rule without a second step is worth a look, and so is an installation without accounts."""
    assert "asks nobody" in told(looked(well, settings), "accounts")
    with writing(well) as session:
        session.execute(update(Company).values(second_step="hr"))
    assert looked(well, settings)["accounts"].level == "ok"
    with writing(well) as session:
        session.execute(text('DELETE FROM "grant"'))
        session.query(Account).delete()
    assert "Nobody has an account" in told(looked(well, settings), "accounts")


def test_letters_that_reach_nobody(well: Engine, settings: Settings) -> None:
    """Undecided while a wave is open is at fault; files by somebody's word are worth a look; the demo means them."""
    assert looked(well, settings)["mail"].level == "fail"
    with writing(well) as session:
        mail_server.keep_as_files(session, settings, LATER, None)
    assert looked(well, settings)["mail"].level == "warn"
    with writing(well) as session:
        session.execute(update(Company).values(demo=True))
    assert looked(well, settings)["mail"].level == "ok"


def test_a_mail_server_that_is_tried(well: Engine, settings: Settings) -> None:
    """It is reached and signed in to, without a letter; what fails comes with the advice."""
    box = Postbox()
    with serving(box) as port:
        server = MailServer("127.0.0.1", port, "none", "", "", "hr@example.com")
        with writing(well) as session:
            mail_server.set_server(session, settings, server, LATER, None)
        assert looked(well, settings)["mail"].level == "ok"
    assert "nothing listens on port" in told(looked(well, settings), "mail")
    assert box.messages == []
    settings.secret_path.write_bytes(secrets.token_bytes(32))
    assert "another secret" in told(looked(well, settings), "mail")


def test_settings_of_mail_that_cannot_work(well: Engine, settings: Settings) -> None:
    """What the operator wrote is judged as well."""
    assert "names no mail server" in told(looked(well, replace(settings, mail_url="smtp://")), "mail")
    assert post.reach(post_for(replace(settings, mail_url="smtp://127.0.0.1:1"))).level == "fail"


def test_before_there_is_anything(engine: Engine, settings: Settings) -> None:
    """An empty database is no fault."""
    closed_to_others(engine, settings)
    found = looked(engine, settings)
    assert {name for name, check in found.items() if check.level == "fail"} == set()
    with reading(engine) as session:
        assert session.get(Wave, 1) is None
