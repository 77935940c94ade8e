"""What a reader may see of a publication, and in which language it is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from survey.i18n import Sentence
from survey.privacy.thaw import Publication, PublishedUnit


@dataclass(frozen=True)
class View:
    """A publication as one reader sees it: some units in full, and beside them the company's means."""

    publication: Publication
    language: str
    seen: Collection[str]
    """Codes of the units that the reader may see."""
    earlier: Sequence[Publication] = ()
    """The publications before this one, the earliest first."""

    @cached_property
    def units(self) -> tuple[PublishedUnit, ...]:
        """The units that have a line: the company always has one."""
        root = self.publication.root.code
        return tuple(unit for unit in self.publication.units if unit.code in self.seen or unit.code == root)

    def whole(self, unit: PublishedUnit) -> bool:
        """Tell whether the reader may see all that is published of a unit, and not its means only."""
        return unit.code in self.seen

    @property
    def index_name(self) -> str:
        """What the index is called; "" in a wave without one."""
        index = self.publication.instrument.index
        return index.name[self.language] if index else ""

    @property
    def facts(self) -> dict[str, object]:
        """Company and wave, for titles."""
        return {"company": self.publication.company_name(self.language), "wave": self.publication.wave.code}

    def say(self, sentence: Sentence) -> str:
        """Return a sentence in the reader's language."""
        return sentence.to(self.language)
