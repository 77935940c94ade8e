"""Strict waves (design 6.2, rule 9): where one or two people moved, a small group is told only together with others.

Whoever sees two waves of a group of eight into which one person came may guess what that person answered. In a strict
wave no cell of what is shown, neither a unit without shown units below it nor what such units leave of one, may hold
fewer than ten people of whom one or two moved since the publication that changes are counted from.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from survey.privacy.protection import protect_tree
from survey.privacy.released import Reason
from survey.privacy.tree import Tree

FEW_PEOPLE: Final = 10
FEW_MOVED: Final = 2


@dataclass(frozen=True)
class Move:
    """A person who came, left, or works elsewhere now: the units from the company down to her own, in both waves."""

    then: tuple[str, ...]
    """Empty for whoever was not there."""
    now: tuple[str, ...]


def protect_strictly(
    tree: Tree,
    counts: Mapping[str, int],
    k: int,
    moves: Sequence[Move],
    allowed: Collection[str] | None = None,
    renamed: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, Reason | None]:
    """Protect a tree as `protect_tree` does, and show no cell of few people of whom one or two moved.

    Such a unit is not shown, and its people are told with the rest of the unit above. Where it is a rest that is too
    small, the smallest shown unit beside it joins it. `renamed` has, by unit, who is in it or was in the unit that most
    of its people came from, but not in both: under another code a team is the same eight people and one.
    """
    people = tree.totals(counts)
    may = set(tree.codes if allowed is None else allowed)
    crossed = Counter(code for move in moves for code in set(move.then) ^ set(move.now))
    may -= {code for code in may if people[code] < FEW_PEOPLE and (_few(crossed[code]) or _few(renamed.get(code, 0)))}
    while True:
        if allowed is None and tree.root not in may:
            may = set()  # without the company there is nothing to read a unit against
        hidden = protect_tree(tree, counts, k, may)
        apart = _told_apart(tree, people, [code for code in tree.codes if hidden[code] is None], moves)
        if apart is None:
            return hidden
        may.remove(apart)


def _few(moved: int) -> bool:
    return 1 <= moved <= FEW_MOVED


def _moved(moves: Sequence[Move], shown: Collection[str]) -> dict[str, int]:
    """Count who came into or left each cell: the people whose nearest shown unit it is."""
    found: dict[str, int] = {}
    for move in moves:
        then, now = _nearest(move.then, shown), _nearest(move.now, shown)
        for code in {then, now} - {""} if then != now else ():
            found[code] = found.get(code, 0) + 1
    return found


def _nearest(path: tuple[str, ...], shown: Collection[str]) -> str:
    return next((code for code in reversed(path) if code in shown), "")


def _told_apart(tree: Tree, people: Mapping[str, int], shown: Sequence[str], moves: Sequence[Move]) -> str | None:
    """Return the unit that must not be shown so that a cell of few people with a few who moved becomes larger."""
    above = {code: _nearest(tree.path(code)[:-1], set(shown)) for code in shown}
    for code, moved in sorted(_moved(moves, set(shown)).items()):
        below = [other for other in shown if above[other] == code]
        if _few(moved) and 0 < people[code] - sum(people[other] for other in below) < FEW_PEOPLE:
            return min(below, key=lambda other: (people[other], other), default=code)
    return None
