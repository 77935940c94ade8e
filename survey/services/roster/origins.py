"""Where the people of each unit worked in an earlier wave: shares of today's roster, never of answers. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from survey.privacy.record import Origin
from survey.services.roster.moves import Roster


@dataclass(frozen=True)
class Came:
    """Where a unit's people came from."""

    origin: Origin
    crossed: int
    """People who are in the unit now or were in `origin.unit` then, but not both; 0 where there is no such unit."""


def origins(now: Roster, then: Roster) -> dict[str, Came]:
    """Return for each unit with people where they worked then.

    The unit that most of them came from is one that held more than half of them: the unit of the same code where that
    did; else the one that is most like it, with the largest share, among all who are in either, of those who are in
    both. A unit with units below it is one only where at least half of its own people came along, and the whole
    company only for the whole company: a department is not the past of a team whose people were spread all over it.
    """
    sizes = [_sizes(each) for each in (now, then)]
    shared = _shared(now, then)
    inner = {path[-2] for path in then.paths.values() if len(path) > 1}
    return {
        code: _came(code, people, shared.get(code, Counter()), _Then(then.paths, sizes[1], inner), top=len(path) == 1)
        for code, path in now.paths.items()
        if (people := sizes[0][code])
    }


@dataclass(frozen=True)
class _Then:
    paths: Mapping[str, tuple[str, ...]]
    sizes: Mapping[str, int]
    inner: set[str]


def _sizes(roster: Roster) -> Counter[str]:
    return _rolled(Counter(roster.places.values()), roster.paths)


def _rolled(people: Mapping[str, int], paths: Mapping[str, tuple[str, ...]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for place, count in people.items():
        for code in paths.get(place, ()):
            found[code] += count
    return found


def _shared(now: Roster, then: Roster) -> dict[str, Counter[str]]:
    """Count for each unit of today how many of its people were in each unit of then."""
    both: dict[str, Counter[str]] = {}
    for person, place in now.places.items():
        both.setdefault(place, Counter())[then.places.get(person, "")] += 1
    found: dict[str, Counter[str]] = {}
    for place, people in both.items():
        came = _rolled(people, then.paths)
        for code in now.paths[place]:
            found.setdefault(code, Counter()).update(came)
    return found


def _came(code: str, people: int, came: Counter[str], then: _Then, *, top: bool) -> Came:
    stayed = came[code] * 100 // people

    def likeness(unit: str) -> tuple[bool, float, int]:
        return unit == code, came[unit] / (people + then.sizes[unit] - came[unit]), len(then.paths[unit])

    most = (each for each in came if 2 * came[each] > people and (each == code or _came_along(each, came, then, top)))
    unit = max(most, key=likeness, default="")
    if not unit:
        return Came(Origin(stayed, "", 0), 0)
    return Came(
        Origin(stayed, unit, came[unit] * 100 // people),
        people + then.sizes[unit] - 2 * came[unit],
    )


def _came_along(unit: str, came: Counter[str], then: _Then, top: bool) -> bool:  # noqa: FBT001 - passed on
    if len(then.paths[unit]) == 1:
        return top
    return unit not in then.inner or 2 * came[unit] >= then.sizes[unit]
