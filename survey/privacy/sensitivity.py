"""Every result of the company with all answers, and without those flagged as careless."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from survey.i18n import Sentence
from survey.privacy.evidence import Evidence, Sensitivity
from survey.privacy.figures import DIFFERENCE, MEAN, POINTS, Figure, NotEstimable, Style, because, figure
from survey.privacy.flagged import Flagged, Mask
from survey.privacy.means import index_figure
from survey.privacy.record import Link, Reliability
from survey.privacy.scale_evidence import coefficient, withheld
from survey.privacy.scored import Scored
from survey.scoring import estimable, link
from survey.scoring.columns import item_values, scale_scores
from survey.scoring.intraclass import intraclass
from survey.scoring.measure import weigh
from survey.scoring.omega import omega
from survey.scoring.oneway import Units
from survey.scoring.quality import straight_is_nought
from survey.scoring.reliability import TWO, Consistency, alpha, spearman_brown

MOVED: Final = 0.05
"""A coefficient without an interval is another one where it moves by so much."""

HOLDS: Final = Sentence(
    "No conclusion changes: without the flagged answers every result stays within the margin of the result with all."
)
SCALES_CHANGE: Final = Sentence(
    "Total motivation, how units differ and the link hold without the flagged answers. The consistency of some scales "
    "changes: it lies outside the margin of the result with all."
)
CHANGES: Final = Sentence(
    "Some conclusions change: without the flagged answers these results lie outside the margin of the result with all."
)
OF_THE_COMPANY: Final = frozenset({"index", "icc1", "link"})
"""Results that a reader draws conclusions from."""


def sensitivity(
    found: Flagged, reliability: list[Reliability], told_link: Link | NotEstimable, evidence: Evidence
) -> list[Sensitivity] | NotEstimable:
    """Return each result with all answers, as it is published, beside the same without the flagged ones."""
    refused = found.refusal()
    if refused is not None:
        return because(refused)
    return list(_results(found, reliability, told_link, evidence))


def verdict(results: list[Sensitivity]) -> Sentence:
    """Say whether anything would be read in another way."""
    changed = {one.what.partition(":")[0] for one in results if one.changes}
    return CHANGES if changed & OF_THE_COMPANY else SCALES_CHANGE if changed else HOLDS


def _results(
    found: Flagged, reliability: list[Reliability], told_link: Link | NotEstimable, evidence: Evidence
) -> Iterator[Sensitivity]:
    scored, left = found.scored, ~found.either
    with_all = index_figure(scored, scored.moments[scored.root], scored.moved[scored.root])
    yield _beside("index", with_all, _index(found))
    for one in reliability:
        yield _beside(f"{one.coefficient}:{one.scale}", one.figure, _consistency(found, one.scale))
    for scale in evidence.scales:
        if len(scale.items) > TWO:
            yield _beside(f"omega:{scale.scale}", scale.omega, _omega(found, scale.scale))
    for group in evidence.groups:
        if group.measure == scored.index.name:
            yield _beside(f"icc1:{group.measure}", group.icc1, _icc1(scored, left))
    yield _link(found, told_link)


def _beside(what: str, with_all: Figure | NotEstimable, without: Figure | NotEstimable) -> Sensitivity:
    """Set two results side by side; of one that cannot be had with all answers none is told without some."""
    if isinstance(with_all, NotEstimable):
        return Sensitivity(what, with_all, with_all)
    return Sensitivity(what, with_all, without, _differs(with_all, without))


def _differs(with_all: Figure, without: Figure | NotEstimable) -> bool:
    if isinstance(without, NotEstimable):
        return False
    if with_all.low is None or with_all.high is None:
        return abs(with_all.value - without.value) > MOVED - 10**-9
    return not with_all.low <= without.value <= with_all.high


def _index(found: Flagged) -> Figure | NotEstimable:
    """Return the company's index without the flagged answers.

    Whoever answered all motives alike adds nothing to it, so that where only they are flagged it follows from the
    published index, and where others are, these must be enough by themselves. Where motives have different ranges such
    answers add something like any other, and are flagged answers like any other.
    """
    scored = found.scored
    refused = found.refusal_of_total()
    if refused is not None:
        return because(refused)
    if straight_is_nought(scored.instrument) and not (found.either & ~found.straight).any():
        company = scored.moments[scored.root]
        return _rounded(float(company.mean(scored.index)) * company.n / int((~found.either).sum()), POINTS)
    return _rounded(float(_indexes(scored)[~found.either].mean()), POINTS)


def _indexes(scored: Scored) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the index of each response that counts, bounded answers as they are."""
    scores = scale_scores(scored.answers, scored.instrument, scored.specs).astype(np.float64)
    weights = weigh(scored.index, scored.specs) / np.array([float(spec.denominator) for spec in scored.specs])
    made: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = scores @ weights + float(scored.index.constant)
    return made


def _complete(scored: Scored, scale: str) -> Mask:
    values = item_values(scored.answers, scored.instrument, scale)
    return np.asarray(~np.isnan(values).any(axis=1), dtype=np.bool_)


def _consistency(found: Flagged, scale: str) -> Figure | NotEstimable:
    scored = found.scored
    refused = withheld(scored, scale) or found.refusal(_complete(scored, scale))
    if refused is not None:
        return because(refused)
    values = item_values(scored.answers, scored.instrument, scale)[~found.either]
    made = spearman_brown(values) if values.shape[1] == TWO else alpha(values)
    return coefficient(made.value if isinstance(made, Consistency) else made)


def _omega(found: Flagged, scale: str) -> Figure | NotEstimable:
    scored = found.scored
    refused = withheld(scored, scale) or found.refusal(_complete(scored, scale))
    if refused is not None:
        return because(refused)
    made = omega(item_values(scored.answers, scored.instrument, scale)[~found.either])
    return coefficient(made if isinstance(made, estimable.NotEstimable) else made.value)


def _icc1(scored: Scored, left: Mask) -> Figure | NotEstimable:
    """Return ICC(1) of the index over the shown units that hold no other, spread pooled over all published cells."""
    cells, values = scored.cells[left], _indexes(scored)[left]
    people = np.bincount(cells)
    means = np.bincount(cells, weights=values) / np.maximum(people, 1)
    squares = float(((values - means[cells]) ** 2).sum())
    holding = set(scored.partition.above)
    last = [place not in holding and people[place] > 0 for place in range(len(people))]
    units = Units(
        people[last].astype(np.float64), means[last], squares, int(people.sum()) - int(np.count_nonzero(people))
    )
    made = intraclass(units)
    return because(made) if isinstance(made, estimable.NotEstimable) else _rounded(made.icc1, MEAN)


def _link(found: Flagged, told: Link | NotEstimable) -> Sensitivity:
    """Set the link's difference beside itself; it changes where another finding would be told."""
    if isinstance(told, NotEstimable):
        return Sensitivity("link", told, told)
    scored = found.scored
    values = link.linked(scored.answers, scored.instrument)
    refused = found.refusal(np.asarray(~np.isnan(values).any(axis=1), dtype=np.bool_))
    if refused is not None:
        return Sensitivity("link", told.difference, because(refused))
    made = link.link(scored.answers, scored.cells.astype(np.int32), scored.instrument, ~found.either)
    if isinstance(made, estimable.NotEstimable):
        return Sensitivity("link", told.difference, because(made))
    without = _rounded(made.difference.value, DIFFERENCE)
    return Sensitivity("link", told.difference, without, made.finding != told.finding)


def _rounded(value: float, style: Style) -> Figure:
    return figure(round(value, style.digits), style)
