"""What the pages of practices refuse, and whose numbers and names they leave out: each guard by itself."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.instruments.practices import practice
from survey.models import Unit
from survey.privacy.thaw import dump, thaw
from survey.services import audit_log
from survey.services.practices import library, partners, register
from survey.services.practices.library import LARGEST
from survey.services.practices.register import Adoption
from survey.web.practices import entry as pages
from survey.web.practices import pages as register_pages
from tests import cast
from tests.journeys.doors import Visitor, loaded, published
from tests.journeys.test_practices import ENTRY, UP, plain, today_of
from tests.privacy.test_before_after import company as waves_of_a_company
from tests.privacy.test_before_after import publish
from tests.sample import SMALL, sample_record
from tests.services.test_practice_library import OURS


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give the cast, with a practice of Ada's team."""
    loaded(engine)
    with writing(engine) as session:
        register.adopt(session, Adoption("NORTH", "stand_ups", cast.TODAY, ""))
    return engine


@pytest.fixture
def visitor(app: Flask, company: Engine) -> Callable[[str], Visitor]:
    """Give what signs somebody in, in a browser of her own."""
    assert company is not None
    return lambda name: Visitor(app.test_client()).sign_in(name, "en")


def kept(company: Engine, unit: str = "NORTH") -> Adoption | None:
    """Return what the register holds."""
    with reading(company) as session:
        return register.entry(session, unit, "stand_ups")


def test_only_what_can_be_done_has_an_address(visitor: Callable[[str], Visitor]) -> None:
    """An act that nobody knows is no page, for whoever's practice it is."""
    assert visitor("Ada").post(f"{ENTRY}/vanish", page=ENTRY).status_code == 404


def test_a_day_is_one_that_has_been(app: Flask, company: Engine, visitor: Callable[[str], Visitor]) -> None:
    """Tomorrow is refused, and so is what is no day; nothing is noted."""
    ada, tomorrow = visitor("Ada"), today_of(app) + dt.timedelta(days=1)
    for day, said in ((tomorrow.isoformat(), "Choose a day that has been."), ("30.11.2026", "Write the day as")):
        ada.post(f"{ENTRY}/held", {"day": day}, page=ENTRY)
        assert said in ada.get(ENTRY).text
    found = kept(company)
    assert found is not None
    assert found.last_held is None


def test_a_partner_notes_for_its_own_unit_alone(company: Engine, visitor: Callable[[str], Visitor]) -> None:
    """Bo's note that it was held says nothing of another unit across."""
    with writing(company) as session:
        for partner in ("PHONE", "SOUTH"):
            partners.name_partner(session, "NORTH", "stand_ups", partner)
    visitor("Bo").post(f"{ENTRY}/held", page=ENTRY)
    with reading(company) as session:
        noted = {
            each.partner: each.last_held is not None for each in partners.of_practice(session, "NORTH", "stand_ups")
        }
    assert noted == {"PHONE": True, "SOUTH": False}
    row = plain(visitor("Bo").get("/practices/").text).split("a practice of Sales North")[1]
    assert row.split("with ")[1].startswith("Sales South")
    assert "Care by Phone" not in row  # whose row it is


def test_a_leader_finds_her_own_units_to_choose_from(visitor: Callable[[str], Visitor]) -> None:
    """Where a page of the unit is one click away, others are not listed; to name a partner all are."""
    ada = visitor("Ada")
    for page in ("/practices/library", "/practices/new"):
        assert "Care by Phone" not in ada.get(f"{page}?find=phone").text
        assert "Sales North" in ada.get(f"{page}?find=north").text
    assert "Care by Phone" in ada.get(f"{ENTRY}?find=phone").text


def test_the_register_shows_a_leader_her_part_whatever_is_asked_for(
    company: Engine, visitor: Callable[[str], Visitor]
) -> None:
    """A unit of somebody else in the address shows nothing of it; what has ended is shown to whoever asks."""
    with writing(company) as session:
        register.adopt(session, Adoption("PHONE", "one_loop", cast.TODAY, "Somebody of Care"))
    ada, cy = visitor("Ada"), visitor("Cy")
    for asked in ("", "?unit=PHONE", "?unit=CARE", "?practice=one_loop"):
        assert "Somebody of Care" not in ada.get(f"/practices/{asked}").text
        assert "Somebody of Care" in cy.get(f"/practices/{asked}").text
    with writing(company) as session:
        register.end(session, "PHONE", "one_loop", cast.TODAY)
    assert "Somebody of Care" not in cy.get("/practices/").text
    assert "Somebody of Care" in cy.get("/practices/?state=ended").text


def test_a_practice_is_noted_for_ones_own_units(company: Engine, visitor: Callable[[str], Visitor]) -> None:
    """The form of another unit is no page, and what is sent for one is refused; so is half a form."""
    ada = visitor("Ada")
    assert ada.get("/practices/new?unit=PHONE").status_code == 404
    answer = ada.post("/practices/new", {**UP, "unit": "PHONE"}, page="/practices/new?unit=NORTH")
    assert answer.status_code == 422
    assert "Choose a unit of your part of the company." in answer.text
    assert "Care by Phone" not in answer.text
    assert ada.post("/practices/new", {**UP, "unit": "SOUTH", "since": "soon"}, "/practices/new").status_code == 422
    assert (kept(company, "PHONE"), kept(company, "SOUTH")) == (None, None)


