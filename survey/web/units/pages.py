"""A unit's results: the page of one unit over time, and the kit for its meeting."""

import datetime as dt
from functools import partial

from flask import abort, render_template, request

from reports import sentences
from reports.asked_otherwise import since_the_last
from reports.came_from import came_from
from survey.i18n import day
from survey.privacy.thaw import Publication, PublishedUnit
from survey.services.practices.partners import across
from survey.services.practices.register import entries, of_units
from survey.web.access import for_readers, me, refuse_unit, sees, unit_visible_to
from survey.web.clock import today
from survey.web.database import db
from survey.web.language import language, say
from survey.web.practices.around import mine
from survey.web.publications.comments import has_page
from survey.web.results import chosen, publications, read
from survey.web.units import lines, parts
from survey.web.units.around import Around, around
from survey.web.units.blueprint import bp
from survey.web.units.doing import Doing, Noted, doing
from survey.web.units.history import history, until
from survey.web.units.measures import measures_of
from survey.web.units.withheld import withheld


@bp.get("/<code>")
@for_readers
def show(code: str) -> str:
    """Show one unit: of the wave asked for, else of the last one in which the account may see it."""
    publication, unit = found(code)
    everything, children, may = publications(), publication.children(code), partial(sees, me())
    read(everything, (code, publication.root.code))
    read((publication,), (child.code for child in children))
    place = around(unit, publication, me())
    shown = parts.unit_page(unit, publication, language())
    return render_template(
        "units/show.html",
        unit=unit,
        publication=publication,
        newest=everything[-1],
        page=shown,
        place=place,
        in_its_place=None if shown or not place.above else parts.unit_page(place.above, publication, language()),
        history=history(unit, publication, everything, may, language()),
        came=came_from(unit, publication, everything, may, language()),
        hidden=lines.why_hidden(unit, publication),
        waves=[each.wave.code for each in everything if code in each and may(each, code)][::-1],
        asked=asked(publication),
        otherwise=since_the_last(publication, everything, language()),
        doing=_doing(unit, publication),
        late=late_below(place) if publication == everything[-1] else 0,
        measures=measures_of(code, until(publication, everything), everything, may, language()),
        withheld=withheld(unit, children, publication, comments=has_page(publication, unit)),
        method=lines.small_print(publication, language()),
        lines=lines.below(children, publication, language()) + lines.rest(unit, language()),
        top=unit.depth + 1,
    )


@bp.get("/<code>/meeting")
@for_readers
def meeting(code: str) -> str:
    """Show the kit for a unit's meeting, to be printed: what is read, what is talked about, one practice to choose."""
    publication, unit = found(code)
    place = around(unit, publication, me())
    shown = parts.unit_page(unit, publication, language())
    above = None if shown or not place.above else parts.unit_page(place.above, publication, language())
    together = sentences.together(place.above, code, language()) if above and place.above else None
    return render_template(
        "units/meeting.html",
        unit=unit,
        publication=publication,
        place=place,
        page=shown or above,
        together=say(together) if together else "",
        hidden=lines.why_hidden(unit, publication),
        asked=asked(publication),
        doing=_doing(unit, publication),
        method=lines.small_print(publication, language()),
    )


def found(code: str) -> tuple[Publication, PublishedUnit]:
    """Return a unit in the wave asked for, else in the last wave in which the account may see it; 404 where none is."""
    if request.args.get("wave"):
        publication = chosen(request.args["wave"]) or abort(404)
        return publication, unit_visible_to(me(), publication, code)
    seen = (each for each in reversed(publications()) if code in each and sees(me(), each, code))
    last = next(seen, None) or refuse_unit()
    return last, last.unit(code)


def asked(publication: Publication) -> str:
    """Return the days on which a wave was open."""
    days = (publication.wave.opened_on, publication.wave.closed_on)
    return " – ".join(day(dt.date.fromisoformat(each), language()) for each in days)


def _doing(unit: PublishedUnit, publication: Publication) -> Doing:
    """Return what is done: as noted today beside the newest wave, as it was frozen beside the others."""
    if publications()[-1] != publication:
        return doing(unit, publication, None, language())
    crossing = across(db(), {unit.code})
    taken = {(each.unit, each.practice) for each in crossing}
    kept = of_units(db(), {unit.code, *(each.unit for each in crossing)})
    own = [each for each in kept if each.unit == unit.code or (each.unit, each.practice) in taken]
    return doing(unit, publication, Noted(own, crossing, today(), _running_below(unit, publication)), language())


def _running_below(unit: PublishedUnit, publication: Publication) -> int:
    if not publication.children(unit.code):
        return 0
    running = {each.unit for each in entries(db(), state="running")} - {unit.code}
    return sum(
        code in publication and any(above.code == unit.code for above in publication.path(code)) for code in running
    )


def late_below(place: Around) -> int:
    """Return how many practices were not noted as held for long, on the page where a leader's part of the tree begins.

    HR and observers are reminded of nothing: the practices are those of the leaders.
    """
    if me().role != "leader" or place.path:
        return 0
    return sum(each.overdue(today()) for each in entries(db(), state="running") if each.unit in mine())
