"""How often a unit sees a practice: each practice item with its own base."""

import numpy as np
from numpy.typing import NDArray

from survey.instruments.model import Instrument
from survey.scoring.base import practice_base
from survey.scoring.columns import ColumnSpec
from survey.scoring.moments import UnitMoments, moments_by_unit


def practice_moments(
    answers: NDArray[np.uint8],
    units: NDArray[np.int32],
    n_units: int,
    instrument: Instrument,
    base: NDArray[np.bool_],
) -> dict[str, UnitMoments]:
    """Return by practice item the moments of each unit, over the people of the one base who answered that item.

    Args:
        answers: Shape (responses, items), 255 where skipped or not asked.
        units: Shape (responses,), values 0 to `n_units` - 1.
        n_units: How many units there are.
        instrument: Whose practice items are meant.
        base: Shape (responses,), the one base.

    Returns:
        For each practice item `n_units` moments of one column, named as the item; n is 0 where nobody answered.
    """
    place = {item.id: position for position, item in enumerate(instrument.items)}
    bases = practice_base(answers, instrument, base)
    moments = {}
    for item in instrument.practices:
        column = (ColumnSpec(item.id, 1, item.min, item.max),)
        rows = bases[item.id]
        scores = answers[rows][:, [place[item.id]]].astype(np.int64)
        moments[item.id] = moments_by_unit(scores, units[rows], n_units, column)
    return moments
