"""One change as it is printed: a unit's index or motive now, against what the earlier wave published."""

from dataclasses import dataclass
from typing import Final

from survey.privacy.figures import DIFFERENCE, MEAN, PLAIN_POINTS, POINTS, Figure, Style, bound_between, figure, kept
from survey.privacy.record import Change, Detail, UnitFigures
from survey.privacy.released import Released
from survey.privacy.scored import Scored
from survey.privacy.thaw import Publication
from survey.scoring import estimable
from survey.scoring.comparison import Comparison, Mean, compare_means, mean_of, verdict
from survey.scoring.measure import Measure
from survey.scoring.regression import expected_change
from survey.scoring.summaries import MeanError


@dataclass(frozen=True)
class Step:
    """A unit of today, the unit of the wave before that it is held against, and who is in one of them only."""

    code: str
    then: str
    moved: int | None


@dataclass(frozen=True)
class Looked:
    """What is compared: the index ("" for `motive`) or a motive, and how its numbers are written."""

    motive: str
    style: Style
    size: Style

    def of(self, scored: Scored) -> Measure:
        """The measure."""
        return Measure.scale(self.motive) if self.motive else scored.index

    def mean(self, figures: UnitFigures) -> Figure:
        """The published mean."""
        return figures.scales[self.motive] if self.motive else figures.index

    def sd(self, detail: Detail) -> Figure | None:
        """The published spread, None where it is not told."""
        if not self.motive:
            return detail.index_sd
        return detail.spreads[self.motive].sd if self.motive in detail.spreads else None


INDEX: Final = Looked("", POINTS, PLAIN_POINTS)


def motive(name: str) -> Looked:
    """A motive, in points of the answer scale."""
    return Looked(name, DIFFERENCE, MEAN)


def mean_before(previous: Publication, code: str, looked: Looked = INDEX) -> Mean | None:
    """Return a unit's mean in the earlier wave with its error, from the published figures; None without a spread."""
    if code not in previous:
        return None
    figures, detail = previous.unit(code).figures, previous.unit(code).detail
    if not isinstance(figures, Released) or not isinstance(detail, Released):
        return None
    n, sd = figures.value.n, looked.sd(detail.value)
    return None if sd is None else Mean(n, looked.mean(figures.value).value, MeanError(sd.value**2 / n, n - 1, "own"))


def against(scored: Scored, code: str, looked: Looked, before: Mean) -> Comparison | estimable.NotEstimable:
    """Compare a unit now with a mean of the earlier wave."""
    of = looked.of(scored)
    now = mean_of(scored.side(code, of), of)
    return now if isinstance(now, estimable.NotEstimable) else compare_means(now, before)


def change(
    scored: Scored, step: Step, previous: Publication, looked: Looked, found: Comparison, p_adjusted: float
) -> Change:
    """Round a change for good."""
    here = scored.bound(scored.moved[step.code], scored.moments[step.code].n, looked.of(scored), looked.style)
    before = previous.unit(step.then).figures
    then = looked.mean(before.value) if isinstance(before, Released) else None
    bound = here if then is None else bound_between(here, then.bound)
    return Change(
        since=previous.wave.code,
        difference=figure(found.difference, looked.style, found.interval, bound),
        verdict=verdict(found.interval, p_adjusted),
        p_adjusted=kept(p_adjusted),
        g=figure(found.g, DIFFERENCE, found.g_interval),
        detectable=figure(found.detectable, looked.size),
        expected=None if looked.motive else _expected(previous, step.then),
    )


def _expected(previous: Publication, code: str) -> Figure | None:
    """Return the change to expect of a unit that did not change, from what the earlier wave published of it."""
    figures = previous.unit(code).figures
    if not isinstance(figures, Released) or not isinstance(figures.value.shrunken, Figure):
        return None
    return figure(expected_change(figures.value.index.value, figures.value.shrunken.value), POINTS)
