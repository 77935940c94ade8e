"""Every door at which a password is set asks whether somebody would guess it, and says so."""

import hashlib
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey import models
from survey.database import reading
from survey.services import first_run
from survey.services.accounts import guessing
from survey.settings import Settings
from tests import cast
from tests.journeys.doors import Visitor, loaded
from tests.journeys.test_first_run import claimed
from tests.journeys.test_setting_up import Operator
from tests.journeys.test_welcome import code_for

LEAKED: Final = "five lamps sing in the hall"
OWN: Final = "Lighthouse2026!"
"""Of the company’s name, and of the address of whoever has none there yet."""
REFUSALS: Final = {"qwertyuiop123": guessing.COMMON, OWN: guessing.OWN, "Sunflower2026!": guessing.EASY}
Set = Callable[[Visitor, Engine, str], tuple[int, str]]


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Name a list of leaked passwords, with one in it."""
    path = tmp_path / "leaked.txt"
    path.write_text(hashlib.sha1(LEAKED.encode()).hexdigest().upper() + ":3\r\n", "ascii")  # noqa: S324 - as such lists are
    return {**environment, "SURVEY_BREACHED_PASSWORDS": str(path)}


def by_letter(visitor: Visitor, engine: Engine, password: str) -> tuple[int, str]:
    """Choose a password with the code of a letter."""
    form = {"code": code_for(engine, "Ada"), "password": password, "again": password}
    answer = visitor.client.post("/welcome", data=form)
    return answer.status_code, answer.text


def by_oneself(visitor: Visitor, _engine: Engine, password: str) -> tuple[int, str]:
    """Change one's own."""
    visitor.post("/sign-in", {"email": "ada@example.com", "password": cast.PASSWORD}, "/sign-in")
    form = {"old": cast.PASSWORD, "new": password, "again": password}
    answer = visitor.post("/account/password", form, "/account/")
    return answer.status_code, answer.text


@pytest.mark.parametrize("set_password", [by_letter, by_oneself])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_says_why_a_password_is_not_taken(
    client: FlaskClient, engine: Engine, set_password: Set, language: str
) -> None:
    """In the reader's language, and what is better; the old one stays, and another one is taken."""
    loaded(engine)
    visitor = Visitor(client)
    client.get(f"/sign-in?lang={language}")
    for password, sentence in {**REFUSALS, LEAKED: guessing.COMMON}.items():
        status, page = set_password(visitor, engine, password)
        assert (status, sentence.to(language) in unescape(page)) == (422, True)
        assert password not in page
    assert visitor.client.post("/sign-out").status_code in {303, 400}
    assert set_password(visitor, engine, "a boat drifts under it")[0] in {200, 303}


def test_the_first_account_gets_no_guessable_password(client: FlaskClient, engine: Engine, settings: Settings) -> None:
    """Nor one of the words that were typed a minute ago."""
    visitor = claimed(Visitor(client), settings)
    facts = {"name": "Cy", "email": "cy@lighthouse.example"}
    for password, sentence in {**REFUSALS, LEAKED: guessing.COMMON}.items():
        form = {**facts, "password": password, "again": password}
        answer = visitor.post("/first-run/account?lang=en", form, "/first-run/account")
        assert (answer.status_code, sentence.text in unescape(answer.text)) == (422, True)
    with reading(engine) as session:
        assert first_run.is_open(session)


def test_commands_take_no_guessable_password(engine: Engine, environment: dict[str, str]) -> None:
    """Neither for a new account nor for one there is; nothing is made, nothing is changed."""
    loaded(engine)
    with reading(engine) as session:
        before = session.scalars(select(models.Account.password_hash).order_by(models.Account.id)).all()
    for password in (*REFUSALS, LEAKED):
        operator = Operator(**environment, SURVEY_PASSWORD=password)
        operator.variables["SURVEY_PASSWORD"] = password
        new = ("create-account", "fay@lighthouse.example", "--name", "Fay", "--role", "leader")
        for command in (new, ("set-password", "ada@example.com")):
            said = operator.refused(*command)
            if password != OWN or command is new:
                assert REFUSALS.get(password, guessing.COMMON).text in said
    with reading(engine) as session:
        assert session.scalars(select(models.Account.password_hash).order_by(models.Account.id)).all() == before
