"""How much units differ: what a unit's mean is worth, on the index and on every scale."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey.charts import interval, told
from survey.i18n import Sentence
from survey.privacy.evidence import GroupEvidence
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.thaw import Publication


@dataclass(frozen=True)
class Line:
    """One measure: how alike people of a unit are, how reliable unit means are, how far units spread."""

    name: str
    icc1: str
    interval: str
    icc2: str
    bar: int
    """ICC(2) in whole per cent, 0 to 100, for the drawing."""
    between: str
    why_not: Sentence | None = None


@dataclass(frozen=True)
class Verdict:
    """What may be said of unit means, and of which measures."""

    says: Sentence
    names: tuple[str, ...]


@dataclass(frozen=True)
class UnitsSection:
    """What the page says of units."""

    units: int
    verdicts: tuple[Verdict, ...]
    lines: tuple[Line, ...]


def units_section(publication: Publication, language: str) -> UnitsSection | None:
    """Return how much units differ; None in publications that did not ask."""
    groups = [] if publication.evidence is None else publication.evidence.value.groups
    if not groups:
        return None
    named = [(_name(each, publication, language), each) for each in groups]
    return UnitsSection(groups[0].units, _verdicts(named), tuple(_line(name, each, language) for name, each in named))


def _name(of: GroupEvidence, publication: Publication, language: str) -> str:
    index = publication.instrument.index
    if index is not None and of.measure == index.id:
        return index.name[language]
    return publication.instrument.scale(of.measure).name[language]


def _verdicts(named: Iterable[tuple[str, GroupEvidence]]) -> tuple[Verdict, ...]:
    """Return each sentence once, with the names of what it is about, in the order of the questionnaire."""
    found: dict[str, list[str]] = {}
    for name, each in named:
        if each.note:
            found.setdefault(each.note, []).append(name)
    return tuple(Verdict(Sentence(note), tuple(names)) for note, names in found.items())


def _line(name: str, of: GroupEvidence, language: str) -> Line:
    if isinstance(of.icc1, NotEstimable):
        return Line(name, "", "", "", 0, "", Sentence(of.icc1.reason))
    real = of.icc2.value if isinstance(of.icc2, Figure) else 0.0
    return Line(
        name,
        told(of.icc1, language),
        interval(of.icc1, language),
        _or_dash(of.icc2, language),
        round(100 * min(max(real, 0.0), 1.0)),
        _or_dash(of.between_sd, language),
    )


def _or_dash(figure: Figure | NotEstimable, language: str) -> str:
    return "–" if isinstance(figure, NotEstimable) else told(figure, language)
