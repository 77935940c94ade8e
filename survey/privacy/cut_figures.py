"""The sums and figures of the groups of a second cut: tier one, from the answers as the publication bounded them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey.privacy.cut_layers import Layer, Responses
from survey.privacy.cut_plan import CutPlan
from survey.privacy.cut_record import GroupFigures
from survey.privacy.gate import partition
from survey.privacy.means import index_figure, scale_figures
from survey.privacy.record import Sums
from survey.privacy.scored import Scored, roll_up
from survey.scoring.columns import scale_scores
from survey.scoring.moments import Moments, moments_by_unit

Ints = NDArray[np.int64]


def group_moments(
    scored: Scored, responses: Responses, layer: Layer, plan: CutPlan, shown: Sequence[str]
) -> dict[str, Moments]:
    """Return count and sums of each shown group.

    Where an item's sum was moved by so many points, each scale is as if people who had skipped nothing of it had given
    so many points more.
    """
    n_cells = len(shown)
    if not n_cells:
        return {}
    inside = layer.cell_of >= 0
    scores = scale_scores(scored.answers[inside], scored.instrument, scored.specs)
    cells = moments_by_unit(scores, layer.cell_of[inside].astype(np.int32), n_cells, scored.specs)
    given = np.column_stack([responses.by(layer.cell_of, n_cells, item)[1] for item in range(len(responses.items))])
    points = (layer.sums - given) @ _worth(scored, responses)
    moved = [
        Moments(each.n, each.totals + shift, None, each.columns) for each, shift in zip(cells, points, strict=True)
    ]
    return dict(zip(shown, roll_up(moved, partition(plan.tree, shown)), strict=True))


def group_sums(
    scored: Scored, responses: Responses, layer: Layer, plan: CutPlan, shown: Sequence[str]
) -> dict[str, Sums]:
    """Return the exact sums of each shown group, as they are told."""
    moments = group_moments(scored, responses, layer, plan, shown)
    return {code: sums_of(each) for code, each in moments.items()}


def sums_of(moments: Moments) -> Sums:
    """Return count and sums as a record keeps them."""
    return Sums(moments.n, moments.totals.tolist())


def group_figures(
    scored: Scored, responses: Responses, layer: Layer, plan: CutPlan, shown: Sequence[str]
) -> dict[str, GroupFigures]:
    """Return the figures of each shown group; the spread behind their intervals is the publication's."""
    moments = group_moments(scored, responses, layer, plan, shown)
    moved = dict(
        zip(shown, roll_up(_moved(scored, responses, layer, len(shown)), partition(plan.tree, shown)), strict=True)
    )
    return {
        code: GroupFigures(each.n, index_figure(scored, each, moved[code]), scale_figures(scored, each, moved[code]))
        for code, each in moments.items()
    }


def _worth(scored: Scored, responses: Responses) -> Ints:
    """Shape (items, columns): what one point more on an item adds to the sum of each scale."""
    lowest = np.array([[item.min for item in scored.instrument.items]], dtype=np.uint8)
    more = np.repeat(lowest, len(responses.items), axis=0)
    more[np.arange(len(responses.items)), responses.items] += 1
    scores = scale_scores(np.vstack([lowest, more]), scored.instrument, scored.specs)
    worth: Ints = (scores[1:] - scores[0]).astype(np.int64)
    return worth


def _moved(scored: Scored, responses: Responses, layer: Layer, n_cells: int) -> list[Ints]:
    """Count for each cell and item what may be higher, and lower: cells of the publication with a part in it, and it.

    How far a cell's own sum was moved is not told, so it counts as if any of its people's answers had been.
    """
    own = responses.published(scored).flags
    found = []
    for cell in range(n_cells):
        inside = layer.cell_of == cell
        parts = own[np.unique(scored.cells[inside])]
        moved = np.zeros((2, len(scored.instrument.items)), dtype=np.int64)
        for row, sign in enumerate((1, -1)):
            moved[row, responses.items] = (parts == sign).sum(axis=0) + inside.sum() * (layer.flags[cell] == sign)
        found.append(moved)
    return found
