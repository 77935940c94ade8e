"""A table as somebody keeps it, CSV or XLSX, read into cells of text; nothing in the file is trusted or run."""

import csv
import re
from collections.abc import Iterator
from typing import Final

from survey.i18n import Refused
from survey.services.filing.grid import COLUMN_CAP, ROW_CAP, UPLOADED, Caps, Grid, clean, too_long
from survey.services.filing.xlsx import read_xlsx

LONGEST_LINE: Final = 1 << 20
"""Characters of a line: all columns that are looked at, each with a page of text, have a fifth of it."""
LINES_CAP: Final = 2 * ROW_CAP
"""Lines with those that are empty, and those in the middle of a cell."""

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+\Z")
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


def read_grid(data: bytes, filename: str, caps: Caps = UPLOADED) -> Grid:
    """Read a CSV (UTF-8 or CP949) or an XLSX; what the file is, its first bytes tell, not its name.

    Raises:
        Refused: the file cannot be read; the sentence says why and what to do.
    """
    if not data.strip():
        raise Refused("The file is empty. Choose the file that holds the roster.")
    if len(data) > caps.file:
        raise too_long(caps.file)
    if data.startswith(_OLD_EXCEL):
        raise Refused("This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password.")
    if data.startswith(_ZIP):
        return read_xlsx(data, caps)
    if filename.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods")):
        raise Refused("%(filename)s is not an Excel file inside. Save it as .xlsx or as CSV.", filename=filename)
    return _read_csv(_decode(data), caps)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, one at a time; raises csv.Error for one that no table has."""
    for count, line in enumerate(_LINE.finditer(text)):
        if count > LINES_CAP:
            raise Refused(
                "The file has more than %(cap)s rows, which is the most that can be read.", cap=f"{LINES_CAP:,}"
            )
        if line.end() - line.start() > LONGEST_LINE:
            raise csv.Error("a line without end")
        yield line[0]


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


def _read_csv(text: str, caps: Caps) -> Grid:
    grid = Grid(caps)
    try:
        heading = next(_lines(text), "")
        reader = csv.reader(_lines(text), delimiter=max(",;\t", key=heading.count), strict=True)
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
