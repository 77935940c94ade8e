"""Answers that look careless, and when results without them may be told.

Two results, with and without some people, give the total of these people. So results without flagged answers are told
of many flagged only, and only where those flagged lie far from every union of report units: added and subtracted with
whatever is published or will be (second cuts too), their total then never gives that of fewer than k
(docs/decisions/0036-flags-and-sensitivity.md).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.privacy.scored import Scored
from survey.scoring.estimable import NotEstimable
from survey.scoring.quality import long_strings, straight_is_nought, straight_liners

FEW_FLAGGED: Final = NotEstimable(
    Sentence(
        "Too few answers are flagged, or too few are left without them: results without them would tell about single "
        "people."
    )
)
ONE_PLACE: Final = NotEstimable(
    Sentence(
        "The flagged answers are nearly all those of some units: results without them would tell about single people."
    )
)

NEARLY_ALL: Final = NotEstimable(
    Sentence("Everybody, or nearly everybody, gave the same answer to all motives: how many is not told.")
)

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Flagged:
    """Which of the responses that count are flagged, in the order of `Scored.answers`."""

    scored: Scored
    units: NDArray[np.int64]
    """The report unit of each of these responses: whatever can be published is of whole report units."""
    straight: Mask
    """The same answer to all six motives."""
    string: Mask | NotEstimable
    """A long string of equal answers."""

    @staticmethod
    def of(scored: Scored) -> "Flagged":
        """Flag by the answers as they were given."""
        rows, _ = scored.gate.rows(scored.gate.base, scored.partition)
        answers, instrument = scored.inputs.table.answers[rows], scored.instrument
        string = long_strings(answers, instrument, scored.inputs.asked)
        return Flagged(scored, scored.gate.places[rows], straight_liners(answers, instrument), string)

    @property
    def either(self) -> Mask:
        """Those with any flag."""
        return self.straight if isinstance(self.string, NotEstimable) else self.straight | self.string

    def refusal(self, among: Mask | None = None) -> NotEstimable | None:
        """Return why nothing may be told of the people of `among` without those flagged, None where it may."""
        here = np.ones(len(self.straight), dtype=np.bool_) if among is None else among
        return self._apart(here & self.either, here & ~self.either)

    def refusal_of_total(self) -> NotEstimable | None:
        """The same of a total of the index, to which whoever answered all motives alike adds nothing."""
        unknown = self.either & ~self.straight
        if not straight_is_nought(self.scored.instrument):
            return self.refusal()
        return self._apart(unknown, ~self.either) if unknown.any() else None

    def _apart(self, gone: Mask, left: Mask) -> NotEstimable | None:
        """Hold against the thresholds; a spare code may have been used by somebody who had answered before."""
        policy = self.scored.inputs.policy
        twice = sum(facts.spares for facts in self.scored.inputs.facts)
        if min(int(gone.sum()), int(left.sum())) - twice < policy.detail_k:
            return FEW_FLAGGED
        return ONE_PLACE if distance(self.units, gone, left) - twice < policy.k else None


def straight_told(scored: Scored, straight: int) -> int | NotEstimable:
    """Return how many gave the same answer to all motives, where others are k at least.

    The index of those who did is 0, so that the published total of everybody's is the total of the others; a spare code
    may have been used by somebody who had answered before.
    """
    twice = sum(facts.spares for facts in scored.inputs.facts)
    left = int(scored.gate.base.sum()) - straight - twice
    return straight if left >= scored.inputs.policy.k or not straight else NEARLY_ALL


def distance(units: NDArray[np.int64], gone: Mask, left: Mask) -> int:
    """Return of how few people a total follows from that of `gone` and those of all units.

    From the total of those gone, whole units can be taken away. Of each unit there remain those gone (it is not taken
    away) or, with a minus, those left (it is).

    >>> gone = np.array([True, True, True, True, False, False])
    >>> distance(np.array([0, 0, 0, 1, 1, 1]), gone, ~gone), distance(np.array([0, 0, 0, 0, 0, 1]), gone, ~gone)
    (1, 1)
    """
    wide = int(units.max(initial=0)) + 1
    counts = [np.bincount(units[mask], minlength=wide) for mask in (gone, left)]
    return int(np.minimum(counts[0], counts[1]).sum())
