"""The newest wave as a native table: each unit with its interval, and a dot for each band that it belongs to."""

from collections.abc import Sequence
from typing import Any, Final

from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.table import Table
from pptx.util import Inches, Pt

from reports.comparison.contents import Comparison
from reports.comparison.files.slide_text import Box, Look, colour, fill
from survey.charts.sheet import ACCENT, GROUND, INK, LINE, MUTED
from survey.i18n import Sentence

TALL: Final = 0.4
NUMBER: Final = 1.05
INTERVAL: Final = 1.75
ANSWERS: Final = 0.85
BAND: Final = 0.3
INSIDE: Final = 0.06
PLAIN_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The table style without any lines or fills."""


def add(slide: Slide, compared: Comparison, box: Box) -> None:
    """Put the table on a slide; its rows are as tall as the box has room for."""
    bands = () if compared.apart is None else compared.apart.bands
    fixed = [NUMBER, INTERVAL, ANSWERS, *[BAND] * len(bands)]
    widths = [box.width - sum(fixed), *fixed]
    tall = min(TALL, box.height / (len(compared.lines) + 1))
    rows = _rows(compared, bands)
    says = Sentence("%(title)s: the newest wave of each unit, with its 95 %% interval.", {"title": compared.title})
    table = _empty(slide, box, widths, [tall] * len(rows), says.to(compared.language))
    for number, row in enumerate(rows):
        _write(table, number, row, widths, tall, compared)


def grid(slide: Slide, rows: Sequence[Sequence[str]], box: Box, says: str, language: str) -> None:
    """Put a table of names and numbers on a slide: the first column takes a quarter, the others share the rest."""
    first = box.width / 4
    widths = [first, *[(box.width - first) / max(len(rows[0]) - 1, 1)] * (len(rows[0]) - 1)]
    tall = min(TALL, box.height / len(rows))
    table = _empty(slide, box, widths, [tall] * len(rows), says)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            look = Look(12, least=8.5, colour=INK, right=place > 0) if number else _look(0, place, hidden=False)
            cell = table.cell(number, place)
            fill(cell.text_frame, Box(0, 0, widths[place] - 2 * INSIDE, tall - 0.03), [text], look, language)
            _inside(cell)
            _head_or_line(cell, head=number == 0)


def _empty(slide: Slide, box: Box, widths: Sequence[float], heights: Sequence[float], says: str) -> Table:
    """Put a table without words on a slide; widths and heights in inches, and what a screen reader says of it."""
    size = (Inches(box.left), Inches(box.top), Inches(box.width), Inches(sum(heights)))
    frame = slide.shapes.add_table(len(heights), len(widths), *size)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", says)  # noqa: SLF001 - see the charts
    table = frame.table
    table.horz_banding = False
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_STYLE  # noqa: SLF001 - python-pptx names no styles
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = Inches(height)
    return table


def _inside(cell: Any) -> None:  # noqa: ANN401 - python-pptx has no types
    """Leave little room around what stands in a cell."""
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(INSIDE)
    cell.margin_top, cell.margin_bottom = Inches(0.03), Inches(0)


def _head_or_line(cell: Any, *, head: bool) -> None:  # noqa: ANN401 - python-pptx has no types
    if head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = colour(GROUND)
    _rule(cell, ACCENT if head else LINE, 1.5 if head else 0.75)


def _rows(compared: Comparison, bands: Sequence[Sequence[int]]) -> list[list[str]]:
    say = compared.language
    names = (Sentence("Unit"), Sentence("Interval"), Sentence("Answers"))
    unit, interval, answers = (name.to(say) for name in names)
    rows = [[unit, compared.measure.name, interval, answers, *[""] * len(bands)]]
    places = {} if compared.apart is None else {row.code: place for place, row in enumerate(compared.apart.rows)}
    for line in compared.lines:
        cell = line.cells[-1]
        dots = ["●" if places.get(line.code) in band else "" for band in bands]
        rows.append([line.name, *([cell.shown, cell.interval, cell.n] if cell.figure else [cell.why, "", ""]), *dots])
    return rows


def _write(table: Any, number: int, row: list[str], widths: list[float], tall: float, compared: Comparison) -> None:  # noqa: ANN401 - python-pptx has no types
    hidden = number > 0 and compared.lines[number - 1].cells[-1].figure is None
    if hidden:
        table.cell(number, 1).merge(table.cell(number, 3))
    for place, text in enumerate(row):
        cell = table.cell(number, place)
        merged = hidden and place in {2, 3}
        width = sum(widths[1:4]) if hidden and place == 1 else widths[place]
        look = _look(number, place, hidden=hidden)
        room = Box(0, 0, width - 2 * INSIDE, tall - 0.03)
        if not merged:
            fill(cell.text_frame, room, [text], look, compared.language)
        _inside(cell)
        _head_or_line(cell, head=number == 0)


def _look(number: int, place: int, *, hidden: bool) -> Look:
    right = place > 0 and not (hidden and number)
    if number == 0:
        return Look(10, least=8, colour=INK, bold=True, right=right)
    if hidden and place > 0:
        return Look(10, least=7.5, colour=MUTED)
    return Look(12, least=8.5, colour=MUTED if place in {2, 3} else INK, bold=place == 1, right=right)


def _rule(cell: Any, shade: str, width: float) -> None:  # noqa: ANN401 - python-pptx has no types
    """Draw the line below a cell."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx draws no borders
    line = etree.Element(qn("a:lnB"))
    line.set("w", str(Pt(width)))
    etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr")).set("val", shade[1:])
    properties.insert(0, line)
