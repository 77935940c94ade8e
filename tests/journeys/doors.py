"""The cast at the pages of HR and leaders, and a browser that carries its form's token."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from survey.database import glances, reading, writing
from survey.privacy.thaw import Publication
from survey.services.publication import publication
from survey.services.responses.replies import Accepted
from tests import cast, snapshots
from tests.services import rounds

WAVE: Final = rounds.WAVE
SEEN: Final = re.compile(r'name="seen" value="([^"]+)"')
TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


class Statements:
    """What the database is asked meanwhile, without the facts: pages that must look alike must ask alike."""

    def __init__(self, app: Flask) -> None:
        engine: Engine = app.extensions["survey.engine"]
        self.engines = (engine, glances(engine))
        self.seen: list[str] = []

    def _note(self, *facts: object) -> None:
        self.seen.append(str(facts[2]))

    def __enter__(self) -> Self:
        for engine in self.engines:
            event.listen(engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for engine in self.engines:
            event.remove(engine, "before_cursor_execute", self._note)


class Visitor:
    """Somebody with a browser: signs in, and sends forms as the page holds them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str) -> TestResponse:
        """Open a page."""
        return self.client.get(address)

    def post(
        self, address: str, data: Mapping[str, object] | None = None, page: str = "/sign-in?lang=en"
    ) -> TestResponse:
        """Send a form with the token that `page` (or the page it leads to) holds; before an opening, tick all of it."""
        held = self.client.get(page, follow_redirects=True).text
        if address.endswith("/open"):
            held = self.client.get(address).text + held
        found = TOKEN.search(held)
        assert found, f"{page} holds no form"
        seen = {"seen": SEEN.findall(held)}
        return self.client.post(address, data={"csrf_token": found[1], **seen, **(data or {})})

    def sign_in(self, name: str, language: str = "en") -> "Visitor":
        """Sign in as one of the cast."""
        self.client.get(f"/sign-in?lang={language}")
        answer = self.post("/sign-in", {"email": f"{name.lower()}@example.com", "password": cast.PASSWORD})
        assert answer.status_code == 303, answer.text
        return self


def loaded(engine: Engine) -> None:
    """Put the cast into the database."""
    with writing(engine) as session:
        cast.load(session)


def answered(engine: Engine, home: Path) -> None:
    """Open the cast's wave and let everybody answer."""
    for place, code in enumerate(rounds.open_cast(engine, home).values()):
        outcome = rounds.answer(engine, rounds.sent(code, answers={"play": 1 + place % 7, "inertia": 7 - place % 6}))
        assert isinstance(outcome, Accepted)


def published(engine: Engine, home: Path) -> Publication:
    """Open, answer, close and publish the cast's wave; return its publication."""

    def make() -> None:
        answered(engine, home)
        rounds.close(engine)
        with writing(engine) as session:
            publication.publish(session, WAVE, rounds.OVER + dt.timedelta(days=1))

    snapshots.start(engine, home, "the cast's wave is published", make)
    with reading(engine) as session:
        return publication.publication(session, WAVE)
