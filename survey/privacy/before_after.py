"""Practices and what came after them, from publications alone: nothing here that was not published, and no answers.

A unit counts between the last wave before it took a practice up and the first one after; the wave before these tells
whether it had moved apart already. It must be shown in all three. Units without units below them only, so that nobody
is in two of them. No unit's own change is told: differences are means over five units, and ten others, at least. The
family of practices whose p values are adjusted together is that of the newest publication.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from survey.instruments.practices import Practice, library
from survey.instruments.versions import same_index
from survey.privacy.briefly import Brief, brief
from survey.privacy.figures import DIFFERENCE, POINTS, Figure, Style, figure
from survey.privacy.lately import Lately
from survey.privacy.thaw import Publication
from survey.scoring.before_after import Difference, Start, Verdict, difference_in_differences, match, missing, verdict
from survey.scoring.estimable import NotEstimable
from survey.scoring.family import adjust


@dataclass(frozen=True)
class After:
    """What is known of a practice so far."""

    practice: str
    verdict: Verdict
    missing: Mapping[str, tuple[int, int]]
    """What is missing before a word may be said: how many there are, and must be."""
    took_up: int
    """Units that took it up between two waves in which they were shown, and shown in the wave before these."""
    matched: int
    """Of these, units for which others were found that had started alike."""
    others: int
    index: Figure | None
    """By how much more the index changed than that of the others; None where too little is there."""
    earlier: Figure | None
    """The same between the two waves before it began."""
    starts: tuple[Figure, Figure] | None
    """Where both started, on average: units that took it up, and the others."""
    motives: Mapping[str, Figure] = field(default_factory=dict)
    """The same difference of the motives that the practice speaks to; no word is said of them."""


@dataclass(frozen=True)
class _Unit:
    """A unit between two waves, and in the one before these."""

    start: Start
    waves: tuple[Brief, Brief, Brief]
    """The wave before these, and the two."""

    def value(self, wave: int, scale: str = "") -> float:
        """Return what it showed in one of them."""
        return self.waves[wave].value(self.start.code, scale)


@dataclass
class _Found:
    """The units of a practice."""

    adopting: list[_Unit] = field(default_factory=list)
    others: list[_Unit] = field(default_factory=list)
    waves_before: int = 0


def lineage(publications: Sequence[Publication]) -> tuple[Publication, ...]:
    """Return the newest publication of answers given here, and those that it follows, the earliest first.

    It goes back as far as the same index was asked for in the same way.
    """
    known = {each.digest: each for each in publications if each.wave.kind == "native"}
    found: list[Publication] = []
    ahead = next((each for each in reversed(publications) if each.digest in known), None)
    while ahead is not None and (not found or same_index(ahead.instrument, found[0].instrument)):
        found.insert(0, ahead)
        ahead = known.get(ahead.previous_digest)
    return tuple(found)


_told: Final = Lately[tuple[str, ...], tuple[After, ...]](8)
"""By the digests of the publications: of the same ones the same is known."""


def afterwards(publications: Sequence[Publication]) -> tuple[After, ...]:
    """Return what is known of every practice that was asked about or taken up, in the register's order."""
    waves = lineage(publications)
    digests = tuple(wave.digest for wave in waves)
    found = _told.get(digests)
    if found is None:
        found = _afterwards(waves) if waves else ()
        _told.put(digests, found)
    return found


def _afterwards(waves: Sequence[Publication]) -> tuple[After, ...]:
    briefs = [brief(wave) for wave in waves]
    since = _since(briefs)
    family = {*waves[-1].wave.practices, *(practice for taken in since.values() for practice in taken)}
    known = {one.id: one for one in (*library(), *(one for wave in waves for one in wave.practices))}
    order = [one for one in known if one in family]
    pairs = _pairs(waves, briefs)
    found = {practice: _units(pairs, since, practice) for practice in order}
    sets = {practice: _sets(found[practice]) for practice in order}
    differences = {practice: _difference(sets[practice], _index_change) for practice in order}
    lacking = {
        practice: missing(len(sets[practice]), sum(len(others) for _, others in sets[practice]), each.waves_before)
        for practice, each in found.items()
    }
    p = [1.0 if lacking[each] or isinstance(made := differences[each], NotEstimable) else made.p for each in order]
    adjusted = dict(zip(order, adjust(p), strict=True))
    return tuple(
        _after(known[practice], found[practice], sets[practice], lacking[practice], adjusted[practice])
        for practice in order
    )


Sets = list[tuple[_Unit, list[_Unit]]]


def _after(
    practice: Practice, found: _Found, sets: Sets, lacking: Mapping[str, tuple[int, int]], p_adjusted: float
) -> After:
    index, earlier = _difference(sets, _index_change), _difference(sets, _earlier_change)
    enough = not lacking
    return After(
        practice.id,
        verdict(index, p_adjusted, earlier, enough=enough),
        lacking,
        len(found.adopting),
        len(sets),
        sum(len(others) for _, others in sets),
        _figure(index, POINTS) if enough else None,
        _figure(earlier, POINTS) if enough else None,
        _starts(sets) if enough else None,
        _motives(sets, practice.motives) if enough else {},
    )


