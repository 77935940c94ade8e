"""The audit of a frozen record: the cells are read back from the record itself, not from what was meant to be shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from survey.i18n import Sentence
from survey.privacy.audit import AuditVerdict, audit, people_from_sizes
from survey.privacy.elimination import Undecidable
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


def families(record: Record) -> tuple[Family, ...]:
    """Read back every family of cells from a record: whatever holds a number counts as published."""
    return (
        _family(record, MEANS, record.policy.k, lambda unit: unit.sums.n if unit.sums else _n(unit)),
        _family(record, DETAILS, record.policy.detail_k, lambda unit: _n(unit) if unit.detail else None),
        *(_family(record, item, record.policy.k, _practice_n(item)) for item in sorted(_practices(record))),
    )


def audit_record(
    record: Record, counted: Mapping[str, Mapping[str, int]] | None = None
) -> tuple[tuple[Family, AuditVerdict], ...]:
    """Audit every family of cells of a record.

    `counted` holds the people at each unit by family, where the answers are at hand; without it the people are worked
    out from the published sizes alone, as an outsider would. What cannot be decided is not safe.
    """
    return tuple((family, _verdict(family, counted)) for family in families(record))


def _verdict(family: Family, counted: Mapping[str, Mapping[str, int]] | None) -> AuditVerdict:
    try:
        people = people_from_sizes(family.cells, family.sizes) if counted is None else counted[family.name]
    except Undecidable:
        return AuditVerdict(safe=False, k=family.k, cells=len(family.cells), undecided=True)
    return audit(family.cells, people, family.k)


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
