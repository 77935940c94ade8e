"""Which of the chosen units can be told apart: bands, words and pairs, from the verdicts frozen at publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from babel.lists import format_list
from markupsafe import Markup

from reports.change_sentences import of_pair
from survey.charts import interval, told
from survey.charts.bands import bands_figure
from survey.charts.compare import Point, span
from survey.i18n import Sentence
from survey.privacy.figures import Figure
from survey.privacy.pairs import Pair, pair
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.scoring.bands import bands
from survey.web.figures import figure_json


@dataclass(frozen=True)
class Row:
    """One unit of the table beside the figure."""

    name: str
    shown: str
    interval: str
    alike: str
    """The units that it cannot be told apart from."""


@dataclass(frozen=True)
class Said:
    """What is said of the chosen units: of which, or what, and the rest of it."""

    head: str
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One pair: the first minus the second."""

    first: str
    second: str
    difference: str
    interval: str
    g: str
    g_interval: str
    detectable: str
    says: Sentence


@dataclass(frozen=True)
class Apart:
    """The chosen units beside each other."""

    figure: Markup | None
    says: tuple[Said, ...]
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    family: int
    """Pairs that were judged together with those that are shown; 0 where none was."""


@dataclass(frozen=True)
class _Shown:
    unit: PublishedUnit
    index: Figure
    name: str


Places = tuple[int, int]


def told_apart(units: Sequence[PublishedUnit], publication: Publication, language: str) -> Apart | None:
    """Return what may be said of the chosen units beside each other; None where fewer than two are shown."""
    shown = _shown(units, publication, language)
    if len(shown) < 2:  # noqa: PLR2004 - one unit is no pair
        return None
    pairs = {
        (one, other): pair(publication, shown[one].unit, shown[other].unit)
        for one, other in combinations(range(len(shown)), 2)
    }
    found = bands(len(shown), [places for places, told in pairs.items() if _alike(told)])
    names = [each.name for each in shown]
    points = [Point("", each.index, None, joined=False) for each in shown]
    drawn = bands_figure([(each.name, each.index) for each in shown], found, span([points]), language)
    return Apart(
        figure=figure_json(drawn),
        says=words(names, pairs, found, language),
        rows=tuple(
            Row(each.name, told(each.index, language), interval(each.index, language), _others(place, names, pairs))
            for place, each in enumerate(shown)
        ),
        lines=tuple(_line(names[one], names[other], found, language) for (one, other), found in pairs.items()),
        family=_family(shown, pairs, publication),
    )


def _shown(units: Sequence[PublishedUnit], publication: Publication, language: str) -> list[_Shown]:
    """Return the units that are shown, in the order of the tree: never by their numbers."""
    chosen = {unit.code for unit in units}
    return [
        _Shown(unit, unit.figures.value.index, unit.name(language))
        for unit in publication.units
        if unit.code in chosen and not isinstance(unit.figures, Suppressed)
    ]


def _alike(found: Pair | Sentence) -> bool:
    return isinstance(found, Pair) and found.verdict == "no detectable difference"


def _others(place: int, names: Sequence[str], pairs: dict[Places, Pair | Sentence]) -> str:
    beside = [set(places) - {place} for places, found in pairs.items() if place in places and _alike(found)]
    return ", ".join(names[other] for others in beside for other in others)


def words(
    names: Sequence[str], pairs: dict[Places, Pair | Sentence], found: Sequence[Sequence[int]], language: str
) -> tuple[Said, ...]:
    """Say which units are lower than which, which cannot be told apart, and which are compared with none."""
    if not any(isinstance(told, Pair) for told in pairs.values()):
        reasons = {told.text: told.to(language) for told in pairs.values() if isinstance(told, Sentence)}
        head = Sentence("These units are not compared with each other.")
        return (Said(head.to(language), tuple(reasons.values())),)
    if all(_alike(told) for told in pairs.values()):
        return (Said(Sentence("None of these units can be told apart from another.").to(language)),)
    compared = {place for places, told in pairs.items() if isinstance(told, Pair) for place in places}
    alike = tuple(listed([names[place] for place in band], language) for band in found)
    alone = tuple(name for place, name in enumerate(names) if place not in compared)
    groups = ((Sentence("Cannot be told apart"), alike), (Sentence("Not compared with the others"), alone))
    said = [Said(head.to(language), rest) for head, rest in groups if rest]
    return (*_lower_ones(names, pairs, language), *said)


def _lower_ones(names: Sequence[str], pairs: dict[Places, Pair | Sentence], language: str) -> list[Said]:
    said = []
    for place, name in enumerate(names):
        above = [names[other] for other in range(len(names)) if _lower(place, other, pairs)]
        if above:
            others = Sentence("lower than %(others)s", {"others": listed(above, language)})
            said.append(Said(name, (others.to(language),)))
    return said


def _lower(one: int, other: int, pairs: dict[Places, Pair | Sentence]) -> bool:
    found = pairs.get((min(one, other), max(one, other)))
    return isinstance(found, Pair) and found.verdict == ("lower" if one < other else "higher")


def listed(names: Sequence[str], language: str) -> str:
    """Join names as the language does.

    >>> listed(["North", "South", "Care"], "en"), listed(["북팀", "남팀"], "ko")
    ('North, South and Care', '북팀, 남팀')
    """
    return ", ".join(names) if language == "ko" else format_list(list(names), locale="en_GB")


def _line(first: str, second: str, found: Pair | Sentence, language: str) -> Line:
    if isinstance(found, Sentence):
        return Line(first, second, "", "", "", "", "", found)
    return Line(
        first,
        second,
        told(found.difference, language),
        interval(found.difference, language),
        found.g.text,
        interval(found.g, language),
        found.detectable.text,
        of_pair(found, first, second),
    )


def _family(shown: Sequence[_Shown], pairs: dict[Places, Pair | Sentence], publication: Publication) -> int:
    kinds = {shown[one].unit.kind for (one, _), found in pairs.items() if isinstance(found, Pair)}
    judged = [] if publication.evidence is None else publication.evidence.value.pairs
    return sum(family.pairs for family in judged if family.kind in kinds)
