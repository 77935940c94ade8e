"""`survey attack` on whole installations: silent where nothing is wrong, loud where something was planted."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from survey.app import main
from survey.attack.target import opened
from survey.database import engine as open_engine
from survey.database import writing
from survey.services.invitations import issue_key
from survey.services.publication import publication
from tests.attack.conftest import PEOPLE
from tests.attack.staging import Stage
from tests.services import rounds
from tests.services.rounds import OVER, WAVE

Plant = Callable[[Engine, Path], None]


def attack(
    url: str, home: Path, *words: str, language: str = "en", variables: Mapping[str, str] = MappingProxyType({})
) -> Result:
    """Type `survey attack` and these words."""
    variables = {"SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": url, "LANG": "C.UTF-8", **variables}
    return CliRunner().invoke(main, ["--lang", language, "attack", *words], env=variables, catch_exceptions=False)


def address(engine: Engine) -> str:
    """Return the address of a database, as an operator would write it."""
    return engine.url.render_as_string(hide_password=False)


def published(engine: Engine, home: Path) -> None:
    """Close and publish the wave, and destroy its key."""
    rounds.close(engine)
    with writing(engine) as session:
        publication.publish(session, WAVE, OVER)
    issue_key.destroy(home, WAVE)


def test_known_answers_are_tested_and_nothing_is_found(staged: Stage, tmp_path: Path) -> None:
    """On a published wave of 500 known answers the command says that chance does as well, and exits with 0.

    Each run is right with 99 %; three closes in a row would be wrong once in a million.
    """
    (tmp_path / "known.csv").write_text(staged.csv, "utf-8")
    for _ in range(3):
        with staged.branch() as engine:
            home = tmp_path / f"home{_}"
            home.mkdir(mode=0o700)
            published(engine, home)
            result = attack(address(engine), home, "--known", str(tmp_path / "known.csv"))
        if result.exit_code == 0:
            break
    assert result.exit_code == 0, result.output
    assert "no better than chance" in result.output
    assert f"of {PEOPLE} people guessed right" in result.output
    assert "Nothing found by these" in result.output


def test_an_open_wave_is_told_in_words(staged: Stage) -> None:
    """While an unsealed wave is open the command says who could do what, and until when, in both languages."""
    with staged.branch() as engine:
        said = {language: attack(address(engine), staged.home, language=language).output for language in ("en", "ko")}
    assert f"can list who answered (now {PEOPLE} people)" in said["en"]
    assert f"can read its {PEOPLE} answers" in said["en"]
    assert "코드 발급 열쇠가 아직 있습니다" in said["ko"]


def test_nothing_is_written_to_what_is_attacked(staged: Stage) -> None:
    """A SQLite file is as it was, to the time of its last change; PostgreSQL's sessions cannot write."""
    with staged.branch() as engine:
        url = address(engine)
        if engine.dialect.name == "sqlite":
            path = Path(str(engine.url.database))
            before = path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())
            attack(url, staged.home)
            assert before == (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir()))
            return
        with opened(url, None) as target, pytest.raises(DBAPIError, match="read-only transaction"):
            target.rows("DELETE FROM person RETURNING id")


def test_a_role_with_few_rights_is_told_what_was_not_tried(staged: Stage, tmp_path: Path) -> None:
    """Whoever may read the tables alone still gets a verdict, and hears which attempts take more."""
    with staged.branch() as engine:
        if engine.dialect.name == "sqlite":
            return
        with engine.begin() as connection:
            for each in (
                "DROP ROLE IF EXISTS auditor",
                "CREATE ROLE auditor LOGIN",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor",
            ):
                connection.execute(text(each))
        url = address(engine).replace("postgres@", "auditor@")
        result = attack("sqlite:////nowhere/survey.db", tmp_path, "--database", url)
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY auditor"))
            connection.execute(text("DROP ROLE auditor"))
    assert result.exit_code == 0, result.output
    assert "not tried: This database role may not read the server's files" in result.output


