"""The second attack: how far does all that is told of a group narrow the answer of a single person in it?

Of seven possible answers four must remain. What "or more" says is taken from the product's own rule, which anybody can
read: the sums that lead to the same published sum and the same flag.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final

import numpy as np
from scipy.optimize import linprog

from survey.instruments.load import builtin
from survey.privacy.extremes import MARGIN, bound_extremes
from tests.privacy.attack.algebra import combinations
from tests.privacy.attack.examiner import People, classes
from tests.privacy.attack.leaks import Leak

REMAIN: Final = 4
CLOSE: Final = 1e-6
LOW: Final = 1
HIGH: Final = 7
"""All items of the default instrument."""


@dataclass(frozen=True)
class Told:
    """A sum over people with its flag."""

    people: People
    n: int
    total: Fraction
    bound: str = ""


@dataclass(frozen=True)
class Group:
    """People whom nothing told tells apart, their sum, and what may be said of its bound."""

    people: People
    n: int
    total: int
    bound: str


def narrowed(
    what: str, sums: Sequence[Told], counts: Sequence[Mapping[int, Told]], squares: Sequence[Told]
) -> list[Leak]:
    """Return the groups of one item in which single answers are narrowed too far.

    `sums` are told of it, `counts` the people by answer (tier two), `squares` the sums of squares behind spreads.
    """
    groups, leaks = _solved(sums), list[Leak]()
    boxes = _boxes(counts)
    wide = _solved(squares)
    for group in groups:
        from_sums = set().union(*(_from_sum(group.n, total) for total in _true_sums(group)))
        possible = set(from_sums)
        for people, histogram in boxes:
            if group.people & ~people == 0:
                possible &= _from_counts(group, histogram, alone=group.people == people)
        for spread in wide:
            if group.people & ~spread.people == 0:
                inside = [other for other in groups if other.people & ~spread.people == 0 and other is not group]
                possible &= _from_squares(
                    group, spread.total - sum((Fraction(g.total**2, g.n) for g in inside), Fraction(0))
                )
        if len(from_sums) < REMAIN:
            leaks.append(Leak("value", what, len(from_sums)))
        elif len(possible) < REMAIN:
            leaks.append(Leak("detail", what, len(possible)))
    return leaks + _squeezed(what, sums, groups)


def _squeezed(what: str, sums: Sequence[Told], known: Sequence[Group]) -> list[Leak]:
    """Attack the groups whose sums do not follow: crossing sums still squeeze them between two ends."""
    parts = classes(each.people for each in sums)
    if len(parts) == len(known):
        return []
    sizes = [part.bit_count() for part in parts]
    rows = [[int(bool(part & each.people)) for part in parts] for each in sums]
    leaks = []
    for place, size in enumerate(sizes):
        goal = [int(place == other) for other in range(len(parts))]
        least, most = (_end([sign * each for each in goal], rows, sums, sizes) * sign for sign in (1, -1))
        low, high = max(LOW, least - HIGH * (size - 1)), min(HIGH, most - LOW * (size - 1))
        if math.floor(high + CLOSE) - math.ceil(low - CLOSE) + 1 < REMAIN:
            leaks.append(Leak("value", what, math.floor(high + CLOSE) - math.ceil(low - CLOSE) + 1))
    return leaks


def _end(goal: list[int], rows: list[list[int]], sums: Sequence[Told], sizes: Sequence[int]) -> float:
    totals = [float(each.total) for each in sums]
    found = linprog(goal, A_eq=rows, b_eq=totals, bounds=[(LOW * size, HIGH * size) for size in sizes])
    assert found.fun is not None, found.message
    return float(found.fun)


def _solved(told: Sequence[Told]) -> list[Group]:
    """Return the finest groups whose sums follow."""
    if not told:
        return []
    parts = classes(each.people for each in told)
    rows = [[int(bool(part & each.people)) for part in parts] for each in told]
    flags = {each.people: each.bound for each in told}
    found = []
    for column, weights in combinations(rows).items():
        n = sum((w * each.n for w, each in zip(weights, told, strict=True)), Fraction(0))
        total = sum((w * each.total for w, each in zip(weights, told, strict=True)), Fraction(0))
        found.append(Group(parts[column], round(n), round(total), flags.get(parts[column], "")))
    return found


@cache
def rule(n: int, total: int) -> tuple[int, int]:
    """Return the sum and the flag that the product's rule makes of a sum of `n` answers."""
    low, extra = divmod(total - n * LOW, n)
    answers = np.array([[LOW + low + (place < extra)] for place in range(n)], dtype=np.uint8)
    item = builtin("total-motivation").items[0]
    flag = bound_extremes(answers, [item], np.zeros(n, dtype=np.int64), 1)
    return int(answers.sum()), int(flag[0, 0])


def _true_sums(group: Group) -> list[int]:
    """Return which sums the answers may truly have; a sum that no rule makes stands for itself."""
    flag = {"or more": 1, "or less": -1}.get(group.bound, 0)
    around = range(max(group.total - MARGIN, group.n * LOW), min(group.total + MARGIN, group.n * HIGH) + 1)
    return [total for total in around if rule(group.n, total) == (group.total, flag)] or [group.total]


def _from_sum(n: int, total: int) -> set[int]:
    others = n - 1
    return {v for v in range(LOW, HIGH + 1) if others * LOW <= total - v <= others * HIGH}


def _boxes(counts: Sequence[Mapping[int, Told]]) -> list[tuple[People, list[int]]]:
    """Return the finest groups of which the people by answer follow."""
    found: dict[People, dict[int, int]] = {}
    for value in range(LOW, HIGH + 1):
        for group in _solved([each[value] for each in counts]):
            found.setdefault(group.people, {})[value] = group.total
    return [(people, [by.get(v, 0) for v in range(LOW, HIGH + 1)]) for people, by in found.items()]


def _from_counts(group: Group, histogram: Sequence[int], *, alone: bool) -> set[int]:
    """Return the answers that somebody of the group may have given, where those of a group around it are counted."""
    there = {LOW + place for place, count in enumerate(histogram) if count > 0}
    if not alone:
        there = {v for v in there if _can_be_chosen(group.n - 1, group.total - v, _without(histogram, v))}
    if not group.bound:
        return there
    step = 1 if group.bound == "or more" else -1
    return there | {
        v + step * moved for v in there for moved in range(1, MARGIN + 1) if LOW <= v + step * moved <= HIGH
    }


def _without(histogram: Sequence[int], value: int) -> tuple[int, ...]:
    return tuple(count - (place == value - LOW) for place, count in enumerate(histogram))


@cache
def _can_be_chosen(people: int, total: int, histogram: tuple[int, ...]) -> bool:
    """Whether so many of the counted answers can have this sum; sums reached are the bits of a number."""
    reached = [1] + [0] * people
    for place, count in enumerate(histogram):
        value = LOW + place
        for _ in range(min(count, people)):
            for size in range(people, 0, -1):
                reached[size] |= reached[size - 1] << value
    return total >= 0 and bool(reached[people] >> total & 1)


def _from_squares(group: Group, most: Fraction) -> set[int]:
    """Return the answers with which the group's squares can stay below `most`: the others are alike at the least."""
    others = group.n - 1
    reach = {v: v * v + Fraction((group.total - v) ** 2, others) for v in range(LOW, HIGH + 1)} if others else {}
    return {value for value, least in reach.items() if least <= most}
