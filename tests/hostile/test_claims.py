"""What the company's provider says of whoever signs in: names, addresses, subjects, and itself; and what comes back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select, update
from werkzeug.test import TestResponse

from survey.database import reading, writing
from survey.models import Account, SignIn
from survey.services import audit_log
from survey.services.accounts import sign_ins
from survey.web.access import COOKIE
from survey.web.clock import now
from survey.web.limits import limiter
from tests.hostile.corpus import CORPUS, MIXED, Text
from tests.hostile.judging import wrong
from tests.journeys.doors import Visitor, loaded
from tests.journeys.test_openid import there
from tests.services.openid_process import Running, provider, told_by

IDLE: Final = ("name", "given_name", "groups", "locale", "picture", "preferred_username", "canary")
"""Claims that nobody here reads: whatever they hold, Ada is let in."""
READ: Final = 100_000
"""Signs of a token that are surely read."""
CHECKED: Final = ("email", "iss", "aud", "azp", "nonce", "exp", "iat", "nbf", "email_verified")
"""Claims that are looked at: of these texts none lets anybody in."""
ODD: Final[tuple[Any, ...]] = (
    *(0, -1, 10**400, 1e309, float("nan"), True, False, None, [], {}, "", " "),
    *(["ada@example.com"], {"ada@example.com": 1}, ["<canary-x>"], [[[]]], {"__proto__": {"canary": 1}}),
)
"""What is no text where a text belongs."""
DESCRIPTION: Final = "/.well-known/openid-configuration"
NUL: Final = tuple(each for each in CORPUS if not each.sendable)
"""What databases do not keep."""
ADA: Final = 1
HR: Final = 3
SHOWN: Final = ("/accounts/", f"/accounts/{ADA}", "/log/")
"""Where HR would see something of it."""
DONE: Final = 303
AWAY: Final = "answers 502"
"""What is said, with a page and advice, where the provider cannot be used."""


@dataclass
class Door:
    """Ada's way through the provider, and the browser of HR who looks at her account."""

    visitor: Visitor
    engine: Engine
    running: Running
    hr: FlaskClient

    def judged(self, what: object, found: list[str], *, may: bool, must: bool = False) -> None:
        """Go there and come back; note a mistake of ours, who was let in and may not, and who was not and must."""
        answer = self.visitor.get("/sign-in/company/")
        if answer.status_code == DONE:
            answer = self.visitor.get(there(self.visitor, "/me/"))
        self._look(what, answer, found, may=may, must=must)

    def returned(self, address: str, what: object, found: list[str]) -> None:
        """Come back to an address that is not the provider's."""
        self._look(what, self.visitor.get(address), found, may=False)

    def _look(self, what: object, answer: TestResponse, found: list[str], *, may: bool, must: bool = False) -> None:
        status = answer.status_code
        found += [f"{what}: {each}" for each in wrong(answer) if each != AWAY]
        with reading(self.engine) as session:
            inside = session.scalars(select(SignIn.account_id).where(SignIn.account_id != HR)).all()
            kept = session.scalars(select(Account.subject).where(Account.subject.is_not(None))).all()
        if inside != ([ADA] if status == DONE else []) or (inside and not may) or (must and not inside):
            found.append(f"{what}: {status}, lets in {inside}")
        if bool(kept) != bool(inside):
            found.append(f"{what}: keeps {kept}")
        for page in SHOWN if inside else ():
            shown = self.hr.get(page)
            found += [f"{what} {page}: {each}" for each in wrong(shown)]
            if "canary" in shown.text:
                found.append(f"{what} {page}: shows it")
        with writing(self.engine) as session:
            session.execute(delete(SignIn).where(SignIn.account_id != HR))
            session.execute(update(Account).values(subject=None))


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
def door(client: FlaskClient, engine: Engine, running: Running) -> Iterator[Door]:
    """Ada in front of the cast's installation, which answers as it would outside of tests."""
    loaded(engine)
    client.application.testing = False
    hr = client.application.test_client()
    with writing(engine) as session:
        hr.set_cookie(COOKIE, sign_ins.let_in(session, HR, now(), second_step=True))
    running.behave()
    client.get("/sign-in?lang=en")
    limiter.enabled = False
    yield Door(Visitor(client), engine, running, hr)
    limiter.enabled = True


