import os
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from survey.database import at_once, glancing, reading, writing
from survey.database import engine as open_engine
from survey.database_file import MOUNTS, file_system
from survey.i18n import Refused
from survey.models import Company, Unit
from survey.settings import SettingsError
from survey.traces import refuse_traces
from tests.cluster import Cluster, cluster


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "is not an address of a database"),
        ("nonsense", "is not an address of a database"),
        ("mysql://host/name", "names 'mysql', which is not supported"),
        ("postgresql://host/name", "names 'postgresql', which is not supported"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:////nowhere/at/all/survey.db", "does not exist. Run: survey init"),
    ],
)
def test_an_unknown_address_is_refused_with_what_to_do(url: str, sentence: str) -> None:
    """An address that cannot be a database of ours is answered with a sentence, not a traceback."""
    with pytest.raises(SettingsError, match=sentence):
        open_engine(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """Naming a letter or a roster as the database does not touch that file."""
    path = tmp_path / "roster.csv"
    path.write_text("name,email\n" * 100)
    with pytest.raises(SettingsError, match="is no database, or damaged"):
        open_engine(f"sqlite:///{path}")
    assert path.read_text() == "name,email\n" * 100


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite writes its journal beside the file, so the folder is asked for too."""
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere: the kernel's answer is given here
    with pytest.raises(SettingsError, match=r"cannot be written\. Give the user who runs"):
        open_engine(f"sqlite:///{tmp_path / 'survey.db'}")


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's locks are not to be trusted over a network."""
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/share {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr("survey.database_file.MOUNTS", mounts)
    with pytest.raises(SettingsError, match="lies on a network file system"):
        open_engine(f"sqlite:///{tmp_path / 'survey.db'}")


def test_the_kind_of_file_system_is_that_of_the_nearest_mount(tmp_path: Path) -> None:
    """A mount inside another hides it; a folder that no mount holds is unknown."""
    mounts = "a / ext4 rw 0 0\nb /srv nfs rw 0 0\nc /srv/local xfs rw 0 0\n"
    assert file_system(Path("/srv/local/home"), mounts) == "xfs"
    assert file_system(Path("/srv/localhost"), mounts) == "nfs"
    assert file_system(tmp_path, "") == ""
    assert file_system(Path("/proc/self"), MOUNTS.read_text()) == "proc"


def test_a_server_that_does_not_answer_is_refused_without_the_password() -> None:
    """The sentence names the server and what is wrong, and keeps the password to itself."""
    with pytest.raises(SettingsError, match="cannot be opened") as refused:
        open_engine("postgresql+psycopg://ada:topsecret@127.0.0.1:1/survey")
    assert "topsecret" not in str(refused.value)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_may_lose_acknowledged_answers_is_refused(setting: str) -> None:
    """PostgreSQL with its safety switched off is not started on."""
    with (
        cluster(f"-c {setting}=off") as running,
        pytest.raises(SettingsError, match=f"{setting} = off .* Set {setting} = on"),
    ):
        open_engine(running.url("postgres"))


@pytest.mark.only_postgresql
@pytest.mark.parametrize(("value", "ours"), [("off", "on"), ("on", "on"), ("local", "local"), ("remote_apply",) * 2])
def test_a_commit_waits_for_the_disk_whatever_the_role_and_the_address_say(
    engine: Engine, postgresql: Cluster, value: str, ours: str
) -> None:
    """Off becomes on, in every kind of session and after each transaction; what waits for more is left as it is."""
    name = str(engine.url.database)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER ROLE postgres IN DATABASE \"{name}\" SET synchronous_commit = '{value}'"))
    option = f"-c synchronous_commit={value}"
    for url in (engine.url, engine.url.update_query_dict({"options": option})):
        with postgresql.admin(name) as plain:
            assert plain.execute("SHOW synchronous_commit").fetchone() == (value,)
        opened = open_engine(url.render_as_string(hide_password=False))
        for way in 2 * (reading, writing, glancing, at_once):
            with way(opened) as session:
                assert session.scalar(text("SHOW synchronous_commit")) == ours
        with pytest.raises(ZeroDivisionError), writing(opened):
            raise ZeroDivisionError
        with writing(opened) as session:
            assert session.scalar(text("SHOW synchronous_commit")) == ours
        opened.dispose()


