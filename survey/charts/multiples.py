"""Small multiples: one unit over the waves, drawn exactly as every other unit beside it, on a scale that all share."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from typing import Final

import plotly.graph_objects as go

from survey.charts import interval, told
from survey.charts.marks import TrendMark, drawn
from survey.charts.pieces import at, axes, company_lines, path, points, runs
from survey.charts.scale import lines
from survey.charts.sheet import ACCENT, COMPANY, GROUND, INK, MUTED, PAPER, Part, line, paper, rule, signed
from survey.i18n import Sentence
from survey.privacy.figures import Figure

WIDTH: Final = 300
HEIGHT: Final = 190
BESIDE_HEIGHT: Final = 104
MARGIN: Final = {"l": 34, "r": 58, "t": 16, "b": 38}
APART: Final = 14
"""Pixels between two labels at the end of a chart, below which they would touch."""
MOST_NAMES: Final = 5
"""Names of waves that stand side by side under a chart of this width."""
NOT_SHOWN: Final = Sentence("Not shown")
COMPANY_LABEL: Final = Sentence("Company")
BELOW_LABEL: Final = 9


@dataclass(frozen=True)
class Dot:
    """One wave: a unit's value and the whole company's; None where there is none."""

    wave: str
    unit: Figure | None
    company: Figure | None
    hidden: bool = False
    """Whether there is a result that is not shown."""
    joined: bool = False
    """Whether a line may lead here from the wave before."""
    broken: bool = False
    """Whether it was largely another unit in the wave before."""
    apart: bool = False
    """Whether the wave before asked for it otherwise: nothing joins the two, the company neither."""
    name: str = ""
    """What stands here, where it is not today's unit."""
    stayed: int | None = None
    """Per cent who had been here in the wave before."""


def panel_figure(
    dots: Sequence[Dot], axis: tuple[float, float], language: str, marks: Sequence[TrendMark] = (), *, sign: bool = True
) -> go.Figure:
    """Draw a unit over the waves, the company as a faint line; labelled at its end, with a gap where it is hidden.

    `sign` writes the axis with plus and minus, as the index is.
    """
    data = [*_company(dots), *_bars(dots, axis), *_lines(dots), *_dots(dots, language)]
    letters, notes = drawn(marks, axis[1], len(dots))
    return _sheet(
        [dot.wave for dot in dots],
        axis,
        data,
        [*_gaps(dots), *_breaks(dots), *letters],
        [*_gap_names(dots, axis, language), *_break_names(dots, axis), *notes, *_ends(dots, axis, language)],
        {tick: signed(tick) if sign else f"{tick:g}" for tick in lines(axis)},
    )


def values_figure(
    waves: Sequence[str], values: Sequence[float | None], texts: Sequence[str], axis: tuple[float, float]
) -> go.Figure:
    """Draw what the company counted after each wave: dots with their numbers, on a scale of their own."""
    there = [(place, value, text) for place, (value, text) in enumerate(zip(values, texts, strict=True))
             if value is not None]  # fmt: skip
    data = [points([(place, value) for place, value, _ in there], "diamond", 8, INK, [text for *_, text in there])]
    told = there if len(waves) <= MOST_NAMES else there[-1:]
    notes = [
        {**at(escape(text), place, value, INK, 12), "xanchor": "center", "yanchor": "bottom", "yshift": 5}
        for place, value, text in told
    ]
    figure = _sheet(waves, axis, data, [], notes, {})
    figure.update_layout(height=BESIDE_HEIGHT)
    return figure


def _company(dots: Sequence[Dot]) -> list[Part]:
    values = [None if dot.company is None else dot.company.value for dot in dots]
    if len(values) == 1 and values[0] is not None:
        return [points([(0, values[0])], "diamond", 6, COMPANY, [])]
    return company_lines(values, [dot.apart for dot in dots])


def _bars(dots: Sequence[Dot], axis: tuple[float, float]) -> list[Part]:
    return [
        {
            **path([(place, max(axis[0], dot.unit.low)), (place, min(axis[1], dot.unit.high))], line(ACCENT, 5)),
            "opacity": 0.32,
        }
        for place, dot in enumerate(dots)
        if dot.unit is not None and dot.unit.low is not None and dot.unit.high is not None
    ]


def _lines(dots: Sequence[Dot]) -> list[Part]:
    """Return the lines that join waves, as few as there can be; what leads away from another unit is grey."""
    values = [None if dot.unit is None else dot.unit.value for dot in dots]
    found = []
    for run in runs(values, [dot.joined for dot in dots]):
        for other, steps in groupby(pairwise(run), key=lambda step: bool(dots[step[0][0]].name)):
            first, *later = steps
            found.append(path([*first, *(end for _, end in later)], line(COMPANY if other else ACCENT, 2)))
    return found


