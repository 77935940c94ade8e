"""The tree of units as a wave froze it: one root, no circles, parents before children, siblings by code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey.i18n import Refused


@dataclass(frozen=True)
class TreeUnit:
    """A unit, or the group of the people placed directly at a unit (`leads`), which is a leaf of its own."""

    code: str
    parent: str | None
    names: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    leads: bool = False


class Tree:
    """Units in order: root first, parents before their children, siblings by code.

    Raises Refused for a tree without a unit, with two roots, with a code twice, with an unknown parent or a circle.

    >>> tree = Tree([TreeUnit("A", "C"), TreeUnit("C", None), TreeUnit("A1", "A")])
    >>> tree.codes, tree.path("A1")
    (('C', 'A', 'A1'), ('C', 'A', 'A1'))
    """

    def __init__(self, units: Iterable[TreeUnit]) -> None:
        given = list(units)
        by_code = {unit.code: unit for unit in given}
        if len(by_code) != len(given):
            twice = sorted(unit.code for unit in given if unit is not by_code[unit.code])
            raise Refused("The unit %(unit)s stands in the tree twice.", unit=twice[0])
        children: dict[str, list[str]] = {code: [] for code in by_code}
        roots = sorted(unit.code for unit in given if unit.parent is None)
        for unit in sorted(given, key=lambda unit: unit.code):
            if unit.parent is not None and unit.parent not in by_code:
                raise Refused(
                    "The unit %(unit)s lies under %(parent)s, which is no unit.", unit=unit.code, parent=unit.parent
                )
            if unit.parent is not None:
                children[unit.parent].append(unit.code)
        self._children = {code: tuple(codes) for code, codes in children.items()}
        if len(roots) != 1:
            raise Refused(
                "Exactly one unit must stand at the top, without a parent; here there are %(count)s: %(units)s.",
                count=len(roots),
                units=", ".join(roots),
            )
        self.root = roots[0]
        self._units = {code: by_code[code] for code in self._preorder()}
        if len(self._units) != len(given):
            lost = sorted(by_code.keys() - self._units.keys())
            raise Refused("These units lie in a circle under each other: %(units)s.", units=", ".join(lost))
        self.codes = tuple(self._units)
        self._places = {code: place for place, code in enumerate(self.codes)}
        self._depths: dict[str, int] = {}
        for unit in self._units.values():
            self._depths[unit.code] = 0 if unit.parent is None else self._depths[unit.parent] + 1
        self._ends: dict[str, int] = {}
        """For each unit the place after the last one below it."""
        for code in reversed(self.codes):
            below = self._children[code]
            self._ends[code] = self._ends[below[-1]] if below else self._places[code] + 1

    def _preorder(self) -> Iterable[str]:
        waiting = [self.root]
        while waiting:
            code = waiting.pop()
            yield code
            waiting.extend(reversed(self._children[code]))

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def __len__(self) -> int:
        return len(self._units)

    @property
    def units(self) -> tuple[TreeUnit, ...]:
        """Every unit, in order."""
        return tuple(self._units.values())

    def unit(self, code: str) -> TreeUnit:
        """The unit with this code; raises KeyError."""
        return self._units[code]

    def parent(self, code: str) -> str | None:
        """The code of the unit above, None for the root."""
        return self._units[code].parent

    def children(self, code: str) -> tuple[str, ...]:
        """Codes of the units directly below."""
        return self._children[code]

    def depth(self, code: str) -> int:
        """How many units stand above."""
        return self._depths[code]

    def path(self, code: str) -> tuple[str, ...]:
        """Codes from the root to the unit itself."""
        path: list[str] = []
        at: str | None = code
        while at is not None:
            path.append(at)
            at = self.parent(at)
        return tuple(reversed(path))

    def below(self, code: str) -> tuple[str, ...]:
        """The unit itself and every unit below it, in order."""
        return self.codes[self._places[code] : self._ends[code]]

    def totals(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Add the people directly at each unit up the tree: the people in each unit and below it."""
        totals = {code: counts.get(code, 0) for code in self.codes}
        for code in reversed(self.codes):
            parent = self.parent(code)
            if parent is not None:
                totals[parent] += totals[code]
        return totals
