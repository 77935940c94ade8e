"""Open pages: a leader opens one, everybody reads it, it is closed; what it tells is what was published."""

import datetime as dt
import re
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update

from survey.database import reading, writing
from survey.models import PublishedUnit
from survey.privacy import cells, thaw
from survey.privacy.thaw import Publication
from survey.services.open_pages import open_pages
from survey.services.practices.register import Adoption, adopt, pause
from survey.services.publication import notices
from survey.web.factory import STATIC
from tests.journeys.doors import WAVE, Visitor, loaded, published
from tests.journeys.told_numbers import told_by

PAGE = f"/open-pages/unit?unit=SALES&wave={WAVE}"
CHOICE = {"unit": "SALES", "wave": WAVE, "part": list(open_pages.PARTS), "practice": "stand_ups"}
ADDRESS = re.compile(r'id="address" href="[^"]*(/h/[\w-]+)"')
DAY = dt.date(2026, 9, 1)


@pytest.fixture
def wave(engine: Engine, home: Path) -> Publication:
    """The cast's published wave, with practices in the register."""
    told = published(engine, home)
    with writing(engine) as session:
        adopt(session, Adoption("SALES", "feedback_to_all", DAY, "Ada Secret", "in our own words", "weekly"))
        adopt(session, Adoption("SALES", "one_loop", DAY, "", how_often="monthly"))
        pause(session, "SALES", "one_loop")
        adopt(session, Adoption("NORTH", "free_script", DAY, ""))
    return told


def opened(ada: Visitor, **other: object) -> str:
    """Open the page of Sales as Ada and return its address."""
    assert ada.post("/open-pages/open", {**CHOICE, **other}, PAGE).status_code == 303
    found = ADDRESS.search(ada.get(PAGE).text)
    assert found
    return found[1]


@pytest.mark.usefixtures("wave")
def test_a_page_is_looked_at_opened_read_closed_and_opened_again(app: Flask) -> None:
    """Ada sees it before anybody; then everybody reads the same without a cookie, until she closes it."""
    ada, everybody = Visitor(app.test_client()).sign_in("Ada"), app.test_client()
    looked = ada.get(f"/open-pages/look?unit=SALES&wave={WAVE}&part=index&part=motives&part=change&part=practices")
    assert "frame-ancestors 'self'" in looked.headers["Content-Security-Policy"]
    address = opened(ada, practice="")
    answer = everybody.get(f"{address}?lang=en")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "<script" not in answer.text
    assert _main(answer.text) == _main(looked.text)
    assert ada.post("/open-pages/close", {"unit": "SALES", "wave": WAVE}, PAGE).status_code == 303
    gone = everybody.get(f"{address}?lang=en")
    assert (gone.status_code, "This page was closed" in gone.text) == (410, True)
    assert opened(ada) == address
    assert everybody.get(address).status_code == 200


def _main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.usefixtures("wave")
def test_it_tells_released_numbers_and_practices_and_nothing_that_anybody_typed(app: Flask) -> None:
    """Practices with since and rhythm, one that rests, those below by name; no owner, no free text, no unit below."""
    address = opened(Visitor(app.test_client()).sign_in("Ada"))
    text = app.test_client().get(f"{address}?lang=en").text
    assert "Customer feedback for everyone" in text
    assert "since 1 September 2026 · every week" in text
    assert "resting at the moment · since 1 September 2026 · every month" in text
    assert "In parts of this unit: Freedom from the script." in text
    assert "What we try next" in text
    assert not {found for found in ("Ada", "Secret", "own words", "North") if found in text}


def test_numbers_of_open_pages_stand_in_the_record(app: Flask, engine: Engine, wave: Publication) -> None:
    """Every number of every unit's page, in both languages, is a text of that unit in the publication."""
    shown = [unit.code for unit in wave.units if unit.hidden is None]
    with writing(engine) as session:
        keys = {
            unit: open_pages.open_page(session, wave, unit, open_pages.ALL, dt.datetime(2026, 11, 20), 1).key
            for unit in shown
        }
    records = {each.code: msgspec.json.encode(each).decode() for each in thaw.read(*wave.frozen()).units}
    told = 0
    for unit, key in keys.items():
        known = set(re.findall(r"[+-]?\d+\.\d+", records[unit].replace("−", "-")))
        for language in ("en", "ko"):
            found = {number.replace("−", "-") for number in told_by(app.test_client().get(f"/h/{key}?lang={language}"))}
            told += len(found)
            assert found <= known, unit
    assert told > len(shown)


@pytest.mark.usefixtures("wave")
def test_a_part_that_was_not_chosen_is_not_told(app: Flask) -> None:
    """With practices alone there is no number with decimals on the page."""
    address = opened(Visitor(app.test_client()).sign_in("Ada"), part=["practices"], practice="")
    answer = app.test_client().get(f"{address}?lang=en")
    assert told_by(answer) == frozenset()
    assert "What we do" in answer.text


