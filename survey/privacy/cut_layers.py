"""What has been told of a wave, as sums over cells of responses: the publication, then second cuts one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.privacy.cut_plan import CutPlan
from survey.privacy.cut_room import Item, Kinds, Settled, Told, kinds, settle
from survey.privacy.gate import partition
from survey.privacy.scored import Scored

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layer:
    """Cells that do not overlap: the remainders of what was shown together."""

    cell_of: Ints
    """By response that counts, its cell, -1 where it is in none."""
    sums: Ints
    """Shape (cells, items): the sums told, of the items that were asked."""
    flags: Ints
    """Shape (cells, items): 1 where the true sum may be higher, -1 where it may be lower."""


@dataclass(frozen=True, eq=False)
class Classes:
    """The responses that lie in the same cells of every layer."""

    of: Ints
    """By response, its class."""
    cells: list[list[list[int]]]
    """By layer and cell, its classes."""
    seen: dict[bytes, Kinds] = field(default_factory=dict)
    """Kinds of classes that were found before: most items were answered by the same people."""

    @property
    def count(self) -> int:
        """How many classes there are."""
        return int(self.of.max()) + 1

    def kinds(self, people: Ints) -> Kinds:
        """Sort out the small classes among those who answered an item."""
        key = people.tobytes()
        if key not in self.seen:
            self.seen[key] = kinds([cell for cells in self.cells for cell in cells], people.tolist())
        return self.seen[key]

    @classmethod
    def over(cls, layers: Sequence[Ints]) -> "Classes":
        """Sort responses by their cells in every layer."""
        signatures, of = np.unique(np.column_stack(layers), axis=0, return_inverse=True)
        cells = []
        for layer in signatures.T:
            found: list[list[int]] = [[] for _ in range(int(layer.max()) + 1)]
            for index, cell in enumerate(layer):
                if cell >= 0:
                    found[cell].append(index)
            cells.append(found)
        return cls(of, cells)


class Responses:
    """The answers that count, as the publication bounded them, and the items that were asked."""

    def __init__(self, scored: Scored) -> None:
        instrument = scored.instrument
        self.items = [
            place
            for place, item in enumerate(instrument.items)
            if item not in instrument.practices and (scored.answers[:, place] != SKIPPED).any()
        ]
        self.ranges = [(instrument.items[place].min, instrument.items[place].max) for place in self.items]
        self.answers = scored.answers[:, self.items]
        self.given = self.answers != SKIPPED

    def by(self, groups: Ints, n_groups: int, item: int) -> tuple[Ints, Ints]:
        """Count who answered an item, and add up what they did, by group; -1 is in none."""
        among = self.given[:, item] & (groups >= 0)
        people = np.bincount(groups[among], minlength=n_groups)
        sums = np.bincount(groups[among], weights=self.answers[among, item], minlength=n_groups)
        return people.astype(np.int64), np.rint(sums).astype(np.int64)

    def published(self, scored: Scored) -> Layer:
        """The cells of the publication."""
        n_cells = len(scored.partition.shown)
        sums = np.column_stack([self.by(scored.cells, n_cells, item)[1] for item in range(len(self.items))])
        moved = [scored.moved[code].copy() for code in scored.partition.shown]
        for place, above in reversed(list(enumerate(scored.partition.above))):
            if above >= 0:
                moved[above] = moved[above] - scored.moved[scored.partition.shown[place]]
        flags = np.array([higher - lower for higher, lower in moved])[:, self.items]
        return Layer(scored.cells, sums, flags)

    def settled(self, told: Sequence[Layer], cell_of: Ints) -> Layer:
        """Bring the sums of new cells to where everybody keeps room; raises NoRoom where that cannot be."""
        n_cells = int(cell_of.max()) + 1
        classes = Classes.over([*(layer.cell_of for layer in told), cell_of])
        found = [self._settle(told, classes, item) for item in range(len(self.items))]
        sums = np.array([each.sums for each in found], dtype=np.int64).reshape(len(found), n_cells).T
        flags = np.array([each.flags for each in found], dtype=np.int64).reshape(len(found), n_cells).T
        return Layer(cell_of, sums, flags)

    def _settle(self, told: Sequence[Layer], classes: Classes, item: int) -> Settled:
        people, sums = self.by(classes.of, classes.count, item)
        before = Told(
            [cell for cells in classes.cells[:-1] for cell in cells],
            [int(total) for layer in told for total in layer.sums[:, item]],
        )
        low, high = self.ranges[item]
        return settle(Item(people, sums, low, high, classes.kinds(people).loose), before, classes.cells[-1])

    def fixed(self, told: Sequence[Layer], cell_of: Ints) -> set[int]:
        """Return responses that are alone in a new class, where their answer to an item could be no other."""
        classes = Classes.over([*(layer.cell_of for layer in told), cell_of])
        before = Classes.over([layer.cell_of for layer in told])
        found: set[int] = set()
        for item in range(len(self.items)):
            people, _ = self.by(classes.of, classes.count, item)
            for index in classes.kinds(people).fixed:
                rows = np.flatnonzero(classes.of == index)
                if (before.of == before.of[rows[0]]).sum() > len(rows):
                    found.update(rows.tolist())
        return found


def cells_of(plan: CutPlan, shown: Sequence[str], units: Sequence[str]) -> Ints:
    """Return for each response, given its report unit, the cell of the shown groups that it lies in."""
    cut = partition(plan.tree, shown)
    cell = dict(zip(plan.tree.codes, cut.cell_of.tolist(), strict=True))
    return np.array([cell[plan.places[unit]] if unit in plan.places else -1 for unit in units], dtype=np.int64)
