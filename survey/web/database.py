"""One database session a request: reading for a page, writing for a form; kept only if the view succeeds."""

from typing import Final

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey.database import sessions

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def database() -> Engine:
    """Return the engine of this installation."""
    engine: Engine = current_app.extensions["survey.engine"]
    return engine


def db() -> Session:
    """Return this request's session, opened at the first call; a page's session cannot write."""
    if "session" not in g:
        g.session = sessions(database(), writes=request.method not in SAFE_METHODS)()
    session: Session = g.session
    return session


def done() -> None:
    """Commit and close: before the answer leaves, or before a view starts work that has sessions of its own."""
    if "session" in g:
        g.session.commit()
        g.pop("session").close()


def roll_back() -> None:
    """Forget what this request has written since its last commit: it was refused, or it failed."""
    if "session" in g:
        g.pop("session").close()


def keep(response: Response) -> Response:
    """Commit before the answer leaves, so that whoever reads "done" can rely on it."""
    done()
    return response


def forget(_error: BaseException | None) -> None:
    """Roll back what a failed request left open."""
    roll_back()


def install(app: Flask, engine: Engine) -> None:
    """Give the app its engine, and every request its session."""
    app.extensions["survey.engine"] = engine
    app.after_request(keep)
    app.teardown_request(forget)
