"""Units beside each other with their intervals, and beside them a band for those that cannot be told apart."""

import math
from collections.abc import Sequence
from html import escape
from typing import Final

import plotly.graph_objects as go

from survey.charts import interval, told
from survey.charts.compare import STEP
from survey.charts.sheet import ACCENT, INK, MUTED, Part, line, rule, sheet, short, signed
from survey.privacy.figures import Figure

GAP: Final = 0.06
"""Width of a band's column, as a part of the axis."""


def bands_figure(
    units: Sequence[tuple[str, Figure]], bands: Sequence[Sequence[int]], axis: tuple[int, int], language: str
) -> go.Figure:
    """Draw one line for each unit (its name and its index), and right of the axis a band for each set of places."""
    data: list[Part] = []
    for place, (name, figure) in enumerate(units):
        if figure.low is not None and figure.high is not None:
            ends = [max(axis[0], figure.low), min(axis[1], figure.high)]
            data.append({**_line(ends, [place, place], ACCENT, 5), "opacity": 0.32})
        hover = f"{escape(name)}: {told(figure, language)} ({interval(figure, language)})"
        data.append(_dots([figure.value], [place], ACCENT, 11, hover))
    width = axis[1] - axis[0]
    for column, band in enumerate(bands):
        at = axis[1] + width * GAP * (column + 1)
        data.append(_line([at, at], [band[0], band[-1]], MUTED, 2))
        data.append(_dots([at] * len(band), list(band), INK, 8, ""))
    span = (float(axis[0]), axis[1] + width * GAP * (len(bands) + 0.5))
    every = STEP * max(1, math.ceil(width / (6 * STEP)))
    ticks = {float(tick): signed(tick) for tick in range(axis[0], axis[1] + 1) if tick % every == 0}
    zero = rule({"x0": 0, "x1": 0, "y0": 0, "y1": 1}, MUTED, yref="paper")
    return sheet([short(name) for name, _ in units], span, ticks, data, [zero])


def _line(x: list[float], y: list[int], colour: str, width: float) -> Part:
    return {"type": "scatter", "x": x, "y": y, "mode": "lines", "hoverinfo": "skip", "line": line(colour, width)}


def _dots(x: list[float], y: list[int], colour: str, size: int, hover: str) -> Part:
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "markers",
        "hoverinfo": "text" if hover else "skip",
        "hovertext": [hover] * len(x),
        "marker": {"symbol": "circle", "size": size, "color": colour},
    }
