"""What is told of the whole company: consistency of the scales, the link, what was set aside and flagged."""

import numpy as np

from survey.i18n import Sentence
from survey.privacy.figures import DIFFERENCE, MEAN, POINTS, Figure, NotEstimable, because, figure, kept
from survey.privacy.flagged import straight_told
from survey.privacy.record import Link, Quality, Reliability
from survey.privacy.scale_evidence import coefficient, withheld
from survey.privacy.scored import TOO_FEW, Scored
from survey.scoring import estimable, link
from survey.scoring.measure import Measure
from survey.scoring.position import ADAPTIVE, TACTICAL
from survey.scoring.quality import straight_is_nought, straight_liners
from survey.scoring.reliability import Consistency, reliabilities
from survey.scoring.within import Within

NOT_NOUGHT = estimable.NotEstimable(
    Sentence("Here the same answer to all motives does not give an index of 0, so what it moves is not told.")
)


def link_of(scored: Scored) -> link.Link | estimable.NotEstimable:
    """Return how the index goes together with both kinds of performance; whole published cells are drawn again.

    Only where the company itself is in tier two, and where its answers are not too alike: that people of one unit do
    not differ would give everybody's.
    """
    if scored.root not in scored.detailed:
        return TOO_FEW
    if not {ADAPTIVE, TACTICAL} <= scored.scales:
        return link.NO_SCALES
    pooled = scored.pooled(scored.index, ADAPTIVE, TACTICAL)
    if isinstance(pooled, estimable.NotEstimable):
        return pooled
    everybody = np.ones(len(scored.answers), dtype=np.bool_)
    return link.link(scored.answers, scored.cells.astype(np.int32), scored.instrument, everybody)


def link_record(found: link.Link | estimable.NotEstimable) -> Link | NotEstimable:
    """Round the link for good.

    Its intervals are drawn from the answers of single cells, so not more than the printed digits is kept of them.
    """
    if isinstance(found, estimable.NotEstimable):
        return because(found)
    one, two, apart = (
        figure(_printed(estimate.value), style, (_printed(estimate.low), _printed(estimate.high)))
        for estimate, style in (
            (found.with_adaptive, MEAN),
            (found.with_tactical, MEAN),
            (found.difference, DIFFERENCE),
        )
    )
    return Link(one, two, apart, found.n, found.units, found.finding)


def _printed(value: float) -> float:
    return round(value, MEAN.digits)


def reliability(scored: Scored) -> list[Reliability]:
    """Return the consistency of every scale of two items and more that was asked.

    Over those who skipped nothing of it, and so not more than the printed digits is kept: from more the few who did
    could be told by difference.
    """
    everybody = np.ones(len(scored.answers), dtype=np.bool_)
    found = reliabilities(scored.answers, scored.instrument, everybody)
    return [_reliability(scored, scale, what) for scale, what in found.items() if scale in scored.scales]


def _reliability(scored: Scored, scale: str, found: Consistency | estimable.NotEstimable) -> Reliability:
    found = withheld(scored, scale) or found
    if isinstance(found, Consistency):
        printed = figure(_printed(found.value), MEAN, (_printed(found.low), _printed(found.high)))
        return Reliability(scale, found.coefficient, printed)
    two = len(scored.instrument.items_of(scale)) == 2  # noqa: PLR2004 - Spearman-Brown is for two items
    return Reliability(scale, "spearman-brown" if two else "alpha", coefficient(found))


def quality(scored: Scored) -> Quality:
    """Count what was received, set aside and flagged; the index without those flagged is for the company only."""
    table, base = scored.inputs.table, scored.gate.base
    straight = straight_told(scored, int((base & straight_liners(table.answers, table.instrument)).sum()))
    return Quality(
        received=len(table),
        counted=int(base.sum()),
        set_aside=int((~base).sum()),
        straight=because(straight) if isinstance(straight, estimable.NotEstimable) else straight,
        index_without_straight=_index_without(scored, straight),
    )


def _index_without(scored: Scored, straight: int | estimable.NotEstimable) -> Figure | NotEstimable:
    """Return the company's index without those flagged, as it follows from the published one: theirs is 0.

    Made from the answers, its distance from the company's index would be the total of those few of them whose answers
    were moved at a bound, or of all of them where motives have different ranges.
    """
    if scored.root not in scored.detailed:
        return because(TOO_FEW)
    if not straight_is_nought(scored.instrument):
        return because(NOT_NOUGHT)
    if isinstance(straight, estimable.NotEstimable):
        return because(straight)
    company = scored.moments[scored.root]
    return figure(company.mean(scored.index) * company.n / (company.n - straight), POINTS)


def variances(scored: Scored) -> dict[str, float]:
    """Return the pooled variance within units of each scale and of the index, as far as it may be told."""
    measures: dict[str, Measure | str] = {spec.scale: spec.scale for spec in scored.specs}
    measures[scored.index.name] = scored.index
    spreads = {name: (scored.pooled(of), of) for name, of in measures.items()}
    return {name: kept(pooled.variance(of)) for name, (pooled, of) in spreads.items() if isinstance(pooled, Within)}
