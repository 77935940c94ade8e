import datetime as dt
import io
import os
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.services import audit_log
from survey.services.filing.grid import Grid
from survey.services.roster import previews, roster, staging
from survey.services.roster.columns import Columns
from survey.services.roster.people import import_roster, people_today, read_roster
from tests import cast
from tests.journeys.doors import Visitor, loaded
from tests.services import rounds

OWN = "성함;연락처;사번;소속;상위조직;소속명\n김하나;hana@example.com;1;A;;본사\n이둘;;2;B;A;영업\n"


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be a day on which the cast's roster holds already, whatever the clock says."""
    monkeypatch.setattr("survey.web.people.imports.today", lambda: dt.date(2026, 11, 22))


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, who is HR."""
    loaded(engine)
    return Visitor(client).sign_in("Cy")


def choose(hr: Visitor, data: bytes, name: str = "roster.csv", day: str = "2026-11-01") -> str:
    """Choose a file on the page, and return the address of what follows."""
    answer = hr.post("/people/", {"file": (io.BytesIO(data), name), "day": day}, page="/people/")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def refused(hr: Visitor, data: bytes, name: str = "roster.csv") -> str:
    """Choose a file that cannot be read, and return the page that says so."""
    answer = hr.post("/people/", {"file": (io.BytesIO(data), name), "day": "2026-11-01"}, page="/people/")
    assert answer.status_code == 422
    return answer.text


def confirm(hr: Visitor, address: str, seen: str = "") -> str:
    """Press the button below the preview, and return the page that follows."""
    seal = re.search(r'name="seen" value="(\w+)"', hr.get(address).text)
    assert seal or seen
    answer = hr.post(address, {"seen": seen or (seal[1] if seal else "")}, page=address)
    assert answer.status_code == 303
    return hr.get(answer.headers["Location"]).text


def edited(*edits: tuple[str, str]) -> bytes:
    """Return the cast's file with texts replaced."""
    text = cast.roster_csv().decode()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


MOVED = edited(
    ("12,Eun,eun@example.com,ko,NORTH,SALES,북부영업,Sales North,sales,", "12,Eun,eun@example.com,ko,CHAT,CARE,,,,")
)


def test_hr_looks_at_a_roster_and_takes_it(hr: Visitor, engine: Engine, home: Path) -> None:
    """The preview says who moves and writes nothing; the button takes it, and the file waits no more."""
    address = choose(hr, MOVED)
    page = hr.get(address).text
    assert "Moving to another unit (1)" in page
    assert "Take this roster of 27 people" in page
    with reading(engine) as session:
        assert next(each for each in people_today(session) if each.number == "12").unit_code == "NORTH"
    assert "The roster has 27 people in 7 units. Joined: 0, moved: 1" in confirm(hr, address)
    with reading(engine) as session:
        eun = next(each for each in people_today(session) if each.number == "12")
        assert (eun.unit_code, eun.valid_from) == ("CHAT", dt.date(2026, 11, 1))
    assert list((home / staging.FOLDER).iterdir()) == []


def test_confirming_twice_takes_it_once(hr: Visitor, engine: Engine) -> None:
    """A second press is told that the file is gone; the roster was brought in once."""
    address = choose(hr, MOVED)
    seal = re.search(r'name="seen" value="(\w+)"', hr.get(address).text)
    assert seal
    confirm(hr, address)
    answer = hr.post(address, {"seen": seal[1]}, page="/people/")
    assert (answer.status_code, "does not wait here any more" in answer.text) == (404, True)
    with reading(engine) as session:
        acts = [entry.act for entry in audit_log.entries(session)]
    assert acts.count("roster imported") == 1


def test_a_preview_that_is_out_of_date_is_made_anew(hr: Visitor, engine: Engine) -> None:
    """Somebody else took a roster meanwhile: nothing is taken, and the page shows the difference to that one."""
    address = choose(hr, MOVED)
    seal = re.search(r'name="seen" value="(\w+)"', hr.get(address).text)
    with writing(engine) as session:
        import_roster(session, read_roster(edited(("13,Fay,", "13,Faye,")), "r.csv"), cast.TODAY)
    assert seal
    page = confirm(hr, address, seal[1])
    assert "The roster was changed after this preview was made." in page
    assert "With another name (1)" in page
    assert "Joined: 0, moved: 1" in confirm(hr, address)


