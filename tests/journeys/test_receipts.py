import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import writing
from survey.services.responses import responses
from survey.services.waves import closing, waves
from tests.journeys.answering import WAVE
from tests.journeys.doors import Statements


@pytest.fixture
def receipt(client: FlaskClient, codes: list[str]) -> str:
    """Answer, and give the receipt."""
    page = client.post("/s", data={"code": codes[0]})
    fields: dict[str, str] = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    client.post("/s/answer", data={**fields, "play": "6", "go": "send"})
    return fields["receipt"]


def test_a_receipt_shows_that_it_was_counted_before_and_after_the_close(
    client: FlaskClient, engine: Engine, receipt: str
) -> None:
    """Whoever has the receipt sees that it counts, and neither in which wave nor an answer."""
    for close in (False, True):
        if close:
            with writing(engine) as session:
                closing.close(session, WAVE, dt.datetime.now(dt.UTC).replace(tzinfo=None), early=True)
        page = client.post("/s/receipt", data={"receipt": receipt.lower(), "lang": "ko"})
        assert page.status_code == 200
        assert "이 접수증의 답은 꼭 한 번 집계돼요" in page.text
        assert not [word for word in (WAVE, "play", "NORTH", "CO+") if word in page.text]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0000-0000-0000-0000", "No answer has this receipt"),
        ("abc", "That is no receipt"),
        ("", "That is no receipt"),
        ("<i>", "&lt;i&gt;"),
    ],
)
def test_a_wrong_receipt_says_what_to_compare(client: FlaskClient, codes: list[str], typed: str, words: str) -> None:
    """A receipt that is none, or that no answer has, is told so, and what was typed stays in the field."""
    assert codes
    page = client.post("/s/receipt", data={"receipt": typed, "lang": "en"})
    assert page.status_code == 404
    assert words in page.text


def close_early(engine: Engine) -> None:
    """Close the wave now."""
    with writing(engine) as session:
        closing.close(session, WAVE, dt.datetime.now(dt.UTC).replace(tzinfo=None), early=True)


def test_after_the_deletion_no_receipt_is_known(client: FlaskClient, engine: Engine, receipt: str) -> None:
    """When answers are deleted their receipts go too, and the page says that this is as promised."""
    close_early(engine)
    with writing(engine) as session:
        responses.forget(session, waves.wave(session, WAVE))
    page = client.post("/s/receipt", data={"receipt": receipt, "lang": "en"})
    assert page.status_code == 404
    assert "Receipts are deleted together with the answers, as promised" in page.text


@pytest.mark.parametrize("closed", [False, True])
def test_known_and_unknown_receipts_cost_the_same(
    client: FlaskClient, app: Flask, engine: Engine, receipt: str, *, closed: bool
) -> None:
    """Whether a receipt is known does not show in what the database is asked, nor in anything but the one sentence."""
    if closed:
        close_early(engine)
    asked, pages = [], []
    for typed in (receipt, "0000-0000-0000-0000"):
        with Statements(app) as statements:
            pages.append(client.post("/s/receipt", data={"receipt": typed, "lang": "en"}))
        asked.append(statements.seen)
    assert asked[0] == asked[1] != []
    bodies = [re.sub(r'value="[^"]*"', "", page.text) for page in pages]
    shapes = [re.sub(r'<div class="(card|notice)" role="status">.*?</div>', "", body) for body in bodies]
    assert shapes[0] == shapes[1]
    assert set(pages[0].headers.keys()) == set(pages[1].headers.keys())
