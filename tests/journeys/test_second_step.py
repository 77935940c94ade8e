"""The second step on its pages: nothing opens before it, and nobody gets round it."""

import re
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from survey.database import reading, writing
from survey.models import Account, Company, SignIn
from survey.services import audit_log
from survey.services.accounts import accounts, authenticator, sign_ins
from survey.web.clock import now
from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import Visitor, loaded, published
from tests.journeys.rights import DOORS

SEALED: Final = re.compile(r'name="sealed"[^>]* value="([^"]+)"')
KEY: Final = re.compile(r'<code class="key">([A-Z2-7 ]+)</code>')
CODES: Final = re.compile(r"<li><code>([0-9A-Z-]{14})</code></li>")
PAGE: Final = "/second-step/?lang=en"


@pytest.fixture
def visitor(client: FlaskClient, engine: Engine) -> Visitor:
    """Somebody in front of the cast's installation, where everybody needs a second step."""
    loaded(engine)
    demand(engine)
    limiter.reset()
    return Visitor(client)


def demand(engine: Engine, rule: str = "everybody") -> None:
    """Let the company ask for second steps."""
    with writing(engine) as session:
        session.execute(update(Company).values(second_step=rule))


def password(visitor: Visitor, name: str = "Cy") -> Visitor:
    """Give the right password."""
    visitor.get("/sign-in?lang=en")
    visitor.post("/sign-in", {"email": f"{name.lower()}@example.com", "password": cast.PASSWORD})
    return visitor


def offered(visitor: Visitor) -> tuple[str, str]:
    """Return the key of the app that the page offers, and what the page carries."""
    page = visitor.get(PAGE).text
    key, sealed = KEY.search(page), SEALED.search(page)
    assert key
    assert sealed
    return key[1].replace(" ", ""), unescape(sealed[1])


def code(key: str) -> str:
    """Return what an app with this key shows now."""
    return pyotp.TOTP(key).now()


def set_up(visitor: Visitor) -> tuple[str, list[str]]:
    """Set an app up, and return its key and the recovery codes."""
    key, sealed = offered(visitor)
    answer = visitor.post("/second-step/app?next=/people/", {"code": code(key), "sealed": sealed}, page=PAGE)
    assert answer.status_code == 200, answer.text
    return key, CODES.findall(answer.text)


def forget_the_last_code(engine: Engine) -> None:
    """Let time pass: codes that were used are long over."""
    with writing(engine) as session:
        session.execute(update(Account).values(totp_step=0))


def test_whoever_needs_a_second_step_sets_it_up_after_the_password(visitor: Visitor) -> None:
    """The password leads to the page with the picture; after the first code everything opens."""
    password(visitor)
    assert visitor.get("/").headers["Location"] == "/second-step/?next=/"
    page = visitor.get(PAGE).text
    assert "nothing else opens before" in page
    assert 'src="data:image/svg+xml' in page
    assert visitor.get(PAGE).headers["Cache-Control"] == "no-store"
    _, codes = set_up(visitor)
    assert len(codes) == 10
    assert visitor.get("/").status_code == 200


def test_a_wrong_first_code_changes_nothing(visitor: Visitor) -> None:
    """The page says what to do and shows the same picture; nothing opens yet."""
    password(visitor)
    key, sealed = offered(visitor)
    answer = visitor.post("/second-step/app", {"code": "000000", "sealed": sealed}, page=PAGE)
    assert answer.status_code == 422
    assert "This code does not fit" in answer.text
    shown = KEY.search(answer.text)
    assert shown
    assert shown[1].replace(" ", "") == key
    assert visitor.get("/").status_code == 303


def test_the_second_step_is_asked_at_each_sign_in(visitor: Visitor, engine: Engine) -> None:
    """The app's code opens the page that was asked for; a wrong one does not."""
    key, _ = set_up(password(visitor))
    visitor.post("/sign-out", page="/")
    asked = visitor.get("/people/").headers["Location"]
    where = visitor.post(asked, {"email": "cy@example.com", "password": cast.PASSWORD}).headers["Location"]
    assert unquote(where) == "/second-step/?next=/people/"
    assert visitor.post(where, {"code": "000000"}, page=where).status_code == 422
    assert visitor.get("/people/").status_code == 303
    used = visitor.post(where, {"code": code(key)}, page=where)
    assert used.status_code == 422, "the code that set the app up is used"
    forget_the_last_code(engine)
    assert visitor.post(where, {"code": code(key)}, page=where).headers["Location"] == "/people/"
    assert visitor.get("/people/").status_code == 200


