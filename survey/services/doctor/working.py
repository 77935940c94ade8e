"""Whether somebody does what web processes leave to workers."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from survey.i18n import Sentence
from survey.services import workers
from survey.services.doctor.check import Check, fail, ok
from survey.settings import Settings


def look(session: Session, settings: Settings) -> Iterator[Check]:
    """Look at the queue and at who serves it; nothing where threads do the work."""
    if not settings.workers:
        return
    found, newest = workers.revision(session), workers.newest()
    if not newest:
        said = Sentence("The library of the workers’ queue is not installed, so nothing can be left to workers.")
        yield fail("workers", said, Sentence("Run: pip install -r requirements/workers.txt"))
        return
    if found != newest:
        missing = Sentence("The workers’ queue is not in the database yet.")
        older = Sentence("The workers’ queue in the database is of another version than this program’s.")
        yield fail("workers", older if found else missing, Sentence("Run: survey migrate"))
        return
    count, waiting = workers.alive(session), workers.waiting(session)
    if count:
        yield ok("workers", Sentence("Workers: %(count)s; jobs that wait: %(waiting)s."), count=count, waiting=waiting)
        return
    yield fail(
        "workers",
        Sentence("No worker is at work, so no letter leaves and no report is printed; jobs that wait: %(waiting)s."),
        Sentence("Start on this or another machine: survey worker"),
        waiting=waiting,
    )
