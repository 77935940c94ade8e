"""From an empty installation to somebody of HR who can sign in: in any order, with any interruption."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from survey.database import reading
from survey.services import audit_log, first_run, mail_server
from survey.services.company import company
from survey.settings import Settings
from survey.web.company import first_run as pages
from survey.web.limits import limiter
from survey.web.responses.brake import Brake
from tests import cast
from tests.journeys.doors import Visitor, loaded
from tests.journeys.driving import check, follow, served, window
from tests.services.mail_server import Postbox, serving

HOUSE: Final = {
    "name_ko": "등대상사",
    "name_en": "Lighthouse Trading",
    "language": "en",
    "unit_word": "store",
    "time_zone": "Europe/Berlin",
}
CY: Final = {"name": "Cy", "email": "cy@example.com", "password": cast.PASSWORD, "again": cast.PASSWORD}
START: Final = "/first-run/"


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    """Somebody in front of an empty installation, in English."""
    limiter.reset()
    client.get(f"{START}?lang=en")
    return Visitor(client)


def claimed(visitor: Visitor, settings: Settings) -> Visitor:
    """Type the set-up code."""
    assert visitor.post(START, {"code": first_run.code(settings.secret())}, page=START).status_code == 303
    return visitor


def step(visitor: Visitor, name: str, form: dict[str, str]) -> str:
    """Send the form of a step; return the address that the first page then leads to."""
    address = f"{START}{name}"
    answer = visitor.post(address, form, page=address)
    assert answer.status_code == 303, answer.text
    return visitor.get(START).headers["Location"]


def signed_up(visitor: Visitor, settings: Settings) -> Visitor:
    """Go through the first two steps."""
    claimed(visitor, settings)
    step(visitor, "company", HOUSE)
    assert step(visitor, "account", CY) == f"{START}second-step"
    return visitor


@pytest.mark.parametrize("address", ["/s", "/s/answer", "/s/receipt", "/s/promise"])
def test_pages_of_employees_wait_for_a_company(visitor: Visitor, address: str) -> None:
    """Whoever opens them before anything is set up meets a page, not an error of ours."""
    assert visitor.get(address).status_code == 200
    assert visitor.client.post("/s", data={"code": "0000-0000-0000-0000"}).status_code == 404


def test_every_door_leads_to_the_set_up_code(visitor: Visitor) -> None:
    """Before there is an account, the first page and the sign-in lead to the set-up code, and no step opens without."""
    assert visitor.get("/").headers["Location"].startswith("/sign-in")
    assert visitor.get("/sign-in").headers["Location"] == START
    assert "Set-up code" in visitor.get(START).text
    for name in ("company", "account"):
        assert visitor.get(f"{START}{name}").headers["Location"] == START
        assert visitor.post(f"{START}{name}", {**HOUSE, **CY}, page=START).headers["Location"] == START
    for name in ("second-step", "mail", "done"):
        assert visitor.get(f"{START}{name}").headers["Location"].startswith("/sign-in")


def test_a_wrong_code_opens_nothing_and_is_braked(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever guesses is told where the code stands, and waits from the twentieth guess on."""
    waited: list[float] = []
    monkeypatch.setattr(pages, "BRAKE", Brake(sleep=waited.append))
    for number in range(22):
        answer = visitor.post(START, {"code": f"0000-0000-0000-{number:04}"}, page=START)
        assert answer.status_code == 422
    assert "not the set-up code" in answer.text
    assert len(waited) == 2
    assert visitor.get(f"{START}company").headers["Location"] == START


def test_a_forged_cookie_opens_nothing(visitor: Visitor) -> None:
    """That the code was typed stands in a cookie signed with the installation's secret."""
    visitor.client.set_cookie("form", "eyJmaXJzdCBydW4iOnRydWV9.awLzbw.pPG8hAsDH4Y-8Y7lEDEyZ0Y3h-Q")
    assert visitor.get(f"{START}company").headers["Location"] == START


