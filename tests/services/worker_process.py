"""A worker as a process of its own, at the pace of a test, that writes down what it has kept and told.

python -m tests.services.worker_process NOTES QUEUE...
"""

import datetime as dt
import os
import sys
from pathlib import Path

from sqlalchemy.orm import Session

from reports.store.folder import Folder
from survey.database import engine
from survey.runs import doing, sharing, working
from survey.runs.given import Place
from survey.runs.working import Pace
from survey.services import runs
from survey.services.runs import Key, Outcome
from survey.settings import Settings
from survey.web.clock import now

PACE = Pace(beat=0.5, gone_after=3, look="* * * * * *")
LEASE = dt.timedelta(seconds=4)


def note(notes: Path, line: str) -> None:
    """Write a line that no other process can cut in two."""
    handle = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def main(notes: Path, queues: list[str]) -> None:
    """Work as `survey worker` does, until it is killed or asked to stop."""
    keep, tell = Folder.keep, runs.tell

    def keep_noted(self: Folder, name: str, content: bytes) -> bool:
        kept = keep(self, name, content)
        if kept:
            note(notes, f"kept {name}")
        return kept

    def tell_noted(session: Session, key: Key, holder: str, outcome: Outcome) -> bool:
        told = tell(session, key, holder, outcome)
        if told:
            note(notes, "told")
        return told

    Folder.keep = keep_noted  # type: ignore[method-assign] # what is kept is written down
    runs.tell = tell_noted
    sharing.MOST_TRIES = 1_000  # type: ignore[misc] # a test kills more often than a machine fails
    runs.LEASE, doing.BEAT = LEASE, LEASE.total_seconds() / 4  # type: ignore[misc] # the pace of a test
    settings = Settings.from_environment()
    opened = engine(settings.database_url)
    note(notes, "begun")
    working.work(Place(opened, settings, now, slots=1), queues, 1, PACE)
    note(notes, "ended")
    opened.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
