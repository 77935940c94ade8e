"""A button that does something: done and told, or refused and told, and back to the page it stands on."""

from collections.abc import Callable

from flask import flash, redirect
from werkzeug.wrappers import Response

from survey.i18n import Refused, Sentence
from survey.web.database import roll_back
from survey.web.language import say


def act(action: Callable[[], Sentence], back: str, refused_to: str = "") -> Response:
    """Do it, and go back with the sentence it returns, or to `refused_to` with the one that says why it was refused."""
    try:
        told, kind = action(), "done"
    except Refused as refused:
        roll_back()
        told, kind, back = refused.sentence, "problem", refused_to or back
    flash(say(told), kind)
    return redirect(back, 303)
