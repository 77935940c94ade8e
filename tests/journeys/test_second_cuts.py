import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import Engine, delete

from survey.database import writing
from survey.models.responses import Response
from survey.web.limits import limiter
from tests.journeys.doors import Visitor, published
from tests.journeys.driving import follow, served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.services.rounds import WAVE
from tests.services.test_second_cuts import FILE

PAGE = f"/publications/{WAVE}/second-cuts"


@pytest.fixture
def hr(client: FlaskClient, engine: Engine, home: Path) -> Visitor:
    """Cy, who has published the cast's wave."""
    published(engine, home)
    return Visitor(client).sign_in("Cy")


def sent(data: bytes = FILE, code: str = "by-place") -> dict[str, object]:
    """The form as the browser sends it."""
    return {"code": code, "file": (io.BytesIO(data), "groups.csv")}


def test_from_a_file_to_numbers(hr: Visitor) -> None:
    """HR chooses a file, sees what the groups show and why not, and takes the numbers along."""
    assert "No second cut of this wave yet" in hr.get(PAGE).text
    answer = hr.post(PAGE, sent(), PAGE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = hr.get(PAGE).text
    assert "The second cut by-place is made: 2 of 2 groups are shown." in page
    assert "Safe: 9 published groups" in page
    assert "Sales South" in page
    assert "In no group: " in page
    plain = hr.get(f"{PAGE}/by-place.json")
    assert plain.json is not None
    assert plain.json["groups"]["west"]["figures"]["n"] == 13
    table = hr.get(f"{PAGE}/by-place.csv")
    assert table.headers["Content-Disposition"] == f'attachment; filename="{WAVE}-by-place.csv"'
    assert table.get_data().startswith(b"\xef\xbb\xbfcut,wave,group,")
    assert hr.get(f"{PAGE}/other.csv").status_code == 404


def test_a_group_that_is_not_shown(hr: Visitor) -> None:
    """Why a group has no numbers stands in its row, in words."""
    hr.post(PAGE, sent(b"unit,group\nNORTH,north\n", "one"), PAGE)
    hr.post(PAGE, sent(b"unit,group\nNORTH,none\nSOUTH,none\n,empty\n", "two"), PAGE)
    assert "Fewer than 5 people answered." in hr.get(PAGE).text


def test_what_to_mend(hr: Visitor) -> None:
    """Cells to mend stand by row and column; a form without its parts, or a name that is taken, is sent back."""
    answer = hr.post(PAGE, sent(b"unit,group\nNORTH,a\nNOWHERE,a\n"), PAGE)
    assert answer.status_code == 422
    assert "The wave has no unit NOWHERE." in answer.text
    assert "1 cell to mend; no second cut was made" in answer.text
    empty = hr.post(PAGE, {"code": ""}, PAGE)
    assert empty.status_code == 422
    assert "Choose the file that holds the groups." in empty.text
    hr.post(PAGE, sent(), PAGE)
    again = hr.post(PAGE, sent(), PAGE)
    assert again.status_code == 422
    assert "There is a second cut by-place of wave" in again.text


def test_once_the_answers_are_gone(hr: Visitor, engine: Engine) -> None:
    """After the answers were deleted the page shows what was made, and says why nothing more can be."""
    hr.post(PAGE, sent(), PAGE)
    with writing(engine) as session:
        session.execute(delete(Response))
    page = hr.get(PAGE).text
    assert "have been deleted, as promised" in page
    assert "Make a second cut" not in page
    assert "by-place" in page


def test_a_strict_wave_is_chosen_in_the_form(hr: Visitor) -> None:
    """The form that plans a wave offers to protect newcomers, and sends the box along when something is wrong."""
    assert 'name="strict" value="yes">' in hr.get("/waves/new").text
    assert 'name="strict" value="yes" checked>' in hr.post("/waves/new", {"strict": "yes"}, "/waves/new").text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(1280, "ko"), (360, "en")])
def test_the_page_is_for_everybody(  # noqa: PLR0913, PLR0917 - one way of looking a parameter
    browser: Browser, app: Flask, engine: Engine, home: Path, tmp_path: Path, width: int, language: str
) -> None:
    """Wide and narrow, in both languages, empty and with cells to mend and with groups: axe finds nothing."""
    published(engine, home)
    limiter.reset()
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(FILE + b",none,,\n")
    bad.write_bytes(b"unit,group\nNOWHERE,a\n")
    with served(app) as address, window(browser, address, width, language) as page:
        sign_in(page, "Cy", language)
        page.goto(PAGE)
        check(page)
        for file in (bad, good):
            page.fill("[name=code]", "by-place")
            page.set_input_files("[name=file]", file)
            follow(page, "main form button[type=submit]")
            page.wait_for_selector("#errors, #cut-1")
            check(page)
