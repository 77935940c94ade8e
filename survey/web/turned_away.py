"""Whom a page behind the sign-in refused goes to the audit log: who it was, and which page. Respondents never do."""

from flask import current_app, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound, TooManyRequests

from survey.services.accounts import turned_away
from survey.web import access
from survey.web.clock import now
from survey.web.database import database, roll_back


def note(error: HTTPException) -> None:
    """Write down what this request was refused for, where it came from a signed-in browser to a page of ours."""
    act = _act(error)
    if act is None or request.endpoint is None or request.blueprint in current_app.extensions["survey.respondents"]:
        return
    try:
        browser = access.browser()
        roll_back()
        if browser is not None:
            turned_away.note(database(), now(), browser.account.id, act, request.endpoint)
    except SQLAlchemyError:  # whoever is refused is told so, whatever the database can do just now
        roll_back()


def _act(error: HTTPException) -> str | None:
    """Return how the log calls a refusal; None for what anybody meets who mistypes an address."""
    if isinstance(error, CSRFError):
        return "form refused"
    if isinstance(error, Forbidden) or (isinstance(error, NotFound) and "unit_refused" in g):
        return "page refused"
    if isinstance(error, TooManyRequests):
        return "tries refused"
    return "text refused" if isinstance(error, BadRequest) else None
