"""Workbooks for tests: good ones as Excel writes them, and bad ones that no program writes."""

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: Sequence[Sequence[str | float]], formulas: dict[str, tuple[str, str]] | None = None) -> bytes:
    """Return an XLSX with `rows`; `formulas` maps a cell ("B2") to its formula and the value Excel kept for it."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for index, cells in enumerate(rows):
            sheet.write_row(index, 0, cells)
        for cell, (formula, value) in (formulas or {}).items():
            sheet.write_formula(cell, formula, None, value)
    return made.getvalue()


def changed(data: bytes, member: str, content: bytes) -> bytes:
    """Return the workbook with one member replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != member:
                new.writestr(info.filename, old.read(info))
        new.writestr(member, content)
    return made.getvalue()


def member(data: bytes, name: str) -> bytes:
    """Return one member of the workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
