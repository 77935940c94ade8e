"""What can be compared: the index, each motive, both kinds of performance and each facet of behaviour."""

from dataclasses import dataclass
from typing import Final, Literal

from survey.i18n import Sentence
from survey.instruments.model import Instrument
from survey.instruments.versions import INDEX, between
from survey.privacy.figures import Figure
from survey.privacy.record import UnitFigures
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

Kind = Literal["index", "motive", "behaviour"]
INDEX_CODE: Final = "index"
"""Names the index in an address."""
BEHAVIOUR: Final = ("tactical", "adaptive")
"""These come before the facets."""


@dataclass(frozen=True)
class Measure:
    """One thing that a publication tells of every unit that it shows."""

    code: str
    name: str
    """In the reader's language."""
    kind: Kind
    low: float
    high: float
    heavy: bool = False
    """Whether more of it weighs against the index (an indirect motive)."""

    def of(self, figures: UnitFigures) -> Figure | None:
        """The published number of a unit; None where the wave did not ask for it."""
        return figures.index if self.kind == "index" else figures.scales.get(self.code)

    def told(self, unit: PublishedUnit) -> Figure | None:
        """The same of a unit that may be hidden."""
        return None if isinstance(unit.figures, Suppressed) else self.of(unit.figures.value)

    def holds(self, earlier: Instrument, later: Instrument) -> bool:
        """Whether two waves asked for it in the same words, and reckoned it in the same way."""
        scale = INDEX if self.kind == "index" else self.code
        return all(verdict.holds for verdict in between(earlier, later).verdicts if verdict.scale == scale)


def measures(publication: Publication, language: str) -> tuple[Measure, ...]:
    """Return what can be compared, as the wave asked it: the index first, then motives, then behaviour."""
    instrument = publication.instrument
    low, high = (-100.0, 100.0) if instrument.index is None else (instrument.index.low, instrument.index.high)
    name = Sentence("Total motivation").to(language)
    found = [] if instrument.index is None else [Measure(INDEX_CODE, name, "index", float(low), float(high))]
    found += [_scale(instrument, scale.id, "motive", language) for scale in instrument.motives]
    kept = {scale.id for scale in instrument.scales}
    facets = [scale.id for scale in instrument.scales if scale.kind == "facet"]
    behaviour = [name for name in (*BEHAVIOUR, *facets) if name in kept]
    return (*found, *(_scale(instrument, name, "behaviour", language) for name in behaviour))


def measure_of(publication: Publication, code: str, language: str) -> Measure | None:
    """Return the measure with this code, None where the wave has none."""
    return next((each for each in measures(publication, language) if each.code == code), None)


def _scale(instrument: Instrument, name: str, kind: Kind, language: str) -> Measure:
    scale, (low, high) = instrument.scale(name), instrument.range_of(name)
    return Measure(name, scale.name[language], kind, low, high, heavy=scale.direction == "indirect")
