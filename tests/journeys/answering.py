"""What journeys through the survey share: an open wave, its codes, and forms as a browser without script sends them."""

import datetime as dt
import re
from pathlib import Path
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from survey.database import reading, writing
from survey.models import Person
from survey.services.invitations import issue_key
from survey.services.invitations.codes import code_for
from survey.services.waves import opening, wave_plans

WAVE: Final = "2026-Q4"
PRACTICES: Final = ("stand_ups", "one_loop", "free_script", "reach_review")
KOREAN: Final = {"Accept-Language": "ko-KR,ko;q=0.9"}
ENGLISH: Final = {"Accept-Language": "en-GB,en;q=0.8"}


def open_wave(engine: Engine, home: Path, code: str, now: dt.datetime) -> None:
    """Draft a wave of a week and open it."""
    with writing(engine) as session:
        week = dt.timedelta(days=7)
        wave_plans.draft(
            session, wave_plans.WaveDraft(code=code, opens_at=now, closes_at=now + week, practices=PRACTICES), now
        )
        opening.open_wave(session, code, now, home)


def codes_of(engine: Engine, home: Path, wave: str) -> list[str]:
    """Return the codes of a wave while its issue key lives."""
    key = issue_key.read(home, wave)
    with reading(engine) as session:
        return [code_for(key, wave, person) for person in session.scalars(select(Person.id).order_by(Person.id))]


def hidden(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields and checked answers of a page's form, as a browser would send them."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    return fields | dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked>', page.text))


def begin(client: FlaskClient, code: str, headers: dict[str, str] = ENGLISH) -> dict[str, str]:
    """Enter the code, and return what the next form sends."""
    return hidden(client.post("/s", data={"code": code}, headers=headers))
