"""A plain table as a workbook of one sheet, where every cell is a text. For workers and commands only."""

import io
from collections.abc import Iterable, Sequence
from tempfile import TemporaryDirectory
from typing import Final

import xlsxwriter

from survey.spreadsheets import APOSTROPHE, marked

WIDEST: Final = 48
"""Characters: a column is not drawn wider."""

Row = Sequence[str]


def as_xlsx(sheet: str, headings: Row, rows: Iterable[Row]) -> bytes:
    """Return a table as a workbook with one sheet; every cell is text, so a number keeps the zeros it begins with."""
    file = io.BytesIO()
    # In a folder of its own, so that nothing stays where the disk is full.
    with TemporaryDirectory() as folder, xlsxwriter.Workbook(file, {"tmpdir": folder}) as workbook:
        table = workbook.add_worksheet(sheet)
        bold, text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
        widths = [len(heading) for heading in headings]
        for column, heading in enumerate(headings):
            table.write_string(0, column, heading, bold)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                # Whoever reads the file takes one apostrophe before a sign away, in a workbook as in a CSV.
                table.write_string(place, column, marked(cell) if cell.startswith(APOSTROPHE) else cell, text)
                widths[column] = max(widths[column], len(cell))
        for column, width in enumerate(widths):
            table.set_column(column, column, min(width, WIDEST) + 2, text)
        table.freeze_panes(1, 0)
    return file.getvalue()
