"""`survey worker`: a process that sends letters and prints reports which web processes ask for."""

import os
import threading
from collections.abc import Sequence

import click

from survey import database
from survey.cli import context
from survey.i18n import Refused
from survey.migrations import require_newest
from survey.runs.given import Place
from survey.services.closed import require_closed
from survey.web import logs

QUEUES = ("letters", "reports")


@click.command("worker")
@click.option(
    "--queues", type=click.Choice(QUEUES), multiple=True, default=QUEUES, show_default=True, help="What it does."
)
@click.option("--slots", type=click.IntRange(1), help="Jobs at a time (default: one a core).")
def worker(queues: Sequence[str], slots: int | None) -> None:
    """Do letters and reports that web processes ask for, until interrupted. Needs SURVEY_WORKERS=on."""
    settings = context.settings()
    if not settings.workers:
        raise Refused(
            "Set SURVEY_WORKERS=on for the web processes and the workers: without it nothing is left to them."
        )
    require_closed(settings)
    from survey.runs import queue, working  # noqa: PLC0415 - their library is there only where workers are

    opened = database.engine(settings.database_url)
    try:
        require_newest(opened)
        queue.require(opened)
        logs.configure(settings)
        threading.excepthook = logs.thread_failed
        count = slots or os.cpu_count() or 1
        logs.say(f"working on {' and '.join(queues)}, {count} at a time")
        working.work(Place(opened, settings, context.now, slots=1), queues, count)
        logs.say("the worker has ended")
    finally:
        opened.dispose()