@pytest.mark.both_databases
def test_a_recovery_code_stands_in_once(visitor: Visitor) -> None:
    """Without the phone a code from the paper opens, and not a second time."""
    _, codes = set_up(password(visitor))
    for expected in (303, 422):
        visitor.post("/sign-out", page="/account/" if expected == 303 else PAGE)
        password(visitor)
        assert visitor.post("/second-step/", {"code": codes[0].lower()}, page=PAGE).status_code == expected


def test_halfway_in_no_page_opens(app: Flask, client: FlaskClient, engine: Engine, home: Path) -> None:
    """Over all routes: with the password alone nothing opens but the pages that are open to anybody."""
    published(engine, home)
    demand(engine)
    limiter.reset()
    halfway = password(Visitor(client))
    opened = []
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if DOORS.get(rule.endpoint, "anyone") != "anyone":
                method = "GET" if "GET" in (rule.methods or set()) else "POST"
                known = {name: getattr(rule._converters[name], "items", {"1"}) for name in rule.arguments}
                values = {name: min(items) for name, items in known.items()}
                opened.append((method, adapter.build(rule.endpoint, values, method=method)))
    assert len(opened) > 60
    for method, address in opened:
        answer = halfway.get(address) if method == "GET" else halfway.post(address, page=PAGE)
        assert (answer.status_code, answer.headers.get("Location", "")[:13]) == (303, "/second-step/"), address


def test_who_has_a_second_step_cannot_set_up_another_halfway(visitor: Visitor) -> None:
    """Whoever knows only the password cannot add an app of his own in place of the second step."""
    set_up(password(visitor))
    visitor.post("/sign-out", page="/")
    password(visitor)
    page = visitor.get(PAGE).text
    assert "The password was right" in page
    assert not KEY.search(page)
    with visitor.client.application.test_request_context():
        mine = pyotp.random_base32()
        account = accounts.Account(3, "cy@example.com", "Cy", "hr", "en", frozenset())
        secret = visitor.client.application.extensions["survey.settings"].secret()
        sealed = authenticator.enrol(account, "x", secret, now()).sealed
    answer = visitor.post("/second-step/app", {"code": code(mine), "sealed": sealed}, page=PAGE)
    assert answer.headers["Location"].startswith("/second-step/")
    assert visitor.post("/second-step/new-passkey", {"name": "x"}, page=PAGE).status_code == 303
    assert visitor.get("/").status_code == 303


def test_nobody_changes_the_second_step_of_a_screen_left_open(visitor: Visitor, engine: Engine) -> None:
    """A quarter of an hour after signing in, changing how one signs in asks to sign in once more."""
    set_up(password(visitor))
    with writing(engine) as session:
        session.execute(update(SignIn).values(began_at=now() - sign_ins.RECENT))
    assert "sign in once more" in visitor.get("/account/").text
    assert visitor.get(PAGE).headers["Location"] == "/account/"
    for address in ("/account/app/remove", "/account/passkey/remove", "/account/codes", "/second-step/app"):
        answer = visitor.post(address, page="/account/")
        assert (answer.status_code, address in answer.headers["Location"]) == (303, False)
    with reading(engine) as session:
        assert session.scalars(select(Account.totp_secret).where(Account.name == "Cy")).one() is not None
    again = visitor.post("/account/again", page="/account/")
    assert unquote(again.headers["Location"]) == "/sign-in?next=/account/"


