"""A sign-in in which nothing is done ends; whoever comes back is told so, and loses nothing of what she typed."""

import datetime as dt
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from time_machine import travel

from survey.database import reading, writing
from survey.models import Account, SignIn
from survey.services.accounts import sign_ins
from survey.settings import Settings, SettingsError
from survey.web.clock import now
from survey.web.limits import limiter
from tests.journeys.doors import Statements, Visitor, loaded

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Let a sign-in end after half an hour."""
    return {**environment, "SURVEY_IDLE_MINUTES": "30"}


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, signed in just now."""
    loaded(engine)
    limiter.reset()
    return Visitor(client).sign_in("Cy")


def ends(engine: Engine) -> dt.datetime:
    """Return when the one sign-in there is will end."""
    with reading(engine) as session:
        return session.scalars(select(SignIn.expires_at)).one()


def minutes(later: float) -> dt.datetime:
    """Return the moment so many minutes from now, for the clock of the test."""
    return dt.datetime.now(dt.UTC) + later * MINUTE


@pytest.mark.both_databases
def test_a_sign_in_ends_when_nothing_is_done_in_it(hr: Visitor, engine: Engine) -> None:
    """After the operator's half hour, and not while pages are opened; what a page asks by itself is no page."""
    assert abs(ends(engine) - now() - 30 * MINUTE) < MINUTE
    began = minutes(0)
    for later in (20, 45, 70):
        with travel(began + later * MINUTE, tick=False):
            assert hr.get("/accounts/").status_code == 200
    with travel(began + 95 * MINUTE, tick=False):
        assert hr.client.get("/", headers={"Accept": "application/json"}).status_code == 200
    with travel(began + 101 * MINUTE, tick=False):
        answer = hr.get("/accounts/?role=hr")
        assert (answer.status_code, answer.location) == (303, "/sign-in?next=/accounts/?role%3Dhr")


def test_twelve_hours_are_the_longest(hr: Visitor) -> None:
    """However often a page is opened."""
    began = minutes(0)
    for later in range(20, 12 * 60, 20):
        with travel(began + later * MINUTE, tick=False):
            assert hr.get("/account/").status_code == 200, later
    with travel(began + 12 * 60 * MINUTE, tick=False):
        assert hr.get("/account/").status_code == 303


def test_hardly_any_page_writes(hr: Visitor) -> None:
    """Of a page each ten seconds for a quarter of an hour six put the end off."""
    began, writes = minutes(0), 0
    with Statements(hr.client.application) as asked:
        for number in range(90):
            with travel(began + number * MINUTE / 6, tick=False):
                assert hr.get("/account/").status_code == 200
        writes = sum(statement.startswith("UPDATE sign_in") for statement in map(str.strip, asked.seen))
    assert 4 <= writes <= 6


def test_the_time_can_be_chosen(environment: dict[str, str]) -> None:
    """From ten minutes to twelve hours; an hour where nothing is said."""
    assert Settings.from_environment(environment).idle == 30
    assert Settings.from_environment({}).idle == 60 == sign_ins.IDLE / MINUTE
    for wrong in ("9", "721", "x", "-5"):
        with pytest.raises(SettingsError, match="SURVEY_IDLE_MINUTES must be"):
            Settings.from_environment({**environment, "SURVEY_IDLE_MINUTES": wrong})


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "It ends after 30 minutes in which you do nothing"), ("ko", "로그아웃되었어요. 30분 동안")],
)
def test_whoever_comes_back_is_told_and_goes_on_where_she_was(hr: Visitor, language: str, told: str) -> None:
    """In her language; after signing in she is at the page she wanted. Who signed out herself is told nothing."""
    with travel(minutes(31), tick=False):
        address = hr.get(f"/accounts/?role=hr&lang={language}").location
        assert told in hr.get(address).text
        form = {"email": "cy@example.com", "password": "a river runs through it"}
        assert hr.post(address, form, address).location == f"/accounts/?role=hr&lang={language}"
        assert told not in hr.get("/account/").text
        hr.post("/sign-out", page="/account/")
        assert told not in hr.get(address).text


@pytest.mark.both_databases
def test_what_was_typed_is_not_lost(hr: Visitor, engine: Engine) -> None:
    """It stays in the page; after a sign-in in another tab it is sent from there, and is kept."""
    with reading(engine) as session:
        ada = session.scalars(select(Account.id).where(Account.name == "Ada")).one()
    address = f"/accounts/{ada}"
    token = re.findall(r'name="csrf_token" value="([^"]+)"', hr.get(address).text)[0]
    typed = {"name": 'Ada "the first" <b>', "role": "leader", "language": "en"}
    browser = {"Sec-Fetch-Site": "same-origin"}
    with travel(minutes(31), tick=False):
        kept = hr.client.post(address, data={**typed, "csrf_token": token}, headers=browser)
        assert (kept.status_code, "Your sign-in has ended" in kept.text) == (403, True)
        again = fields(kept.text)
        assert {name: again[name] for name in typed} == typed
        hr.sign_in("Cy")
        once_more = hr.client.post(address, data=again, headers=browser)
        assert "Send it once more" in once_more.text
        again = fields(once_more.text)
        assert {name: again[name] for name in typed} == typed
        assert hr.client.post(address, data=again, headers=browser).status_code == 303
    with reading(engine) as session:
        assert session.scalars(select(Account.name).where(Account.id == ada)).one() == typed["name"]


def fields(page: str) -> dict[str, str]:
    """Return what the form of a page that keeps what was typed holds."""
    form = page.split("<main", 1)[1]
    return {name: unescape(text) for name, text in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def test_another_site_gets_no_such_page(hr: Visitor) -> None:
    """A form that does not come from a page of ours is refused as ever, whoever is signed in."""
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {},
    ):
        answer = hr.client.post("/account/language", data={"language": "ko"}, headers=headers)
        assert (answer.status_code, "csrf_token" in answer.text.split("<main")[1]) == (400, False)
    with travel(minutes(31), tick=False):
        answer = hr.client.post("/account/language", data={"language": "ko"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 400


def test_secrets_are_never_written_into_a_page(hr: Visitor) -> None:
    """A form with passwords leads to the sign-in."""
    form = {"old": "one secret", "new": "another secret", "again": "another secret"}
    token = re.findall(r'name="csrf_token" value="([^"]+)"', hr.get("/account/").text)[0]
    with travel(minutes(31), tick=False):
        answer = hr.client.post("/account/password", data={**form, "csrf_token": token})
    assert (answer.status_code, "secret" in answer.text) == (303, False)


def test_ending_other_sign_ins_wants_a_recent_one(hr: Visitor, engine: Engine) -> None:
    """At a screen that was left open nobody signs somebody out everywhere; after signing in once more she does."""
    with writing(engine) as session:
        session.execute(update(SignIn).values(began_at=now() - sign_ins.RECENT))
    page = hr.get("/account/").text
    assert "/account/sign-out-everywhere" not in page
    assert "To sign out everywhere, sign in once more" in page
    hr.post("/account/sign-out-everywhere", page="/account/")
    assert hr.get("/account/").status_code == 200
    hr.sign_in("Cy")
    hr.post("/account/sign-out-everywhere", page="/account/")
    assert hr.get("/account/").status_code == 303
