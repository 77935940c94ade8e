"""What journeys do in a browser: open a page of a width and a language, press, choose, and look at what is there."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from waitress import create_server

from tests.chromium import PATIENCE

LOCALES: Final = {"ko": "ko-KR", "en": "en-GB"}
Open = Callable[..., Page]


def press(page: Page, go: str) -> None:
    """Press the visible button that goes to a page."""
    page.locator(f'button.button[name=go][value="{go}"]').first.click()


def follow(page: Page, what: str) -> None:
    """Press what leads to another page, and wait until that page is there: a click alone does not."""
    with page.expect_navigation():
        page.locator(what).first.click()


def choose(page: Page, item: str, answer: int) -> None:
    """Choose an answer as a thumb does: on the number."""
    page.locator(f"#{item} .points label").nth(answer - 1).click()
    expect(page.locator(f"#{item} input[value='{answer}']")).to_be_checked()


def check(page: Page, *, script: bool) -> None:
    """Nothing is cut off at this width, and axe finds nothing."""
    if script:
        width = page.viewport_size["width"] if page.viewport_size else 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the app as `survey serve` does, and give its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(10)


@contextmanager
def window(browser: Browser, address: str, width: int, language: str, **how: Any) -> Iterator[Page]:  # noqa: ANN401 - Playwright's options
    """Open a page of a browser of its own: of this width, in this language, light unless told."""
    how = {"viewport": {"width": width, "height": 900}, **how}
    context = browser.new_context(locale=LOCALES[language], base_url=address, **how)
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()
