"""The one scale on which everything of a comparison is drawn."""

import math
from collections.abc import Iterable

from reports.comparison.measures import Measure
from survey.charts.scale import step_of
from survey.privacy.figures import Figure


def axis_of(figures: Iterable[Figure | None], measure: Measure) -> tuple[float, float]:
    """Return a scale that holds every interval, and zero where there is one, and ends on a line."""
    shown = [figure for figure in figures if figure is not None]
    lows = [max(measure.low, figure.value if figure.low is None else figure.low) for figure in shown]
    highs = [min(measure.high, figure.value if figure.high is None else figure.high) for figure in shown]
    if measure.kind == "index":
        lows, highs = [0.0, *lows], [0.0, *highs]
    if not shown:
        return measure.low, measure.high
    step = step_of(min(lows), max(highs))
    low, high = math.floor(min(lows) / step) * step, math.ceil(max(highs) / step) * step
    return float(low), float(max(high, low + step))
