"""Runs are done by threads of this process, one a run."""

import math
from threading import Lock, Thread
from typing import Final

from sqlalchemy.orm import Session

from survey.database import reading
from survey.runs.doing import do
from survey.runs.given import Place
from survey.runs.kinds import KINDS
from survey.services import runs
from survey.services.runs import Key, Run

NAMED: Final = "run "
"""How the names of these threads begin, so that whoever shuts a process down can tell them from others."""
FEW: Final = 5
"""Pieces of work after which the pace is worth telling."""


def minutes_left(run: Run, done: int, total: int) -> int | None:
    """Return how long a run will go on at its pace so far, in minutes begun; None before anything can be said.

    >>> minutes_left(Run(True, seconds=20, done=100), 110, 200), minutes_left(Run(True, seconds=3), 1, 200)
    (3, None)
    """
    made = done - run.done
    if not run.running or made < FEW:
        return None
    return math.ceil((total - done) * run.seconds / made / 60)


class Runner:
    """The runs of this process; one of a key at a time, whoever else looks at the same rows."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = Lock()
        self._threads: dict[Key, Thread] = {}
        self._again: set[Key] = set()
        self.turns: Final = {name: Lock() for name, kind in KINDS.items() if kind.in_turn}
        """Kinds that are done one at a time: who holds the lock of one is the one."""

    def ask(self, session: Session, key: Key, by: int | None = None, done: int = 0) -> bool:
        """Let a run begin once `session` commits and `wake` is called; False where one is under way."""
        return runs.ask(session, key, by, done)

    def wake(self, key: Key) -> None:
        """Do what was asked for, in a thread; nothing happens where somebody does it already."""
        with self._lock:
            if key in self._threads:
                self._again.add(key)  # it may be ending just now, and not have seen what was asked for
                return
            thread = Thread(target=self._run, args=(key,), name=NAMED + " ".join(key), daemon=True)
            self._threads[key] = thread
        thread.start()

    def take_up(self) -> list[Key]:
        """Go on with what nobody has: asked for and not begun, or left by a process that is gone."""
        with reading(self._place.engine) as session:
            left = [key for key in runs.left(session) if key.kind in KINDS]
        for key in left:
            self.wake(key)
        return left

    def wait(self, key: Key) -> None:
        """Wait until what this process does of a run is over."""
        with self._lock:
            thread = self._threads.get(key)
        if thread is not None:
            thread.join()

    def wait_for_all(self) -> None:
        """Wait until this process does no run any more."""
        while True:
            with self._lock:
                thread = next(iter(self._threads.values()), None)
            if thread is None:
                return
            thread.join()

    def _run(self, key: Key) -> None:
        try:
            while self._do(key):
                pass
        except BaseException:
            with self._lock:
                self._forget(key)
            raise

    def _do(self, key: Key) -> bool:
        """Do it, and tell whether it was asked for again meanwhile."""
        turn = self.turns.get(key.kind)
        if turn is None:
            do(self._place, key)
        else:
            with turn:
                do(self._place, key)
        with self._lock:
            if key in self._again:
                self._again.discard(key)
                return True
            self._forget(key)
            return False

    def _forget(self, key: Key) -> None:
        self._threads.pop(key, None)
        self._again.discard(key)
