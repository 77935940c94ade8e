"""The pages of practices: taking one up, who takes part, the map, and the company's own."""

import datetime as dt
import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.models import Unit
from survey.privacy.thaw import Publication
from survey.services import audit_log
from survey.services.accounts.accounts import create_account
from survey.services.accounts.grants import give
from survey.services.practices import library, partners, register
from survey.services.practices.register import Adoption
from survey.web.clock import today
from survey.web.practices import pages
from tests import cast
from tests.journeys.doors import Visitor, loaded, published
from tests.services.test_practice_library import OURS
from tests.statements import statements

UP = {"unit": "NORTH", "practice": "stand_ups", "since": "2026-01-05", "how_often": "weekly", "owner": "Shift lead"}
ENTRY = "/practices/at/NORTH/stand_ups"


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give the cast, with an observer of Sales besides."""
    loaded(engine)
    with writing(engine) as session:
        create_account(session, "ob@example.com", "Ob", "observer", cast.PASSWORD, "en")
        give(session, "ob@example.com", ["SALES"], cast.NOW)
    return engine


def visitor(app: Flask, name: str) -> Visitor:
    """Sign somebody in, in a browser of her own."""
    return Visitor(app.test_client()).sign_in(name)


def plain(page: str) -> str:
    """Return the words of a page, without marks and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_both_units_see_what_crosses_between_them(app: Flask, company: Engine) -> None:
    """Ada takes a practice up and names Care by Phone; Bo reads it in his register and notes when it was held."""
    ada, bo = visitor(app, "Ada"), visitor(app, "Bo")
    answer = ada.post("/practices/new", {**UP, "what": "Ten minutes on Tuesday"}, page="/practices/new?unit=NORTH")
    assert answer.location == ENTRY
    found = ada.get(f"{ENTRY}?find=phone").text
    assert "Care by Phone" in found
    assert bo.get(ENTRY).status_code == 404
    assert ada.post(f"{ENTRY}/across", {"partner": "PHONE"}, page=ENTRY).status_code == 303
    said = plain(bo.get("/practices/").text)
    assert "Care by Phone Short stand-ups across functions running long not held Ten minutes on Tuesday weekly" in said
    assert "looked after by Shift lead a practice of Sales North" in said
    bo.post(f"{ENTRY}/held", page=ENTRY)
    assert "long not held" not in bo.get("/practices/").text
    with reading(company) as session:
        (partner,) = partners.of_practice(session, "NORTH", "stand_ups")
        acts = [entry.act for entry in audit_log.entries(session)]
    assert partner.last_held == today_of(app)
    assert acts[:3] == ["practice held", "practice partner named", "practice adopted"]


def today_of(app: Flask) -> dt.date:
    """Return the company's day of now."""
    with app.test_request_context():
        return today()


def test_a_partner_changes_nothing_but_its_own_part(app: Flask, company: Engine) -> None:
    """Bo's unit takes part: he may note that it was held and take his unit out; what was answered he does not see."""
    with writing(company) as session:
        register.adopt(session, Adoption("NORTH", "stand_ups", cast.TODAY, ""))
        for partner in ("PHONE", "SOUTH"):
            partners.name_partner(session, "NORTH", "stand_ups", partner)
    bo = visitor(app, "Bo")
    page = bo.get(ENTRY).text
    assert "What the waves showed" not in page
    assert "It is over" not in page
    for what in ("pause", "resume", "end", "out"):
        assert bo.post(f"{ENTRY}/{what}", page=ENTRY).status_code == 404
    for wrong in ({"partner": "CHAT"}, {"partner": "SOUTH", "out": "yes"}):
        assert bo.post(f"{ENTRY}/across", wrong, page=ENTRY).status_code == 404
    assert bo.post(f"{ENTRY}/across", {"partner": "PHONE", "out": "yes"}, page=ENTRY).location == "/practices/"
    with reading(company) as session:
        assert [each.partner for each in partners.of_practice(session, "NORTH", "stand_ups")] == ["SOUTH"]


def test_who_observes_reads_and_changes_nothing(app: Flask, company: Engine) -> None:
    """The register, the library and the map are there, without a button; another part of the company is not."""
    with writing(company) as session:
        register.adopt(session, Adoption("NORTH", "stand_ups", cast.TODAY, ""))
        register.adopt(session, Adoption("PHONE", "one_loop", cast.TODAY, ""))
    ob = visitor(app, "Ob")
    for page in ("/practices/", "/practices/library?unit=NORTH", "/practices/map", ENTRY):
        text = ob.get(page).text.split("<main", 1)[1]
        assert 'method="post"' not in text
        assert "/practices/new" not in text
    assert "one loop" not in plain(ob.get("/practices/").text.split('class="register"')[1])
    assert ob.post(f"{ENTRY}/held", page="/account/").status_code == 403
    for elsewhere in ("/practices/library?unit=PHONE", "/practices/map?in=CARE", "/practices/at/PHONE/one_loop"):
        assert ob.get(elsewhere).status_code == 404


