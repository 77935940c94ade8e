import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import writing
from survey.services import closing
from tests.journeys.answering import WAVE


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
    """Whoever has the receipt sees the wave it counts in, and never an answer."""
    for close in (False, True):
        if close:
            with writing(engine) as session:
                closing.close(session, WAVE, dt.datetime.now(dt.UTC).replace(tzinfo=None), early=True)
        page = client.post("/s/receipt", data={"receipt": receipt.lower(), "lang": "ko"})
        assert page.status_code == 200
        assert "2026-Q4 설문에 꼭 한 번 집계돼요" in page.text
        assert "play" not in page.text


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
