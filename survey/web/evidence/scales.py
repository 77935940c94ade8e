"""How well the questions of each scale hold together, and what that means for reading a unit's number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from survey.charts import interval, told
from survey.i18n import Sentence
from survey.privacy.evidence import ItemRest, ScaleEvidence
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import Reliability
from survey.privacy.thaw import Publication

ENOUGH: Final = 0.70
"""From here on the questions of a scale are taken for one thing (Nunnally and Bernstein 1994)."""

WELL = Sentence("The questions hold together: a unit’s number may be read as one thing.")
LOOSELY = Sentence(
    "The questions hold together loosely: two units may have the same number from different questions. Talk about the "
    "questions, and make nothing of small differences."
)
UNSURE = Sentence("Whether the questions hold together cannot be told yet.")


@dataclass(frozen=True)
class Number:
    """A coefficient as it is shown, or why there is none."""

    shown: str
    why_not: Sentence | None = None


@dataclass(frozen=True)
class Question:
    """One question of a scale."""

    text: str
    rest: Number
    without: Number


@dataclass(frozen=True)
class Line:
    """One scale: its coefficients, what they mean, and its questions."""

    name: str
    coefficient: str
    number: Number
    interval: str
    meaning: Sentence | None
    omega: Number | None
    questions: tuple[Question, ...]


def scales(publication: Publication, language: str) -> tuple[Line, ...]:
    """Return a line for each scale of two questions and more, in the order of the questionnaire."""
    evidence = publication.evidence
    more = {} if evidence is None else {one.scale: one for one in evidence.value.scales}
    return tuple(_line(one, more, publication, language) for one in publication.reliability.value)


def meanings(lines: Iterable[Line]) -> tuple[tuple[Sentence, str], ...]:
    """Return what consistency means for reading units' numbers, each with the names of the scales it is said of."""
    known = tuple(lines)
    said = (
        (meaning, ", ".join(line.name for line in known if line.meaning is meaning))
        for meaning in (WELL, LOOSELY, UNSURE)
    )
    return tuple((meaning, names) for meaning, names in said if names)


def number(found: Figure | NotEstimable, language: str) -> Number:
    """Show a coefficient, or why there is none."""
    return Number("", Sentence(found.reason)) if isinstance(found, NotEstimable) else Number(told(found, language))


def _line(one: Reliability, more: Mapping[str, ScaleEvidence], publication: Publication, language: str) -> Line:
    found, scale = more.get(one.scale), publication.instrument.scale(one.scale)
    known = isinstance(one.figure, Figure)
    return Line(
        name=scale.name[language],
        coefficient={"alpha": "α", "spearman-brown": "ρ"}[one.coefficient],
        number=number(one.figure, language),
        interval=interval(one.figure, language) if isinstance(one.figure, Figure) else "",
        meaning=_meaning(one.figure) if isinstance(one.figure, Figure) else None,
        omega=number(found.omega, language) if found and known and one.coefficient == "alpha" else None,
        questions=tuple(_question(item, publication, language) for item in found.items) if found else (),
    )


def _meaning(found: Figure) -> Sentence:
    if found.low is None or found.high is None:
        return UNSURE
    return WELL if found.low >= ENOUGH else LOOSELY if found.high < ENOUGH else UNSURE


def _question(item: ItemRest, publication: Publication, language: str) -> Question:
    asked = publication.instrument.worded_for(publication.unit_word).item(item.item)
    return Question(asked.text[language], number(item.correlation, language), number(item.without, language))
