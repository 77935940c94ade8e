"""What a wave asked beside motives, performance and practices: other scales, and the company's extra items."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reports.lengths import cut
from survey.charts import told
from survey.instruments.extra import is_extra
from survey.privacy.record import UnitFigures
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

LINE: Final = 84
"""Width of a printed line (`reports.lengths`)."""
ELSEWHERE: Final = frozenset({"adaptive", "tactical"})
"""Scales that have a part of their own."""


@dataclass(frozen=True)
class Own:
    """One line: what was asked, its mean, how many answered it, and the company's mean."""

    name: str
    shown: str
    n: int
    beside: str

    @property
    def short(self) -> str:
        """The name, as long as a printed line is; the annex has it whole."""
        return cut(self.name, LINE)


def own(unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str) -> tuple[Own, ...]:
    """Return the lines of a shown unit, in the order in which they were asked."""
    return (*_scales(unit, figures, publication, language), *_items(unit, figures, publication, language))


def _scales(unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str) -> Iterator[Own]:
    company = _company(unit, publication)
    for scale in publication.instrument.scales:
        if scale.kind in {"outcome", "behaviour"} and scale.id not in ELSEWHERE and scale.id in figures.scales:
            beside = told(company.scales[scale.id], language) if company and scale.id in company.scales else ""
            yield Own(scale.name[language], told(figures.scales[scale.id], language), figures.n, beside)


def _items(unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str) -> Iterator[Own]:
    company = _company(unit, publication)
    for item in publication.instrument.practices:
        if is_extra(item.id) and item.id in figures.practices:
            beside = told(company.practices[item.id], language) if company and item.id in company.practices else ""
            shown = told(figures.practices[item.id], language)
            yield Own(item.text[language], shown, figures.practices_n[item.id], beside)


def _company(unit: PublishedUnit, publication: Publication) -> UnitFigures | None:
    """Return the figures of the whole company; None where they are the unit's own, or not shown."""
    root = publication.root
    return None if unit.code == root.code or isinstance(root.figures, Suppressed) else root.figures.value
