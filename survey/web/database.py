"""One database session a request: reading for a page, writing for a form; kept only if the view succeeds."""

from contextlib import ExitStack
from typing import Final

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey.database import reading, writing

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class UndoneError(Exception):
    """Tells the session's context manager to roll back; nobody ever sees it raised."""


def database() -> Engine:
    """Return the engine of this installation."""
    engine: Engine = current_app.extensions["survey.engine"]
    return engine


def db() -> Session:
    """Return this request's session, opened at the first call."""
    if "session" not in g:
        g.stack = ExitStack()
        opener = reading if request.method in SAFE_METHODS else writing
        g.session = g.stack.enter_context(opener(database()))
    session: Session = g.session
    return session


def roll_back() -> None:
    """Forget what this request has written so far: it was refused or it failed. A later `db()` starts anew."""
    _close(UndoneError())


def keep(response: Response) -> Response:
    """Commit before the answer leaves, so that whoever reads "done" can rely on it."""
    _close(None)
    return response


def forget(error: BaseException | None) -> None:
    """Roll back and close what a failed request left open."""
    _close(error or UndoneError())


def _close(error: BaseException | None) -> None:
    if "session" in g:
        g.pop("session")
        stack: ExitStack = g.pop("stack")
        stack.__exit__(type(error) if error else None, error, None)


def install(app: Flask, engine: Engine) -> None:
    """Give the app its engine, and every request its session."""
    app.extensions["survey.engine"] = engine
    app.after_request(keep)
    app.teardown_request(forget)