@pytest.mark.usefixtures("wave")
def test_leaders_open_pages_of_their_own_units_only(app: Flask) -> None:
    """Bo leads Care: Sales is not there for him, neither to look at nor to open nor to close; nor in his list."""
    address = opened(Visitor(app.test_client()).sign_in("Ada"))
    bo = Visitor(app.test_client()).sign_in("Bo")
    for place in (PAGE, f"/open-pages/look?unit=SALES&wave={WAVE}", f"/open-pages/notice?unit=SALES&wave={WAVE}"):
        assert bo.get(place).status_code == 404
    for act in ("open", "close"):
        assert bo.post(f"/open-pages/{act}", CHOICE, "/open-pages/").status_code == 404
    assert "Sales" not in bo.get("/open-pages/").text
    assert app.test_client().get(address).status_code == 200


@pytest.mark.usefixtures("wave")
def test_unknown_addresses_get_one_plain_answer(app: Flask) -> None:
    """Whatever was tried, the page is the same, says nothing of what there is, and sets nothing."""
    opened(Visitor(app.test_client()).sign_in("Ada"))
    answers = [app.test_client().get(f"/h/{key}?lang=en") for key in ("x", "A" * 22, "SALES", "'--")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({_main(answer.text) for answer in answers}) == 1
    assert not any("Set-Cookie" in answer.headers for answer in answers)


@pytest.mark.usefixtures("wave")
@pytest.mark.parametrize("kind", ["erratum", "withdrawal"])
def test_what_was_said_afterwards_stands_on_the_page(app: Flask, engine: Engine, kind: notices.Kind) -> None:
    """An erratum stands above the numbers; withdrawn results are gone, with what the company says about it."""
    address = opened(Visitor(app.test_client()).sign_in("Ada"))
    with writing(engine) as session:
        notices.say(
            session, WAVE, kind, {"ko": "잘못된 점이 있습니다.", "en": "Something was wrong."},
            dt.datetime(2026, 11, 21), None,
        )  # fmt: skip
    answer = app.test_client().get(f"{address}?lang=en")
    assert "Something was wrong." in answer.text
    assert answer.status_code == (200 if kind == "erratum" else 410)
    assert bool(told_by(answer)) == (kind == "erratum")


@pytest.mark.usefixtures("wave")
def test_a_record_that_was_changed_is_told_in_a_sentence(app: Flask, engine: Engine) -> None:
    """Whoever reads the page of a unit whose record was tampered with is told so, and not that something went wrong."""
    app.testing = False
    address = opened(Visitor(app.test_client()).sign_in("Ada"))
    with writing(engine) as session:
        session.execute(update(PublishedUnit).where(PublishedUnit.unit_code == "SALES").values(record=b"{}"))
    cells._lately.clear()  # as in a process that has not read the unit yet
    answer = app.test_client().get(f"{address}?lang=en")
    assert answer.status_code == 409
    assert "This publication was changed after it was made" in answer.text


@pytest.mark.usefixtures("wave")
def test_a_page_is_light_and_needs_no_script(app: Flask) -> None:
    """With everything it loads it weighs less than 60 kB."""
    page = app.test_client().get(opened(Visitor(app.test_client()).sign_in("Ada")))
    files = [STATIC / name for name in re.findall(r'/static/([^"?]+)', page.text)]
    assert len(files) == 3
    assert len(page.data) + sum(file.stat().st_size for file in files) < 60_000


@pytest.mark.usefixtures("wave")
def test_a_notice_holds_the_address_to_scan(app: Flask) -> None:
    """The code and the address on one sheet; before the page is open there is none."""
    ada = Visitor(app.test_client()).sign_in("Ada")
    place = f"/open-pages/notice?unit=SALES&wave={WAVE}"
    assert ada.get(place).status_code == 303
    address = opened(ada)
    sheet = ada.get(place).text
    assert address in sheet
    assert 'src="data:image/svg+xml' in sheet


@pytest.mark.usefixtures("wave")
def test_the_unit_page_leads_there(client: FlaskClient) -> None:
    """Ada finds it on the page of her unit."""
    assert "/open-pages/unit?unit=SALES" in Visitor(client).sign_in("Ada").get(f"/units/SALES?wave={WAVE}").text


def test_before_anything_is_published_the_list_says_so(app: Flask, engine: Engine) -> None:
    """A fresh company: no unit to choose, and words about when there will be."""
    loaded(engine)
    assert "There is nothing to show yet" in Visitor(app.test_client()).sign_in("Ada").get("/open-pages/").text
    with reading(engine) as session:
        assert open_pages.pages(session) == []
