"""How a second cut groups the report units of a wave: a tree of groups, and the group of each unit. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from survey.privacy.cut_record import CutRecord
from survey.privacy.tree import Tree, TreeUnit

EVERYTHING: Final = ""
"""Stands above all groups; never shown."""


@dataclass(frozen=True)
class CutPlan:
    """What is to be grouped: groups with their parents, and for report units the group they lie directly in."""

    code: str
    groups: tuple[TreeUnit, ...]
    """A group's parent is another group, or None."""
    places: Mapping[str, str]
    """By report unit; units that are missing lie in no group."""

    @cached_property
    def tree(self) -> Tree:
        """The groups under one root that stands for everything grouped; raises Refused for a circle or a code twice."""
        tops = [
            TreeUnit(group.code, EVERYTHING if group.parent is None else group.parent, group.names)
            for group in self.groups
        ]
        return Tree([TreeUnit(EVERYTHING, None), *tops])

    def counts(self, people: Mapping[str, int]) -> dict[str, int]:
        """Add the people of each report unit to the group it lies directly in."""
        found = dict.fromkeys(self.tree.codes, 0)
        for unit, group in self.places.items():
            found[group] += people[unit]
        return found

    @cached_property
    def cells(self) -> dict[str, tuple[str, ...]]:
        """The report units of each group and of all groups below it."""
        found: dict[str, list[str]] = {code: [] for code in self.tree.codes}
        for unit in sorted(self.places):
            for code in self.tree.path(self.places[unit]):
                found[code].append(unit)
        return {code: tuple(units) for code, units in found.items()}

    @classmethod
    def of(cls, record: CutRecord) -> "CutPlan":
        """Return how a second cut that was made grouped the units."""
        groups = tuple(TreeUnit(group.code, group.parent, group.names) for group in record.groups)
        return cls(record.code, groups, {unit: group.code for group in record.groups for unit in group.units})
