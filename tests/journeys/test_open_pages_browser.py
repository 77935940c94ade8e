"""Open pages in a real browser: opened by a leader, read on a narrow phone in the dark; axe finds nothing."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Engine

from survey.web.limits import limiter
from tests.journeys.doors import WAVE, published
from tests.journeys.driving import served, window
from tests.journeys.test_access_browser import check, sign_in

pytestmark = pytest.mark.browser


def test_a_leader_opens_a_page_and_an_employee_reads_it(
    browser: Browser, app: Flask, engine: Engine, home: Path
) -> None:
    """Nothing is wider than 320 pixels, nothing is refused by the policy, and the reader needs no script."""
    published(engine, home)
    limiter.reset()
    with served(app) as address:
        with window(browser, address, 1280, "ko") as page:
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            sign_in(page, "Ada", "ko")
            page.goto(f"/open-pages/unit?unit=SALES&wave={WAVE}")
            check(page)
            page.get_by_role("button", name="페이지 열기").click()
            page.wait_for_selector("#address")
            check(page)
            path = "/h/" + page.inner_text("#address").rpartition("/")[2]
            page.goto(f"/open-pages/notice?unit=SALES&wave={WAVE}")
            check(page)
            page.goto("/open-pages/")
            check(page)
            assert said == []
        with window(browser, address, 320, "ko", color_scheme="dark") as page:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert Axe().run(page).response["violations"] == []
        with window(browser, address, 320, "en", java_script_enabled=False) as page:
            page.goto(path)
            assert page.get_by_role("heading", name="What we heard, and what we do").is_visible()