@pytest.fixture
def installation(home: Path, sqlite_template: Path) -> tuple[Engine, Path]:
    """Give the cast's installation with a wave that was published."""
    home.chmod(0o700)
    shutil.copyfile(sqlite_template, home / "survey.db")
    engine = open_engine(f"sqlite:///{home / 'survey.db'}")
    for code in rounds.open_cast(engine, home).values():
        rounds.answer(engine, rounds.sent(code, comment="a comment"))
    published(engine, home)
    return engine, home


def test_an_installation_that_keeps_its_promises_exits_with_0(installation: tuple[Engine, Path]) -> None:
    """On a published wave nothing is found, and the command does not call that secure."""
    engine, home = installation
    result = attack(address(engine), home)
    assert result.exit_code == 0, result.output
    assert "Other attempts might find something." in result.output
    assert "FOUND" not in result.output
    assert "secure" not in result.output
    engine.dispose()


def statement(*statements: str) -> Plant:
    """Plant something by SQL, as whoever may change tables can."""

    def plant(engine: Engine, _home: Path) -> None:
        with engine.begin() as connection:
            for each in statements:
                connection.execute(text(each))

    return plant


def logged(_engine: Engine, home: Path) -> None:
    """Plant an access log."""
    line = '203.0.113.9 - - "POST /s HTTP/1.1" 200 "-" "Mozilla/5.0 (X11)"\n'
    (home / "access.log").write_text(line)


def copied(engine: Engine, home: Path) -> None:
    """Plant a copy of the database, taken while codes were unspent."""
    shutil.copyfile(str(engine.url.database), home / "copy.db")
    copy = open_engine(f"sqlite:///{home / 'copy.db'}")
    statement("INSERT INTO token SELECT randomblob(32), id, 'CO' FROM wave")(copy, home)
    copy.dispose()


def old_key(_engine: Engine, home: Path) -> None:
    """Plant an issue key that should be gone."""
    issue_key.create(home, WAVE)


def backup_key(_engine: Engine, home: Path) -> None:
    """Plant the key of a backup that was made while the wave was open."""
    (home / "keys" / "backup" / "open").mkdir(parents=True)
    (home / "keys" / "backup" / "open" / f"{WAVE}.key").write_bytes(bytes(32))


def readable(_engine: Engine, home: Path) -> None:
    """Let everybody read the database."""
    home.chmod(0o755)
    (home / "survey.db").chmod(0o644)


def journal(_engine: Engine, home: Path) -> None:
    """Plant a write-ahead log."""
    (home / "survey.db-wal").write_bytes(b"")


