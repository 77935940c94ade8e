"""What the page of one unit shows: the parts of its report, and the same figures, from the same publication."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from reports import sentences
from reports.absent import absent
from reports.changes import Since, since
from reports.method import Method, method
from reports.own import Own, own
from reports.parts import Behaviour, Picture, Why, behaviour, picture, why
from reports.tries import Tries, tries
from survey.charts import UNIT_FIGURES, interval, told
from survey.i18n import Sentence
from survey.instruments.extra import is_extra
from survey.instruments.practices import name_of
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.figures import figure_json


@dataclass(frozen=True)
class Habit:
    """A practice that the wave asked about: how often the unit's people say it happens."""

    name: str
    shown: str
    n: int


@dataclass(frozen=True)
class Figures:
    """The charts of a unit, as JSON; None where there is nothing to draw."""

    index: Markup | None
    motives: Markup | None
    contribution: Markup | None
    facets: Markup | None
    map: Markup | None


@dataclass(frozen=True)
class UnitPage:
    """A unit that is shown."""

    says: Mapping[str, str]
    """By the name of a chart: what it shows, for those who do not see it."""
    picture: Picture
    absent: tuple[str, ...]
    """What those who did not answer could change."""
    why: Why
    behaviour: Behaviour | None
    habits: tuple[Habit, ...]
    own: tuple[Own, ...]
    """What else was asked: other scales, and the company's extra items."""
    since: Since
    figures: Figures


@dataclass(frozen=True)
class Below:
    """One line of the table of units below: the index, or why there is none."""

    unit: PublishedUnit
    n: str
    shown: str
    interval: str
    hidden: Sentence | None
    rest_of: int = 0
    """Above 0 this line is the rest of `unit`: so many hidden units below it, taken together."""


def unit_page(unit: PublishedUnit, publication: Publication, language: str) -> UnitPage | None:
    """Return what a unit shows; None where it is suppressed."""
    if isinstance(unit.figures, Suppressed):
        return None
    figures = unit.figures.value
    return UnitPage(
        says={name: alt.to(language) for name, (_draw, alt) in UNIT_FIGURES.items()},
        picture=picture(unit, figures, publication, language),
        absent=tuple(sentence.to(language) for sentence in absent(figures)),
        why=why(unit, figures, publication, language),
        behaviour=behaviour(unit, figures, publication, language),
        habits=tuple(
            Habit(name_of(name, publication.instrument)[language], told(value, language), figures.practices_n[name])
            for name, value in figures.practices.items()
            if not is_extra(name)
        ),
        own=own(unit, figures, publication, language),
        since=since(unit, publication, language),
        figures=Figures(
            **{name: figure_json(draw(unit, publication, language)) for name, (draw, _alt) in UNIT_FIGURES.items()}
        ),
    )


def why_hidden(unit: PublishedUnit, publication: Publication) -> Sentence | None:
    """Return why a unit shows nothing, or None where it is shown."""
    if isinstance(unit.figures, Suppressed):
        return sentences.hidden(unit.figures.reason, publication.policy)
    return None


def below(units: tuple[PublishedUnit, ...], publication: Publication, language: str) -> tuple[Below, ...]:
    """Return the lines of a table of units, in the order given: never by their numbers."""
    return tuple(_line(unit, publication, language) for unit in units)


def with_rests(units: tuple[PublishedUnit, ...], publication: Publication, language: str) -> tuple[Below, ...]:
    """Return the lines of a tree: after all that lies below a unit stands its rest, where it has one."""
    lines: list[Below] = []
    above: list[PublishedUnit] = []
    for unit in units:
        while above and unit.depth <= above[-1].depth:
            lines += rest(above.pop(), language)
        lines.append(_line(unit, publication, language))
        above.append(unit)
    for unit in reversed(above):
        lines += rest(unit, language)
    return tuple(lines)


def rest(unit: PublishedUnit, language: str) -> tuple[Below, ...]:
    """Return the line of the hidden units below a shown one, taken together; none where there is no rest."""
    if unit.rest is None:
        return ()
    found = unit.rest.value
    shown, sure = told(found.index, language), interval(found.index, language)
    return (Below(unit, f"{found.n:,}", shown, sure, None, rest_of=len(found.units)),)


def _line(unit: PublishedUnit, publication: Publication, language: str) -> Below:
    if isinstance(unit.figures, Suppressed):
        return Below(unit, "", "", "", why_hidden(unit, publication))
    index = unit.figures.value.index
    return Below(unit, f"{unit.figures.value.n:,}", told(index, language), interval(index, language), None)


def to_try(unit: PublishedUnit, publication: Publication, language: str) -> Tries:
    """Return the practices a unit has and may try; for a hidden unit by the published unit above it."""
    subject = unit if not isinstance(unit.figures, Suppressed) else publication.published_above(unit.code)
    return tries(unit, subject, publication, language)


def small_print(publication: Publication, language: str) -> Method:
    """Return formula, thresholds and quality."""
    return method(publication, language)
