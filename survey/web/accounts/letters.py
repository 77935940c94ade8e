"""The letters that let people in leave in a run of their own."""

from typing import Final

from flask import url_for
from werkzeug.wrappers import Response

from survey.i18n import Sentence
from survey.services import mail_server
from survey.services.accounts import invited
from survey.services.accounts.account_letters import Sender
from survey.services.invitations.sending import Sending
from survey.web.access import for_hr, me
from survey.web.accounts.blueprint import bp
from survey.web.accounts.pages import RUN, line_or_404
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import database, db, done
from survey.web.runs import Outcome
from survey.web.site import runs, settings

STOPPED: Final = Sentence("%(accepted)s letters were accepted, then the run stopped; %(left)s are left. %(why)s")
REFUSED: Final = Sentence("%(accepted)s letters were accepted; the mail server refused %(left)s: %(addresses)s")
OUT: Final = Sentence("All letters are out: %(accepted)s were accepted in this run.")


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
    engine, by, at = database(), me().id, now()
    about, post = _sender(), mail_server.post(db(), settings())
    done()
    runs().start(RUN, lambda: _told(invited.send(engine, post, about, at, by)))


def _sender() -> Sender:
    return invited.sender(db(), settings().base_url, elsewhere=bool(settings().oidc_issuer))


def _told(sending: Sending) -> Outcome:
    facts: dict[str, object] = {"accepted": sending.accepted, "left": sending.left}
    if sending.stopped is not None:
        return "problem", STOPPED.fill(**facts, why=sending.stopped)
    if sending.refused:
        return "problem", REFUSED.fill(**facts, addresses=", ".join(each.email for each in sending.refused))
    return "done", OUT.fill(**facts)
