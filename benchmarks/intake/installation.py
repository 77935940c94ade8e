"""The company that answers, and what its people send: made before anything is measured."""

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from benchmarks.intake.clients import Visit, request
from benchmarks.opening import company
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.instruments.load import builtin
from survey.migrations import upgrade
from survey.models import RosterEntry, Wave
from survey.services.invitations import issue_key
from survey.services.invitations.codes import code_for, grouped, new_receipt
from survey.services.responses import page_time
from survey.services.waves import opening, wave_plans
from survey.settings import Settings
from survey.web.clock import now
from survey.web.factory import configuration

WAVE = "2026-Q4"
ITEMS = builtin().asked()
COMMENT = "회의가 줄고 나서 고객과 이야기할 시간이 생겼다. 이대로 계속하면 좋겠다."


@dataclass
class Installation:
    """An open wave, and the codes that nobody has used."""

    home: Path
    url: str
    pepper: bytes
    codes: Iterator[str]
    opened: str
    """The signed minute of a page, as all of them bear it."""

    @property
    def environment(self) -> dict[str, str]:
        """What an operator would set."""
        return {"SURVEY_HOME": str(self.home), "SURVEY_DATABASE_URL": self.url}

    def fields(self, **more: str) -> dict[str, str]:
        """Return what every page of a sitting carries."""
        return {"code": next(self.codes), "receipt": new_receipt(), "opened": self.opened, "lang": "ko", **more}


def install(home: Path, url: str, people: int) -> Installation:
    """Make a company of a thousand teams at most, and open its wave."""
    home.mkdir()
    (home / "secret.key").write_bytes(secrets.token_bytes(32))
    settings = Settings.from_environment({"SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": url})
    engine = open_engine(url)
    upgrade(engine)
    company(engine, people, max(1, people // 20))
    moment = now()
    plan = wave_plans.WaveDraft(code=WAVE, opens_at=moment, closes_at=moment + dt.timedelta(14))
    with writing(engine) as session:
        wave_plans.draft(session, plan, moment)
        opening.open_wave(session, WAVE, moment, home)
    secret = configuration(settings)["SECRET_KEY"]
    assert isinstance(secret, bytes)
    made = Installation(home, url, *_secrets(engine, home), page_time.write(secret, moment))
    engine.dispose()
    return made


def _secrets(engine: Engine, home: Path) -> tuple[bytes, Iterator[str]]:
    key = issue_key.read(home, WAVE)
    with reading(engine) as session:
        people = session.scalars(select(RosterEntry.person_id).order_by(RosterEntry.person_id)).all()
        pepper = session.scalars(select(Wave.pepper)).one()
    assert pepper is not None
    return pepper, iter([code_for(key, WAVE, person) for person in people])


def answers() -> dict[str, str]:
    """Return an answer to every question, and a comment of usual length."""
    return {item.id: str(secrets.choice(item.range)) for item in ITEMS} | {"comment": COMMENT}


def questions_and_sending(here: Installation) -> Visit:
    """Return the two requests that every way of answering has: the page with all questions, and sending."""
    carried = here.fields()
    ask = request("POST", "/s/answer", {**carried, "at": "welcome", "go": "list"})
    send = request("POST", "/s/answer", {**carried, **answers(), "at": "review", "go": "send"})
    return Visit([ask, send], grouped(carried["receipt"]))


def whole_visit(here: Installation) -> Visit:
    """Return all that a browser sends from the link to the thanks, with script or without: five requests."""
    carried, given = here.fields(), answers()
    steps = [
        request("GET", "/s"),
        request("POST", "/s", {"code": carried["code"], "lang": "ko"}),
        request("POST", "/s/answer", {**carried, "at": "welcome", "go": "list"}),
        request("POST", "/s/answer", {**carried, **given, "at": "list", "go": "review"}),
        request("POST", "/s/answer", {**carried, **given, "at": "review", "go": "send"}),
    ]
    return Visit(steps, grouped(carried["receipt"]))


def bare_pair(here: Installation) -> Visit:
    """Return the same two of the bare page."""
    carried = here.fields()
    ask = request("GET", f"/list?code={carried['code']}")
    return Visit([ask, request("POST", "/answer", {**carried, **answers()})], grouped(carried["receipt"]))


def bare_visit(here: Installation) -> Visit:
    """Return as many pages of the same bytes, of which the last one keeps the answers."""
    carried = here.fields()
    shown = [request("GET", f"/{name}?code={carried['code']}") for name in ("entry", "welcome", "list", "review")]
    return Visit([*shown, request("POST", "/answer", {**carried, **answers()})], grouped(carried["receipt"]))
