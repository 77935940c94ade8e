"""How close to an end the sums of a second cut may come: everybody keeps room, whatever else has been told.

In a publication the cells do not overlap, and it is enough to keep the sum of each three points off both ends
(`extremes`). The groups of a second cut cross them. What can be worked out then is more than sums of groups: sums of
crossing groups bound each other. So for each item a *witness* must be left: whole numbers for the sums of all classes
(people who lie in exactly the same cells), each three points off both ends of what its people can have answered, that
give every sum told before and every sum told now.

Why that is enough. Take the witness as the truth: nobody can say that it is not. In a class of two people and more its
points can be shared out in other ways that change no sum: one of n people can have any value from
max(low, s - high (n - 1)) to min(high, s - low (n - 1)), and with n low + 3 <= s <= n high - 3 these are four values at
least.

Small classes are *loose* where there is a way of +1 and -1 through larger ones that leaves every sum as it is: along it
the class can take or give three points, which is what the others keep as room. So the witness need not keep any room in
the loose class itself: wherever its sum is, three points bring it between the bounds (and who is alone in it to four
values). Whoever is alone in a class and has no such way is *fixed*, and fewer groups must be shown.

A sum that leaves no witness is brought to the nearest that does, one after the other; what was told before is never
changed. Whether a sum says "or more" or "or less" follows from what is told alone (one point further there would be no
witness), so that the words give away nothing else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.privacy.elimination import RowSpace
from survey.privacy.extremes import MARGIN

Ints = NDArray[np.int64]
LARGE: Final = 5
"""People of a class that always keeps its room."""


class NoRoom(Exception):  # noqa: N818 - it names what happened
    """No witness is left, whatever sums were told; fewer groups must be shown."""


@dataclass(frozen=True)
class Kinds:
    """The small classes that have a way through larger ones, and those of one person that have none."""

    loose: frozenset[int]
    fixed: frozenset[int]


@dataclass(frozen=True, eq=False)
class Item:
    """The answers to one item by class."""

    people: Ints
    """Those who answered it."""
    sums: Ints
    """As the publication bounded them."""
    low: int
    high: int
    loose: Collection[int] = ()
    """Classes in which a witness need not keep room."""

    @property
    def bounds(self) -> tuple[Ints, Ints]:
        """The least and the most that a witness may have in each class."""
        margins = np.minimum(MARGIN, self.people * (self.high - self.low) // 2)
        margins[list(self.loose)] = 0
        return self.people * self.low + margins, self.people * self.high - margins


@dataclass(frozen=True, eq=False)
class Told:
    """Sums of one item: for each cell its classes, and what is told of it."""

    cells: Sequence[Sequence[int]]
    sums: Sequence[int]

    @cached_property
    def places(self) -> dict[int, int]:
        """By class, the cell that it lies in; of cells that do not overlap."""
        return {index: place for place, cell in enumerate(self.cells) for index in cell}


@dataclass(frozen=True)
class Settled:
    """What is told of the new cells."""

    sums: list[int]
    flags: list[int]
    """1 where the true sum may be higher, -1 where it may be lower, 0 where it is the sum of the answers."""


def settle(item: Item, before: Told, cells: Sequence[Sequence[int]]) -> Settled:
    """Bring the sums of new cells to where a witness is left.

    Raises:
        NoRoom: what was told before leaves no room for all these classes, whatever their sums; or a sum would have to
            be moved without a word.
    """
    room = _Room(item, before)
    wanted = [int(item.sums[list(cell)].sum()) for cell in cells]
    witness = room.witness(Told(cells, wanted))
    sums = wanted if witness is not None else _one_by_one(room, cells, wanted)
    witness = room.witness(Told(cells, sums)) if witness is None else witness
    if witness is None:
        raise NoRoom
    flags = _flags(room, witness, Told(cells, sums))
    if any(told != true and not flag for told, true, flag in zip(sums, wanted, flags, strict=True)):
        raise NoRoom  # moved, and in a direction that what is told cannot say
    return Settled(sums, flags)


def _one_by_one(room: "_Room", cells: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[int]:
    sums: list[int] = []
    for place, cell in enumerate(cells):
        sums.append(room.nearest(Told(cells[:place], sums), cell, wanted[place]))
    return sums


def _flags(room: "_Room", witness: Ints, told: Told) -> list[int]:
    """Return a flag a cell; one to which the others leave no choice turns theirs."""
    flags: list[int] = []
    for place, cell in enumerate(told.cells):
        lower, higher = (not room.whole(cell) and room.may_move(witness, told, place, by) for by in (-1, 1))
        if lower == higher:
            flags.append(0 if lower or room.whole(cell) else _turned(room, told, flags))
        else:
            flags.append(1 if lower else -1)
    return flags


def _turned(room: "_Room", told: Told, flags: Sequence[int]) -> int:
    """The flag of the next cell where it is exactly what the cells before it leave of the same blocks."""
    cell = told.cells[len(flags)]
    beside = [place for place in range(len(flags)) if room.blocks_of(cell) & room.blocks_of(told.cells[place])]
    turned = {-flags[place] for place in beside} - {0}
    together = [*cell, *(index for place in beside for index in told.cells[place])]
    return turned.pop() if len(turned) == 1 and room.whole(together) else 0


class _Room:
    """Looks for witnesses by integer programming.

    Classes that lie in the same cells told before form a block: between them points can be moved.
    """

    def __init__(self, item: Item, before: Told) -> None:
        self.low, self.high = item.bounds
        self.before = before
        block_of: list[tuple[int, ...]] = [()] * len(item.people)
        for place, cell in enumerate(before.cells):
            for index in cell:
                block_of[index] = (*block_of[index], place)
        self.block_of = block_of
        self.members: dict[tuple[int, ...], list[int]] = {}
        for index, block in enumerate(block_of):
            self.members.setdefault(block, []).append(index)

    def blocks_of(self, cell: Sequence[int]) -> set[tuple[int, ...]]:
        """The blocks that a cell has a part in."""
        return {self.block_of[index] for index in cell}

    def whole(self, cell: Sequence[int]) -> bool:
        """Whether a cell is made of whole blocks, so that nothing could be moved into it or out of it."""
        return sum(len(self.members[block]) for block in self.blocks_of(cell)) == len(cell)

    def witness(self, told: Told) -> Ints | None:
        """Return sums of the classes that give everything told, None where there are none."""
        return self._solve([*self.before.cells, *told.cells], [*self.before.sums, *told.sums], [], 0)

    def nearest(self, told: Told, cell: Sequence[int], wanted: int) -> int:
        """Return the sum of a cell nearest to `wanted` that leaves a witness; raises NoRoom where none does."""
        found = self._solve([*self.before.cells, *told.cells], [*self.before.sums, *told.sums], cell, wanted)
        if found is None:
            raise NoRoom
        return int(found[list(cell)].sum())

    def may_move(self, witness: Ints, told: Told, place: int, by: int) -> bool:
        """Whether the sum of a cell could be one point off, given what is told of the cells before it."""
        cell = told.cells[place]
        later = len(told.cells)
        gives, takes = (self.low, self.high) if by < 0 else (self.high, self.low)
        for index in cell:
            if witness[index] != gives[index] and any(
                witness[other] != takes[other] and told.places.get(other, later) > place
                for other in self.members[self.block_of[index]]
            ):
                return True
        moved = Told(told.cells[: place + 1], [*told.sums[:place], told.sums[place] + by])
        return self.witness(moved) is not None

    def _solve(
        self, cells: Sequence[Sequence[int]], sums: Sequence[int], near: Sequence[int], wanted: int
    ) -> Ints | None:
        """Find whole numbers within the bounds that give these sums, that of `near` as near to `wanted` as can be."""
        # A quarter of a second and 22 MB that a web process does not need before somebody makes a second cut.
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - kept out of the start of the web
        from scipy.sparse import csr_array  # noqa: PLC0415 - as above

        wide = len(self.low)
        rows = [*((cell, 0.0, float(value), float(value)) for cell, value in zip(cells, sums, strict=True)),
                (near, -1.0, -np.inf, float(wanted)), (near, 1.0, float(wanted), np.inf)]  # fmt: skip
        entries = [(row, column, 1.0) for row, (cell, *_) in enumerate(rows) for column in cell]
        entries += [(row, wide, apart) for row, (_, apart, *_) in enumerate(rows) if apart]
        where, columns, values = (np.array(each) for each in zip(*entries, strict=True))
        matrix = csr_array((values, (where, columns)), shape=(len(rows), wide + 1))
        found = milp(
            np.concatenate([np.zeros(wide), [1.0 if near else 0.0]]),
            integrality=np.ones(wide + 1, dtype=np.int8),
            bounds=Bounds(np.concatenate([self.low, [0]]), np.concatenate([self.high, [np.inf]])),
            constraints=LinearConstraint(matrix, [row[2] for row in rows], [row[3] for row in rows]),
        )
        return None if found.x is None else np.rint(found.x[:wide]).astype(np.int64)


def kinds(cells: Sequence[Sequence[int]], people: Sequence[int]) -> Kinds:
    """Sort out the small classes, from counts alone.

    Args:
        cells: The classes of every cell that is told.
        people: By class.
    """
    small = {index for index, count in enumerate(people) if 0 < count < LARGE}
    loose = with_a_way(cells, people, small)
    alone = {index for index in small - loose if people[index] == 1}
    return Kinds(frozenset(loose | (late := with_a_way(cells, people, loose | alone) & alone)), frozenset(alone - late))


def with_a_way(cells: Sequence[Sequence[int]], people: Sequence[int], small: Collection[int]) -> set[int]:
    """Return those of the `small` classes that have a way of +1 and -1 through classes that are none of them.

    Larger classes are eliminated first. A small class that is left free is then made up for by the larger ones that
    were eliminated through it.
    """
    space = RowSpace(last=small)
    for cell in sorted(cells, key=len):
        space.add(index for index in cell if people[index])
    free = {index for index in small if index not in space.rows}
    blocked = {
        index
        for pivot, row in space.rows.items()
        for index in row.keys() & free
        if pivot in small or abs(row[index]) != 1
    }
    return free - blocked