def test_an_entry_is_paused_ended_and_taken_out(app: Flask, company: Engine) -> None:
    """Each is told and logged; a day that no calendar has, or has not been, is refused in words."""
    ada = visitor(app, "Ada")
    ada.post("/practices/new", UP, page="/practices/new?unit=NORTH")
    for day, sentence in (
        ("yesterday", "Write the day as"),
        ("2999-01-01", "a day that has been"),
        ("2020-01-01", "It began on"),
    ):
        ada.post(f"{ENTRY}/end", {"day": day}, page=ENTRY)
        assert sentence in ada.get(ENTRY).text
    for what, told in (
        ("pause", "it rests"),
        ("resume", "it goes on"),
        ("end", "it is over"),
        ("resume", "it goes on"),
    ):
        ada.post(f"{ENTRY}/{what}", page=ENTRY)
        assert f"Noted that {told}" in ada.get(ENTRY).text
    ada.post(f"{ENTRY}/end", {"day": "2026-02-02"}, page=ENTRY)
    assert "ended on 2 February 2026" in plain(ada.get("/practices/?state=ended").text)
    assert "Nothing has been taken up yet" in ada.get("/practices/").text
    assert ada.post(f"{ENTRY}/out", page=ENTRY).location == "/practices/"
    assert ada.get(ENTRY).status_code == 404
    with reading(company) as session:
        logged = {entry.act for entry in audit_log.entries(session)}
    assert {"practice paused", "practice resumed", "practice ended", "practice taken out"} <= logged


def test_the_register_is_filtered_and_paged(app: Flask, company: Engine) -> None:
    """By unit with all below it, by practice and by state; a long one goes on on the next page."""
    with writing(company) as session:
        for unit in ("SALES", "NORTH", "SOUTH", "PHONE", "CHAT"):
            for practice in ("stand_ups", "one_loop"):
                register.adopt(session, Adoption(unit, practice, cast.TODAY, ""))
        register.pause(session, "CHAT", "one_loop")
    cy = visitor(app, "Cy")
    assert "10 practices" in cy.get("/practices/").text
    assert "6 practices" in cy.get("/practices/?unit=sales").text
    assert "2 practices" in cy.get("/practices/?unit=CHAT").text
    assert "3 practices" in cy.get("/practices/?unit=SALES&practice=one_loop").text
    assert "1 practice" in cy.get("/practices/?state=paused").text
    assert "Nothing of this kind" in cy.get("/practices/?unit=nowhere").text
    with writing(company) as session:
        for number in range(60):
            session.add(
                Unit(code=f"T{number:02}", parent_code="SOUTH", name_ko=f"팀 {number}", name_en=f"Team {number}")
            )
        session.flush()
        for number in range(60):
            register.adopt(session, Adoption(f"T{number:02}", "stand_ups", cast.TODAY, ""))
    first = cy.get("/practices/").text
    assert "1 to 60 of 70" in plain(first)
    assert "61 to 70 of 70" in plain(cy.get("/practices/?page=2").text)


def test_a_page_with_nul_is_turned_away_wherever_it_stands(app: Flask, company: Engine) -> None:
    """Of a parameter that comes twice the second is looked at too."""
    assert company is not None
    assert visitor(app, "Ada").get("/practices/?unit=NORTH&unit=%00").status_code == 400


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """Give the cast's published wave."""
    return published(engine, home)


@pytest.mark.usefixtures("results")
def test_what_fits_is_taken_up_in_one_click(app: Flask) -> None:
    """The library says by which results it chose; the form comes filled in; the entry shows the wave that was."""
    ada = visitor(app, "Ada")
    page = plain(ada.get("/practices/library?unit=NORTH").text)
    assert "By this unit’s results in wave 2026-Q4" in page
    assert "HBR digital article" in page
    assert "By the results of Sales" in plain(ada.get("/practices/library?unit=SOUTH").text) or "By this unit’s" in page
    form = ada.get("/practices/new?unit=NORTH&practice=stand_ups").text
    assert '<option selected value="stand_ups">' in form
    assert "15" in re.findall(r"<textarea[^>]*>([^<]*)", form)[0]
    ada.post("/practices/new", {**UP, "since": "2026-11-01"}, page="/practices/new?unit=NORTH")
    shown = plain(ada.get(ENTRY).text)
    assert "This wave did not ask about it." in shown
    assert " before " in shown.split("What the waves showed")[1]
    assert "stand-ups" not in plain(ada.get("/practices/library?unit=NORTH").text)


