"""Work that takes longer than a page may: a thread of this process, and what came of it.

What has been done is kept by the services (letters by their dates, reports as files), so a run that dies with the
process is simply started again and goes on where it stopped.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread
from time import monotonic
from typing import Final

from survey.i18n import Refused, Sentence

Key = tuple[str, str]
"""What kind of run, and what for: ("letters", "2026-Q4")."""
Outcome = tuple[str, Sentence]
"""How it is told ("done" or "problem"), and the sentence."""

NAMED: Final = "run "
"""How the names of these threads begin, so that whoever shuts a process down can tell them from others."""
FEW: Final = 5
"""Pieces of work after which the pace is worth telling."""
FAILED: Final = Sentence(
    "The run stopped because of a mistake on our side. Start it again; it goes on where it stopped."
)


@dataclass(frozen=True)
class Begun:
    """When a run began, by a clock that is never put back, and how much was done by then."""

    at: float
    done: int


def minutes_left(begun: Begun, done: int, total: int, at: float) -> int | None:
    """Return how long a run will go on at its pace so far, in minutes begun; None before anything can be said.

    >>> minutes_left(Begun(at=0, done=100), done=110, total=200, at=20), minutes_left(Begun(0, 0), 1, 200, 3)
    (3, None)
    """
    made, passed = done - begun.done, at - begun.at
    if made < FEW:
        return None
    return math.ceil((total - done) * passed / made / 60)


class Runs:
    """The runs of this process; at most one of a key at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: dict[Key, Thread] = {}
        self._outcomes: dict[Key, Outcome] = {}
        self._begun: dict[Key, Begun] = {}

    def start(self, key: Key, work: Callable[[], Outcome], done: int = 0) -> bool:
        """Start `work`, of which so much is done already, unless it is running; tell whether it was started."""
        with self._lock:
            if key in self._running:
                return False
            self._outcomes.pop(key, None)
            thread = Thread(target=self._run, args=(key, work), name=NAMED + "-".join(key), daemon=True)
            self._running[key] = thread
            self._begun[key] = Begun(monotonic(), done)
        thread.start()
        return True

    def running(self, key: Key) -> bool:
        """Tell whether a run is under way."""
        with self._lock:
            return key in self._running

    def minutes_left(self, key: Key, done: int, total: int) -> int | None:
        """Return how long a run will go on; None where none is under way, or nothing can be said yet."""
        with self._lock:
            begun = self._begun.get(key) if key in self._running else None
        return None if begun is None else minutes_left(begun, done, total, monotonic())

    def outcome(self, key: Key) -> Outcome | None:
        """Return what came of the last run, until the next one starts."""
        with self._lock:
            return self._outcomes.get(key)

    def wait(self, key: Key) -> None:
        """Wait until a run is over."""
        with self._lock:
            thread = self._running.get(key)
        if thread is not None:
            thread.join()

    def _run(self, key: Key, work: Callable[[], Outcome]) -> None:
        outcome: Outcome = ("problem", FAILED)
        try:
            outcome = work()
        except Refused as refused:
            outcome = ("problem", refused.sentence)
        finally:
            with self._lock:
                self._outcomes[key] = outcome
                self._running.pop(key, None)
