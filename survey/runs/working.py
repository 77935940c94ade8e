"""A worker: a process that takes jobs from the queue until it is asked to stop."""

import asyncio
import logging
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import procrastinate
from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import Engine

from survey import faults
from survey.runs import queue, sharing
from survey.runs.given import Place, Stopping
from survey.services.workers import SCHEMA

AWAY: Final = 2
"""Seconds until a database that was away is asked again."""
LOG: Final = logging.getLogger("survey.worker")
CONNECTIONS: Final = 4
"""To the database for the queue itself: fetching, listening, signs of life."""


@dataclass(frozen=True)
class Pace:
    """How often a worker gives a sign of life, and how soon what others left is taken up, in seconds."""

    beat: float = 10
    gone_after: float = 30
    """Without a sign of life, after which a worker's jobs are anybody's."""
    look: str = "* * * * *"
    """When somebody looks for them, as cron writes it: every minute."""


class Again(BaseRetryStrategy):
    """A part that failed is begun again, at once where its worker was only asked to stop."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Begin it again until `make_part` itself gives it up."""
        if job.attempts > sharing.MOST_TRIES:
            return None
        return RetryDecision(retry_in={"seconds": 0 if isinstance(exception, Stopping) else 10})


def work(place: Place, queues: Sequence[str], slots: int, pace: Pace = Pace()) -> None:
    """Do what comes, so many jobs at a time, until SIGTERM or an interrupt; what is begun then is given back."""
    asyncio.run(_work(place, queues, slots, pace))


async def _work(place: Place, queues: Sequence[str], slots: int, pace: Pace) -> None:
    app = _app(place, pace)
    async with app.open_async():
        # Two, so that a look does not wait until a hundred thousand letters are out.
        each = [asyncio.create_task(_serve(app, *what, pace)) for what in ((queues, slots), ([queue.LOOKS], 1))]
        working = asyncio.gather(*each)

        def stop() -> None:
            place.stopping.set()
            working.cancel()

        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop)
        with suppress(asyncio.CancelledError):
            await working
        await asyncio.gather(*each, return_exceptions=True)  # until what was begun is given back


async def _serve(app: procrastinate.App, queues: Sequence[str], slots: int, pace: Pace) -> None:
    """Serve queues until cancelled; where the database is away, as while it is started anew, wait for it."""
    while True:
        try:
            await app.run_worker_async(
                queues=list(queues),
                concurrency=slots,
                delete_jobs="always",
                update_heartbeat_interval=pace.beat,
                stalled_worker_timeout=pace.gone_after,
                install_signal_handlers=False,
            )
        except ConnectorException as error:
            LOG.error("worker: %s", faults.kind(error.__cause__ or error))  # noqa: TRY400 - no more than the kind is logged
            await asyncio.sleep(AWAY)


def _app(place: Place, pace: Pace) -> procrastinate.App:
    app = procrastinate.App(connector=_connector(place.engine))

    @app.task(name=queue.TAKE_UP)
    def take_up(kind: str) -> None:
        sharing.take_up(place, kind)

    @app.task(name=queue.PART, pass_context=True, retry=Again())
    def make_part(context: JobContext, part: str) -> None:
        sharing.make_part(place, part, context.job.attempts)

    @app.periodic(cron=pace.look)
    @app.task(name="look", queue=queue.LOOKS, queueing_lock=queue.LOOKS)
    async def look(timestamp: int) -> None:  # noqa: ARG001 - the library says for when it was asked
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=pace.gone_after):
            await app.job_manager.retry_job(job)
        await asyncio.to_thread(sharing.look, place)

    return app


def _connector(engine: Engine) -> procrastinate.PsycopgConnector:
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = {"options": f"-c search_path={SCHEMA}"}
    return procrastinate.PsycopgConnector(conninfo=address, kwargs=options, min_size=1, max_size=CONNECTIONS)