def test_letters_are_offered_to_those_who_get_them(visitor: Callable[[str], Visitor]) -> None:
    """HR leads no units, so nothing is asked of it."""
    assert "A letter before a wave" in visitor("Ada").get("/practices/").text
    assert "A letter before a wave" not in visitor("Cy").get("/practices/").text


def test_own_practices_are_mended_where_they_are(company: Engine, visitor: Callable[[str], Visitor]) -> None:
    """One that nobody wrote has no page, is not worded and not retired; a file of any size is refused in a sentence."""
    cy = visitor("Cy")
    for address in ("nowhere", "nowhere/retired"):
        assert cy.post(f"/practices/own/{address}", page="/practices/own").status_code == 404
    large = {"file": (BytesIO(b"#" * (LARGEST + 1)), "ours.toml")}
    assert "larger than" in cy.post("/practices/own", large, page="/practices/own").text
    with writing(company) as session:
        library.add(session, [OURS], cast.TODAY)
    cy.get("/practices/own/file")
    cy.post(f"/practices/own/{OURS.id}/retired", page="/practices/own")
    with reading(company) as session:
        acts = [entry.act for entry in audit_log.entries(session)]
    assert acts[:2] == ["own practice retired", "own practices handed out"]


def test_what_a_unit_showed_under_another_leader_is_not_hers(app: Flask, engine: Engine, home: Path) -> None:
    """A unit that came to Sales after the wave: Ada notes practices for it, and sees none of its results of then."""
    results = published(engine, home)
    with writing(engine) as session:
        session.get_one(Unit, "PHONE").parent_code = "SALES"
        register.adopt(session, Adoption("PHONE", "stand_ups", cast.TODAY, ""))
    ada, cy = (Visitor(app.test_client()).sign_in(name, "en") for name in ("Ada", "Cy"))
    fits = "/practices/library?unit=PHONE"
    assert "no published numbers yet" in plain(ada.get(fits).text)
    assert f"in wave {results.wave.code}" in plain(cy.get(fits).text)
    entry = "/practices/at/PHONE/stand_ups"
    assert "What the waves showed" not in ada.get(entry).text
    assert "What the waves showed" in cy.get(entry).text


def test_a_partner_sees_what_it_saw_of_those_waves(app: Flask, engine: Engine, home: Path) -> None:
    """A unit that left Sales after the wave, with Ada's team across: she reads what she read then, Bo nothing of it."""
    published(engine, home)
    with writing(engine) as session:
        session.get_one(Unit, "NORTH").parent_code = "CARE"
        register.adopt(session, Adoption("NORTH", "stand_ups", cast.TODAY, ""))
        partners.name_partner(session, "NORTH", "stand_ups", "SOUTH")
    ada, bo = (Visitor(app.test_client()).sign_in(name, "en").get(ENTRY).text for name in ("Ada", "Bo"))
    assert "What the waves showed" in ada
    assert "It is over" not in ada
    assert "What the waves showed" not in bo
    assert "It is over" in bo


def test_what_came_after_has_numbers_on_the_page_of_hr_alone(
    visitor: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They rest on units of the whole company: a leader reads the sentence on the same page, and nothing behind it."""
    waves = publish(waves_of_a_company(gain=10.0))
    monkeypatch.setattr(register_pages, "publications", lambda: waves)
    hers, his = (plain(visitor(name).get("/practices/").text) for name in ("Ada", "Cy"))
    for page in (hers, his):
        assert "total motivation rose more, or fell less" in page
    assert "Total motivation: change beside the others" in his
    for behind in ("The numbers behind this", "change beside the others", "Where these units started"):
        assert behind not in hers


def test_the_map_leads_no_further_up_than_the_account_sees(visitor: Callable[[str], Visitor]) -> None:
    """From a team Ada goes up to Sales, and from Sales nowhere."""
    ada = visitor("Ada")
    assert 'href="/practices/map?in=SALES"' in ada.get("/practices/map?in=NORTH").text
    assert "in=CO" not in ada.get("/practices/map?in=NORTH").text + ada.get("/practices/map?in=SALES").text


def test_a_wave_without_a_number_says_why(app: Flask) -> None:
    """Beside a practice of a hidden unit stands the reason, and of a shown one that too few answered this question."""
    record = sample_record()
    units = [
        replace(unit, figures=replace(unit.figures, practices={})) if unit.code == "A" and unit.figures else unit
        for unit in record.units
    ]
    publication = thaw(*dump(replace(record, units=units)))
    with app.test_request_context("/?lang=en"):
        said = [
            pages._of(publication, Adoption(code, "stand_ups", cast.TODAY, ""), practice("stand_ups"))
            for code in (SMALL, "A")
        ]
    assert [(seen.shown, seen.n) for seen in said] == [("", 0), ("", 0)]
    assert [str(seen.why) for seen in said] == [
        "Fewer than 5 people answered.",
        "Too few people answered this question here.",
    ]
