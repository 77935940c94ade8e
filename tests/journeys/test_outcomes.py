"""Outcomes and marks, as HR and leaders meet them: note, declare, look, take, see; and in a browser."""

import datetime as dt
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.services.marks import marks
from survey.services.outcomes import measures, outcomes
from survey.web.limits import limiter
from survey.web.outcomes.outcome_page import newest_with_values, shown
from survey.web.practices.after import stories
from tests import cast
from tests.journeys.doors import Visitor, loaded, published
from tests.journeys.driving import follow, served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.privacy.test_before_after import company as waves_of_a_company
from tests.privacy.test_before_after import publish
from tests.privacy.test_beside import company, outcome, two
from tests.privacy.waves_by_hand import Team, wave

PAGE = "/outcomes/"
FILE = b"unit,period,measure,value\nNORTH,2025-11,csat,81.5\nSOUTH,2025-11,csat,77\n"
MEASURE = {"code": "csat", "ko": "고객 만족도", "en": "Customer satisfaction", "better": "higher", "counted_in": "%"}


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy of the cast, before any wave."""
    loaded(engine)
    return Visitor(client).sign_in("Cy")


def file_of(data: bytes) -> dict[str, object]:
    """The form as the browser sends it."""
    return {"file": (io.BytesIO(data), "outcomes.csv")}


def form_of(preview: str) -> dict[str, object]:
    """What the page of a preview sends when its button is pressed."""
    fields = re.findall(r'name="(table|replaced)" value="([^"]*)"', preview)
    assert len(fields) == 2, preview
    return {name: html.unescape(value) for name, value in fields}


def taken(hr: Visitor, data: bytes) -> str:
    """Look at a file and take it; return the page after that."""
    preview = hr.post(f"{PAGE}preview", file_of(data), PAGE).text
    answer = hr.post(PAGE, form_of(preview), PAGE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    return hr.get(PAGE).text


def test_from_nothing_to_values(hr: Visitor) -> None:
    """HR notes a measure, declares it, looks at a file and takes it; nothing is taken by looking."""
    page = hr.get(PAGE).text
    assert "No results yet" in page
    assert "Bring values in" not in page
    assert hr.post(f"{PAGE}measures", MEASURE, PAGE).status_code == 303
    assert hr.post(f"{PAGE}declaration", {"measure": "csat"}, PAGE).status_code == 303
    page = hr.get(PAGE).text
    assert "It counts for waves that open from tomorrow on." in page
    assert "since " in page
    preview = hr.post(f"{PAGE}preview", file_of(FILE), PAGE)
    assert preview.status_code == 200
    assert "Nothing has been taken yet." in preview.text
    assert "Outcomes taken: 2 new, 0 changed, 0 as before." in taken(hr, FILE)
    changed = hr.post(f"{PAGE}preview", file_of(FILE.replace(b"77", b"78.25")), PAGE).text
    assert "78.25" in changed
    assert "All values of this file stand here already." in hr.post(f"{PAGE}preview", file_of(FILE), PAGE).text


def test_what_is_wrong_is_said_in_place(hr: Visitor) -> None:
    """Forms without their facts, files with errors, and a preview that was tampered with: nothing is taken."""
    assert "Please fill in this field." in hr.post(f"{PAGE}measures", {"better": "higher"}, PAGE).text
    odd = hr.post(f"{PAGE}measures", {**MEASURE, "code": "Cust Sat"}, PAGE)
    assert odd.status_code == 422
    assert "small letters" in odd.text
    hr.post(f"{PAGE}measures", MEASURE, PAGE)
    assert "Choose from the list." in hr.post(f"{PAGE}declaration", {"measure": "joy"}, PAGE).text
    hr.post(f"{PAGE}declaration", {"measure": "csat"}, PAGE)
    again = hr.post(f"{PAGE}declaration", {"measure": "csat"}, PAGE)
    assert (again.status_code, "declared already" in again.text) == (422, True)
    assert "Choose the file that holds the outcomes." in hr.post(f"{PAGE}preview", {}, PAGE).text
    wrong = hr.post(f"{PAGE}preview", file_of(FILE.replace(b"NORTH", b"NOWHERE")), PAGE)
    assert wrong.status_code == 422
    assert "1 cell to mend; no value was taken" in wrong.text
    assert "The company has no unit NOWHERE." in wrong.text
    persons = hr.post(f"{PAGE}preview", file_of(b"unit,period,measure,value,name\nNORTH,2025-11,csat,1,Di\n"), PAGE)
    assert "sounds as if the file were about persons" in persons.text
    for table, says in (("unit,period,measure,value\nNORTH,2025-11,csat,4;5\n", "is no number"), ("", "is empty")):
        tampered = hr.post(PAGE, {"table": table}, PAGE)
        assert (tampered.status_code, says in tampered.text) == (422, True)


def test_a_preview_out_of_date_takes_nothing(hr: Visitor) -> None:
    """What somebody else brought in since the preview is not overwritten unseen, as new or as changed."""
    hr.post(f"{PAGE}measures", MEASURE, PAGE)
    first, second = (hr.post(f"{PAGE}preview", file_of(FILE), PAGE).text for _ in range(2))
    assert hr.post(PAGE, form_of(first), PAGE).status_code == 303
    for late in (second, hr.post(f"{PAGE}preview", file_of(FILE.replace(b"77", b"70")), PAGE).text):
        taken(hr, FILE.replace(b"77", b"71" if late == second else b"72"))
        answer = hr.post(PAGE, form_of(late), PAGE)
        assert answer.status_code == 422
        assert "the preview was out of date" in answer.text


def test_leaders_see_and_change_nothing(client: FlaskClient, engine: Engine, home: Path) -> None:
    """A leader may look; noting, declaring and bringing in are HR's. Eve, who has no unit, sees no measure."""
    published(engine, home)
    ada = Visitor(client).sign_in("Ada")
    page = ada.get(PAGE)
    assert page.status_code == 200
    assert "Note a measure" not in page.text
    for path in ("measures", "declaration", "preview", ""):
        assert ada.post(f"{PAGE}{path}", {}).status_code == 403
    eve = Visitor(client.application.test_client()).sign_in("Eve")
    assert "No unit is open to your account yet" in eve.get(PAGE).text


