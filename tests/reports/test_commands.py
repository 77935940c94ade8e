import zipfile
from pathlib import Path

import pytest

from tests.journeys.test_setting_up import NAMES, Operator
from tests.reports import reading
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
