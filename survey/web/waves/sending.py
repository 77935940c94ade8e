"""Letters and reminders leave in a run of their own: its button, and how far it is."""

from collections.abc import Callable

from flask import jsonify, url_for
from werkzeug.wrappers import Response

from survey.i18n import Sentence
from survey.runs.letters import Letters
from survey.services import mail_server
from survey.services.runs import Key
from survey.web.access import me
from survey.web.acts import act
from survey.web.database import db
from survey.web.language import say
from survey.web.site import begin, run, settings


def start(kind: Letters, code: str, ready: Callable[[], object], back: str = "") -> Response:
    """Start a run, unless `ready` refuses, and go `back`, or else to the wave's page."""

    def action() -> Sentence:
        ready()
        mail_server.post(db(), settings())  # refused now, where no letter could leave
        begin(Key(kind.name, code), me().id)
        return kind.leaving

    return act(action, back or url_for("waves.show", code=code))


def progress(kind: Letters, code: str, accepted: int, total: int) -> Response:
    """Tell how far a run is, for the page's script."""
    facts = {"done": accepted, "total": total}
    return jsonify(**facts, running=run(Key(kind.name, code)).running, text=say(kind.so_far.fill(**facts)))
