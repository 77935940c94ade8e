"""Reminders on the wave's page: the button, and how far a run is."""

from flask import Blueprint, jsonify, url_for
from werkzeug.wrappers import Response

from survey.i18n import Sentence
from survey.mail import post_for
from survey.services import reminders, waves
from survey.services.sending import Outbox, Sending
from survey.web import wave_page
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import database, db, done
from survey.web.language import say
from survey.web.runs import Outcome
from survey.web.site import runs, settings

bp = Blueprint("reminders", __name__, url_prefix="/waves")


@bp.post("/<code>/reminders")
@for_hr
def send(code: str) -> Response:
    """Send the reminder that is due, in a run of its own."""
    wave_page.wave_or_404(code)
    engine, by, at = database(), me().id, now()
    outbox = Outbox(settings().home, settings().base_url, post_for(settings()))

    def work() -> Outcome:
        return _told(reminders.send_reminders(engine, code, outbox, at, by=by))

    def action() -> Sentence:
        reminders.require_due(db(), waves.wave(db(), code), at)
        done()
        runs().start(("reminders", code), work)
        return Sentence("The reminders are going out.")

    return act(action, url_for("waves.show", code=code))


@bp.get("/<code>/reminders")
@for_hr
def progress(code: str) -> Response:
    """Tell how many people still wait for the reminder, for the page's script."""
    due = reminders.due(db(), wave_page.wave_or_404(code), now())
    facts = {"done": due.letters - due.waiting, "total": due.letters}
    text = Sentence("%(done)s of %(total)s reminders are out.")
    return jsonify(**facts, running=runs().running(("reminders", code)), text=say(text.fill(**facts)))


def _told(sending: Sending) -> Outcome:
    facts: dict[str, object] = {"accepted": sending.accepted, "left": sending.left}
    if sending.stopped is not None:
        text = Sentence("%(accepted)s reminders were accepted, then the run stopped; %(left)s are left. %(why)s")
        return "problem", text.fill(**facts, why=sending.stopped)
    if sending.refused:
        text = Sentence("%(accepted)s reminders were accepted; the mail server refused %(left)s: %(addresses)s")
        return "problem", text.fill(**facts, addresses=", ".join(each.email for each in sending.refused))
    return "done", Sentence("All reminders are out: %(accepted)s were accepted in this run.", facts)
