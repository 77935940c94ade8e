"""Spare codes on the wave's page: sent to somebody who lost her letter, or printed for somebody without e-mail."""

from io import BytesIO

from flask import Blueprint, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from reports.pool import print_codes
from survey.i18n import Refused, Sentence
from survey.services import mail_server
from survey.services.invitations import spares
from survey.services.invitations.sending import Outbox
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import database, db, done
from survey.web.frame import company_name
from survey.web.language import language, say
from survey.web.site import settings
from survey.web.waves import wave_page
from survey.web.waves.slips import slips

bp = Blueprint("spares", __name__, url_prefix="/waves")


@bp.post("/<code>/spare")
@for_hr
def send(code: str) -> Response:
    """Send a spare code to a person; this page never holds it."""
    wave_page.wave_or_404(code)
    who, by = request.form.get("who", ""), me().id

    def action() -> Sentence:
        outbox = Outbox(settings().keys, settings().base_url, mail_server.post(db(), settings()))
        done()  # a mail server takes its time, in which others must be able to write
        spares.send_spare(database(), code, who, outbox, now(), by)
        return Sentence("A spare code is on its way to %(who)s.", {"who": who})

    return act(action, url_for("waves.show", code=code))


@bp.post("/<code>/spare-slip")
@for_hr
def slip(code: str) -> Response:
    """Draw a spare code for a person without e-mail and hand out its slip."""
    wave_page.wave_or_404(code)
    company, by, spoken = company_name(), me().id, language()
    done()  # printing takes seconds, in which others must be able to write
    try:
        unit, pdf = spares.print_spare(
            database(),
            code,
            request.form.get("who", ""),
            lambda drawn: (drawn.unit, print_codes(slips(drawn, company, settings().base_url, spoken), spoken)),
            now(),
            by,
        )
    except Refused as refused:
        flash(say(refused.sentence), "problem")
        return redirect(url_for("waves.show", code=code), 303)
    return send_file(BytesIO(pdf), "application/pdf", as_attachment=True, download_name=f"spare-{unit}.pdf")
