"""Rehearsals: HR chooses a few people, they try everything, and nothing of what they said is left."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.rehearsals import RehearsalForm
from survey.i18n import Refused, Sentence
from survey.runs.letters import LETTERS
from survey.services.invitations import invitations
from survey.services.runs import Key
from survey.services.waves import closing, opening, rehearsal, waves
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done, roll_back
from survey.web.site import run, settings
from survey.web.waves import sending

bp = Blueprint("rehearsals", __name__, url_prefix="/rehearsals")


@bp.get("/")
@for_hr
def index() -> str:
    """List the rehearsals, and plan one."""
    return _index(RehearsalForm(data={"days": rehearsal.LONGEST.days}))


@bp.post("/")
@for_hr
def plan() -> Response | tuple[str, int]:
    """Plan a rehearsal of a planned wave."""
    form = _choices(RehearsalForm(request.form))
    if not form.validate():
        return _index(form), 422
    try:
        wave = rehearsal.plan(db(), form.of.data, now(), me().id, form.days.data or 0)
        done()
    except Refused as refused:
        roll_back()
        return _index(form, refused.sentence), 422
    return redirect(url_for("rehearsals.show", code=wave.code), 303)


@bp.get("/<code>")
@for_hr
def show(code: str) -> str:
    """Show one rehearsal: who takes part, its letters, its end; nothing about answers."""
    found, words = _or_404(code), request.args.get("q", "")
    return render_template(
        "rehearsals/show.html",
        found=found,
        words=words,
        people=rehearsal.taking_part(db(), code),
        hits=rehearsal.search(db(), code, words) if found.state == "draft" else (),
        most=rehearsal.FOUND,
        sending=run(Key(LETTERS.name, code)),
        over=now() >= found.closes_at,
    )


@bp.post("/<code>/people")
@for_hr
def choose(code: str) -> Response:
    """Let people take part, or take them out again."""

    def action() -> Sentence:
        chosen = [int(each) for each in request.form.getlist("person") if each.isdecimal() and len(each) < 10]  # noqa: PLR2004 - ids are small
        if request.form.get("out"):
            rehearsal.leave_out(db(), code, chosen)
        elif request.form.get("leads"):
            rehearsal.choose_leads(db(), code)
        else:
            rehearsal.choose(db(), code, chosen)
        done()
        return Sentence("%(count)s people take part.", {"count": len(rehearsal.taking_part(db(), code))})

    _or_404(code)
    return act(action, url_for("rehearsals.show", code=code))


@bp.post("/<code>/begin")
@for_hr
def open_it(code: str) -> Response:
    """Open it; letters go to those who take part, and to nobody else."""

    def ready() -> None:
        opening.open_wave(db(), code, now(), settings().keys, me().id)

    _or_404(code)
    return sending.start(LETTERS, code, ready, url_for("rehearsals.show", code=code))


@bp.post("/<code>/letters")
@for_hr
def letters(code: str) -> Response:
    """Send the letters that have not gone out."""
    _or_404(code)
    back = url_for("rehearsals.show", code=code)
    return sending.start(LETTERS, code, lambda: invitations.require_open(db(), code), back)


@bp.get("/<code>/letters")
@for_hr
def letters_progress(code: str) -> Response:
    """Tell how many letters are out, for the page's script."""
    found = _or_404(code)
    return sending.progress(LETTERS, code, found.letters_accepted, found.people)


@bp.post("/<code>/close")
@for_hr
def close(code: str) -> Response:
    """End it: everything that was said is deleted."""

    def action() -> Sentence:
        closing.close(db(), code, now(), me().id)
        done()
        invitations.settle(db(), code, settings().keys, now())
        done()
        return Sentence("The rehearsal is over, and all its answers are deleted.")

    _or_404(code)
    return act(action, url_for("rehearsals.show", code=code))


@bp.post("/<code>/discard")
@for_hr
def discard(code: str) -> Response:
    """Throw a planned rehearsal away."""

    def action() -> Sentence:
        rehearsal.discard(db(), code, now(), me().id)
        done()
        return Sentence("The plan of rehearsal %(wave)s is gone.", {"wave": code})

    _or_404(code)
    return act(action, url_for("rehearsals.index"))


def _or_404(code: str) -> rehearsal.Rehearsal:
    try:
        return rehearsal.rehearsal(db(), code, settings().keys)
    except Refused:
        abort(404)


def _choices(form: RehearsalForm) -> RehearsalForm:
    form.of.choices = [(wave.code, wave.code) for wave in waves.waves(db()) if wave.state == "draft"]
    return form


def _index(form: RehearsalForm, problem: Sentence | None = None) -> str:
    found = rehearsal.rehearsals(db(), settings().keys)
    return render_template("rehearsals/index.html", form=_choices(form), problem=problem, rehearsals=found)
