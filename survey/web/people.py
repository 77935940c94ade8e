"""The roster: who works where today, and a file that replaces it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.people import RosterForm
from survey.i18n import Refused, Sentence
from survey.services import audit_log
from survey.services.roster.people import (
    ImportResult,
    RosterErrors,
    headcount,
    import_roster,
    read_roster,
    units_today,
)
from survey.web.access import for_hr, me
from survey.web.clock import now, today
from survey.web.database import db, done, roll_back
from survey.web.language import say
from survey.web.trees import Node, ordered

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/")
@for_hr
def show() -> str:
    """Show the form, and the tree of today with its counts."""
    return _page(RosterForm())


@bp.post("/")
@for_hr
def upload() -> Response | tuple[str, int]:
    """Take a file as the roster of today, whole or not at all."""
    form = RosterForm(request.files)
    if not form.validate():
        return _page(form), 422
    try:
        result = _import(form)
    except RosterErrors as errors:
        roll_back()
        return _page(form, errors=errors), 422
    except Refused as refused:
        roll_back()
        return _page(form, problem=refused.sentence), 422
    flash(say(result.sentence), "done")
    return redirect(url_for("people.show"), 303)


def _import(form: RosterForm) -> ImportResult:
    file, by = form.file.data, me().id
    done()  # reading a large file takes seconds, in which others must be able to write
    table = read_roster(file.read(), file.filename)
    result = import_roster(db(), table, today())
    facts = {"people": str(result.people), "units": str(result.units)}
    audit_log.write(db(), now(), by, "roster imported", **facts)
    return result


def _page(form: RosterForm, errors: RosterErrors | None = None, problem: Sentence | None = None) -> str:
    found = headcount(db())
    nodes = [Node(unit.code, unit.parent_code, {"ko": unit.name_ko, "en": unit.name_en}) for unit in units_today(db())]
    return render_template(
        "people/show.html",
        form=form,
        errors=errors,
        problem=problem,
        people=found.people,
        without_email=found.without_email,
        tree=ordered(nodes, found.here),
        leads=found.leads,
    )
