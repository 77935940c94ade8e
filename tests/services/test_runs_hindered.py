"""What hinders a run without ending it, and what is logged of it."""

import logging
import threading
from io import StringIO

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as NoConnection

from survey.database import writing
from survey.runs import doing
from survey.runs.given import Place
from survey.services import runs
from survey.services.runs import Key
from survey.settings import Settings
from survey.web import logs
from survey.web.clock import now

KEY = Key("forgotten", "ada@example.com")


def test_a_lease_outlives_a_moment_without_a_connection(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While pages hold every connection of a process its runs stay its own: nobody else may begin them meanwhile."""
    keep, told, moved = runs.keep, iter([NoConnection("QueuePool limit")]), threading.Event()

    def busy(opened: Engine, key: Key, holder: str) -> bool:
        for error in told:
            raise error
        kept = keep(opened, key, holder)
        moved.set()
        return kept

    monkeypatch.setattr(runs, "keep", busy)
    monkeypatch.setattr(doing, "BEAT", 0.01)
    with writing(engine) as session:
        runs.ask(session, KEY)
    runs.take(engine, KEY, "this")
    with doing.held(Place(engine, settings, now), KEY, "this") as lost:
        assert moved.wait(300)
        assert not lost.is_set()


def test_no_line_of_the_log_tells_for_whom_a_thread_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that fails leaves the kind of the error and the place: its name and the error's words hold an address."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logs.formatter("text"))
    logger = logging.getLogger(logs.NAME)
    logger.addHandler(handler)

    def fail() -> None:
        raise ConnectionResetError(KEY.about)

    try:
        monkeypatch.setattr(threading, "excepthook", logs.thread_failed)
        thread = threading.Thread(target=fail, name=f"run {KEY.about}")
        thread.start()
        thread.join()
    finally:
        logger.removeHandler(handler)
    assert "ConnectionResetError at " in said.getvalue()
    assert "ada" not in said.getvalue()
