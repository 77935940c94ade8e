"""The company's own practices: HR writes them in both languages, or brings them in as a file."""

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.practices import OwnPracticeForm, PracticeFileForm
from survey.i18n import Refused, Sentence
from survey.instruments.load import builtin
from survey.instruments.practices import Practice
from survey.services import audit_log
from survey.services.practices import library
from survey.services.practices.library import LARGEST, LONGEST
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now, today
from survey.web.database import db, done, roll_back
from survey.web.language import language, say
from survey.web.practices import around
from survey.web.practices.blueprint import bp
from survey.web.publications.exports import note


@bp.get("/own")
@for_hr
def own() -> str:
    """List the company's own practices, and take a file."""
    return _list()


@bp.post("/own")
@for_hr
def bring_in() -> Response | tuple[str, int]:
    """Keep the practices of a file."""
    form = PracticeFileForm(request.files)
    if not form.validate():
        return _list(form), 422
    try:
        found = library.read_file(form.file.data.read(LARGEST + 1), form.file.data.filename)
        _keep(found)
    except Refused as refused:
        roll_back()
        return _list(form, refused.sentence), 422
    flash(say(Sentence("Practices kept: %(count)s.", {"count": len(found)})), "done")
    return redirect(url_for("practices.own"), 303)


@bp.get("/own/file")
@for_hr
def own_file() -> Response:
    """Hand out the company's own practices as a file, to be mended or taken elsewhere."""
    text = "\n".join(library.written(each.practice) for each in library.own(db()))
    answer = make_response(text, 200, {"Content-Type": "application/toml; charset=utf-8"})
    answer.headers.set("Content-Disposition", "attachment", filename=library.FILE)
    note("own practices handed out")
    return answer


@bp.get("/own/new")
@for_hr
def own_new() -> str:
    """Show the form of a new practice."""
    return _form(OwnPracticeForm(), "")


@bp.get("/own/<practice>")
@for_hr
def own_one(practice: str) -> str:
    """Show the form of one practice, to be mended."""
    return _form(OwnPracticeForm.of(_or_404(practice)), practice)


@bp.post("/own/new")
@bp.post("/own/<practice>")
@for_hr
def own_keep(practice: str = "") -> Response | tuple[str, int]:
    """Keep what was typed: a new practice, or one that is worded anew."""
    if practice:
        _or_404(practice)
    form = _with_choices(OwnPracticeForm(request.form))
    if not form.validate():
        return _form(form, practice), 422
    try:
        made = form.practice(practice)
        if not practice:
            _require_new(made.id)
        _keep((made,))
    except Refused as refused:
        roll_back()
        return _form(form, practice, refused.sentence), 422
    flash(say(Sentence("Kept. Every unit may take it up.")), "done")
    return redirect(url_for("practices.own"), 303)


@bp.post("/own/<practice>/retired")
@for_hr
def own_retire(practice: str) -> Response:
    """Offer a practice no more; one that no unit ever had is gone."""

    def action() -> Sentence:
        kept = library.retire(db(), practice, today())
        audit_log.write(db(), now(), me().id, "own practice retired", practice=practice)
        done()
        return Sentence("It is offered no more; units that have it keep it.") if kept else Sentence("It is gone.")

    _or_404(practice)
    return act(action, url_for("practices.own"))


def _require_new(practice: str) -> None:
    if practice in {each.practice.id for each in library.own(db())}:
        raise Refused("There is a practice of this name already: mend that one, or choose another name.")


def _keep(practices: tuple[Practice, ...]) -> None:
    library.add(db(), practices, today())
    for each in practices:
        audit_log.write(db(), now(), me().id, "own practice kept", practice=each.id)
    done()


def _or_404(practice: str) -> Practice:
    found = next((each.practice for each in library.own(db()) if each.practice.id == practice), None)
    if found is None:
        abort(404)
    return found


def _list(form: PracticeFileForm | None = None, problem: Sentence | None = None) -> str:
    found = library.own(db())
    return render_template(
        "practices/own.html", own=found, form=form or PracticeFileForm(), problem=problem, around=around
    )


def _form(form: OwnPracticeForm, practice: str, problem: Sentence | None = None) -> str:
    return render_template(
        "practices/own_form.html", form=_with_choices(form), practice=practice, problem=problem, longest=LONGEST
    )


def _with_choices(form: OwnPracticeForm) -> OwnPracticeForm:
    scales = builtin().scales
    form.motives.choices = [(each.id, each.name[language()]) for each in scales if each.kind == "motive"]
    form.facets.choices = [(each.id, each.name[language()]) for each in scales if each.kind == "facet"]
    return form
