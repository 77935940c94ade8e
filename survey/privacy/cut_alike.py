"""Second cuts and published spreads: a group's sum must not narrow what the spread around it says.

Where a unit's distribution of a motive was told, the sum of a few of its people says which of its answers may be
theirs; where a standard deviation or an interval was, of any scale, the sums of its parts say how far their people can
be from these. So whatever sums follow, once a cut is told, of people inside a *pool* (see `alike`) must leave four
answers to everybody. Which follow is decided by elimination over all cells told; what does not follow is taken
together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.privacy.alike import SQUARES, Values
from survey.privacy.cut_layers import Classes, Layer
from survey.privacy.elimination import RowSpace
from survey.privacy.scored import Scored
from survey.scoring.columns import scale_scores
from survey.scoring.measure import COMMON, Measure, balance, weigh
from survey.scoring.position import ADAPTIVE, TACTICAL

Ints = NDArray[np.int64]


def narrowed(scored: Scored, told: Sequence[Layer], cell_of: Ints) -> set[int]:
    """Return responses of the new cells in whose pool somebody's answers would be narrowed too far."""
    classes = Classes.over([*(layer.cell_of for layer in told), cell_of])
    follows = _following(classes)
    found: set[int] = set()
    for spread in _spreads(scored):
        pool_of = spread.pools[scored.cells]
        for pool in np.unique(pool_of[(pool_of >= 0) & (cell_of >= 0)]):
            rows = np.flatnonzero(pool_of == pool)
            groups = np.where(follows[classes.of[rows]], classes.of[rows], -1)
            names, places = np.unique(groups, return_inverse=True)
            if not spread.leaves_open(scored, rows, places, len(names)):
                found.update(rows[cell_of[rows] >= 0].tolist())
    return found


def _following(classes: Classes) -> NDArray[np.bool_]:
    """Tell for each class whether its sums follow from those of all cells."""
    space = RowSpace()
    for cells in classes.cells:
        for cell in cells:
            space.add(cell)
    return np.array([not space.freedom(index) for index in range(classes.count)], dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class _Spread:
    """What is told of how far answers are apart on a scale or measure."""

    name: str
    values: NDArray[np.float64]
    """By response, in points of a scale from 1 to 7."""
    pools: Ints
    """For each published cell: the nearest unit above that tells this spread, -1 where none does."""

    def leaves_open(self, scored: Scored, rows: NDArray[np.intp], groups: Ints, n_groups: int) -> bool:
        """Whether everybody in the groups of a pool, whose sums are known, still has four answers."""
        means = np.bincount(groups, self.values[rows]) / np.bincount(groups)
        if ((self.values[rows] - means[groups]) ** 2).sum() < SQUARES:
            return False
        if self.name not in scored.answer_counts:
            return True
        return Values(scored.answers_by(rows, groups, n_groups)[self.name]).open(list(range(n_groups)))


def _spreads(scored: Scored) -> Iterator[_Spread]:
    """Yield every scale and measure of which a publication tells standard deviations or intervals."""
    scores = scale_scores(scored.answers, scored.instrument, scored.specs).astype(np.float64)
    reach = np.array([spec.high - spec.low for spec in scored.specs], dtype=np.float64)
    denominators = np.array([float(spec.denominator) for spec in scored.specs])
    for measure in _measures(scored):
        weights = weigh(measure, scored.specs)
        stretch = (COMMON[1] - COMMON[0]) / float(np.abs(weights) @ reach)
        yield _Spread(measure.name, scores @ (weights / denominators) * stretch, _pools(scored, measure))


def _measures(scored: Scored) -> Iterator[Measure]:
    yield from (Measure.scale(spec.scale) for spec in scored.specs)
    yield from (scored.index, scored.twin)
    if {ADAPTIVE, TACTICAL} <= scored.scales:
        yield balance(scored.specs)


def _pools(scored: Scored, measure: Measure) -> Ints:
    cut = scored.partition
    telling, pools = scored.telling(measure), np.full(len(cut.shown), -1, dtype=np.int64)
    for place, code in enumerate(cut.shown):
        pools[place] = place if code in telling else pools[cut.above[place]] if cut.above[place] >= 0 else -1
    return pools