def test_through_all_steps(visitor: Visitor, settings: Settings, engine: Engine) -> None:
    """Each step leads to the next, what was typed is kept, and the log tells who did it."""
    claimed(visitor, settings)
    assert step(visitor, "company", HOUSE) == f"{START}account"
    assert 'value="등대상사"' in visitor.get(f"{START}company").text
    assert step(visitor, "account", CY) == f"{START}second-step"
    assert step(visitor, "second-step", {}) == f"{START}mail"
    assert step(visitor, "mail", {"way": "files", "encryption": "starttls"}) == f"{START}done"
    assert "Bring in the roster" in visitor.get(f"{START}done").text
    assert "Your first survey" in visitor.get("/").text
    with reading(engine) as session:
        assert (company(session).unit_word, company(session).time_zone) == ("store", "Europe/Berlin")
        acts = [(entry.act, entry.account_id, entry.facts) for entry in audit_log.entries(session)][::-1]
    assert acts == [
        ("company named", None, {}),
        ("account made", 1, {"account": "1", "role": "hr"}),
        ("company changed", 1, {"second_step": "nobody"}),
        ("letters kept as files", 1, {}),
    ]


def test_the_second_step_is_put_off_by_a_rule_only(visitor: Visitor, settings: Settings) -> None:
    """Without an explicit word the next sign-in asks for a second step; with it the page says that nobody needs one."""
    signed_up(visitor, settings)
    assert "Do without a second step" in visitor.get(f"{START}second-step").text
    assert visitor.get(f"{START}mail").status_code == 200
    assert visitor.get(START).headers["Location"] == f"{START}second-step"
    step(visitor, "second-step", {})
    assert "At present nobody needs a second step" in visitor.get(f"{START}second-step").text


def test_another_browser_goes_on_where_the_first_stopped(app: Flask, visitor: Visitor, settings: Settings) -> None:
    """Nothing is lost with a browser: the code opens the same step, and after the account its password does."""
    claimed(visitor, settings)
    step(visitor, "company", HOUSE)
    other = claimed(Visitor(app.test_client()), settings)
    assert other.get(START).headers["Location"] == f"{START}account"
    step(other, "account", CY)
    late = visitor.post(f"{START}account", {**CY, "email": "eve@example.com"}, page=f"{START}company")
    assert late.headers["Location"].startswith("/sign-in")
    assert visitor.get(START).headers["Location"] == "/sign-in?next=/first-run/"


def test_the_code_is_good_for_nothing_afterwards(app: Flask, visitor: Visitor, settings: Settings) -> None:
    """Once there is an account, neither the code nor a browser that had typed it opens a step."""
    early = claimed(Visitor(app.test_client()), settings)
    signed_up(visitor, settings)
    code = {"code": first_run.code(settings.secret())}
    stranger = Visitor(app.test_client())
    assert stranger.post(START, code, page="/sign-in").headers["Location"] == START
    for each in (early, stranger):
        for name in ("company", "account", "second-step", "mail", "done"):
            assert each.get(f"{START}{name}").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("company", {"name_ko": " "}, "Please fill in this field."),
        ("company", {"time_zone": "Mars/Base"}, "Choose from the list."),
        ("account", {"email": "cy"}, "is not an e-mail address"),
        ("account", {"password": "elevenchars", "again": "elevenchars"}, "12 characters or more"),
        ("account", {"again": "a river runs thru it"}, "The two passwords differ"),
    ],
)
def test_a_slip_is_told_and_nothing_is_typed_twice(
    visitor: Visitor, settings: Settings, name: str, change: dict[str, str], told: str
) -> None:
    """The field says what is wrong; what was right stays in its field, but for passwords."""
    claimed(visitor, settings)
    answer = visitor.post(f"{START}{name}", {**HOUSE, **CY, **change}, page=f"{START}{name}")
    assert answer.status_code == 422
    assert told in answer.text
    assert ("Lighthouse Trading" if name == "company" else 'value="Cy"') in answer.text
    assert cast.PASSWORD not in answer.text


