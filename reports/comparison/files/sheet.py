"""A comparison as a workbook: the table with its intervals, native charts beside it, and how to read them."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.comparison.beside import Outcome
from reports.comparison.contents import Cell, Comparison
from reports.comparison.files import sheet_charts
from reports.comparison.files.handed import Handed
from reports.workbook.sheets import Cell as Entry
from reports.workbook.sheets import Column, Row, Shown, high, low, shown, words
from reports.workbook.xlsx import FITS, HEADING_LINES, LINE_HEIGHT, OPTIONS, Formats, put, width_of
from survey.charts.sheet import ACCENT
from survey.charts.tokens import LIGHT
from survey.i18n import Sentence

SCALE: Final = 70
"""Per cent at which the table, and two charts side by side, fill a sheet of A4."""
MERGED: Final = 112
"""Characters that fit the width of the table."""


def write(handed: Handed) -> bytes:
    """Return the workbook; the same comparison gives the same bytes."""
    compared, data = handed.comparison, BytesIO()
    made = dt.datetime.combine(dt.date.fromisoformat(handed.day), dt.time(12))
    options = {**OPTIONS, "constant_memory": False}
    with TemporaryDirectory() as folder, Workbook(data, {**options, "tmpdir": folder}) as book:
        book.set_properties({"title": compared.title, "company": compared.company_name, "created": made})
        formats = Formats(book)
        page = book.add_worksheet(_say(compared, Sentence("Comparison")))
        numbers = book.add_worksheet(_say(compared, Sentence("Behind the charts")))
        _page(page, handed, formats)
        sheet_charts.add(book, page, numbers, compared, formats)
        if compared.apart is not None and compared.apart.lines:
            _pairs(book.add_worksheet(_say(compared, Sentence("Pairs"))), compared, formats)
        if compared.outcome is not None:
            _outcome_sheet(
                book.add_worksheet(_say(compared, Sentence("Outcomes"))), compared, compared.outcome, formats
            )
    return data.getvalue()


def _say(compared: Comparison, sentence: Sentence) -> str:
    return sentence.to(compared.language)


def _columns(compared: Comparison) -> list[Column]:
    return [
        words(_say(compared, Sentence("Unit")), 28),
        words(_say(compared, Sentence("Wave")), 10),
        Column(compared.measure.name, 13),
        Column(_say(compared, Sentence("From")), 9),
        Column(_say(compared, Sentence("To")), 9),
        Column(_say(compared, Sentence("Answers")), 9),
        words(_say(compared, Sentence("Since the wave before")), 18, wraps=True),
        words(_say(compared, Sentence("Note")), 44, wraps=True),
    ]


def _page(page: Worksheet, handed: Handed, formats: Formats) -> None:
    compared = handed.comparison
    columns = _columns(compared)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
    page.set_row(0, 24)
    page.write_string(0, 0, f"{compared.company_name}: {compared.title}", formats.title)
    line = _paragraphs(page, 1, [compared.sentence], formats.of(text_wrap=True, font_size=12))
    demo = [_say(compared, Sentence("This company, its people and all their answers are made up."))]
    warned = [*(each.whole for each in handed.afterwards), *(demo if compared.demo else [])]
    line = _paragraphs(page, line, warned, formats.of(text_wrap=True, font_color=LIGHT["warm"], bold=True)) + 1
    page.set_row(line, HEADING_LINES * LINE_HEIGHT)
    for place, column in enumerate(columns):
        page.write_string(line, place, column.heading, formats.heading(number=column.number, first=place == 0))
    page.freeze_panes(line + 1, 1)
    page.repeat_rows(line)
    head = line
    for row in _rows(compared):
        line += 1
        page.set_row(line, _height(row.cells, columns))
        for place, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            put(page, line, place, cell, formats.cell(column, row, cell, first=place == 0))
    page.autofilter(head, 0, line, len(columns) - 1)
    page.set_v_pagebreaks([len(columns)])
    notes = [*compared.notes, *compared.otherwise, *_outcome(compared), *_from(compared)]
    _paragraphs(page, line + 2, notes, formats.of(text_wrap=True))
    _set_up(page)


def _rows(compared: Comparison) -> Iterator[Row]:
    """Yield a row for each unit and wave; the company stands last, as what the units are read against."""
    for line in compared.lines:
        for place, cell in enumerate(line.cells):
            newest = place == len(line.cells) - 1
            also = " ".join((line.badge, *line.notes, *(mark.text for mark in line.marks))) if newest else ""
            yield Row(_cells(line.name, cell, compared, also), muted=cell.figure is None)
    for cell in compared.company:
        yield Row(_cells(compared.company_name, cell, compared, ""))


def _cells(name: str, cell: Cell, compared: Comparison, also: str) -> list[Entry]:
    stood = Sentence("Then: %(unit)s", {"unit": cell.name}).to(compared.language) if cell.name else ""
    broken = ""
    if cell.broken and cell.stayed is not None:
        text = Sentence("%(percent)s %% of these people had been here in the wave before.", {"percent": cell.stayed})
        broken = text.to(compared.language)
    note = " ".join(part for part in (cell.why, stood, broken, also) if part.strip())
    figure = cell.figure
    count = int(cell.n.replace(",", "")) if cell.n else None
    return [
        name,
        cell.wave,
        shown(figure, compared.language),
        low(figure),
        high(figure),
        count,
        cell.change,
        note,
    ]


def _outcome(compared: Comparison) -> Iterator[str]:
    if compared.outcome is not None:
        yield f"{compared.outcome.name}: {compared.outcome.verdict}"


def _from(compared: Comparison) -> Iterator[str]:
    digests = ", ".join(f"{wave} {digest[:12]}" for wave, digest in zip(compared.waves, compared.digests, strict=True))
    yield Sentence("Read from these publications: %(digests)s", {"digests": digests}).to(compared.language)


def _paragraphs(page: Worksheet, line: int, texts: list[str], look: Any) -> int:  # noqa: ANN401 - xlsxwriter has no types
    """Write each text across the table's columns; return the line below the last one."""
    for text in texts:
        page.set_row(line, LINE_HEIGHT * max(1, -(-width_of(text) // MERGED)) + 3)
        page.merge_range(line, 0, line, 7, "", look)
        page.write_string(line, 0, text, look)
        line += 1
    return line


def _height(cells: Sequence[Entry], columns: Sequence[Column]) -> int:
    lines = [1]
    for cell, column in zip(cells, columns, strict=True):
        if column.wraps and isinstance(cell, str):
            lines.append(math.ceil(width_of(cell) / (column.width * FITS)))
    return LINE_HEIGHT * max(lines)


def _pairs(page: Worksheet, compared: Comparison, formats: Formats) -> None:
    if compared.apart is None:
        return
    columns = [
        words(_say(compared, Sentence("The first minus the second")), 44, wraps=True),
        words(_say(compared, Sentence("What can be said")), 50, wraps=True),
        words(_say(compared, Sentence("Difference")), 12),
        words(_say(compared, Sentence("Interval")), 18),
        words("Hedges’ g", 10),
    ]
    page.set_row(0, 24)
    page.write_string(0, 0, f"{compared.measure.name}, {compared.apart.wave}", formats.title)
    page.write_string(1, 0, compared.apart.sentence, formats.lead)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(3, place, column.heading, formats.heading(number=False, first=place == 0))
    for line, each in enumerate(compared.apart.lines, 4):
        cells = [f"{each.first} – {each.second}", each.says, each.difference, each.interval, each.g]
        page.set_row(line, _height(cells, columns))
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            put(page, line, place, cell, formats.cell(column, Row([]), cell, first=place == 0))
    _set_up(page)


def _outcome_sheet(page: Worksheet, compared: Comparison, found: Outcome, formats: Formats) -> None:
    """Write what the company counted of each unit after each wave."""
    columns = [
        words(_say(compared, Sentence("Unit")), 28),
        words(_say(compared, Sentence("Wave")), 10),
        words(_say(compared, Sentence("Period")), 16),
        Column(found.counted_in, 16),
    ]
    page.set_row(0, 24)
    page.write_string(0, 0, f"{found.name} ({found.counted_in}) · {found.better}", formats.title)
    page.write_string(1, 0, found.verdict, formats.lead)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(3, place, column.heading, formats.heading(number=column.number, first=place == 0))
    values = ((line.name, each) for line in compared.lines for each in found.values[line.code])
    told: list[list[Entry]] = [
        [name, each.wave, each.period, Shown(each.shown.replace(",", ""))]
        for name, each in values
        if each.value is not None
    ]
    for number, cells in enumerate(told, 4):
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            put(page, number, place, cell, formats.cell(column, Row([]), cell, first=place == 0))
    _set_up(page)


def _set_up(page: Worksheet) -> None:
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)
    page.set_print_scale(SCALE)
    page.set_tab_color(ACCENT)
    page.set_footer("&L&A&R&P / &N")
