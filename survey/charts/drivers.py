"""What the spread between units is made of: each motive's share, with the weights and without them."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor
from typing import Final

import plotly.graph_objects as go

from survey.charts import colours
from survey.charts.sheet import AXIS, MUTED, Part, rule, sheet, short
from survey.instruments.model import Instrument
from survey.privacy.evidence import Driver

HIGH: Final = 44
"""Pixels for the two bars of a motive."""
BAR: Final = 0.34
STEP: Final = 20
"""Per cent between two lines of the axis."""
PALE: Final = 0.45


def drivers_figure(
    drivers: Sequence[Driver], instrument: Instrument, language: str, words: tuple[str, str]
) -> go.Figure:
    """Draw two bars for each motive, the upper one with the weights; `words` say "with" and "without" them."""
    palette = colours(instrument)
    names = [instrument.scale(driver.motive).name[language] for driver in drivers]
    data = [
        _bars([driver.share.value for driver in drivers], -BAR / 2, 1.0),
        _bars([driver.share_unweighted.value for driver in drivers], BAR / 2, PALE),
    ]
    texts = [[driver.share.text for driver in drivers], [driver.share_unweighted.text for driver in drivers]]
    for bars, word, shown in zip(data, words, texts, strict=True):
        bars["marker"]["color"] = [palette[driver.motive] for driver in drivers]
        bars["hovertext"] = [
            f"{escape(name)}, {escape(word)}: {text} %" for name, text in zip(names, shown, strict=True)
        ]
    values = [value for bars in data for value in bars["x"]]
    low, high = floor(min([0.0, *values]) / STEP) * STEP, max(STEP, ceil(max(values) / STEP) * STEP)
    zero = rule({"x0": 0, "x1": 0, "y0": 0, "y1": 1}, MUTED, layer="above", yref="paper")
    ticks = {float(tick): f"{tick} %".replace("-", "−") for tick in range(low, high + 1, STEP)}
    figure = sheet([short(name) for name in names], (low, high), ticks, data, [zero])
    return figure.update_layout(height=len(names) * HIGH + AXIS)


def _bars(values: list[float], offset: float, opacity: float) -> Part:
    return {
        "type": "bar",
        "x": values,
        "y": [place + offset for place in range(len(values))],
        "orientation": "h",
        "width": BAR,
        "opacity": opacity,
        "marker": {},
        "hoverinfo": "text",
    }
