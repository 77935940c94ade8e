"""A table as somebody keeps it, CSV or XLSX, read into cells of text; nothing in the file is trusted or run."""

import csv
import io
from typing import Final

from survey.i18n import Refused
from survey.services.filing.grid import COLUMN_CAP, Grid, clean
from survey.services.filing.xlsx import read_xlsx

FILE_CAP: Final = 32 * 1024 * 1024
"""Bytes of an uploaded file."""

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


def read_grid(data: bytes, filename: str) -> Grid:
    """Read a CSV (UTF-8 or CP949) or an XLSX; what the file is, its first bytes tell, not its name.

    Raises:
        Refused: the file cannot be read; the sentence says why and what to do.
    """
    if not data.strip():
        raise Refused("The file is empty. Choose the file that holds the roster.")
    if len(data) > FILE_CAP:
        raise Refused("The file is larger than %(cap)s MB. Save only the columns that are needed.", cap=FILE_CAP >> 20)
    if data.startswith(_OLD_EXCEL):
        raise Refused("This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password.")
    if data.startswith(_ZIP):
        return read_xlsx(data)
    if filename.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods")):
        raise Refused("%(filename)s is not an Excel file inside. Save it as .xlsx or as CSV.", filename=filename)
    return _read_csv(_decode(data))


def _decode(data: bytes) -> str:
    body = data.removeprefix(_UTF8_MARK)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        row = body[: error.start].count(b"\n") + 1
    if len(body) == len(data) and not _is_damaged_utf8(data):
        try:
            return data.decode("cp949")
        except UnicodeDecodeError as error:
            row = data[: error.start].count(b"\n") + 1
    raise Refused("Row %(row)s cannot be read as UTF-8 or CP949 text. Save the file as CSV UTF-8.", row=row)


def _is_damaged_utf8(data: bytes) -> bool:
    # A UTF-8 file with one bad byte must not be taken for CP949, or every name in it would come out wrong.
    read = data.decode("utf-8", errors="replace")
    return sum(not character.isascii() for character in read) > 2 * read.count("\ufffd")


def _read_csv(text: str) -> Grid:
    heading = next(iter(text.splitlines()), "")
    grid = Grid()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count), strict=True)
    try:
        for index, cells in enumerate(reader):
            for column, cell in enumerate(cells[:COLUMN_CAP]):
                grid.put(index, column, clean(cell))
    except csv.Error as error:
        raise Refused(
            "Row %(row)s cannot be taken apart into cells: a quotation mark is missing or too many, "
            "or a cell is longer than a page.",
            row=len(grid.rows) + 1,
        ) from error
    return grid
