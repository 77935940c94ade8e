"""The web server, and the clock that keeps promises without being asked."""

import gc
import os
import threading

import click
import waitress
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from survey import database
from survey.cli import context
from survey.cli.installation import prepare, require_queue
from survey.i18n import Refused, Sentence
from survey.migrations import require_newest
from survey.runs import doing
from survey.runs.chosen import Runs
from survey.runs.given import Place
from survey.runs.report_files import forget_withdrawn
from survey.services import first_run, runs
from survey.services.accounts import heads
from survey.services.runs import Key
from survey.services.waves import by_itself, last_tick, upkeep
from survey.settings import Settings
from survey.web import logs
from survey.web.factory import LARGEST_FORM, create_app

TICK_SECONDS = 600
TICK = Key("tick", "")
"""Of several web machines one at a time does what is due."""
LOOK_SECONDS = runs.LEASE.total_seconds() / 2
"""How often runs are looked for that nobody has any more."""
LARGEST_TAKEN = 2 * LARGEST_FORM
"""Bytes: what is a little too large is taken in and answered with a page; above, the connection ends at once."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, help="Requests answered at the same time.")
def serve_command(host: str, port: int, threads: int) -> None:
    """Serve the pages until interrupted, and do every ten minutes what `survey tick` does.

    Where nothing is set up yet, it makes what is needed, and says how to go on in a browser.
    """
    settings = context.settings()
    opened = prepare(settings)  # says at once, and in a sentence, if the database cannot be used
    try:
        require_newest(opened)
        require_queue(settings, opened)
        with database.reading(opened) as session:
            new = first_run.is_open(session)
    finally:
        opened.dispose()
    if new:
        _show_way_in(settings, port)
    serve(settings, host, port, threads)


def _show_way_in(settings: Settings, port: int) -> None:
    """Say where the first run begins. The code stands behind the #, which reaches no log of a web server."""
    code = first_run.code(settings.secret())
    address = settings.base_url if "SURVEY_URL" in os.environ else f"http://127.0.0.1:{port}"
    context.say(
        Sentence(
            "Nobody has an account in %(home)s yet. Set the survey up in a browser: %(address)s (set-up code %(code)s)",
            {"home": settings.home, "address": f"{address}/first-run/#{code}", "code": code},
        )
    )


def serve(settings: Settings, host: str, port: int, threads: int = 8) -> None:
    """Serve an installation until interrupted."""
    app = create_app(settings)
    gc.collect()
    gc.freeze()  # Python's collector needs a quarter of a second for what stays as long as the process does
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident="",
            max_request_body_size=LARGEST_TAKEN,
            # What proxies of the operator's own say is read by the app, as many of them as the settings name.
            clear_untrusted_proxy_headers=not settings.proxy_hops,
        )
    except OSError as error:
        raise Refused(
            "Cannot listen on %(host)s, port %(port)s (%(why)s). Choose another port with --port.",
            host=host,
            port=port,
            why=error.strerror,
        ) from error
    threading.excepthook = logs.thread_failed
    ended = threading.Event()
    threading.Thread(target=_keep_promises, args=(settings, ended), name="tick", daemon=True).start()
    runner: Runs = app.extensions["survey.runs"]
    threading.Thread(target=_take_up_runs, args=(runner, ended), name="runs", daemon=True).start()
    if settings.log == "json":
        logs.say(f"serving on http://{host}:{port}")
    else:
        click.echo(f"http://{host}:{port}")
    try:
        server.run()
    finally:
        ended.set()


def _take_up_runs(runner: Runs, ended: threading.Event) -> None:
    """Go on with what a process that is gone has left, this one's own of before too."""
    while not ended.is_set():
        try:
            runner.take_up()
        except SQLAlchemyError as error:  # the database is away, or no connection is to spare: it is asked again
            logs.say(f"runs: {type(error).__name__}", wrong=True)
        ended.wait(LOOK_SECONDS)


def _keep_promises(settings: Settings, ended: threading.Event) -> None:
    """Do what is due, again and again: a key must not outlive its 48 hours because nobody set up a timer."""
    while not ended.is_set():
        try:
            opened = database.engine(settings.database_url)
            try:
                with doing.alone(Place(opened, settings, context.now), TICK) as alone:
                    if alone:
                        _tick(opened, settings)
            finally:
                opened.dispose()
        except Exception as error:  # noqa: BLE001 - whatever failed, the next tick must try again
            # The kind is enough for a log: a message could hold what it must not.
            logs.say(f"tick: {type(error).__name__}", wrong=True)
        ended.wait(TICK_SECONDS)


def _tick(opened: Engine, settings: Settings) -> None:
    done = upkeep.tick(opened, settings.home, context.now(), settings.keys).sentences()
    last_tick.note(settings.home, context.now())
    for sentence in [*done, *by_itself.go_on(opened, settings, context.now())]:
        logs.say(sentence.to("en"))
    heads.mail(opened, settings, context.now())
    with database.reading(opened) as session:
        forget_withdrawn(session, settings)  # last: a store that is away must not keep letters back
