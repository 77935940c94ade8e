"""A unit's charts made ready for print: the web's figures, fitted to their place on the page, as SVG with a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from reports.lengths import cut
from reports.subset import Plain
from reports.svg import NO_COLOUR, draw_plain
from reports.trend import points
from survey.charts import UNIT_FIGURES
from survey.charts.marks import TrendMark
from survey.charts.sheet import AXIS
from survey.charts.trend import span, trend_figure
from survey.i18n import Sentence
from survey.privacy.thaw import Publication, PublishedUnit

SIDE: Final = 18
"""Pixels left and right of a row chart: room for half a tick label ("+100", and wider digits than these)."""
ROW_CHART: Final = 278
TICKS: Final = 22
"""Pixels below a row chart for its tick labels."""
MAP: Final = 372
TREND_HEIGHT: Final = 156
WAVE: Final = 9
"""Width of a wave's code below the trend (`reports.lengths`)."""


@dataclass(frozen=True)
class Chart:
    """One drawing of a report; templates show it as an image at `address`, with `alt` for those who do not see it."""

    name: str
    svg: str
    width: int
    height: int
    alt: str

    @property
    def address(self) -> str:
        """The address under which the closed fetcher hands it out."""
        return f"chart:{self.name}"


def charts_of(unit: PublishedUnit, publication: Publication, language: str) -> dict[str, Chart]:
    """Return the charts of a unit by name; those that cannot be shown are left out."""
    ready: dict[str, Chart] = {}
    for name, (make, alt) in UNIT_FIGURES.items():
        figure = make(unit, publication, language)
        if figure is not None:
            ready[name] = _ready(name, figure, alt.to(language))
    return ready


def trend(waves: Sequence[Publication], code: str, language: str, marks: Sequence[TrendMark] = ()) -> Chart | None:
    """Return the unit's index over the waves, with what began or happened between; None where there is only one."""
    line = points(waves, code)
    if not line:
        return None
    plain = trend_figure(line, span([line]), language, marks).to_plotly_json()
    layout = plain["layout"]
    layout["height"], layout["margin"]["b"] = TREND_HEIGHT, TICKS
    layout["xaxis"]["ticktext"] = [cut(point.wave, WAVE) for point in line]
    alt = Sentence("The index over the waves with its 95 % intervals; the numbers stand in the table.")
    return _drawn("trend", plain, " ".join([alt.to(language), *(mark.text for mark in marks)]))


def _ready(name: str, figure: go.Figure, alt: str) -> Chart:
    plain = figure.to_plotly_json()
    layout = plain["layout"]
    if name == "map":
        layout["width"] = layout["height"] = MAP
    else:
        # The table beside the chart names its rows: the chart only needs room for its ticks.
        layout["width"], layout["height"] = ROW_CHART, layout["height"] - AXIS + TICKS
        layout["margin"].update(l=SIDE, r=SIDE, t=0, b=TICKS)
        layout["yaxis"]["showticklabels"] = False
        layout["paper_bgcolor"] = layout["plot_bgcolor"] = NO_COLOUR
    return _drawn(name, plain, alt)


def _drawn(name: str, plain: Plain, alt: str) -> Chart:
    return Chart(name, draw_plain(plain), plain["layout"]["width"], plain["layout"]["height"], alt)
