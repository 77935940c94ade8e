"""Practices in a real browser: by keyboard, on a phone and on a desk, in both languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.services.practices import library, partners, register
from survey.services.practices.register import Adoption
from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import published
from tests.journeys.driving import served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.services.test_practice_library import OURS

pytestmark = pytest.mark.browser

ENTRY: Final = "/practices/at/NORTH/stand_ups"
PAGES: Final = (
    *("/practices/", "/practices/library?unit=NORTH", "/practices/new?unit=NORTH&practice=stand_ups"),
    *("/practices/new?practice=stand_ups&find=sales", f"{ENTRY}?find=care", "/practices/map"),
)
OF_HR: Final = ("/practices/own", "/practices/own/new", f"/practices/own/{OURS.id}", "/practices/map?in=CARE")


@pytest.fixture
def address(app: Flask, engine: Engine, home: Path) -> Iterator[str]:
    """Serve the cast's published wave with a register that is full of all there can be."""
    published(engine, home)
    with writing(engine) as session:
        library.add(session, [OURS], cast.TODAY)
        what = "Ten minutes on Tuesday, standing"
        for unit, practice in (
            ("NORTH", "stand_ups"),
            ("SOUTH", OURS.id),
            ("PHONE", "one_loop"),
            ("CHAT", "stand_ups"),
        ):
            register.adopt(session, Adoption(unit, practice, cast.TODAY, "Shift lead", what, "weekly"))
        partners.name_partner(session, "NORTH", "stand_ups", "PHONE")
        partners.name_partner(session, "CHAT", "stand_ups", "SALES")
        register.pause(session, "CHAT", "stand_ups")
    limiter.reset()
    with served(app) as address:
        yield address


@pytest.mark.parametrize(
    ("name", "pages", "width", "language", "scheme"),
    [("Ada", PAGES, 360, "ko", "dark"), ("Cy", (*PAGES, *OF_HR), 1280, "en", "light")],
)
def test_every_page_of_practices_is_for_everybody(  # noqa: PLR0913, PLR0917 - one way of looking a parameter
    browser: Browser, address: str, name: str, pages: tuple[str, ...], width: int, language: str, scheme: str
) -> None:
    """Axe finds nothing, nothing is wider than the screen, and the console stays empty."""
    with window(browser, address, width, language, color_scheme=scheme) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        sign_in(page, name, language)
        for path in pages:
            page.goto(path)
            check(page)
        assert said == []


def test_a_unit_across_is_found_and_named_by_keyboard(browser: Browser, address: str, engine: Engine) -> None:
    """Ada types a name, walks to the button and presses it; the map then stands as a table, on a phone as a list."""
    with window(browser, address, 1280, "en") as page:
        sign_in(page, "Ada", "en")
        page.goto(ENTRY)
        page.focus("#find")
        page.keyboard.type("chat")
        page.keyboard.press("Enter")
        page.wait_for_url("**/stand_ups?find=chat")
        page.focus("#find")
        for _ in range(2):
            page.keyboard.press("Tab")
        assert "Name it" in page.locator(":focus").inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{ENTRY}")
        expect(page.get_by_text("Both units see it").first).to_be_visible()
        page.goto("/practices/map")
        assert page.locator(".matrix").is_visible()
        assert not page.locator(".pairs").is_visible()
        page.set_viewport_size({"width": 360, "height": 800})
        assert not page.locator(".matrix").is_visible()
        assert page.locator(".pairs").get_by_text("Short stand-ups across functions").first.is_visible()
    with reading(engine) as session:
        assert [each.partner for each in partners.of_practice(session, "NORTH", "stand_ups")] == ["CHAT", "PHONE"]
