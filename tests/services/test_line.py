"""The line in which requests wait: who waits how long, who is told to come again, and when."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from survey.web.line import LATEST, LONGEST_PACE, SOONEST, Book, Line, Waiting
from tests.services.hosts import until

THREADS: Final = 2
LONG: Final = 1000.0
"""Seconds that nobody has to wait in a test."""
MOMENT: Final = 0.001


class Asked(Waiting):
    """A request of a test; its answer takes until `held` is set."""

    def __init__(
        self, done: list["Asked"], held: threading.Event, patience: float = LONG, *, short: bool = False
    ) -> None:
        self.since, self.again_in = 0.0, 0
        self._done, self._held, self._patience, self._short = done, held, patience, short

    @property
    def is_short(self) -> bool:
        """Whether it hardly takes time."""
        return self._short

    @property
    def patience(self) -> float:
        """Seconds it may wait."""
        return self._patience

    def service(self) -> None:
        """Take as long as it takes; a moment where it is only told to come again."""
        self._held.wait(MOMENT if self._short or self.again_in else None)
        self._done.append(self)

    def cancel(self) -> None:
        """Nothing is to be forgotten."""


class Scene:
    """A line whose threads are all kept by somebody, and what has been answered."""

    def __init__(self, line: Line) -> None:
        self.line, self.done, self.held = line, list[Asked](), threading.Event()
        for _ in range(THREADS):
            self.comes()
        until(lambda: not line.queue)

    def comes(self, patience: float = LONG, *, short: bool = False) -> Asked:
        """Let somebody come."""
        asked = Asked(self.done, self.held, patience, short=short)
        self.line.add_task(asked)
        return asked


@contextmanager
def kept() -> Iterator[Scene]:
    """Give a scene; its threads end with it."""
    line = Line(THREADS)
    scene = Scene(line)
    try:
        yield scene
    finally:
        scene.held.set()
        line.shutdown()


def test_short_work_is_done_while_all_threads_are_kept() -> None:
    """Files and signs of life go on, whatever the others wait for."""
    with kept() as scene:
        short = [scene.comes(short=True) for _ in range(5)]
        until(lambda: scene.done == short)


def test_who_has_waited_too_long_is_told_to_come_again() -> None:
    """Others who may wait longer go on waiting, and all are answered in the end."""
    with kept() as scene:
        hurried, patient = scene.comes(0.0), scene.comes()
        scene.line.look()
        until(lambda: scene.done == [hurried])
        assert SOONEST <= hurried.again_in <= LATEST
        assert patient.again_in == 0
        scene.held.set()
        until(lambda: len(scene.done) == THREADS + 2)


def test_who_would_wait_too_long_is_told_at_once() -> None:
    """Nobody stands in a line that is longer than she may wait; each is expected later than the one before."""
    with kept() as scene:
        first = scene.comes()
        until(lambda: time.monotonic() - first.since > 0.01)
        told = [scene.comes(0.01) for _ in range(300)]
        until(lambda: len(scene.done) == len(told))
        assert first.again_in == 0
        expected = [each.again_in for each in told]
        assert expected == sorted(expected)
        assert expected[-1] > expected[0] + 10


def test_many_in_the_line_are_foreseen_to_take_long() -> None:
    """A crowd that came in the same moment has not waited yet; how many they are tells how long it will take."""
    with kept() as scene:
        crowd = [scene.comes() for _ in range(500)]
        assert scene.comes(1.0).again_in > 0
        assert scene.comes(LONG).again_in == 0
        assert not any(each.again_in for each in crowd)


def test_short_work_does_not_keep_others_from_their_turn() -> None:
    """However many are told to come again, who waits is answered between them."""
    with kept() as scene:
        last = scene.comes()
        with scene.line.lock:
            scene.line.short.extend(Asked(scene.done, threading.Event(), short=True) for _ in range(300))
            scene.held.set()
        until(lambda: len(scene.done) == THREADS + 301)
    assert scene.done.index(last) < 200


def test_a_lock_says_nothing_about_the_pace() -> None:
    """After somebody kept everybody waiting for long, the line is not thought to be slow."""
    with kept() as scene:
        waited = [scene.comes() for _ in range(40)]
        until(lambda: time.monotonic() - waited[0].since > 5 * LONGEST_PACE)
        scene.held.set()
        until(lambda: len(scene.done) == THREADS + 40)
        assert scene.comes(LONGEST_PACE).again_in == 0


def test_nobody_is_expected_later_than_she_would_wait() -> None:
    """Where more are told than can come in that time, they come among the others."""
    book = Book()
    told = [book.next(0.0, 1.0) for _ in range(1000)]
    assert (min(told), max(told)) == (SOONEST, LATEST)
    assert max(told.count(each) for each in set(told)) <= 1000 / (LATEST - SOONEST) + 1


def test_a_book_without_anybody_begins_anew() -> None:
    """Once all are gone, the next one is expected soon."""
    book = Book()
    for _ in range(50):
        book.next(0.0, 1.0)
    assert book.next(500.0, 1.0) == SOONEST
