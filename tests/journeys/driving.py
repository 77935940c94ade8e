"""What journeys do in a browser: open a page of a width and a language, press, choose, and look at what is there."""

from collections.abc import Callable
from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

LOCALES: Final = {"ko": "ko-KR", "en": "en-GB"}
Open = Callable[..., Page]


def press(page: Page, go: str) -> None:
    """Press the visible button that goes to a page."""
    page.locator(f'button.button[name=go][value="{go}"]').first.click()


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
