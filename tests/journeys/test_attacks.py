"""What an operator or a visitor gets wrong: a sentence that says what to do, and nothing lost."""

import datetime as dt
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from survey.database import reading, writing
from survey.models import Wave
from survey.web.factory import LARGEST_FORM
from survey.web.serving import LARGEST_TAKEN
from tests.journeys.doors import Visitor, loaded
from tests.journeys.test_setting_up import NAMES, Operator
from tests.journeys.test_waves import plan
from tests.services.disk import no_file_beyond
from tests.services.test_publication_import import UNITS, answers
from tests.services.workbooks import workbook

WAVE = ("--wave", "2026-Q4")
IN_A_WEEK = (dt.datetime.now(dt.UTC) + dt.timedelta(days=7)).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def operator(home: Path, database_url: str) -> Operator:
    """An operator of an installation with a company."""
    at_work = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)
    at_work.done("init", *NAMES)
    return at_work


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_slip_in_a_year_is_a_sentence(client: FlaskClient, engine: Engine, day: str) -> None:
    """The first and last days of the calendar are refused where they are typed, and plan no wave."""
    loaded(engine)
    hr = Visitor(client).sign_in("Cy")
    for field in ("opens_on", "closes_on"):
        page = hr.post("/waves/new", plan(**{field: day}), page="/waves/new")
        assert page.status_code == 422
        assert "Check the year of this day." in page.text
    with reading(engine) as session:
        assert session.scalar(select(Wave)) is None


@pytest.mark.parametrize("option", ["--opens", "--closes"])
@pytest.mark.parametrize("day", ["0001-01-01 00:00", "9999-12-31 23:59"])
def test_a_slip_in_a_year_is_a_sentence_at_the_terminal(operator: Operator, option: str, day: str) -> None:
    """No year of the calendar brings a command down."""
    days = {"--closes": IN_A_WEEK, option: day}
    typed = [word for pair in days.items() for word in pair]
    assert operator.refused("draft-wave", *WAVE, *typed).startswith("Check the year of ")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_answers_of_an_impossible_year_are_not_imported(operator: Operator, tmp_path: Path, day: str) -> None:
    """A slip in the year of imported answers is told before anything is kept."""
    (tmp_path / "answers.csv").write_bytes(answers({"A": 12}))
    typed = ("import-answers", tmp_path / "answers.csv", *WAVE, "--instrument", "w-sdi", "--on", day)
    assert "Check the year of" in operator.refused(*typed)
    assert operator.done("waves") == ""


def test_answers_of_an_early_year_outlive_the_next_tick(operator: Operator, tmp_path: Path) -> None:
    """Answers collected long before they are imported can still be published after the clock has gone round."""
    (tmp_path / "answers.csv").write_bytes(answers({"A": 12, "B": 12}))
    typed = ("import-answers", tmp_path / "answers.csv", *WAVE, "--instrument", "w-sdi", "--on", "2012-03-01")
    operator.done(*typed)
    assert "deleted" not in operator.done("tick")
    assert "Units shown: 3" in operator.done("publish", *WAVE)


@pytest.mark.parametrize("code", ["a/b", "..", ".hidden", "a\\b", "A\u202eB", "A\u200bB"])
def test_a_unit_without_an_address_is_not_imported(operator: Operator, tmp_path: Path, code: str) -> None:
    """A code that no page or file could be named after is refused, by row and column."""
    (tmp_path / "answers.csv").write_bytes(answers({code: 12}))
    said = operator.refused("import-answers", tmp_path / "answers.csv", *WAVE, "--instrument", "w-sdi")
    assert "Row 2, column unit: A unit's code does not begin with a dot" in said


def test_a_tree_without_end_is_not_imported(operator: Operator, tmp_path: Path) -> None:
    """Imported units lie as deep as those of a roster, not deeper."""
    (tmp_path / "answers.csv").write_bytes(answers({"A": 12}))
    chain = "".join(f"U{n},{f'U{n - 1}' if n else 'CO'},\n" for n in range(40))
    (tmp_path / "units.csv").write_text(f"code,parent,name\nCO,,\nA,CO,\n{chain}")
    typed = ("--units", tmp_path / "units.csv", "--instrument", "w-sdi")
    assert "more than 30 levels" in operator.refused("import-answers", tmp_path / "answers.csv", *WAVE, *typed)


def test_an_empty_workbook_holds_no_units(operator: Operator, tmp_path: Path) -> None:
    """A workbook without a cell is told from one without headings."""
    (tmp_path / "answers.csv").write_bytes(answers({"A": 12}))
    (tmp_path / "units.xlsx").write_bytes(workbook([]))
    typed = ("--units", tmp_path / "units.xlsx", "--instrument", "w-sdi")
    assert "units is empty" in operator.refused("import-answers", tmp_path / "answers.csv", *WAVE, *typed)


def test_columns_without_an_answer_are_not_imported(operator: Operator, tmp_path: Path) -> None:
    """A file whose rows are blank is refused before it becomes a wave that can never be published."""
    heading = answers({"A": 1}).decode().splitlines()[0]
    (tmp_path / "answers.csv").write_text(f"{heading}\n" + f"A{',' * heading.count(',')}\n" * 12)
    said = operator.refused("import-answers", tmp_path / "answers.csv", *WAVE, "--instrument", "w-sdi")
    assert "too few columns with answers" in said
    assert operator.done("waves") == ""


def test_nothing_is_printed_for_a_folder_that_is_not_there(operator: Operator, tmp_path: Path) -> None:
    """A report's folder is looked at before the work, not after it."""
    for words in (("reports",), ("report", "--unit", "CO")):
        said = operator.refused(*words, *WAVE, "-o", tmp_path / "nowhere" / "out")
        assert said == f"The folder {tmp_path / 'nowhere'} does not exist. Make it, or name another one.\n"


