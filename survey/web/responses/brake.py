"""What wrong codes meet: a delay for all of them together, since people of one office share an address.

Eighty bits are the defence; this keeps guessing from costing anybody else the server. Right codes are never delayed.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from survey.web.together import Together

FREE: Final = 20
"""Wrong codes a minute that are answered at once: slips of the finger."""
MANY: Final = 120
"""Wrong codes a minute from which on nothing more is said about them."""
MINUTE: Final = 60.0
PAUSE: Final = 0.5
"""Seconds; one request of a process waits at a time, so that threads stay free for those who answer."""


class Brake:
    """Counts the wrong codes of the last minute, whoever typed them, in all processes of this machine."""

    def __init__(
        self,
        kind: str = "codes",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._kind, self._clock, self._sleep = kind, clock, sleep
        self._counting = threading.Lock()
        self._waiting = threading.Lock()
        self.count_in(Together())

    def count_in(self, together: Together) -> None:
        """Count with others from now on."""
        self._until = together.numbers(self._kind)  # of each wrong code until when it counts

    def wrong(self) -> bool:
        """Count a wrong code, wait if there were many; return whether there are so many that no more is said."""
        recent = self._count()
        if recent > FREE and self._waiting.acquire(blocking=False):
            try:
                self._sleep(PAUSE)
            finally:
                self._waiting.release()
        return recent >= MANY

    def _count(self) -> int:
        now, (mine, everybody) = self._clock(), self._until
        with self._counting:
            mine[min(range(MANY), key=mine.__getitem__)] = now + MINUTE
        return sum(until > now for part in everybody for until in part)
