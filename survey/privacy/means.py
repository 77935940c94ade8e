"""The mean of a group on a scale or a measure, with its interval and its flag, as it is printed."""

import numpy as np
from numpy.typing import NDArray

from survey.privacy.figures import MEAN, POINTS, Figure, Style, figure
from survey.privacy.scored import Scored
from survey.scoring.columns import ColumnSpec
from survey.scoring.estimable import NotEstimable
from survey.scoring.measure import Measure
from survey.scoring.moments import Moments
from survey.scoring.summaries import summarise


def mean_figure(scored: Scored, people: Moments, moved: NDArray[np.int64], of: Measure | str, style: Style) -> Figure:
    """Round the mean of `people` for good; `moved` are the answers among theirs that were moved to a bound."""
    summary = summarise(people, of, scored.pooled(of))
    interval = None if isinstance(summary, NotEstimable) else summary.interval
    return figure(people.mean(of), style, interval, scored.bound(moved, people.n, of, style))


def index_figure(scored: Scored, people: Moments, moved: NDArray[np.int64]) -> Figure:
    """The index of a group."""
    return mean_figure(scored, people, moved, scored.index, POINTS.within(*scored.ends))


def scale_figure(scored: Scored, people: Moments, moved: NDArray[np.int64], spec: ColumnSpec) -> Figure:
    """A scale of the one base."""
    return mean_figure(scored, people, moved, spec.scale, MEAN.within(spec.low, spec.high))


def scale_figures(scored: Scored, people: Moments, moved: NDArray[np.int64]) -> dict[str, Figure]:
    """Every scale of the one base, of people of whom sums are all that is known."""
    return {spec.scale: scale_figure(scored, people, moved, spec) for spec in scored.specs}
