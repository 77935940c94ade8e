import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

import plotly.graph_objects as go
import pytest
from playwright.sync_api import Browser

from reports.figures import charts_of
from reports.subset import NotDrawable
from reports.svg import Frame, draw, frame_of
from survey import charts
from survey.charts.sheet import sheet
from tests.reports import company
from tests.sample import sample_publication

SVG = "{http://www.w3.org/2000/svg}"
PLOTLY = Path(__file__).parents[2] / "survey" / "static" / "vendor" / "plotly.js-cartesian-dist-min"
CLOSE = 0.05
"""Pixels: both sides round coordinates to two decimals."""

READ = """
async (figure) => {
  const place = document.createElement('div');
  document.body.append(place);
  await Plotly.newPlot(place, figure.data, figure.layout, {staticPlot: true});
  const origin = place.querySelector('svg.main-svg').getBoundingClientRect();
  const boxes = (selector) => [...place.querySelectorAll(selector)].map((part) => {
    const box = part.getBBox(), matrix = part.getScreenCTM();
    const corner = (x, y) => [matrix.a * x + matrix.c * y + matrix.e - origin.left,
                              matrix.b * x + matrix.d * y + matrix.f - origin.top];
    return [...corner(box.x, box.y), ...corner(box.x + box.width, box.y + box.height)];
  });
  const found = {bars: boxes('.barlayer .point path'), points: boxes('.scatterlayer .points path'),
                 lines: boxes('.scatterlayer .js-line'), shapes: boxes('.shapelayer path')};
  place.remove();
  return found;
}
"""

Box = tuple[float, float, float, float]


def figures() -> Iterable[tuple[str, go.Figure]]:
    """Return one figure of each kind, from a real publication."""
    publication = sample_publication()
    for code in ("A1-T1", "B3-T1", "HQ"):
        unit = publication.unit(code)
        for make in (
            charts.index_figure,
            charts.motives_figure,
            charts.contribution_figure,
            charts.facets_figure,
            charts.map_figure,
        ):
            figure = make(unit, publication, "ko")
            if figure is not None:
                yield f"{code} {make.__name__}", figure


def drawn(figure: go.Figure) -> dict[str, list[Box]]:
    """Return the boxes of bars, points, lines and shapes in our SVG."""
    root = ET.fromstring(draw(figure))  # noqa: S314 - our own text
    group = root.find(f"{SVG}g")
    assert group is not None
    found: dict[str, list[Box]] = {
        "bars": [_rect(part) for part in group.iter(f"{SVG}rect")],
        "points": [_circle(part) for part in group.iter(f"{SVG}circle")],
        "lines": [_polyline(part) for part in group.iter(f"{SVG}polyline")],
        "shapes": [_line(part) for part in root.findall(f"{SVG}line")],
    }
    found["points"] += [_polyline(part) for part in group.iter(f"{SVG}polygon")]
    return found


def _numbers(part: ET.Element, *names: str) -> list[float]:
    return [float(part.attrib[name]) for name in names]


def _rect(part: ET.Element) -> Box:
    x, y, width, height = _numbers(part, "x", "y", "width", "height")
    return x, y, x + width, y + height


def _circle(part: ET.Element) -> Box:
    x, y, radius = _numbers(part, "cx", "cy", "r")
    return x - radius, y - radius, x + radius, y + radius


def _polyline(part: ET.Element) -> Box:
    points = [tuple(map(float, pair.split(","))) for pair in part.attrib["points"].split()]
    across, along = [point[0] for point in points], [point[1] for point in points]
    return min(across), min(along), max(across), max(along)


def _line(part: ET.Element) -> Box:
    x1, y1, x2, y2 = _numbers(part, "x1", "y1", "x2", "y2")
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


@pytest.mark.browser
def test_print_draws_where_the_web_draws(browser: Browser) -> None:
    """Bars, points, lines and shapes of every chart stand where the real plotly.js puts them."""
    script = next(PLOTLY.glob("*.js"))
    with browser.new_page() as page:
        page.add_script_tag(path=script)
        for name, figure in figures():
            real = page.evaluate(READ, figure.to_plotly_json())
            ours = drawn(figure)
            for kind in ("bars", "points", "lines"):
                assert len(ours[kind]) == len(real[kind]), (name, kind)
                for mine, theirs in zip(sorted(ours[kind]), sorted(map(tuple, real[kind])), strict=True):
                    assert mine == pytest.approx(theirs, abs=CLOSE), (name, kind)
            for theirs in real["shapes"]:
                assert any(mine == pytest.approx(theirs, abs=CLOSE) for mine in ours["shapes"]), (name, theirs)


