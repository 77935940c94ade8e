"""`survey doctor` as an operator types it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from survey import database
from survey.cli import doctor
from survey.faults import BUSY
from tests.journeys.test_setting_up import NAMES, Operator


def test_an_operator_reads_what_to_do(tmp_path: Path) -> None:
    """A line for each point, in the terminal's language; a fault ends in exit code 1, a look does not."""
    home = tmp_path / "home"
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=f"sqlite:///{home / 'survey.db'}")
    missing = operator.run("doctor")
    assert missing.exit_code == 1
    assert "fault home" in missing.output
    assert "Run: survey init" in missing.output
    operator.done("init", *NAMES)
    lines = operator.done("doctor").splitlines()
    assert lines[-1] == "17 points stand well, 4 are worth a look, 0 are at fault."
    assert len(lines) == 22
    assert any(line.startswith("ok    printing") for line in lines)
    assert any(line.startswith("ok    store") for line in lines)
    assert not any((home / "reports").rglob("*/*"))
    (home / "store").write_text("a file", "utf-8")
    elsewhere = Operator(**operator.variables, SURVEY_REPORTS=str(home / "store")).run("doctor")
    assert elsewhere.exit_code == 1
    assert "fault store         The reports in" in elsewhere.stdout
    (home / "secret.key").chmod(0o644)
    found = json.loads(operator.run("--lang", "ko", "doctor", "--json").stdout)
    assert [each["name"] for each in found if each["level"] == "fail"] == ["secret"]
    assert "chmod 600" in next(each["cure"] for each in found if each["name"] == "secret")


def test_settings_and_databases_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    """What stops everything else is told as its own point, without a traceback."""
    assert "SURVEY_PROXY_HOPS" in Operator(SURVEY_HOME=str(tmp_path), SURVEY_PROXY_HOPS="x").run("doctor").stdout
    (tmp_path / "survey.db").write_bytes(b"no database at all" * 100)
    damaged = Operator(SURVEY_HOME=str(tmp_path), SURVEY_DATABASE_URL=f"sqlite:///{tmp_path / 'survey.db'}")
    assert "is no database, or damaged" in damaged.run("doctor").stdout
    old = Operator(SURVEY_HOME=str(tmp_path), SURVEY_DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    assert "Run: survey init" in old.run("doctor").stdout


def test_printing_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A missing library, a worker that dies and a file that is no PDF are told apart."""
    monkeypatch.setattr(doctor, "find_library", lambda _name: None)
    assert "harfbuzz-subset is missing" in doctor.printing().line("en")
    monkeypatch.undo()
    monkeypatch.setattr("reports.fonts.FONTS", tmp_path)
    monkeypatch.setattr(doctor, "print_codes", lambda *_: b"<html>")
    assert "it is none" in doctor.printing().line("en")

    def dies(*_: object) -> bytes:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(doctor, "print_codes", dies)
    assert "libpango" in doctor.printing().line("en")


def test_a_file_that_somebody_else_keeps_locked_is_told_as_such(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds the lock is to be looked for, and not the address; with the lock given back all is well."""
    monkeypatch.setattr(database, "PRAGMAS", ("PRAGMA busy_timeout = 100", *database.PRAGMAS[1:]))
    file = tmp_path / "survey.db"
    file.write_bytes(sqlite_template.read_bytes())
    operator = Operator(SURVEY_HOME=str(tmp_path), LANG="C.UTF-8")
    operator.done("init", *NAMES)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert f"fault database      {BUSY.said.text} {BUSY.cure.text}" in operator.run("doctor").stdout
        assert operator.unusable("tick").startswith(BUSY.said.text)
    assert "ok    database" in operator.run("doctor").stdout
