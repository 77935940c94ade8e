"""A publication, a unit and a language become everything the templates of a report need. Nothing else is read."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from babel.dates import format_date

from reports import sentences
from reports.edition import edition
from reports.figures import Chart, charts_of
from reports.lengths import LINE, cut, width
from reports.method import Method, method
from reports.parts import Behaviour, Picture, Why, behaviour, picture, why
from reports.tries import Tries, tries
from survey.i18n import Sentence
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

LONG_NAME: Final = 30
VERY_LONG_NAME: Final = 44
"""Widths of names (`reports.lengths`) from which the heading is set smaller."""


@dataclass(frozen=True)
class Shown:
    """The numbers of a report: of the unit itself, or of the published unit above one that is not shown."""

    name: str
    is_company: bool
    picture: Picture
    why: Why
    behaviour: Behaviour | None


@dataclass(frozen=True)
class Report:
    """One report, ready for its templates."""

    title: str
    name: str
    short_name: str
    size: str
    above: tuple[str, ...]
    company: str
    wave: str
    asked: str
    footer: str
    demo: bool
    imported: bool
    language_note: bool
    edition: str
    digest: str
    closed_on: str
    hidden: str
    shown: Shown | None
    charts: tuple[Chart, ...]
    tries: Tries
    method: Method
    annex_title: str

    def chart(self, name: str) -> Chart | None:
        """Return a chart by its name; None where there is none to show."""
        return next((chart for chart in self.charts if chart.name == name), None)


def report_of(publication: Publication, unit_code: str, language: str) -> Report:
    """Return the report of one unit; raises KeyError for a unit that the publication does not have."""
    unit = publication.unit(unit_code)
    subject = _subject(unit, publication)
    name, company, wave = unit.name(language), publication.company_name(language), publication.wave.code
    return Report(
        title=Sentence("Team report: %(unit)s, %(wave)s", {"unit": name, "wave": wave}).to(language),
        name=name,
        short_name=cut(name, LINE),
        size=_size(name),
        above=tuple(above.name(language) for above in publication.path(unit_code)[:-1]),
        company=company,
        wave=wave,
        asked=_span(publication.wave.opened_on, publication.wave.closed_on, language),
        footer=f"{cut(company, LINE)}  ·  {cut(name, LINE)}  ·  {wave}",
        demo=publication.wave.demo,
        imported=publication.wave.kind == "imported",
        language_note=unit.language_note,
        edition=edition(),
        digest=publication.digest,
        closed_on=publication.wave.closed_on,
        hidden=sentences.hidden(unit.figures.reason, publication.policy.k).to(language)
        if isinstance(unit.figures, Suppressed)
        else "",
        shown=None if subject is None else _shown(subject, publication, language),
        charts=() if subject is None else tuple(charts_of(subject, publication, language).values()),
        tries=tries(unit, subject, publication, language),
        method=method(publication, language),
        annex_title=Sentence("The published numbers of this report").to(language),
    )


def _subject(unit: PublishedUnit, publication: Publication) -> PublishedUnit | None:
    """Return the unit whose numbers are shown: the unit itself, else the nearest published one above it, else none."""
    if not isinstance(unit.figures, Suppressed):
        return unit
    above = publication.published_above(unit.code)
    return None if above is None or isinstance(above.figures, Suppressed) else above


def _shown(unit: PublishedUnit, publication: Publication, language: str) -> Shown | None:
    if isinstance(unit.figures, Suppressed):
        return None
    figures = unit.figures.value
    return Shown(
        name=unit.name(language),
        is_company=unit.parent is None,
        picture=picture(unit, figures, publication, language),
        why=why(unit, figures, publication, language),
        behaviour=behaviour(unit, figures, publication, language),
    )


def _span(opened_on: str, closed_on: str, language: str) -> str:
    locale = {"en": "en_GB"}.get(language, language)
    days = [format_date(dt.date.fromisoformat(day), "long", locale) for day in dict.fromkeys((opened_on, closed_on))]
    return " – ".join(days)


def _size(name: str) -> str:
    if width(name) > VERY_LONG_NAME:
        return "small"
    return "medium" if width(name) > LONG_NAME else "large"
