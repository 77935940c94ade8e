"""How a unit changed since the wave before: the verdict that was fixed at publication, never a new one.

The index has a verdict for each unit of tier two. Motives have one only where the index itself has changed, and
behaviour has none: then the page says that it was not tested.
"""

from dataclasses import dataclass
from typing import Final

from reports import sentences
from reports.comparison.lenses import UNSEEN
from reports.comparison.measures import Measure
from survey.charts import interval, told
from survey.i18n import Sentence
from survey.privacy.record import Change
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

NOT_LOOKED: Final = Sentence("Not tested: motives are looked into only where total motivation itself has changed.")
NOT_TESTED: Final = Sentence("Not tested: changes of behaviour have no verdict.")
NOT_THERE: Final = Sentence("Not shown in this wave")
WORDS: Final = {
    "higher": Sentence("Rose"),
    "lower": Sentence("Fell"),
    "no detectable difference": Sentence("No change can be told"),
}


@dataclass(frozen=True)
class Told:
    """The verdict on a unit's change, or the reason why there is none."""

    change: Change | None
    why: Sentence | None = None

    def words(self, language: str) -> str:
        """It in a few words, with the number and its interval where there is one."""
        if self.change is None:
            return "" if self.why is None else self.why.to(language)
        facts: dict[str, object] = {
            "verdict": WORDS[self.change.verdict],
            "wave": self.change.since,
            "points": told(self.change.difference, language),
            "interval": interval(self.change.difference, language),
        }
        return Sentence("%(verdict)s since %(wave)s: %(points)s (%(interval)s)", facts).to(language)

    def word(self, language: str) -> str:
        """The verdict alone, "" where there is none."""
        return "" if self.change is None else WORDS[self.change.verdict].to(language)


def changed(unit: PublishedUnit, publication: Publication, measure: Measure) -> Told:
    """Return what a publication says of a unit's change since the wave before."""
    if isinstance(unit.figures, Suppressed):
        return Told(None, NOT_THERE)
    change, why = sentences.since_last_wave(unit.detail, publication)
    if not publication.previous_wave or (measure.kind == "index" and change is not None):
        return Told(change, why)
    if measure.kind == "behaviour":
        return Told(None, NOT_TESTED)
    if change is None or isinstance(unit.detail, Suppressed):
        return Told(None, Sentence("Its change: %(why)s", {"why": why}))
    found = unit.detail.value.motive_changes.get(measure.code)
    return Told(None, NOT_LOOKED) if found is None else Told(found)


def changed_through(unit: PublishedUnit, publication: Publication, measure: Measure, *, seen: bool) -> Told:
    """Return the change against another unit of the wave before, which most of a unit's people came from.

    It would give that unit's index: `seen` tells whether the reader may see it.
    """
    if measure.kind == "behaviour" or isinstance(unit.detail, Suppressed):
        return changed(unit, publication, measure)
    if not seen:
        return Told(None, UNSEEN)
    if measure.kind == "motive":
        return Told(None, NOT_LOOKED)
    found = unit.detail.value.origin_change
    return Told(None, Sentence("There is no earlier result to compare with.")) if found is None else Told(found)