def test_a_mail_server_that_fails_is_kept_and_explained(visitor: Visitor, settings: Settings, engine: Engine) -> None:
    """The test letter fails in words with what to do; what was entered is kept, and its password is never shown."""
    signed_up(visitor, settings)
    server = {"way": "server", "host": "127.0.0.1", "port": "1", "encryption": "starttls", "try": "yes"}
    form = {**server, "user": "hr", "password": "sesame-42", "sender": "hr@example.com"}
    answer = visitor.post(f"{START}mail", form, page=f"{START}mail")
    assert answer.status_code == 422
    assert "nothing listens on port 1" in answer.text
    assert "What you entered is kept" in answer.text
    assert "sesame-42" not in answer.text + visitor.get(f"{START}mail").text
    with reading(engine) as session:
        kept = mail_server.mail(session, settings).server
        assert kept is not None
        assert kept.password == "sesame-42"


def test_a_test_letter_reaches_whoever_sets_up(visitor: Visitor, settings: Settings) -> None:
    """It goes to the account's own address, and the next page says so."""
    signed_up(visitor, settings)
    box = Postbox()
    with serving(box) as port:
        form = {"way": "server", "host": "127.0.0.1", "port": str(port), "encryption": "none", "try": "yes"}
        step(visitor, "mail", {**form, "user": "", "sender": "survey@example.com"})
    assert box.readers == ["cy@example.com"]
    assert "taken a test letter to cy@example.com" in visitor.get(f"{START}done").text


def test_leaders_set_nothing_up(client: FlaskClient, engine: Engine) -> None:
    """On an installation with accounts the steps are HR's."""
    loaded(engine)
    limiter.reset()
    ada = Visitor(client).sign_in("Ada")
    assert {ada.get(f"{START}{name}").status_code for name in ("company", "account", "mail", "done")} == {403}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve the empty installation as `survey serve` does, and give its address."""
    limiter.reset()
    with served(app) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("ko", 360), ("en", 1280)])
def test_from_the_printed_address_to_the_roster(
    browser: Browser, address: str, settings: Settings, home: Path, language: str, width: int
) -> None:
    """A first-time operator follows the address to the end, with an authenticator app; axe is silent on every page."""
    with window(browser, address, width, language, reduced_motion="reduce") as page:
        page.goto(f"{START}?lang={language}#{first_run.code(settings.secret())}")
        assert page.input_value("[name=code]") == first_run.code(settings.secret())
        assert "#" not in page.url
        go_on(page)
        for name, value in (("name_ko", "등대상사"), ("name_en", "Lighthouse Trading")):
            page.fill(f"[name={name}]", value)
        go_on(page)
        for name, value in CY.items():
            page.fill(f"[name={name}]", value)
        go_on(page)
        check(page, script=True)
        follow(page, "a[href*='/second-step/']")
        set_up_app(page)
        page.wait_for_url(f"**{START}mail")
        check(page, script=True)
        page.check("[value=files]")
        go_on(page)
        check(page, script=True)
        page.goto("/company/")
        check(page, script=True)
    assert [path.suffix for path in (home / "letters").iterdir()] == [".eml"]


def go_on(page: Page) -> None:
    """Check the page, and press its main button."""
    check(page, script=True)
    follow(page, "main .button.primary >> visible=true")


def set_up_app(page: Page) -> None:
    """Scan the code as an authenticator app does, type what it shows, and keep the recovery codes."""
    key = re.sub(r"\s", "", page.locator("code.key").text_content() or "")
    page.fill("[name=code]", pyotp.TOTP(key).now())
    page.click("form[action*='/second-step/app'] button[type=submit]")
    expect(page.locator("code").nth(9)).to_be_visible()
    page.click("main a.button.primary")
