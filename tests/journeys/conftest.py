"""For journeys: an open wave with the cast's codes, a real server on the loopback, a real browser."""

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from waitress import create_server

from survey.database import reading, writing
from survey.models import Person
from survey.services import issue_key, waves
from survey.services.codes import code_for
from survey.web import responses
from survey.web.brake import Brake
from tests import cast

WAVE: Final = "2026-Q4"
PRACTICES: Final = ("stand_ups", "one_loop", "free_script", "reach_review")
CHROMIUM: Final = "/usr/bin/chromium"
QUIET: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give Debian's Chromium, started once."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def codes(engine: Engine, home: Path) -> list[str]:
    """Load the cast, open a wave, and give everybody's codes (Ada's first)."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with Session(engine) as session:
        cast.load(session)
    open_wave(engine, home, WAVE, now)
    return codes_of(engine, home, WAVE)


def open_wave(engine: Engine, home: Path, code: str, now: dt.datetime) -> None:
    """Draft a wave of a week and open it."""
    with writing(engine) as session:
        week = dt.timedelta(days=7)
        waves.draft(session, waves.WaveDraft(code=code, opens_at=now, closes_at=now + week, practices=PRACTICES), now)
        waves.open_wave(session, code, now, home)


def codes_of(engine: Engine, home: Path, wave: str) -> list[str]:
    """Return the codes of a wave while its issue key lives."""
    key = issue_key.read(home, wave)
    with reading(engine) as session:
        return [code_for(key, wave, person) for person in session.scalars(select(Person.id).order_by(Person.id))]


@pytest.fixture
def site(app: Flask, codes: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:  # noqa: ARG001 - opens the wave
    """Serve the app as `survey serve` does, and give its address."""
    monkeypatch.setattr(responses, "BRAKE", Brake())
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(10)
