"""Tier two: what a unit of detail_k people and more shows besides."""

from collections.abc import Mapping
from math import sqrt

from msgspec.structs import replace

from survey.privacy.agreements import agreements
from survey.privacy.changes import Changed
from survey.privacy.figures import MEAN, PLAIN_POINTS, figure
from survey.privacy.places import NOWHERE, Place, places_on_map
from survey.privacy.record import Detail, Spread
from survey.privacy.scored import Scored, roll_up


def details(scored: Scored, changes: Mapping[str, Changed], *, two_axes: bool) -> dict[str, Detail]:
    """Return the tier-two figures of each unit that has them."""
    spreads, places = _spreads(scored), places_on_map(scored, two_axes=two_axes)
    agreed = agreements(scored, spreads)
    return {
        code: replace(
            _detail(scored, code, spreads[code], changes[code], places.get(code, NOWHERE)), agreement=agreed[code]
        )
        for code in scored.detailed
    }


def _detail(scored: Scored, code: str, counts: Mapping[str, list[int]], changed: Changed, place: Place) -> Detail:
    unit = scored.moments[code]
    return Detail(
        spreads={
            motive: Spread(counts[motive], figure(sqrt(unit.variance(motive)), MEAN))
            for motive in counts
            if code in scored.telling(motive)
        },
        index_sd=(
            figure(sqrt(unit.variance(scored.index)), PLAIN_POINTS) if code in scored.telling(scored.index) else None
        ),
        label=place.label,
        label_probability=place.probability,
        change=None if isinstance(changed.change, str) else changed.change,
        change_hidden=changed.change if isinstance(changed.change, str) else "",
        motive_changes=dict(changed.motives),
        origin_change=changed.origin,
        shrunken=place.position,
        quadrants=place.quadrants,
    )


def _spreads(scored: Scored) -> dict[str, dict[str, list[int]]]:
    """Count the people behind each answer to each motive, by shown unit."""
    rolled = {motive: roll_up(counts, scored.partition) for motive, counts in scored.answer_counts.items()}
    return {
        code: {motive: counts[place].tolist() for motive, counts in rolled.items()}
        for place, code in enumerate(scored.partition.shown)
    }
