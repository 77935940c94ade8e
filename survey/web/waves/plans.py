"""A draft on its way to the opening: changed, gone through with a checklist, opened now or by itself at its time."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response as Answer

from survey.i18n import Refused, Sentence
from survey.services.waves import checklist, opening, wave_plans
from survey.services.waves.waves import Wave
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done, roll_back
from survey.web.frames import may_frame
from survey.web.site import settings
from survey.web.waves import plan_form, wave_page

bp = Blueprint("plans", __name__, url_prefix="/waves")


@bp.get("/<code>/plan")
@for_hr
def show(code: str) -> Response:
    """Show a draft in the form that planned it."""
    wave = _draft_or_404(code)
    return plan_form.shown(plan_form.of(wave), None, wave, seen_by_units=wave_page.foreseen(wave))


@bp.post("/<code>/plan")
@for_hr
def change(code: str) -> Answer | tuple[Response, int]:
    """Keep the changed plan."""
    wave, form = _draft_or_404(code), plan_form.typed()
    if not form.validate():
        return plan_form.shown(form, None, wave), 422
    try:
        plan = replace(plan_form.draft_of(form), retention_months=wave.retention_months)
        changed = wave_plans.revise(db(), code, plan, now(), me().id)
    except Refused as refused:
        roll_back()
        return plan_form.shown(form, refused.sentence, wave_page.wave_or_404(code)), 422
    return redirect(url_for("waves.show", code=changed.code), 303)


@bp.get("/<code>/open")
@for_hr
def confirm(code: str) -> Response:
    """Show what opening fixes, and what should be in order before."""
    return may_frame(render_template("waves/open.html", page=wave_page.opening(code), mends=MENDS))


@bp.post("/<code>/open")
@for_hr
def open_wave(code: str) -> Answer:
    """Freeze tree, roster and thresholds."""

    def action() -> Sentence:
        wave = wave_page.wave_or_404(code)
        opening.require_draft(db(), wave, now(), me().id)
        found = checklist.checklist(db(), wave, settings(), now())
        checklist.require_passed(found, request.form.getlist("seen"))
        opening.open_wave(db(), code, now(), settings().keys, me().id)
        checklist.note_passed(db(), wave, found, now(), me().id)
        done()
        return Sentence("Wave %(wave)s is open. Now the letters can go out.", {"wave": code})

    return act(action, url_for("waves.show", code=code))


@bp.post("/<code>/schedule")
@for_hr
def schedule(code: str) -> Answer:
    """Let it open by itself at its time."""

    def action() -> Sentence:
        checklist.confirm(db(), code, settings(), request.form.getlist("seen"), now(), me().id)
        done()
        return Sentence("Wave %(wave)s opens by itself at its time, if nothing stops it then.", {"wave": code})

    _draft_or_404(code)
    return act(action, url_for("waves.show", code=code))


@bp.post("/<code>/unschedule")
@for_hr
def unschedule(code: str) -> Answer:
    """Let it wait for somebody to open it."""

    def action() -> Sentence:
        checklist.unconfirm(db(), code, now(), me().id)
        done()
        return Sentence("Wave %(wave)s waits for you to open it.", {"wave": code})

    _draft_or_404(code)
    return act(action, url_for("waves.show", code=code))


MENDS = {
    "wave": "waves.index",
    "roster": "people.show",
    "units": "foresight.show",
    "days": "plans.show",
    "languages": "plans.show",
    "mail": "company.show",
    "letters": "letters.index",
    "keyholders": "keyholders.show",
}
"""Where each thing on the list is mended; what is not here is mended on the server."""


def _draft_or_404(code: str) -> Wave:
    wave = wave_page.wave_or_404(code)
    if wave.state != "draft":
        abort(404)
    return wave
