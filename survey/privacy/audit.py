"""Does a publication give anybody away? Decided by linear algebra, without knowing how the cells were chosen.

The audit takes the published cells, each a set of atoms (the finest groups whose answers were ever counted), and looks
for a group of fewer than k people whose sum follows from the published sums by adding, subtracting and multiplying
with numbers. Atoms that lie in exactly the same cells cannot be told apart and form a class; a group that is
determined is a union of classes whose shares in the null space of the cells add up to nothing. It imports nothing
from `protection`, and it fails closed: what it cannot decide is not safe.

It can be asked, too, what c people learn who put their own answers together: no group of fewer than k - c others may be
determined for them. If they are the whole of some classes W, and other colluders sit in the classes of a group G, then
G without them has people(G) - (c - people(W)) others; so the audit looks for W of at most c people and G beside it
with people(G) + people(W) < k whose sum follows once the sums of W are known. Where cells are nested (a tree) every
class is the remainder of a shown unit, known already and of k people or more: there is no such W and G, and the answer
is always k - c. Where cells cross it must be searched.

Asked with k - 1 colluders, the audit finds any weighted sum of fewer than k people as well: of the classes in it take
one for G and all others for W.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from survey.i18n import Refused, Sentence
from survey.privacy.atom_classes import AtomClasses
from survey.privacy.elimination import RowSpace, Undecidable
from survey.privacy.search import Groups, Search

SEARCH_STEPS: Final = 5_000_000
MOST_FINDINGS: Final = 20


@dataclass(frozen=True)
class Finding:
    """A group of too few people whose sum can be worked out."""

    people: int
    atoms: tuple[str, ...]
    """The atoms the group is made of, those without people left out."""
    by: tuple[str, ...] = ()
    """The atoms of those who put their answers together, where it takes that."""

    @property
    def sentence(self) -> Sentence:
        """The finding in words."""
        facts: dict[str, object] = {"people": self.people, "groups": ", ".join(self.atoms), "by": ", ".join(self.by)}
        if self.by:
            return Sentence(
                "what %(groups)s answered can be worked out (people: %(people)s) by the people of %(by)s, who know "
                "their own answers.",
                facts,
            )
        return Sentence("what %(groups)s answered can be worked out (people: %(people)s).", facts)


@dataclass(frozen=True)
class AuditVerdict:
    """Safe, or the groups that are given away (the smallest first, at most `MOST_FINDINGS`)."""

    safe: bool
    k: int
    cells: int
    findings: tuple[Finding, ...] = ()
    undecided: bool = False
    """True where the audit could not come to an end, which counts as not safe."""
    colluders: int = 0
    """How many people were thought to put their own answers together."""

    @property
    def sentence(self) -> Sentence:
        """The verdict in words."""
        if self.safe and self.colluders:
            return Sentence(
                "Safe: %(cells)s published groups. Even where people put their own answers together, up to "
                "%(colluders)s of them, whatever they can work out is of %(k)s people at least, themselves included.",
                {"cells": self.cells, "colluders": self.colluders, "k": self.k},
            )
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
    cells: Mapping[str, Collection[str]],
    atoms: Mapping[str, int],
    k: int,
    steps: int = SEARCH_STEPS,
    *,
    colluders: int = 0,
) -> AuditVerdict:
    """Decide whether the published `cells` (name -> atoms) give away a group of fewer than `k` people.

    `atoms` maps every atom to its people. With `colluders`, so many people of the company put their own answers
    together, and no group of others smaller than `k - colluders` may be given away to them.
    An atom of a cell that `atoms` does not name has nobody in it.
    Raises ValueError where `k` or more put theirs together.
    """
    if not 0 <= colluders < k:
        raise ValueError(colluders)
    classes = AtomClasses(cells, (atom for atom, people in atoms.items() if people))
    people = classes.add(atoms)
    try:
        space = RowSpace(steps)
        for _name, member in classes.of_cells():
            space.add(member)
        groups = Search(space, people, k, steps, colluders).groups()
        findings = _findings(groups, classes, lambda group, _known: sum(people[index] for index in group))
    except Undecidable:
        return AuditVerdict(safe=False, k=k, cells=len(cells), undecided=True, colluders=colluders)
    return AuditVerdict(safe=not findings, k=k, cells=len(cells), findings=findings, colluders=colluders)


def audit_sizes(
    cells: Mapping[str, Collection[str]], sizes: Mapping[str, int], k: int, *, colluders: int = 0
) -> AuditVerdict:
    """Decide the same as an outsider would, who knows nothing but the published `sizes` of the cells.

    The size of a determined group follows from the sizes as its sum does from the sums. AtomClasses whose size is open
    have one person at least; what colluders there could know cannot be decided. An atom must stand in `cells` only
    where somebody may have answered.
    """
    classes = AtomClasses(cells, (atom for cell in cells.values() for atom in cell))
    try:
        space = RowSpace(SEARCH_STEPS)
        for name, member in classes.of_cells():
            space.add(member, sizes[name])
        least = [1 if space.freedom(index) else _whole(space, index) for index in range(classes.count)]
        groups = Search(space, least, k, SEARCH_STEPS, colluders).groups()
        findings = _findings(groups, classes, lambda group, known: _size(space, group, known), k)
    except Undecidable:
        return AuditVerdict(safe=False, k=k, cells=len(cells), undecided=True, colluders=colluders)
    return AuditVerdict(safe=not findings, k=k, cells=len(cells), findings=findings, colluders=colluders)


def _whole(space: RowSpace, index: int) -> int:
    """The people of a determined class; raises Undecidable where that is no number of people."""
    if space.known[index] < 0 or space.known[index] != int(space.known[index]):
        raise Undecidable
    return int(space.known[index])


def _size(space: RowSpace, group: Groups, known: Groups) -> int:
    """The people of a determined group; raises Undecidable where it is determined for some people only."""
    if known:
        raise Undecidable
    return int(sum(space.known[index] for index in group if index in space.known))


def _findings(
    groups: Iterator[tuple[Groups, Groups]],
    classes: AtomClasses,
    size: Callable[[Groups, Groups], int],
    below: int | None = None,
) -> tuple[Finding, ...]:
    """Name the first groups that hold anybody (and fewer people than `below`), the smallest first."""
    sized = ((size(group, known), group, known) for group, known in groups)
    found = islice((each for each in sized if each[0] and (below is None or each[0] < below)), MOST_FINDINGS)
    findings = (Finding(people, classes.atoms(group), classes.atoms(known)) for people, group, known in found)
    return tuple(sorted(findings, key=lambda finding: (finding.people, finding.atoms, finding.by)))
