"""Was an answer counted? Whoever has its receipt can see that, and nothing else."""

from typing import Final, NamedTuple

from flask import Blueprint, Response, make_response, request

from survey.database import reading
from survey.i18n import Sentence
from survey.services.invitations.codes import read
from survey.services.responses.responses import counted
from survey.web.database import database
from survey.web.responses.respondents import install, page

bp = Blueprint("receipts", __name__)
install(bp)


class Outcome(NamedTuple):
    """What came of the look."""

    counted: bool
    title: Sentence
    advice: Sentence


COUNTED: Final = Outcome(
    counted=True,
    title=Sentence("It was counted"),
    advice=Sentence("The answer with this receipt counts exactly once."),
)
MISTYPED: Final = Outcome(
    counted=False,
    title=Sentence("That is no receipt"),
    advice=Sentence("A receipt has sixteen letters and numbers in four groups of four. Please compare it with yours."),
)
ABSENT: Final = Outcome(
    counted=False,
    title=Sentence("No answer has this receipt"),
    advice=Sentence(
        "Please compare it with yours, character by character. Receipts are deleted together with the answers, as "
        "promised."
    ),
)


@bp.get("/s/receipt")
def check() -> str:
    """Ask for a receipt."""
    return page("receipts/check.html", outcome=None, typed="")


@bp.post("/s/receipt")
def look() -> Response:
    """Tell whether the receipt was counted."""
    typed = request.form.get("receipt", "")
    with reading(database()) as session:
        known = counted(session, typed) is not None
    # Neither the wave nor anything else of the answer: a receipt that somebody finds must tell nothing more.
    outcome = COUNTED if known else ABSENT if read(typed) else MISTYPED
    return make_response(page("receipts/check.html", outcome=outcome, typed=typed), 200 if outcome.counted else 404)
