"""The figures of a comparison: the page hands them to plotly.js, print draws the same ones."""

import plotly.graph_objects as go

from reports.comparison.contents import Comparison, Line
from survey.charts.bands import bands_figure
from survey.charts.multiples import Dot, panel_figure


def trend(line: Line, found: Comparison) -> go.Figure:
    """Return a unit over the waves, on the scale that all of them share."""
    dots = [
        Dot(cell.wave, cell.figure, company.figure, cell.hidden, cell.joined, cell.broken,
            cell.apart or company.apart, cell.name, cell.stayed)
        for cell, company in zip(line.cells, found.company, strict=True)
    ]  # fmt: skip
    return panel_figure(dots, found.axis, found.language, line.marks, sign=found.measure.kind == "index")


def bands(found: Comparison) -> go.Figure | None:
    """Return the picture of which units can be told apart; None where fewer than two are shown."""
    if found.apart is None:
        return None
    rows = [(row.name, row.figure) for row in found.apart.rows]
    return bands_figure(rows, found.apart.bands, found.axis, found.language, sign=found.measure.kind == "index")
