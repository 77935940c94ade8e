"""Two units of one wave side by side: a pure function of what is published of both, judged as fixed at publication.

The record keeps of all pairs of units of one declared type how many there are, and the largest p of a pair that is
told apart. A pair's own p follows from the published figures of its two units, so whoever looks at fewer units reads
the same verdicts. Nothing here needs the gate: nothing is told that was not published.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from survey.i18n import Sentence
from survey.privacy.evidence import PairFamily
from survey.privacy.figures import DIFFERENCE, PLAIN_POINTS, POINTS, Figure, bound_between, figure
from survey.privacy.record import Detail, UnitFigures, UnitRecord, Verdict
from survey.privacy.released import Released, Suppressed
from survey.privacy.scored import Scored
from survey.privacy.thaw import Publication, PublishedUnit
from survey.scoring import estimable
from survey.scoring.comparison import ALPHA, Comparison, Mean, compare_means
from survey.scoring.many_pairs import critical_from_below
from survey.scoring.pairs import Means, apart, critical_p, p_values
from survey.scoring.summaries import MeanError
from survey.scoring.within import Within

GONE_THROUGH: Final = 12_000
"""Units of which all pairs are gone through, 72 million in 8 s; those of more are counted from below in 3 s.

What is told apart among more is decided a little more strictly: docs/decisions/0081-a-hundred-thousand-units.md.
"""
NOT_SHOWN: Final = Sentence("One of the two shows no results.")
INSIDE: Final = Sentence("One of the two holds the people of the other.")
OTHER_TYPE: Final = Sentence("The two are units of different types, and only units of one type are compared.")
NOT_MADE: Final = Sentence("When this wave was published, units were not yet compared with each other.")
NO_ERROR: Final = Sentence("The answers are too alike to tell how far apart they are.")


@dataclass(frozen=True)
class Pair:
    """Two units, compared: the first minus the second."""

    difference: Figure
    g: Figure
    detectable: Figure
    verdict: Verdict


def families(scored: Scored, units: Sequence[UnitRecord], variance: float | None) -> list[PairFamily]:
    """Judge all pairs of shown units of each declared type, from nothing but the figures that `units` publish.

    The types share the level .05 between them, so that of publications in which no two units differ at most 5 % tell
    any two apart, however many types there are. `variance` is the index's published variance within units.
    """
    pool = scored.pooled(scored.index)
    df = pool.df if isinstance(pool, Within) else 0
    ends = _ends(units)
    by_kind: dict[str, dict[int, Mean]] = {}
    for place, unit in enumerate(units):
        mean = None if unit.figures is None else published_mean(unit.figures, unit.detail, variance, df)
        if mean is not None:
            by_kind.setdefault(unit.kind, {})[place] = mean
    several = {kind: by_kind[kind] for kind in sorted(by_kind) if len(by_kind[kind]) > 1}
    judged = {kind: _judged(means, ends, ALPHA / len(several)) for kind, means in several.items()}
    return [PairFamily(kind, pairs, critical, df) for kind, (pairs, critical) in judged.items() if pairs]


def _judged(means: Mapping[int, Mean], ends: Sequence[int], level: float) -> tuple[int, float]:
    """Return how many pairs of units at these places are compared, and the critical p."""
    places = list(means)
    last = np.array([bisect_right(places, ends[place]) - 1 for place in places], dtype=np.intp)
    judge = critical_p if len(places) <= GONE_THROUGH else critical_from_below
    return judge(Means.of(list(means.values())), last, level)


def _ends(units: Sequence[UnitRecord]) -> list[int]:
    """Return for each unit the place of the last unit below it, its own where there is none."""
    ends, above = list(range(len(units))), list[int]()
    for place, unit in enumerate(units):
        while above and units[above[-1]].depth >= unit.depth:
            ends[above.pop()] = place - 1
        above.append(place)
    for place in above:
        ends[place] = len(units) - 1
    return ends


def published_mean(figures: UnitFigures, detail: Detail | None, variance: float | None, df: int) -> Mean | None:
    """Return a unit's published index with its error; None where neither its own spread nor the company's is told."""
    n, value = figures.n, figures.index.value
    if detail is not None and detail.index_sd is not None:
        return Mean(n, value, MeanError(detail.index_sd.value**2 / n, n - 1, "own"))
    return None if variance is None else Mean(n, value, MeanError(variance / n, df, "pooled"))


def pair(publication: Publication, first: PublishedUnit, second: PublishedUnit) -> Pair | Sentence:
    """Compare two units of a publication, or say why they are not compared."""
    one, other = first.figures, second.figures
    if not isinstance(one, Released) or not isinstance(other, Released):
        return NOT_SHOWN
    if first.code == second.code or _inside(publication, first, second):
        return INSIDE
    if first.kind != second.kind:
        return OTHER_TYPE
    family = _family(publication, first.kind)
    if family is None:
        return NOT_MADE
    found = _compared(
        family,
        _mean(publication, family, one.value, first.detail),
        _mean(publication, family, other.value, second.detail),
    )
    if found is None:
        return NO_ERROR
    comparison, verdict = found
    return Pair(
        figure(
            comparison.difference,
            POINTS,
            comparison.interval,
            bound_between(one.value.index.bound, other.value.index.bound),
        ),
        figure(comparison.g, DIFFERENCE, comparison.g_interval),
        figure(comparison.detectable, PLAIN_POINTS),
        verdict,
    )


def _inside(publication: Publication, first: PublishedUnit, second: PublishedUnit) -> bool:
    return any(
        one.code in {unit.code for unit in publication.path(other.code)}
        for one, other in ((first, second), (second, first))
    )


def _family(publication: Publication, kind: str) -> PairFamily | None:
    evidence = publication.evidence
    return None if evidence is None else next((each for each in evidence.value.pairs if each.kind == kind), None)


def _compared(family: PairFamily, one: Mean | None, other: Mean | None) -> tuple[Comparison, Verdict] | None:
    if one is None or other is None:
        return None
    found = compare_means(one, other)
    if isinstance(found, estimable.NotEstimable):
        return None
    (p,) = p_values(Means.of([one]), Means.of([other]))
    if not apart(float(p), family.critical):
        return found, "no detectable difference"
    return found, "higher" if found.difference > 0 else "lower"


def _mean(
    publication: Publication, family: PairFamily, figures: UnitFigures, detail: Released[Detail] | Suppressed
) -> Mean | None:
    index = publication.instrument.index
    variance = None if index is None else publication.within_variance.value.get(index.id)
    return published_mean(figures, detail.value if isinstance(detail, Released) else None, variance, family.df)
