"""Which of the chosen units can be told apart: bands, words and pairs, from the verdicts frozen at publication.

Verdicts on pairs exist for the index alone. Of everything else the values stand side by side, and nothing is tested.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from reports.change_sentences import of_pair
from reports.comparison.measures import Measure
from reports.comparison.said import listed
from survey.charts import interval, told
from survey.i18n import Sentence
from survey.privacy.figures import Figure
from survey.privacy.pairs import Pair, pair
from survey.privacy.thaw import Publication, PublishedUnit
from survey.scoring.bands import bands

Places = tuple[int, int]
Pairs = Mapping[Places, Pair | Sentence]


@dataclass(frozen=True)
class Row:
    """One unit of the picture."""

    code: str
    name: str
    figure: Figure
    shown: str
    interval: str
    alike: str
    """The units that it cannot be told apart from; "" where there is none."""


@dataclass(frozen=True)
class Said:
    """What is said of the chosen units: of which, or what, and the rest of it."""

    head: str
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class PairLine:
    """One pair: the first minus the second; numbers are "" where the two are not compared."""

    first: str
    second: str
    difference: str
    interval: str
    g: str
    g_interval: str
    detectable: str
    says: str


@dataclass(frozen=True)
class Apart:
    """The chosen units beside each other in the newest wave."""

    wave: str
    tested: bool
    """Whether verdicts on pairs were published: of the index only."""
    sentence: str
    says: tuple[Said, ...]
    rows: tuple[Row, ...]
    bands: tuple[tuple[int, ...], ...]
    """Places of rows that cannot be told apart, a band each."""
    lines: tuple[PairLine, ...]
    family: int
    """Pairs that were judged together with those that are shown; 0 where none was."""


def told_apart(
    units: Sequence[PublishedUnit], publication: Publication, measure: Measure, language: str
) -> Apart | None:
    """Return what may be said of units in the order given; None where fewer than two of them are shown."""
    shown = [(unit, figure) for unit in units if (figure := measure.told(unit)) is not None]
    if len(shown) < 2:  # noqa: PLR2004 - one unit is no pair
        return None
    names = [unit.name(language) for unit, _ in shown]
    tested = measure.kind == "index"
    pairs: Pairs = _pairs([unit for unit, _ in shown], publication) if tested else {}
    return Apart(
        wave=publication.wave.code,
        tested=tested,
        sentence=sentence(names, pairs, language),
        says=words(names, pairs, language),
        rows=tuple(
            Row(unit.code, name, figure, told(figure, language), interval(figure, language), _others(at, names, pairs))
            for at, (name, (unit, figure)) in enumerate(zip(names, shown, strict=True))
        ),
        bands=bands(len(shown), [places for places, found in pairs.items() if _alike(found)]),
        lines=tuple(_line(names[one], names[other], found, language) for (one, other), found in pairs.items()),
        family=_family([unit for unit, _ in shown], pairs, publication),
    )


def _pairs(units: Sequence[PublishedUnit], publication: Publication) -> Pairs:
    return {
        (one, other): pair(publication, units[one], units[other]) for one, other in combinations(range(len(units)), 2)
    }


def _alike(found: Pair | Sentence) -> bool:
    return isinstance(found, Pair) and found.verdict == "no detectable difference"


def _others(place: int, names: Sequence[str], pairs: Pairs) -> str:
    beside = [set(places) - {place} for places, found in pairs.items() if place in places and _alike(found)]
    return ", ".join(names[other] for others in beside for other in others)


def sentence(names: Sequence[str], pairs: Pairs, language: str) -> str:
    """Return one sentence: how many of the pairs can be told apart."""
    compared = [found for found in pairs.values() if isinstance(found, Pair)]
    apart = sum(found.verdict != "no detectable difference" for found in compared)
    facts: dict[str, object] = {"apart": apart, "pairs": len(compared), "units": len(names)}
    if not pairs:
        return Sentence(
            "Whether these units differ here was not tested: when a wave is published, units are compared by total "
            "motivation only."
        ).to(language)
    if not compared:
        return Sentence("These units are not compared with each other.").to(language)
    if not apart:
        return Sentence("None of these units can be told apart from another.").to(language)
    if apart == len(compared):
        return Sentence("Each of these units can be told apart from every other it is compared with.").to(language)
    return Sentence("Of %(pairs)s pairs of these units %(apart)s can be told apart.", facts).to(language)


def words(names: Sequence[str], pairs: Pairs, language: str) -> tuple[Said, ...]:
    """Say which units are lower than which, and which are compared with none, and why."""
    compared = {place for places, found in pairs.items() if isinstance(found, Pair) for place in places}
    alone = tuple(name for place, name in enumerate(names) if place not in compared) if pairs else ()
    if pairs and not compared:
        reasons = {found.text: found.to(language) for found in pairs.values() if isinstance(found, Sentence)}
        return tuple(Said(reason) for reason in reasons.values())
    said = _lower_ones(names, pairs, language)
    return (*said, Said(Sentence("Not compared with the others").to(language), alone)) if alone else tuple(said)


def _lower_ones(names: Sequence[str], pairs: Pairs, language: str) -> list[Said]:
    said = []
    for place, name in enumerate(names):
        above = [names[other] for other in range(len(names)) if _lower(place, other, pairs)]
        if above:
            others = Sentence("lower than %(others)s", {"others": listed(above, language)})
            said.append(Said(name, (others.to(language),)))
    return said


def _lower(one: int, other: int, pairs: Pairs) -> bool:
    found = pairs.get((min(one, other), max(one, other)))
    return isinstance(found, Pair) and found.verdict == ("lower" if one < other else "higher")


def _line(first: str, second: str, found: Pair | Sentence, language: str) -> PairLine:
    if isinstance(found, Sentence):
        return PairLine(first, second, "", "", "", "", "", found.to(language))
    return PairLine(
        first,
        second,
        told(found.difference, language),
        interval(found.difference, language),
        found.g.text,
        interval(found.g, language),
        found.detectable.text,
        of_pair(found, first, second).to(language),
    )


def _family(units: Sequence[PublishedUnit], pairs: Pairs, publication: Publication) -> int:
    kinds = {units[one].kind for (one, _), found in pairs.items() if isinstance(found, Pair)}
    judged = [] if publication.evidence is None else publication.evidence.value.pairs
    return sum(family.pairs for family in judged if family.kind in kinds)
