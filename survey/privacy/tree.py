"""The tree of units as a wave froze it: one root, no circles, parents before children, siblings by code."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import sub

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
        if len(roots) != 1:
            raise Refused(
                "Exactly one unit must stand at the top, without a parent; here there are %(count)s: %(units)s.",
                count=len(roots),
                units=", ".join(roots),
            )
        self.root = roots[0]
        self.codes = tuple(_preorder(self.root, children))
        self._places = {code: place for place, code in enumerate(self.codes)}
        if len(self.codes) != len(given):
            lost = sorted(by_code.keys() - self._places.keys())
            raise Refused("These units lie in a circle under each other: %(units)s.", units=", ".join(lost))
        self.units = tuple(by_code[code] for code in self.codes)
        """Every unit, in order."""
        above = [-1 if unit.parent is None else self._places[unit.parent] for unit in self.units]
        self.ends = _ends(above)
        """By place in the order: the place after the last unit below. All that lies between is below."""

    def __contains__(self, code: object) -> bool:
        return code in self._places

    def __len__(self) -> int:
        return len(self.codes)

    def unit(self, code: str) -> TreeUnit:
        """The unit with this code; raises KeyError."""
        return self.units[self._places[code]]

    def parent(self, code: str) -> str | None:
        """The code of the unit above, None for the root."""
        return self.unit(code).parent

    def children(self, code: str) -> tuple[str, ...]:
        """Codes of the units directly below."""
        return tuple(self.codes[place] for place in self.places_under(self._places[code]))

    def places_under(self, place: int) -> list[int]:
        """The places of the units directly below: the first stands next to its parent, each other where one ends."""
        places: list[int] = []
        child, end = place + 1, self.ends[place]
        while child < end:
            places.append(child)
            child = self.ends[child]
        return places

    def depth(self, code: str) -> int:
        """How many units stand above."""
        return len(self.path(code)) - 1

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
        place = self._places[code]
        return self.codes[place : self.ends[place]]

    def sums(self, counts: Iterable[int]) -> list[int]:
        """By place: the people in each unit and below it, from those directly at each unit."""
        before = list(accumulate(counts, initial=0))
        return list(map(sub, map(before.__getitem__, self.ends), before))

    def totals(self, counts: Mapping[str, int]) -> dict[str, int]:
        """The same by code."""
        return dict(zip(self.codes, self.sums(counts.get(code, 0) for code in self.codes), strict=True))


def _preorder(root: str, children: Mapping[str, Sequence[str]]) -> Iterator[str]:
    waiting = [root]
    while waiting:
        code = waiting.pop()
        yield code
        waiting.extend(reversed(children[code]))


def _ends(above: Sequence[int]) -> tuple[int, ...]:
    """By place the place after the last one below it, from the places of parents, which stand before their children."""
    ends = list(range(1, len(above) + 1))
    for place in range(len(above) - 1, 0, -1):
        ends[above[place]] = max(ends[above[place]], ends[place])
    return tuple(ends)
