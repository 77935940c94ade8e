"""Page four: practices to try, those the unit already has, and what a 90-minute meeting does with the report."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from babel.dates import format_date

from survey.charts import told
from survey.charts.marks import happened
from survey.i18n import Sentence
from survey.instruments.practices import Practice, name_of, suggest
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

IDEAS: Final = 3
IDEAS_BESIDE: Final = 2
"""Practices suggested to a unit that already has some: the page names those too."""


@dataclass(frozen=True)
class Idea:
    """One practice to try, in the reader's language."""

    name: str
    what: str
    why: str
    source: str
    first_step: str
    next_wave: str


@dataclass(frozen=True)
class Kept:
    """One practice the unit already has: since when, and how often its people say it happens."""

    name: str
    since: str
    shown: str
    n: int


@dataclass(frozen=True)
class Tries:
    """What to try, and what is already there."""

    ideas: tuple[Idea, ...]
    source: str
    """Where all of the ideas come from; "" where they have different sources, each beside its idea."""
    kept: tuple[Kept, ...]
    chosen: str
    """What the ideas were chosen for."""
    happened: tuple[str, ...]
    """What else happened in the unit: a new leader, a new tool."""


def tries(unit: PublishedUnit, subject: PublishedUnit | None, publication: Publication, language: str) -> Tries:
    """Return what `unit` may try, for the weakest motive and facet of `subject`, whose numbers the report shows."""
    motive, facet = "", ""
    if subject is not None and not isinstance(subject.figures, Suppressed):
        motive, facet = subject.figures.value.weakest, subject.figures.value.weakest_facet
    adopted, limit = tuple(unit.adopted), IDEAS_BESIDE if unit.adopted else IDEAS
    offered = publication.offered
    found = suggest(motive, facet, adopted, limit, offered)
    ideas = tuple(_idea(one, language) for one in found or suggest("", "", adopted, limit, offered))
    sources = {idea.source for idea in ideas}
    return Tries(
        ideas=ideas,
        source=sources.pop() if len(sources) == 1 else "",
        kept=tuple(_kept(unit, code, since, publication, language) for code, since in sorted(unit.adopted.items())),
        chosen=chosen(motive, facet, matched=bool(found), own=subject is not None and subject.code == unit.code).to(
            language
        ),
        happened=happened(unit, language),
    )


def chosen(motive: str, facet: str, *, matched: bool, own: bool) -> Sentence:
    """Return what the practices were chosen for."""
    if not motive and not facet:
        stands_out = Sentence("No motive and no facet stands out, so any of these may suit you.")
        return stands_out if own else Sentence("Any of these may suit you.")
    if not matched:
        return Sentence("No practice of the register speaks to what is weakest; these may suit any group.")
    if not own:
        return Sentence("Chosen for what is weakest in the group whose numbers are shown.")
    if motive and facet:
        return Sentence("Chosen for the weakest motive and facet of this group.")
    if motive:
        return Sentence("Chosen for the weakest motive of this group; no facet stands out.")
    return Sentence("Chosen for the weakest facet of this group; no motive stands out.")


def _idea(one: Practice, language: str) -> Idea:
    return Idea(
        name=one.name[language],
        what=one.what[language],
        why=one.why[language],
        source=one.source[language],
        first_step=one.first_step[language],
        next_wave=one.next_wave[language],
    )


def _kept(unit: PublishedUnit, code: str, since: str, publication: Publication, language: str) -> Kept:
    shown, n = "", 0
    item = next((one.item for one in publication.practices if one.id == code), code)
    if not isinstance(unit.figures, Suppressed) and item in unit.figures.value.practices:
        shown, n = told(unit.figures.value.practices[item], language), unit.figures.value.practices_n[item]
    return Kept(name_of(code, publication.instrument, publication.practices)[language], day(since, language), shown, n)


def day(iso: str, language: str) -> str:
    """Return a date (YYYY-MM-DD) as a reader writes it."""
    return format_date(dt.date.fromisoformat(iso), "long", {"en": "en_GB"}.get(language, language))
