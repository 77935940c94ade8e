"""What a run is given to work with."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from survey.services.runs import Outcome
from survey.settings import Settings


class Lost(Exception):  # noqa: N818 - it names what happened
    """Another process has taken the run up: this one was away for longer than its lease."""


@dataclass(frozen=True)
class Place:
    """Where runs are done: one installation, on one machine."""

    engine: Engine
    settings: Settings
    now: Callable[[], dt.datetime]
    """The clock, in UTC without a zone."""


@dataclass(frozen=True)
class Given:
    """One run."""

    place: Place
    about: str
    by: int | None
    """The account that asked for it."""
    go_on: Callable[[], None]
    """Called between two pieces of work; raises Lost where the run is this process's no more."""

    def each(self, _done: int, _total: int) -> None:
        """Take note of a piece that is done, as services tell it."""
        self.go_on()


Work = Callable[[Given], Outcome | None]
"""What a run does: it tells what came of it, or nothing where nobody is to be told."""
