"""More is asked than can be answered: who comes is told so at once, and when to come again (`survey.web.line`).

It is told without the database. Nothing is counted of anybody: metric and log tell the minutes in which it was so.
"""

import threading
import time
from typing import Final

from flask import Flask, Response, current_app, jsonify, request

from survey.faults import CROWDED
from survey.i18n import LANGUAGES
from survey.web import cookies, logs
from survey.web.language import COOKIE, use_language
from survey.web.responses.again import come_again
from survey.web.together import Together

AGAIN_IN: Final = "survey.again_in"
"""Seconds, in what the server tells the app of a request that would wait too long; no header gets there."""
MINUTE: Final = 60.0
METRICS: Final = "metrics.show"


class Minutes:
    """Tells a log and the metrics of each minute in which somebody was turned away, once for all processes."""

    def __init__(self, together: Together) -> None:
        self._telling = threading.Lock()
        self._told = together.numbers("crowd")
        """By each process, when it told it last, in seconds of `time.monotonic`; 0 where it never did."""

    def note(self) -> None:
        """Tell it, unless it has been told of this minute."""
        with self._telling:
            now, told = time.monotonic(), max(each[0] for each in self._told.all)
            if told and now - told < MINUTE:
                return
            self._told.mine[0] = now
        logs.say(
            f"requests would wait too long: whoever comes is told to come again ({CROWDED.name})",
            wrong=True,
            respondent=True,
        )
        meters = current_app.extensions.get("survey.meters")
        if meters is not None:
            meters.note_crowd()


def is_turned_away() -> bool:
    """Tell whether this request is to be asked again later, because others wait before it."""
    return AGAIN_IN in request.environ


def turned_away(*, carries: bool) -> Response | None:
    """Answer a request that would wait too long; None where it is to be answered.

    Where what was sent may come back in the page, it `carries` it.
    """
    if not is_turned_away():
        return None
    minutes: Minutes = current_app.extensions["survey.crowded"]
    minutes.note()
    return come_again(int(request.environ[AGAIN_IN]), carries=carries)


def _turn_away() -> Response | None:
    """Answer for pages of HR and leaders, without looking at what they sent: some of it are passwords and files."""
    if not is_turned_away() or request.blueprint in current_app.extensions["survey.respondents"]:
        return None
    if request.endpoint == METRICS:  # who watches is to see the crowd, and not a server that is gone
        minutes: Minutes = current_app.extensions["survey.crowded"]
        minutes.note()
        return None
    asked = request.args.get("lang") or cookies.sent(COOKIE) or ""
    use_language(asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "ko"))
    page = turned_away(carries=False)
    if page is not None and request.endpoint == "health.ready":
        told = jsonify(status="cannot keep up", problem=CROWDED.name)
        told.status_code, told.headers["Retry-After"] = page.status_code, page.headers["Retry-After"]
        return told
    return page


def install(app: Flask) -> None:
    """Answer so from now on, before anything else is done for a request."""
    app.extensions["survey.crowded"] = Minutes(app.extensions["survey.together"])
    app.before_request(_turn_away)
