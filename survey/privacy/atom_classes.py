"""Which atoms no published cell tells apart, and in which cells they lie: what the audit puts its questions to."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from survey.privacy.search import Groups


class AtomClasses:
    """The classes of the atoms that lie in the same cells, numbered in the order of their first atoms.

    All atoms are one part at first. One cell after the other, what lies in it of each part becomes a part of its own,
    which remembers the cell and the part that it was taken from: what is left in the end are the classes. Where cells
    are nested and come in the order of their tree each takes from one part only, and from atoms that were just looked
    at, which the processor still has in its cache.
    """

    def __init__(self, cells: Mapping[str, Collection[str]], inhabited: Iterable[str]) -> None:
        self._cells = cells
        self._part_of = dict.fromkeys(inhabited, 0)
        taken_from, cell_of = [0], [0]
        for place, cell in enumerate(cells.values()):
            first = len(cell_of)
            taken: dict[int, int] = {}
            for atom in cell:
                part = self._part_of.get(atom, first)
                if part < first:
                    if part not in taken:
                        taken[part] = len(cell_of)
                        taken_from.append(part)
                        cell_of.append(place)
                    self._part_of[atom] = taken[part]
        self._number_of = [-1] * len(cell_of)
        """By part the number of its class, -1 where nothing is left of it and for what lies in no cell."""
        parts: list[int] = []
        for part in map(self._part_of.__getitem__, sorted(self._part_of)):
            if part and self._number_of[part] < 0:
                self._number_of[part] = len(parts)
                parts.append(part)
        self.count = len(parts)
        self._ends, self._members = _members(parts, taken_from, cell_of, len(cells))

    def of_cells(self) -> Iterator[tuple[str, list[int]]]:
        """The classes of each cell, small cells first."""
        names, sizes = list(self._cells), list(map(len, self._cells.values()))
        places = sorted(range(len(names)), key=names.__getitem__)
        places.sort(key=sizes.__getitem__)
        return ((names[place], self._members[self._ends[place] : self._ends[place + 1]]) for place in places)

    def add(self, atoms: Mapping[str, int]) -> list[int]:
        """The people of each class, from those of the atoms."""
        people = [0] * (self.count + 1)
        for atom, part in self._part_of.items():
            people[self._number_of[part]] += atoms[atom]
        return people[:-1]

    def atoms(self, group: Groups) -> tuple[str, ...]:
        """The atoms of a group of classes, in order."""
        return tuple(sorted(atom for atom, part in self._part_of.items() if self._number_of[part] in group))


def _members(
    parts: Sequence[int], taken_from: Sequence[int], cell_of: Sequence[int], cells: int
) -> tuple[list[int], list[int]]:
    """Return where the classes of each cell begin and the last ones end, and the classes of all cells in one list.

    One list, since a list for each cell is what Python's collector would have to walk through.
    """
    held = [0] * (cells + 1)
    for part in parts:
        at = part
        while at:
            held[cell_of[at]] += 1
            at = taken_from[at]
    ends = list(accumulate(held))
    members = [0] * ends[-1]
    for number in range(len(parts) - 1, -1, -1):
        at = parts[number]
        while at:
            ends[cell_of[at]] -= 1
            members[ends[cell_of[at]]] = number
            at = taken_from[at]
    return ends, members
