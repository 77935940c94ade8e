"""The letters that let people in leave in a run of their own."""

from flask import url_for
from werkzeug.wrappers import Response

from survey.i18n import Sentence
from survey.runs.ways_in import ACCOUNTS
from survey.services import mail_server
from survey.services.accounts import invited
from survey.web.access import for_hr, me
from survey.web.accounts.blueprint import bp
from survey.web.accounts.pages import line_or_404
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db
from survey.web.site import begin, settings


@bp.post("/letters")
@for_hr
def send() -> Response:
    """Write to everybody who was invited and waits, and to those whose letter has ended unused."""

    def action() -> Sentence:
        if not invited.write_again(db(), None, now()):
            return Sentence("Nobody waits for a letter.")
        start()
        return Sentence("The letters are going out.")

    return act(action, url_for("accounts.index"))


@bp.post("/<int:number>/letter")
@for_hr
def send_again(number: int) -> Response:
    """Write again to one account; the letter before opens nothing any more."""
    line_or_404(number)

    def action() -> Sentence:
        invited.write_again(db(), number, now())
        start()
        return Sentence("A new letter is on its way. The one before opens nothing any more.")

    return act(action, url_for("accounts.show", number=number))


def start() -> None:
    """Begin a run, unless one is under way that will find who waits by itself.

    Raises:
        Refused: how letters leave is not set so that any could.
    """
    mail_server.post(db(), settings())
    begin(ACCOUNTS, me().id)
