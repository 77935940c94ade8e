"""A table that leaves as CSV or XLSX: every cell is a text, and no spreadsheet takes any of them for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import xlsxwriter

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE: Final = "text/csv; charset=utf-8"
WIDEST: Final = 48
"""Characters: a column is not drawn wider."""

Row = Sequence[str]


def marked(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would read a formula.

    A text that already looks like that gets one more, so that taking one away gives it back.

    >>> marked("+A"), marked("'+A"), marked("O'Hara"), marked("-"), marked("=1+1")
    ("'+A", "''+A", "O'Hara", "'-", "'=1+1")
    """
    return f"'{text}" if text.lstrip("'")[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def as_csv(headings: Row, rows: Iterable[Row]) -> bytes:
    """Return a table as CSV in UTF-8 with its mark, as spreadsheets expect it."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(headings)
    lines.writerows([marked(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: str, headings: Row, rows: Iterable[Row]) -> bytes:
    """Return a table as a workbook with one sheet; every cell is text, so a number keeps the zeros it begins with."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        table = workbook.add_worksheet(sheet)
        bold, text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
        widths = [len(heading) for heading in headings]
        for column, heading in enumerate(headings):
            table.write_string(0, column, heading, bold)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                # Whoever reads the file takes one apostrophe before a sign away, in a workbook as in a CSV.
                table.write_string(place, column, marked(cell) if cell.startswith("'") else cell, text)
                widths[column] = max(widths[column], len(cell))
        for column, width in enumerate(widths):
            table.set_column(column, column, min(width, WIDEST) + 2, text)
        table.freeze_panes(1, 0)
    return file.getvalue()
