"""Tier two: what a unit of detail_k people and more shows besides."""

from collections.abc import Mapping
from math import sqrt

from survey.privacy.changes import Changed
from survey.privacy.figures import MEAN, PLAIN_POINTS, figure, kept
from survey.privacy.record import Detail, Spread
from survey.privacy.scored import Scored, roll_up
from survey.scoring import estimable
from survey.scoring.quadrant import Quadrant, label


def details(scored: Scored, changes: Mapping[str, Changed], *, two_axes: bool) -> dict[str, Detail]:
    """Return the tier-two figures of each unit that has them."""
    spreads = _spreads(scored)
    return {code: _detail(scored, code, spreads[code], changes[code], two_axes=two_axes) for code in scored.detailed}


def _detail(scored: Scored, code: str, counts: Mapping[str, list[int]], changed: Changed, *, two_axes: bool) -> Detail:
    unit = scored.moments[code]
    name, probability = _label(scored, code, two_axes=two_axes)
    return Detail(
        spreads={
            motive: Spread(counts[motive], figure(sqrt(unit.variance(motive)), MEAN))
            for motive in counts
            if code in scored.telling(motive)
        },
        index_sd=(
            figure(sqrt(unit.variance(scored.index)), PLAIN_POINTS) if code in scored.telling(scored.index) else None
        ),
        label=name,
        label_probability=probability,
        change=None if isinstance(changed.change, str) else changed.change,
        change_hidden=changed.change if isinstance(changed.change, str) else "",
        motive_changes=dict(changed.motives),
        origin_change=changed.origin,
    )


def _label(scored: Scored, code: str, *, two_axes: bool) -> tuple[Quadrant, float]:
    placed = scored.placed(code)
    if placed is None or isinstance(placed, estimable.NotEstimable):
        return "cannot tell yet", 0.0
    return label(placed.shares, scored.moments[code].n, two_axes=two_axes), kept(max(placed.shares.values()))


def _spreads(scored: Scored) -> dict[str, dict[str, list[int]]]:
    """Count the people behind each answer to each motive, by shown unit."""
    rolled = {motive: roll_up(counts, scored.partition) for motive, counts in scored.answer_counts.items()}
    return {
        code: {motive: counts[place].tolist() for motive, counts in rolled.items()}
        for place, code in enumerate(scored.partition.shown)
    }
