"""Which groups of a second cut are shown: decided from counts and from what was told before, never from answers.

The tree of groups is protected as any tree is. Then everything ever told of the wave is audited together with it, as
one system, and as strictly as the audit can ask: no weighted sum of fewer than k people, and whatever people who put
their own answers together could work out is of k people at least, themselves included. While too few people would be
given away, the smallest group that has a part in it is not shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.privacy.audit import AuditFailed, AuditVerdict, audit
from survey.privacy.cut_plan import EVERYTHING, CutPlan
from survey.privacy.elimination import Number, RowSpace
from survey.privacy.protection import protect_tree
from survey.privacy.released import Reason


@dataclass(frozen=True)
class Known:
    """What was told of a wave before, and the people behind it."""

    people: Mapping[str, int]
    """By report unit."""
    cells: Mapping[str, tuple[str, ...]]
    """Every group ever shown of the wave."""
    k: int

    @staticmethod
    def name(plan: CutPlan, code: str) -> str:
        """What a group of a second cut is called among all cells."""
        return f"{plan.code}: {code}"

    def with_groups(self, plan: CutPlan, shown: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Everything told, with these groups of a second cut besides."""
        return {**self.cells, **{self.name(plan, code): plan.cells[code] for code in shown}}

    def audit(self, plan: CutPlan, shown: Iterable[str]) -> AuditVerdict:
        """Audit everything told with these groups besides."""
        return audit(self.with_groups(plan, shown), self.people, self.k, colluders=self.colluders)

    @property
    def colluders(self) -> int:
        """How many people are thought to put their answers together: so many that weighted sums are found as well."""
        return self.k - 1

    def blocks(self) -> dict[str, tuple[str, ...]]:
        """By report unit, the names of the groups told before that it lies in: what lies in the same is one block."""
        found: dict[str, list[str]] = {}
        for name, units in self.cells.items():
            for unit in units:
                found.setdefault(unit, []).append(name)
        return {unit: tuple(names) for unit, names in found.items()}


def protect_groups(plan: CutPlan, known: Known, barred: Collection[str] = ()) -> dict[str, Reason | None]:
    """Return for every group None where it is shown, or the reason why it is not.

    `barred` groups are never shown. Raises AuditFailed where the audit cannot come to an end, or finds what no group
    of this cut has a part in.
    """
    counts, never = plan.counts(known.people), set(barred)
    while True:
        hidden = protect_tree(plan.tree, counts, known.k, set(plan.tree.codes) - never - {EVERYTHING})
        del hidden[EVERYTHING]
        shown = [code for code, reason in hidden.items() if reason is None]
        verdict = known.audit(plan, shown)
        if verdict.safe:
            return hidden
        if verdict.undecided or not shown:
            raise AuditFailed(verdict)
        found = verdict.findings[0]
        cells = {
            name: [unit for unit in cell if known.people.get(unit)]
            for name, cell in known.with_groups(plan, shown).items()
        }
        parts = adding_up(cells, found.atoms + found.by)
        mine = [code for code in shown if known.name(plan, code) in parts]
        never.add(smallest(plan, known, mine or shown, found.atoms + found.by))


def adding_up(cells: Mapping[str, Collection[str]], units: Collection[str]) -> set[str]:
    """Return the names of the cells that are added and subtracted to work out the total of `units`.

    Each cell gets a column of its own, which is eliminated last: what is left over once the units are made up of cells
    are the columns of these cells.
    """
    atoms = {unit: place for place, unit in enumerate(sorted({unit for cell in cells.values() for unit in cell}))}
    names = {len(atoms) + place: name for place, name in enumerate(sorted(cells))}
    space = RowSpace(last=names.keys())
    for column, name in names.items():
        space.add([column, *(atoms[unit] for unit in cells[name])])
    left: dict[int, Number] = {}
    for unit in units:
        for column, weight in space.freedom(atoms[unit]).items():
            left[column] = left.get(column, 0) + weight
    return {names[column] for column, weight in left.items() if weight and column in names}


def smallest(plan: CutPlan, known: Known, shown: Sequence[str], units: Collection[str]) -> str:
    """Return the smallest shown group that has a part in a finding about `units`: it cuts through their blocks.

    Where none does, the smallest of all; equally small ones in the order of their codes.
    """
    blocks = known.blocks()
    members: dict[tuple[str, ...], set[str]] = {}
    for unit, block in blocks.items():
        if known.people.get(unit):
            members.setdefault(block, set()).add(unit)
    touched = [members[blocks[unit]] for unit in units if known.people.get(unit) and unit in blocks]
    people = plan.tree.totals(plan.counts(known.people))
    parts = [
        code
        for code in shown
        if any(block & set(plan.cells[code]) < block for block in touched if block & set(plan.cells[code]))
    ]
    return min(parts or shown, key=lambda code: (people[code], code))
