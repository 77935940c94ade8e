"""Sign-ins and refusals in the audit log: who, and which page; never of respondents, never so many as to fill it."""

import datetime as dt
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Account, AuditEntry
from survey.services import audit_log
from survey.services.accounts import authenticator, sign_ins, signing_in, turned_away
from survey.services.accounts.waiting import LONGEST_WAIT
from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import Visitor, loaded, published
from tests.services.second_steps import SECRET, code, demand, set_up

OTHERS: Final = "/log/"
"""A page that is not open to leaders."""


@pytest.fixture
def visitor(client: FlaskClient, engine: Engine) -> Visitor:
    """Somebody who is not signed in."""
    loaded(engine)
    limiter.reset()
    return Visitor(client)


def log(engine: Engine) -> list[tuple[str, dict[str, str]]]:
    """Return what the log says, the first entry first; each by the account that it tells of."""
    with reading(engine) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert all(entry.facts["account"] == str(entry.account_id) for entry in entries if "account" in entry.facts)
    return [(entry.act, {name: said for name, said in entry.facts.items() if name != "account"}) for entry in entries]


def whose(engine: Engine, name: str) -> int:
    """Return the number of somebody's account."""
    with reading(engine) as session:
        return session.scalars(select(Account.id).where(Account.name == name)).one()


@pytest.mark.both_databases
def test_a_sign_in_is_in_the_log(visitor: Visitor, engine: Engine) -> None:
    """With how it was done; the password alone is none where a second step follows."""
    demand(engine, "nobody")
    visitor.sign_in("Ada")
    assert log(engine) == [("signed in by password", {})]
    demand(engine, "everybody")
    visitor.post("/sign-out", page="/")
    visitor.sign_in("Bo")
    assert log(engine) == [("signed in by password", {})]


def test_a_second_step_ends_the_sign_in(engine: Engine) -> None:
    """Both steps together are one entry."""
    loaded(engine)
    app, _codes = set_up(engine)
    later = cast.NOW + dt.timedelta(minutes=1)
    with writing(engine) as session:
        half = signing_in.sign_in(session, "ada@example.com", cast.PASSWORD, later)
    with writing(engine) as session:
        ada = session.scalars(select(Account).where(Account.name == "Ada")).one()
        authenticator.check(session, ada.id, code(app, later), SECRET, later)
        sign_ins.finish(session, half, later)
    assert log(engine)[1:] == [("signed in by two steps", {})]


def test_wrong_passwords_are_in_the_log_and_do_not_fill_it(engine: Engine) -> None:
    """Of a hundred at one account there are five entries, with the count; what was typed stands nowhere."""
    loaded(engine)
    for number in range(100):
        now = cast.NOW + number * dt.timedelta(seconds=LONGEST_WAIT + 1)
        with writing(engine) as session, pytest.raises(Refused):
            signing_in.sign_in(session, "ada@example.com", f"secret of mine {number}", now)
    assert log(engine) == [("password refused", {"tries": str(tries)}) for tries in (1, 3, 10, 30, 100)]


def test_who_has_no_account_leaves_no_entry(visitor: Visitor, engine: Engine) -> None:
    """In the field of the address may stand a password."""
    assert visitor.post("/sign-in", {"email": "a river runs", "password": "x" * 12}).status_code == 422
    assert log(engine) == []


def test_a_closed_account_is_in_the_log(visitor: Visitor, engine: Engine) -> None:
    """Whoever left and still knows the password."""
    with writing(engine) as session:
        session.execute(update(Account).where(Account.name == "Ada").values(active=False))
    form = {"email": "ada@example.com", "password": cast.PASSWORD}
    assert visitor.post("/sign-in", form).status_code == 422
    assert log(engine) == [("closed account tried", {"tries": "1"})]


@pytest.mark.both_databases
def test_a_missing_right_is_in_the_log_once_an_hour(visitor: Visitor, engine: Engine) -> None:
    """Page and account; asked for again and again it is one entry, and one for each other page."""
    visitor.sign_in("Ada")
    for _ in range(5):
        assert visitor.get(OTHERS).status_code == 403
    assert visitor.get("/accounts/").status_code == 403
    assert log(engine)[1:] == [("page refused", {"page": "log.show"}), ("page refused", {"page": "accounts.index"})]


