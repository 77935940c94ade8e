"""What a reader sees when something goes wrong: what happened, and what to do, in her language."""

import sys
from typing import Final, NamedTuple

from flask import Flask, Response, abort, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError

from survey.faults import Fault, fault
from survey.i18n import Refused, Sentence
from survey.settings import SettingsError
from survey.web import access, logs, turned_away, typed
from survey.web.database import SAFE_METHODS, roll_back

SOON: Final = {"Retry-After": "60"}
"""Seconds after which it is worth trying again: told to programs, as the page tells it to people."""


class Trouble(NamedTuple):
    """The title of an error page, and its advice."""

    title: Sentence
    advice: Sentence
    more: tuple[Sentence, ...] = ()


TROUBLES: Final = {
    400: Trouble(
        Sentence("This form could not be read"),
        Sentence(
            "It may have been open for too long. Go back, reload the page, and send it again; nothing was changed."
        ),
    ),
    403: Trouble(
        Sentence("This page is not open to your account"),
        Sentence("If you need it for your work, ask HR to widen what your account may see."),
    ),
    404: Trouble(
        Sentence("There is no such page"),
        Sentence(
            "The address may be mistyped, or the page may belong to a part of the company that your account does not "
            "see. Start again from the first page."
        ),
    ),
    405: Trouble(
        Sentence("This address only takes a form"),
        Sentence("Open the page that holds the form, and send it from there."),
    ),
    413: Trouble(
        Sentence("This file is too large"),
        Sentence("Up to 32 MB can be sent at once. Remove pictures and empty sheets, or save the table as CSV."),
    ),
    429: Trouble(
        Sentence("Too many tries in a short time"),
        Sentence("Wait a minute, then try once more. Nothing is locked for good."),
    ),
    500: Trouble(
        Sentence("Something went wrong on our side"),
        Sentence(
            "Nothing was changed. Try again in a moment; if it stays, tell whoever runs this survey the time and the "
            "page."
        ),
    ),
}
WAIT: Final = Sentence("Wait a minute, then load this page again.")
UNDONE: Final = Sentence(
    "What you sent was not kept. Once this is mended, go back with your browser, and send it again."
)
UNSURE: Final = Sentence(
    "What you sent was probably not kept. Once this is mended, look whether it is there, and send it again if it is "
    "not."
)
CURE: Final = Sentence("If it stays, show this to whoever runs the survey: %(cure)s")


def page(status: int, trouble: Trouble) -> Response:
    """Render the error page; it needs no database, so that it can say that there is none."""
    return make_response(render_template("errors/error.html", status=status, trouble=trouble), status)


def told(error: HTTPException) -> Response:
    """Answer an HTTP error with its page, and keep the headers the error brought along (Allow, Retry-After)."""
    roll_back()
    if isinstance(error, CSRFError) and typed.is_ours() and typed.is_worth_keeping() and access.account() is not None:
        return typed.page(signed_in=True)
    turned_away.note(error)
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    nearest = status if status in TROUBLES else (400 if status < 500 else 500)  # noqa: PLR2004 - the classes of HTTP
    response = page(status, TROUBLES[nearest])
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def refused(error: Refused) -> Response:
    """Answer what a service refused and no view expected: its own sentence says what to do."""
    roll_back()
    return page(409, Trouble(Sentence("This cannot be done now"), error.sentence))


def unusable(error: SettingsError) -> Response:
    """Answer where the installation is not set up for it: the sentence names the setting, for HR to pass on."""
    roll_back()
    return page(503, Trouble(Sentence("This cannot be done now"), Sentence(error.text, error.facts)))


def turn_away_nul() -> None:
    """Turn away an address or a form with a NUL: no text of ours has one, and PostgreSQL keeps none."""
    if "\0" in request.path:
        abort(404)
    # Whatever an employee sends is answered by its own page: nothing that she wrote may be lost for it.
    form = MultiDict() if request.blueprint in current_app.extensions["survey.respondents"] else request.form
    if any("\0" in text for sent in (request.args, form) for _, text in sent.items(multi=True)):
        abort(400)


def hindered(error: Exception) -> Response:
    """Answer what a disk, the database or the machine cannot do just now; our own mistakes go on to `failed`."""
    found = fault(error)
    if found is None:
        raise error
    roll_back()
    logs.failure(sys.exc_info())
    return _told(found)


def failed(error: InternalServerError) -> Response:
    """Answer our own mistakes, and what hindered a commit after the view was done."""
    roll_back()
    found = fault(error.original_exception)
    return page(500, TROUBLES[500]) if found is None else _told(found)


def _told(found: Fault) -> Response:
    sent = request.method not in SAFE_METHODS
    advice = (UNDONE if found.undone else UNSURE) if sent else WAIT
    response = page(503, Trouble(found.said, advice, (CURE.fill(cure=found.cure),)))
    response.headers.update(SOON)
    return response


def install(app: Flask) -> None:
    """Register the pages."""
    app.before_request(turn_away_nul)
    app.register_error_handler(HTTPException, told)
    app.register_error_handler(InternalServerError, failed)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(SettingsError, unusable)
    app.register_error_handler(Exception, hindered)
