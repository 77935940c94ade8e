"""The collaboration map: which practices cross between units, when each was last held, and how far they reach."""

from collections.abc import Collection
from string import ascii_uppercase
from typing import Final
from urllib.parse import urlencode

from flask import abort, render_template, request, url_for

from survey.services.practices.collaboration import CollaborationMap, collaboration, ties
from survey.services.practices.library import offered
from survey.services.practices.partners import ACROSS
from survey.web.access import for_readers
from survey.web.clock import today
from survey.web.database import db
from survey.web.language import language
from survey.web.people.pages import Pages
from survey.web.practices import around
from survey.web.practices.blueprint import bp

ROWS: Final = 30
"""Rows of a page."""
WIDEST: Final = 10
"""Columns that a map has whether or not something stands in them."""


@bp.get("/map")
@for_readers
def collaboration_map() -> str:
    """Show the map below a unit of the account's part: of the company, or of where that part begins."""
    starts = around.starts()
    inside = request.args.get("in", "") or next(iter(starts), "")
    if inside and inside not in around.mine():
        abort(404)
    found = collaboration(around.tree(), ties(db()), inside, today()) if inside else None
    pages = Pages.asked(request.args.get("page", ""), len(found.rows) if found else 0, ROWS)
    rows = found.rows[pages.first : pages.last] if found else ()
    named = around.names()
    cells = found.cells(rows) if found else {}
    letters = {practice: _letter(place) for place, practice in enumerate(found.practices)} if found else {}
    return render_template(
        "practices/map.html",
        map=found,
        rows=rows,
        cells=cells,
        columns=_columns(found, cells) if found else (),
        pages=pages,
        address=lambda page: f"{url_for('practices.collaboration_map')}?{urlencode({'in': inside, 'page': page})}",
        inside=inside,
        starts=starts,
        path=[place for place in around.tree().path(inside) if place.code in around.mine()],
        letters=letters,
        meeting_rows={row for row, _ in cells},
        names=named,
        first=[one for one in offered(db()) if one.id in ACROSS],
        deeper=[code for code in (found.rows if found else ()) if code != inside and around.tree().children(code)],
        lang=language(),
        around=around,
    )


def _letter(place: int) -> str:
    """Return what stands for a practice on the map.

    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'AA')
    """
    letters = len(ascii_uppercase)
    return (_letter(place // letters - 1) if place >= letters else "") + ascii_uppercase[place % letters]


def _columns(found: CollaborationMap, cells: Collection[tuple[str, str]]) -> tuple[str, ...]:
    """Return the columns to draw beside some rows: of a wide map those in which something stands."""
    filled = {column for _, column in cells}
    return tuple(each for each in found.columns if len(found.columns) <= WIDEST or each in filled)
