"""Plotly figures as SVG, without a browser: a strict back end for exactly the subset that `survey.charts` uses.

Bars, scatter (markers, lines, closed regions), line and rectangle shapes, annotations without arrows, two linear axes
with a fixed range and given ticks. Anything else raises `NotDrawable`, so that print can never silently differ from the
web; a test compares the coordinates with those of the real plotly.js.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import plotly.graph_objects as go

from reports.subset import NotDrawable, Plain, check, checked

_DIAMOND: Final = 1.3
_LEADING: Final = 1.3
"""From line to line of a label, as plotly.js sets them."""
_TICK_GAP: Final = 3
_NO_TEMPLATE: Final = {"data": {"scatter": [{"type": "scatter"}]}}
_MIDDLE: Final = 0.35
NO_COLOUR: Final = "rgba(0,0,0,0)"
"""What a figure has for a background where the paper shows through."""


@dataclass(frozen=True)
class Frame:
    """The plotting area in pixels and the ranges of its axes."""

    left: float
    top: float
    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float, ref: str = "x") -> float:
        """Return the pixel of a value on the x axis, or of a share of the area (`ref` "paper")."""
        low, high = (0, 1) if ref == "paper" else self.x_range
        return self.left + (value - low) / (high - low) * self.width

    def y(self, value: float, ref: str = "y") -> float:
        """Return the pixel of a value on the y axis, or of a share of the area (`ref` "paper")."""
        low, high = (0, 1) if ref == "paper" else self.y_range
        return self.top + (1 - (value - low) / (high - low)) * self.height


def draw(figure: go.Figure) -> str:
    """Return the figure as an SVG document; raises NotDrawable for anything outside the subset."""
    return draw_plain(figure.to_plotly_json())


def draw_plain(plain: Plain) -> str:
    """Draw a figure as plotly.js gets it, which is quickly changed to fit a page; a go.Figure is not."""
    check("figure", plain)
    layout = plain["layout"]
    frame = frame_of(layout)
    shapes = [checked("shape", shape) for shape in layout.get("shapes", ())]
    traces = sorted(plain["data"], key=lambda trace: trace["type"] != "bar")  # as plotly.js: bars under scatter
    parts = [
        _rectangle(0, 0, layout["width"], layout["height"], layout["paper_bgcolor"]),
        _rectangle(frame.left, frame.top, frame.width, frame.height, layout["plot_bgcolor"]),
        *(_shape(shape, frame) for shape in shapes if shape.get("layer") == "below"),
        *_grid(layout, frame),
        *(_shape(shape, frame) for shape in shapes if shape.get("layer") == "between"),
        '<g clip-path="url(#area)">',
        *(part for trace in traces for part in _trace(trace, frame)),
        "</g>",
        *(_shape(shape, frame) for shape in shapes if shape.get("layer", "above") == "above"),
        *_ticks(layout, frame),
        *(_annotation(note, frame, layout["font"]) for note in layout.get("annotations", ())),
    ]
    size = f'width="{_n(layout["width"])}" height="{_n(layout["height"])}"'
    box = f'viewBox="0 0 {_n(layout["width"])} {_n(layout["height"])}"'
    area = _rectangle(frame.left, frame.top, frame.width, frame.height, "black")
    clip = f'<defs><clipPath id="area">{area}</clipPath></defs>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>{clip}{"".join(parts)}</svg>'


def frame_of(layout: Plain) -> Frame:
    """Return the plotting area of a checked layout."""
    check("layout", layout)
    if layout["template"] != _NO_TEMPLATE:
        raise NotDrawable("layout.template: a template would change what is drawn on the web only")
    for name in ("xaxis", "yaxis"):
        axis = checked("axis", layout[name])
        if axis.get("ticks") or axis.get("zeroline") or axis.get("showline"):
            raise NotDrawable(f"layout.{name}: tick marks, zero lines and axis lines are drawn as shapes here")
        if axis.get("tickangle"):
            raise NotDrawable(f"layout.{name}.tickangle: labels of ticks stand level")
    if layout.get("showlegend") is not False:
        raise NotDrawable("layout.showlegend: charts are labelled where they stand, without a legend")
    margin = checked("margin", layout["margin"])
    width, height = layout["width"] - margin["l"] - margin["r"], layout["height"] - margin["t"] - margin["b"]
    x_range, y_range = tuple(layout["xaxis"]["range"]), tuple(layout["yaxis"]["range"])
    return Frame(margin["l"], margin["t"], width, height, x_range, y_range)


def _trace(trace: Plain, frame: Frame) -> Iterable[str]:
    if trace["type"] == "bar":
        return _bars(checked("bar", trace), frame)
    if trace["type"] == "scatter":
        return _scatter(checked("scatter", trace), frame)
    raise NotDrawable(f"trace of type {trace['type']!r}")


def _bars(trace: Plain, frame: Frame) -> Iterable[str]:
    if trace.get("orientation") != "h":
        raise NotDrawable("bar.orientation: only horizontal bars")
    shades = checked("bar.marker", trace["marker"])["color"]
    half = trace["width"] / 2
    for place, (x, y) in enumerate(zip(trace["x"], trace["y"], strict=True)):
        left, right = sorted((frame.x(0), frame.x(x)))
        top, bottom = sorted((frame.y(y - half), frame.y(y + half)))
        shade = shades if isinstance(shades, str) else shades[place]
        yield _rectangle(left, top, right - left, bottom - top, shade)


def _scatter(trace: Plain, frame: Frame) -> Iterable[str]:
    points = [(frame.x(x), frame.y(y)) for x, y in zip(trace["x"], trace["y"], strict=True)]
    opacity = "" if "opacity" not in trace else f' opacity="{_n(trace["opacity"])}"'
    if trace["mode"] == "lines":
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        yield f'<polyline points="{path}" fill="{_fill(trace)}" {_stroke(trace["line"])}{opacity}/>'
    elif trace["mode"] == "markers":
        yield from (_marker(x, y, trace["marker"]) for x, y in points)
    else:
        raise NotDrawable(f"scatter.mode {trace['mode']!r}")


def _fill(trace: Plain) -> str:
    if "fill" not in trace:
        return "none"
    if trace["fill"] != "toself":
        raise NotDrawable(f"scatter.fill {trace['fill']!r}")
    return str(trace["fillcolor"])


def _marker(x: float, y: float, marker: Plain) -> str:
    check("marker", marker)
    radius, shade = marker["size"] / 2, quoteattr(marker["color"])
    if marker["symbol"] == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill={shade}/>'
    if marker["symbol"] == "diamond":
        reach = radius * _DIAMOND
        corners = ((x + reach, y), (x, y + reach), (x - reach, y), (x, y - reach))
        path = " ".join(f"{_n(a)},{_n(b)}" for a, b in corners)
        return f'<polygon points="{path}" fill={shade}/>'
    raise NotDrawable(f"marker.symbol {marker['symbol']!r}")


def _shape(shape: Plain, frame: Frame) -> str:
    left, right = frame.x(shape["x0"], shape["xref"]), frame.x(shape["x1"], shape["xref"])
    top, bottom = frame.y(shape["y0"], shape["yref"]), frame.y(shape["y1"], shape["yref"])
    if shape["type"] == "line":
        ends = f'x1="{_n(left)}" y1="{_n(top)}" x2="{_n(right)}" y2="{_n(bottom)}"'
        return f"<line {ends} {_stroke(shape['line'])}/>"
    if shape["type"] == "rect":
        x, y = min(left, right), min(top, bottom)
        return _rectangle(x, y, abs(right - left), abs(bottom - top), shape["fillcolor"])
    raise NotDrawable(f"shape of type {shape['type']!r}")


def _grid(layout: Plain, frame: Frame) -> Iterable[str]:
    for name, across in (("xaxis", False), ("yaxis", True)):
        axis = layout[name]
        if not axis["showgrid"]:
            continue
        if across:
            left, right = _n(frame.left), _n(frame.left + frame.width)
            lines = (f"M{left} {_n(frame.y(tick))}H{right}" for tick in axis["tickvals"])
        else:
            top, bottom = _n(frame.top), _n(frame.top + frame.height)
            lines = (f"M{_n(frame.x(tick))} {top}V{bottom}" for tick in axis["tickvals"])
        # One path: what a line costs in print is its element.
        yield f'<path d="{"".join(lines)}" {_stroke({"color": axis["gridcolor"], "width": axis["gridwidth"]})}/>'


def _ticks(layout: Plain, frame: Frame) -> Iterable[str]:
    for name in ("xaxis", "yaxis"):
        axis = layout[name]
        if axis.get("showticklabels") is False:
            continue
        font = {**layout["font"], **axis["tickfont"]}
        for tick, text in zip(axis["tickvals"], axis["ticktext"], strict=True):
            if name == "xaxis":
                y = frame.top + frame.height + _TICK_GAP + font["size"]
                for line, part in enumerate(text.split("<br>")):
                    yield _text(part, frame.x(tick), y + line * _LEADING * font["size"], "middle", font)
            else:
                y = frame.y(tick) + _MIDDLE * font["size"]
                yield _text(text, frame.left - _TICK_GAP, y, "end", font)


def _annotation(note: Plain, frame: Frame, base: Plain) -> str:
    check("annotation", note)
    if note["showarrow"]:
        raise NotDrawable("annotation.showarrow: arrows are not drawn")
    font = {**base, **note["font"]}
    x = frame.x(note["x"], note["xref"]) + note.get("xshift", 0)
    y = frame.y(note["y"], note["yref"]) - note.get("yshift", 0)
    anchor = {"left": "start", "center": "middle", "right": "end"}[note["xanchor"]]
    if note.get("textangle"):
        return _text(note["text"], x - _MIDDLE * font["size"], y, "middle", font, note["textangle"])
    drop = {"top": 1.0, "middle": _MIDDLE, "bottom": -0.25}[note["yanchor"]]
    return _text(note["text"], x, y + drop * font["size"], anchor, font)


def _text(text: str, x: float, y: float, anchor: str, font: Plain, angle: float = 0) -> str:
    check("font", font)
    if "<" in text:
        raise NotDrawable(f"markup in the text {text!r}")
    turn = f' transform="rotate({_n(angle)} {_n(x)} {_n(y)})"' if angle else ""
    look = f'font-family={quoteattr(font["family"])} font-size="{_n(font["size"])}" fill={quoteattr(font["color"])}'
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" {look}{turn}>{escape(unescape(text))}</text>'


def _rectangle(x: float, y: float, width: float, height: float, shade: str) -> str:
    if shade == NO_COLOUR:
        return ""
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill={quoteattr(shade)}/>'


def _stroke(line: Plain) -> str:
    check("line", line)
    dashes = {"solid": "", "dot": ' stroke-dasharray="2 2"', "dash": ' stroke-dasharray="6 4"'}
    dash = line.get("dash", "solid")
    if dash not in dashes:
        raise NotDrawable(f"line.dash {dash!r}")
    return f'stroke={quoteattr(line["color"])} stroke-width="{_n(line["width"])}"{dashes[dash]}'


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
