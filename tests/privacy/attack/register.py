"""What the company noted of its units: no answers, so nothing is learnt from it; anything else in its place stops."""

from collections.abc import Collection
from typing import Any, Final

from tests.privacy.attack.published import UnknownNumber

MARK: Final = frozenset({"day", "kind", "name"})
OUTCOME: Final = frozenset({"measure", "names", "better", "counted_in", "declared_on", "beside"})
BESIDE: Final = frozenset({"wave", "period", "values"})


def read_marks(marks: list[dict[str, Any]]) -> None:
    """Read marks: days, kinds and names of tools."""
    for mark in marks:
        if mark.keys() != MARK or not all(isinstance(value, str) for value in mark.values()):
            raise UnknownNumber(f"a mark with {sorted(mark)}")
        if mark["kind"] != "tool" and mark["name"]:
            raise UnknownNumber("a name beside a leader")


def read_outcomes(outcomes: list[dict[str, Any]], units: Collection[str]) -> None:
    """Read outcomes: one value a unit of the tree, of waves and periods; there is no place for values of persons."""
    for outcome in outcomes:
        if outcome.keys() != OUTCOME:
            raise UnknownNumber(f"an outcome with {sorted(outcome)}")
        for beside in outcome["beside"]:
            if beside.keys() != BESIDE or not beside["values"].keys() <= set(units):
                raise UnknownNumber(f"outcomes with {sorted(beside)}, or of units that are not in the tree")
