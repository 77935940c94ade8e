"""What was set aside and what was flagged. Careless answers are flagged and counted, never deleted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument
from survey.scoring.answers import AnswerTable
from survey.scoring.base import one_base
from survey.scoring.columns import columns, scale_scores
from survey.scoring.estimable import NotEstimable
from survey.scoring.index import index_measure
from survey.scoring.moments import moments_by_unit
from survey.scoring.summaries import NOBODY


@dataclass(frozen=True)
class Quality:
    """For the whole company only."""

    received: int
    counted: int
    straight: int
    """Of those counted, who gave the same answer to all motive items."""
    index_without_straight: float | NotEstimable

    @property
    def set_aside(self) -> int:
        """Responses that skipped a motive or too much of another scale."""
        return self.received - self.counted


def straight_liners(answers: NDArray[np.uint8], instrument: Instrument) -> NDArray[np.bool_]:
    """Return for each response whether it gives one and the same answer to all motive items.

    Direct and indirect motives pull in opposite directions, so the same answer to all of them says nothing (the index
    is then exactly 0), most often that the questions were not read.

    Source: zero within-person variability, the extreme of the longstring index of P. G. Curran (2016), Methods for the
    detection of carelessly invalid responses in survey data, Journal of Experimental Social Psychology 66.

    `answers` has shape (responses, items); the result (responses,), False where a motive item was skipped.
    """
    motives = {scale.id for scale in instrument.motives}
    block = answers[:, [item.scale in motives for item in instrument.items]]
    if block.shape[1] == 0:
        return np.zeros(len(answers), dtype=np.bool_)
    same: NDArray[np.bool_] = np.all(block == block[:, :1], axis=1)
    given: NDArray[np.bool_] = block[:, 0] != SKIPPED
    return np.logical_and(same, given)


def quality(table: AnswerTable) -> Quality:
    """Count what was received, set aside and flagged, and give the index without those flagged (sensitivity).

    Raises:
        ValueError: The instrument has no index.
    """
    base = one_base(table.answers, table.instrument)
    straight = np.logical_and(base, straight_liners(table.answers, table.instrument))
    rest = np.logical_and(base, ~straight)
    specs = columns(table.instrument)
    scores = scale_scores(table.answers[rest], table.instrument, specs)
    (kept,) = moments_by_unit(scores, np.zeros(len(scores), dtype=np.int32), 1, specs)
    index = index_measure(table.instrument, specs)
    return Quality(len(table), int(base.sum()), int(straight.sum()), float(kept.mean(index)) if kept.n else NOBODY)
