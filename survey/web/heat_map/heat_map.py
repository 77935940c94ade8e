"""One wave at a glance: units by motives, a part of the tree at a time."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, abort, render_template, request

from reports.heat.building import VIEWS, Placed, View, heat_map, view_of, views
from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.access import for_readers, me, sees, unit_visible_to, units_visible_to
from survey.web.language import language
from survey.web.people.pages import Pages
from survey.web.results import chosen, publications

MOST: Final = 100
"""Rows of a page that can still be read."""
bp = Blueprint("heat_map", __name__, url_prefix="/heat-map")


@bp.get("/")
@for_readers
def show() -> str:
    """Show the units below one, or all that the account may see: as deep as a hundred rows reach, or by pages."""
    publication = chosen(request.args.get("wave"))
    if publication is None:
        return render_template("heat_map/show.html", publication=None)
    view = view_asked(publication)
    top = top_of(publication)
    placed, pages = below(top, publication, request.args.get("page", ""))
    publication.read([publication.root.code, *(each.unit.code for each in placed)])
    return render_template(
        "heat_map/show.html",
        publication=publication,
        waves=[each.wave.code for each in publications()][::-1],
        found=heat_map(placed, publication, view, language()) if placed else None,
        view=view,
        views={each: VIEWS[each] for each in views(publication, language())},
        path=_path(top, publication),
        top=top[0] if len(top) == 1 else None,
        pages=pages,
    )


def view_asked(publication: Publication) -> View:
    """Return the view that the address asks for; 404 where there is none of that name."""
    view = view_of(request.args.get("show"))
    if view is None or view not in views(publication, language()):
        abort(404)
    return view


def top_of(publication: Publication) -> tuple[PublishedUnit, ...]:
    """Return the unit asked for; the highest ones that the account may see where none was."""
    if request.args.get("of"):
        return (unit_visible_to(me(), publication, request.args["of"]),)
    visible = units_visible_to(me(), publication)
    codes = {unit.code for unit in visible}
    return tuple(unit for unit in visible if unit.parent not in codes)


def _path(top: Sequence[PublishedUnit], publication: Publication) -> tuple[PublishedUnit, ...]:
    """Return the units above the one asked for, as far up as the account may see."""
    if len(top) != 1:
        return ()
    account = me()
    return tuple(unit for unit in publication.path(top[0].code)[:-1] if sees(account, publication, unit.code))


def below(top: Sequence[PublishedUnit], publication: Publication, asked: str = "") -> tuple[tuple[Placed, ...], Pages]:
    """Return units and those below them, in the order of the tree, and which page of the first level that is.

    Whole levels, as many as a page holds: what lies deeper is one link away. A first level that is larger than a page
    has pages of its own, and nothing below it; the unit above it stands on each of them.
    """
    level, depth, held = list(top), 0, dict[str, int]()
    pages = Pages.asked("", len(level), MOST)
    while level and (len(held) + len(level) <= MOST or len(held) <= 1):
        if len(held) <= 1:
            pages = Pages.asked(asked, len(level), MOST - len(held))
            level = level[pages.first : pages.last]
        held |= dict.fromkeys((unit.code for unit in level), depth)
        depth += 1
        several = pages.page > 1 or pages.more
        level = [] if several else [child for unit in level for child in publication.children(unit.code)]
    return tuple(_placed(top, held, publication)), pages


def _placed(top: Sequence[PublishedUnit], held: dict[str, int], publication: Publication) -> list[Placed]:
    found: list[Placed] = []
    waiting = [unit for unit in reversed(top) if unit.code in held]
    while waiting:
        unit = waiting.pop()
        children = publication.children(unit.code)
        inside = [child for child in children if child.code in held]
        split = bool(inside) and len(inside) < len(children)  # the others stand on another page
        found.append(Placed(unit, held[unit.code], 0 if split else len(children) - len(inside)))
        waiting.extend(reversed(inside))
    return found
