import datetime as dt
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey import models
from survey.database import reading, writing
from survey.runs.runner import Runner
from survey.runs.ways_in import FORGOTTEN
from survey.services.accounts import keeping, ways_in
from survey.services.accounts.keeping import Facts
from survey.services.invitations.codes import grouped
from survey.web.clock import now
from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import Statements, Visitor, loaded

NEW = "a boat drifts under it"


@pytest.fixture
def visitor(client: FlaskClient, engine: Engine) -> Visitor:
    """Somebody who is not signed in."""
    loaded(engine)
    limiter.reset()
    return Visitor(client)


def code_for(engine: Engine, name: str, ago: dt.timedelta = dt.timedelta()) -> str:
    """Keep a code for somebody, as a letter would; return what the letter says."""
    code = ways_in.new_code()
    with writing(engine) as session:
        account = session.scalars(select(models.Account).where(models.Account.name == name)).one()
        ways_in.keep(session, account.id, code, now() - ago)
    return grouped(code)


def choose(visitor: Visitor, code: str, password: str = NEW, again: str = NEW) -> tuple[int, str]:
    """Send the form; return its status and what the page says."""
    answer = visitor.client.post("/welcome?lang=en", data={"code": code, "password": password, "again": again})
    return answer.status_code, answer.text


@pytest.mark.both_databases
def test_a_code_lets_somebody_choose_a_password(visitor: Visitor, engine: Engine) -> None:
    """Without script the code is typed; then Ada signs in with the new password, and the old one is dead."""
    code = code_for(engine, "Ada")
    status, page = choose(visitor, code.lower())
    assert status == 200
    assert "Now sign in as ada@example.com." in page
    old = visitor.post("/sign-in", {"email": "ada@example.com", "password": cast.PASSWORD})
    assert old.status_code == 422
    assert visitor.post("/sign-in", {"email": "ada@example.com", "password": NEW}).status_code == 303
    assert choose(visitor, code)[0] == 422


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("", "", "Please fill in this field."),
        ("short", "short", "A password has at least 12 characters."),
        (NEW, "another one", "The two passwords differ."),
        ("x" * 600, "x" * 600, "This text is too long."),
    ],
)
def test_a_slip_costs_nobody_her_code(visitor: Visitor, engine: Engine, password: str, again: str, told: str) -> None:
    """The form says what is wrong, and the code stays good."""
    code = code_for(engine, "Ada")
    status, page = choose(visitor, code, password, again)
    assert (status, told in page) == (422, True)
    assert choose(visitor, code)[0] == 200


def test_every_dead_code_sounds_the_same(visitor: Visitor, engine: Engine) -> None:
    """Unknown, ended, used, and of a closed account: one page, but for the code that was typed."""
    used, closed = code_for(engine, "Ada"), code_for(engine, "Bo")
    choose(visitor, used)
    with writing(engine) as session:
        bo = session.scalars(select(models.Account).where(models.Account.name == "Bo")).one()
        keeping.close(session, bo.id, now())
    ended = code_for(engine, "Ada", ways_in.FORGOTTEN)
    pages = {choose(visitor, code)[1].replace(code, "") for code in (used, closed, ended, grouped("0" * 28))}
    assert len(pages) == 1
    assert "This code does not work" in pages.pop()


def test_the_code_is_told_to_nobody(visitor: Visitor, engine: Engine) -> None:
    """No page of these keeps or passes on an address, none sets a cookie, and the code is in no address."""
    for place in ("/welcome", "/forgotten"):
        answer = visitor.get(place)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert 'method="post"' in answer.text
    code = code_for(engine, "Ada")
    answer = visitor.client.post("/welcome", data={"code": code, "password": NEW, "again": NEW})
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert code not in answer.text


def test_guessing_is_slowed_down(visitor: Visitor) -> None:
    """One address gets so many tries in a minute, here as at the sign-in."""
    tries = [choose(visitor, grouped("0" * 28), "short", "short")[0] for _ in range(21)]
    assert (tries[:20], tries[20]) == ([422] * 20, 429)


def ask(visitor: Visitor, email: str) -> str:
    """Ask for a letter; return the page."""
    answer = visitor.client.post("/forgotten?lang=en", data={"email": email})
    assert answer.status_code == 200
    return str(answer.text)


def letters(app: Flask, home: Path) -> list[str]:
    """Wait for the runs, and return to whom letters were kept as files."""
    runner: Runner = app.extensions["survey.runs"]
    runner.wait_for_all()
    found = [path.read_text("utf-8") for path in (home / "letters").glob("*.eml")]
    return sorted(re.findall(r"^To: (.*)$", "\n".join(found), re.MULTILINE))


def test_nobody_learns_who_has_an_account(visitor: Visitor, app: Flask, engine: Engine, home: Path) -> None:
    """Known, unknown, closed and invited: the same page word for word, before anything is looked up."""
    with writing(engine) as session:
        keeping.make(session, "fay@example.com", Facts("Fay", "leader", "en"), cast.NOW)
        bo = session.scalars(select(models.Account).where(models.Account.name == "Bo")).one()
        keeping.close(session, bo.id, cast.NOW)
    pages, asked = set[str](), set[str]()
    runner: Runner = app.extensions["survey.runs"]
    with runner.turns[FORGOTTEN]:
        for email in ("ada@example.com", "nobody@example.com", "bo@example.com", "fay@example.com"):
            with Statements(app) as statements:  # of the request alone: what the run asks comes after the answer
                pages.add(ask(visitor, email))
            asked.add("\n".join(statements.seen))
    assert (len(pages), len(asked)) == (1, 1)
    assert "If there is an account with this address" in pages.pop()
    assert "FROM account" not in asked.pop()
    assert letters(app, home) == ["ada@example.com", "fay@example.com"]
    with reading(engine) as session:
        assert session.scalars(select(models.Run)).all() == []  # nothing stays of who asked


def test_asking_is_slowed_down(visitor: Visitor, app: Flask, home: Path) -> None:
    """One address asks five times a minute at most; and Ada gets one letter, however often she is asked for."""
    tries = [visitor.client.post("/forgotten", data={"email": "ada@example.com"}).status_code for _ in range(6)]
    assert tries == [200] * 5 + [429]
    assert letters(app, home) == ["ada@example.com"]


@pytest.mark.parametrize("email", ["", "x" * 300])
def test_an_unreadable_address(visitor: Visitor, email: str) -> None:
    """The form says so; that tells nothing about accounts."""
    assert visitor.client.post("/forgotten", data={"email": email}).status_code == 422


def test_the_sign_in_page_leads_there(visitor: Visitor) -> None:
    """Whoever forgot her password finds the way."""
    assert 'href="/forgotten"' in visitor.get("/sign-in?lang=en").text


def test_a_letter_of_the_page_works(visitor: Visitor, app: Flask, engine: Engine, home: Path) -> None:
    """From asking to the new password, by the code of the letter; the log says it without an address."""
    ask(visitor, "ada@example.com")
    letters(app, home)
    (path,) = (home / "letters").glob("*.eml")
    code = re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", path.read_text("utf-8"))
    assert code is not None
    assert choose(visitor, code[0])[0] == 200
    with reading(engine) as session:
        told = [(entry.act, entry.facts) for entry in session.scalars(select(models.AuditEntry).order_by("id"))]
    assert [act for act, _ in told] == ["password letter sent", "password chosen"]
    assert "@" not in str(told)
