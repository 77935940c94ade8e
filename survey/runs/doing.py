"""One run is done: taken up under a lease that is moved on while the work goes on, and ended with what came of it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from survey.database import writing
from survey.i18n import Refused
from survey.runs.given import Given, HandedOver, Lost, Place, Stopping, Work
from survey.runs.kinds import KINDS
from survey.services import runs
from survey.services.runs import Key, Outcome

MOST_TRIES: Final = 5
"""How often a run is taken up: one that takes its process down with it must not do so for ever."""
BEAT: Final = runs.LEASE.total_seconds() / 4
"""Seconds between two moves of the lease."""


def do(place: Place, key: Key, work: Work | None = None) -> bool:
    """Do a run, unless another process has it or it is over; tell whether it was taken up here.

    `work` is what its kind does, where it is not to be cut into parts.

    Raises:
        Exception: whatever the work failed with; that it failed has been told by then.
    """
    holder = secrets.token_hex(16)
    taken = runs.take(place.engine, key, holder)
    if taken is None:
        return False
    kind = KINDS[key.kind]
    outcome = kind.failed
    try:
        if taken.tries <= MOST_TRIES:
            outcome = _work(place, key, work or kind.work, holder, taken.asked_by)
    except (Lost, HandedOver):
        return True
    except Stopping:
        runs.give_back(place.engine, key, holder)
        return True
    except BaseException:
        runs.end(place.engine, key, holder, kind.failed)
        raise
    runs.end(place.engine, key, holder, outcome)
    return True


def _work(place: Place, key: Key, work: Work, holder: str, by: int | None) -> Outcome | None:
    with held(place, key, holder) as lost:

        def go_on() -> None:
            if lost.is_set():
                raise Lost
            if place.stopping.is_set():
                raise Stopping

        try:
            return work(Given(place, key, holder, by, go_on))
        except Refused as refused:
            return "problem", refused.sentence


@contextmanager
def held(place: Place, key: Key, holder: str) -> Iterator[Event]:
    """Move the lease on as long as the block runs; give what tells that somebody else has taken the run up."""
    over, lost = Event(), Event()

    def beat() -> None:
        while not over.wait(BEAT):
            try:
                if not runs.keep(place.engine, key, holder):
                    return lost.set()
            except SQLAlchemyError:
                # The database is away, or this process has no connection to spare (which is no error of the database):
                # it is asked again, and in the meantime the lease goes down by itself.
                continue
        return None

    beating = Thread(target=beat, name="lease", daemon=True)
    beating.start()
    try:
        yield lost
    finally:
        over.set()
        beating.join()


@contextmanager
def alone(place: Place, key: Key) -> Iterator[bool]:
    """Tell whether no other process is at something that is no run, and let none begin it as long as the block goes on.

    Where one was killed at it, the next may begin once the lease has passed.
    """
    holder = secrets.token_hex(16)
    with writing(place.engine) as session:
        runs.ask(session, key)
    if runs.take(place.engine, key, holder) is None:
        yield False
        return
    try:
        with held(place, key, holder):
            yield True
    finally:
        runs.end(place.engine, key, holder, None)
