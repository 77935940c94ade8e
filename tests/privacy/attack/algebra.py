"""Linear algebra in whole numbers, written for the attack alone: it shares nothing with the product's audit."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd

Matrix = list[list[int]]


def rank(rows: Sequence[Sequence[int]]) -> int:
    """Return the rank, by elimination without fractions; each row is divided by what its entries share."""
    left = [list(row) for row in rows if any(row)]
    found = 0
    while left:
        pivot = left.pop()
        column = next(place for place, entry in enumerate(pivot) if entry)
        found += 1
        kept: Matrix = []
        for row in left:
            if row[column]:
                kept.append(_shorter([pivot[column] * a - row[column] * b for a, b in zip(row, pivot, strict=True)]))
            else:
                kept.append(row)
        left = [row for row in kept if any(row)]
    return found


def _shorter(row: list[int]) -> list[int]:
    shared = gcd(*row)
    return [entry // shared for entry in row] if shared > 1 else row


def combinations(rows: Sequence[Sequence[int]]) -> dict[int, list[Fraction]]:
    """Return for each column that is determined alone how the rows must be weighted to give it."""
    height, width = len(rows), len(rows[0]) if rows else 0
    table = [
        [Fraction(entry) for entry in row] + [Fraction(int(place == other)) for other in range(height)]
        for place, row in enumerate(rows)
    ]
    top = 0
    for column in range(width):
        chosen = next((place for place in range(top, height) if table[place][column]), None)
        if chosen is None:
            continue
        table[top], table[chosen] = table[chosen], table[top]
        lead = table[top][column]
        table[top] = [entry / lead if entry else entry for entry in table[top]]
        for place in range(height):
            factor = table[place][column]
            if place != top and factor:
                table[place] = [
                    entry - factor * other if other else entry
                    for entry, other in zip(table[place], table[top], strict=True)
                ]
        top += 1
    alone = {}
    for row in table[:top]:
        there = [column for column in range(width) if row[column]]
        if len(there) == 1:
            alone[there[0]] = row[width:]
    return alone


def given_away(rows: Sequence[Sequence[int]], people: Sequence[int], limit: int) -> list[frozenset[int]]:
    """Return the smallest sets of columns, together below `limit` people, on which some weighted sum is determined.

    Any weights, not sums alone: twice one group plus another is an answer too. A set gives something away if and only
    if the rank falls when its columns are struck out.
    """
    small = [column for column, count in enumerate(people) if count < limit]
    if not small:
        return []
    whole, found = rank(rows), list[frozenset[int]]()
    for chosen in sorted(_sets(small, people, limit), key=len):
        if any(each <= chosen for each in found):
            continue
        if rank([[entry for place, entry in enumerate(row) if place not in chosen] for row in rows]) < whole:
            found.append(chosen)
    return found


def _sets(small: Sequence[int], people: Sequence[int], limit: int) -> Iterator[frozenset[int]]:
    waiting: list[tuple[int, tuple[int, ...], int]] = [(0, (), 0)]
    while waiting:
        first, chosen, count = waiting.pop()
        for place in range(first, len(small)):
            more = count + people[small[place]]
            if more < limit:
                longer = (*chosen, small[place])
                yield frozenset(longer)
                waiting.append((place + 1, longer, more))