def test_names_of_imported_units_hold_nothing_unseen(operator: Operator, tmp_path: Path) -> None:
    """Control characters and marks that turn the direction of writing do not reach pages or reports."""
    (tmp_path / "answers.csv").write_bytes(answers({"A": 12, "B": 12}))
    (tmp_path / "units.csv").write_bytes(UNITS.replace(b"Alpha", "Al\u202e\x07pha".encode()))
    typed = ("--units", tmp_path / "units.csv", "--instrument", "w-sdi")
    operator.done("import-answers", tmp_path / "answers.csv", *WAVE, *typed)
    operator.done("publish", *WAVE)
    assert "A  Alpha" in operator.done("results", *WAVE)


def test_no_codes_are_printed_for_a_draft(operator: Operator, tmp_path: Path) -> None:
    """Printing codes of a wave that is not open says so, and leaves no folder behind."""
    operator.done("draft-wave", *WAVE, "--closes", IN_A_WEEK)
    assert "is not open" in operator.refused("print-codes", *WAVE, "-o", tmp_path / "slips")
    assert not (tmp_path / "slips").exists()


def test_no_letters_go_out_for_a_draft(client: FlaskClient, engine: Engine) -> None:
    """The page does not say that letters are going out where none can."""
    loaded(engine)
    hr = Visitor(client).sign_in("Cy")
    hr.post("/waves/new", plan(code="2026-Q4"), page="/waves/new")
    hr.post("/waves/2026-Q4/letters", page="/waves/2026-Q4/open")
    page = hr.get("/waves/2026-Q4").text
    assert "is not open" in page
    assert "The letters are going out." not in page


def test_a_full_disk_is_a_sentence(home: Path, sqlite_template: Path, tmp_path: Path) -> None:
    """Where the database cannot grow, a command says so in one sentence, names nobody, and nothing has changed."""
    database = home / "survey.db"
    database.write_bytes(sqlite_template.read_bytes())
    operator = Operator(SURVEY_HOME=str(home))
    operator.done("init", *NAMES)
    rows = "".join(f"Person {n},p{n}@example.com,{n},ko,CO,\n" for n in range(3000))
    (tmp_path / "roster.csv").write_text(f"name,email,number,language,unit,parent\n{rows}")
    before = database.read_bytes()
    with no_file_beyond(len(before)):
        said = operator.unusable("import-roster", tmp_path / "roster.csv")
    assert said.startswith("The disk of the survey does not take")
    assert "Person" not in said
    assert len(said.splitlines()) == 1
    assert database.read_bytes() == before
    operator.done("import-roster", tmp_path / "roster.csv")


def test_a_port_that_is_no_number_is_a_sentence(home: Path) -> None:
    """An address of a database with a slip in its port does not bring a command down."""
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL="postgresql+psycopg://ada:pw@db:port/survey")
    assert "is not an address of a database" in operator.unusable("waves")


@pytest.mark.parametrize("url", ["smtp://host:port", "smtp://host:0", "smtp://host:99999", "smtp://", "file:"])
def test_letters_without_a_place_to_go_are_a_sentence(home: Path, sqlite_template: Path, url: str) -> None:
    """A slip in the address of the mail server is told before any letter is written anywhere."""
    (home / "survey.db").write_bytes(sqlite_template.read_bytes())
    operator = Operator(SURVEY_HOME=str(home), SURVEY_MAIL_URL=url)
    assert "SURVEY_MAIL_URL names no " in operator.unusable("send-letters", *WAVE)


def test_a_damaged_database_is_a_sentence(home: Path, sqlite_template: Path) -> None:
    """A database file with garbage in the middle brings a sentence, not a traceback."""
    whole = sqlite_template.read_bytes()
    (home / "survey.db").write_bytes(whole[:4096] + b"garbage " * ((len(whole) - 4096) // 8))
    assert "or damaged" in Operator(SURVEY_HOME=str(home)).unusable("waves")


def test_a_folder_that_cannot_be_made_is_a_sentence(operator: Operator, tmp_path: Path) -> None:
    """Printing into a folder below a file says which path is the trouble."""
    rows = "".join(f"Person {n},,{n},ko,CO,\n" for n in range(6))
    (tmp_path / "roster.csv").write_text(f"name,email,number,language,unit,parent\n{rows}")
    (tmp_path / "file").write_text("in the way")
    operator.done("import-roster", tmp_path / "roster.csv")
    operator.done("draft-wave", *WAVE, "--closes", IN_A_WEEK)
    operator.done("open-wave", *WAVE)
    said = operator.unusable("print-codes", *WAVE, "-o", tmp_path / "file" / "slips")
    assert said.startswith(f"{tmp_path / 'file' / 'slips'} cannot be used (Not a directory).")


def test_errors_of_the_database_hold_nothing_that_was_written(engine: Engine) -> None:
    """Whatever prints an error of the database prints none of the values that were being written."""
    with pytest.raises(DBAPIError) as raised, writing(engine) as session:
        session.execute(text("SELECT no_such_column FROM person WHERE name = :name"), {"name": "Ada Lovelace"})
    assert "Ada Lovelace" not in str(raised.value)


def test_a_file_that_is_a_little_too_large_gets_a_page() -> None:
    """The server takes in more than a form may hold, so that the answer is a page and not a cut connection."""
    assert LARGEST_FORM < LARGEST_TAKEN <= 2 * LARGEST_FORM
