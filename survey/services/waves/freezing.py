"""Where each person's answers count: the tree and the roster as a wave freezes them. Pure.

People placed directly at a unit that has units below it are a group of their own ("the leads' group", the unit's code
and "+"), and whoever leads a unit answers in that group one level up. A unit or group with fewer than k people can
never be shown, so it is never stored: its people count one level further up.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

DIRECT: Final = "+"
NAME_LENGTH: Final = 180


@dataclass(frozen=True)
class RosterUnit:
    """A unit of the roster: its code, its parent's, its names by language, its declared type."""

    code: str
    parent: str | None
    names: Mapping[str, str]
    kind: str = ""
    joined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Where this is a joined group: the names of its units, by code."""


@dataclass(frozen=True)
class Placed:
    """A person of the roster: where she works, and which unit she leads."""

    id: int
    unit: str
    leads: str | None = None


@dataclass(frozen=True)
class FrozenUnit:
    """A unit of a wave's tree. Answers count at leaves only; a leads' group is a leaf below its unit."""

    code: str
    parent: str | None
    names: Mapping[str, str]
    kind: str
    leads: bool
    invited: int
    """People who answer for exactly this unit, not below it."""
    languages: Mapping[str, int] = field(default_factory=dict)
    """The same people by the language of their letter."""
    joined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Where this is a joined group: the names of its units, by code."""


@dataclass(frozen=True)
class Freeze:
    """The frozen tree, root first and parents before children, and where each person's answers count."""

    units: tuple[FrozenUnit, ...]
    places: Mapping[int, str]


def freeze(units: Sequence[RosterUnit], people: Sequence[Placed], k: int) -> Freeze:
    """Freeze tree and roster so that no group below `k` people is stored.

    Args:
        units: a tree with exactly one root
        people: everybody invited, each at a unit of the tree
        k: the wave's threshold
    """
    tree = _Tree(units, people)
    tree.lift_small(k)
    tree.widen_top(k)
    return tree.frozen()


class _Tree:
    """The tree while people are lifted; `own` holds who counts at a unit and not below it."""

    def __init__(self, units: Sequence[RosterUnit], people: Sequence[Placed]) -> None:
        self.units = {unit.code: unit for unit in units}
        self.root = next(unit.code for unit in units if unit.parent is None)
        self.children: dict[str, list[str]] = defaultdict(list)
        for unit in sorted(units, key=lambda unit: unit.code):
            if unit.parent is not None:
                self.children[unit.parent].append(unit.code)
        self.own: dict[str, list[int]] = defaultdict(list)
        for person in people:
            place = person.unit if person.leads is None else self.units[person.leads].parent or person.leads
            self.own[place].append(person.id)

    def preorder(self) -> list[str]:
        """Return the codes, parents before children."""
        order, stack = [], [self.root]
        while stack:
            code = stack.pop()
            order.append(code)
            stack.extend(reversed(self.children[code]))
        return order

    def lift_small(self, k: int) -> None:
        """Move whoever is in a group below `k` to the unit above, from the leaves up."""
        for code in reversed(self.preorder()):
            parent = self.units[code].parent
            if parent is not None and len(self.own[code]) < k:
                self._lift(code, parent)

    def widen_top(self, k: int) -> None:
        """Let the smallest group join people alone at the top: nothing lies above them to count for.

        A leads' group goes first. This costs no shown number: whatever is published, fewer than k at the top would
        keep at least as large a group hidden beside them.
        """
        alone = self.own[self.root]
        if self.children[self.root] and 0 < len(alone) < k:
            groups = [code for code in self.preorder() if code != self.root and self.own[code]]
            self._lift(min(groups, key=lambda code: (not self.children[code], len(self.own[code]), code)), self.root)
            self._drop_empty()

    def _lift(self, code: str, to: str) -> None:
        self.own[to] += self.own.pop(code, [])
        parent = self.units[code].parent
        if parent is not None and not self.children[code]:
            self.children[parent].remove(code)

    def _drop_empty(self) -> None:
        for code in reversed(self.preorder()):
            parent = self.units[code].parent
            if parent is not None and not self.children[code] and not self.own[code]:
                self.children[parent].remove(code)

    def frozen(self) -> Freeze:
        """Return the result: inner units get their direct people as a leaf of its own."""
        frozen, places = [], {}
        for code in self.preorder():
            unit, people, inner = self.units[code], self.own[code], bool(self.children[code])
            invited = 0 if inner else len(people)
            frozen.append(
                FrozenUnit(code, unit.parent, unit.names, unit.kind, leads=False, invited=invited, joined=unit.joined)
            )
            if inner and people:
                frozen.append(
                    FrozenUnit(code + DIRECT, code, direct_names(unit.names), "", leads=True, invited=len(people))
                )
            places.update(dict.fromkeys(people, code + DIRECT if inner else code))
        return Freeze(tuple(frozen), places)


def direct_names(names: Mapping[str, str]) -> dict[str, str]:
    """Name the group of people placed directly at a unit."""
    return {"ko": f"{names['ko'][:NAME_LENGTH]} 직속", "en": f"{names['en'][:NAME_LENGTH]} (direct)"}
