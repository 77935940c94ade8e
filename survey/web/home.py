"""The first page: for HR what to do next, for leaders and observers their units, for auditors what they check."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey.services.waves import waves
from survey.web import mail_settings, wave_page
from survey.web.access import me, signed_in
from survey.web.database import db

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def show() -> str | Response:
    """Show the flow of the wave that HR works on: the open one, else the one planned or closed last."""
    if me().role != "hr":
        return redirect(url_for("audit.index" if me().role == "auditor" else "units.tree"))
    found = waves.waves(db())
    wave = wave_at_work(found)
    page = wave_page.wave_page(wave.code) if wave else None
    flow = page.steps if page else wave_page.before_the_first()
    return render_template(
        "home/hr.html",
        steps=flow,
        page=page,
        unfinished=mail_settings.undecided(),
        all_done=all(step.state == "done" for step in flow),
        waiting=[each.code for each in found if each.state == "closed" and each is not wave],
    )


def wave_at_work(found: list[waves.Wave]) -> waves.Wave | None:
    """Return the earliest wave that is open or closed, else the earliest draft, else the newest."""
    for states in (("open",), ("closed",), ("draft",)):
        for wave in found:
            if wave.state in states:
                return wave
    return found[-1] if found else None
