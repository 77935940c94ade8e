"""One unit over the waves as a native chart: its numbers can be edited, its intervals are error bars."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Pt
from xlsxwriter import Workbook

from reports.comparison.contents import Cell, Comparison, Line
from reports.comparison.files.parts import number, reach, runs, value_of
from reports.comparison.files.slide_text import Box, Look, colour, dress
from survey.charts.scale import step_of
from survey.charts.sheet import ACCENT, COMPANY, INK, LINE, MUTED, PAPER

SMALL: Final = Look(10, colour=MUTED)
SIGNED: Final = "+0;−0;0"
BAR: Final = 44450
"""Width of an interval in EMU: 3.5 points."""
PLOT: Final = {"x": "0.075", "y": "0.05", "w": "0.835", "h": "0.72"}
"""Where the axes lie in the chart, in parts of it."""
SEE_THROUGH: Final = 35_000
"""How much of the colour is left in an interval, in thousandths of a per cent."""


class Numbers(CategoryChartData):  # type: ignore[misc] # python-pptx is typed here and there
    """What a chart is drawn of, and the workbook behind it, in which a name stays text whatever it begins with."""

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook: the library's own would take "=..." for a formula, and an address for a link."""
        file = BytesIO()
        with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
            self._workbook_writer._populate_worksheet(book, book.add_worksheet())  # noqa: SLF001 - it has no other way
        return file.getvalue()


def add(slide: Slide, line: Line, compared: Comparison, box: Box, says: str) -> None:
    """Put a unit's chart on a slide; `says` is read to those who do not see it."""
    data, groups = Numbers(), runs(line.cells)
    data.categories = list(compared.waves)
    data.add_series(compared.company_name, [_value(cell) for cell in compared.company])
    for run in groups:
        values = [_value(cell) if place in run else None for place, cell in enumerate(line.cells)]
        data.add_series(line.name, values)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *box.emu, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", says)  # noqa: SLF001 - python-pptx has no alternative text
    frame.name = line.name
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    dress(chart.font, SMALL, compared.language)
    _axes(chart, compared)
    _layout(chart)
    company, *parts = chart.plots[0].series
    _company(company)
    for part, run in zip(parts, groups, strict=True):
        _part(part, line.cells, run)
    if groups and groups[-1][-1] == len(line.cells) - 1:
        _label(parts[-1], line.cells, compared.language)


def spoken(line: Line, compared: Comparison) -> str:
    """Return a chart in words: each wave with its number, or why there is none."""
    waves = "; ".join(f"{cell.wave}: {number(cell)}" for cell in line.cells)
    return f"{line.name}. {compared.measure.name}. {waves}"


def _value(cell: Cell) -> float | None:
    """Return the number as it is shown, for whoever opens the chart's numbers."""
    return None if cell.figure is None else value_of(cell.figure.text)


def _axes(chart: Any, compared: Comparison) -> None:  # noqa: ANN401 - python-pptx has no types
    values, waves = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale = compared.axis
    values.major_unit = step_of(*compared.axis)
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = colour(LINE)
    values.major_gridlines.format.line.width = Pt(0.75)
    values.format.line.fill.background()
    values.tick_labels.number_format = SIGNED if compared.measure.kind == "index" else "0"
    values.tick_labels.number_format_is_linked = False
    for axis in (values, waves):
        axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
        dress(axis.tick_labels.font, SMALL, compared.language)
    waves.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    waves.format.line.color.rgb = colour(MUTED)
    waves.format.line.width = Pt(0.75)


def _layout(chart: Any) -> None:  # noqa: ANN401 - python-pptx has no types
    """Keep room right of the newest wave, where its number stands."""
    area = chart._chartSpace.chart.plotArea  # noqa: SLF001 - python-pptx lays nothing out
    layout = area.find(qn("c:layout"))
    if layout is None:
        layout = area.makeelement(qn("c:layout"), {})
        area.insert(0, layout)
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    for tag, value in (("layoutTarget", "inner"), ("xMode", "edge"), ("yMode", "edge"), *PLOT.items()):
        etree.SubElement(manual, qn(f"c:{tag}")).set("val", value)


def _company(series: Any) -> None:  # noqa: ANN401 - python-pptx has no types
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    series.format.line.color.rgb = colour(COMPANY)
    series.format.line.width = Pt(1.5)
    series.format.line.dash_style = MSO_LINE.ROUND_DOT


def _part(series: Any, cells: Sequence[Cell], run: Sequence[int]) -> None:  # noqa: ANN401 - python-pptx has no types
    series.smooth = False
    series.format.line.color.rgb = colour(ACCENT)
    series.format.line.width = Pt(2)
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 7
    hollow = all(cells[place].name for place in run)
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour(PAPER if hollow else ACCENT)
    series.marker.format.line.color.rgb = colour(ACCENT)
    ends = [reach(cell) if place in run else (0.0, 0.0) for place, cell in enumerate(cells)]
    element = series._element  # noqa: SLF001 - python-pptx draws no error bars
    element.find(qn("c:cat")).addprevious(_error_bars(element, ends))


def _error_bars(element: Any, ends: Sequence[tuple[float, float]]) -> Any:  # noqa: ANN401 - lxml's elements
    """Return the intervals as error bars, each with its own ends."""
    bars = element.makeelement(qn("c:errBars"), {})
    for tag, kind in (("c:errDir", "y"), ("c:errBarType", "both"), ("c:errValType", "cust"), ("c:noEndCap", "1")):
        etree.SubElement(bars, qn(tag)).set("val", kind)
    for tag, values in (("c:plus", [up for _, up in ends]), ("c:minus", [down for down, _ in ends])):
        numbers = etree.SubElement(etree.SubElement(bars, qn(tag)), qn("c:numLit"))
        etree.SubElement(numbers, qn("c:formatCode")).text = "General"
        etree.SubElement(numbers, qn("c:ptCount")).set("val", str(len(values)))
        for place, value in enumerate(values):
            point = etree.SubElement(numbers, qn("c:pt"))
            point.set("idx", str(place))
            etree.SubElement(point, qn("c:v")).text = repr(value)
    line = etree.SubElement(etree.SubElement(bars, qn("c:spPr")), qn("a:ln"))
    line.set("w", str(BAR))
    shade = etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"))
    shade.set("val", ACCENT.removeprefix("#"))
    etree.SubElement(shade, qn("a:alpha")).set("val", str(SEE_THROUGH))
    return bars


def _label(series: Any, cells: Sequence[Cell], language: str) -> None:  # noqa: ANN401 - python-pptx has no types
    """Write the newest number beside its dot, as the page shows it."""
    label = series.points[len(cells) - 1].data_label
    frame = label.text_frame
    frame.text = cells[-1].shown
    dress(frame.paragraphs[0].runs[0].font, Look(11, colour=INK, bold=True), language)
    label.position = XL_LABEL_POSITION.RIGHT
