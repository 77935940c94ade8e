"""A new roster: sent, looked at, and taken only once somebody has confirmed what it changes."""

import datetime as dt
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.people import COLUMNS, DayForm, RosterForm
from survey.i18n import Refused, Sentence
from survey.services.roster import columns, previews, staging
from survey.services.roster.branches import tree
from survey.services.roster.changes import Kind
from survey.services.roster.columns import Match
from survey.services.roster.roster import RosterErrors, RosterTable, check_roster, read_cells
from survey.services.roster.staging import Staged
from survey.web.access import for_hr, me
from survey.web.clock import now, today
from survey.web.database import db, done, roll_back
from survey.web.language import language, say
from survey.web.people.blueprint import bp
from survey.web.people.show import page, sent
from survey.web.people.waiting import matched, waiting
from survey.web.site import settings

NAMED: Final = 50
"""People that a list on the preview names; all of them stand on a page of their own."""
TITLES: Final[dict[Kind, Sentence]] = {
    "joined": Sentence("Joining"),
    "moved": Sentence("Moving to another unit"),
    "renamed": Sentence("With another name"),
    "mended": Sentence("With another address, language or lead"),
    "left": Sentence("Leaving"),
}


@bp.post("/")
@for_hr
def upload() -> Response | tuple[str, int]:
    """Read a file and let it wait for somebody to look at it; nothing of the roster changes."""
    form, by = sent(), me().id
    if not form.validate():
        return page(form), 422
    file = form.file.data
    day = form.day.data or today()
    done()  # reading a large file takes seconds, in which others must be able to write
    try:
        grid = read_cells(file.read(), file.filename)
        staged = Staged(file.filename, day, grid.rows, sorted(grid.computed))
        name = staging.put(settings().home, by, staged, now())
    except Refused as refused:
        return page(form, refused.sentence), 422
    return redirect(url_for("people.look", name=name), 303)


@bp.get("/import/<name>")
@for_hr
def look(name: str) -> str:
    """Show what a file would change, or which cells of it have to be mended."""
    staged = waiting(name)
    match = matched(name, staged)
    try:
        table = check_roster(staged.grid, match.columns)
    except RosterErrors as errors:
        return render_template(
            "people/errors.html", name=name, staged=staged, errors=errors, matched=_matches(staged, match)
        )
    except Refused as refused:
        return page(RosterForm(day=staged.day), refused.sentence)
    return _preview(name, staged, match, table)


@bp.post("/import/<name>")
@for_hr
def take(name: str) -> Response:
    """Take the file as the roster, if the roster is still the one that was looked at."""
    by, staged = me().id, waiting(name)
    match, day = matched(name, staged), today()
    done()
    try:
        table = check_roster(staged.grid, match.columns)
        previews.require_begun(staged.day, day)
        result = previews.take(db(), table, staged.day, now(), by, seen=request.form.get("seen", ""))
    except Refused as refused:
        roll_back()
        if not isinstance(refused, RosterErrors):  # their page tells them, cell by cell
            flash(say(refused.sentence), "problem")
        return redirect(url_for("people.look", name=name), 303)
    if staged.choices is not None:
        previews.remember(db(), columns.remember(staged.rows[0], staged.choices))
    done()
    staging.drop(settings().home, by, name)
    flash(say(result.sentence), "done")
    return redirect(url_for("people.show"), 303)


@bp.post("/import/<name>/day")
@for_hr
def holds_since(name: str) -> Response:
    """Say since when the roster of a file holds; the preview is made anew."""
    staged, form = waiting(name), DayForm(request.form)
    if form.validate() and form.day.data is not None:
        changed = Staged(staged.filename, form.day.data, staged.rows, staged.computed, staged.choices)
        staging.replace(settings().home, me().id, name, changed)
    else:
        flash(say(form.day.errors[0]), "problem")
    return redirect(url_for("people.look", name=name), 303)


@bp.post("/import/<name>/aside")
@for_hr
def put_aside(name: str) -> Response:
    """Forget a file; the roster stays as it is."""
    staging.drop(settings().home, me().id, name)
    flash(say(Sentence("The file was put aside; the roster is as it was.")), "done")
    return redirect(url_for("people.show"), 303)


def _preview(name: str, staged: Staged, match: Match, table: RosterTable) -> str:
    day = today()
    found = previews.preview(db(), table)
    done()  # drawing the page of a large company takes a while
    lines = found.changes.lines
    units = {**found.changes.before.units, **found.changes.units}
    return render_template(
        "people/preview.html",
        name=name,
        staged=staged,
        matched=_matches(staged, match),
        found=found,
        titles=TITLES,
        shown={kind: lines[kind][:NAMED] for kind in TITLES},
        unit_names={code: unit.names[language()] for code, unit in units.items()},
        tree=tree(found.changes),
        seal=previews.seal(found.changes, staged.day),
        day=DayForm(day=staged.day),
        day_problem=_day_problem(found, staged, day),
    )


def _day_problem(found: previews.Preview, staged: Staged, today: dt.date) -> Sentence | None:
    try:
        previews.require_begun(staged.day, today)
        previews.require_after(found.changes.before, staged.day)
    except Refused as refused:
        return refused.sentence
    return None


def _matches(staged: Staged, match: Match) -> list[tuple[str, str, str]]:
    """Return what was understood of each column: ours, the file's heading, and how we know."""
    return [
        (ours, heading, match.how[column])
        for column, ours, _ in COLUMNS
        if (heading := _heading(staged, match, column)) is not None
    ]


def _heading(staged: Staged, match: Match, column: str) -> str | None:
    if (place := match.columns.places.get(column)) is not None:
        return staged.rows[0][place] or say(Sentence("Column %(place)s", {"place": place + 1}))
    if (value := match.columns.everybody.get(column)) is not None:
        return say(Sentence("Korean for everybody") if value == "ko" else Sentence("English for everybody"))
    return None
