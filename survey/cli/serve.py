"""The web server, and the clock that keeps promises without being asked."""

import os
import socket
import threading
from contextlib import suppress

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from survey import database, faults
from survey.cli import context
from survey.cli.installation import prepare, require_queue
from survey.cli.processes import Inherited, become_parent, listening
from survey.i18n import Sentence
from survey.migrations import require_newest
from survey.runs import due
from survey.runs.chosen import Runs
from survey.runs.given import Place
from survey.services import closed, first_run, runs
from survey.services.clocks import ClocksApart
from survey.settings import MOST_PROCESSES, Settings
from survey.web import logs
from survey.web.factory import create_app
from survey.web.serving import Server
from survey.web.together import Together

TICK_SECONDS = 600
LOOK_SECONDS = runs.LEASE.total_seconds() / 2
"""How often runs are looked for that nobody has any more."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, help="Requests answered at the same time, by each process.")
@click.option(
    "--processes",
    type=click.IntRange(1, MOST_PROCESSES),
    help="Processes that serve (default: SURVEY_PROCESSES, else 1).",
)
@click.option("--inherited", hidden=True, help="What a parent gives to a process that serves for it.")
def serve_command(host: str, port: int, threads: int, processes: int | None, inherited: str | None) -> None:
    """Serve the pages until interrupted, and do every ten minutes what `survey tick` does.

    Where nothing is set up yet, it makes what is needed, and says how to go on in a browser.
    """
    settings = context.settings()
    if inherited is not None:
        serve_for_parent(settings, Inherited.read(inherited), threads)
        return
    for sentence in closed.at_start(settings):
        context.say(sentence, err=True)
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
    serve(settings, host, port, threads, processes or settings.processes)


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


def serve(settings: Settings, host: str, port: int, threads: int = 8, count: int = 1) -> None:
    """Serve an installation until interrupted, in this process or in several below it."""
    sockets = listening(host, port)
    if count > 1:
        logs.configure(settings)
        _say_where(settings, host, port)
        become_parent(sockets, count, settings.log, ["--threads", str(threads)])
    together = Together()
    app = create_app(settings, together)
    server = Server(app, settings, sockets, threads)
    _say_where(settings, host, port)
    _run(server, app, settings, together)


def serve_for_parent(settings: Settings, inherited: Inherited, threads: int) -> None:
    """Serve what comes in at the parent's sockets, until the parent says so or is gone."""
    together = Together(inherited.memory, inherited.slot)
    app = create_app(settings, together)
    server = Server(app, settings, [socket.socket(fileno=number) for number in inherited.sockets], threads)
    server.end_with(inherited.alive)
    _run(server, app, settings, together)


def _say_where(settings: Settings, host: str, port: int) -> None:
    if settings.log == "json":
        logs.say(f"serving on http://{host}:{port}")
        return
    with suppress(OSError):  # where the disk of the log is full, pages go on without it
        context.say(f"http://{host}:{port}")


def _run(server: Server, app: Flask, settings: Settings, together: Together) -> None:
    threading.excepthook = logs.thread_failed
    ended = threading.Event()
    if together.slot == 0:  # of several processes one looks after the clock, and after runs that nobody has
        threading.Thread(target=_keep_promises, args=(settings, ended), name="tick", daemon=True).start()
        runner: Runs = app.extensions["survey.runs"]
        threading.Thread(target=_take_up_runs, args=(runner, ended), name="runs", daemon=True).start()
    try:
        server.run(together.beat)
    finally:
        ended.set()


def _take_up_runs(runner: Runs, ended: threading.Event) -> None:
    """Go on with what a process that is gone has left, this one's own of before too."""
    while not ended.is_set():
        try:
            runner.take_up()
        except SQLAlchemyError as error:  # the database is away, or no connection is to spare: it is asked again
            logs.say(f"runs: {faults.kind(error)}", wrong=True)
        ended.wait(LOOK_SECONDS)


def _keep_promises(settings: Settings, ended: threading.Event) -> None:
    """Do what is due, again and again: a key must not outlive its 48 hours because nobody set up a timer."""
    while not ended.is_set():
        try:
            opened = database.engine(settings.database_url, there=True)
            try:
                done = due.do(Place(opened, settings, context.now))
            finally:
                opened.dispose()
            for sentence in done.sentences if done else ():
                logs.say(sentence.to("en"))
        except ClocksApart as apart:
            logs.say(apart.sentence.to("en"), wrong=True)
        except Exception as error:  # noqa: BLE001 - whatever failed, the next tick must try again
            # The kind is enough for a log: a message could hold what it must not.
            logs.say(f"tick: {faults.kind(error)}", wrong=True)
        ended.wait(TICK_SECONDS)
