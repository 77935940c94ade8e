"""Beside a printed number: the mark of the paragraph that says how it is made; on the last page, the list of those."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from survey.scoring.methods import numbers, sections

LINK: Final = Markup('<a class="how" href="#method-{id}">§{space}{number}</a>')


@dataclass(frozen=True)
class Paragraph:
    """A line of the list: number and one sentence."""

    id: str
    number: str
    short: str


class Notes:
    """The marks of one report: each is noted as it is printed, so that the list holds these and no others."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._used: set[str] = set()

    def how(self, *ids: str) -> Markup:
        """Return the marks of some paragraphs; raises KeyError for one that is not written."""
        self._used |= set(ids)
        space = "\N{NO-BREAK SPACE}"
        return Markup(" ").join(LINK.format(id=one, number=numbers()[one], space=space) for one in ids)

    def number(self, of: str) -> str:
        """Return the number of a paragraph that is printed in full elsewhere."""
        return numbers()[of]

    def used(self, *but: str) -> tuple[Paragraph, ...]:
        """Return the paragraphs whose marks were printed so far, in their order, without those printed elsewhere."""
        return tuple(
            Paragraph(section.id, numbers()[section.id], section.short[self.language])
            for section in sections().values()
            if section.id in self._used.difference(but)
        )
