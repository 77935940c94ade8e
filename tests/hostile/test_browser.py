"""The hostile company in a real browser: no dialog opens, nothing is blocked, nobody else is asked for anything."""

from typing import Final
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Request

from survey.web.access import COOKIE
from tests.hostile.company import CODES, PAPER
from tests.hostile.conftest import Stage
from tests.journeys.driving import served, window
from tests.services.rounds import WAVE

pytestmark = pytest.mark.browser

PAGES: Final = (
    *(
        "/",
        "/units/",
        "/units/SALES",
        "/units/SALES/meeting",
        "/compare/?unit=SALES&unit=CARE&unit=NORTH",
        "/heat-map/",
    ),
    *("/practices/", "/practices/map", "/outcomes/", "/people/", "/people/1", "/waves/2027-Q1", "/accounts/", "/log/"),
    *("/instruments/total-motivation/1.0-lighthouse", "/keyholders/", "/letters/invitation/ko", "/company/"),
    "/marks/",
    f"/waves/{WAVE}/units/CO/comments",
    f"/publications/{WAVE}/second-cuts",
    f"/units/?wave={PAPER}",
    *(f"/units/{quote(code, safe='')}?wave={PAPER}" for code in CODES[:4]),
)
HERE: Final = "127.0.0.1"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_open_quietly(browser: Browser, hostile: Stage, language: str, *, every: bool) -> None:
    """Main pages, their charts drawn: no dialog, an empty console, no request that leaves, no element out of data."""
    client = hostile.browser()
    cookie = client.get_cookie(COOKIE)
    assert cookie
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    def leave(request: Request) -> None:
        if urlsplit(request.url).hostname != HERE and not request.url.startswith(("data:", "blob:")):
            said.append(f"asks {request.url}")

    def notice(dialog: Dialog) -> None:
        said.append(f"dialog {dialog.message}")
        dialog.dismiss()

    pages = PAGES if every else PAGES[language == "en" :: 2]
    with served(hostile.app) as address, window(browser, address, 1280, language) as page:
        page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": address}])
        page.on("dialog", notice)
        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", leave)
        for path in pages:
            answer = page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            assert answer is not None, path
            assert answer.status == 200, path
            if page.locator(".chart").count():
                page.wait_for_selector("html[data-charts=drawn]")
            assert (
                page.locator("canary-x, foreignobject canary-x, [canary], [onerror], [onload], [onfocus]").count() == 0
            )
    assert said == []
