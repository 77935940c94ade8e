import datetime as dt
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey.database import writing
from survey.models import Wave
from survey.services.waves import closing
from survey.web.responses import responses
from survey.web.responses.brake import Brake
from tests.journeys.answering import ENGLISH, KOREAN, WAVE, begin, codes_of, open_wave


@pytest.fixture(autouse=True)
def _fresh_brake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "BRAKE", Brake(sleep=lambda _seconds: None))


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("", 404, "이런 코드는 없어요"),
        ("ABCD-EFGH", 404, "이런 코드는 없어요"),
        ("0000-0000-0000-0000", 404, "이런 코드는 없어요"),
        ("<script>alert(1)</script>", 404, "&lt;script&gt;"),
        ("\x00\u202e😀", 404, "이런 코드는 없어요"),
    ],
)
def test_a_mistyped_code_gets_its_own_page(
    client: FlaskClient, codes: list[str], code: str, status: int, words: str
) -> None:
    """A code that cannot be one is told so, with what to compare and a field to try again."""
    assert codes
    page = client.post("/s", data={"code": code}, headers=KOREAN)
    assert page.status_code == status
    assert words in page.text
    assert 'name="code"' in page.text


def test_a_code_may_be_typed_as_people_type(client: FlaskClient, codes: list[str]) -> None:
    """Small letters, spaces, hyphens, and letters that look like digits are understood."""
    typed = " - ".join(codes[0].lower().replace("0", "o").replace("1", "l"))
    assert client.post("/s", data={"code": typed}).status_code == 200


def test_a_used_code_gets_its_own_page(client: FlaskClient, codes: list[str]) -> None:
    """Who comes back with a spent code reads that it was used, and how to see that all is well."""
    client.post("/s/answer", data={**begin(client, codes[0]), "go": "send"})
    page = client.post("/s", data={"code": codes[0]}, headers=ENGLISH)
    assert page.status_code == 410
    assert "This code has been used" in page.text


def test_foreign_and_late_codes_get_their_own_pages(
    client: FlaskClient, codes: list[str], engine: Engine, home: Path
) -> None:
    """After the close a code is late; while the next wave is open, it belongs to another survey."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    fields = begin(client, codes[0], KOREAN)
    with writing(engine) as session:
        closing.close(session, WAVE, now, early=True)
    for page in (
        client.post("/s", data={"code": codes[0]}, headers=KOREAN),
        client.post("/s/answer", data={**fields, "go": "send"}, headers=KOREAN),
    ):
        assert page.status_code == 410
        assert "설문이 끝났어요" in page.text
    open_wave(engine, home, "2027-Q1", now + dt.timedelta(days=91))
    page = client.post("/s", data={"code": codes[0]}, headers=ENGLISH)
    assert page.status_code == 409
    assert "This code belongs to another survey" in page.text
    assert "2027-Q1" in page.text
    assert client.post("/s", data={"code": codes_of(engine, home, "2027-Q1")[0]}).status_code == 200


def test_a_page_opened_before_the_close_may_be_sent_a_quarter_of_an_hour_later(
    client: FlaskClient, codes: list[str], engine: Engine
) -> None:
    """Ten minutes after the announced end an open page is still taken, a new one is not; after twenty none is."""
    fields = [begin(client, code) for code in codes[:2]]
    with Session(engine) as session:
        closes = session.scalars(select(Wave.closes_at)).one().replace(tzinfo=dt.UTC)
    with time_machine.travel(closes + dt.timedelta(minutes=10)):
        assert client.post("/s", data={"code": codes[5]}).status_code == 410
        assert client.post("/s/answer", data={**fields[0], "go": "review"}).status_code == 200
        assert client.post("/s/answer", data={**fields[0], "go": "send"}).status_code == 200
    with time_machine.travel(closes + dt.timedelta(minutes=20)):
        assert client.post("/s/answer", data={**fields[1], "go": "send"}).status_code == 410


def test_many_wrong_codes_are_told_to_wait_and_right_ones_pass(client: FlaskClient, codes: list[str]) -> None:
    """Past the limit wrong codes learn nothing any more; a right code opens the survey all the same."""
    pages = [client.post("/s", data={"code": f"{number:016d}"}, headers=KOREAN).status_code for number in range(200)]
    assert pages[0] == 404
    assert pages[-1] == 429
    assert client.post("/s", data={"code": codes[0]}).status_code == 200
