"""A sign-in that ended under somebody's hands, in a real browser: told, signed in again, and nothing typed is lost."""

from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, delete

from survey.database import writing
from survey.models import SignIn
from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import loaded
from tests.journeys.driving import check, served, window

pytestmark = pytest.mark.browser

NAME: Final = 'Ada "the first" <b>'


def sign_in(page: Page, name: str) -> None:
    """Fill the form of the page in."""
    page.fill("[name=email]", f"{name}@example.com")
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def end_all(engine: Engine) -> None:
    """End every sign-in, as time does."""
    with writing(engine) as session:
        session.execute(delete(SignIn))


@pytest.mark.parametrize(("width", "language", "scheme"), [(360, "ko", "dark"), (1280, "en", "light")])
def test_a_sign_in_that_ended_costs_nothing(
    app: Flask, engine: Engine, browser: Browser, width: int, language: str, scheme: str
) -> None:
    """A page leads to the sign-in and back; a form stays in its page, and is sent after a sign-in in another tab."""
    loaded(engine)
    limiter.reset()
    with served(app) as address, window(browser, address, width, language, color_scheme=scheme) as page:
        page.goto(f"/accounts/?lang={language}")
        sign_in(page, "cy")
        page.click("text=Ada")
        there = page.url
        end_all(engine)
        page.reload()
        check(page, script=True)
        expect(page.locator("main .notice")).to_contain_text({"ko": "60분 동안", "en": "after 60 minutes"}[language])
        sign_in(page, "cy")
        assert page.url == there
        page.fill("[name=name]", NAME)
        end_all(engine)
        page.locator("form", has=page.locator("[name=name]")).locator("button[type=submit]").click()
        check(page, script=True)
        with page.context.expect_page() as opened:
            page.click("main a[target=_blank]")
        sign_in(opened.value, "cy")
        opened.value.close()
        page.click("main form button[type=submit]")
        check(page, script=True)
        page.click("main form button[type=submit]")
        page.wait_for_url(there)
        expect(page.locator("[name=name]")).to_have_value(NAME)
        page.goto("/log/")
        check(page, script=True)
        page.goto("/account/")
        page.fill("[name=old]", cast.PASSWORD)
        for field in ("new", "again"):
            page.fill(f"[name={field}]", "Lighthouse2026!")
        page.locator("form[action$='/password'] button").click()
        expect(page.locator("#password ~ *, [role=alert]").first).to_be_visible()
        check(page, script=True)
