"""Second cuts and published distributions: a group's sum must not narrow what the distribution around it says.

Where a unit's distribution of a motive was told, the sum of a few of its people says which of its answers may be
theirs. So whatever sums follow, once a cut is told, of people inside a *pool* (see `alike`) must leave four answers to
everybody. Which follow is decided by elimination over all cells told; what does not follow is taken together.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from survey.privacy.alike import Values
from survey.privacy.cut_layers import Classes, Layer
from survey.privacy.elimination import RowSpace
from survey.privacy.scored import Scored

Ints = NDArray[np.int64]


def narrowed(scored: Scored, told: Sequence[Layer], cell_of: Ints) -> set[int]:
    """Return responses of the new cells in whose pool somebody's answers would be narrowed too far."""
    classes = Classes.over([*(layer.cell_of for layer in told), cell_of])
    follows = _following(classes)
    found: set[int] = set()
    for motive, pools in _pools(scored).items():
        pool_of = pools[scored.cells]
        for pool in np.unique(pool_of[(pool_of >= 0) & (cell_of >= 0)]):
            rows = np.flatnonzero(pool_of == pool)
            groups = np.where(follows[classes.of[rows]], classes.of[rows], -1)
            names, places = np.unique(groups, return_inverse=True)
            counts = scored.answers_by(rows, places, len(names))[motive]
            if not Values(counts).open(list(range(len(names)))):
                found.update(rows[cell_of[rows] >= 0].tolist())
    return found


def _following(classes: Classes) -> NDArray[np.bool_]:
    """Tell for each class whether its sums follow from those of all cells."""
    space = RowSpace()
    for cells in classes.cells:
        for cell in cells:
            space.add(cell)
    return np.array([not space.freedom(index) for index in range(classes.count)], dtype=np.bool_)


def _pools(scored: Scored) -> Mapping[str, Ints]:
    """By motive, for each published cell: the nearest unit above that tells its distribution, -1 where none does."""
    cut = scored.partition
    found = {}
    for motive in scored.answer_counts:
        telling, pools = scored.telling(motive), np.full(len(cut.shown), -1, dtype=np.int64)
        for place, code in enumerate(cut.shown):
            pools[place] = place if code in telling else pools[cut.above[place]] if cut.above[place] >= 0 else -1
        found[motive] = pools
    return found
