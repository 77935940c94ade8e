"""Does a publication give anybody away? Decided by linear algebra, without knowing how the cells were chosen.

The audit takes the published cells, each a set of atoms (the finest groups whose answers were ever counted), and looks
for a group of fewer than k people whose sum follows from the published sums by adding, subtracting and multiplying
with numbers. Atoms that lie in exactly the same cells cannot be told apart and form a class; a group that is
determined is a union of classes whose shares in the null space of the cells add up to nothing. It imports nothing
from `protection`, and it fails closed: what it cannot decide is not safe.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from survey.i18n import Refused, Sentence
from survey.privacy.elimination import Row, RowSpace, Undecidable

SEARCH_STEPS: Final = 5_000_000
MOST_FINDINGS: Final = 20


@dataclass(frozen=True)
class Finding:
    """A group of too few people whose sum can be worked out."""

    people: int
    atoms: tuple[str, ...]
    """The atoms the group is made of, those without people left out."""

    @property
    def sentence(self) -> Sentence:
        """The finding in words."""
        return Sentence(
            "what %(groups)s answered can be worked out (people: %(people)s).",
            {"people": self.people, "groups": ", ".join(self.atoms)},
        )


@dataclass(frozen=True)
class AuditVerdict:
    """Safe, or the groups that are given away (the smallest first, at most `MOST_FINDINGS`)."""

    safe: bool
    k: int
    cells: int
    findings: tuple[Finding, ...] = ()
    undecided: bool = False
    """True where the audit could not come to an end, which counts as not safe."""

    @property
    def sentence(self) -> Sentence:
        """The verdict in words."""
        if self.safe:
            return Sentence(
                "Safe: %(cells)s published groups, and no arithmetic on them gives the total of fewer than %(k)s "
                "people.",
                {"cells": self.cells, "k": self.k},
            )
        if self.undecided:
            return Sentence("Not safe: the audit could not come to an end, and what it cannot decide is not published.")
        return Sentence(
            "Not safe, a group of fewer than %(k)s people is given away: %(finding)s",
            {"k": self.k, "finding": self.findings[0].sentence},
        )


class AuditFailed(Refused):
    """The audit did not pass: nothing is published."""

    def __init__(self, verdict: AuditVerdict) -> None:
        self.verdict = verdict
        super().__init__(Sentence("Nothing was published. %(verdict)s"), verdict=verdict.sentence)


def audit(
    cells: Mapping[str, Collection[str]], atoms: Mapping[str, int], k: int, steps: int = SEARCH_STEPS
) -> AuditVerdict:
    """Decide whether the published `cells` (name -> atoms) give away a group of fewer than `k` people.

    `atoms` maps every atom to its people. Raises KeyError for a cell with an unknown atom.
    """
    classes, members = _classes(cells, {atom for atom, people in atoms.items() if people})
    people = [sum(atoms[atom] for atom in group) for group in classes]
    try:
        space = RowSpace(steps)
        for member in members.values():
            space.add(member)
        groups = _Search(space, people, k, steps).groups()
    except Undecidable:
        return AuditVerdict(safe=False, k=k, cells=len(cells), undecided=True)
    findings = sorted(
        (
            Finding(sum(people[index] for index in group), tuple(sorted(atom for i in group for atom in classes[i])))
            for group in groups
        ),
        key=lambda finding: (finding.people, finding.atoms),
    )
    return AuditVerdict(safe=not findings, k=k, cells=len(cells), findings=tuple(findings))


def people_from_sizes(cells: Mapping[str, Collection[str]], sizes: Mapping[str, int]) -> dict[str, int]:
    """Work out the people of each class of atoms from the published sizes of the cells alone, as an outsider would.

    Returns one atom of each class with the people of the whole class, the other atoms of the class with 0.
    Raises Undecidable where the sizes contradict each other or leave the size of a class open.
    """
    atoms = {atom for cell in cells.values() for atom in cell}
    classes, members = _classes(cells, atoms)
    space = RowSpace()
    for name, member in members.items():
        space.add(member, sizes[name])
    people = dict.fromkeys(atoms, 0)
    for index, group in enumerate(classes):
        if space.freedom(index) or space.known[index] < 0:
            raise Undecidable
        people[group[0]] = int(space.known[index])
    return people


def _classes(cells: Mapping[str, Collection[str]], inhabited: set[str]) -> tuple[list[list[str]], dict[str, list[int]]]:
    """Return the classes of atoms that lie in the same cells, and the classes of each cell, small cells first."""
    cells_of: dict[str, list[int]] = {}
    names = sorted(cells, key=lambda name: (len(cells[name]), name))
    for place, name in enumerate(names):
        for atom in set(cells[name]) & inhabited:
            cells_of.setdefault(atom, []).append(place)
    by_cells: dict[tuple[int, ...], list[str]] = {}
    for atom in sorted(cells_of):
        by_cells.setdefault(tuple(cells_of[atom]), []).append(atom)
    members: dict[str, list[int]] = {name: [] for name in names}
    for index, places in enumerate(by_cells):
        for place in places:
            members[names[place]].append(index)
    return list(by_cells.values()), members


class _Search:
    """Looks for groups of classes with fewer than k people whose freedoms add up to nothing."""

    def __init__(self, space: RowSpace, people: list[int], k: int, steps: int) -> None:
        self.people, self.most, self.left = people, k - 1, steps
        small = {index: space.freedom(index) for index, count in enumerate(people) if count < k}
        self.determined = [index for index, freedom in small.items() if not freedom]
        self.open = {index: freedom for index, freedom in small.items() if freedom}
        self.users: dict[int, list[int]] = {}
        for index, freedom in self.open.items():
            for column in freedom:
                self.users.setdefault(column, []).append(index)

    def groups(self) -> list[frozenset[int]]:
        """Every such group that holds no smaller one, up to `MOST_FINDINGS`."""
        found = [frozenset([index]) for index in self.determined]
        seen: set[frozenset[int]] = set()
        waiting = [(frozenset([index]), freedom) for index, freedom in self.open.items()]
        while waiting and len(found) < MOST_FINDINGS:
            group, freedom = waiting.pop()
            self.left -= 1
            if self.left < 0:
                raise Undecidable
            if not freedom:
                found.append(group)
                continue
            for longer in self._longer(group, freedom):
                if longer not in seen:
                    seen.add(longer)
                    (index,) = longer - group
                    waiting.append((longer, _sum(freedom, self.open[index])))
        return found[:MOST_FINDINGS]

    def _longer(self, group: frozenset[int], freedom: Row) -> list[frozenset[int]]:
        """The groups with one class more that could cancel one of the columns that keep this group open."""
        left = self.most - sum(self.people[index] for index in group)
        column = min(freedom, key=lambda column: (len(self.users[column]), column))
        first = min(group)
        return [
            group | {index}
            for index in self.users[column]
            if index > first and index not in group and self.people[index] <= left
        ]


def _sum(one: Row, other: Row) -> Row:
    total = {column: one.get(column, 0) + other.get(column, 0) for column in one.keys() | other.keys()}
    return {column: weight for column, weight in total.items() if weight}
