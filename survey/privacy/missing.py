"""How far those who did not answer could move a unit's index, from what is published of it: n, invited, the index."""

from typing import Final

from survey.privacy.figures import POINTS, Figure, Style, figure
from survey.privacy.participation import band
from survey.privacy.record import Missing
from survey.privacy.scored import Scored
from survey.scoring import estimable
from survey.scoring.taking_part import bounds, wilson

PERCENT: Final = Style(0)

FROM_MISSING: Final = 3
"""Of one or two who are missing nothing is said: they would be pointed at."""


def missing(scored: Scored) -> dict[str, Missing]:
    """Return the bounds of every shown unit whose participation is shown and in which three people are missing.

    Counted are the people of the figures; whose answers were set aside is among the missing
    (docs/decisions/0038-agreement-and-absence.md).
    """
    invited = scored.inputs.tree.totals({facts.unit.code: facts.invited for facts in scored.inputs.facts})
    pooled = scored.pooled(scored.index)
    spread = None if isinstance(pooled, estimable.NotEstimable) else pooled.variance(scored.index) ** 0.5
    return {
        code: _missing(scored, code, invited[code], spread)
        for code in scored.partition.shown
        if band(scored.moments[code].n, invited[code]) and invited[code] - scored.moments[code].n >= FROM_MISSING
    }


def _missing(scored: Scored, code: str, invited: int, spread: float | None) -> Missing:
    mean, ends = float(scored.moments[code].mean(scored.index)), scored.ends
    low, high = _between(scored, code, invited, ends)
    share = _share(scored.moments[code].n, invited) if code == scored.root else None
    if spread is None:
        return Missing(invited, low, high, share=share)
    near = max(mean - spread, ends[0]), min(mean + spread, ends[1])
    return Missing(invited, low, high, *_between(scored, code, invited, near), share)


def _between(scored: Scored, code: str, invited: int, ends: tuple[float, float]) -> tuple[Figure, Figure]:
    unit = scored.moments[code]
    low, high = bounds(float(unit.mean(scored.index)), unit.n, invited, ends)
    return figure(low, POINTS), figure(high, POINTS)


def _share(n: int, invited: int) -> Figure | None:
    found = wilson(n, invited)
    if isinstance(found, estimable.NotEstimable):
        return None
    return figure(round(100 * found.value), PERCENT, (round(100 * found.low), round(100 * found.high)))
