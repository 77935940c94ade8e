"""Units as lines of a table, in the order of the tree: the index, or why there is none."""

from dataclasses import dataclass

from reports import sentences
from reports.method import Method, method
from survey.charts import interval, told
from survey.i18n import Sentence
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit


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


def small_print(publication: Publication, language: str) -> Method:
    """Return formula, thresholds and quality."""
    return method(publication, language)
