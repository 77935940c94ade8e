"""The subset of Plotly that print can draw: which properties `reports.svg` knows, and the refusal of all others."""

from collections.abc import Mapping
from typing import Any, Final

Plain = Mapping[str, Any]

SCREEN_ONLY: Final = frozenset(
    {"dragmode", "hovermode", "hoverinfo", "hovertext", "hovertemplate", "fixedrange", "name", "automargin"}
)
"""What only a screen can use: left out in print on purpose."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN: Final[Mapping[str, frozenset[str]]] = {
    "figure": _names("data layout"),
    "layout": _names(
        "template width height margin showlegend paper_bgcolor plot_bgcolor font bargap xaxis yaxis shapes annotations"
    ),
    "margin": _names("l r t b pad"),
    "axis": _names(
        "range zeroline showline ticks gridcolor gridwidth tickfont tickvals ticktext tickangle showgrid showticklabels"
    ),
    "font": _names("family size color"),
    "bar": _names("type x y orientation width marker"),
    "bar.marker": _names("color"),
    "scatter": _names("type x y mode line marker opacity fill fillcolor"),
    "line": _names("color width dash simplify"),
    "marker": _names("symbol size color"),
    "shape": _names("type xref yref x0 x1 y0 y1 line layer fillcolor"),
    "annotation": _names("text x y xref yref xanchor yanchor xshift yshift textangle showarrow font"),
}


class NotDrawable(Exception):  # noqa: N818 - it names what happened, as the design's words do
    """A figure uses something that this back end does not draw; the text names the place."""


def check(kind: str, part: Plain) -> None:
    """Raise NotDrawable where `part` has a property that is not drawn."""
    for key in part:
        if key not in KNOWN[kind] and key not in SCREEN_ONLY:
            raise NotDrawable(f"{kind}.{key}")


def checked(kind: str, part: Plain) -> Plain:
    """Return `part` if every property of it is drawn."""
    check(kind, part)
    return part
