"""The first attack: a total, or any weighted sum, over fewer than k people, by adding and subtracting."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Final

from tests.privacy.attack.algebra import given_away
from tests.privacy.attack.examiner import People, classes
from tests.privacy.attack.leaks import Leak

COLLUDERS: Final = 2


def attack(groups: Mapping[str, Iterable[People]], limits: Mapping[str, int]) -> list[Leak]:
    """Attack each quantity of one wave: `groups` are the people behind each of its sums, `limits` what is promised.

    With colluders the promise is smaller by their number: they take their own answers away from any group.
    """
    solved: dict[tuple[frozenset[People], int], list[tuple[int, int]]] = {}
    leaks = []
    for quantity, told in groups.items():
        key = (frozenset(told) - {0}, limits[quantity])
        if key not in solved:
            solved[key] = _smallest(sorted(key[0]), key[1])
        leaks += [Leak("group", quantity, people, colluders) for people, colluders in solved[key]]
    return leaks


def _smallest(told: Sequence[People], limit: int) -> list[tuple[int, int]]:
    """Return (people, colluders) of what is given away, without colluders and with one or two."""
    parts = classes(told)
    rows = [[int(bool(part & group)) for part in parts] for group in told]
    sizes = [part.bit_count() for part in parts]
    found = []
    for count in range(COLLUDERS + 1):
        for chosen in combinations_with_replacement(range(len(parts)), count):
            left = [size - chosen.count(place) for place, size in enumerate(sizes)]
            if min(left, default=0) < 0 or not any(0 < size < limit - count for size in left):
                continue
            kept = [place for place, size in enumerate(left) if size]
            over = [[row[place] for place in kept] for row in rows]
            people = [left[place] for place in kept]
            found += [(sum(people[i] for i in group), count) for group in given_away(over, people, limit - count)]
        if found:
            break
    return found
