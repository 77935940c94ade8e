"""What the company noted of its units: no answers, so nothing is learnt from it; anything else in its place stops."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from tests.privacy.attack.published import UnknownNumber

MARK: Final = frozenset({"day", "kind", "name"})
OUTCOME: Final = frozenset({"measure", "names", "better", "counted_in", "declared_on", "beside"})
DIGEST: Final = 64
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


def read_over(over: dict[str, Any]) -> None:
    """Read practices that were ended: two days of each."""
    for ended in over.values():
        if ended.keys() != {"since", "ended"} or not all(isinstance(value, str) for value in ended.values()):
            raise UnknownNumber(f"an ended practice with {sorted(ended)}")


def read_own_practices(practices: list[dict[str, Any]]) -> None:
    """Read the company's own practices: texts, and whether one was retired."""
    for own in practices:
        if own.keys() != {"practice", "retired"} or any(isinstance(value, int) for value in own["practice"].values()):
            raise UnknownNumber(f"a practice with {sorted(own)}")


def read_tree(tree: list[dict[str, Any]], units: Mapping[str, dict[str, Any]]) -> None:
    """Read the tree of the head: the digest of each unit's record, and nothing that is not in that record too."""
    for place, (code, unit) in zip(tree, units.items(), strict=bool(tree)):
        said = {name: value for name, value in place.items() if name != "digest"}
        if place["code"] != code or len(place["digest"]) != DIGEST or any(unit[name] != said[name] for name in said):
            raise UnknownNumber(f"a place with {sorted(place)}")
