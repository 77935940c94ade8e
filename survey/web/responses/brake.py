"""What wrong codes meet: a delay for all of them together, since people of one office share an address.

Eighty bits are the defence; this keeps guessing from costing anybody else the server. Right codes are never delayed.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

FREE: Final = 20
"""Wrong codes a minute that are answered at once: slips of the finger."""
MANY: Final = 120
"""Wrong codes a minute from which on nothing more is said about them."""
MINUTE: Final = 60.0
PAUSE: Final = 0.5
"""Seconds; one request waits at a time, so that threads stay free for those who answer."""


class Brake:
    """Counts the wrong codes of the last minute, whoever typed them."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._wrong: deque[float] = deque(maxlen=MANY)
        self._counting = threading.Lock()
        self._waiting = threading.Lock()

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
        now = self._clock()
        with self._counting:
            self._wrong.append(now)
            while self._wrong[0] < now - MINUTE:
                self._wrong.popleft()
            return len(self._wrong)
