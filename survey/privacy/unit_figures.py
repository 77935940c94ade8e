"""Tier one: what a unit of k people and more shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from survey.i18n import Sentence
from survey.privacy.figures import DIFFERENCE, POINTS, Figure, NotEstimable, because, figure
from survey.privacy.means import index_figure, mean_figure, scale_figure
from survey.privacy.places import kept_position
from survey.privacy.practice_figures import Seen
from survey.privacy.record import Contribution, Position, UnitFigures
from survey.privacy.scored import Scored
from survey.scoring import estimable
from survey.scoring.comparison import Comparison, Side, Verdict, compare, verdict
from survey.scoring.contribution import contributions
from survey.scoring.family import adjust
from survey.scoring.measure import Measure, balance
from survey.scoring.position import ADAPTIVE, TACTICAL
from survey.scoring.summaries import Interval
from survey.scoring.weakest import weakest_facet, weakest_motive

WHOLE = estimable.NotEstimable(Sentence("This is the whole company: there is no rest to compare it with."))
ONE_AXIS = estimable.NotEstimable(Sentence("This wave did not ask about both kinds of performance."))


@dataclass(frozen=True)
class Gaps:
    """The indexes of all units against the rest of the company, their p values adjusted as one family."""

    comparisons: Mapping[str, Comparison | estimable.NotEstimable]
    adjusted: Mapping[str, float]


def gaps(scored: Scored) -> Gaps:
    """Compare every shown unit below the company with the rest; the family is fixed here, once."""
    found = {code: _against_rest(scored, code, scored.index) for code in scored.partition.shown if code != scored.root}
    p = {code: comparison.p for code, comparison in found.items() if isinstance(comparison, Comparison)}
    return Gaps(found, dict(zip(p, adjust(list(p.values())), strict=True)))


def _against_rest(scored: Scored, code: str, of: Measure) -> Comparison | estimable.NotEstimable:
    return compare(scored.side(code, of), Side(scored.rest(code, of), scored.pooled(of)), of)


def unit_figures(scored: Scored, code: str, gaps: Gaps, seen: Seen) -> UnitFigures:
    """Make the tier-one figures of a shown unit."""
    moved, known = scored.moved[code], partial(scored.known, code)
    return UnitFigures(
        n=scored.moments[code].n,
        index=index_figure(scored, known(scored.index), moved),
        twin=mean_figure(scored, known(scored.twin), moved, scored.twin, DIFFERENCE.within(-6, 6)),
        scales={spec.scale: scale_figure(scored, known(spec.scale), moved, spec) for spec in scored.specs},
        contribution=_contribution(scored, code, gaps),
        weakest=_weakest(scored, code, "motive", weakest_motive),
        weakest_facet=_weakest(scored, code, "facet", weakest_facet),
        balance=_balance(scored, code),
        position=_position(scored, code),
        practices=seen.figures,
        practices_n=seen.n,
    )


def _weakest(scored: Scored, code: str, kind: str, choose: Callable[..., str]) -> str:
    scales = {scale.id for scale in scored.instrument.scales if scale.kind == kind}
    if not scales <= scored.scales:
        return ""
    return choose(scored.known(code), scored.rest(code), scored.pooled(*scales), scored.instrument)


def _contribution(scored: Scored, code: str, gaps: Gaps) -> Contribution | NotEstimable:
    rest = scored.rest(code)
    if not rest.n:
        return because(WHOLE)
    split = contributions(scored.known(code), rest, scored.index)
    found = gaps.comparisons[code]
    interval: Interval | None = None
    word: Verdict = "no detectable difference"
    if isinstance(found, Comparison):
        interval, word = found.interval, verdict(found.interval, gaps.adjusted[code])
    return Contribution(
        gap=figure(split.gap, POINTS, interval, scored.bound_apart(code, scored.index, POINTS)),
        parts={
            motive: figure(part, POINTS, bound=scored.bound_apart(code, _part(scored, motive), POINTS))
            for motive, part in split.parts.items()
        },
        verdict=word,
        acquiescence=figure(split.shift, DIFFERENCE),
    )


def _part(scored: Scored, motive: str) -> Measure:
    """A motive's own share of the index: what decides the direction of its part of the gap."""
    return Measure(motive, ((motive, dict(scored.index.weights)[motive]),))


def _balance(scored: Scored, code: str) -> Figure | NotEstimable:
    if not {ADAPTIVE, TACTICAL} <= scored.scales:
        return because(ONE_AXIS)
    unit, rest = scored.known(code), scored.rest(code)
    if not rest.n:
        return because(WHOLE)
    of = balance(scored.specs)
    found = _against_rest(scored, code, of)
    interval = found.interval if isinstance(found, Comparison) else None
    return figure(unit.mean(of) - rest.mean(of), DIFFERENCE, interval, scored.bound_apart(code, of, DIFFERENCE))


def _position(scored: Scored, code: str) -> Position | None:
    placed = scored.placed(code)
    if placed is None or isinstance(placed, estimable.NotEstimable):
        return None
    return kept_position(placed.position, placed.region)
