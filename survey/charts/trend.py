"""The trend of one unit: its index over the waves with intervals, breaks and marks, beside the whole company."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import plotly.graph_objects as go

from survey.charts import interval, told
from survey.charts.marks import TrendMark, drawn
from survey.charts.pieces import axes, company_lines, path
from survey.charts.pieces import points as marked
from survey.charts.sheet import ACCENT, COMPANY, MUTED, PAPER, Part, line, paper, signed
from survey.privacy.figures import Figure

WIDTH: Final = 340
HEIGHT: Final = 206
STEP: Final = 20
"""Points of the index between two lines of the axis."""
MOST_NAMES: Final = 6
"""Names of waves that stand side by side on a phone."""


@dataclass(frozen=True)
class Point:
    """What one wave says about a unit and about the whole company; None where it is not shown."""

    wave: str
    unit: Figure | None
    company: Figure | None
    joined: bool
    """Whether a line may lead here from the wave before: both waves show details, and ask the same."""
    broken: bool = False
    """Whether the unit was largely another one in the wave before."""
    name: str = ""
    """The name of what stands here, where it is not today's unit."""
    apart: bool = False
    """Whether the index was asked for otherwise in the wave before: nothing joins the two, the company neither."""


def span(series: Sequence[Sequence[Point]]) -> tuple[int, int]:
    """Return an axis that holds every interval and zero, in steps of twenty points.

    >>> figure = Figure(12.0, "+12.0", low=-3.0, high=27.0)
    >>> span([[Point("2026-Q4", figure, None, joined=False)]])
    (-20, 40)
    """
    figures = [figure for points in series for point in points for figure in (point.unit, point.company) if figure]
    lows = [figure.value if figure.low is None else figure.low for figure in figures]
    highs = [figure.value if figure.high is None else figure.high for figure in figures]
    low, high = min([0.0, *lows]), max([0.0, *highs])
    return math.floor(low / STEP) * STEP, max(STEP, math.ceil(high / STEP) * STEP)


def trend_figure(
    points: Sequence[Point], axis: tuple[int, int], language: str, marks: Sequence[TrendMark] = ()
) -> go.Figure:
    """Draw a unit over the waves: points with intervals, joined where that is allowed; grey is the whole company.

    Where the unit was largely another one before, the line breaks at a dotted rule; what is not today's unit is hollow.
    Dashed lines mark what began or happened between the waves, each with its letter.
    """
    data = _company(points)
    for place, point in enumerate(points):
        if point.unit is None:
            continue
        if point.joined and (before := points[place - 1].unit) is not None:
            shade = COMPANY if points[place - 1].name else ACCENT
            data.append(path([(place - 1, before.value), (place, point.unit.value)], line(shade, 1.5)))
        if point.unit.low is not None and point.unit.high is not None:
            data.append({**path([(place, point.unit.low), (place, point.unit.high)], line(ACCENT, 5)), "opacity": 0.32})
        where = f"{escape(point.wave)}, {escape(point.name)}" if point.name else escape(point.wave)
        hover = f"{where}: {told(point.unit, language)} ({interval(point.unit, language)})"
        data.append(marked([(place, point.unit.value)], "circle", 10, ACCENT, [hover]))
        if point.name:
            data.append(marked([(place, point.unit.value)], "circle", 6, PAPER, []))
    breaks = [place - 0.5 for place, point in enumerate(points) if point.broken]
    figure = _sheet([point.wave for point in points], axis, data, breaks)
    lines, letters = drawn(marks, axis[1], len(points))
    figure.update_layout(shapes=[*figure.layout.shapes, *lines], annotations=letters)
    return figure


def _company(points: Sequence[Point]) -> list[Part]:
    values = [None if point.company is None else point.company.value for point in points]
    there = [(place, value) for place, value in enumerate(values) if value is not None]
    lines = company_lines(values, [point.apart for point in points])
    return [*lines, marked(there, "diamond", 6, COMPANY, [])] if there else lines


def _sheet(
    waves: Sequence[str], axis: tuple[int, int], data: Sequence[Part], breaks: Sequence[float] = ()
) -> go.Figure:
    ticks = list(range(axis[0], axis[1] + 1, STEP if axis[1] - axis[0] <= 6 * STEP else 2 * STEP))
    return go.Figure(
        data=list(data),
        layout={
            **paper(WIDTH, HEIGHT, {"l": 40, "r": 12, "t": 12, "b": 44}),
            **axes(waves, MOST_NAMES, axis, {tick: signed(tick) for tick in ticks}, 12),
            "shapes": [
                {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "layer": "below",
                 "line": line(MUTED, 1)},
                *({"type": "line", "xref": "x", "yref": "paper", "x0": place, "x1": place, "y0": 0, "y1": 1,
                   "layer": "below", "line": {**line(MUTED, 1.5), "dash": "dot"}} for place in breaks),
            ],
        }
    )  # fmt: skip
