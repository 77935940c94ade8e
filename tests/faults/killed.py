"""Kill what changes a database at many moments, and tell what the database holds after each.

python -m tests.faults.killed URL WORK MOMENTS

One process without threads, so that it may fork: a child does the work and kills itself before its nth statement, and
last of all before it commits. The work is all or nothing, so every child finds what the first one found.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Engine, MetaData, event, select

from survey.database import engine as open_engine
from survey.database import writing
from survey.migrations import current, upgrade
from survey.services.publication.publication import publish
from tests.services.mail_process import ROOT
from tests.services.rounds import WAVE
from tests.services.test_publication import LATER

ALL: Final = 0
"""Moments: every statement there is."""


def held(opened: Engine) -> str:
    """Return a digest of every row of every table, with the revision."""
    tables = MetaData()
    tables.reflect(opened)
    digest = hashlib.sha256(current(opened).encode())
    with opened.connect() as connection:
        for table in tables.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            digest.update("\n".join([table.name, *table.columns.keys(), *rows]).encode())
    return digest.hexdigest()


def _publish(opened: Engine) -> None:
    with writing(opened) as session:
        publish(session, WAVE, LATER)


WORK: Final[Mapping[str, Callable[[Engine], None]]] = {"upgrade": upgrade, "publish": _publish}


def killed(url: str, work: str, moments: int) -> list[str]:
    """Return what the database held before, and after each kill."""
    command = [sys.executable, "-m", __name__, url, work, str(moments)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    return list(json.loads(done.stdout))


def _held(url: str) -> str:
    opened = open_engine(url)
    found = held(opened)
    opened.dispose()
    return found


def _kill_at(url: str, work: str, moment: int | None) -> int:
    """Let a child do the work until `moment`, or until it would commit; return how many statements it has sent."""
    ours, its = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _do(url, work, moment, its)
    os.close(its)
    with os.fdopen(ours, "rb") as told:
        sent = len(told.read())
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the child at {moment} was not killed"
    assert os.WTERMSIG(status) == signal.SIGKILL
    return sent


def _do(url: str, work: str, moment: int | None, told: int) -> None:
    opened = open_engine(url)
    sent = 0

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(opened, "before_cursor_execute")
    def count(*_facts: object) -> None:
        nonlocal sent
        if sent == moment:
            die()
        sent += 1
        os.write(told, b".")

    @event.listens_for(opened, "commit")
    def stop(_connection: object) -> None:
        if sent > 1:
            die()

    WORK[work](opened)
    os._exit(1)


def _main(url: str, work: str, moments: int) -> None:
    found = [_held(url)]
    total = _kill_at(url, work, None)
    found.append(_held(url))
    step = max(1, total // moments) if moments else 1
    for moment in range(0, total, step):
        _kill_at(url, work, moment)
        found.append(_held(url))
    print(json.dumps(found))  # noqa: T201 - what the caller reads


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
