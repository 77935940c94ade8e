"""Whose spread may be told: where answers are too alike, the spread would tell single answers.

Twelve people who all answer 4 are named by their own distribution, however many they are. A spread (a distribution, a
standard deviation, an interval that rests on one) is told of a unit only where four of seven values stay possible for
everybody, judged in the *pools* of its answers: the cells (residuals) whose spreads follow from what is told. Where a
unit's spread is not told, its cells fall into the pool of the next unit above, whose spread then covers them as well.

Two ways to see it, both sufficient, neither exact (docs/decisions/0034-answers-too-alike.md):

- a motive's distribution: somebody in a cell may have answered whatever is answered in that cell, and whatever comes
  into it by swapping two or three answers for as many of another cell of the pool with the same sum: the distribution
  of the pool and the sums of all cells stay as they are;
- any spread: with W the sum of squares within the cells of the pool, one of n people can be sqrt(W (n - 1) / n) away
  from the cell's mean, to either side. For three points between the ends of a scale from 1 to 7, that is four values,
  W must be 2.25 n / (n - 1): 2.8 with five people.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.privacy.gate import Partition

SQUARES: Final = 3.0
"""The least sum of squares within a pool, in squared points of a scale from 1 to 7."""
SWAPPED: Final = (2, 3)
"""How many people of a cell swap their answers with as many of another one."""
TRIED: Final = 50
"""How many units are asked, one by one, whether their silence is enough."""
VALUES: Final = 4
"""How many answers must stay possible for everybody."""


def telling_units(
    cut: Partition, detailed: Collection[str], people: Sequence[int], tells: Callable[[list[int]], bool]
) -> frozenset[str]:
    """Return the units among `detailed` whose spread may be told.

    A larger unit goes before the smaller ones in it: where what is left of it would be told too much of, units in it
    keep their spread to themselves, one whose silence is enough, else the smallest, until it is not.

    Args:
        cut: the published partition
        detailed: the units of tier two
        people: by cell, how many
        tells: whether the spread of a pool, given as cells with people, leaves everybody's answer open
    """
    pools = _Pools(cut, people, tells)
    for place, code in reversed(tuple(enumerate(cut.shown))):
        pools.visit(place, asked=code in detailed)
    return frozenset(cut.shown[place] for place in pools.told)


class _Pools:
    """The pools found so far, from the leaves up."""

    def __init__(self, cut: Partition, people: Sequence[int], tells: Callable[[list[int]], bool]) -> None:
        self.above, self.people, self.tells = cut.above, people, tells
        self.told: dict[int, list[int]] = {}
        """By unit that tells its spread: the cells of its pool."""
        self.inside: dict[int, list[int]] = {place: [] for place in range(len(cut.shown))}
        """By unit: the nearest units below it that tell theirs."""
        self.waiting = {place: [place] if people[place] else [] for place in range(len(cut.shown))}
        """By unit: its own cell, and those below it that are in no pool yet."""
        self.size = {place: people[place] for place in range(len(cut.shown))}

    def visit(self, place: int, *, asked: bool) -> None:
        """Let a unit tell its spread if it can, where it is `asked`; hand what is left to the unit above."""
        above = self.above[place]
        if asked and self._make_room(place):
            self.told[place] = self.waiting.pop(place)
            left, inside = list[int](), [place]
        else:
            left, inside = self.waiting.pop(place), self.inside[place]
        if above >= 0:
            self.waiting[above] += left
            self.inside[above] += inside
            self.size[above] += self.size[place]

    def _make_room(self, place: int) -> bool:
        """Let units inside fall silent, one that helps or the smallest, until everybody in the pool is open."""
        pool, inside, silent = list(self.waiting[place]), list(self.inside[place]), list[int]()
        while pool and not self.tells(pool):
            if not inside:
                return False
            inside.sort(key=lambda other: (self.size[other], other))
            helps = (other for other in inside[:TRIED] if self.told[other] and self.tells([*pool, *self.told[other]]))
            quiet = next(helps, inside[0])
            inside.remove(quiet)
            inside += self.inside[quiet]
            pool += self.told[quiet]
            silent.append(quiet)
        for unit in silent:
            del self.told[unit]
        self.waiting[place], self.inside[place] = sorted(pool), inside
        return True


class Values:
    """Which answers to a motive stay possible for the people of each cell, once the distribution of a pool is told."""

    def __init__(self, counts: NDArray[np.int64]) -> None:
        """Take `counts` of shape (cells, answers): people by cell and answer, from the lowest to the highest."""
        n_values = counts.shape[1]
        self.given = counts > 0
        self.least = min(VALUES, n_values)
        self.swaps = [_Swaps(counts, people, n_values) for people in SWAPPED]

    def open(self, pool: list[int]) -> bool:
        """Tell whether at least four answers stay possible for everybody in the cells of a pool."""
        possible: NDArray[np.bool_] = np.take(self.given, pool, axis=0)
        for swaps in self.swaps:
            possible = possible | swaps.coming(pool)
        return bool((possible.sum(axis=1) >= self.least).all())


class _Swaps:
    """Swaps of the answers of so many people of a cell with as many of another cell, to the same sum."""

    def __init__(self, counts: NDArray[np.int64], people: int, n_values: int) -> None:
        chosen = combinations_with_replacement(range(n_values), people)
        groups = np.stack([np.bincount(group, minlength=n_values) for group in chosen])
        self.there = np.stack([(counts >= group).all(axis=1) for group in groups], axis=1).astype(np.float32)
        """Shape (cells, groups): whether people of the cell gave the answers of a group."""
        sums = groups @ np.arange(n_values)
        self.of_sum = (sums[:, np.newaxis] == np.arange(sums.max() + 1)).astype(np.float32)
        """Shape (groups, sums)."""
        self.brings = self.of_sum[:, :, np.newaxis] * (groups > 0)[:, np.newaxis, :]
        """Shape (groups, sums, answers): what a group brings into a cell that gives a group of the same sum for it."""

    def coming(self, pool: list[int]) -> NDArray[np.bool_]:
        """Shape (cells of the pool, answers): what may come into a cell from another one."""
        there: NDArray[np.float32] = np.take(self.there, pool, axis=0)
        elsewhere = (there.sum(axis=0) > there).astype(np.float32)
        brought: NDArray[np.bool_] = np.asarray(np.tensordot(elsewhere, self.brings, 1) > 0)
        met: NDArray[np.bool_] = np.asarray(there @ self.of_sum > 0)
        coming: NDArray[np.bool_] = np.any(brought & met[:, :, np.newaxis], axis=1)
        return coming
