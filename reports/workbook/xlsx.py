"""Sheets as an XLSX, row by row: text stays text, numbers keep the digits they were published with."""

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.workbook.sheets import MINUS, Cell, Column, Row, Sheet, Shown
from survey.charts.sheet import ACCENT, GROUND, INK, LINE, MUTED

FONT: Final = "Malgun Gothic"
"""On every Windows with Korean, and replaced well elsewhere."""
LINE_HEIGHT: Final = 15
HEADING_LINES: Final = 3
FITS: Final = 1.12
"""Characters of our size for each character of a column's width."""
WIDE: Final = 160
"""Characters; a sheet that is wider is printed on A3."""
DEEPEST: Final = 7
"""Levels of grouping that the format knows."""
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(sheets: Iterable[Sheet], title: str, company: str, day: str) -> bytes:
    """Return the workbook; the same sheets give the same bytes. `day` is YYYY-MM-DD."""
    data = BytesIO()
    made = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12))
    # In a folder of its own, so that nothing stays where the disk is full.
    with TemporaryDirectory() as folder, Workbook(data, {**OPTIONS, "tmpdir": folder}) as book:
        book.set_properties({"title": title, "company": company, "created": made})
        formats = Formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats)
    return data.getvalue()


def number_format(cell: Shown) -> str:
    """Return the format that shows a number as it was published.

    >>> number_format(Shown("−3.1", after=" or more")), number_format(Shown("+0.25"))
    ('0.0" or more";−0.0" or more";0.0" or more"', '+0.00;−0.00;0.00')
    """
    decimals = len(cell.text.partition(".")[2])
    plain = "0." + "0" * decimals if decimals else "0"
    signs = ("+" if cell.text.startswith("+") else "", MINUS, "")
    before, after = (f'"{words}"' if words else "" for words in (cell.before, cell.after))
    return ";".join(f"{before}{sign}{plain}{after}" for sign in signs)


class Formats:
    """The looks of cells; one format for each that is used."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **looks: object) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Return the format with these looks."""
        key = tuple(sorted(looks.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top", **looks}
            )
        return self._made[key]

    @cached_property
    def title(self) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Of a sheet's first line."""
        return self.of(font_size=14, bold=True)

    @cached_property
    def lead(self) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Of the sentence below it."""
        return self.of(font_color=MUTED)

    def heading(self, *, number: bool, first: bool) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Of a column's heading."""
        looks = {"align": "right"} if number else {"align": "left", "indent": 0 if first else 1}
        return self.of(
            bold=True, text_wrap=True, valign="vcenter", bg_color=GROUND, bottom=2, bottom_color=ACCENT, **looks
        )

    def cell(self, column: Column, row: Row, cell: Cell, *, first: bool) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Of a cell of the table."""
        looks: dict[str, object] = {"bottom": 1, "bottom_color": LINE}
        if row.strong:
            looks["bold"] = True
        if row.muted:
            looks["font_color"] = MUTED
        if not column.number:
            looks["align"] = "left"
            looks["indent"] = min(row.level, DEEPEST) if first else 1
        if column.wraps:
            looks["text_wrap"] = True
        if isinstance(cell, Shown):
            looks["num_format"] = number_format(cell)
            looks |= {name: colour for name, colour in (("bg_color", cell.fill), ("font_color", cell.ink)) if colour}
        elif isinstance(cell, int):
            looks["num_format"] = "#,##0"
        return self.of(**looks)


def _write(page: Worksheet, sheet: Sheet, formats: Formats) -> None:
    _set_up(page, sheet)
    page.set_row(0, 24)
    page.write_string(0, 0, sheet.title, formats.title)
    page.write_string(1, 0, sheet.lead, formats.lead)
    if any(column.heading for column in sheet.columns):
        page.set_row(3, HEADING_LINES * LINE_HEIGHT)
        for place, column in enumerate(sheet.columns):
            page.write_string(3, place, column.heading, formats.heading(number=column.number, first=place == 0))
    for line, row in enumerate(sheet.rows, 4):
        page.set_row(line, _lines(sheet, row) * LINE_HEIGHT, None, {"level": min(row.level, DEEPEST)})
        for place, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True)):
            put(page, line, place, cell, formats.cell(column, row, cell, first=place == 0))


def _lines(sheet: Sheet, row: Row) -> int:
    """Return how many lines the longest text of a row needs: not every program finds that out by itself."""
    texts = [
        (cell, column.width)
        for cell, column in zip(row.cells, sheet.columns, strict=True)
        if column.wraps and isinstance(cell, str)
    ]
    return max((math.ceil(width_of(text) / (width * FITS)) for text, width in texts), default=1) or 1


def width_of(text: str) -> int:
    """Return the width of a text in characters; a Hangul syllable is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _set_up(page: Worksheet, sheet: Sheet) -> None:
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    page.hide_gridlines(2)
    page.freeze_panes(4, 1)
    page.outline_settings(symbols_below=False)
    page.set_landscape()
    page.set_paper(8 if sum(column.width for column in sheet.columns) > WIDE else 9)  # A3, A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(3)
    page.set_footer("&L&A&R&P / &N")
    if any(column.heading for column in sheet.columns):
        page.autofilter(3, 0, 3 + len(sheet.rows), len(sheet.columns) - 1)


def put(page: Worksheet, line: int, place: int, cell: Cell, look: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    """Write a cell as what it is: text stays text, whatever it looks like."""
    if cell is None or cell == "":
        page.write_blank(line, place, None, look)
    elif isinstance(cell, str):
        page.write_string(line, place, cell, look)
    else:
        page.write_number(line, place, cell.value if isinstance(cell, Shown) else cell, look)