def test_sqlite_is_opened_durably(tmp_path: Path) -> None:
    """Rollback journal, full syncs, overwritten deletions, enforced keys; the file is its owner's alone."""
    path = tmp_path / "survey.db"
    opened = open_engine(f"sqlite:///{path}")
    with opened.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store")
        }
    opened.dispose()
    assert found == {"journal_mode": "delete", "synchronous": 3, "secure_delete": 1, "foreign_keys": 1, "temp_store": 2}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_raised_undoes_the_transaction(engine: Engine) -> None:
    """A writer that fails leaves nothing behind."""

    def fail_halfway() -> None:
        with writing(engine) as session:
            session.add(_company())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with reading(engine) as session:
        assert session.get(Company, 1) is None


def test_a_reader_cannot_write(engine: Engine) -> None:
    """The database itself refuses a page that would write, and the next writer is not hindered."""
    with reading(engine) as session:
        session.add(_company())
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            session.flush()
    with writing(engine) as session:
        session.add(_company())


def test_writers_at_once_lose_no_update(engine: Engine) -> None:
    """Four writers that read, think and write each add all their steps: SQLite's lock is taken at BEGIN."""
    with writing(engine) as session:
        session.add(Unit(code="CO", name_ko="0", name_en="x", kind=""))

    def add_twenty() -> None:
        for _ in range(20):
            with writing(engine) as session:
                unit = session.scalars(select(Unit).with_for_update()).one()
                unit.name_ko = str(int(unit.name_ko) + 1)

    threads = [threading.Thread(target=add_twenty) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        assert session.scalars(select(Unit.name_ko)).one() == "80"


def test_readers_go_on_while_somebody_writes(engine: Engine) -> None:
    """A page is read while a transaction is open, and shows what was committed before it."""
    with writing(engine) as session:
        session.add(_company())
    with writing(engine) as writer, reading(engine) as reader:
        company = writer.get_one(Company, 1)
        company.name_en = "Renamed"
        writer.flush()
        assert reader.get_one(Company, 1).name_en == "Lighthouse Trading"


def test_keys_are_enforced(session: Session) -> None:
    """A unit under a parent that does not exist cannot be kept, on either database."""
    session.add(Unit(code="NORTH", parent_code="SALES", name_ko="북부", name_en="North", kind=""))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_server_that_keeps_commit_times_is_refused_before_a_wave_opens(session: Session) -> None:
    """What a server keeps about commits would tell the order of answers; a plain server and SQLite keep nothing."""
    refuse_traces(session)


def test_a_server_that_archives_its_log_or_keeps_commit_times_is_refused_before_a_wave_opens() -> None:
    """Archived write-ahead logs hold every answer in its order, commit times the order: the sentence names both."""
    with cluster("-c archive_mode=on -c archive_command=/bin/true -c track_commit_timestamp=on") as running:
        opened = open_engine(running.url("postgres"))
        with reading(opened) as session, pytest.raises(Refused) as refused:
            refuse_traces(session)
        opened.dispose()
    assert "track_commit_timestamp = off, archive_mode = off" in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "value", "cure"),
    [
        ("log_statement", "mod", "none"),
        ("log_statement", "all", "none"),
        ("log_duration", "on", "off"),
        ("log_min_duration_statement", "250", "-1"),
        ("log_min_duration_sample", "0", "-1"),
        ("log_transaction_sample_rate", "0.1", "0"),
        ("log_parameter_max_length_on_error", "-1", "0"),
    ],
)
def test_a_server_that_logs_statements_is_refused_before_a_wave_opens(
    engine: Engine, setting: str, value: str, cure: str
) -> None:
    """A server's own log would hold when people answered, or what; that is asked of the server, not believed."""
    if engine.dialect.name != "postgresql":
        return
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET {setting} = '{value}'"))
    engine.dispose()
    with reading(engine) as session, pytest.raises(Refused, match=f"{setting} = {cure}[ ,]"):
        refuse_traces(session)


def test_a_server_that_explains_statements_is_refused_before_a_wave_opens(engine: Engine) -> None:
    """The settings of an extension are looked at where it is loaded; one that logs no row does no harm."""
    if engine.dialect.name != "postgresql":
        return
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET session_preload_libraries = 'auto_explain'"))
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET log_statement = 'ddl'"))
    engine.dispose()
    with reading(engine) as session:
        refuse_traces(session)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET auto_explain.log_min_duration = 0"))
    engine.dispose()
    with reading(engine) as session, pytest.raises(Refused, match=r"auto_explain\.log_min_duration = -1 "):
        refuse_traces(session)


def _company() -> Company:
    return Company(id=1, name_ko="등대상사", name_en="Lighthouse Trading", language="ko", unit_word="team")
