"""Marks on a unit's trend: its leader changed, a tool was introduced. Noted by HR and by whoever sees the unit."""

import datetime as dt
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.marks import MarkForm
from survey.i18n import Refused, Sentence, day
from survey.privacy.register import MarkKind
from survey.services import audit_log
from survey.services.marks import UnitMark, marks, note_mark, remove_mark
from survey.web.access import for_leaders, for_readers, me
from survey.web.clock import now, today
from survey.web.database import db, roll_back
from survey.web.language import language, say
from survey.web.own_units import own_units, unit_choices

KINDS: Final[dict[MarkKind, Sentence]] = {
    "leader": Sentence("The leader changed"),
    "tool": Sentence("A tool was introduced"),
}
GONE: Final = Sentence("There is no such mark any more.")

bp = Blueprint("marks", __name__, url_prefix="/marks")


@bp.get("/")
@for_readers
def show() -> str:
    """Show what was marked, and the form."""
    return _page(MarkForm(data={"day": today(), "unit": request.args.get("unit")}))


@bp.post("/")
@for_leaders
def note() -> Response | tuple[str, int]:
    """Mark what happened; only in units that the account may see."""
    form = _with_choices(MarkForm(request.form))
    if not form.validate():
        return _page(form), 422
    kind: MarkKind = "tool" if form.kind.data == "tool" else "leader"
    try:
        mark = UnitMark(form.unit.data, form.day.data or today(), kind, form.name.data or "")
        note_mark(db(), mark)
        audit_log.write(db(), now(), me().id, "mark noted", unit=mark.unit, day=mark.day.isoformat(), kind=kind)
    except Refused as refused:
        roll_back()
        return _page(form, refused.sentence), 422
    flash(say(Sentence("Marked. The next publication puts it on the unit’s trend.")), "done")
    return redirect(url_for("marks.show"), 303)


@bp.post("/removed")
@for_leaders
def remove() -> Response | tuple[str, int]:
    """Take a mark out that was a mistake; what was published keeps it."""
    unit, on, kind = (request.form.get(name, "") for name in ("unit", "day", "kind"))
    try:
        remove_mark(db(), _own(unit), _day(on), kind)
        audit_log.write(db(), now(), me().id, "mark removed", unit=unit, day=on, kind=kind)
    except Refused as refused:
        roll_back()
        return _page(MarkForm(data={"day": today()}), refused.sentence), 422
    flash(say(Sentence("The mark is taken out. What was published keeps it.")), "done")
    return redirect(url_for("marks.show"), 303)


def _own(unit: str) -> str:
    if unit not in {branch.node.code for branch in own_units()}:
        raise Refused(GONE)
    return unit


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(GONE) from None


def _page(form: MarkForm, problem: Sentence | None = None) -> str:
    names = {branch.node.code: branch.node.names[language()] for branch in own_units()}
    found = [each for each in marks(db(), dt.date.max) if each.unit in names]
    return render_template(
        "marks/show.html",
        form=_with_choices(form),
        problem=problem,
        lines=[(each, names[each.unit], day(each.day, language()), KINDS[each.kind]) for each in found],
    )


def _with_choices(form: MarkForm) -> MarkForm:
    form.unit.choices = unit_choices(own_units())
    form.kind.choices = [(kind, say(what)) for kind, what in KINDS.items()]
    return form
