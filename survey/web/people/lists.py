"""All of whom a new roster changes in one way, page by page; and all cells to mend as a file."""

from typing import Final

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.i18n import Refused, Sentence
from survey.services.roster.changes import Kind, changes
from survey.services.roster.export import to_mend
from survey.services.roster.roster import RosterErrors, check_roster
from survey.services.roster.standing import standing
from survey.web.access import for_hr
from survey.web.database import db, done
from survey.web.language import language, say
from survey.web.people.blueprint import bp
from survey.web.people.imports import TITLES
from survey.web.people.pages import Pages
from survey.web.people.show import handed_out
from survey.web.people.waiting import matched, waiting

KINDS: Final[dict[str, Kind]] = {kind: kind for kind in TITLES}
ERROR_HEADINGS: Final = (
    Sentence("Row"),
    Sentence("Column"),
    Sentence("What stands there"),
    Sentence("What to mend"),
)


@bp.get("/import/<name>/<kind>")
@for_hr
def listed(name: str, kind: str) -> str:
    """List everybody whom a file changes in one way."""
    if kind not in KINDS:
        abort(404)
    staged = waiting(name)
    match = matched(name, staged)
    try:
        table = check_roster(staged.grid, match.columns)
    except Refused:
        abort(404)
    found = changes(standing(db()), table)
    done()
    lines = found.lines[KINDS[kind]]
    pages = Pages.asked(request.args.get("page", ""), len(lines))
    units = {**found.before.units, **found.units}
    return render_template(
        "people/listed.html",
        name=name,
        title=TITLES[KINDS[kind]],
        kind=kind,
        lines=lines[pages.first : pages.last],
        pages=pages,
        address=lambda page: url_for("people.listed", name=name, kind=kind, page=page),
        unit_names={code: unit.names[language()] for code, unit in units.items()},
    )


@bp.get("/import/<name>/errors.<kind>")
@for_hr
def errors(name: str, kind: str) -> Response:
    """Give all cells to mend as a file that can lie beside the roster."""
    if kind not in {"csv", "xlsx"}:
        abort(404)
    found = _problems(name)
    headings = [say(heading) for heading in ERROR_HEADINGS]
    return handed_out(to_mend(found, headings, language()), f"roster-errors.{kind}")


def _problems(name: str) -> RosterErrors:
    staged = waiting(name)
    match = matched(name, staged)
    try:
        check_roster(staged.grid, match.columns)
    except RosterErrors as errors:
        return errors
    return abort(404)
