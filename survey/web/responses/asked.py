"""A questionnaire as respondents see it, for HR to look at: their own page, which takes nothing and keeps nothing."""

from collections.abc import Iterable
from typing import Final

from flask import Response, make_response

from survey.instruments.model import Instrument
from survey.services.company import company
from survey.web.database import db
from survey.web.language import language
from survey.web.responses.questionnaire import LIST, Paper

CLOSED_OFF: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; sandbox allow-same-origin"
)
"""No script runs on the page and no form leaves it."""


def as_asked(instrument: Instrument, practices: Iterable[str]) -> Response:
    """Return all questions on one page, rendered as respondents get them, in the request's language."""
    ours = company(db())
    items = instrument.asked(practices)
    frame = {"whose": ours.name(language()), "demo": ours.demo, "only_a_look": True}
    # Not kept among the papers of open waves: what is looked at may never be asked.
    page = Paper(instrument, items, language(), frame).page(LIST).fill({"coarse": ours.name(language())})
    return make_response(page, 200, {"Content-Security-Policy": CLOSED_OFF})
