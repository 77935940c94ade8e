"""A roster as HR keeps it, CSV or XLSX, read into cells of text; nothing in the file is trusted or run."""

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, load_workbook

from survey.i18n import Refused

FILE_CAP: Final = 32 * 1024 * 1024
"""Bytes of an uploaded file."""
UNPACKED_CAP: Final = 160 * 1024 * 1024
"""Bytes of everything in an XLSX: a sheet of 100,000 rows has about 60 MB."""
MEMBER_CAP: Final = 500
ROW_CAP: Final = 100_000
CELL_CAP: Final = 4_000_000
"""Cells of the rectangle that holds all cells of a sheet."""

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_COMPUTED: Final = re.compile(rb'<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f[\s/>]|<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>')
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


@dataclass(frozen=True)
class Grid:
    """Cells as text, trimmed; `rows[0]` is row 1 of the file."""

    rows: list[list[str]]
    computed: frozenset[tuple[int, int]] = frozenset()
    """(row, column), from 0, of cells that hold a formula or an error instead of text."""


def read_grid(data: bytes, filename: str) -> Grid:
    """Read a CSV (UTF-8 or CP949) or an XLSX; what the file is, its first bytes tell, not its name.

    Raises:
        Refused: the file cannot be read; the sentence says why and what to do.
    """
    if not data.strip():
        raise Refused("The file is empty. Choose the file that holds the roster.")
    if len(data) > FILE_CAP:
        raise Refused("The file is larger than %(cap)s MB. Save only the columns of the roster.", cap=32)
    if data.startswith(_OLD_EXCEL):
        raise Refused("This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password.")
    if data.startswith(_ZIP):
        return _read_xlsx(_repack(data))
    if filename.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods")):
        raise Refused("%(filename)s is not an Excel file inside. Save it as .xlsx or as CSV.", filename=filename)
    return _read_csv(_decode(data))


# ---- CSV -------------------------------------------------------------------------------------------------------------


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
    if not _is_damaged_utf8(data):
        try:
            return data.decode("cp949")
        except UnicodeDecodeError as error:
            row = data[: error.start].count(b"\n") + 1
    raise Refused("Row %(row)s cannot be read as UTF-8 or CP949 text. Save the file as CSV UTF-8.", row=row)


def _is_damaged_utf8(data: bytes) -> bool:
    # A UTF-8 file with one bad byte must not be taken for CP949, or every name in it would come out wrong.
    read = data.decode("utf-8", errors="replace")
    bad = read.count("\ufffd")
    return data.startswith(b"\xef\xbb\xbf") or sum(not character.isascii() for character in read) > 2 * bad


def _read_csv(text: str) -> Grid:
    heading = next(iter(text.splitlines()), "")
    delimiter = max(",;\t", key=heading.count)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append([clean(cell) for cell in row])
            if len(rows) > ROW_CAP + 1:
                raise _too_many_rows()
    except csv.Error as error:
        raise Refused(
            "Row %(row)s cannot be taken apart into cells: a quotation mark is missing or too many, "
            "or a cell is longer than a page.",
            row=len(rows) + 1,
        ) from error
    return Grid(rows)


def clean(cell: str) -> str:
    """Return the text of a cell without white space around it and with single spaces in it, Hangul composed."""
    return unicodedata.normalize("NFC", " ".join(cell.split()))


# ---- XLSX ------------------------------------------------------------------------------------------------------------


def _repack(data: bytes) -> zipfile.ZipFile:
    """Unpack within the caps and pack again without compression: what was measured is what gets parsed."""
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(packed, "w") as plain:
            members = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
            if len(members) > MEMBER_CAP or sum(info.file_size for info in members) > UNPACKED_CAP:
                raise Refused("The Excel file unpacks to more than a roster can hold. Save only the roster's sheet.")
            for info in members:
                content = archive.read(info)
                if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise Refused("The Excel file holds instructions that no spreadsheet needs. Save it anew.")
                plain.writestr(info.filename, content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error) as error:
        raise _damaged() from error
    return zipfile.ZipFile(packed)


def _read_xlsx(plain: zipfile.ZipFile) -> Grid:
    try:
        name, member = _first_sheet(plain)
        sheet = plain.read(member)
        _check_extent(sheet)
        if plain.fp is None:
            raise _damaged()
        plain.fp.seek(0)
        rows = load_workbook(plain.fp).get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, KeyError, ET.ParseError) as error:
        raise _damaged() from error
    return Grid([[clean(_text(cell)) for cell in row] for row in rows], _computed(sheet))


def _first_sheet(plain: zipfile.ZipFile) -> tuple[str, str]:
    """Return the name of the first visible sheet and the member that holds it."""
    book = ET.fromstring(plain.read("xl/workbook.xml"))  # noqa: S314 - _repack refused entities
    relations = ET.fromstring(plain.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - the same
    targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("state", "visible") == "visible":
            identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            target = targets[identity]
            return sheet.get("name", ""), target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise Refused("The Excel file has no visible sheet. Show the sheet that holds the roster.")


def _check_extent(sheet: bytes) -> None:
    """Refuse a sheet whose cells lie so far apart that the rectangle around them would not fit into memory."""
    widest, lowest, cell = 0, 0, b""
    for letters, digits in _CELL.findall(sheet):
        column, row = _column(letters), int(digits)
        if column > widest or row > lowest:
            widest, lowest, cell = max(widest, column), max(lowest, row), letters + digits
    if lowest > ROW_CAP + 1 and widest * lowest <= CELL_CAP:
        raise _too_many_rows()
    if widest * lowest > CELL_CAP:
        raise Refused(
            "The sheet reaches as far as cell %(cell)s. Delete what lies outside the table.", cell=cell.decode()
        )


def _computed(sheet: bytes) -> frozenset[tuple[int, int]]:
    places = (_PLACE.search(attributes or error) for attributes, error in _COMPUTED.findall(sheet))
    return frozenset((int(place[2]) - 1, _column(place[1]) - 1) for place in places if place)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: str | float | bool | dt.time | dt.date | dt.timedelta) -> str:  # noqa: FBT001 - a cell of any type
    # A spreadsheet keeps the number 101 as 101.0: nobody's person number has a fraction of zero.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _damaged() -> Refused:
    return Refused("The Excel file is damaged or of another kind. Open it, and save it anew as .xlsx.")


def _too_many_rows() -> Refused:
    return Refused("The file has more than %(cap)s rows. A roster holds at most that many.", cap=f"{ROW_CAP:,}")
