"""Signing in at the company's provider: a real process with signed tokens, and everything it might do wrong."""

import base64
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from werkzeug.test import TestResponse

from survey.database import reading, writing
from survey.models import Account, Company, SignIn
from survey.services import audit_log
from survey.settings import Settings
from survey.web.limits import limiter
from tests.journeys.doors import Visitor, loaded
from tests.services.openid_process import Running, provider, told_by

LINK: Final = re.compile(r'href="([^"]+)">Go on')


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """Give a provider in a process of its own."""
    with provider() as started:
        yield started


@pytest.fixture
def environment(environment: dict[str, str], home: Path, running: Running) -> dict[str, str]:
    """Give the variables of an operator whose company has a provider."""
    return {**environment, **told_by(running, home)}


@pytest.fixture
def visitor(client: FlaskClient, engine: Engine, running: Running) -> Visitor:
    """Somebody in front of the cast's installation."""
    loaded(engine)
    limiter.reset()
    running.behave()
    client.get("/sign-in?lang=en")
    return Visitor(client)


def there(visitor: Visitor, after: str = "/units/") -> str:
    """Go to the provider, and return the address it sends the browser back to."""
    asked = visitor.get(f"/sign-in/company/?next={after}")
    assert asked.status_code == 303, asked.text
    link = LINK.search(requests.get(asked.headers["Location"], timeout=10).text)
    assert link
    back = urlsplit(html.unescape(link[1]))
    return f"{back.path}?{back.query}"


def through(visitor: Visitor) -> TestResponse:
    """Go to the provider and come back."""
    return visitor.get(there(visitor))


@pytest.mark.both_databases
def test_whoever_the_provider_knows_is_let_in(visitor: Visitor, engine: Engine) -> None:
    """Ada comes back signed in, on the page that she asked for; her account is linked, once, and the log says so."""
    assert "Sign in with the company’s account" in visitor.get("/sign-in").text
    for _ in range(2):
        assert through(visitor).headers["Location"] == "/units/"
        assert visitor.get("/units/").status_code == 200
        visitor.post("/sign-out", page="/units/")
        assert visitor.get("/units/").status_code == 303
    with reading(engine) as session:
        subject = session.scalars(select(Account.subject).where(Account.name == "Ada")).one()
        assert subject is not None
        assert subject.endswith(" ada-1")
        acts = [entry.act for entry in audit_log.entries(session)][::-1]
    assert acts[:2] == ["identity provider linked", "signed in by provider"]
    assert set(acts[2:]) <= {"signed in by provider"}


def test_the_second_step_is_the_providers_business(visitor: Visitor, engine: Engine) -> None:
    """Where the company asks for one, the provider has asked for it."""
    with writing(engine) as session:
        session.execute(update(Company).values(second_step="everybody"))
    assert through(visitor).headers["Location"] == "/units/"
    assert visitor.get("/units/").status_code == 200


def test_a_provider_that_wants_the_secret_in_the_form_gets_it(visitor: Visitor, running: Running) -> None:
    """Both ways in which a client shows its secret are known."""
    running.behave("post")
    assert through(visitor).status_code == 303


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("wrong nonce", "it belongs to another sign-in"),
        ("no nonce", "it belongs to another sign-in"),
        ("wrong aud", "it was meant for another program"),
        ("wrong azp", "it was meant for another program"),
        ("wrong issuer", "it names another service"),
        ("another answers", "it names another service"),
        ("expired", "it has expired"),
        ("from tomorrow", "its time is wrong"),
        ("alg none", "not signed with the service’s own key"),
        ("shared key", "not signed with the service’s own key"),
        ("wrong key", "not signed with the service’s own key"),
        ("garbage", "not signed with the service’s own key"),
        ("unverified mail", "names no e-mail address of yours that it has verified"),
        ("verified as text", "names no e-mail address of yours that it has verified"),
        ("no mail", "names no e-mail address of yours that it has verified"),
        ("no token", "something is missing"),
        ("no sense", "answers in a way that is not understood"),
        ("redirects", "answers in a way that is not understood"),
        ("denied", "did not let you in"),
    ],
)
def test_what_cannot_be_believed_lets_nobody_in(
    visitor: Visitor, engine: Engine, running: Running, mode: str, told: str
) -> None:
    """Each way to misbehave is refused with its sentence; no browser is let in and no account is linked."""
    running.behave(mode)
    answer = through(visitor)
    assert (answer.status_code, told in answer.text) == (422, True), answer.text
    with reading(engine) as session:
        assert session.scalars(select(SignIn)).all() == []
        assert session.scalars(select(Account).where(Account.subject.is_not(None))).all() == []


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("another description", "it names another service"),
        ("open addresses", "answers in a way that is not understood"),
    ],
)
def test_a_description_that_cannot_be_used_is_refused(visitor: Visitor, running: Running, mode: str, told: str) -> None:
    """Nobody is sent to a provider that calls itself otherwise, or would get the secret without encryption."""
    running.behave(mode)
    answer = visitor.get("/sign-in/company/")
    assert (answer.status_code, told in answer.text) == (502, True)


