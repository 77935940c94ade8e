"""Careless answers are flagged and counted, never deleted."""

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument


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


def straight_is_nought(instrument: Instrument) -> bool:
    """Return whether one and the same answer to all motive items gives an index of exactly 0, whatever the answer.

    The weights of an instrument sum to zero, so it is where all motives have the same range.
    """
    return len({instrument.range_of(scale.id) for scale in instrument.motives}) == 1
