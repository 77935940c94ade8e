"""The waves so far: how far back a unit's index may be drawn beside today's.

A line over waves is a chain of changes, so it goes back exactly as far as the publications show each change
(design 6.2, rules 5 and 9): never to a wave before which one or two people moved, never below the second threshold.
"""

from collections.abc import Sequence
from typing import Final

from survey.charts.trend import Point
from survey.privacy.figures import Figure
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

WAVES: Final = 5
"""Waves that fit the chart with their codes below them."""
HALF: Final = 50
"""Per cent of a unit's people who must have been there in the wave before, for a line to lead from there to here."""


def chain(publication: Publication, others: Sequence[Publication]) -> tuple[Publication, ...]:
    """Return the publications before this one, the earliest first, as the digests inside them link them."""
    known = {other.digest: other for other in others}
    found: list[Publication] = []
    digest = publication.previous_digest
    while digest in known and len(found) < WAVES - 1:
        found.insert(0, known[digest])
        digest = known[digest].previous_digest
    return tuple(found)


def trail(publication: Publication, earlier: Sequence[Publication], code: str) -> tuple[Publication, ...]:
    """Return the waves over which the unit's changes are shown, the earliest first; () where there is no change."""
    waves = [publication]
    for before in reversed(earlier):
        if not _shows_change(waves[0], before, code):
            break
        waves.insert(0, before)
    return tuple(waves) if len(waves) > 1 else ()


def points(waves: Sequence[Publication], code: str) -> tuple[Point, ...]:
    """Return what each wave shows of a unit, and of the company beside it.

    A line joins the waves, but for where the unit was largely another one in the wave before.
    """
    root = bool(waves) and waves[-1].root.code == code
    return tuple(
        Point(
            wave.wave.code,
            index(wave, code),
            None if root else index(wave, wave.root.code),
            joined=place > 0 and not broken(wave.unit(code)),
            broken=place > 0 and broken(wave.unit(code)),
        )
        for place, wave in enumerate(waves)
    )


def broken(unit: PublishedUnit) -> bool:
    """Return whether a unit was largely another one in the wave before: fewer than half of its people were there."""
    return unit.origin is not None and unit.origin.stayed < HALF


def index(wave: Publication, code: str) -> Figure | None:
    """Return a unit's index in a wave; None where it is not shown."""
    figures = wave.unit(code).figures
    return None if isinstance(figures, Suppressed) else figures.value.index


def _shows_change(wave: Publication, before: Publication, code: str) -> bool:
    if code not in wave or code not in before or isinstance(before.unit(code).figures, Suppressed):
        return False
    detail = wave.unit(code).detail
    change = None if isinstance(detail, Suppressed) else detail.value.change
    return change is not None and change.since == before.wave.code
