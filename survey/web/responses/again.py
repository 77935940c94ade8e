"""The page of somebody whose answers could not be taken just now: they come back to her in it, to be sent once more.

Nothing is kept here meanwhile: they stand in the page itself, without a script too.
"""

from typing import Final

from flask import Response, make_response, render_template, request

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


def ask_again() -> Response:
    """Answer with what was sent in the page, and a button that sends it again; it needs no database."""
    sent, pressed = request.method == "POST", request.form.get("go", "")
    title, advice = (UNSENT if pressed == SEND else PAUSED) if sent else CLOSED_DOOR
    facts = {
        "title": title,
        "advice": advice,
        "fields": [each for each in request.form.items(multi=True) if each[0] not in BUTTONS] if sent else [],
        "sent": sent,
        "pressed": pressed,
        "sends": pressed == SEND,
    }
    return make_response(render_template("responses/again.html", **facts), 503, SOON)