def test_leaders_read_words_and_hr_the_coefficient() -> None:
    """The coefficient is of the whole company: HR reads it, a leader the finding in words and her own units' values."""
    waves = two(40, hidden=3)
    first = waves[0]
    (hers,) = shown(first, waves, first.units[1:4], "en", numbers=False)
    assert (hers.coefficient, hers.figure, [line.name for line in hers.lines]) == (
        *("", None),
        ["Team T00", "Team T01", "Team T02"],
    )
    assert str(hers.says).startswith("In the whole company values were higher afterwards")
    assert hers.hidden == 0
    (his,) = shown(first, waves, first.units, "en", numbers=True)
    assert re.fullmatch(r"\+0\.\d\d \(\+0\.\d\d to \+0\.\d\d\)", his.coefficient)
    assert (len(his.lines), his.hidden, his.figure is not None) == (40, 3, True)
    assert newest_with_values(waves) is first
    assert newest_with_values((first,)) is first
    assert newest_with_values(()) is None


@pytest.mark.parametrize(
    ("units", "declared", "says"),
    [
        (9, "2026-01-01", "In the whole company: too few points to say anything (9 of 10 units for a plot)."),
        (12, "2026-01-01", "In the whole company: too few points to say anything (12 of 30 units for a coefficient)."),
        (40, "", "Not declared before this wave opened: it is drawn, and nothing more is said."),
    ],
)
def test_the_default_is_to_say_nothing(units: int, declared: str, says: str) -> None:
    """Too few points, or not declared: the sentence says so, and there is no coefficient."""
    waves = two(units, declared_on=declared)
    (card,) = shown(waves[0], waves, waves[0].units, "en", numbers=True)
    assert (str(card.says), card.coefficient) == (says, "")
    (later,) = shown(waves[1], waves, waves[1].units, "en", numbers=True)
    assert later.says is None


def test_values_in_one_order_have_no_coefficient() -> None:
    """Where nothing can be estimated the page says so, and makes nothing up."""
    teams, _ = company(31)
    values = {code: float(team.index or 0) for code, team in teams.items()}
    first = wave(0, teams, outcomes=(outcome(declared_on="2026-01-01"),))
    waves = (first, wave(1, teams, first, outcomes=(outcome(W1=values),)))
    (card,) = shown(first, waves, first.units, "en", numbers=True)
    assert str(card.says) == "The values are too alike, or too much in one order, for a coefficient."


