"""Signing in, in a real browser: an app as the second step, a passkey, and the company's provider."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, update

from survey.database import writing
from survey.models import Account, Company
from survey.settings import Settings
from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import loaded
from tests.journeys.driving import served, window
from tests.journeys.test_access_browser import check
from tests.services.openid_process import CLIENT, SECRET, provider

pytestmark = pytest.mark.browser

DEVICE: Final = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def address(app: Flask, engine: Engine, home: Path) -> Iterator[str]:
    """Serve the cast's installation under a name, as passkeys need it, with a provider beside it."""
    loaded(engine)
    with writing(engine) as session:
        session.execute(update(Company).values(second_step="everybody"))
    limiter.reset()
    (home / "provider.secret").write_text(SECRET)
    with provider() as running, served(app) as here:
        base = here.replace("127.0.0.1", "localhost")
        settings: Settings = app.extensions["survey.settings"]
        known: dict[str, Any] = {name: getattr(settings, name) for name in settings.__struct_fields__}
        known |= {"base_url": base, "oidc_issuer": running.issuer, "oidc_client_id": CLIENT}
        app.extensions["survey.settings"] = Settings(**known | {"oidc_secret_file": str(home / "provider.secret")})
        yield base


def give_password(page: Page, name: str) -> None:
    """Give the right password on the page to sign in."""
    page.goto("/sign-in")
    page.fill("[name=email]", f"{name.lower()}@example.com")
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main form.card button[type=submit]")


def sign_out(page: Page) -> None:
    """Sign out."""
    page.click(".who button")
    page.wait_for_url(re.compile("/sign-in"))


def set_an_app_up(page: Page, address: str) -> pyotp.TOTP:
    """Set an app up after the password, keep the recovery codes, and return the app."""
    give_password(page, "Cy")
    expect(page.get_by_role("heading", name="Set up the second step")).to_be_visible()
    check(page)
    page.click("summary:has-text('Type the key')")
    app = pyotp.TOTP(page.inner_text("code.key").replace(" ", ""))
    page.fill("[name=code]", app.now())
    page.click("text=Set up the app")
    expect(page.locator(".codes code")).to_have_count(10)
    check(page)
    page.click("text=I have kept them")
    page.wait_for_url(f"{address}/")
    return app


def sign_in_with(page: Page, app: pyotp.TOTP, address: str) -> None:
    """Sign in with password and app."""
    give_password(page, "Cy")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    check(page)
    page.fill("[name=code]", app.now())
    page.click("main form.card button[type=submit]")
    page.wait_for_url(f"{address}/")


def add_a_passkey(page: Page) -> None:
    """Give the browser a device, and add a passkey of it."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/account/")
    check(page)
    page.click("text=Set up an app or a passkey")
    page.fill("[name=name]", "Laptop at work")
    page.click("text=Add a passkey")
    expect(page.get_by_role("rowheader", name="Laptop at work")).to_be_visible()
    check(page)


@pytest.mark.both_databases
def test_an_app_then_a_passkey_then_the_provider(browser: Browser, address: str, engine: Engine) -> None:
    """Cy sets an app up and signs in with it, adds a passkey, signs in with it alone; Ada comes by the provider."""
    with window(browser, address, 360, "en") as page:
        app = set_an_app_up(page, address)
        sign_out(page)
        with writing(engine) as session:  # half a minute later
            session.execute(update(Account).values(totp_step=0))
        sign_in_with(page, app, address)
        add_a_passkey(page)
        sign_out(page)

        page.click("text=Sign in with a passkey")
        page.wait_for_url(f"{address}/")
        sign_out(page)
        give_password(page, "Cy")
        page.click("text=Use a passkey")
        page.wait_for_url(f"{address}/")
        sign_out(page)

        page.goto("/sign-in?next=/units/")
        check(page)
        page.click("text=company’s account")
        page.click("text=Go on as Ada")
        page.wait_for_url(f"{address}/units/")
        expect(page.locator(".who .name")).to_contain_text("Ada")


def test_without_script_the_app_is_enough(browser: Browser, address: str) -> None:
    """Where no script runs nothing speaks of passkeys, and the app can be set up all the same."""
    with window(browser, address, 360, "en", java_script_enabled=False) as page:
        give_password(page, "Ada")
        expect(page.locator("code.key")).to_be_attached()
        assert not page.get_by_role("heading", name="With a passkey").is_visible()
        page.click("summary:has-text('Type the key')")
        page.fill("[name=code]", pyotp.TOTP(page.inner_text("code.key").replace(" ", "")).now())
        page.click("text=Set up the app")
        expect(page.locator(".codes code")).to_have_count(10)
