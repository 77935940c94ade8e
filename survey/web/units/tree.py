"""The tree of units, level by level: who may see thousands goes down to one, or finds it by name or code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import render_template, request

from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.access import for_readers, me, unit_visible_to, units_visible_to
from survey.web.finding import find_units
from survey.web.language import language
from survey.web.results import chosen, publications, read
from survey.web.units import lines
from survey.web.units.blueprint import bp

MOST: Final = 200
"""Units on a page: as many as lie below the one looked at are shown with all levels, of more only the first level."""
FINDING_FROM: Final = 30
"""Units from which it is worth while to search for one."""


@dataclass(frozen=True)
class Level:
    """What a page shows of a tree."""

    under: PublishedUnit | None
    """The unit looked at; None where the reader's part of the tree has no single top."""
    path: tuple[PublishedUnit, ...]
    """The units above it that the reader may see."""
    units: tuple[PublishedUnit, ...]
    deeper: Mapping[str, int] = field(default_factory=dict)
    """By code: units below it that stand on a page of their own."""
    start: int = 0
    """How many units of this level stand on the pages before."""
    of: int = 0
    """Units of this level, where they do not fit one page."""


@bp.get("/")
@for_readers
def tree() -> str:
    """List the units that the account may see, in the order of the tree: all of them, or one level."""
    publication = chosen(request.args.get("wave"))
    visible = units_visible_to(me(), publication) if publication else ()
    if publication is None or not visible:
        return render_template("units/tree.html", publication=publication, waves=_waves(), level=None)
    under = request.args.get("under")
    asked = unit_visible_to(me(), publication, under) if under else None
    found = level(visible, asked, publication, max(request.args.get("from", 0, type=int), 0))
    read([publication], [unit.code for unit in found.units])
    return render_template(
        "units/tree.html",
        publication=publication,
        waves=_waves(),
        level=found,
        search=find_units(request.args.get("find", ""), visible, language()) if len(visible) > FINDING_FROM else None,
        lines=_lines(found, publication),
        deeper=found.deeper,
        top=min(unit.depth for unit in found.units),
        most=MOST,
    )


def level(
    visible: Sequence[PublishedUnit], asked: PublishedUnit | None, publication: Publication, start: int = 0
) -> Level:
    """Return what to show of the units that somebody may see, below the one asked for or from their top."""
    sizes, seen = _sizes(visible), {unit.code for unit in visible}
    tops = [unit for unit in visible if unit.parent not in seen]
    under = tops[0] if asked is None and len(tops) == 1 else asked
    path = () if under is None else tuple(each for each in publication.path(under.code)[:-1] if each.code in seen)
    if (len(visible) if under is None else sizes[under.code] + 1) <= MOST:
        return Level(under, path, tuple(visible) if under is None else publication.below(under.code))
    below = tops if under is None else publication.children(under.code)
    page = tuple(below[start : start + MOST])
    return Level(
        under,
        path,
        page if under is None else (under, *page),
        {unit.code: sizes[unit.code] for unit in page if sizes[unit.code]},
        start,
        len(below) if len(below) > MOST else 0,
    )


def _sizes(visible: Sequence[PublishedUnit]) -> dict[str, int]:
    """Return by code how many units lie below each."""
    sizes = {unit.code: 0 for unit in visible}
    for unit in reversed(visible):
        if unit.parent in sizes:
            sizes[unit.parent] += 1 + sizes[unit.code]
    return sizes


def _lines(found: Level, publication: Publication) -> tuple[lines.Below, ...]:
    if found.deeper or found.of:
        rest = () if found.under is None else lines.rest(found.under, language())
        return lines.below(found.units, publication, language()) + rest
    return lines.with_rests(found.units, publication, language())


def _waves() -> list[str]:
    return [each.wave.code for each in reversed(publications())]
