"""Reminders on the wave's page: the button, and how far a run is."""

from flask import Blueprint
from werkzeug.wrappers import Response

from survey.runs.letters import REMINDERS
from survey.services.invitations import reminders
from survey.web.access import for_hr
from survey.web.clock import now
from survey.web.database import db
from survey.web.waves import sending, wave_page

bp = Blueprint("reminders", __name__, url_prefix="/waves")


@bp.post("/<code>/reminders")
@for_hr
def send(code: str) -> Response:
    """Send the reminder that is due, in a run of its own."""
    wave = wave_page.wave_or_404(code)
    return sending.start(REMINDERS, code, lambda: reminders.require_due(db(), wave, now()))


@bp.get("/<code>/reminders")
@for_hr
def progress(code: str) -> Response:
    """Tell how many people still wait for the reminder, for the page's script."""
    due = reminders.due(db(), wave_page.wave_or_404(code), now())
    return sending.progress(REMINDERS, code, due.letters - due.waiting, due.letters)