@pytest.mark.parametrize("unit", ["CARE", "NOWHERE"])
def test_a_unit_of_somebody_else_is_in_the_log(client: FlaskClient, engine: Engine, home: Path, unit: str) -> None:
    """As one that does not exist is: neither page nor log tells somebody which it was."""
    published(engine, home)
    limiter.reset()
    visitor = Visitor(client).sign_in("Ada")
    assert visitor.get("/units/SALES").status_code == 200
    assert visitor.get(f"/units/{unit}").status_code == 404
    assert [each for each in log(engine) if each[0] == "page refused"] == [("page refused", {"page": "units.show"})]


def test_refusals_of_one_account_do_not_fill_the_log(visitor: Visitor, engine: Engine, app: Flask) -> None:
    """Whoever knocks at every page there is gets twenty entries an hour, then twenty more."""
    visitor.sign_in("Eve")
    plain = [str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    refused = sum(visitor.get(address).status_code == 403 for address in plain)
    assert refused > turned_away.MOST
    assert len(log(engine)) == 1 + turned_away.MOST
    later = dt.datetime.now(dt.UTC).replace(tzinfo=None) + turned_away.ONCE
    turned_away.note(engine, later, whose(engine, "Eve"), "page refused", "log.show")
    assert len(log(engine)) == 2 + turned_away.MOST


def test_a_forged_form_is_in_the_log(visitor: Visitor, engine: Engine) -> None:
    """Without a token, with another one, and with a text that no browser of ours sends."""
    visitor.sign_in("Ada")
    assert visitor.client.post("/account/language", data={"language": "ko"}).status_code == 400
    forged = {"csrf_token": "x", "language": "ko"}
    assert visitor.client.post("/account/sign-out-everywhere", data=forged).status_code == 400
    assert visitor.client.get("/account/?x=%00").status_code == 400
    assert log(engine)[1:] == [
        ("form refused", {"page": "own_account.speak"}),
        ("form refused", {"page": "own_account.sign_out_everywhere"}),
        ("text refused", {"page": "own_account.show"}),
    ]


def test_too_many_tries_of_somebody_signed_in_are_in_the_log(visitor: Visitor, engine: Engine) -> None:
    """Guessing the password at an open screen: the wrong one is counted, the pace is one entry."""
    visitor.sign_in("Ada")
    form = {"old": "wrong password 1", "new": "x" * 12, "again": "x" * 12}
    answers = {visitor.post("/account/password", form, "/account/").status_code for _ in range(25)}
    assert answers == {422, 429}
    told = [act for act, _facts in log(engine)]
    assert told.count("tries refused") == 1
    assert told.count("password refused") == 2


@pytest.mark.parametrize("address", ["/s", "/s/answer", "/s/receipt", "/s/promise", "/h/nothing"])
def test_nothing_of_respondents_is_ever_in_the_log(visitor: Visitor, engine: Engine, address: str) -> None:
    """Not even where somebody of HR does it in the browser that she is signed in with."""
    visitor.sign_in("Cy")
    before = log(engine)
    for sent in ({"code": "\0"}, {"code": "0000-0000-0000-0000"}, {"csrf_token": "x"}):
        visitor.client.post(address, data=sent)
        visitor.client.get(address, query_string=sent)
    visitor.client.delete(address)
    assert log(engine) == before


def test_who_is_not_signed_in_leaves_no_entry(visitor: Visitor, engine: Engine) -> None:
    """Nobody from outside can write to the log: forged forms, unknown pages, cookies that are none."""
    visitor.client.set_cookie("account", "x" * 43)
    assert visitor.client.post("/account/language", data={"language": "ko"}).status_code == 400
    assert visitor.client.get("/nothing%00").status_code == 404
    assert visitor.client.get(OTHERS).status_code == 303
    assert log(engine) == []


def test_a_log_with_refusals_is_whole(visitor: Visitor, engine: Engine) -> None:
    """They are links of the chain like all others, and are read in words."""
    visitor.sign_in("Ada")
    visitor.get(OTHERS)
    visitor.client.post("/sign-out", data={})
    with reading(engine) as session:
        assert audit_log.verify(session).whole
    visitor.client.delete_cookie("account")
    visitor.sign_in("Cy")
    page = visitor.get("/log/").text
    assert "The account Ada asked for a page that is not open to it." in page
    assert "<dd>log.show</dd>" in page
    assert "Ada 계정이 볼 수 없는 페이지를 열려고 했습니다." in visitor.get("/log/?lang=ko").text
