"""Practices: what there is to try, which unit uses what, and noting a new one."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.practices import AdoptionForm
from survey.i18n import Refused, Sentence, day
from survey.instruments.practices import library
from survey.services import audit_log
from survey.services.practices.register import Adoption, adopt, adoptions
from survey.web.access import for_leaders, for_readers, me
from survey.web.clock import now, today
from survey.web.database import db, roll_back
from survey.web.language import language, say
from survey.web.own_units import own_units, unit_choices
from survey.web.practices.after import stories
from survey.web.practices.blueprint import bp
from survey.web.results import publications
from survey.web.trees import Branch


@dataclass(frozen=True)
class Use:
    """A practice in use, as the table says it."""

    unit: str
    practice: str
    since: str
    owner: str


@bp.get("/")
@for_readers
def show() -> str:
    """Show the library, what is in use where, and the form."""
    return _page(AdoptionForm(data={"since": today(), "unit": request.args.get("unit")}))


@bp.post("/")
@for_leaders
def note() -> Response | tuple[str, int]:
    """Note that a unit has taken up a practice; only for units that the account may see."""
    form = _with_choices(AdoptionForm(request.form), own_units())
    if not form.validate():
        return _page(form), 422
    adoption = Adoption(form.unit.data, form.practice.data, form.since.data or today(), form.owner.data or "")
    try:
        adopt(db(), adoption)
        audit_log.write(db(), now(), me().id, "practice adopted", unit=adoption.unit, practice=adoption.practice)
    except Refused as refused:
        roll_back()
        return _page(form, refused.sentence), 422
    flash(say(Sentence("Noted. The next wave asks how often it happens.")), "done")
    return redirect(url_for("practices.show"), 303)


def _page(form: AdoptionForm, problem: Sentence | None = None) -> str:
    units = own_units()
    names = {branch.node.code: branch.node.names[language()] for branch in units}
    practices = {one.id: one.name[language()] for one in library()}
    uses = [
        Use(names[each.unit], practices.get(each.practice, each.practice), day(each.since, language()), each.owner)
        for each in adoptions(db(), today())
        if each.unit in names
    ]
    return render_template(
        "practices/show.html",
        form=_with_choices(form, units),
        problem=problem,
        library=library(),
        uses=uses,
        stories=stories(publications(), language(), numbers=me().role == "hr") if units else (),
    )


def _with_choices(form: AdoptionForm, units: tuple[Branch, ...]) -> AdoptionForm:
    form.unit.choices = unit_choices(units)
    form.practice.choices = [(one.id, one.name[language()]) for one in library()]
    return form
