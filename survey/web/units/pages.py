"""A unit's results: the tree that the account may see, and the page of one unit."""

import datetime as dt
from functools import partial

from flask import abort, render_template, request

from reports.asked_otherwise import since_the_last
from reports.came_from import came_from
from survey.i18n import day
from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.access import for_readers, me, sees, unit_visible_to, units_visible_to
from survey.web.language import language
from survey.web.results import chosen, publications
from survey.web.units import lines, parts
from survey.web.units.blueprint import bp


@bp.get("/")
@for_readers
def tree() -> str:
    """List the units that the account may see, in the order of the tree."""
    publication = chosen(request.args.get("wave"))
    units = units_visible_to(me(), publication) if publication else ()
    return render_template(
        "units/tree.html",
        publication=publication,
        waves=[each.wave.code for each in publications()][::-1],
        lines=lines.with_rests(units, publication, language()) if publication else (),
        top=min((unit.depth for unit in units), default=0),
    )


@bp.get("/<code>")
@for_readers
def show(code: str) -> str:
    """Show one unit of one wave, the newest where none is asked for."""
    publication = chosen(request.args.get("wave"))
    if publication is None:
        abort(404)
    unit = unit_visible_to(me(), publication, code)
    seen = {each.code for each in units_visible_to(me(), publication)}
    children = publication.children(code)
    return render_template(
        "units/show.html",
        unit=unit,
        publication=publication,
        page=parts.unit_page(unit, publication, language()),
        came=came_from(unit, publication, publications(), partial(sees, me()), language()),
        hidden=lines.why_hidden(unit, publication),
        above=_above(publication, unit, seen),
        path=[each for each in publication.path(code)[:-1] if each.code in seen],
        waves=[each.wave.code for each in publications() if code in each][::-1],
        asked=asked(publication),
        otherwise=since_the_last(publication, publications(), language()),
        tries=parts.to_try(unit, publication, language()),
        method=lines.small_print(publication, language()),
        lines=lines.below(children, publication, language()) + lines.rest(unit, language()),
        top=unit.depth + 1,
    )


def asked(publication: Publication) -> str:
    """Return the days on which a wave was open."""
    days = (publication.wave.opened_on, publication.wave.closed_on)
    return " – ".join(day(dt.date.fromisoformat(each), language()) for each in days)


def _above(publication: Publication, unit: PublishedUnit, seen: set[str]) -> PublishedUnit | None:
    found = publication.published_above(unit.code)
    return found if found is not None and found.code in seen else None
