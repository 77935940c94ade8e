"""The audit of a frozen record: the cells are read back from the record itself, not from what was meant to be shown.

Second cuts of the publication are audited together with it, as one system.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from survey.i18n import Sentence
from survey.privacy.audit import AuditVerdict, audit, audit_sizes
from survey.privacy.cut_plan import CutPlan
from survey.privacy.cut_record import CutRecord
from survey.privacy.record import Record, UnitRecord

MEANS = ""
DETAILS = "details"
"""Names of the two tiers among the families; practice families are named as their item."""


@dataclass(frozen=True)
class Family:
    """Cells on which numbers of the same kind are published, so that they can be added and subtracted."""

    name: str
    k: int
    cells: Mapping[str, tuple[str, ...]]
    sizes: Mapping[str, int]

    @property
    def title(self) -> Sentence:
        """What is published on these cells."""
        if self.name == MEANS:
            return Sentence("Means of scales")
        return (
            Sentence("Details of scales")
            if self.name == DETAILS
            else Sentence("Practice %(name)s", {"name": self.name})
        )


def families(record: Record, cuts: Sequence[CutRecord] = ()) -> tuple[Family, ...]:
    """Read back every family of cells from a record: whatever holds a number counts as published.

    Means are told of second cuts too.
    """
    means = _family(record, MEANS, record.policy.k, lambda unit: unit.sums.n if unit.sums else _n(unit))
    return (
        _with_cuts(means, record, cuts) if cuts else means,
        _family(record, DETAILS, record.policy.detail_k, lambda unit: _n(unit) if unit.detail else None),
        *(_family(record, item, record.policy.k, _practice_n(item)) for item in sorted(_practices(record))),
    )


def audit_record(
    record: Record,
    counted: Mapping[str, Mapping[str, int]] | None = None,
    *,
    cuts: Sequence[CutRecord] = (),
    colluders: int = 0,
) -> tuple[tuple[Family, AuditVerdict], ...]:
    """Audit every family of cells of a record, and of the second cuts of it.

    `counted` holds the people at each unit by family, where the answers are at hand; without it the people are worked
    out from the published sizes alone, as an outsider would. What cannot be decided is not safe.
    """
    return tuple((family, _verdict(family, counted or {}, colluders)) for family in families(record, cuts))


def report_units(record: Record) -> frozenset[str]:
    """The units for which people answer: where somebody was invited to, or all where that is not known."""
    here = {unit.code: unit.invited for unit in record.units}
    for unit in record.units:
        if unit.parent is not None:
            here[unit.parent] -= unit.invited
    units = frozenset(code for code, invited in here.items() if invited > 0)
    return units or frozenset(here)


def _verdict(family: Family, counted: Mapping[str, Mapping[str, int]], colluders: int) -> AuditVerdict:
    if family.name in counted:
        return audit(family.cells, counted[family.name], family.k, colluders=colluders)
    return audit_sizes(family.cells, family.sizes, family.k, colluders=colluders)


def _with_cuts(family: Family, record: Record, cuts: Sequence[CutRecord]) -> Family:
    """The cells of the publication and those of second cuts, of report units alone: groups are made of nothing else."""
    units = report_units(record)
    cells = {name: tuple(unit for unit in cell if unit in units) for name, cell in family.cells.items()}
    sizes = dict(family.sizes)
    for cut in cuts:
        plan = CutPlan.of(cut)
        for group in cut.groups:
            n = group.sums.n if group.sums else group.figures.n if group.figures else None
            if n is not None:
                name = f"{cut.code}: {group.code}"
                cells[name], sizes[name] = plan.cells[group.code], n
    return replace(family, cells=cells, sizes=sizes)


def _family(record: Record, name: str, k: int, size: Callable[[UnitRecord], int | None]) -> Family:
    parents = {unit.code: unit.parent for unit in record.units}
    below: dict[str, list[str]] = {unit.code: [] for unit in record.units}
    for code in parents:
        at: str | None = code
        while at is not None:
            below[at].append(code)
            at = parents[at]
    sizes = {unit.code: n for unit in record.units if (n := size(unit)) is not None}
    return Family(name, k, {code: tuple(below[code]) for code in sizes}, sizes)


def _n(unit: UnitRecord) -> int | None:
    return unit.figures.n if unit.figures else None


def _practices(record: Record) -> set[str]:
    return {item for unit in record.units if unit.figures for item in unit.figures.practices}


def _practice_n(item: str) -> Callable[[UnitRecord], int | None]:
    return lambda unit: unit.figures.practices_n.get(item) if unit.figures else None
