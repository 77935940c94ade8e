"""Pages of comments, errata and withdrawals in a real browser: whatever was written stays text inside its box."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Engine

from survey.database import writing
from survey.services.publication import notices
from survey.web.limits import limiter
from tests.journeys.doors import WAVE
from tests.journeys.driving import served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.services import rounds
from tests.services.test_comments import told

pytestmark = pytest.mark.browser

WRITTEN: Final = {
    "Di": "<img src=x onerror=alert(1)><script>document.title='x'</script>",
    "Eun": "가" * 2000,
    "Fay": "W" * 2000,
    "Gil": "첫 줄\n\n\n\n둘째 줄",
    "Max": "שלום \u202eevil\u202c 👩‍👩‍👧‍👦",
    "Noa": "Z" + "\u0301" * 80,
}
PAGES: Final = (
    *(f"/waves/{WAVE}/units/SALES/comments", f"/waves/{WAVE}/units/CO/comments", f"/waves/{WAVE}/comments"),
    *(f"/publications/{WAVE}/notices", f"/publications/{WAVE}", "/units/SALES", "/units/", "/compare/"),
)
WORDS: Final = {"ko": "이름이 잘못 적혔습니다. " * 20, "en": "w" * 600}


@pytest.fixture
def address(app: Flask, engine: Engine, home: Path) -> Iterator[str]:
    """Serve the cast's published wave, with comments and an erratum, and give its address."""
    with time_machine.travel(rounds.OVER + dt.timedelta(days=2)):
        told(engine, home, WRITTEN)
        with writing(engine) as session:
            notices.say(session, WAVE, "erratum", WORDS, rounds.OVER)
        limiter.reset()
        with served(app) as address:
            yield address


@pytest.mark.parametrize(
    ("width", "language", "scheme"), [(360, "ko", "light"), (1280, "en", "light"), (320, "en", "dark")]
)
def test_comments_stay_in_their_boxes(
    browser: Browser, address: str, engine: Engine, width: int, language: str, scheme: str
) -> None:
    """Nothing runs, nothing is wider than the screen, axe is silent; and so it is once the results are withdrawn."""
    with window(browser, address, width, language, color_scheme=scheme) as page:
        said: list[str] = []
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("pageerror", lambda error: said.append(str(error)))
        sign_in(page, "Cy", language)
        for path in PAGES:
            page.goto(path)
            check(page)
        page.goto(PAGES[0])
        assert page.locator(".comment").count() == len(WRITTEN)
        assert page.locator(".comment *").count() == 0
        with writing(engine) as session:
            notices.say(session, WAVE, "withdrawal", WORDS, rounds.OVER)
        for path in (*PAGES[:1], *PAGES[3:4], *PAGES[6:]):
            page.goto(path)
            check(page)
    assert said == []
