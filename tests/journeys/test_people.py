import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import writing
from survey.services import audit_log
from survey.services.roster import people
from tests import cast
from tests.journeys.doors import Visitor, loaded


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, who is HR."""
    loaded(engine)
    return Visitor(client).sign_in("Cy")


def send(hr: Visitor, data: bytes, name: str = "roster.csv") -> tuple[int, str]:
    """Choose a file on the page; return the status and the page that follows."""
    answer = hr.post("/people/", {"file": (io.BytesIO(data), name)}, page="/people/")
    return answer.status_code, answer.text if answer.status_code != 303 else hr.get("/people/").text


def test_hr_brings_in_a_roster_and_sees_the_tree(hr: Visitor) -> None:
    """The file replaces the roster; the page tells what changed and shows the tree with its counts."""
    status, page = send(hr, cast.roster_csv())
    assert status == 303
    assert "The roster has 27 people in 7 units." in page
    assert page.index("Lighthouse Trading") < page.index(">Sales<") < page.index("Sales North")


def test_cells_to_mend_are_told_by_row_and_column(hr: Visitor) -> None:
    """Errors stand in a table, and the roster of before stays."""
    broken = cast.roster_csv().replace(b"di@example.com", b"di at example").replace(b"16,Ivo", b"12,Ivo")
    status, page = send(hr, broken)
    assert status == 422
    assert "2 cells to mend; nothing was imported" in page
    assert "di at example is not an e-mail address" in page
    assert "27 people" in page


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "roster.csv", "The file is empty."),
        (b"name\n", "roster.csv", "Row 1 must hold the headings"),
        (b"PK\x03\x04 no zip", "roster.xlsx", 'role="alert"'),
        (b"\xd0\xcf\x11\xe0 old", "roster.xlsx", "old Excel file"),
    ],
)
def test_a_file_that_is_no_roster_gets_a_clear_answer(hr: Visitor, data: bytes, name: str, told: str) -> None:
    """The page says what is wrong with the file and what to do; nothing changes."""
    status, page = send(hr, data, name)
    assert status == 422
    assert told in page
    assert "27 people" in page


def test_a_form_without_a_file_says_so(hr: Visitor) -> None:
    """Pressing the button without choosing a file loses nothing."""
    answer = hr.post("/people/", page="/people/")
    assert answer.status_code == 422
    assert "Choose the file that holds the roster." in answer.text


def test_a_file_that_is_too_large_is_turned_away(hr: Visitor) -> None:
    """More than 32 MB is refused before it is read, with advice."""
    announced = {"CONTENT_LENGTH": str(34 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = hr.client.post("/people/", environ_overrides=announced)
    assert answer.status_code == 413
    assert "save the table as CSV" in answer.text


def test_others_can_write_while_a_roster_is_read(hr: Visitor, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 100,000 rows takes seconds to read: nobody who answers waits for that."""

    def read(data: bytes, filename: str) -> people.RosterTable:
        with writing(engine) as session:
            audit_log.write(session, cast.NOW, None, "something else")
        return people.read_roster(data, filename)

    monkeypatch.setattr("survey.web.people.read_roster", read)
    assert send(hr, cast.roster_csv())[0] == 303
