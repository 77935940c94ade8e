"""The cells of an XLSX's first visible sheet, read as a stream that nothing in the file can make larger than its caps.

Read with expat, not with a library for spreadsheets: those reserve what the file announces, and a workbook of 5 kB
that announced four thousand million strings ended the whole process (docs/decisions/0007-reading-spreadsheets.md).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final
from xml.parsers import expat

from survey.i18n import Refused
from survey.services.filing.grid import COLUMN_CAP, LONGEST_TEXT, UPLOADED, Caps, Grid, clean

PARTS_CAP: Final = 10_000
"""Parts that a workbook names: sheets, pictures, styles."""
LONGEST_TAG: Final = 1024 * 1024
"""Bytes of one tag with its attributes, or of one remark."""
DEPTH_CAP: Final = 64
"""Elements in elements: a workbook has ten."""
FORMULAS_CAP: Final = 2_000_000
CHUNK: Final = 256 * 1024

_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]


def read_xlsx(data: bytes, caps: Caps = UPLOADED) -> Grid:
    """Read the first visible sheet.

    Raises:
        Refused: it is no workbook, unpacks to too much, or has too many rows.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > caps.unpacked:
                raise _too_large()
            return _read(archive, caps)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, LookupError, ValueError, NotImplementedError) as error:
        raise _damaged() from error  # a lookup: a part that is not there, an encoding that nobody knows
    except (RuntimeError, OSError, EOFError) as error:  # encrypted members, impossible offsets, a cut stream
        raise _damaged() from error


def _read(archive: zipfile.ZipFile, caps: Caps) -> Grid:
    parts: dict[str, str] = {}
    visible: list[str] = []

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            if len(parts) > PARTS_CAP:
                raise _too_large()
            target = attributes["Target"]
            parts[attributes["Id"]] = target[1:] if target.startswith("/") else f"xl/{target}"

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            visible.append(attributes["id"])

    _parse(archive, "xl/_rels/workbook.xml.rels", caps, relation)
    _parse(archive, "xl/workbook.xml", caps, sheet)
    if not visible:
        raise Refused("The Excel file has no visible sheet. Show the sheet that holds the table.")
    strings = _Strings(caps)
    if shared := next((part for part in parts.values() if part.lower().endswith("sharedstrings.xml")), ""):
        _parse(archive, shared, caps, strings.start, strings.end, strings.text)
    cells = _Cells(strings.found, caps)
    _parse(archive, parts[visible[0]], caps, cells.start, cells.end, cells.text)
    return cells.grid


class _Text:
    """The text of one cell, as it comes in pieces; what no spreadsheet keeps in one is let go as it comes."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._room = LONGEST_TEXT

    def take(self, text: str) -> None:
        """Take a piece."""
        if self._room > 0:
            self._pieces.append(text[: self._room])
            self._room -= len(text)

    def given(self) -> str:
        """Give the text away, and begin anew."""
        text = clean("".join(self._pieces))
        self.clear()
        return text

    def clear(self) -> None:
        """Begin anew."""
        self._pieces.clear()
        self._room = LONGEST_TEXT

    def __bool__(self) -> bool:
        """Tell whether anything was taken."""
        return bool(self._pieces)


class _Strings:
    """Collects the strings that cells refer to by number, without the reading aids above them."""

    def __init__(self, caps: Caps) -> None:
        self.found: list[str] = []
        self._caps, self._length = caps, 0
        self._text = _Text()
        self._taking = False
        self._aids = 0

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._aids += name == "rPh"
        self._taking = name == "t" and not self._aids

    def end(self, name: str) -> None:
        self._taking = False
        self._aids -= name == "rPh"
        if name == "si":
            self.found.append(self._text.given())
            self._length += len(self.found[-1])
            if len(self.found) > self._caps.cells or self._length > self._caps.text:
                raise _too_large()

    def text(self, text: str) -> None:
        if self._taking:
            self._text.take(text)


class _Cells:
    """Collects the cells of a sheet."""

    def __init__(self, strings: list[str], caps: Caps) -> None:
        self.grid = Grid(caps)
        self._strings, self._most = strings, caps.cells
        self._row = self._column = -1
        self._count = 0
        self._kind = ""
        self._text = _Text()
        self._taking = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
        elif name == "c":
            self._count += 1
            if self._count > self._most or len(self.grid.computed) > FORMULAS_CAP:
                raise _too_large()
            self._kind = attributes.get("t", "n")
            self._place(attributes.get("r", ""))
            self._text.clear()
        self._taking = name in {"v", "t"}
        if name == "f" or (name == "c" and self._kind == "e"):
            self.grid.computed.add((self._row, self._column))

    def end(self, name: str) -> None:
        self._taking = False
        if name == "c" and self._text and self._column < COLUMN_CAP:
            self.grid.put(self._row, self._column, self._said(self._text.given()))

    def text(self, text: str) -> None:
        if self._taking:
            self._text.take(text)

    def _place(self, reference: str) -> None:
        if not reference:
            self._column += 1
            return
        place = _PLACE.fullmatch(reference)
        if place is None:
            raise ValueError(reference)
        self._column = -1
        for letter in place[1]:
            self._column = (self._column + 1) * 26 + ord(letter) - ord("A")
        self._row = int(place[2]) - 1

    def _said(self, text: str) -> str:
        if self._kind == "s":
            return self._strings[int(text)] if 0 <= int(text) < len(self._strings) else ""
        if self._kind == "n":
            number = float(text)
            # A spreadsheet may keep the number 101 as 1.01E2: nobody's person number looks like that.
            return str(int(number)) if number.is_integer() else text
        return text


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    caps: Caps,
    start: Start,
    end: End | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Send the elements of a part to the handlers, by their names without namespaces."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = count = 0

    def begun(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEPTH_CAP:
            raise _damaged()
        if count > caps.elements:
            raise _too_large()
        start(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(name.rpartition(" ")[2])

    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if text:
        parser.CharacterDataHandler = text
    with archive.open(part) as stream:
        read = 0
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            read += len(chunk)
            if read - parser.CurrentByteIndex > LONGEST_TAG:  # it would be read again from its start, each time
                raise _damaged()
        parser.Parse(b"", True)


def _refuse_doctype(*_facts: object) -> None:
    raise Refused("The Excel file holds instructions that no spreadsheet needs. Open it, and save it anew.")


def _too_large() -> Refused:
    return Refused("The Excel file unpacks to more than can be read here. Save only the sheet with the table.")


def _damaged() -> Refused:
    return Refused("The Excel file is damaged or of another kind. Open it, and save it anew as .xlsx.")