UNGUARD = "DROP TRIGGER frozen_wave_update"
PLANTS = {
    "an access log": (logged, "Files that tell of browsers: access.log."),
    "an access log's addresses": (logged, "Files that tell of network addresses: access.log."),
    "an access log's visits": (logged, "Files that tell of visits of the survey's pages: access.log."),
    "a copy": (copied, "1 copies of the database lie in the folder"),
    "an old key": (old_key, f"Issue keys that should be destroyed lie here: {WAVE}."),
    "a key of a backup": (backup_key, f"Keys of older backups that should be destroyed lie here: open/{WAVE}."),
    "open modes": (readable, "Other users of this machine may open"),
    "a write-ahead log": (journal, "A write-ahead log lies beside the database"),
    "row numbers": (
        statement(
            "CREATE TABLE new (hash BLOB PRIMARY KEY, wave_id INTEGER)",
            "DROP TABLE receipt",
            "ALTER TABLE new RENAME TO receipt",
        ),
        "SQLite numbers the rows of receipt behind our back.",
    ),
    "keys of letters": (
        statement("UPDATE comment SET id = CAST(substr(hex(id), 1, 16) AS BLOB)"),
        "The keys of comment are not random.",
    ),
    "a wrapped key": (
        statement(
            "INSERT INTO keyholder VALUES (1, 'Somebody', zeroblob(32), '2026-10-01')",
            "INSERT INTO wave_key SELECT id, 1, zeroblob(80) FROM wave",
        ),
        "Left over from a wave that is not open: wrapped keys of a sealed wave, 1 rows.",
    ),
    "a sealed box": (
        statement("INSERT INTO sealed_response SELECT randomblob(16), id, 'CO', randomblob(64) FROM wave"),
        "Left over from a wave that is not open: sealed boxes, 1 rows.",
    ),
    "a loosened threshold": (
        statement(UNGUARD, "UPDATE wave SET detail_k = 10, retention_months = 99"),
        "The promise of wave 2026-Q4 was changed",
    ),
    "no guards": (
        statement(
            "DROP TRIGGER frozen_roster_entry_insert",
            "DROP TRIGGER frozen_roster_entry_update",
            "DROP TRIGGER frozen_roster_entry_delete",
        ),
        "The guards that keep opened waves as they were are missing: roster_entry.",
    ),
    "an edited log": (
        statement("UPDATE audit_entry SET act = 'nothing' WHERE id = 2"),
        "The audit log was edited: entry 2 does not follow.",
    ),
    "a changed record": (statement("UPDATE publication SET record = zeroblob(100)"), f"Wave {WAVE}: "),
    "answers past their time": (
        statement(UNGUARD, "UPDATE wave SET opens_at = '2001-01-01', closes_at = '2001-02-01'"),
        f"Answers, comments or receipts are still here that should be deleted: {WAVE}.",
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_what_was_planted_is_found(installation: tuple[Engine, Path], name: str) -> None:
    """Each thing that should not be there is told in words, and the command exits with 1."""
    engine, home = installation
    plant, words = PLANTS[name]
    plant(engine, home)
    result = attack(address(engine), home)
    engine.dispose()
    assert result.exit_code == 1
    assert any("FOUND" in line and words in line for line in result.output.splitlines()), result.output


PLANTED_KEYS: Final = {"issue key": old_key, "backup key": backup_key, "open to others": readable}


@pytest.mark.parametrize("name", PLANTED_KEYS)
def test_keys_in_a_folder_of_their_own_are_looked_at(
    installation: tuple[Engine, Path], name: str, tmp_path: Path
) -> None:
    """With SURVEY_KEYS on a shared folder, what lies there and should not is found as it is at home."""
    engine, home = installation
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o700)
    (shared / "survey.db").write_bytes(b"")
    variables = {"SURVEY_KEYS": str(shared)}
    assert attack(address(engine), home, variables=variables).exit_code == 0
    PLANTED_KEYS[name](engine, shared)
    result = attack(address(engine), home, variables=variables)
    assert (result.exit_code, "FOUND" in result.output) == (1, True)
    assert attack(address(engine), home).exit_code == 0


def test_only_a_database_is_attacked_where_one_is_named(installation: tuple[Engine, Path], tmp_path: Path) -> None:
    """With --database the folder is not looked at, and that is said."""
    engine, home = installation
    logged(engine, home)
    result = attack("sqlite:////nowhere/survey.db", tmp_path, "--database", address(engine))
    engine.dispose()
    assert result.exit_code == 0
    assert "not tried: Only the database was given" in result.output


def test_what_cannot_be_attacked_is_a_sentence(installation: tuple[Engine, Path], tmp_path: Path) -> None:
    """A database that is not there, a file without the columns, and a wave nobody opened are told what to do."""
    engine, home = installation
    known = tmp_path / "known.csv"
    known.write_text("number,play\n1,4\n")
    assert "There is no database at" in attack(f"sqlite:///{tmp_path / 'none.db'}", home).stderr
    assert "has no column order" in attack(address(engine), home, "--known", str(known)).stderr
    assert "No wave that was opened" in attack(address(engine), home, "--known", str(known), "--wave", "2031").stderr
    known.write_text("number,order,play\n1,1,4\n2,2,4\n")
    assert "are alike" in attack(address(engine), home, "--known", str(known)).stderr
    for order in ("first", "²", "9" * 5_000):
        known.write_text(f"number,order,play\n1,{order},4\n")
        assert "is no whole number" in attack(address(engine), home, "--known", str(known)).stderr
    engine.dispose()
