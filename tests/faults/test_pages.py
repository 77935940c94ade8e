"""What HR reads where a form cannot be kept: what it is, what becomes of the form, and what somebody else has to do."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.journeys.doors import TOKEN, Visitor, loaded
from tests.journeys.test_outcomes import MEASURE, PAGE
from tests.services.disk import no_file_beyond


@pytest.fixture
def hr(app: Flask, client: FlaskClient, engine: Engine) -> Visitor:
    """Give Cy, on a server that answers its own failures."""
    loaded(engine)
    app.testing = False
    return Visitor(client).sign_in("Cy")


def test_a_form_that_cannot_be_kept_is_answered_with_what_to_do(hr: Visitor, home: Path) -> None:
    """The page says so in the reader's language, with a time to come back; afterwards the same form is taken."""
    file, away = home / "survey.db", home / "away.db"
    form = {**MEASURE, "csrf_token": TOKEN.findall(hr.get(PAGE).text)[0]}
    file.rename(away)
    failed, korean = (hr.client.post(f"{PAGE}measures", data={**form, "lang": each}) for each in ("en", "ko"))
    away.rename(file)
    assert (failed.status_code, failed.headers["Retry-After"]) == (503, "60")
    assert "The file of the database is not where it was." in failed.text
    assert "What you sent was not kept." in failed.text
    assert "show this to whoever runs the survey: Put it back under its name" in failed.text
    assert "데이터베이스 파일이 원래 자리에 없어요." in korean.text
    assert hr.client.post(f"{PAGE}measures", data=form).status_code == 303


# What came in of a form that broke off is closed when it is forgotten, by the library that reads forms.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_upload_without_room_for_it_is_told(hr: Visitor) -> None:
    """A file is kept on the disk while it comes in: where that is full, the page says so, and the next try works."""
    found = TOKEN.search(hr.get(PAGE).text)
    assert found
    fields = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{found[1]}\r\n--x\r\n'
    file = 'Content-Disposition: form-data; name="file"; filename="outcomes.csv"\r\n\r\nunit,period,measure,value\r\n'
    body = f"{fields}{file}{'NORTH,2025-11,csat,81.5' * 40_000}\r\n--x--\r\n".encode()
    how = {"data": body, "content_type": "multipart/form-data; boundary=x"}
    with no_file_beyond(100_000):
        failed = hr.client.post(f"{PAGE}preview", **how)
    assert failed.status_code == 503
    assert "The disk of the survey is full." in failed.text
    assert "What you sent was not kept." in failed.text
    assert hr.client.post(f"{PAGE}preview", **how).status_code == 422  # it is no table, which was looked at
