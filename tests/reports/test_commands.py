import zipfile
from pathlib import Path

import pytest

from reports.store.bucket import Bucket
from tests.journeys.test_setting_up import NAMES, Operator
from tests.reports import reading, s3
from tests.services.test_publication_import import UNITS, answers

WAVE = ("--wave", "paper")


@pytest.fixture
def operator(home: Path, tmp_path: Path) -> Operator:
    """An operator who has published answers of an earlier year, with another instrument."""
    at_work = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=f"sqlite:///{home / 'survey.db'}")
    at_work.done("init", *NAMES)
    file, units = tmp_path / "answers.csv", tmp_path / "units.csv"
    file.write_bytes(answers({"A": 12, "B": 7, "CO": 3}, seen="x"))
    units.write_bytes(UNITS)
    options = ("--units", units, "--instrument", "w-sdi", "--on", "2025-03-01")
    at_work.done("import-answers", file, *WAVE, *options)
    at_work.done("publish", *WAVE)
    return at_work


def test_one_report_by_command(operator: Operator, tmp_path: Path) -> None:
    """`survey report` writes one unit's PDF; an imported wave says that our promise does not cover its collection."""
    target = tmp_path / "a.pdf"
    said = operator.done("report", *WAVE, "--unit", "A", "--language", "en", "-o", target)
    assert said.strip() == f"Wrote {target}."
    text = reading.text(target.read_bytes())
    assert "Our promise does not cover how these answers were collected" in text
    assert "Work self-determination index" in text
    assert "What it does" not in text


def test_all_reports_by_command(operator: Operator, tmp_path: Path) -> None:
    """`survey reports` writes every unit in every language, hidden ones as the kit; a second run makes the same ZIP."""
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    said = operator.done("reports", *WAVE, "--language", "ko", "--language", "en", "-o", first)
    assert said.splitlines()[-1] == f"Wrote 8 reports to {first}."
    operator.done("reports", *WAVE, "--language", "ko", "--language", "en", "-o", second)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert len(archive.namelist()) == 8
        hidden = [name for name in archive.namelist() if "are not shown" in reading.text(archive.read(name))]
    assert len(hidden) == 2


def test_what_cannot_be_printed_is_refused(operator: Operator, tmp_path: Path) -> None:
    """An unknown unit and an unknown wave get a sentence, and no file."""
    target = tmp_path / "x.pdf"
    assert "has no unit NOWHERE" in operator.refused("report", *WAVE, "--unit", "NOWHERE", "-o", target)
    assert "2030-Q1" in operator.refused("reports", "--wave", "2030-Q1", "-o", target)
    assert not target.exists()


def test_reports_lie_in_a_bucket(
    operator: Operator, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One setting moves all reports there and nothing into the home; once the service is away, the command says so."""
    kept = Operator(**operator.variables, SURVEY_REPORTS=f"s3://{s3.BUCKET}/reports")
    target = tmp_path / "all.zip"
    with s3.service() as address:
        s3.settle(monkeypatch, address)
        s3.make_bucket()
        kept.done("reports", *WAVE, "-o", target)
        names = Bucket(s3.BUCKET, "reports").names()
    assert len(names) == 4
    assert all(name.endswith(".pdf") for name in names)
    assert not (home / "reports").exists()
    with zipfile.ZipFile(target) as archive:
        assert all(archive.read(name).startswith(b"%PDF-1.7") for name in archive.namelist())
    said = kept.refused("report", *WAVE, "--unit", "A", "-o", tmp_path / "none.pdf")
    assert f"s3://{s3.BUCKET}/reports/ cannot be reached" in said
    assert not (tmp_path / "none.pdf").exists()
