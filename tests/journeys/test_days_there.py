"""Days on pages are those of the company's clocks, also where UTC has another day or a night has 25 hours."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update

from survey.database import writing
from survey.i18n import day
from survey.models import Company, Wave
from survey.services.here import day_of, utc_of
from survey.web.clock import now
from survey.web.waves import extensions
from tests import cast
from tests.journeys.answering import ENGLISH
from tests.services import rounds
from tests.services.rounds import WAVE


def test_a_survey_that_is_over_says_the_companys_day(client: FlaskClient, engine: Engine, home: Path) -> None:
    """Whatever the hour, some zone has another day than UTC; whoever comes too late reads the day of her company."""
    closes = now() - dt.timedelta(hours=1)
    zone = ZoneInfo("Etc/GMT-14" if closes.hour >= 10 else "Etc/GMT+12")
    assert day_of(closes, zone) != closes.date()
    with writing(engine) as session:
        cast.load(session)
        session.execute(update(Company).values(time_zone=zone.key))
    code = rounds.open_next(engine, home, rounds.plan(WAVE, closes, closes - dt.timedelta(days=7)))["Di"]
    page = client.post("/s", data={"code": code}, headers=ENGLISH)
    assert page.status_code == 410
    assert f"It closed on {day(day_of(closes, zone), 'en')}" in page.text


@pytest.mark.parametrize(
    ("typed", "last"),
    [("2026-10-01 18:00", "2026-10-15"), ("2026-10-20 18:00", "2026-11-02"), ("2026-10-20 00:30", "2026-11-02")],
)
def test_no_later_day_is_offered_than_can_be_taken(
    app: Flask, monkeypatch: pytest.MonkeyPatch, typed: str, last: str
) -> None:
    """Two weeks over the night in which clocks are put back have an hour too many: the page stops a day earlier."""
    berlin = ZoneInfo("Europe/Berlin")
    monkeypatch.setattr(extensions, "zone", lambda: berlin)
    wave = Wave(code=WAVE, closes_at=utc_of(dt.datetime.fromisoformat(typed), berlin))
    with app.test_request_context():
        assert extensions._last_day(wave).isoformat() == last
