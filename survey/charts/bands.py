"""Units beside each other with their intervals, and beside them a band for those that cannot be told apart."""

from collections.abc import Sequence
from html import escape
from typing import Final

import plotly.graph_objects as go

from survey.charts import interval, told
from survey.charts.scale import lines
from survey.charts.sheet import ACCENT, AXIS, INK, LINE, MUTED, Part, line, rule, sheet, short, signed
from survey.privacy.figures import Figure

GAP: Final = 0.055
"""Width of a band's column, as a part of the axis."""
ROW: Final = 34
"""Height of a unit's line: its number stands above its dot."""


def bands_figure(
    units: Sequence[tuple[str, Figure]],
    bands: Sequence[Sequence[int]],
    axis: tuple[float, float],
    language: str,
    *,
    sign: bool = True,
) -> go.Figure:
    """Draw one line for each unit (its name and its value), and right of the axis a band for each set of places.

    `sign` writes the axis with plus and minus, as the index is.
    """
    data: list[Part] = []
    for place, (name, figure) in enumerate(units):
        if figure.low is not None and figure.high is not None:
            ends = [max(axis[0], figure.low), min(axis[1], figure.high)]
            data.append({**_line(ends, [place, place], ACCENT, 6), "opacity": 0.32})
        hover = f"{escape(name)}: {told(figure, language)} ({interval(figure, language)})"
        data.append(_dots([figure.value], [place], ACCENT, 11, hover))
    width = axis[1] - axis[0]
    for column, band in enumerate(bands):
        at = axis[1] + width * GAP * (column + 1)
        data.append(_line([at, at], [band[0], band[-1]], MUTED, 3))
        data.append(_dots([at] * len(band), list(band), INK, 10, ""))
    span = (axis[0], axis[1] + width * GAP * (len(bands) + 0.5) if bands else axis[1])
    ticks = {tick: signed(tick) if sign else f"{tick:g}" for tick in lines(axis)}
    rows = [
        rule({"x0": axis[0], "x1": span[1], "y0": place + 0.5, "y1": place + 0.5}, LINE, layer="below")
        for place in range(len(units) - 1)
    ]
    zero = [rule({"x0": 0, "x1": 0, "y0": 0, "y1": 1}, MUTED, yref="paper")] if axis[0] < 0 else []
    figure = sheet([short(name) for name, _ in units], span, ticks, data, [*rows, *zero])
    figure.update_layout(height=len(units) * ROW + AXIS)
    return figure


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
