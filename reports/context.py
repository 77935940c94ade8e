"""A publication, a unit and a language become everything the templates of a report need. Nothing else is read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from babel.dates import format_date

from reports import sentences
from reports.changes import Since, since
from reports.edition import edition
from reports.figures import Chart, charts_of, trend
from reports.lengths import LINE, cut, width
from reports.method import Method, method
from reports.own import Own, own
from reports.parts import Behaviour, Line, Picture, Why, behaviour, over_waves, picture, why
from reports.trend import WAVES, broken, trail
from reports.tries import Tries, tries
from survey.charts.marks import marks_of
from survey.i18n import Sentence, day
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

LONG_NAME: Final = 30
VERY_LONG_NAME: Final = 44
"""Widths of names (`reports.lengths`) from which the heading is set smaller."""
MARK: Final = 44
"""Width of a mark's name beside the trend."""
BRIEF: Final = 180
"""Width of all errata together that page one has room for beside everything else."""


@dataclass(frozen=True)
class Shown:
    """The numbers of a report: of the unit itself, or of the published unit above one that is not shown."""

    name: str
    is_company: bool
    together: str
    """In the kit of a hidden unit: what the hidden units beside it and it show together, in words."""
    picture: Picture
    since: Since
    why: Why
    behaviour: Behaviour | None
    own: tuple[Own, ...]
    """What else was asked: other scales, and the company's extra items."""


@dataclass(frozen=True)
class Erratum:
    """What was found to be wrong since the publication, and on which day it was said."""

    day: str
    text: str


@dataclass(frozen=True)
class Report:
    """One report, ready for its templates."""

    title: str
    name: str
    short_name: str
    size: str
    above: tuple[str, ...]
    members: str
    """The units of a joined group, as many as fit on the line (the annex names all); "" for every other unit."""
    company: str
    wave: str
    asked: str
    footer: str
    demo: bool
    imported: bool
    language_note: bool
    errata: tuple[Erratum, ...]
    roomy: bool
    """Whether page one has room for what is not needed: what stands on the other pages, what to ask one another."""
    edition: str
    digest: str
    promise: str
    """The promise's digest; "" where answers were collected elsewhere."""
    closed_on: str
    hidden: str
    shown: Shown | None
    waves: tuple[Line, ...]
    """The unit over the waves so far, as far back as changes are shown; () where they are not."""
    breaks: bool
    """Whether its line breaks, because the unit was largely another one before."""
    marks: tuple[str, ...]
    """What began or happened between them, as the chart's letters name it; the newest, as many as there is room for."""
    charts: tuple[Chart, ...]
    tries: Tries
    method: Method
    annex_title: str

    def chart(self, name: str) -> Chart | None:
        """Return a chart by its name; None where there is none to show."""
        return next((chart for chart in self.charts if chart.name == name), None)


def report_of(publication: Publication, unit_code: str, language: str, earlier: Sequence[Publication] = ()) -> Report:
    """Return the report of one unit, with the publications before this one, the earliest first (`reports.trend`).

    Raises:
        KeyError: The publication has no such unit.
    """
    unit = publication.unit(unit_code)
    subject = _subject(unit, publication)
    waves = trail(publication, earlier, unit_code)
    drawn = () if subject is None else tuple(charts_of(subject, publication, language).values())
    marks = marks_of(unit, waves, language)[-WAVES:]
    over = trend(waves, unit_code, language, marks)
    errata = _errata(publication, language)
    name, company, wave = unit.name(language), publication.company_name(language), publication.wave.code
    return Report(
        title=Sentence("Team report: %(unit)s, %(wave)s", {"unit": name, "wave": wave}).to(language),
        name=name,
        short_name=cut(name, LINE),
        size=_size(name),
        above=tuple(above.name(language) for above in publication.path(unit_code)[:-1]),
        members=cut(", ".join(unit.members(language)), LINE),
        company=company,
        wave=wave,
        asked=_span(publication.wave.opened_on, publication.wave.closed_on, language),
        footer="  ·  ".join(dict.fromkeys((cut(company, LINE), cut(name, LINE), wave))),
        demo=publication.wave.demo,
        imported=publication.wave.kind == "imported",
        language_note=unit.language_note,
        errata=errata,
        roomy=(unit.parent is None or not waves) and sum(width(said.text) for said in errata) <= BRIEF,
        edition=edition(),
        digest=publication.digest,
        promise=publication.wave.promise_digest,
        closed_on=publication.wave.closed_on,
        hidden=sentences.hidden(unit.figures.reason, publication.policy).to(language)
        if isinstance(unit.figures, Suppressed)
        else "",
        shown=None if subject is None else _shown(subject, unit_code, publication, language),
        waves=over_waves(waves, unit_code, language),
        breaks=any(broken(wave.unit(unit_code)) for wave in waves[1:]),
        marks=tuple(replace(mark, name=cut(mark.name, MARK)).text for mark in marks),
        charts=drawn if over is None else (*drawn, over),
        tries=tries(unit, subject, publication, language),
        method=method(publication, language),
        annex_title=Sentence("The published numbers of this report").to(language),
    )


def _errata(publication: Publication, language: str) -> tuple[Erratum, ...]:
    return tuple(
        Erratum(day(dt.date.fromisoformat(said.said_on), language), said.text(language)) for said in publication.errata
    )


def _subject(unit: PublishedUnit, publication: Publication) -> PublishedUnit | None:
    """Return the unit whose numbers are shown: the unit itself, else the nearest published one above it, else none."""
    if not isinstance(unit.figures, Suppressed):
        return unit
    above = publication.published_above(unit.code)
    return None if above is None or isinstance(above.figures, Suppressed) else above


def _shown(unit: PublishedUnit, asked_for: str, publication: Publication, language: str) -> Shown | None:
    if isinstance(unit.figures, Suppressed):
        return None
    figures, together = unit.figures.value, sentences.together(unit, asked_for, language)
    return Shown(
        name=unit.name(language),
        is_company=unit.parent is None,
        together="" if together is None else together.to(language),
        picture=picture(unit, figures, publication, language),
        since=since(unit, publication, language),
        why=why(unit, figures, publication, language),
        behaviour=behaviour(unit, figures, publication, language),
        own=own(unit, figures, publication, language),
    )


def _span(opened_on: str, closed_on: str, language: str) -> str:
    locale = {"en": "en_GB"}.get(language, language)
    days = [format_date(dt.date.fromisoformat(date), "long", locale) for date in dict.fromkeys((opened_on, closed_on))]
    return " – ".join(days)


def _size(name: str) -> str:
    if width(name) > VERY_LONG_NAME:
        return "small"
    return "medium" if width(name) > LONG_NAME else "large"
