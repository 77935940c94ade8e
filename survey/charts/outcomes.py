"""Units as points: their published index across, what the company counted of them afterwards along."""

import math
from collections.abc import Sequence
from html import escape
from typing import Any, Final

import plotly.graph_objects as go

from survey.charts import interval, told
from survey.charts.sheet import ACCENT, INK, LINE, MUTED, paper, signed
from survey.i18n import Sentence
from survey.privacy.beside import Point

WIDTH: Final = 660
HEIGHT: Final = 380
ROOM: Final = 0.06
"""Of each axis, beyond the outermost points."""
TICKS: Final = 5
STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


def value_text(value: float) -> str:
    """Return a value as pages write it: as it was brought in, with a real minus.

    >>> value_text(1234.5), value_text(-2.0), value_text(0.00001)
    ('1,234.5', '−2', '0.00001')
    """
    return f"{value:,.6f}".rstrip("0").rstrip(".").replace("-", "−")


def outcome_figure(points: Sequence[Point], measure: str, language: str) -> go.Figure:
    """Draw a point for each unit; there is no line through them."""
    across = [point.figures.index.value for point in points]
    along = [point.value for point in points]
    name = Sentence("Total motivation").to(language)
    data = {
        "type": "scatter",
        "x": across,
        "y": along,
        "mode": "markers",
        "hoverinfo": "text",
        "hovertext": [
            f"{escape(point.unit.name(language))}<br>{name}: {told(point.figures.index, language)} "
            f"({interval(point.figures.index, language)})<br>{escape(measure)}: {value_text(point.value)}"
            for point in points
        ],
        "marker": {"symbol": "circle", "size": 10, "color": ACCENT},
        "opacity": 0.72,
    }
    lows, highs = (ticks_of(values) for values in (across, along))
    return go.Figure(
        data=[data],
        layout={
            **paper(WIDTH, HEIGHT, {"l": 62, "r": 14, "t": 34, "b": 56}),
            "xaxis": {**axis_of(across), "tickvals": lows, "ticktext": [signed(tick) for tick in lows]},
            "yaxis": {**axis_of(along), "tickvals": highs, "ticktext": [value_text(tick) for tick in highs]},
            "annotations": [
                {**NAMED, "text": name, "x": 0.5, "y": 0, "yshift": -30, "xanchor": "center", "yanchor": "top"},
                {**NAMED, "text": escape(measure), "x": 0, "y": 1, "yshift": 10, "yanchor": "bottom"},
            ],
        },
    )


NAMED: Final[dict[str, Any]] = {
    "xref": "paper",
    "yref": "paper",
    "showarrow": False,
    "xanchor": "left",
    "font": {"size": 12, "color": INK},
}


def axis_of(values: Sequence[float]) -> dict[str, Any]:
    """Return an axis that holds the values, with some room beyond them."""
    low, high = min(values), max(values)
    room = (high - low) * ROOM or max(abs(high), 1.0) * ROOM
    return {
        "range": [low - room, high + room],
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "showgrid": True,
        "gridcolor": LINE,
        "gridwidth": 1,
        "automargin": False,
        "tickfont": {"size": 12, "color": MUTED},
    }


def ticks_of(values: Sequence[float]) -> list[float]:
    """Return a few round numbers within the values' range.

    >>> ticks_of([3.2, 9.7]), ticks_of([-40.0, 12.0]), ticks_of([5.0, 5.0])
    ([4.0, 6.0, 8.0], [-40.0, -20.0, 0.0], [5.0])
    """
    low, high = min(values), max(values)
    if low == high:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / TICKS))
    step = next(power * each for each in STEPS if power * each * TICKS >= high - low)
    return [round(place * step, 9) + 0.0 for place in range(math.ceil(low / step), math.floor(high / step) + 1)]
