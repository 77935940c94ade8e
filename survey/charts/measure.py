"""What the company counted of one unit, wave by wave: small, to stand beside the unit's index over the same waves."""

from collections.abc import Sequence
from html import escape
from typing import Final

import plotly.graph_objects as go

from survey.charts.outcomes import axis_of, ticks_of, value_text
from survey.charts.sheet import INK, MUTED, paper
from survey.charts.trend import HEIGHT, WIDTH

LEAST: Final = 0.1
"""Of the largest value, on either side of the middle: small movements are to look small."""


def measure_figure(waves: Sequence[str], values: Sequence[float | None], counted_in: str) -> go.Figure:
    """Draw a square for each wave after which a value is known; nothing joins them, since periods need not touch."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    along = _roomy([value for _, value in known])
    ticks = ticks_of(along)
    data = {
        "type": "scatter",
        "x": [place for place, _ in known],
        "y": [value for _, value in known],
        "mode": "markers",
        "hoverinfo": "text",
        "hovertext": [f"{escape(waves[place])}: {value_text(value)} {escape(counted_in)}" for place, value in known],
        "marker": {"symbol": "square", "size": 10, "color": INK},
    }
    across = {**axis_of([0.0, 1.0]), "range": [-0.5, len(waves) - 0.5], "showgrid": False, "tickangle": 0}
    names = [escape(wave).replace("-", "<br>", 1) for wave in waves]
    every = -(-len(waves) // 6)
    shown = [name if (len(names) - 1 - place) % every == 0 else "" for place, name in enumerate(names)]
    return go.Figure(
        data=[data],
        layout={
            **paper(WIDTH, HEIGHT, {"l": 56, "r": 12, "t": 12, "b": 44}),
            "xaxis": {**across, "tickvals": list(range(len(waves))), "ticktext": shown},
            "yaxis": {
                **axis_of(along),
                "tickvals": ticks,
                "ticktext": [value_text(tick) for tick in ticks],
                "tickfont": {"size": 12, "color": MUTED},
            },
        },
    )


def _roomy(values: Sequence[float]) -> list[float]:
    """Return the ends of an axis that holds the values and does not make much of little.

    >>> _roomy([79.0, 81.0]), _roomy([1.0, 3.0])
    ([71.9, 88.1], [1.0, 3.0])
    """
    middle, room = (min(values) + max(values)) / 2, LEAST * max(map(abs, values))
    return [round(min(*values, middle - room), 6), round(max(*values, middle + room), 6)]
