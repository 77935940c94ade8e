"""For journeys: an open wave with the cast's codes, a real server on the loopback, a real browser."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey.web.responses import responses
from survey.web.responses.brake import Brake
from tests import cast
from tests.journeys.answering import WAVE, codes_of, open_wave
from tests.journeys.driving import Open, served, window


@pytest.fixture
def codes(engine: Engine, home: Path) -> list[str]:
    """Load the cast, open a wave, and give everybody's codes (Ada's first)."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with Session(engine) as session:
        cast.load(session)
    open_wave(engine, home, WAVE, now)
    return codes_of(engine, home, WAVE)


@pytest.fixture
def site(app: Flask, codes: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:  # noqa: ARG001 - opens the wave
    """Serve the app as `survey serve` does, and give its address."""
    monkeypatch.setattr(responses, "BRAKE", Brake())
    with served(app) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Open]:
    """Give a function that opens a page of a browser of its own: width, language, script or none, light or dark."""
    with ExitStack() as windows:

        def open_page(width: int = 360, language: str = "ko", **how: Any) -> Page:  # noqa: ANN401 - Playwright's options
            how = {"viewport": {"width": width, "height": 740}, "reduced_motion": "reduce", **how}
            return windows.enter_context(window(browser, site, width, language, **how))

        yield open_page
