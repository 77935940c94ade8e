"""The page of somebody whose answers could not be taken just now: they come back to her in it, to be sent once more.

Nothing is kept here meanwhile: they stand in the page itself, without a script too.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from flask import Response, make_response, render_template, request
from werkzeug.urls import iri_to_uri

from survey.i18n import Sentence
from survey.web.errors import SOON
from survey.web.responses.questionnaire import SEND

BUTTONS: Final = frozenset({"go", "speak", "lang"})
"""What was pressed, and the language: the page has its own."""
TELL: Final = Sentence(
    "If this page comes up again, please tell whoever runs the survey. No need to say what you answered."
)
UNSENT: Final = (
    Sentence("Your answers could not be taken just now"),
    (
        Sentence("They are still in this page, and nothing of them is lost. Press the button again in a minute."),
        Sentence("Leave this tab open until you see the thanks. However often you press, your answers count once."),
        TELL,
    ),
)
PAUSED: Final = (
    Sentence("The survey has to rest for a moment"),
    (Sentence("What you have filled in is still in this page. Press the button again in a minute."), TELL),
)
CLOSED_DOOR: Final = (
    Sentence("The survey has to rest for a moment"),
    (Sentence("Load this page again in a minute. What you have answered so far is still in this browser."), TELL),
)


CROWD: Final = Sentence("Many people are answering at this moment")
BY_ITSELF: Final = Sentence("Nothing is lost. This page tries again by itself in %(seconds)s seconds.")
STILL_HERE: Final = Sentence(
    "What you have filled in is still in this page, and nothing of it is lost. Press the button again in %(seconds)s "
    "seconds."
)
OR_WAIT: Final = Sentence("Or just wait: the page then does it by itself.")
UNKEPT: Final = Sentence(
    "What you sent was not kept. Go back with your browser in %(seconds)s seconds, and send it again."
)


def ask_again() -> Response:
    """Answer with what was sent in the page, and a button that sends it again; it needs no database."""
    sent, sends = request.method == "POST", request.form.get("go", "") == SEND
    title, advice = (UNSENT if sends else PAUSED) if sent else CLOSED_DOOR
    return _page(title, advice, SOON, carries=sent)


def come_again(seconds: int, *, carries: bool) -> Response:
    """Answer that many people are answering, and that this is to be asked again after so many seconds.

    A page that only shows asks by itself, without a script too; what was sent comes along where the page `carries` it.
    """
    sent, sends = request.method == "POST", carries and request.form.get("go", "") == SEND
    if not sent:
        advice: tuple[Sentence, ...] = (BY_ITSELF.fill(seconds=seconds),)
    elif carries:
        advice = (STILL_HERE.fill(seconds=seconds), *UNSENT[1][1:2]) if sends else (STILL_HERE.fill(seconds=seconds),)
    else:
        advice = (UNKEPT.fill(seconds=seconds),)
    return _page(CROWD, advice, {"Retry-After": str(seconds)}, carries=sent and carries, seconds=seconds)


def _page(
    title: Sentence, advice: Sequence[Sentence], headers: Mapping[str, str], *, carries: bool, seconds: int = 0
) -> Response:
    """Show a page that is to be asked for again; by itself after so many `seconds`, if any."""
    pressed = request.form.get("go", "") if carries else ""
    facts = {
        "title": title,
        "advice": advice,
        "carries": carries,
        "fields": [each for each in request.form.items(multi=True) if each[0] not in BUTTONS] if carries else [],
        "pressed": pressed,
        "sends": pressed == SEND,
        "seconds": seconds,
        "or_wait": OR_WAIT if seconds and carries else None,
        "address": iri_to_uri(request.full_path.removesuffix("?")) if seconds and request.method == "GET" else "",
    }
    return make_response(render_template("responses/again.html", **facts), 503, headers)
