"""A wave from its plan to its close: planned, opened, letters and codes handed out, closed."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask import Response as Page
from werkzeug.wrappers import Response

from reports.pool import print_codes
from survey.i18n import Refused, Sentence
from survey.runs.letters import LETTERS
from survey.services.invitations import invitations
from survey.services.invitations.invitations import codes_for_unit
from survey.services.waves import closing, participation, wave_plans, waves
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now, today
from survey.web.database import db, done, roll_back
from survey.web.frame import company_name
from survey.web.language import language, say
from survey.web.site import settings
from survey.web.waves import plan_form, sending, wave_page
from survey.web.waves.slips import slips

bp = Blueprint("waves", __name__, url_prefix="/waves")


@bp.get("/")
@for_hr
def index() -> str:
    """List the waves, the newest first."""
    return render_template("waves/index.html", waves=[wave_page.wave_facts(wave) for wave in waves.waves(db())[::-1]])


@bp.get("/new")
@for_hr
def plan() -> Page:
    """Show the form."""
    taken = {wave.code for wave in waves.waves(db())}
    return plan_form.shown(plan_form.proposed(wave_page.next_code(today(), taken)))


@bp.post("/new")
@for_hr
def planned() -> Response | tuple[Page, int]:
    """Keep the plan as a draft."""
    form = plan_form.typed()
    if not form.validate():
        return plan_form.shown(form), 422
    try:
        wave = wave_plans.draft(db(), plan_form.draft_of(form), now(), me().id)
    except Refused as refused:
        roll_back()
        return plan_form.shown(form, refused.sentence), 422
    return redirect(url_for("waves.show", code=wave.code), 303)


@bp.get("/<code>")
@for_hr
def show(code: str) -> str:
    """Show one wave: what comes next, its facts, participation as bands."""
    return render_template("waves/show.html", page=wave_page.wave_page(code))


@bp.post("/<code>/discard")
@for_hr
def discard(code: str) -> Response:
    """Throw a plan away, so that it can be made anew."""

    def action() -> Sentence:
        wave_plans.discard(db(), code, now(), me().id)
        done()
        return Sentence("The plan of wave %(wave)s is gone. You can make it anew.", {"wave": code})

    wave_page.wave_or_404(code)
    return act(action, url_for("waves.index"))


@bp.post("/<code>/letters")
@for_hr
def letters(code: str) -> Response:
    """Send the letters that have not gone out, in a run of its own."""
    return sending.start(LETTERS, code, lambda: invitations.require_open(db(), code))


@bp.get("/<code>/letters")
@for_hr
def letters_progress(code: str) -> Response:
    """Tell how many letters are out, for the page's script."""
    wave_page.wave_or_404(code)
    state = invitations.progress(db(), code, settings().keys)
    return sending.progress(LETTERS, code, state.letters_accepted, state.letters)


@bp.post("/<code>/codes")
@for_hr
def codes(code: str) -> Response:
    """Hand out a unit's slips; they can be drawn again, the same ones, while the key exists."""
    wave_page.wave_or_404(code)
    company = company_name()
    try:
        drawn = codes_for_unit(db(), code, request.form.get("unit", ""), settings().keys, now(), me().id)
        done()  # printing takes seconds, in which others must be able to write
        pdf = print_codes(slips(drawn, company, settings().base_url, language()), language())
    except Refused as refused:
        roll_back()
        flash(say(refused.sentence), "problem")
        return redirect(url_for("waves.show", code=code), 303)
    invitations.settle(db(), code, settings().keys, now())  # after the last sheet nobody waits for the key
    return send_file(BytesIO(pdf), "application/pdf", as_attachment=True, download_name=f"codes-{drawn.unit}.pdf")


@bp.post("/<code>/participation")
@for_hr
def count(code: str) -> Response:
    """Count participation into bands, once a day at most."""

    def action() -> Sentence:
        # The day of `upkeep.tick`, which is UTC's: with two kinds of day it could be counted twice on one.
        counted = participation.count(db(), waves.wave(db(), code), now().date())
        return Sentence("Participation was counted.") if counted else Sentence("It was counted today already.")

    return act(action, url_for("waves.show", code=code))


@bp.post("/<code>/close")
@for_hr
def close(code: str) -> Response:
    """End a wave, early only if that was said."""

    def action() -> Sentence:
        closing.close(db(), code, now(), me().id, early=request.form.get("early") == "yes")
        done()
        invitations.settle(db(), code, settings().keys, now())
        return Sentence("Wave %(wave)s is closed: every answer now stands under a new random number.", {"wave": code})

    return act(action, url_for("waves.show", code=code))
