"""A heat map as a file, from the address of its page: the same units, wave and view, and the same right."""

from io import BytesIO

from flask import Blueprint, Response, abort, request, send_file

from reports import handout
from reports.comparison.files.handed import TYPES
from reports.heat.building import heat_map
from reports.heat.files import HeatFile, Kind
from survey.web.access import for_readers
from survey.web.compare.files import afterwards
from survey.web.heat_map.heat_map import below, top_of, view_asked
from survey.web.language import language
from survey.web.publications.exports import note
from survey.web.results import chosen

bp = Blueprint("heat_files", __name__, url_prefix="/heat-map")


@bp.get("/map.csv")
@for_readers
def as_table() -> Response:
    """Hand out the map as a table."""
    return _file("csv")


@bp.get("/map.xlsx")
@for_readers
def as_workbook() -> Response:
    """Hand out the map as a workbook."""
    return _file("xlsx")


def _file(kind: Kind) -> Response:
    publication = chosen(request.args.get("wave"))
    if publication is None:
        abort(404)
    view = view_asked(publication)
    placed, _pages = below(top_of(publication), publication, request.args.get("page", ""))
    if not placed:
        abort(404)
    publication.read([publication.root.code, *(each.unit.code for each in placed)])
    found = heat_map(placed, publication, view, language())
    name, day = publication.company_name(language()), publication.wave.closed_on[:10]
    wanted = HeatFile(found, afterwards((publication,)), name, day, kind)
    note("heat map handed out", wave=publication.wave.code, units=" ".join(row.code for row in found.rows), format=kind)
    made = wanted.make() if kind == "csv" else handout.made(wanted)
    return send_file(BytesIO(made), TYPES[kind], as_attachment=True, download_name=wanted.name)
