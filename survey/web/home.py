"""The first page: for HR what to do next, for a leader the own unit or the tree, for auditors what they check."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey.services.waves import waves
from survey.web.access import me, signed_in
from survey.web.company import mail_settings
from survey.web.database import db
from survey.web.results import chosen
from survey.web.units.around import only_top
from survey.web.waves import wave_page

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def show() -> str | Response:
    """Show the flow of the wave that HR works on: the open one, else the one planned or closed last."""
    if me().role != "hr":
        return redirect(own_page())
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


def own_page() -> str:
    """Return where somebody besides HR begins: who sees one part of the newest results begins on its page."""
    if me().role == "auditor":
        return url_for("audit.index")
    newest = chosen(None)
    top = None if newest is None else only_top(me(), newest)
    return url_for("units.tree") if top is None else url_for("units.show", code=top.code)


def wave_at_work(found: list[waves.Wave]) -> waves.Wave | None:
    """Return the earliest wave that is open or closed, else the earliest draft, else the newest."""
    for states in (("open",), ("closed",), ("draft",)):
        for wave in found:
            if wave.state in states:
                return wave
    return found[-1] if found else None
