"""Every page of HR and leaders in a real browser: axe finds nothing, nothing is blocked, nothing is cut off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page
from sqlalchemy import Engine

from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import WAVE, published
from tests.journeys.driving import follow, served, window

pytestmark = pytest.mark.browser

HR: Final = (
    *("/", "/people/", "/waves/", "/waves/new", f"/waves/{WAVE}", f"/publications/{WAVE}", f"/reports/{WAVE}/"),
    *("/units/", "/units/SALES", "/units/CARE", "/compare/", "/practices/", "/keyholders/"),
    *("/evidence/", "/drivers/", f"/audit/{WAVE}", "/people/1", "/people/without-email"),
    *("/letters/", "/letters/invitation/ko", "/help/", "/help/guide", "/help/words"),
    *("/methods/", "/no/such/page"),
)
LEADER: Final = (
    "/units/",
    "/units/SALES",
    "/units/SALES/meeting",
    "/compare/?unit=NORTH&unit=SOUTH",
    "/practices/",
    "/people/",
)


@pytest.fixture
def address(app: Flask, engine: Engine, home: Path) -> Iterator[str]:
    """Serve the cast's published wave as `survey serve` does, and give its address."""
    published(engine, home)
    limiter.reset()
    with served(app) as address:
        yield address


def sign_in(page: Page, name: str, language: str) -> None:
    """Sign in as one of the cast, checking the door on the way."""
    page.goto(f"/sign-in?lang={language}")
    check(page)
    page.fill("[name=email]", f"{name.lower()}@example.com")
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def check(page: Page) -> None:
    """Charts are drawn, nothing is wider than the screen, and axe is silent."""
    if page.locator(".chart").count():
        page.wait_for_selector("html[data-charts=drawn]")
        assert page.locator(".plot .main-svg").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize(
    ("name", "pages", "width", "language", "scheme"),
    [
        ("Cy", HR, 1280, "ko", "light"),
        ("Cy", HR, 320, "en", "dark"),
        ("Ada", LEADER, 360, "ko", "light"),
        ("Eve", ("/units/", "/compare/"), 360, "en", "dark"),
    ],
)
def test_every_page_is_for_everybody(  # noqa: PLR0913, PLR0917 - one way of looking a parameter
    browser: Browser, address: str, name: str, pages: tuple[str, ...], width: int, language: str, scheme: str
) -> None:
    """Wide and narrow, light and dark, in both languages: axe finds nothing and the console stays empty."""
    with window(browser, address, width, language, color_scheme=scheme) as page:
        said: list[str] = []

        def hear(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and "404" not in message.text and "403" not in message.text:
                said.append(message.text)

        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        sign_in(page, name, language)
        for path in pages:
            page.goto(path)
            check(page)
    assert said == []


def test_without_script_every_number_is_there(browser: Browser, address: str) -> None:
    """Where no script runs, the tables stand open and the whole page can be read."""
    with window(browser, address, 1280, "en", java_script_enabled=False) as page:
        page.goto("/sign-in?lang=en")
        page.fill("[name=email]", "ada@example.com")
        page.fill("[name=password]", cast.PASSWORD)
        follow(page, "main button[type=submit]")
        page.goto("/units/SALES")
        assert page.locator(".chart table").count() >= 4
        assert all(table.is_visible() for table in page.locator(".chart table").all())


def test_the_keyboard_reaches_the_content(browser: Browser, address: str) -> None:
    """The first stop of the keyboard skips the navigation."""
    with window(browser, address, 1280, "en") as page:
        sign_in(page, "Ada", "en")
        page.goto("/units/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")
