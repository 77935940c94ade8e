"""How long a sign-in lasts: each page of it puts its end off, with one small write in some minutes."""

import datetime as dt
from typing import Final

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from survey.database import writing
from survey.services.accounts import sign_ins
from survey.services.accounts.sign_ins import Browser
from survey.web import access, cookies
from survey.web.clock import now
from survey.web.database import database
from survey.web.site import settings

ASKED_BY_SCRIPT: Final = "application/json"
"""What the page of a run asks for every few seconds: nobody need sit before it."""


def idle() -> dt.timedelta:
    """Return how long somebody may do nothing."""
    return dt.timedelta(minutes=settings().idle)


def put_off(response: Response) -> Response:
    """Put the end of this browser's sign-in off, once all that the request did is kept."""
    given: str | None = g.pop("given", None)
    try:
        if given is not None:
            _set(given)
        elif "browser" in g and request.headers.get("Accept") != ASKED_BY_SCRIPT:
            _put_off(access.browser())
    except SQLAlchemyError:  # the next page tries again: what was asked for is done
        return response
    return response


def _set(secret: str) -> None:
    """Set the end of a browser that was let in just now."""
    if idle() == sign_ins.IDLE:
        return
    with writing(database()) as session:
        found = sign_ins.browser_of(session, secret, now())
        ends = sign_ins.should_end(found, now(), idle()) if found is not None and found.second_step else None
        if ends is not None:
            sign_ins.end_at(session, secret, ends)


def _put_off(found: Browser | None) -> None:
    ends = sign_ins.should_end(found, now(), idle()) if found is not None and found.second_step else None
    if ends is not None:
        with writing(database()) as session:
            sign_ins.end_at(session, cookies.sent(access.COOKIE), ends)


def install(app: Flask) -> None:
    """Look at every answer, after `survey.web.database` has committed."""
    app.after_request(put_off)
