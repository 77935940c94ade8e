"""Requests that wait for a thread: in the order in which they came, and none for longer than is sensible.

Whoever would wait too long is told at once to come again, with what she sent still in her page, and when: one after the
other, at the pace at which people are answered here. That is short work, as files and signs of life are. It goes first,
and one thread does nothing else, so that it is done as well while all others wait for a lock.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Final, Protocol

from waitress.task import ThreadedTaskDispatcher

FIRST_PACE: Final = 0.01
"""Seconds between two requests that are taken up, before anything has been seen."""
SMOOTHED: Final = 32
"""Requests over which the pace is seen."""
LONGEST_PACE: Final = 0.1
"""Seconds: a longer pause is somebody's lock, and says nothing about the pace after it."""
SHORT_IN_A_ROW: Final = 10
"""Short works that a thread does before a longer one has its turn: all of them take about as long as that one."""
VISIT: Final = 5
"""Requests from the link to the thanks: so much room is kept for each who comes again."""
SOONEST: Final = 10.0
"""Seconds after which somebody comes again at the soonest."""
LATEST: Final = 120.0
"""Seconds after which she does at the latest: nobody looks longer at a page that only waits."""


class Waiting(Protocol):
    """A connection whose request waits."""

    since: float
    """When it began to wait, in seconds of `time.monotonic`."""
    again_in: int
    """Seconds after which she is told to come again; 0 where her request is done."""

    @property
    def is_short(self) -> bool:
        """Whether it hardly takes time, and no database."""

    @property
    def patience(self) -> float:
        """Seconds it may wait."""

    def service(self) -> None:
        """Answer the request."""

    def cancel(self) -> None:
        """Forget the request."""


class Book:
    """When those who were told to come again are expected: never more of them at a time than can be answered."""

    def __init__(self) -> None:
        self._until = 0.0

    def next(self, now: float, takes: float) -> int:
        """Return after how many whole seconds the next one is expected, whose visit takes so many.

        >>> book = Book()
        >>> [book.next(0.0, 2.5) for _ in range(4)]
        [10, 13, 15, 18]
        """
        self._until = max(self._until + takes, now + SOONEST)
        if self._until > now + LATEST:  # as many as that come among the first ones again
            self._until = now + SOONEST
        return -int(-(self._until - now) // 1)


class Line(ThreadedTaskDispatcher):  # type: ignore[misc] # waitress has no types
    """Hands requests to threads."""

    def __init__(self, threads: int) -> None:
        """Start so many threads, and the one for short work."""
        super().__init__()
        self.queue: deque[Waiting] = deque()
        self.short: deque[Waiting] = deque()
        self._short_comes = threading.Condition(self.lock)
        self._over = False
        self._book = Book()
        self._pace = FIRST_PACE
        self._taken = time.monotonic()
        self._stood = False
        """Whether others stood in the line when the last one was taken: only then it tells the pace."""
        self.set_thread_count(threads)
        threading.Thread(target=self._do_short, name="short", daemon=True).start()

    def add_task(self, task: Waiting) -> None:
        """Let a request wait; or let it be told at once that it would wait too long."""
        with self.lock:
            task.since = time.monotonic()
            if task.is_short:
                self._put_short([task])
            elif self._foreseen(task.since) > task.patience:
                self._turn_away([task], task.since)
            else:
                self.queue.append(task)
                self.queue_cv.notify()

    def look(self) -> None:
        """Turn away who has waited too long, whatever was foreseen: something keeps the threads."""
        with self.lock:
            now = time.monotonic()
            late = [each for each in self.queue if now - each.since > each.patience]
            if late:
                gone = set(map(id, late))
                self.queue = deque(each for each in self.queue if id(each) not in gone)
                self._turn_away(late, now)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:  # noqa: FBT001, FBT002 - as waitress has it
        """End all threads."""
        with self.lock:
            self._over = True
            self._short_comes.notify_all()
        return bool(super().shutdown(cancel_pending, timeout))

    def handler_thread(self, thread_no: int) -> None:
        """Work until told to stop."""
        row = 0
        while (task := self._next(thread_no, row)) is not None:
            row = row + 1 if task.again_in or task.is_short else 0
            self._serve(task)

    def _next(self, number: int, row: int) -> Waiting | None:
        """Wait for a request; None where this thread is to end."""
        with self.lock:
            while not (self.queue or self.short or self.stop_count):
                self.active_count -= 1
                self.queue_cv.wait()
                self.active_count += 1
            if self.stop_count:
                self.active_count -= 1
                self.stop_count -= 1
                self.threads.discard(number)
                self.thread_exit_cv.notify()
                return None
            if self.short and (row < SHORT_IN_A_ROW or not self.queue):
                return self.short.popleft()
            return self._take()

    def _take(self) -> Waiting:
        now = time.monotonic()
        if self._stood:
            self._pace += (min(now - self._taken, LONGEST_PACE) - self._pace) / SMOOTHED
        taken = self.queue.popleft()
        self._taken, self._stood = now, bool(self.queue)
        return taken

    def _do_short(self) -> None:
        while True:
            with self.lock:
                while not (self.short or self._over):
                    self._short_comes.wait()
                if self._over:
                    return
                task = self.short.popleft()
            self._serve(task)

    def _serve(self, task: Waiting) -> None:
        try:
            task.service()
        except BaseException:
            self.logger.exception("a request")

    def _foreseen(self, now: float) -> float:
        """Return the seconds that whoever comes now would wait."""
        return max(len(self.queue) * self._pace, now - self.queue[0].since) if self.queue else 0.0

    def _turn_away(self, tasks: Iterable[Waiting], now: float) -> None:
        told = list(tasks)
        for each in told:
            each.again_in = self._book.next(now, VISIT * self._pace)
        self._put_short(told)

    def _put_short(self, tasks: Iterable[Waiting]) -> None:
        self.short.extend(tasks)
        self.queue_cv.notify()
        self._short_comes.notify()
