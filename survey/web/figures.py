"""Plotly figures for a page: as JSON that no text in them can break out of."""

import json

import plotly.graph_objects as go
from markupsafe import Markup


def figure_json(figure: go.Figure | None) -> Markup | None:
    """Return a figure for a `<script type="application/json">` block; None stays None.

    >>> "<" in figure_json(go.Figure(layout={"title": {"text": "</script>"}}))
    False
    """
    if figure is None:
        return None
    plain = json.loads(figure.to_json())
    plain["layout"].pop("template", None)  # plotly.js draws a figure without a template as one with an empty template
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that HTML could take for markup was escaped above
