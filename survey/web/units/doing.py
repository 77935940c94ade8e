"""What a unit does about its results: the practices in place, how often people see them happen, and what to try."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reports.tries import Tries, day, tries
from survey.charts import told
from survey.i18n import Sentence
from survey.instruments.extra import is_extra
from survey.instruments.practices import name_of
from survey.privacy.figures import Figure
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.services.practices.partners import Across
from survey.services.practices.register import Adoption
from survey.web.practices.around import RHYTHMS, STATES


@dataclass(frozen=True)
class Habit:
    """A practice: one that the unit has or takes part in, or one that the wave asked about."""

    name: str
    since: str = ""
    """Since when it is in place; "" where it is not."""
    owner: str = ""
    how_often: Sentence | None = None
    rests: Sentence | None = None
    """That it is paused."""
    overdue: bool = False
    """Whether it has not been noted as held for more than twice its rhythm."""
    others: tuple[str, ...] = ()
    """Names of the units it is shared with."""
    shown: str = ""
    """How often the unit's people say it happens, as the wave asked; "" where it did not, or that is not shown."""
    n: int = 0


@dataclass(frozen=True)
class Doing:
    """What is done here."""

    habits: tuple[Habit, ...]
    tries: Tries
    below: int = 0
    """How many of the units below it run a practice of their own today."""

    @property
    def in_place(self) -> tuple[Habit, ...]:
        """The practices that the unit has, or takes part in."""
        return tuple(habit for habit in self.habits if habit.since)


@dataclass(frozen=True)
class Noted:
    """What the register holds today of one unit: its own practices, and those of others that it takes part in."""

    kept: Sequence[Adoption]
    across: Sequence[Across]
    today: dt.date
    below: int = 0


def doing(unit: PublishedUnit, publication: Publication, noted: Noted | None, language: str) -> Doing:
    """Return what a unit does: as it is noted today, or, where `noted` is None, as it was when the wave was published.

    For a hidden unit what to try is chosen by the published unit above it.
    """
    subject = unit if not isinstance(unit.figures, Suppressed) else publication.published_above(unit.code)
    habits = tuple(_habits(unit, publication, noted, language))
    return Doing(habits, tries(unit, subject, publication, language), noted.below if noted else 0)


def _habits(unit: PublishedUnit, publication: Publication, noted: Noted | None, language: str) -> Iterator[Habit]:
    asked = {} if isinstance(unit.figures, Suppressed) else unit.figures.value.practices
    counts = {} if isinstance(unit.figures, Suppressed) else unit.figures.value.practices_n
    items = {one.id: one.item for one in publication.practices}
    seen: set[str] = set()
    for practice, habit in _in_place(unit, publication, noted, language):
        item = items.get(practice, practice)
        seen.add(item)
        yield _with(habit, asked.get(item), counts.get(item, 0), language)
    for item, figure in asked.items():
        if item not in seen and not is_extra(item):
            named = name_of(item, publication.instrument, publication.practices)[language]
            yield _with(Habit(named), figure, counts[item], language)


def _with(habit: Habit, figure: Figure | None, n: int, language: str) -> Habit:
    return habit if figure is None else replace(habit, shown=told(figure, language), n=n)


def _in_place(
    unit: PublishedUnit, publication: Publication, noted: Noted | None, language: str
) -> Iterator[tuple[str, Habit]]:
    named = {one.id: one.name[language] for one in publication.practices}
    if noted is None:
        for practice, since in sorted(unit.adopted.items()):
            yield practice, Habit(named.get(practice, practice), day(since, language))
        return
    for each in noted.kept:
        if each.state == "ended":
            continue
        with_whom = {one.unit for one in noted.across if (one.unit, one.practice) == (each.unit, each.practice)}
        with_whom |= {one.partner for one in noted.across if (one.unit, one.practice) == (each.unit, each.practice)}
        yield (
            each.practice,
            Habit(
                named.get(each.practice, each.practice),
                day(each.since.isoformat(), language),
                each.owner,
                RHYTHMS.get(each.how_often),
                STATES["paused"] if each.state == "paused" else None,
                each.overdue(noted.today),
                tuple(sorted(_called(code, publication, language) for code in with_whom - {unit.code})),
            ),
        )


def _called(code: str, publication: Publication, language: str) -> str:
    return publication.unit(code).name(language) if code in publication else code
