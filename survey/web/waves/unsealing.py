"""The step between close and publication of a sealed wave: a keyholder's file opens it."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from survey.forms.keyholders import KeyFileForm
from survey.i18n import Refused, Sentence
from survey.services.invitations import invitations
from survey.services.sealing import unsealing
from survey.services.sealing.key_text import LARGEST_FILE
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done
from survey.web.site import settings
from survey.web.waves import wave_page

bp = Blueprint("unsealing", __name__, url_prefix="/waves")


@bp.post("/<code>/unseal")
@for_hr
def unseal(code: str) -> Response:
    """Open all sealed answers with the key in the file, which is read once and kept nowhere."""
    form = KeyFileForm(request.files)

    def action() -> Sentence:
        if not form.validate():
            raise Refused(str(form.key.errors[0]))
        # A file of this size never leaves the memory of this process; a larger one is no key.
        unsealing.unseal(db(), code, form.key.data.read(LARGEST_FILE + 1), now(), me().id)
        done()
        invitations.settle(db(), code, settings().keys, now())  # only what is committed costs old backups their key
        return Sentence("Wave %(wave)s is unsealed, and its key is destroyed. Now it can be published.", {"wave": code})

    wave_page.wave_or_404(code)
    return act(action, url_for("waves.show", code=code))
