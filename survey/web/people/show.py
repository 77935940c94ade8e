"""The roster of today: its tree, a form for another one, and the way out as a file."""

from io import BytesIO

from flask import abort, render_template, request, send_file
from werkzeug.wrappers import Response

from reports import handout, wanted
from survey.forms.fields import with_file
from survey.forms.people import COLUMNS, RosterForm, SearchForm
from survey.i18n import Sentence
from survey.services.roster.export import Table, export
from survey.services.roster.people import headcount, units_today
from survey.spreadsheets import CSV_TYPE, XLSX_TYPE
from survey.web.access import for_hr, me
from survey.web.clock import now, today
from survey.web.database import db, done
from survey.web.language import language
from survey.web.people.blueprint import bp
from survey.web.trees import Node, ordered


@bp.get("/")
@for_hr
def show() -> str:
    """Show the forms, and the tree of today with its counts."""
    return page(RosterForm(day=today()))


@bp.post("/export")
@for_hr
def export_roster() -> Response:
    """Give today's roster as a file; the log says so."""
    kind = request.form.get("kind")
    if kind not in {"csv", "xlsx"}:
        abort(400)
    table = export(db(), "csv" if kind == "csv" else "xlsx", language(), now(), me().id)
    done()
    return handed_out(table, f"roster-{today().isoformat()}.{kind}")


def handed_out(table: Table, name: str) -> Response:
    """Give a table as a file: as a workbook or a CSV, as its name ends."""
    if name.endswith(".csv"):
        return send_file(BytesIO(table.csv()), CSV_TYPE, as_attachment=True, download_name=name)
    data = handout.made(wanted.Table("roster", table.headings, table.rows))
    return send_file(BytesIO(data), XLSX_TYPE, as_attachment=True, download_name=name)


def sent() -> RosterForm:
    """Return the form with its file as it was sent."""
    return RosterForm(with_file(request.form, request.files))


def page(form: RosterForm, problem: Sentence | None = None) -> str:
    """Render the page; `problem` says why a file cannot be read as a whole."""
    found = headcount(db())
    nodes = [Node(unit.code, unit.parent_code, {"ko": unit.name_ko, "en": unit.name_en}) for unit in units_today(db())]
    return render_template(
        "people/show.html",
        form=form,
        search=SearchForm(),
        problem=problem,
        columns=COLUMNS,
        people=found.people,
        without_email=found.without_email,
        tree=ordered(nodes, found.here),
        leads=found.leads,
    )
