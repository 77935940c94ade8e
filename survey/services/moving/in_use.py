"""Who else has a database open: an installation moves only while nothing serves, works or writes."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

PROCESSES: Final = Path("/proc")
CLIENTS: Final = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL "
    "AND coalesce(backend_type, 'client backend') = 'client backend'"
)
"""Of another user's connection a plain user is not told what it is."""


def others(session: Session) -> int:
    """Return how many others are connected to PostgreSQL's database, or hold SQLite's file open on this machine.

    Of SQLite's file it sees the processes that this user may look at: root sees all.
    """
    engine = session.get_bind().engine
    if engine.dialect.name == "postgresql":
        return int(session.scalar(CLIENTS) or 0)
    file = Path(str(engine.url.database)).resolve()
    return sum(file in set(_open_files(process)) for process in PROCESSES.glob("[0-9]*") if process.name != _own())


def _own() -> str:
    return str(os.getpid())


def _open_files(process: Path) -> Iterator[Path]:
    with suppress(OSError):  # the process is gone, or somebody else's
        for handle in (process / "fd").iterdir():
            with suppress(OSError):
                yield handle.readlink()
