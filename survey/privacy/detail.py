"""Tier two: what a unit of detail_k people and more shows besides."""

from collections.abc import Iterable, Mapping
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from survey.privacy.figures import MEAN, PLAIN_POINTS, figure, kept
from survey.privacy.record import Change, Detail, Spread
from survey.privacy.scored import Scored, roll_up
from survey.scoring import estimable
from survey.scoring.columns import ColumnSpec, scale_scores
from survey.scoring.moments import Moments
from survey.scoring.position import ADAPTIVE, TACTICAL, place
from survey.scoring.quadrant import Quadrant, label


def details(scored: Scored, changes: Mapping[str, Change | str], *, two_axes: bool) -> dict[str, Detail]:
    """Return the tier-two figures of each unit that has them; `changes` are changes, or why there is none."""
    spreads = _spreads(scored)
    return {code: _detail(scored, code, spreads[code], changes[code], two_axes=two_axes) for code in scored.detailed}


def _detail(
    scored: Scored, code: str, counts: Mapping[str, list[int]], change: Change | str, *, two_axes: bool
) -> Detail:
    unit = scored.moments[code]
    name, probability = _label(scored, unit, two_axes=two_axes)
    return Detail(
        spreads={motive: Spread(counts[motive], figure(_sd(unit, motive), MEAN)) for motive in counts},
        index_sd=figure(sqrt(unit.variance(scored.index)), PLAIN_POINTS),
        label=name,
        label_probability=probability,
        change=None if isinstance(change, str) else change,
        change_hidden=change if isinstance(change, str) else "",
    )


def _sd(unit: Moments, motive: str) -> float:
    return sqrt(unit.variance(motive))


def _label(scored: Scored, unit: Moments, *, two_axes: bool) -> tuple[Quadrant, float]:
    placed = place(unit, scored.pooled) if {ADAPTIVE, TACTICAL} <= scored.scales else None
    if placed is None or isinstance(placed, estimable.NotEstimable):
        return "cannot tell yet", 0.0
    return label(placed.shares, unit.n, two_axes=two_axes), kept(max(placed.shares.values()))


def _spreads(scored: Scored) -> dict[str, dict[str, list[int]]]:
    """Count the people behind each answer to each motive, by shown unit; means of several items go to the nearest."""
    motives = [spec for spec in scored.specs if spec.scale in {scale.id for scale in scored.instrument.motives}]
    scores = scale_scores(scored.answers, scored.instrument, motives)
    rolled = [
        roll_up(_counts(scores[:, place], spec, scored.cells, len(scored.partition.shown)), scored.partition)
        for place, spec in enumerate(motives)
    ]
    return {
        code: {spec.scale: counts[place].tolist() for spec, counts in zip(motives, rolled, strict=True)}
        for place, code in enumerate(scored.partition.shown)
    }


def _counts(
    scores: NDArray[np.int64], spec: ColumnSpec, cells: NDArray[np.int64], n_cells: int
) -> Iterable[NDArray[np.int64]]:
    nearest = (2 * scores + spec.denominator) // (2 * spec.denominator) - spec.low
    wide = spec.high - spec.low + 1
    return np.bincount(cells * wide + nearest, minlength=n_cells * wide).reshape(n_cells, wide)