def test_the_seal_of_another_file_confirms_nothing(hr: Visitor, engine: Engine) -> None:
    """What one tab shows cannot be used to take what waits in another."""
    one, other = choose(hr, MOVED), choose(hr, edited(("13,Fay,", "13,Faye,")))
    seal = re.search(r'name="seen" value="(\w+)"', hr.get(one).text)
    assert seal
    assert "The roster was changed after this preview" in confirm(hr, other, seal[1])
    with reading(engine) as session:
        assert "Faye" not in {each.name for each in people_today(session)}


def test_a_file_of_somebody_else_is_not_found(hr: Visitor, engine: Engine) -> None:
    """Another account of HR, and a leader, get nothing at its address, whatever they do there."""
    address = choose(hr, MOVED)
    with writing(engine) as session:
        session.connection().exec_driver_sql("UPDATE account SET role = 'hr' WHERE name = 'Eve'")
    eve = Visitor(hr.client).sign_in("Eve")
    for page in (address, f"{address}/moved", f"{address}/columns", f"{address}/errors.csv"):
        assert eve.get(page).status_code == 404
    assert eve.post(address, {"seen": "x"}, page="/people/").status_code == 404
    eve.post(f"{address}/aside", page="/people/")
    ada = Visitor(hr.client).sign_in("Ada")
    assert ada.get(address).status_code == 403
    assert ada.post(address, {"seen": "x"}, page="/units/").status_code == 403
    assert "Moving to another unit (1)" in Visitor(hr.client).sign_in("Cy").get(address).text


def test_a_file_is_forgotten_after_an_hour(hr: Visitor, home: Path) -> None:
    """Whoever comes back later is told to choose it again."""
    address = choose(hr, MOVED)
    for path in (home / staging.FOLDER).iterdir():
        os.utime(path, (0, 0))
    assert "Choose it again" in hr.get(address).text


def test_cells_to_mend_are_told_by_row_and_column(hr: Visitor) -> None:
    """Errors stand in a table with what is in the cell, and in a file; the roster of before stays."""
    address = choose(hr, edited(("di@example.com", "<i>di at example"), ("16,Ivo", "12,Ivo")))
    page = hr.get(address).text
    assert "2 cells to mend" in page
    assert "&lt;i&gt;di at example is not an e-mail address" in page
    table = hr.get(f"{address}/errors.csv").data.decode("utf-8-sig").splitlines()
    assert table[0] == "Row,Column,What stands there,What to mend"
    assert table[1].startswith("5,email,<i>di at example,")
    assert hr.get(f"{address}/errors.xlsx").data.startswith(b"PK")
    assert hr.post(address, {"seen": "x"}, page="/people/").headers["Location"].endswith(address)
    assert hr.get(f"{address}/moved").status_code == 404
    assert "27 people" in hr.get("/people/").text


def test_a_file_without_errors_has_no_list_of_them(hr: Visitor) -> None:
    """Nothing to mend, no file; and a list that there is not is not found."""
    address = choose(hr, MOVED)
    for other in ("errors.csv", "nothing", "errors.pdf"):
        assert hr.get(f"{address}/{other}").status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "roster.csv", "The file is empty."),
        (b",,\n", "roster.csv", "The file is empty."),
        (b"PK\x03\x04 no zip", "roster.xlsx", 'role="alert"'),
        (b"\xd0\xcf\x11\xe0 old", "roster.xlsx", "old Excel file"),
    ],
)
def test_a_file_that_is_no_roster_gets_a_clear_answer(hr: Visitor, data: bytes, name: str, told: str) -> None:
    """The page says what is wrong with the file and what to do; nothing changes, and nothing waits."""
    page = refused(hr, data, name)
    assert told in page
    assert "27 people" in page


def test_a_roster_of_nobody_says_so(hr: Visitor) -> None:
    """Headings alone are no roster."""
    assert "The roster names nobody." in hr.get(choose(hr, cast.roster_csv().splitlines()[0])).text


