"""Work that takes longer than a page may: a thread of this process, and what came of it.

What has been done is kept by the services (letters by their dates, reports as files), so a run that dies with the
process is simply started again and goes on where it stopped.
"""

from collections.abc import Callable
from threading import Lock, Thread
from typing import Final

from survey.i18n import Refused, Sentence

Key = tuple[str, str]
"""What kind of run, and what for: ("letters", "2026-Q4")."""
Outcome = tuple[str, Sentence]
"""How it is told ("done" or "problem"), and the sentence."""

FAILED: Final = Sentence(
    "The run stopped because of a mistake on our side. Start it again; it goes on where it stopped."
)


class Runs:
    """The runs of this process; at most one of a key at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: dict[Key, Thread] = {}
        self._outcomes: dict[Key, Outcome] = {}

    def start(self, key: Key, work: Callable[[], Outcome]) -> bool:
        """Start `work` unless it is running; tell whether it was started."""
        with self._lock:
            if key in self._running:
                return False
            self._outcomes.pop(key, None)
            thread = Thread(target=self._run, args=(key, work), name="-".join(key), daemon=True)
            self._running[key] = thread
        thread.start()
        return True

    def running(self, key: Key) -> bool:
        """Tell whether a run is under way."""
        with self._lock:
            return key in self._running

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
