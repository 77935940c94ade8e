"""Outcomes beside motives: what the company counts anyway, brought in by HR and frozen with each publication."""

import datetime as dt
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.charts.outcomes import value_text
from survey.forms.outcomes import DeclarationForm, MeasureForm, OutcomeFileForm
from survey.i18n import Refused, Sentence, day
from survey.privacy.register import Better
from survey.services.outcomes import measures as register
from survey.services.outcomes import outcomes as service
from survey.services.outcomes.outcomes import OutcomeErrors
from survey.web.access import for_hr, for_readers, me, units_visible_to
from survey.web.clock import now, today
from survey.web.database import db, done, roll_back
from survey.web.language import language, say
from survey.web.outcomes.outcome_page import newest_with_values, shown
from survey.web.results import chosen, publications

NAMED: Final = 50
"""Changed values that a preview lists one by one."""
PASTED: Final = "outcomes.csv"

bp = Blueprint("outcomes", __name__, url_prefix="/outcomes")


@bp.get("/")
@for_readers
def show() -> str:
    """Show each measure beside one wave's answers; HR notes measures and brings values in below."""
    return _page()


@bp.post("/measures")
@for_hr
def note() -> Response | tuple[str, int]:
    """Note a measure, or mend one."""
    form = _directions(MeasureForm(request.form))
    if not form.validate():
        return _page(measure=form), 422
    better: Better = "lower" if form.better.data == "lower" else "higher"
    names = {"ko": form.ko.data or "", "en": form.en.data or ""}
    try:
        register.note(
            db(), register.Measure(form.code.data or "", names, better, form.counted_in.data or ""), now(), me().id
        )
    except Refused as refused:
        roll_back()
        return _page(measure=form, problem=refused.sentence), 422
    flash(say(Sentence("Noted. Now bring its values in from a file.")), "done")
    return redirect(url_for("outcomes.show", _anchor="bring"), 303)


@bp.post("/declaration")
@for_hr
def declare() -> Response | tuple[str, int]:
    """Declare one measure for the waves that open later."""
    form = _measures(DeclarationForm(request.form))
    if not form.validate():
        return _page(declaration=form), 422
    try:
        register.declare(db(), form.measure.data, now(), me().id)
    except Refused as refused:
        roll_back()
        return _page(declaration=form, problem=refused.sentence), 422
    flash(say(Sentence("Declared, and written into the log. It counts for waves that open from tomorrow on.")), "done")
    return redirect(url_for("outcomes.show", _anchor="measures"), 303)


@bp.post("/preview")
@for_hr
def preview() -> str | tuple[str, int]:
    """Read a file and show what it would add and change; nothing is written yet."""
    form = OutcomeFileForm(request.files)
    if not form.validate():
        return _page(file=form), 422
    name, data = form.file.data.filename, form.file.data.read()
    try:
        found = service.preview(db(), data, name, today())
    except OutcomeErrors as errors:
        return _page(file=form, errors=errors), 422
    except Refused as refused:
        return _page(file=form, problem=refused.sentence), 422
    return render_template(
        "outcomes/preview.html",
        found=found,
        names={each.code: each.name(language()) for each in register.measures(db())},
        changed=found.changed[:NAMED],
        value_text=value_text,
        table=service.as_csv(found.rows),
    )


@bp.post("/")
@for_hr
def bring_in() -> Response | tuple[str, int]:
    """Take what the preview showed; the values are checked again, since a form may be changed on its way."""
    try:
        found = service.preview(db(), (request.form.get("table") or "").encode(), PASTED, today())
        service.require_current(found, request.form.get("replaced"))
        service.bring_in(db(), found, now(), me().id)
        done()
    except OutcomeErrors as errors:
        roll_back()
        return _page(errors=errors), 422
    except Refused as refused:
        roll_back()
        return _page(problem=refused.sentence), 422
    flash(say(found.sentence), "done")
    return redirect(url_for("outcomes.show"), 303)


def _page(
    *,
    measure: MeasureForm | None = None,
    declaration: DeclarationForm | None = None,
    file: OutcomeFileForm | None = None,
    errors: OutcomeErrors | None = None,
    problem: Sentence | None = None,
) -> str:
    hr, everything = me().role == "hr", publications()
    publication = newest_with_values(everything) if "wave" not in request.args else chosen(request.args["wave"])
    seen = units_visible_to(me(), publication) if publication else ()
    noted = register.measures(db()) if hr else ()
    return render_template(
        "outcomes/show.html",
        publication=publication,
        waves=[each.wave.code for each in everything][::-1],
        seen=seen,
        shown=shown(publication, everything, seen, language(), numbers=hr) if publication else (),
        hr=hr,
        noted=noted,
        declared=register.declared(db(), now().date() + dt.timedelta(days=1)) if hr else None,
        measure=_directions(measure or MeasureForm()),
        declaration=_measures(declaration or DeclarationForm()),
        file=file or OutcomeFileForm(),
        errors=errors,
        problem=problem,
        day_said=lambda text: day(dt.date.fromisoformat(str(text)), language()),
    )


def _directions(form: MeasureForm) -> MeasureForm:
    form.better.choices = [
        ("higher", say(Sentence("Higher is better"))),
        ("lower", say(Sentence("Lower is better"))),
    ]
    return form


def _measures(form: DeclarationForm) -> DeclarationForm:
    form.measure.choices = [(each.code, each.name(language())) for each in register.measures(db())]
    return form
