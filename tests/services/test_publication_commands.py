import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from survey.database import engine as open_engine
from survey.database import writing
from survey.models import Publication, PublishedUnit, Wave
from survey.privacy.record import Sums
from survey.services.publication import kept
from tests.journeys.test_setting_up import NAMES, Operator
from tests.privacy.test_record_audit import changed
from tests.services.test_publication_import import UNITS, answers
from tests.variant import VERSION, variant

WAVE = ("--wave", "paper")


@pytest.fixture
def operator(home: Path, database_url: str) -> Operator:
    """An operator of an installation with a company."""
    at_work = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)
    at_work.done("init", *NAMES)
    return at_work


@pytest.fixture
def imported(operator: Operator, tmp_path: Path) -> Operator:
    """The same operator, who has imported answers of an earlier year."""
    file, units = tmp_path / "answers.csv", tmp_path / "units.csv"
    file.write_bytes(answers({"A": 12, "B": 7, "CO": 3}, seen="x"))
    units.write_bytes(UNITS)
    options = ("--units", units, "--instrument", "w-sdi", "--on", "2025-03-01")
    said = operator.done("import-answers", file, *WAVE, *options)
    assert said.splitlines() == [
        "Wave paper holds 22 imported responses of 3 units.",
        "Columns that are no item and were not read: seen.",
        "Publish it with: survey publish --wave paper",
    ]
    return operator


def test_from_a_file_to_results(imported: Operator) -> None:
    """Answers of an earlier year are imported, published, printed and audited, command by command."""
    assert "not been published yet" in imported.refused("results", *WAVE)
    said = imported.done("publish", *WAVE).splitlines()
    assert said[0] == "Wave paper is published."
    assert said[1].startswith("Units shown: 2. Hidden because too few answered: 1;")
    assert said[2].startswith("Safe: 2 published groups")
    assert "published already" in imported.refused("publish", *WAVE)
    table = imported.done("results", *WAVE).splitlines()
    assert [line.split()[0] for line in table] == ["CO", "the", "A", "B", "CO+"]
    assert table[1].startswith("  the rest (B, CO+): ")
    assert table[1].endswith("(answers: 10)")
    assert table[2].endswith("(answers: 12)")
    assert table[3].endswith("not shown, since it would give a small unit away")
    assert table[4].endswith("not shown, since too few answered")
    plain = json.loads(imported.done("results", *WAVE, "--format", "json"))
    assert plain["units"]["B"]["figures"] == {"suppressed": "complementary"}
    assert plain["units"]["A"]["figures"]["n"] == 12
    assert all("Safe: " in line for line in imported.done("audit", *WAVE).splitlines())


def test_results_without_an_interval(operator: Operator, tmp_path: Path) -> None:
    """A company below tier two shows its index without an interval."""
    file = tmp_path / "answers.csv"
    file.write_bytes(answers({"A": 6}))
    operator.done("import-answers", file, *WAVE, "--instrument", "w-sdi")
    operator.done("publish", *WAVE)
    assert operator.done("results", *WAVE).splitlines()[0].endswith("(answers: 6)")
    assert "interval" not in operator.done("results", *WAVE)


def test_answers_to_a_questionnaire_of_the_companys_own(operator: Operator, tmp_path: Path) -> None:
    """A version that the company brought in is taken by its name and version; one that is not there is refused."""
    (tmp_path / "own.toml").write_text(variant(), "utf-8")
    operator.done("add-instrument", tmp_path / "own.toml")
    file = tmp_path / "answers.csv"
    file.write_bytes(answers({"A": 12}, "total-motivation", belonging_1="5"))
    assert "no questionnaire" in operator.refused("import-answers", file, *WAVE, "--instrument-version", "9")
    said = operator.done("import-answers", file, *WAVE, "--instrument-version", VERSION)
    assert said.splitlines()[0] == "Wave paper holds 12 imported responses of 1 units."
    assert "belonging_1" not in said


def test_a_faulty_file(operator: Operator, tmp_path: Path) -> None:
    """A faulty file is refused with every fault in a line of its own, in the operator's language."""
    file = tmp_path / "answers.csv"
    file.write_text("unit,play\nA,8\n,3\n", "utf-8")
    said = operator.refused("--lang", "en", "import-answers", file, *WAVE).splitlines()
    assert said[0] == "Faults in the file: 2. Nothing of it was used."
    assert said[1].startswith("Row 2, column play:")
    assert said[2].startswith("Row 3, column unit:")


def test_an_unsafe_record_is_told(imported: Operator) -> None:
    """Were there a record that gives somebody away, the audit would say whom, and exit with 1."""
    imported.done("publish", *WAVE)
    opened = open_engine(imported.variables["SURVEY_DATABASE_URL"])
    with writing(opened) as session:
        wave = session.scalars(select(Wave)).one()
        record, _ = kept.record(session, wave)
        sums = record.units[0].sums
        assert sums is not None
        for table in (PublishedUnit, Publication):
            session.execute(delete(table))
        kept.keep(session, wave, changed(record, "B", sums=Sums(sums.n - 12 - 2, sums.totals)), dt.date(2026, 6, 30))
    opened.dispose()
    result = imported.run("audit", *WAVE)
    assert result.exit_code == 1
    assert "Not safe" in result.stdout


@pytest.mark.parametrize("ending", ["xlsx", "csv", "XLSX"])
def test_what_was_published_is_written_as_a_workbook(imported: Operator, tmp_path: Path, ending: str) -> None:
    """An imported wave of another instrument too becomes a file, named in the log; another ending is refused."""
    imported.done("publish", *WAVE)
    file = tmp_path / f"results.{ending}"
    assert imported.done("workbook", *WAVE, "--language", "en", "-o", file) == f"Wrote {file}.\n"
    begin = file.read_bytes()[:4]
    assert begin == (b"PK\x03\x04" if ending.lower() == "xlsx" else b"\xef\xbb\xbfw")
    refused = imported.refused("workbook", *WAVE, "-o", tmp_path / "results.pdf")
    assert "ends with .xlsx or .csv" in refused
