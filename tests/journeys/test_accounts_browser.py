"""From HR's form to a leader who reads her unit, in a real browser: the letter, its link, the password, the sign-in."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import Engine

from survey.runs.ways_in import ACCOUNTS
from survey.web.limits import limiter
from tests.journeys.doors import published
from tests.journeys.driving import follow, served, window
from tests.journeys.test_access_browser import check, sign_in

pytestmark = pytest.mark.browser

NEW = "a boat drifts under it"


def link(app: Flask, home: Path) -> str:
    """Return where the button of the one letter leads, without the address of the site."""
    app.extensions["survey.runs"].wait(ACCOUNTS)
    (path,) = (home / "letters").glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html",))
    assert body is not None
    found = re.search(r'href="https?://[^/]+(/welcome[^"]+)"', str(body.get_content()))
    assert found is not None
    return found[1]


def invite(page: Page) -> None:
    """Make an account for somebody, find her unit by its name, and let her see it."""
    sign_in(page, "Cy", "ko")
    page.goto("/accounts/new")
    check(page)
    page.fill("[name=email]", "fay@example.com")
    page.fill("[name=name]", "Fay")
    page.select_option("[name=role]", "observer")
    page.select_option("[name=language]", "en")
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/accounts/\d+$"))
    page.fill("#unit", "북부")
    follow(page, "form[role=search] button")
    page.check("input[value=NORTH]")
    page.click("form[action$='/grants'] button")
    expect(page.locator("table")).to_contain_text("북부영업")
    check(page)
    for place in (
        "/accounts/",
        "/accounts/leaders",
        "/accounts/file",
        "/log/",
        "/log/verify",
        "/audit/",
        "/audit/2026-Q4",
    ):
        page.goto(place)
        check(page)


def test_from_an_invitation_to_a_report(app: Flask, engine: Engine, home: Path, browser: Browser) -> None:
    """HR invites; the code moves from behind the # into the form and reaches no request; Fay sees North and no form."""
    published(engine, home)
    limiter.reset()
    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(f"{request.url} {request.headers.get('referer', '')}")

    with served(app) as address:
        with window(browser, address, 1280, "ko") as page:
            invite(page)
        where = link(app, home)
        code = where.split("#")[1]
        with window(browser, address, 360, "en") as page:
            page.on("request", hear)
            page.goto(where)
            expect(page.locator("[name=code]")).to_have_value(code)
            assert code not in page.url
            check(page)
            page.fill("[name=password]", NEW)
            page.fill("[name=again]", NEW)
            page.click("main button[type=submit]")
            expect(page.locator("h1")).to_have_text("The password is kept")
            check(page)
            page.click("main a.button")
            page.fill("[name=email]", "fay@example.com")
            page.fill("[name=password]", NEW)
            page.click("main button[type=submit]")
            page.wait_for_url(re.compile("/units/"))
            expect(page.locator("main")).to_contain_text("Sales North")
            page.goto("/practices/")
            expect(page.locator("main form[method=post]")).to_have_count(0)
            check(page)
            page.goto("/forgotten")
            check(page)
    assert [each for each in asked if code in each] == []