def texts(every: bool, place: int) -> Iterator[Text]:  # noqa: FBT001 - the fixture's name and kind
    """Yield what the claim at a place meets: all, or a mixed text and a share of the others."""
    yield MIXED
    yield from CORPUS if every else CORPUS[place :: len(CHECKED) + 1]


def test_names_that_nobody_reads_change_nothing(door: Door, *, every: bool) -> None:
    """Name, groups, picture and whatever else is said: Ada is let in, and no page shows any of it.

    Not where they are hundreds of thousands of signs: a token of that length is not read at all.
    """
    found: list[str] = []
    for text in texts(every, 0):
        door.running.behave("", **dict.fromkeys(IDLE, text.text))
        door.judged(text.text[:30], found, may=True, must=len(IDLE) * len(text.text) < READ)
    assert found == []


@pytest.mark.both_databases
def test_a_subject_is_only_a_name(door: Door, *, every: bool) -> None:
    """The provider's lasting name for somebody may be anything that can be kept: it is compared, and shown nowhere."""
    found: list[str] = []
    for text in (MIXED, *(CORPUS if every else (*NUL, *CORPUS[::9]))):
        door.running.behave("", sub=text.text)
        door.judged(("sub", text.text[:30]), found, may=True, must=text.short and text.text.isprintable())
    assert found == []
    with reading(door.engine) as session:
        facts = {json.dumps(entry.facts) for entry in audit_log.entries(session)}
    assert facts == {json.dumps({"account": str(ADA)})}


def test_claims_that_are_looked_at_let_nobody_in(door: Door, *, every: bool) -> None:
    """An address of nobody's, another issuer, a time that is none: a sentence, whatever it says."""
    found: list[str] = []
    for place, name in enumerate(CHECKED, 1):
        for text in texts(every, place):
            door.running.behave("", **{name: text.text})
            door.judged((name, text.text[:30]), found, may=name == "nbf")
    assert found == []


def test_what_is_no_text_lets_nobody_in(door: Door, *, every: bool) -> None:
    """Numbers, lists and nothing at all in place of a text."""
    found: list[str] = []
    for place, name in enumerate(("sub", *CHECKED)):
        for odd in ODD if every or name in {"sub", "email"} else ODD[place % 3 :: 3]:
            door.running.behave("", **{name: odd})
            door.judged((name, odd), found, may=name in {"nbf", "azp", "email_verified", "exp", "iat"})
    assert found == []


def test_a_provider_that_says_anything_is_only_away(door: Door, *, every: bool) -> None:
    """Its description, its keys, the answer to a code: not JSON, JSON of another kind, hostile in each of its parts."""
    found: list[str] = []
    issuer = door.running.issuer
    right: dict[str, dict[str, Any]] = {
        DESCRIPTION: {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        },
        "/token": {
            "access_token": "a",
            "token_type": "Bearer",
            "id_token": "a.b.c",
            "expires_in": 60,
            "scope": "openid",
        },
        "/keys": {"keys": [{"kty": "RSA", "use": "sig", "kid": "1", "n": "AQAB", "e": "AQAB"}]},
    }
    for place, (path, said) in enumerate(right.items()):
        for text in texts(every, place):
            door.running.answer(path, text.text)
            door.judged((path, text.text[:30]), found, may=False)
        odds = ODD if every else ODD[place::3]
        for name, odd in ((name, odd) for name in said for odd in (*odds, MIXED.text, "javascript:canary")):
            door.running.answer(path, json.dumps({**said, name: odd}))
            door.judged((path, name, odd), found, may=path == DESCRIPTION)
    assert found == []


def test_what_the_browser_brings_back_is_not_believed(door: Door, *, every: bool) -> None:
    """State, code, issuer and error of the address, each of them anything: nobody is let in."""
    found: list[str] = []
    for place, name in enumerate(("state", "code", "iss", "error")):
        for text in texts(every, place):
            sent = quote(text.text[:6000].encode("utf-8", "surrogatepass"), safe="")
            ours = there(door.visitor)
            kept = "&".join(part for part in ours.split("?")[1].split("&") if not part.startswith(f"{name}="))
            door.returned(f"{ours.split('?')[0]}?{kept}&{name}={sent}", (name, text.text[:30]), found)
    assert found == []
