"""What a run is given to work with."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from sqlalchemy import Engine

from survey.services.runs import Key, Outcome
from survey.settings import Settings


class Stopping(Exception):  # noqa: N818 - it names what happens
    """This process was asked to stop: somebody else goes on."""


class HandedOver(Exception):  # noqa: N818 - it names what happened
    """The run was cut into parts: whoever does the last one ends it."""


class Lost(Exception):  # noqa: N818 - it names what happened
    """Another process has taken the run up: this one was away for longer than its lease."""


@dataclass(frozen=True)
class Place:
    """Where runs are done: one installation, on one machine."""

    engine: Engine
    settings: Settings
    now: Callable[[], dt.datetime]
    """The clock, in UTC without a zone."""
    stopping: Event = field(default_factory=Event)
    """Set where the process is asked to stop."""
    slots: int | None = None
    """How many reports one run prints at a time; one a core where nothing is said."""


@dataclass(frozen=True)
class Given:
    """One run."""

    place: Place
    key: Key
    holder: str
    """Who has it."""
    by: int | None
    """The account that asked for it."""
    go_on: Callable[[], None]
    """Called between two pieces of work; raises Lost where the run is this process's no more, or Stopping."""

    @property
    def about(self) -> str:
        """What it is about: a wave, an address."""
        return self.key.about

    def each(self, _done: int, _total: int) -> None:
        """Take note of a piece that is done, as services tell it."""
        self.go_on()


Work = Callable[[Given], Outcome | None]
"""What a run does: it tells what came of it, or nothing where nobody is to be told."""
