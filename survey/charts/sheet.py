"""The sheet charts are drawn on: palette, axes, row sheets and the map, in the one visual language of web and print."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import plotly.graph_objects as go

from survey.charts.scale import with_ends
from survey.charts.tokens import LIGHT, MOTIVES, translucent
from survey.i18n import Sentence
from survey.privacy.record import Position

Part = dict[str, Any]
"""A trace, shape or annotation as Plotly reads it."""

INK: Final = LIGHT["ink"]
MUTED: Final = LIGHT["muted"]
LINE: Final = LIGHT["line"]
GROUND: Final = LIGHT["ground"]
PAPER: Final = LIGHT["paper"]
ACCENT: Final = LIGHT["accent"]
COMPANY: Final = LIGHT["rest"]
DIRECT: Final = tuple(LIGHT[motive] for motive in MOTIVES[:3])
INDIRECT: Final = tuple(LIGHT[motive] for motive in MOTIVES[3:])
FONT: Final = "Pretendard, system-ui, sans-serif"
ROW: Final = 24
WIDTH: Final = 660
LABELS: Final = 190
AXIS: Final = 34
_NAME_LENGTH: Final = 22
_ELLIPSE_POINTS: Final = 72


def short(name: str) -> str:
    """Return a name that fits a label, safe against the markup that Plotly reads in labels."""
    return escape(name if len(name) <= _NAME_LENGTH else f"{name[: _NAME_LENGTH - 1]}…")


def sheet(
    labels: Sequence[str],
    span: tuple[float, float],
    ticks: Mapping[float, str],
    data: Sequence[Part] = (),
    shapes: Sequence[Part] = (),
) -> go.Figure:
    """Return a row chart: one line of `ROW` pixels for each label, top down, over the axis `span`."""
    count = len(labels)
    layout = {
        **paper(WIDTH, count * ROW + AXIS, {"l": LABELS, "r": 16, "t": 0, "b": AXIS}),
        "xaxis": {
            **_axis(span),
            "range": with_ends(span),
            "showgrid": True,
            "tickvals": list(ticks),
            "ticktext": list(ticks.values()),
        },
        "yaxis": {
            **_axis((count - 0.5, -0.5)),
            "showgrid": False,
            "tickvals": list(range(count)),
            "ticktext": list(labels),
            "tickfont": {"size": 13, "color": INK},
        },
        "shapes": list(shapes),
    }
    # Made in one go: adding traces and shapes one by one validates all earlier ones again.
    return go.Figure(data=list(data), layout=layout)


def map_sheet(span: tuple[int, int], language: str, data: Sequence[Part]) -> go.Figure:
    """Return the tactical x adaptive map with its four named quarters, cut at the middle of the answer scale."""
    low, high = span
    middle = (low + high) / 2
    numbers = range(low, high + 1)
    axis = {
        **_axis(span),
        "showgrid": True,
        "tickvals": list(numbers),
        "ticktext": [str(number) for number in numbers],
    }
    layout = {
        **paper(360, 360, {"l": 44, "r": 12, "t": 12, "b": 48}),
        "plot_bgcolor": GROUND,
        "xaxis": axis,
        "yaxis": axis,
        "shapes": [
            rule({"x0": middle, "x1": middle, "y0": low, "y1": high}, COMPANY),
            rule({"x0": low, "x1": high, "y0": middle, "y1": middle}, COMPANY),
        ],
        "annotations": [*_quarters(span, language), *_axis_names(language)],
    }
    return go.Figure(data=list(data), layout=layout)


def rule(ends: Part, colour: str, width: float = 1, layer: str = "between", **refs: str) -> Part:
    """Return a straight line over the chart, under its points unless `layer` is "above"."""
    return {"type": "line", "xref": "x", "yref": "y", **refs, **ends, "line": line(colour, width), "layer": layer}


def _quarters(span: tuple[int, int], language: str) -> list[Part]:
    low, high = span
    inset = (high - low) * 0.02
    corners = (
        (Sentence("Leaning on the plan"), high - inset, low + inset, "right", "bottom"),
        (Sentence("Both"), high - inset, high - inset, "right", "top"),
        (Sentence("Adaptive only"), low + inset, high - inset, "left", "top"),
        (Sentence("Neither"), low + inset, low + inset, "left", "bottom"),
    )
    return [
        {"text": text.to(language), "x": x, "y": y, "xref": "x", "yref": "y", "xanchor": side, "yanchor": edge,
         "showarrow": False, "font": {"size": 11, "color": MUTED}}
        for text, x, y, side, edge in corners
    ]  # fmt: skip


def _axis_names(language: str) -> list[Part]:
    common = {"xref": "paper", "yref": "paper", "showarrow": False, "font": {"size": 12, "color": INK}}
    across = {"x": 0.5, "y": 0, "yshift": -26, "xanchor": "center", "yanchor": "top"}
    along = {"x": 0, "y": 0.5, "xshift": -26, "xanchor": "right", "yanchor": "middle", "textangle": -90}
    return [
        {"text": Sentence("Tactical: carrying out the plan").to(language), **common, **across},
        {"text": Sentence("Adaptive: answering the situation").to(language), **common, **along},
    ]


def point(position: Position, name: str, colour: str, symbol: str) -> Part:
    """Return one marked point of the map."""
    return {
        "type": "scatter",
        "x": [position.tactical],
        "y": [position.adaptive],
        "mode": "markers",
        "hoverinfo": "text",
        "hovertext": [name],
        "marker": {"symbol": symbol, "size": 12, "color": colour},
    }


def region(position: Position) -> Part:
    """Return the 95 % region of a position as a closed polygon."""
    angle = math.radians(position.angle)
    turns = [2 * math.pi * step / _ELLIPSE_POINTS for step in range(_ELLIPSE_POINTS + 1)]
    along = [(position.radius_major * math.cos(turn), position.radius_minor * math.sin(turn)) for turn in turns]
    return {
        "type": "scatter",
        "x": [round(position.tactical + a * math.cos(angle) - b * math.sin(angle), 4) for a, b in along],
        "y": [round(position.adaptive + a * math.sin(angle) + b * math.cos(angle), 4) for a, b in along],
        "mode": "lines",
        "fill": "toself",
        "fillcolor": translucent(ACCENT, 0.16),
        "hoverinfo": "skip",
        "line": {**line(ACCENT, 1), "simplify": False},
    }


def line(colour: str, width: float) -> dict[str, Any]:
    """Return the style of a line."""
    return {"color": colour, "width": width}


def signed(value: float) -> str:
    """Return a tick of a signed axis; a minus is U+2212."""
    return "0" if value == 0 else f"{value:+g}".replace("-", "−")


def reach(values: Sequence[float]) -> int:
    """Return half the width of a symmetrical axis: a multiple of 10 that holds all values."""
    return max(10, math.ceil(max(abs(value) for value in values) / 10 + 0.05) * 10)


def steps(reach: int) -> list[float]:
    """Return five ticks from -reach to +reach."""
    return [reach * step / 2 for step in range(-2, 3)]


def paper(width: int, height: int, margin: Mapping[str, int]) -> dict[str, Any]:
    """Return what every chart's layout begins with."""
    return {
        "template": "none",
        "width": width,
        "height": height,
        "margin": {**margin, "pad": 0},
        "showlegend": False,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": FONT, "size": 12, "color": MUTED},
        "dragmode": False,
        "hovermode": "closest",
        "bargap": 0,
    }


def _axis(span: tuple[float, float]) -> dict[str, Any]:
    return {
        "range": list(span),
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "gridcolor": LINE,
        "gridwidth": 1,
        "automargin": False,
        "tickfont": {"size": 12, "color": MUTED},
    }