def _dots(dots: Sequence[Dot], language: str) -> list[Part]:
    shown = [(place, dot, dot.unit) for place, dot in enumerate(dots) if dot.unit is not None]
    hover = [
        f"{escape(dot.wave)}{', ' * bool(dot.name)}{escape(dot.name)}: "
        f"{told(figure, language)} ({interval(figure, language)})"
        for _, dot, figure in shown
    ]
    hollow = [(place, figure.value) for place, dot, figure in shown if dot.name]
    all_of_them = [(place, figure.value) for place, _, figure in shown]
    found = [points(all_of_them, "circle", 9, ACCENT, hover)] if shown else []
    return [*found, points(hollow, "circle", 5, PAPER, [])] if hollow else found


def _gaps(dots: Sequence[Dot]) -> list[Part]:
    return [
        {"type": "rect", "xref": "x", "yref": "paper", "x0": place - 0.32, "x1": place + 0.32, "y0": 0, "y1": 1,
         "fillcolor": GROUND, "line": line(GROUND, 0), "layer": "below"}
        for place, dot in enumerate(dots)
        if dot.hidden
    ]  # fmt: skip


def _gap_names(dots: Sequence[Dot], axis: tuple[float, float], language: str) -> list[Part]:
    low = axis[0] + (axis[1] - axis[0]) * 0.24
    return [
        {**at(NOT_SHOWN.to(language), place, low, MUTED, 11), "xanchor": "center", "yanchor": "middle",
         "textangle": -90}
        for place, dot in enumerate(dots)
        if dot.hidden
    ]  # fmt: skip


def _breaks(dots: Sequence[Dot]) -> list[Part]:
    dotted = {**line(MUTED, 1.5), "dash": "dot"}
    return [
        {**rule({"x0": place - 0.5, "x1": place - 0.5, "y0": 0, "y1": 1}, MUTED, yref="paper", layer="below"),
         "line": dotted if dot.broken else line(MUTED, 1.5)}
        for place, dot in enumerate(dots)
        if dot.broken or dot.apart
    ]  # fmt: skip


def _break_names(dots: Sequence[Dot], axis: tuple[float, float]) -> list[Part]:
    """Return beside each break how many had been there before, or that something else was asked."""
    return [
        {**at("≠" if dot.apart else f"{dot.stayed} %", place - 0.5, axis[0], MUTED, 11),
         "xanchor": "left", "yanchor": "bottom", "xshift": 3}
        for place, dot in enumerate(dots)
        if dot.apart or (dot.broken and dot.stayed is not None)
    ]  # fmt: skip


def _ends(dots: Sequence[Dot], axis: tuple[float, float], language: str) -> list[Part]:
    """Return the labels at the end of both lines, kept from touching each other."""
    own = _last([dot.unit for dot in dots])
    company = _last([dot.company for dot in dots])
    pixels = (HEIGHT - MARGIN["t"] - MARGIN["b"]) / (axis[1] - axis[0])
    shift = 0
    if own is not None and company is not None:
        between = (own[1].value - company[1].value) * pixels
        shift = 0 if abs(between) >= APART else round((APART - abs(between)) * math.copysign(1, between))
    end = len(dots) - 1
    found = []
    if company is not None:
        found.append(
            _label(end, company[1].value, COMPANY_LABEL.to(language), COMPANY, -max(shift, 0) or -min(shift, 0))
        )
    if own is not None and own[0] == end:
        found.append(_label(end, own[1].value, own[1].text, INK, 0))
    return found


def _last(figures: Sequence[Figure | None]) -> tuple[int, Figure] | None:
    return next(((place, figure) for place, figure in reversed(list(enumerate(figures))) if figure is not None), None)


def _label(place: int, value: float, text: str, colour: str, yshift: int) -> Part:
    return {**at(escape(text), place, value, colour, 12), "xanchor": "left", "yanchor": "middle",
            "xshift": BELOW_LABEL, "yshift": yshift}  # fmt: skip


def _sheet(
    waves: Sequence[str],
    axis: tuple[float, float],
    data: Sequence[Part],
    shapes: Sequence[Part],
    notes: Sequence[Part],
    ticks: dict[float, str],
) -> go.Figure:
    zero = [rule({"x0": 0, "x1": 1, "y0": 0, "y1": 0}, MUTED, xref="paper", layer="below")] if axis[0] < 0 else []
    return go.Figure(
        data=list(data),
        layout={
            **paper(WIDTH, HEIGHT, MARGIN),
            **axes(waves, MOST_NAMES, axis, ticks, 11),
            "shapes": [*zero, *shapes],
            "annotations": list(notes),
        },
    )
