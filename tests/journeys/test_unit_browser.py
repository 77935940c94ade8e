"""A leader in a real browser, by keyboard only: the own unit, its sentence, a chart's table, a unit below, paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import Engine

from survey.web.limits import limiter
from tests import cast, snapshots
from tests.journeys import four_waves
from tests.journeys.driving import served, window
from tests.journeys.test_access_browser import check
from tests.journeys.test_unit_pages import MADE

pytestmark = pytest.mark.browser

MOST: Final = 120
"""Stops of the keyboard after which a page has been walked through."""


@pytest.fixture
def address(app: Flask, engine: Engine, home: Path) -> Iterator[str]:
    """Serve four published waves, and give the address."""
    snapshots.start(engine, home, MADE, lambda: four_waves.published(engine, home))
    limiter.reset()
    with served(app) as address:
        yield address


def reach(page: Page, selector: str) -> None:
    """Walk on with the tab key until this element is the one that keys go to."""
    wanted = page.locator(selector).first
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def enter(page: Page, selector: str) -> None:
    """Walk to a link and follow it."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in_by_keyboard(page: Page, language: str) -> None:
    """Sign in as Ada, who leads Sales, without a mouse."""
    page.goto(f"/sign-in?lang={language}")
    reach(page, "[name=email]")
    page.keyboard.type("ada@example.com")
    reach(page, "[name=password]")
    page.keyboard.type(cast.PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "ko", "light"), (360, "en", "dark")])
def test_a_leader_reads_the_own_unit_by_keyboard(
    browser: Browser, address: str, tmp_path: Path, width: int, language: str, scheme: str
) -> None:
    """From the sign-in to a printed kit without a mouse; axe finds nothing, the console stays empty."""
    with window(browser, address, width, language, color_scheme=scheme, reduced_motion="reduce") as page:
        said: list[str] = []

        def hear(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                said.append(message.text)

        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        sign_in_by_keyboard(page, language)
        page.wait_for_url("**/units/SALES")
        page.goto(f"/units/SALES?lang={language}")
        check(page)
        sentence = page.locator(".overview > .sentence")
        expect(sentence).to_be_in_viewport()
        told = sentence.inner_text()
        table = page.locator(".overview .chart details").first
        expect(table).not_to_have_attribute("open", "")
        reach(page, ".overview .chart summary")
        page.keyboard.press("Enter")
        expect(table.locator("table")).to_be_visible()
        assert table.locator("tbody tr").count() == len(four_waves.WAVES)

        reach(page, ".contents a[href='#below']")
        page.keyboard.press("Enter")
        expect(page.locator("#below")).to_be_in_viewport()
        contents = page.locator(".contents")
        assert contents.evaluate("element => getComputedStyle(element).position") == (
            "sticky" if width > 1000 else "static"
        )
        enter(page, "table a[href*='/units/NORTH']")
        check(page)
        enter(page, ".crumbs a[href*='/units/SALES']")
        assert sentence.inner_text() == told

        enter(page, ".actions a[href$='/meeting'], .actions a[href*='/meeting?']")
        check(page)
        printed = tmp_path / "kit.pdf"
        page.pdf(path=str(printed), format="A4")
        with pikepdf.open(printed) as paper:
            assert len(paper.pages) == 1
    assert said == []