def test_the_cookie_changes_with_each_step(visitor: Visitor) -> None:
    """A cookie planted before signing in, or read between the steps, opens nothing afterwards."""
    visitor.client.set_cookie("account", "planted")
    password(visitor)
    half = visitor.client.get_cookie("account")
    assert half
    assert half.value != "planted"
    set_up(visitor)
    whole = visitor.client.get_cookie("account")
    assert whole
    assert whole.value != half.value
    visitor.client.set_cookie("account", half.value)
    assert visitor.get("/").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/", "/%09/elsewhere.example/"],
)
def test_the_second_step_leads_nowhere_else(visitor: Visitor, address: str) -> None:
    """An address of another site is forgotten on the way."""
    password(visitor)
    key, sealed = offered(visitor)
    page = visitor.post(f"/second-step/app?next={address}", {"code": code(key), "sealed": sealed}, page=PAGE).text
    assert "elsewhere" not in page
    assert '<a class="button primary" href="/">' in page


def test_forms_of_another_site_are_refused(visitor: Visitor) -> None:
    """Every form of these pages needs the page's own token."""
    set_up(password(visitor))
    mine = [address for address in visitor_posts(visitor) if not address.startswith("/s/")]
    assert len(mine) >= 13
    assert {address: visitor.client.post(address).status_code for address in mine} == dict.fromkeys(mine, 400)


def visitor_posts(visitor: Visitor) -> list[str]:
    """Return the addresses of sign-in, second step and own account that take forms."""
    rules = visitor.client.application.url_map.iter_rules()
    ours = ("/sign-in", "/sign-out", "/second-step", "/account/")
    return sorted(str(rule) for rule in rules if "POST" in (rule.methods or set()) and str(rule).startswith(ours))


@pytest.mark.both_databases
def test_my_sign_in_shows_and_changes_everything(visitor: Visitor, engine: Engine) -> None:
    """Language, password, recovery codes, browsers: each on one page, each act in the log."""
    _, codes = set_up(password(visitor))
    page = visitor.get("/account/?lang=en").text
    assert "this browser" in page
    assert "10 left" in page
    assert "The only second step cannot be removed" in page
    assert visitor.post("/account/language", {"language": "ko"}, page="/account/").status_code == 303
    assert "내 로그인" in visitor.get("/account/").text
    assert visitor.post("/account/language", {"language": "xx"}, page="/account/").status_code == 409
    new = visitor.post("/account/codes?lang=en", page="/account/")
    assert set(CODES.findall(new.text)).isdisjoint(codes)
    for old, chosen, expected in (
        ("wrong", "another long river", 422),
        (cast.PASSWORD, "short", 422),
        (cast.PASSWORD, "another long river", 303),
    ):
        form = {"old": old, "new": chosen, "again": chosen}
        assert visitor.post("/account/password", form, page="/account/").status_code == expected
    assert visitor.get("/account/").status_code == 200, "this browser stays"
    form = {"old": "another long river", "new": "a third long river", "again": "a slip of the finger"}
    assert "not the same" in visitor.post("/account/password?lang=en", form, page="/account/").text
    assert visitor.post("/account/sign-out-everywhere", page="/account/").status_code == 303
    assert visitor.get("/account/").headers["Location"].startswith("/sign-in")
    with reading(engine) as session:
        acts = [entry.act for entry in audit_log.entries(session)]
    assert acts == [
        *("signed out everywhere", "own password changed", "password refused", "recovery codes made"),
        *("signed in by two steps", "authenticator set up"),
    ]


def test_the_app_is_removed_where_nobody_asks_for_it(visitor: Visitor, engine: Engine) -> None:
    """By one's own choice it goes again; where the company asks for one, it stays."""
    set_up(password(visitor))
    assert "only second step" in followed(visitor, "/account/app/remove")
    demand(engine, "nobody")
    assert "The authenticator app is removed" in followed(visitor, "/account/app/remove")
    assert visitor.post("/account/codes", page="/account/").status_code == 303


def followed(visitor: Visitor, address: str) -> str:
    """Send a form, and return the page it leads to."""
    visitor.post(f"{address}?lang=en", page="/account/")
    return visitor.get("/account/").text


def test_neither_key_nor_codes_reach_the_log(
    visitor: Visitor, engine: Engine, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """What the page showed once is in no log of ours, and not in the audit log."""
    key, codes = set_up(password(visitor))
    with reading(engine) as session:
        said = str([(entry.act, entry.facts) for entry in audit_log.entries(session)])
    printed = capfd.readouterr()
    for text in (said, caplog.text, printed.out, printed.err):
        assert not any(secret in text for secret in (key, *codes))
