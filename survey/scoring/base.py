"""The one base: which responses count, so that every number of a unit rests on the same people."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument
from survey.scoring.columns import Exact, columns, scale_scores


def one_base(
    answers: NDArray[np.uint8], instrument: Instrument, asked: Collection[str] | None = None
) -> NDArray[np.bool_]:
    """Return for each response whether it counts: all motives answered, every other scale at least by half.

    A motive of one item is answered or not; a motive of several items follows the half rule as every scale does. Items
    that the instrument calls required must be answered besides. Practice items set nobody aside (`practice_base`).
    Where only the items `asked` were asked, the rules hold for these.

    Source: a rule of ours (decision 0004): every number of a group rests on the same people.

    Assumes: those set aside would not have answered very differently from those who are counted.

    Limits: this cannot be checked with what is kept; how many were set aside is told for the company.

    Args:
        answers: Shape (responses, items), 255 where skipped.
        instrument: Whose items and scales are meant.
        asked: Ids of the items that were asked; all of them where none are named.

    Returns:
        Shape (responses,).

    >>> from survey.instruments.answers import encode
    >>> from survey.instruments.load import builtin
    >>> everything = {item.id: 4 for item in builtin().asked()}
    >>> rows = [everything, everything | {"tactical_1": None}, everything | {"inertia": None}]
    >>> answers = np.array([list(encode(builtin().items, row)) for row in rows], dtype=np.uint8)
    >>> one_base(answers, builtin()).tolist()
    [True, True, False]
    """
    required = [item.required and (asked is None or item.id in asked) for item in instrument.items]
    there: NDArray[np.bool_] = np.all(answers[:, required] != SKIPPED, axis=1)
    return np.logical_and(whole(scale_scores(answers, instrument, columns(instrument, asked))), there)


def whole(scores: Exact) -> NDArray[np.bool_]:
    """Return for each row of scale scores whether it has all of them (design 5, "One base").

    >>> whole(np.array([[7, 14], [3, -1]])).tolist()
    [True, False]
    """
    complete: NDArray[np.bool_] = np.all(np.asarray(scores >= 0, dtype=np.bool_), axis=1)
    return complete


def practice_base(
    answers: NDArray[np.uint8], instrument: Instrument, base: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    """Return each practice item's own base: the people of the one base who answered it.

    What a wave asks about practices changes from wave to wave and is skipped more often, since not everybody can see
    every habit; were it part of the one base, one such item could empty a team's figures.

    Source: a rule of ours (decision 0004).

    Assumes: who skips the question cannot see the habit, rather than sees it and does not want to say.

    Limits: the mean of a habit may rest on fewer people than the unit's other numbers; how many stands beside it.

    Args:
        answers: Shape (responses, items), 255 where skipped or not asked.
        instrument: Whose practice items are meant.
        base: Shape (responses,), the one base.

    Returns:
        By practice item, shape (responses,).

    >>> from survey.instruments.load import builtin
    >>> first = builtin().practices[0].id
    >>> answers = np.full((3, len(builtin().items)), 5, dtype=np.uint8)
    >>> answers[0] = SKIPPED
    >>> practice_base(answers, builtin(), np.array([True, True, False]))[first].tolist()
    [False, True, False]
    """
    place = {item.id: position for position, item in enumerate(instrument.items)}
    return {item.id: np.logical_and(base, answers[:, place[item.id]] != SKIPPED) for item in instrument.practices}
