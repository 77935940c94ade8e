"""What people see where many are answering: their language, what they have, and a page that goes on by itself."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from survey.web.crowd import AGAIN_IN
from tests.journeys.driving import Open, check, choose, press

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TITLES: Final = {"ko": "지금 많은 분이 한꺼번에 답하고 있어요", "en": "Many people are answering at this moment"}
SOON: Final = 2
LATE: Final = 1000
"""Seconds: longer than a test looks at a page."""


class Room:
    """Whether the server has room for whoever comes."""

    again_in = 0
    """Seconds after which she is told to come again; 0 where there is room."""


@pytest.fixture
def room(app: Flask) -> Room:
    """Give what decides whether there is room."""
    inner, found = app.wsgi_app, Room()

    def counted(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if found.again_in and not environ["PATH_INFO"].startswith("/static/"):
            environ[AGAIN_IN] = found.again_in
        return inner(environ, start)

    app.wsgi_app = counted  # type: ignore[assignment, method-assign] # Flask's documented way to add WSGI middleware
    return found


@pytest.fixture(params=[True, False])
def script(request: pytest.FixtureRequest) -> bool:
    """Say whether the browser runs scripts: one way to answer, and the other."""
    return bool(request.param)


def _answer(page: Page, code: str) -> None:
    """Go on to the last look at the answers."""
    page.goto("/s")
    page.fill("#code", code)
    page.click("form .button.main")
    press(page, "step-1")
    choose(page, "play", 6)
    press(page, "review")
    expect(page.locator("button.button[value=send]")).to_be_visible()


def _told(page: Page, language: str, *, axe: bool = False) -> None:
    """Hold that she is told so, and has one thing to press."""
    expect(page.locator("h1")).to_have_text(TITLES[language])
    expect(page.locator("a, button:visible")).to_have_count(1)
    check(page, script=axe)


@pytest.mark.parametrize(("width", "language"), [(360, "ko"), (1280, "en")])
def test_it_is_told_in_a_page_for_everybody(
    room: Room, opened: Open, codes: list[str], width: int, language: str
) -> None:
    """Whoever comes, whoever sends her answers, and HR: nothing is cut off, and axe finds nothing."""
    page = opened(width, language)
    _answer(page, codes[0])
    room.again_in = LATE
    page.locator("button.button[value=send]").click()
    _told(page, language, axe=True)
    expect(page.locator("[data-script]")).to_be_visible()
    for path in ("/s", "/sign-in"):
        page.goto(path)
        _told(page, language, axe=True)


def test_the_first_page_comes_by_itself(room: Room, opened: Open, codes: list[str], *, script: bool) -> None:
    """Whoever opens her link is told to wait, and goes on once there is room, with no press."""
    page = opened(java_script_enabled=script)
    room.again_in = SOON
    page.goto(f"/s#{codes[0]}")
    _told(page, "ko")
    room.again_in = 0
    if not script:  # without one nobody reads what stands behind the #
        page.fill("#code", codes[0])
        page.click("form .button.main")
    expect(page.locator("button[value='step-1']").first).to_be_visible()


def test_answers_wait_in_the_page(room: Room, opened: Open, codes: list[str], *, script: bool) -> None:
    """Whoever sends her answers keeps them; the page sends them again by itself, or she presses, and is thanked."""
    page = opened(java_script_enabled=script)
    _answer(page, codes[0])
    room.again_in = SOON
    page.locator("button.button[value=send]").click()
    _told(page, "ko")
    expect(page.locator("input[name=play]")).to_have_value("6")
    expect(page.locator("[data-script]")).to_be_visible(visible=script)
    room.again_in = 0
    if not script:
        page.locator("button.button[value=send]").click()
    expect(page.locator(".receipt")).to_be_visible()


def test_whoever_presses_has_pressed_for_the_page(room: Room, opened: Open, codes: list[str]) -> None:
    """A press before the time takes its place: afterwards her page stays as it is."""
    page = opened(language="en")
    _answer(page, codes[0])
    room.again_in = SOON
    page.locator("button.button[value=send]").click()
    _told(page, "en")
    room.again_in = 0
    page.locator("button.button[value=send]").click()
    expect(page.locator(".receipt")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.wait_for_timeout(1000 * SOON + 500)
    assert sent == []
