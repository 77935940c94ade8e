"""What all pages of employees share: their language, their headers, their error pages. No cookie, no session."""

import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import Blueprint, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import Forbidden, HTTPException, RequestEntityTooLarge

from survey.database import glancing
from survey.faults import fault
from survey.i18n import LANGUAGES, Sentence
from survey.services.first_run import named
from survey.services.waves.asking import asked_now
from survey.web.crowd import turned_away
from survey.web.database import database
from survey.web.language import language, use_language
from survey.web.responses.again import ask_again

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a form: far more than a comment may have, so that a comment that is too long comes back to be shortened."""
OURS: Final = frozenset({"same-origin", "none"})
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


@dataclass(frozen=True)
class Trouble:
    """What happened, and what to do; `again` shows the field for a code."""

    status: int
    title: Sentence
    advice: tuple[Sentence, ...]
    again: bool = False


ERRORS: Final = {
    403: Trouble(
        403,
        Sentence("This page was called from another website"),
        (Sentence("Open the survey from the link in your letter, or type its address and your code yourself."),),
    ),
    404: Trouble(
        404,
        Sentence("There is no such page in the survey"),
        (Sentence("Go to the first page and enter your code. Answers that you have sent are safe."),),
    ),
    413: Trouble(
        413,
        Sentence("That is more than the survey can take"),
        (
            Sentence(
                "Go back with your browser: what you typed is still there. Shorten the text in your own words, then go "
                "on."
            ),
        ),
    ),
    429: Trouble(
        429,
        Sentence("Too many wrong codes are coming in"),
        (Sentence("Wait a minute, then type your code once more with care. A right code always works."),),
        again=True,
    ),
    500: Trouble(
        500,
        Sentence("Something broke on our side"),
        (
            Sentence("Go back with your browser and press the button again: nothing is counted twice."),
            Sentence(
                "If this page comes up again, please tell whoever runs the survey. No need to say what you answered."
            ),
        ),
    ),
}


def install(bp: Blueprint) -> None:
    """Give a blueprint what employees' pages share."""
    bp.before_request(_begin)
    bp.after_request(_harden)
    bp.register_error_handler(HTTPException, _told)
    bp.register_error_handler(Exception, _failed)


def page(template: str, **facts: object) -> str:
    """Render a page with the company's name, if it has one yet, and whether it is a demo or a rehearsal."""
    with glancing(database()) as session:
        here = asked_now(session)
        ours = here.company if here else named(session)
    tried = here is not None and here.wave.rehearsal
    whose, demo = (ours.name(language()), ours.demo) if ours else ("", False)
    if facts:
        return render_template(template, whose=whose, demo=demo, rehearsal=tried, **facts)
    return _always(template, language(), whose, demo=demo, rehearsal=tried)


@lru_cache(maxsize=16)
def _always(template: str, _language: str, whose: str, **frame: bool) -> str:
    """Render a page that is the same for everybody, at the first call."""
    return render_template(template, whose=whose, **frame)


def trouble_page(trouble: Trouble, code: str = "") -> Response:
    """Answer with a page that says what happened and what to do; it needs no database, which may be the trouble."""
    return make_response(render_template("responses/trouble.html", trouble=trouble, code=code), trouble.status)


def _begin() -> Response | None:
    """Refuse forms of other websites; speak the language that a button asked for; tell who would wait too long."""
    request.max_content_length = request.max_form_memory_size = LARGEST
    if request.method == "POST":
        if request.headers.get("Sec-Fetch-Site", "none") not in OURS:
            raise Forbidden
        use_language(request.form.get("speak", ""))
    return turned_away(carries=True)


def _harden(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _told(error: HTTPException) -> Response:
    if isinstance(error, RequestEntityTooLarge):
        # The form cannot be read, so neither can the language in it.
        use_language(request.args.get("lang") or request.accept_languages.best_match(LANGUAGES, "ko"))
    return trouble_page(ERRORS.get(error.code or 500, ERRORS[404]))


def _failed(error: Exception) -> Response:
    """Answer what hinders, and our own mistakes; the log names kind and place, never what was sent."""
    current_app.log_exception(sys.exc_info())
    return trouble_page(ERRORS[500]) if fault(error) is None else ask_again()
