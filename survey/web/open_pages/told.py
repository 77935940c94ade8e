"""What an open page tells: released numbers of one unit, practices, and what happens next; in words for employees.

A word such as "higher" stands here only where the publication's frozen verdict says it. No owner of a practice, no
text that anybody typed about it, no comment.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.charts import interval, told
from survey.i18n import Sentence, day
from survey.instruments.practices import Practice
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import UnitFigures, Verdict
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.services.open_pages.open_pages import Choice
from survey.services.practices.register import Adoption

AGAINST: Final[Mapping[Verdict, Sentence]] = {
    "higher": Sentence("Total motivation is higher here than in the rest of the company."),
    "lower": Sentence("Total motivation is lower here than in the rest of the company."),
    "no detectable difference": Sentence("Total motivation here cannot be told apart from the rest of the company."),
}
CHANGES: Final[Mapping[Verdict, Sentence]] = {
    "higher": Sentence("Since %(wave)s the index has risen."),
    "lower": Sentence("Since %(wave)s the index has fallen."),
    "no detectable difference": Sentence("Whether the index has changed since %(wave)s cannot be told for sure."),
}
RHYTHMS: Final[Mapping[str, Sentence]] = {
    "daily": Sentence("every day"),
    "weekly": Sentence("every week"),
    "two_weeks": Sentence("every two weeks"),
    "monthly": Sentence("every month"),
    "quarterly": Sentence("every quarter"),
    "yearly": Sentence("every year"),
}


@dataclass(frozen=True)
class Bar:
    """One motive: its mean as it was published, and how full its bar is."""

    id: str
    name: str
    shown: str
    interval: str
    share: int
    """0 to 100."""


@dataclass(frozen=True)
class Place:
    """The index: as it was published, and where it lies on its line."""

    shown: str
    interval: str
    low: int
    high: int
    at: int
    """0 to 100."""
    above: bool


@dataclass(frozen=True)
class Habit:
    """A practice of the unit: since when, how often, and whether it rests at the moment."""

    name: str
    since: str
    often: Sentence | None
    rests: bool


@dataclass(frozen=True)
class Told:
    """What the page says, in one language."""

    unit: str
    wave: str
    asked: str
    n: str
    index: Place | None
    standing: tuple[Sentence, ...]
    direct: tuple[Bar, ...]
    indirect: tuple[Bar, ...]
    change: Sentence | None
    difference: str
    """The change in points with its interval; "" where none is told."""
    habits: tuple[Habit, ...] | None
    """None where the page leaves practices out."""
    below: tuple[str, ...]
    """Practices of units below, by name only."""
    tried: Practice | None


@dataclass(frozen=True)
class Register:
    """The register of today, and what its practices are called."""

    adoptions: Sequence[Adoption]
    practices: Mapping[str, Practice]


def tell(publication: Publication, code: str, choice: Choice, register: Register, language: str) -> Told | None:
    """Return what the page of a unit says; None where the unit's results are not shown."""
    unit = publication.unit(code)
    if isinstance(unit.figures, Suppressed):
        return None
    figures, facts = unit.figures.value, publication.wave
    opened, closed = (dt.date.fromisoformat(each) for each in (facts.opened_on, facts.closed_on))
    change, difference = _change(unit, publication, language) if "change" in choice.parts else (None, "")
    motives = tuple(_bars(figures, publication, language)) if "motives" in choice.parts else ()
    habits = tuple(_habits(code, register, language)) if "practices" in choice.parts else None
    directions = {scale.id: scale.direction for scale in publication.instrument.motives}
    return Told(
        unit=unit.name(language),
        wave=facts.code,
        asked=f"{day(opened, language)} – {day(closed, language)}",
        n=f"{figures.n:,}",
        index=_place(figures.index, publication, language) if "index" in choice.parts else None,
        standing=tuple(_standing(unit, figures)) if "index" in choice.parts else (),
        direct=tuple(bar for bar in motives if directions[bar.id] == "direct"),
        indirect=tuple(bar for bar in motives if directions[bar.id] != "direct"),
        change=change,
        difference=difference,
        habits=habits,
        below=() if habits is None else tuple(_below(publication, code, register, language)),
        tried=register.practices.get(choice.practice),
    )


def _place(figure: Figure, publication: Publication, language: str) -> Place | None:
    composite = publication.instrument.index
    if composite is None:
        return None
    low, high = composite.low, composite.high
    at = round(100 * (figure.value - low) / (high - low))
    return Place(told(figure, language), interval(figure, language), low, high, at, figure.value > 0)


def _standing(unit: PublishedUnit, figures: UnitFigures) -> Iterator[Sentence]:
    yield _which_weighs_more(figures.index)
    if unit.parent is not None and not isinstance(figures.contribution, NotEstimable):
        yield AGAINST[figures.contribution.verdict]


def _which_weighs_more(index: Figure) -> Sentence:
    if index.low is not None and index.low > 0:
        return Sentence("People here work more for the work itself than because of pressure or habit.")
    if index.high is not None and index.high < 0:
        return Sentence("People here work more because of pressure or habit than for the work itself.")
    return Sentence("Which weighs more here, the work itself or pressure and habit, cannot be told yet.")


def _bars(figures: UnitFigures, publication: Publication, language: str) -> Iterator[Bar]:
    ranges = {column.scale: (column.low, column.high) for column in publication.columns}
    for scale in publication.instrument.motives:
        if scale.id in figures.scales and scale.id in ranges:
            figure, (low, high) = figures.scales[scale.id], ranges[scale.id]
            share = round(100 * (figure.value - low) / (high - low))
            yield Bar(scale.id, scale.name[language], told(figure, language), interval(figure, language), share)


def _change(unit: PublishedUnit, publication: Publication, language: str) -> tuple[Sentence, str]:
    if not publication.previous_wave:
        return Sentence("This was the first survey. The next one will show what has changed."), ""
    change = None if isinstance(unit.detail, Suppressed) else unit.detail.value.change
    if change is None:
        return Sentence("How the index has changed is not shown, so that nobody can be recognised by it."), ""
    points = f"{told(change.difference, language)} ({interval(change.difference, language)})"
    return CHANGES[change.verdict].fill(wave=change.since), points


def _habits(code: str, register: Register, language: str) -> Iterator[Habit]:
    for each in register.adoptions:
        if each.unit == code and each.state != "ended" and each.practice in register.practices:
            name = register.practices[each.practice].name[language]
            yield Habit(name, day(each.since, language), RHYTHMS.get(each.how_often), each.state == "paused")


def _below(publication: Publication, code: str, register: Register, language: str) -> Iterator[str]:
    units = {unit.code for unit in publication.below(code)} - {code}
    own = {each.practice for each in register.adoptions if each.unit == code and each.state != "ended"}
    there = {each.practice for each in register.adoptions if each.unit in units and each.state == "running"}
    for practice, known in register.practices.items():
        if practice in there - own:
            yield known.name[language]