def test_practices_in_words_for_leaders_and_numbers_for_hr() -> None:
    """What came after a practice rests on units of the whole company: only HR reads the numbers."""
    waves = publish(waves_of_a_company(gain=10.0), ("stand_ups", "one_loop"))
    hers, his = (stories(waves, "en", numbers=hr) for hr in (False, True))
    assert [story.says for story in hers] == [story.says for story in his]
    assert [len(story.numbers) for story in hers] == [0, 0]
    told, early = his
    assert "rose more, or fell less" in str(told.says)
    assert [number.name for number in told.numbers][:2] == [
        "Total motivation: change beside the others",
        "The same between the two waves before it began",
    ]
    assert (told.matched, told.others) == (6, 12)
    assert early.early
    assert [str(what) for what in early.missing] == [
        "0 of 5 units that took it up and can be compared so far",
        "0 of 10 units to compare them with",
    ]
    assert stories((), "en", numbers=True) == ()
    assert [story.early for story in stories((wave(0, {"A": Team(1.0)}),), "en", numbers=True)] == []


def test_a_mark_is_noted_listed_and_taken_out(client: FlaskClient, engine: Engine) -> None:
    """Ada marks a tool in her part of the tree; of a new leader no name is kept; others' units are not hers."""
    loaded(engine)
    ada = Visitor(client).sign_in("Ada")
    form = {"unit": "NORTH", "day": "2026-09-01", "kind": "tool", "name": "<b>Chat</b>"}
    assert ada.post("/marks/", form, "/marks/").status_code == 303
    ada.post("/marks/", {**form, "kind": "leader", "name": "Somebody"}, "/marks/")
    page = ada.get("/marks/").text
    assert "&lt;b&gt;Chat&lt;/b&gt;" in page
    assert "Somebody" not in page
    for wrong, says in (({"unit": "PHONE"}, "Choose from the list."), ({"name": ""}, "Say what the tool is called."),
                        ({"day": "soon"}, "Write the day as 2026-11-30.")):  # fmt: skip
        answer = ada.post("/marks/", {**form, **wrong}, "/marks/")
        assert (answer.status_code, says in answer.text) == (422, True)
    gone = {"unit": "NORTH", "day": "2026-09-01", "kind": "tool"}
    bo = Visitor(client.application.test_client()).sign_in("Bo")
    assert bo.post("/marks/removed", gone, "/marks/").status_code == 422
    assert ada.post("/marks/removed", gone, "/marks/").status_code == 303
    assert ada.post("/marks/removed", gone, "/marks/").status_code == 422
    assert ada.post("/marks/removed", {**gone, "day": "soon"}, "/marks/").status_code == 422
    with reading(engine) as session:
        assert [(mark.unit, mark.kind, mark.name) for mark in marks(session, dt.date.max)] == [("NORTH", "leader", "")]


@pytest.fixture
def address(app: Flask, engine: Engine, home: Path) -> Iterator[str]:
    """Serve the cast's published wave with a measure and its values."""
    published(engine, home)
    with writing(engine) as session:
        measures.note(session, measures.Measure("csat", {"ko": "고객 만족도", "en": "CSAT"}, "higher"), cast.NOW)
        found = outcomes.preview(session, FILE, "outcomes.csv", dt.date(2026, 12, 1))
        outcomes.bring_in(session, found, cast.NOW)
    limiter.reset()
    with served(app) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (360, "ko", "dark")])
def test_the_pages_are_for_everybody(browser: Browser, address: str, width: int, language: str, scheme: str) -> None:
    """Axe finds nothing, nothing is cut off: the page, the preview of a file, a file with errors, and marks."""
    with window(browser, address, width, language, color_scheme=scheme) as page:
        sign_in(page, "Cy", language)
        for path in (PAGE, "/marks/", "/practices/"):
            page.goto(path)
            check(page)
        for data in (FILE.replace(b"77", b"78"), FILE.replace(b"NORTH", b"NOWHERE")):
            page.goto(PAGE)
            page.set_input_files("[name=file]", {"name": "f.csv", "mimeType": "text/csv", "buffer": data})
            follow(page, "form[enctype] button[type=submit]")
            check(page)
