import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from survey.cli import main
from survey.database import reading, writing
from survey.services.filing.grid import UPLOADED
from survey.services.roster import previews
from survey.services.roster.people import count_today, people_today
from tests import cast
from tests.journeys.test_setting_up import Operator

OWN = "성함,연락처,사번,소속,상위조직\n김하나,hana@example.com,1,A,\n"
COLUMNS = ("성함=name", "연락처=email", "소속=unit", "상위조직=parent", "=ko=language")


@pytest.fixture
def operator(home: Path, database_url: str, engine: Engine) -> Operator:
    """Give an operator of an installation that holds the cast."""
    with writing(engine) as session:
        cast.load(session)
    return Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be a day on which the cast's roster holds already, whatever the clock says."""
    monkeypatch.setattr("survey.cli.context.today", lambda: dt.date(2026, 11, 22))


def write(path: Path, text: str) -> Path:
    """Write a file, and return where."""
    path.write_text(text, "utf-8")
    return path


def test_a_preview_on_the_command_line_writes_nothing(operator: Operator, engine: Engine, tmp_path: Path) -> None:
    """It says in numbers what would change, and what to look at; the roster is as it was."""
    lines = [line for line in cast.roster_csv().decode().splitlines() if "PHONE" not in line]
    said = operator.done("import-roster", write(tmp_path / "r.csv", "\n".join(lines)), "--preview")
    assert said.startswith("Nothing was taken. The roster has 19 people in 6 units.")
    assert "Look at this: Units with people in them would be gone (1): PHONE." in said
    with reading(engine) as session:
        assert count_today(session) == len(cast.MEMBERS)


def test_a_file_of_the_operators_own_may_be_larger_than_an_upload(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command reads as much as it is meant to, not as much as a browser may send."""
    file = write(tmp_path / "r.csv", cast.roster_csv().decode())
    assert "in 7 units" in operator.done("import-roster", file)
    monkeypatch.setattr("survey.cli.people.GIVEN", replace(UPLOADED, cells=1))
    assert "more than 1 cells" in operator.refused("import-roster", file)


def test_columns_are_named_once(operator: Operator, tmp_path: Path) -> None:
    """Headings of one's own are told with --column, and known the next time."""
    file = write(tmp_path / "r.csv", OWN)
    assert "Missing: name (이름), email (이메일), language (언어)" in operator.refused("import-roster", file)
    said = operator.done("import-roster", file, *(word for column in COLUMNS for word in ("--column", column)))
    assert "1 people in 1 units" in said
    assert "1 people in 1 units" in operator.done("import-roster", file)


@pytest.mark.parametrize("column", ["성함", "=name", "성함=nickname", "=ko=name"])
def test_a_column_that_says_nothing_is_refused(operator: Operator, tmp_path: Path, column: str) -> None:
    """A heading without a column, a column that there is not: the sentence names those there are."""
    said = operator.refused("import-roster", write(tmp_path / "r.csv", OWN), "--column", column)
    assert "Write HEADING=COLUMN with one of: name, email" in said


def test_since_when_a_roster_holds(operator: Operator, engine: Engine, tmp_path: Path) -> None:
    """A past day counts for whoever moves; a day to come, and one before the roster that stands, are refused."""
    file = write(tmp_path / "r.csv", cast.roster_csv().decode().replace("12,Eun,", "99,New,"))
    assert "cannot be taken before its day" in operator.refused("import-roster", file, "--since", "2026-11-23")
    assert "holds since 2026-10-01" in operator.refused("import-roster", file, "--since", "2026-09-30")
    assert "Joined: 1" in operator.done("import-roster", file, "--since", "2026-10-20")
    with reading(engine) as session:
        assert [one.valid_from for one in people_today(session) if one.number == "99"] == [dt.date(2026, 10, 20)]


def test_the_roster_goes_out_and_comes_in(operator: Operator, tmp_path: Path) -> None:
    """Both kinds of file are written for their owner alone, and change nothing when they come back."""
    for kind in ("csv", "xlsx"):
        file = tmp_path / f"roster.{kind}"
        assert str(file) in operator.done("export-roster", file, "--language", "en")
        assert file.stat().st_mode & 0o077 == 0
        assert "Joined: 0, moved: 0, left: 0" in operator.done("import-roster", file)
    assert "must end in .csv or .xlsx" in operator.refused("export-roster", tmp_path / "roster.txt")


def test_a_person_is_erased_by_number(operator: Operator, engine: Engine) -> None:
    """The number is asked for once more, unless the operator is sure; nobody is erased by a slip."""
    slip = CliRunner().invoke(main, ["erase-person", "11"], input="12\n", env=operator.variables)
    assert "nobody was erased" in slip.stderr
    typed = CliRunner().invoke(main, ["erase-person", "11"], input="11\n", env=operator.variables)
    assert "Erased: her name" in typed.stdout
    assert "Erased" in operator.done("erase-person", "12", "--yes")
    assert "nobody of this number" in operator.refused("erase-person", "12", "--yes")
    with reading(engine) as session:
        assert count_today(session) == len(cast.MEMBERS) - 2
        assert previews.remembered(session) == {}
