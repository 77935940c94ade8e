"""The tree of units before and after a new roster, as one tree: what is added, gone, renamed or moved. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from survey.services.roster.changes import Changes
from survey.services.roster.standing import Place, Somebody

WHOLE_UP_TO: Final = 2_000
"""Units of a tree that is drawn whole; in a larger one, branches in which nothing happens are only counted."""

Mark = Literal["new", "gone", "renamed", "moved"]


@dataclass(frozen=True)
class Branch:
    """A unit with all below it."""

    unit: Place
    old: Place | None
    """As it stood before; None for a new unit. The same as `unit` where it is gone."""
    marks: tuple[Mark, ...]
    before: int
    """People in it and below it before; 0 for a new unit."""
    after: int
    below: tuple["Branch", ...]
    size: int
    """Units in it, itself too."""
    same: int
    """Units below it that are not drawn, because nothing happens in them."""
    opened: bool
    """Whether a unit below it is added, gone, renamed or moved."""


def tree(found: Changes) -> tuple[Branch, ...]:
    """Return the tree after the change, with the units that are gone where they stood; usually it has one top."""
    units = {**{code: found.before.units[code] for code in found.gone_units}, **found.units}
    below: dict[str | None, list[str]] = {}
    for code in sorted(units):
        parent = units[code].parent_code
        below.setdefault(parent if parent in units else None, []).append(code)
    order = _parents_first(below)
    before = _heads(found.before.units, found.before.here.values())
    after = _heads(found.units, found.people.values())
    pruned = len(units) > WHOLE_UP_TO
    made: dict[str, Branch] = {}
    for code in reversed(order):
        made[code] = _branch(
            units[code], _marks(code, found), (before[code], after[code]), [made[each] for each in below.get(code, ())],
            old=found.before.units.get(code), pruned=pruned,
        )  # fmt: skip
    return tuple(made[code] for code in below.get(None, ()))


def _branch(
    unit: Place,
    marks: tuple[Mark, ...],
    heads: tuple[int, int],
    below: list[Branch],
    *,
    old: Place | None,
    pruned: bool,
) -> Branch:
    happens = [each for each in below if each.marks or each.opened]
    drawn = happens if pruned else below
    size = 1 + sum(each.size for each in below)
    same = size - 1 - sum(each.size for each in drawn)
    return Branch(unit, old, marks, *heads, tuple(drawn), size, same, opened=bool(happens))


def _marks(code: str, found: Changes) -> tuple[Mark, ...]:
    old, new = found.before.units.get(code), found.units.get(code)
    if old is None:
        return ("new",)
    if new is None:
        return ("gone",)
    renamed: tuple[Mark, ...] = ("renamed",) if old.names != new.names else ()
    moved: tuple[Mark, ...] = ("moved",) if old.parent_code != new.parent_code else ()
    return renamed + moved


def _parents_first(below: Mapping[str | None, list[str]]) -> list[str]:
    order, waiting = [], list(below.get(None, ()))
    while waiting:
        code = waiting.pop()
        order.append(code)
        waiting += below.get(code, ())
    return order


def _heads(units: Mapping[str, Place], people: Iterable[Somebody]) -> Counter[str]:
    """Count the people at each unit and below it."""
    heads: Counter[str] = Counter()
    for code, count in Counter(one.unit_code for one in people).items():
        at: str | None = code
        while at is not None and at in units:
            heads[at] += count
            at = units[at].parent_code
    return heads