def test_a_form_without_a_file_or_day_says_so(hr: Visitor) -> None:
    """Pressing the button without choosing a file loses nothing."""
    answer = hr.post("/people/", page="/people/")
    assert answer.status_code == 422
    assert "Choose the file that holds the roster." in answer.text
    assert "Please fill in this field." in answer.text


def test_a_file_that_is_too_large_is_turned_away(hr: Visitor) -> None:
    """More than 32 MB is refused before it is read, with advice."""
    announced = {"CONTENT_LENGTH": str(34 << 20), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = hr.client.post("/people/", environ_overrides=announced)
    assert answer.status_code == 413
    assert "save the table as CSV" in answer.text


def test_others_can_write_while_a_roster_is_read(hr: Visitor, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 100,000 rows takes seconds to read, check and compare: nobody who answers waits for that."""
    wrote = []

    def note() -> None:
        with writing(engine) as session:
            audit_log.write(session, cast.NOW, None, "something else")
        wrote.append(1)

    def read(data: bytes, filename: str) -> Grid:
        note()
        return roster.read_cells(data, filename)

    def check(grid: Grid, columns: Columns) -> roster.RosterTable:
        note()
        return roster.check_roster(grid, columns)

    monkeypatch.setattr("survey.web.people.imports.read_cells", read)
    monkeypatch.setattr("survey.web.people.imports.check_roster", check)
    assert "27 people in 7 units" in confirm(hr, choose(hr, MOVED))
    assert len(wrote) == 4  # one reading; three checks: twice for a page, once to take it


def test_a_day_to_come_is_not_taken(hr: Visitor, engine: Engine) -> None:
    """A roster of tomorrow is shown, without a button; with a day that fits, it can be taken."""
    address = choose(hr, MOVED, day="2099-01-01")
    page = hr.get(address).text
    assert "A roster cannot be taken before its day, 2099-01-01" in page
    assert "Take this roster of" not in page
    with reading(engine) as session:
        found = previews.preview(session, read_roster(MOVED, "r.csv")).changes
    confirm(hr, address, previews.seal(found, dt.date(2099, 1, 1)))
    with reading(engine) as session:
        assert [entry.act for entry in audit_log.entries(session)] == ["signed in by password"]
    hr.post(f"{address}/day", {"day": "2026-09-30"}, page=address)
    assert "The roster here holds since 2026-10-01" in hr.get(address).text
    hr.post(f"{address}/day", {"day": "soon"}, page=address)
    assert "Write the day as 2026-11-30." in hr.get(address).text
    hr.post(f"{address}/day", {"day": "2026-10-15"}, page=address)
    assert "moved: 1" in confirm(hr, address)


def test_a_long_list_is_paged(hr: Visitor) -> None:
    """Fifty names stand on the preview, all of them on pages of their own; names are text, never markup."""
    many = [f"N{n},<b>New {n}</b>,,ko,CO,,,,," for n in range(620)]
    address = choose(hr, b"\n".join([cast.roster_csv().strip(), *(line.encode() for line in many)]))
    page = hr.get(address).text
    assert "Show all 620" in page
    assert (page.count("&lt;b&gt;New"), page.count("<b>New")) == (50, 0)
    assert hr.get(f"{address}/joined").text.count("&lt;b&gt;New") == 500
    assert "501 to 620 of 620" in hr.get(f"{address}/joined?page=2").text
    assert "501 to 620 of 620" in hr.get(f"{address}/joined?page=99").text


def test_an_open_wave_is_told_of(client: FlaskClient, engine: Engine, home: Path) -> None:
    """While a wave is open, the preview says that it goes on with its own roster."""
    rounds.open_cast(engine, home)
    hr = Visitor(client).sign_in("Cy")
    assert "Wave 2026-Q4 is open. It goes on with the roster" in hr.get(choose(hr, MOVED)).text


def test_a_file_is_put_aside(hr: Visitor, home: Path) -> None:
    """Whoever thinks better of it leaves nothing behind."""
    address = choose(hr, MOVED)
    assert hr.post(f"{address}/aside", page=address).headers["Location"] == "/people/"
    assert list((home / staging.FOLDER).iterdir()) == []