def test_the_map_says_how_to_begin_and_then_who_meets_whom(app: Flask, company: Engine) -> None:
    """Empty, it offers what crosses; then a table with words in its cells, the same from both sides."""
    ada = visitor(app, "Ada")
    empty = plain(ada.get("/practices/map").text)
    assert "Nothing crosses between units here yet" in empty
    for name in ("Customer feedback for everyone", "Front-line days for everyone", "Short stand-ups across functions"):
        assert name in empty
    with writing(company) as session:
        register.adopt(session, Adoption("NORTH", "stand_ups", cast.TODAY, "", how_often="weekly"))
        partners.name_partner(session, "NORTH", "stand_ups", "PHONE")
    cells = [
        plain(cell) for cell in re.findall(r"<td class=\"meets.*?</td>", ada.get("/practices/map").text, re.DOTALL)
    ]
    assert len(cells) == 1
    assert "Short stand-ups across functions" in cells[0]
    assert "not held yet" in cells[0]
    cy = plain(visitor(app, "Cy").get("/practices/map").text)
    assert "Taking part: 1/2 ↔ 1/2" in cy
    assert cy.count("not held yet") == 4, "two cells of the table, two lines of the list"
    assert visitor(app, "Ada").get("/practices/map?in=CARE").status_code == 404


def test_hr_writes_a_practice_that_everybody_may_take_up(app: Flask, company: Engine) -> None:
    """Written by form, mended, brought in by file and handed out; taken up it is retired, never taken up it is gone."""
    cy, ada = visitor(app, "Cy"), visitor(app, "Ada")
    assert "None yet" in cy.get("/practices/own").text
    typed = {
        f"{field}_{lang}": getattr(OURS, field)[lang] for field in (*library.LONGEST, "asks") for lang in ("ko", "en")
    }
    typed |= {"motives": "emotional_pressure", "facets": "problem_solving"}
    wrong = cy.post("/practices/own/new", {**typed, "what_ko": "가" * 61}, page="/practices/own/new")
    assert "shorten what.ko to 60 characters" in wrong.text
    assert cy.post("/practices/own/new", {**typed, "motives": ""}, page="/practices/own/new").status_code == 422
    assert cy.post("/practices/own/new", typed, page="/practices/own/new").location == "/practices/own"
    assert "of this name already" in cy.post("/practices/own/new", typed, page="/practices/own/new").text
    own = "ten_minutes_on_friday"
    assert cy.post(f"/practices/own/{own}", {**typed, "name_en": "Ten minutes"}, page=f"/practices/own/{own}").location
    assert "Ten minutes" in ada.get("/practices/library").text
    file = cy.get("/practices/own/file")
    assert 'name.en = "Ten minutes"' in file.text
    brought = {"file": (BytesIO(file.data.replace(own.encode(), b"second_one")), "ours.toml")}
    assert cy.post("/practices/own", brought, page="/practices/own").status_code == 303
    assert cy.post("/practices/own", page="/practices/own").status_code == 422
    assert cy.get("/practices/own/nowhere").status_code == 404
    assert "choose another id" in cy.post("/practices/own/new", {**typed, "name_en": "New"}, "/practices/own/new").text
    ada.post("/practices/new", {**UP, "practice": own}, page="/practices/new?unit=NORTH")
    for practice in (own, "second_one"):
        cy.post(f"/practices/own/{practice}/retired", page="/practices/own")
    with reading(company) as session:
        assert [(each.practice.id, each.retired_on is not None) for each in library.own(session)] == [(own, True)]
    assert "Ten minutes" in ada.get("/practices/").text
    assert "Ten minutes" not in plain(ada.get("/practices/library").text)
    assert "We looked back on the week together." in cy.get("/waves/new").text


def test_a_practice_needs_no_latin_letters(app: Flask, company: Engine) -> None:
    """A company whose names are Korean in both languages gets an id made for it, and mends the practice there."""
    cy = visitor(app, "Cy")
    typed = {f"{field}_{lang}": getattr(OURS, field)[lang] for field in library.LONGEST for lang in ("ko", "en")}
    typed |= {"motives": "emotional_pressure", "name_en": "금요일 10분"}
    assert cy.post("/practices/own/new", typed, page="/practices/own/new").status_code == 303
    with reading(company) as session:
        (kept,) = library.own(session)
    assert re.fullmatch("practice_[0-9a-f]{8}", kept.practice.id)
    assert "금요일 10분" in cy.get(f"/practices/own/{kept.practice.id}").text


def test_a_leader_may_want_no_letters(client: FlaskClient, company: Engine) -> None:
    """The button stands under the register of leaders, and says what is so."""
    ada = Visitor(client).sign_in("Ada")
    ada.post("/practices/letters", {"wanted": "no"}, page="/practices/")
    assert "You get none." in ada.get("/practices/").text
    ada.post("/practices/letters", {"wanted": "yes"}, page="/practices/")
    assert "Write me no such letters" in ada.get("/practices/").text
    assert company is not None


def test_what_came_after_is_read_in_a_large_company_when_somebody_asks(
    app: Flask, engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs every unit of every wave: the register itself reads none of them, and offers to show it."""
    published(engine, home)
    hr = visitor(app, "Cy")
    assert "Show what came after" not in hr.get("/practices/").text
    monkeypatch.setattr(pages, "AT_ONCE", 0)
    with statements(app.extensions["survey.engine"]) as heard:
        page = hr.get("/practices/").text
    assert [each for each in heard if "published_unit" in each] == []
    assert 'href="/practices/?after=yes#after"' in page
    assert "Show what came after" not in hr.get("/practices/?after=yes").text
