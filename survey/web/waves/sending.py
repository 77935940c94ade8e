"""Letters and reminders leave in a run of their own: its button, how far it is, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import jsonify, url_for
from werkzeug.wrappers import Response

from survey.i18n import Sentence
from survey.services import mail_server
from survey.services.invitations.sending import Outbox, Sending
from survey.web.access import me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import database, db, done
from survey.web.language import say
from survey.web.runs import Outcome
from survey.web.site import runs, settings


@dataclass(frozen=True)
class Kind:
    """What leaves, and in which words it is told."""

    name: str
    """Of the run: "letters", "reminders"."""
    leaving: Sentence
    so_far: Sentence
    stopped: Sentence
    refused: Sentence
    out: Sentence


def start(kind: Kind, code: str, ready: Callable[[], object], send: Callable[..., Sending], back: str = "") -> Response:
    """Start a run of `send` (a service), unless `ready` refuses, and go `back`, or else to the wave's page."""
    engine, by, at = database(), me().id, now()

    def action() -> Sentence:
        ready()
        outbox = Outbox(settings().home, settings().base_url, mail_server.post(db(), settings()))
        done()
        runs().start((kind.name, code), lambda: _told(kind, send(engine, code, outbox, at, by=by)))
        return kind.leaving

    return act(action, back or url_for("waves.show", code=code))


def progress(kind: Kind, code: str, accepted: int, total: int) -> Response:
    """Tell how far a run is, for the page's script."""
    facts = {"done": accepted, "total": total}
    return jsonify(**facts, running=runs().running((kind.name, code)), text=say(kind.so_far.fill(**facts)))


def _told(kind: Kind, sending: Sending) -> Outcome:
    facts: dict[str, object] = {"accepted": sending.accepted, "left": sending.left}
    if sending.stopped is not None:
        return "problem", kind.stopped.fill(**facts, why=sending.stopped)
    if sending.refused:
        return "problem", kind.refused.fill(**facts, addresses=", ".join(each.email for each in sending.refused))
    return "done", kind.out.fill(**facts)
