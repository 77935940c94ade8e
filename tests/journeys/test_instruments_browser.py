"""A version of the company's own in a real browser: brought in, planned, rehearsed, and read in results."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from survey.database import writing
from survey.services.instruments import instruments
from survey.services.waves import rehearsal, wave_plans
from survey.web.limits import limiter
from tests import cast
from tests.journeys.driving import follow, served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.journeys.test_instruments import HERE, published
from tests.services import rounds
from tests.variant import EXTRAS, VERSION, variant

pytestmark = pytest.mark.browser

NEXT = "2027-Q1"
REHEARSAL = f"/rehearsals/{NEXT}-rehearsal"
NOW = rounds.OVER + dt.timedelta(days=70)
PAGES = (
    *("/instruments/", HERE, "/waves/", "/waves/new", f"/waves/{NEXT}", f"/waves/{NEXT}/open", "/rehearsals/"),
    *(f"{REHEARSAL}?q=a", "/units/CO", "/units/NORTH", "/compare/"),
)


@pytest.fixture
def address(app: Flask, engine: Engine, home: Path) -> Iterator[str]:
    """Serve a company that published one wave of its own version, and planned and rehearses the next with another."""
    published(engine, home)
    plan = wave_plans.WaveDraft(
        code=NEXT, opens_at=NOW, closes_at=NOW + dt.timedelta(days=14), instrument_version="2", extra_items=EXTRAS
    )
    with writing(engine) as session:
        instruments.add(session, variant("2", play="I work for the joy of it.").encode(), "two.toml", cast.NOW)
        wave_plans.draft(session, plan, NOW)
        rehearsal.plan(session, NEXT, NOW)
        rehearsal.choose_leads(session, f"{NEXT}-rehearsal")
    with time_machine.travel(NOW.replace(tzinfo=dt.UTC)):
        limiter.reset()
        with served(app) as address:
            yield address


@pytest.mark.parametrize(("width", "language"), [(360, "ko"), (1280, "en")])
def test_questionnaires_and_rehearsals_fit_every_screen(
    browser: Browser, address: str, width: int, language: str, tmp_path: Path
) -> None:
    """Axe is silent and nothing is cut off; a file is looked at, kept, and seen as respondents will see it."""
    file = tmp_path / "three.toml"
    file.write_text(variant("3"), "utf-8")
    with window(browser, address, width, language) as page:
        sign_in(page, "Cy", language)
        for path in PAGES:
            page.goto(path)
            check(page)
        page.goto("/instruments/")
        page.locator("input[type=file]").set_input_files(file)
        follow(page, "form[action='/instruments/look'] button")
        check(page)
        with page.expect_popup() as opened:
            page.locator("form[action='/instruments/asked'] button[value=en]").first.click()
        look = opened.value
        expect(look.get_by_text("In our team, we took turns at the lamp.")).to_be_visible()
        assert look.evaluate("getComputedStyle(document.querySelector('.likert .points')).display") != "block"
        look.close()
        page.locator("form[action='/instruments/'] button").click()
        page.wait_for_url(f"**{HERE.replace(VERSION, '3')}")
