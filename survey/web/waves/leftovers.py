"""Leftover slips on the wave's page: handed in by their codes, and void from then on."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from survey.i18n import Sentence
from survey.services.invitations import leftovers
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done
from survey.web.site import settings
from survey.web.waves.wave_facts import wave_or_404

bp = Blueprint("leftovers", __name__, url_prefix="/waves")


@bp.post("/<code>/leftovers")
@for_hr
def void(code: str) -> Response:
    """Void a unit's leftover slips."""

    def action() -> Sentence:
        asked = leftovers.Act(code, now(), me().id)
        count = leftovers.void(
            db(), settings().keys, request.form.get("unit", ""), request.form.get("codes", ""), asked
        )
        done()
        return Sentence("%(count)s slips are void: nobody can answer with them.", {"count": count})

    wave_or_404(code)
    return act(action, url_for("waves.show", code=code))
