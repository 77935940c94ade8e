"""Guessing through the doors: how many guesses at a secret are looked at, when somebody sends as many as she likes."""

import time
from collections.abc import Callable
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from survey.database import reading
from survey.models import Account
from tests.journeys.doors import Visitor, loaded

GUESSES: Final = 60
A_MINUTE: Final = 20
"""Tries that one address has (`survey.web.limits`)."""
ACCOUNT: Final = 3
"""Tries at one account before it has to wait (`survey.services.accounts.waiting`)."""
Guess = Callable[[Visitor, int], int]


def password(visitor: Visitor, number: int) -> int:
    """Guess Ada's password."""
    guess = {"email": "ada@example.com", "password": f"wrong password {number}"}
    return visitor.post("/sign-in", guess).status_code


def stuffed(visitor: Visitor, number: int) -> int:
    """Try a known pair of address and password, another one each time."""
    return visitor.post("/sign-in", {"email": f"{number}@example.com", "password": "correct horse battery"}).status_code


def passkey(visitor: Visitor, number: int) -> int:
    """Guess a passkey."""
    return visitor.post("/sign-in/passkey", {"credential": f"{number}", "challenge": "x"}).status_code


def letter(visitor: Visitor, number: int) -> int:
    """Guess the code of a letter that lets somebody choose a password."""
    form = {"code": f"{number:028d}", "new": "correct horse battery", "again": "correct horse battery"}
    return visitor.client.post("/welcome", data=form).status_code


@pytest.mark.parametrize("guess", [password, stuffed, passkey, letter])
def test_guesses_go_through_a_few_a_minute(client: FlaskClient, engine: Engine, guess: Guess) -> None:
    """Of sixty guesses from one address at each door twenty are looked at, for each minute that the guessing takes."""
    loaded(engine)
    visitor = Visitor(client)
    client.get("/sign-in?lang=en")
    began = time.monotonic()
    answers = [guess(visitor, number) for number in range(GUESSES)]
    minutes = 1 + int((time.monotonic() - began) // 50)  # the drawers of a minute are ten seconds wide
    assert set(answers) <= {422, 429}
    assert 0 < answers.count(422) <= A_MINUTE * minutes + minutes
    assert 429 in answers or minutes > 1


def test_an_account_has_three_tries_from_wherever(app: Flask, engine: Engine) -> None:
    """From sixty addresses one after the other: after the third guess the account waits, and none is looked at."""
    loaded(engine)
    app.config["WTF_CSRF_ENABLED"] = False
    for number in range(GUESSES):
        form = {"email": "ada@example.com", "password": f"wrong password {number}"}
        answer = app.test_client().post("/sign-in", data=form, environ_base={"REMOTE_ADDR": f"198.51.100.{number}"})
        assert answer.status_code == 422
    with reading(engine) as session:
        failures = session.scalar(select(Account.failures).where(Account.email == "ada@example.com"))
        kept = session.scalar(select(func.count()).select_from(Account).where(Account.failures > 0))
    assert failures is not None
    assert ACCOUNT <= failures < GUESSES // 2
    assert kept == 1