def test_a_provider_that_is_away_is_told(visitor: Visitor, settings: Settings) -> None:
    """Where nobody answers, the password still works, and the page says so."""
    app = visitor.client.application
    away = {name: getattr(settings, name) for name in settings.__struct_fields__} | {
        "oidc_issuer": "http://127.0.0.1:9"
    }
    app.extensions["survey.settings"] = Settings(**away)
    answer = visitor.get("/sign-in/company/")
    assert (answer.status_code, "sign in with your password" in answer.text) == (502, True)


def test_a_code_is_good_for_once(visitor: Visitor) -> None:
    """Whoever finds the address in a history gets nothing, neither without the cookie nor with it."""
    address = there(visitor)
    carried = visitor.client.get_cookie("provider")
    assert carried
    assert visitor.get(address).status_code == 303
    assert "began in another browser" in visitor.get(address).text
    visitor.client.set_cookie("provider", carried.value)
    assert "did not let you in" in visitor.get(address).text


def test_another_browser_cannot_finish(visitor: Visitor) -> None:
    """Nobody can make somebody else's browser sign in as himself: state and cookie belong together."""
    mine = there(visitor)
    theirs = there(visitor)
    assert "began in another browser" in visitor.get(mine).text
    state = parse_qs(urlsplit(theirs).query)["state"][0]
    assert "began in another browser" in visitor.get(theirs.replace(state, "another")).text
    assert "began in another browser" in visitor.get("/sign-in/company/return").text
    visitor.client.set_cookie("provider", "bm9uZXNlbnNl")
    assert "began in another browser" in visitor.get(theirs).text


def test_nobody_new_is_made(visitor: Visitor, running: Running) -> None:
    """The provider knows more people than have an account here."""
    running.behave(sub="fay-1", email="fay@example.com")
    assert "no account here that is open" in through(visitor).text


def test_a_closed_account_stays_out(visitor: Visitor, engine: Engine) -> None:
    """Neither by its address nor by the provider's name for it."""
    for linked in (None, "linked before"):
        if linked:
            through(visitor)
        with writing(engine) as session:
            session.execute(update(Account).where(Account.name == "Ada").values(active=False))
        assert "no account here that is open" in through(visitor).text
        with writing(engine) as session:
            session.execute(update(Account).where(Account.name == "Ada").values(active=True))


def test_the_subject_counts_after_the_first_time(visitor: Visitor, running: Running) -> None:
    """A new address changes nothing; somebody else who gets the old address does not get the account."""
    through(visitor)
    running.behave("", email="ada.lovelace@example.com", email_verified=False)
    assert through(visitor).status_code == 303
    running.behave("", sub="another-2")
    assert "belongs to somebody else" in through(visitor).text


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_coming_back_leads_nowhere_else(visitor: Visitor, after: str) -> None:
    """An address of another site is forgotten on the way."""
    assert visitor.get(there(visitor, after)).headers["Location"] == "/"


def test_what_the_browser_carries_tells_nothing(visitor: Visitor) -> None:
    """State, nonce and verifier are encrypted; the cookie is read by no script and sent nowhere else."""
    answer = visitor.get("/sign-in/company/")
    (cookie,) = (text for text in answer.headers.getlist("Set-Cookie") if text.startswith("provider="))
    state = parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]
    assert state.encode() not in base64.urlsafe_b64decode(cookie.split(";")[0].removeprefix("provider=").strip('"'))
    assert "HttpOnly" in cookie
    assert "Path=/" in cookie.split("; ")
