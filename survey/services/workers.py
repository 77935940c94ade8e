"""What the database knows of workers: their queue has a schema of its own, which Procrastinate's tables fill.

Read here, so that pages and checks need not load that library; `survey.runs.queue` writes.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

SCHEMA: Final = "survey_jobs"
ALIVE: Final = 60
"""Seconds since its last sign of life after which a worker is taken to be gone."""


def revision(session: Session) -> str:
    """Return up to which of its migrations the queue was brought; "" where there is none."""
    found = text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')")
    return session.scalar(found, {"schema": SCHEMA}) or ""


def newest() -> str:
    """Return the name of the last migration of the Procrastinate that is installed; "" where none is.

    The library is looked at and not loaded: pages need to know no more of it.
    """
    found = find_spec("procrastinate")
    folders = [Path(each) / "sql" / "migrations" for each in (found.submodule_search_locations or ())] if found else []
    return max((path.name for folder in folders for path in folder.glob("*.sql")), default="")


def alive(session: Session) -> int:
    """Count the processes that have given a sign of life; each has two workers, one of which only looks around."""
    found = text(
        f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers"  # noqa: S608 - our own name
        " WHERE last_heartbeat > now() - make_interval(secs => :alive)"
    )
    return ((session.scalar(found, {"alive": ALIVE}) or 0) + 1) // 2


def waiting(session: Session) -> int:
    """Count the jobs that no worker has begun."""
    return session.scalar(text(f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs WHERE status = 'todo'")) or 0  # noqa: S608 - our own name