def _since(waves: Sequence[Brief]) -> dict[str, dict[str, str]]:
    """Return by unit and practice the day since when, as the newest publication that knows the unit says."""
    found: dict[str, dict[str, str]] = {}
    for wave in reversed(waves):
        for code, adopted in wave.adopted.items():
            taken = found.setdefault(code, {})
            for practice, day in adopted.items():
                taken.setdefault(practice, day)
    return found


@dataclass(frozen=True)
class _Pair:
    """Two waves that follow each other."""

    number: int
    """Waves up to the first of the two."""
    closed: str
    opened: str
    after_closed: str
    waves: tuple[Brief, Brief, Brief] | None
    """The wave before the two, and the two; None where nothing was before."""
    units: tuple[str, ...]
    """Those without units below them, in both."""

    def traced(self, code: str) -> _Unit | None:
        """Return a unit where it was shown in the two and in the wave before them."""
        if self.waves is None or any(code not in wave.rows for wave in self.waves):
            return None
        _, before, after = self.waves
        start = Start(code, before.value(code), f"{self.number - 1} {after.ends[code]}")
        return _Unit(start, self.waves)

    def starts(self, day: str) -> bool:
        """Return whether what began on this day began between the two."""
        return bool(day) and self.closed < day <= self.opened


def _pairs(waves: Sequence[Publication], briefs: Sequence[Brief]) -> list[_Pair]:
    found = list[_Pair]()
    for place, ((before, first), (after, second)) in enumerate(pairwise(zip(waves, briefs, strict=True))):
        units = tuple(code for code in second.ends if code in first.ends)
        three = (briefs[place - 1], first, second) if place else None
        days = (before.wave.closed_on, after.wave.opened_on, after.wave.closed_on)
        found.append(_Pair(place + 1, *days, three, units))
    return found


def _units(pairs: Sequence[_Pair], since: Mapping[str, Mapping[str, str]], practice: str) -> _Found:
    """Sort the units between each two waves: those that took the practice up then, and those that had not after.

    The others of two waves count beside units that took it up between the same two, so elsewhere nobody is looked for.
    """
    found = _Found()
    days = {code: taken[practice] for code, taken in since.items() if practice in taken}
    for pair in pairs:
        starting = [code for code in pair.units if pair.starts(days.get(code, ""))]
        if not starting:
            continue
        found.waves_before = max(found.waves_before, pair.number)
        found.adopting += [unit for code in starting if (unit := pair.traced(code)) is not None]
        later = (code for code in pair.units if code not in days or days[code] > pair.after_closed)
        found.others += [unit for code in later if (unit := pair.traced(code)) is not None]
    if not found.waves_before:
        found.waves_before = len(pairs) + 1
    return found


def _sets(found: _Found) -> Sets:
    """Match both sides; a unit that takes the practice up later is nobody's comparison."""
    taking = {one.start.code for one in found.adopting}
    strata = {one.start.stratum for one in found.adopting}
    others = [one for one in found.others if one.start.stratum in strata and one.start.code not in taking]
    matched = match([one.start for one in found.adopting], [one.start for one in others])
    return [(found.adopting[own], [others[each] for each in places]) for own, places in matched.items()]


def _difference(sets: Sets, change: "_Change") -> Difference | NotEstimable:
    return difference_in_differences([(change(own), [change(each) for each in others]) for own, others in sets])


class _Change:
    """A change of a unit between two waves."""

    def __init__(self, scale: str = "", *, earlier: bool = False) -> None:
        self.scale, self.earlier = scale, earlier

    def __call__(self, unit: _Unit) -> float:
        """Return after minus before; between the two waves before, where `earlier`."""
        then, now = (unit.value(wave, self.scale) for wave in ((0, 1) if self.earlier else (1, 2)))
        return now - then


_index_change = _Change()
_earlier_change = _Change(earlier=True)


def _figure(found: Difference | NotEstimable, style: Style) -> Figure | None:
    return None if isinstance(found, NotEstimable) else figure(found.value, style, found.interval)


def _starts(sets: Sets) -> tuple[Figure, Figure]:
    own = [one.value(1) for one, _ in sets]
    others = [one.value(1) for _, matched in sets for one in matched]
    return figure(sum(own) / len(own), POINTS), figure(sum(others) / len(others), POINTS)


def _motives(sets: Sets, motives: Sequence[str]) -> dict[str, Figure]:
    made = {motive: _figure(_difference(sets, _Change(motive)), DIFFERENCE) for motive in motives}
    return {motive: found for motive, found in made.items() if found is not None}
