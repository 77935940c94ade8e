"""A unit's charts made ready for print: the web's figures, fitted to their place on the page, as SVG with a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from reports.lengths import cut
from reports.svg import NO_COLOUR, draw
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
    figure = trend_figure(line, span([line]), language, marks)
    names = [cut(point.wave, WAVE) for point in line]
    figure.update_layout(height=TREND_HEIGHT, margin={"b": TICKS}, xaxis={"ticktext": names})
    alt = Sentence("The index over the waves with its 95 % intervals; the numbers stand in the table.")
    says = " ".join([alt.to(language), *(mark.text for mark in marks)])
    return Chart("trend", draw(figure), figure.layout.width, figure.layout.height, says)


def _ready(name: str, figure: go.Figure, alt: str) -> Chart:
    if name == "map":
        figure.update_layout(width=MAP, height=MAP)
    else:
        # The table beside the chart names its rows: the chart only needs room for its ticks.
        height = figure.layout.height - AXIS + TICKS
        figure.update_layout(width=ROW_CHART, height=height, margin={"l": SIDE, "r": SIDE, "t": 0, "b": TICKS})
        figure.update_yaxes(showticklabels=False)
        figure.update_layout(paper_bgcolor=NO_COLOUR, plot_bgcolor=NO_COLOUR)
    return Chart(name, draw(figure), figure.layout.width, figure.layout.height, alt)
