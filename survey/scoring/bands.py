"""Units that cannot be told apart, as bands: the sets of units of which no two are told apart."""

from collections.abc import Iterable


def bands(units: int, alike: Iterable[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Return every largest set of units of which no two are told apart, each in the order of the units.

    Two units share a band if and only if they were compared and not told apart; a unit that was told apart from, or not
    compared with, all others is in none. Not being told apart does not carry over: A and B may share a band, and B and
    C, while A and C share none.

    Source: the letters of H.-P. Piepho (2004), An algorithm for a letter-based representation of all-pairwise
    comparisons, Journal of Computational and Graphical Statistics 13, without letters, which would read as grades;
    found as C. Bron and J. Kerbosch (1973), Algorithm 457: finding all cliques of an undirected graph, Communications
    of the ACM 16.

    Assumes: verdicts that were fixed for the whole family of pairs, so that bands of a few units say no more and no
    less than those of all.

    Limits: to share a band is not to be the same; it may be that too few people answered. The number of bands may
    grow fast with the number of units where verdicts are without any order; it is meant for a page of few.

    Args:
        units: How many units there are, numbered from 0.
        alike: The pairs that were compared and not told apart.

    Returns:
        The bands of two units and more, those that begin first before the others.

    >>> bands(4, [(0, 1), (1, 2)])
    ((0, 1), (1, 2))
    >>> bands(3, [(0, 1), (0, 2), (1, 2)])
    ((0, 1, 2),)
    """
    beside: list[set[int]] = [set() for _ in range(units)]
    for one, other in alike:
        beside[one].add(other)
        beside[other].add(one)
    found: list[tuple[int, ...]] = []

    def grow(band: tuple[int, ...], may: set[int], had: set[int]) -> None:
        if not may and not had:
            found.append(tuple(sorted(band)))
            return
        pivot = max(may | had, key=lambda unit: len(beside[unit] & may))
        for unit in sorted(may - beside[pivot]):
            grow((*band, unit), may & beside[unit], had & beside[unit])
            may.remove(unit)
            had.add(unit)

    grow((), set(range(units)), set())
    return tuple(sorted(band for band in found if len(band) > 1))
