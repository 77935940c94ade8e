"""Choosing units, in a company of ten units and in one of ten thousand: chips, quick picks, and a list to tick."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reports.comparison.building import in_order
from reports.comparison.contents import Choice
from survey.i18n import Sentence
from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.compare.address import MOST, address, of
from survey.web.finding import find_units

LISTED: Final = 40
"""Units that a list to tick holds; in a larger company it holds what lies near, or what was found by name."""
NEAR: Final = 3
"""Of so many chosen units it is offered to look at those below and beside them."""


@dataclass(frozen=True)
class Chip:
    """A chosen unit, and the address of the page without it."""

    name: str
    away: str


@dataclass(frozen=True)
class Pick:
    """Several units at once."""

    says: Sentence
    go: str


@dataclass(frozen=True)
class Tick:
    """One line of the list."""

    unit: PublishedUnit
    level: int
    ticked: bool
    where: str
    """The unit above it, where the list does not show it."""


@dataclass(frozen=True)
class Chooser:
    """All that is offered."""

    chips: tuple[Chip, ...]
    picks: tuple[Pick, ...]
    ticks: tuple[Tick, ...]
    more: int
    """Units that were found, or lie near, and are not listed."""
    all: bool
    """Whether the list holds every unit that the reader may see."""
    found: int | None
    """How many have the words in their names; None where nothing was looked for."""


def chooser(
    chosen: Sequence[PublishedUnit],
    choice: Choice,
    visible: Sequence[PublishedUnit],
    waves: Sequence[Publication],
    find: str,
    language: str,
) -> Chooser:
    """Return what is offered to somebody who may see `visible`, in the order of the tree."""
    newest = waves[-1]
    everything = len(visible) <= LISTED and not find
    search = find_units(find, visible, language, LISTED)
    found = [newest.unit(hit.code) for hit in search.hits]
    offered = visible if everything else found if find else _near(chosen, visible, newest)
    listed = in_order([*chosen, *offered[:LISTED]], newest)
    return Chooser(
        chips=tuple(
            Chip(unit.name(language), address(of(choice, [each for each in chosen if each is not unit]), waves))
            for unit in chosen
        ),
        picks=tuple(_picks(chosen, choice, visible, waves, language)),
        ticks=tuple(_ticks(listed, chosen, visible, language, in_tree=everything)),
        more=search.more + max(0, len(offered) - LISTED),
        all=everything,
        found=len(found) + search.more if find else None,
    )


def first(visible: Sequence[PublishedUnit]) -> tuple[PublishedUnit, ...]:
    """Return the shallowest level of which two units and more are shown; what is shown where there is none."""
    shown = [unit for unit in visible if unit.hidden is None]
    for depth in sorted({unit.depth for unit in shown}):
        level = [unit for unit in shown if unit.depth == depth]
        if len(level) > 1:
            return tuple(level)
    return tuple(shown)


def _near(
    chosen: Sequence[PublishedUnit], visible: Sequence[PublishedUnit], newest: Publication
) -> tuple[PublishedUnit, ...]:
    seen = {unit.code for unit in visible}
    near = [*first(visible)]
    for unit in chosen[:NEAR]:
        near += [*_beside(unit, newest), *newest.children(unit.code)]
    return in_order([unit for unit in near if unit.code in seen], newest)


def _beside(unit: PublishedUnit, newest: Publication) -> tuple[PublishedUnit, ...]:
    return () if unit.parent is None else newest.children(unit.parent)


def _picks(
    chosen: Sequence[PublishedUnit],
    choice: Choice,
    visible: Sequence[PublishedUnit],
    waves: Sequence[Publication],
    language: str,
) -> Iterable[Pick]:
    """Offer the first level, and what lies below and beside the units chosen, where that fits the page."""
    newest, seen = waves[-1], {unit.code for unit in visible}
    had = {frozenset(unit.code for unit in chosen)}
    name = Sentence("Below %(unit)s")
    offers = [(Sentence("The first level"), first(visible))]
    offers += [(name.fill(unit=unit.name(language)), newest.children(unit.code)) for unit in chosen]
    for unit in chosen[:NEAR]:
        beside = _beside(unit, newest)
        if unit.parent is not None and unit.parent in seen:
            offers.append((name.fill(unit=newest.unit(unit.parent).name(language)), beside))
    for says, units in offers:
        fits = [unit for unit in units if unit.code in seen]
        codes = frozenset(unit.code for unit in fits)
        if 1 < len(fits) <= MOST and codes not in had:
            had.add(codes)
            yield Pick(says, address(of(choice, fits), waves))


def _ticks(
    units: Sequence[PublishedUnit],
    chosen: Sequence[PublishedUnit],
    visible: Sequence[PublishedUnit],
    language: str,
    *,
    in_tree: bool,
) -> Iterable[Tick]:
    top = min((unit.depth for unit in units), default=0)
    ticked, seen = {unit.code for unit in chosen}, {unit.code: unit for unit in visible}
    for unit in units:
        above = seen.get(unit.parent or "")
        where = "" if in_tree or above is None or above.parent is None else above.name(language)
        yield Tick(unit, min(unit.depth - top, 5) if in_tree else 0, unit.code in ticked, where)
