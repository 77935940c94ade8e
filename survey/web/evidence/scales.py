"""How well the questions of each scale hold together."""

from dataclasses import dataclass

from survey.charts import interval, told
from survey.i18n import Sentence
from survey.privacy.figures import NotEstimable
from survey.privacy.record import Reliability
from survey.privacy.thaw import Publication


@dataclass(frozen=True)
class Line:
    """One scale: its coefficient with the interval, or why there is none."""

    name: str
    coefficient: str
    shown: str
    interval: str
    why_not: Sentence | None


def scales(publication: Publication, language: str) -> tuple[Line, ...]:
    """Return a line for each scale of two questions and more, in the order of the questionnaire."""
    return tuple(_line(one, publication, language) for one in publication.reliability.value)


def _line(one: Reliability, publication: Publication, language: str) -> Line:
    name = publication.instrument.scale(one.scale).name[language]
    coefficient = {"alpha": "α", "spearman-brown": "ρ"}[one.coefficient]
    if isinstance(one.figure, NotEstimable):
        return Line(name, coefficient, "", "", Sentence(one.figure.reason))
    return Line(name, coefficient, told(one.figure, language), interval(one.figure, language), None)
