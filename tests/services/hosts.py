"""Machines of one installation: each with a folder of its own, one database, one store, workers that can be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from survey.database import reading, writing
from survey.runs.given import Place
from survey.runs.queue import Deferring
from survey.services import runs, workers
from survey.services.runs import Key
from tests.services.mail_process import ROOT

PATIENCE: Final = 300.0
"""Seconds until a worker that does nothing is given up."""


def environment(place: Place, home: Path, mail: str) -> dict[str, str]:
    """Return what the operator of a machine sets, whose own folder is `home`."""
    known = place.settings
    home.mkdir(exist_ok=True)
    return {
        **os.environ,
        "SURVEY_HOME": str(home),
        "SURVEY_DATABASE_URL": known.database_url,
        "SURVEY_WORKERS": "on",
        "SURVEY_REPORTS": known.reports,
        "SURVEY_MAIL_URL": mail,
    }


@contextmanager
def host(place: Place, home: Path, notes: Path, *queues: str, mail: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker on a machine of its own; it is killed at the end, if it was not before."""
    command = [sys.executable, "-m", "tests.services.worker_process", str(notes), *queues]
    with subprocess.Popen(command, env=environment(place, home, mail), cwd=ROOT) as process:  # noqa: S603 - our own program
        try:
            yield process
        finally:
            process.kill()


def ask(place: Place, wanted: Key) -> None:
    """Ask for a run as a page does."""
    with writing(place.engine) as session:
        assert Deferring(place).ask(session, wanted)


def found(engine: Engine, wanted: Key) -> runs.Run:
    """Return how a run is."""
    with reading(engine) as session:
        return runs.find(session, wanted)


def at_work(engine: Engine) -> int:
    """Return how many workers have given a sign of life."""
    with reading(engine) as session:
        return workers.alive(session)


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    over = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < over, "nothing happens"
        time.sleep(0.05)


def noted(notes: Path, what: str) -> list[str]:
    """Return the lines of a kind that workers have written down."""
    return [line for line in notes.read_text().splitlines() if line.startswith(what)] if notes.exists() else []