def test_axes_follow_plotlys_arithmetic() -> None:
    """A value's pixel is its share of the range, from the left and from the top; paper runs from 0 to 1."""
    frame = Frame(10, 20, 100, 50, (-100, 100), (4.5, -0.5))
    assert frame.x(-100) == 10
    assert frame.x(0) == 60
    assert frame.x(1, "paper") == 110
    assert frame.y(4.5) == 70
    assert frame.y(-0.5) == 20
    assert frame.y(0, "paper") == 70


def test_labels_stand_beside_the_chart() -> None:
    """Names of rows end left of the plotting area, ticks are centred below it."""
    figure = sheet(["가"], (0, 10), {0: "0", 10: "10"})
    texts = {part.text: part.attrib for part in ET.fromstring(draw(figure)).iter(f"{SVG}text")}  # noqa: S314 - our own text
    frame = frame_of(figure.to_plotly_json()["layout"])
    assert float(texts["가"]["x"]) < frame.left
    assert texts["가"]["text-anchor"] == "end"
    assert float(texts["10"]["x"]) == pytest.approx(frame.x(10), abs=0.01)
    assert frame.x(10) < frame.left + frame.width - 1, "plotly.js draws no line on the edge"
    assert float(texts["10"]["y"]) > frame.top + frame.height


POINT = {"x": [1], "y": [0]}
LINE: dict[str, object] = {"color": "#ffffff", "width": 1}
CIRCLE = {"type": "circle", "xref": "x", "yref": "y", "x0": 0, "x1": 1, "y0": 0, "y1": 1}
NOTE = {"x": 0, "y": 0, "xref": "x", "yref": "y", "xanchor": "left", "yanchor": "top", "showarrow": False}
STAR = {"symbol": "star", "size": 3, "color": "#ffffff"}


@pytest.mark.parametrize(
    ("layout", "place"),
    [
        ({"showlegend": True}, "showlegend"),
        ({"title": {"text": "x"}}, "layout.title"),
        ({"template": "plotly"}, "template"),
        ({"xaxis": {"ticks": "outside"}}, "xaxis"),
        ({"xaxis": {"type": "log"}}, "axis.type"),
        ({"shapes": [CIRCLE]}, "circle"),
        ({"annotations": [{**NOTE, "text": "<b>x</b>", "font": {"size": 9}}]}, "markup"),
        ({"annotations": [{**NOTE, "text": "x", "font": {"size": 9}, "showarrow": True}]}, "showarrow"),
    ],
)
def test_a_layout_that_print_cannot_draw_is_refused(layout: dict[str, object], place: str) -> None:
    """Anything outside the subset raises and names the place, so that print never silently differs from the web."""
    figure = sheet(["x"], (0, 1), {0: "0"})
    figure.update_layout(layout)
    with pytest.raises(NotDrawable, match=place):
        draw(figure)


@pytest.mark.parametrize(
    ("trace", "place"),
    [
        ({"type": "heatmap", "z": [[1]]}, "heatmap"),
        ({"type": "bar", **POINT, "orientation": "v", "width": 1, "marker": {"color": "#ffffff"}}, "orientation"),
        ({"type": "scatter", **POINT, "mode": "text"}, "mode"),
        ({"type": "scatter", **POINT, "mode": "markers", "marker": STAR}, "star"),
        ({"type": "scatter", **POINT, "mode": "lines", "line": LINE | {"shape": "spline"}}, "line.shape"),
        ({"type": "scatter", **POINT, "mode": "lines", "line": LINE | {"dash": "dashdot"}}, "dash"),
        ({"type": "scatter", **POINT, "mode": "lines", "line": LINE, "fill": "tozeroy"}, "fill"),
        ({"type": "scatter", **POINT, "error_x": {"array": [1]}}, "error_x"),
    ],
)
def test_a_trace_that_print_cannot_draw_is_refused(trace: dict[str, object], place: str) -> None:
    """The same for bars, points and lines."""
    with pytest.raises(NotDrawable, match=place):
        draw(sheet(["x"], (0, 1), {0: "0"}, [trace]))


def test_labels_are_text() -> None:
    """A name with markup is drawn as it is written."""
    publication = company.renamed("SEOUL", "<b>A & B</b>")
    figure = charts.index_figure(publication.unit("SEOUL"), publication, "ko")
    assert figure is not None
    root = ET.fromstring(draw(figure))  # noqa: S314 - our own text
    assert "<b>A & B</b>" in [part.text for part in root.iter(f"{SVG}text")]


def test_suppressed_units_have_no_charts() -> None:
    """Where nothing may be shown, nothing is drawn; the company has no gap to draw."""
    publication = company.publication()
    assert charts_of(publication.unit("LAB"), publication, "ko") == {}
    assert set(charts_of(publication.root, publication, "ko")) == {"index", "motives", "facets", "map"}
    assert set(charts_of(publication.unit("CARE"), publication, "ko")) == {
        "index", "motives", "facets", "map", "contribution"
    }  # fmt: skip
