"""Tables that are small on the way and large when they are read: each as an upload of HR could be."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Final

from tests.services.workbooks import SHEET, changed, member, workbook

GOOD: Final = workbook([["number", "name", "email", "language", "unit", "parent"], ["1", "Ada", "", "en", "CO", ""]])
CELLS: Final = member(GOOD, SHEET)
END: Final = b"</sheetData>"
STRINGS: Final = "xl/sharedStrings.xml"
BOOK: Final = "xl/workbook.xml"
MEGABYTE: Final = 1 << 20
LAUGHS: Final = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
ENTITIES: Final = {
    "billion laughs": b'<!DOCTYPE x [<!ENTITY l0 "ha">' + LAUGHS + b"]>",
    "a file of this machine": b'<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///etc/passwd">]>',
    "an address": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
}


def with_cells(cells: bytes) -> bytes:
    """Return a workbook with these cells after its own."""
    return changed(GOOD, SHEET, CELLS.replace(END, cells + END))


def with_strings(strings: bytes) -> bytes:
    """Return a workbook with these shared strings."""
    return changed(GOOD, STRINGS, b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + strings)


def with_members(count: int) -> bytes:
    """Return a workbook with so many empty files beside its own."""
    made = io.BytesIO(GOOD)
    with zipfile.ZipFile(made, "a") as archive:
        for number in range(count):
            archive.writestr(f"xl/media/{number}", b"")
    return made.getvalue()


def _entity(doctype: bytes) -> Callable[[], bytes]:
    strings = member(GOOD, STRINGS)
    start = strings.index(b"<sst")
    return lambda: changed(GOOD, STRINGS, doctype + strings[start:].replace(b"Ada", b"&l11;"))


def _alphabet(size: int) -> Iterator[bytes]:
    yield from (b"%c%c " % (65 + number % 26, 65 + number // 26 % 26) for number in range(size // 3))


WORKBOOKS: Final[dict[str, Callable[[], bytes]]] = {
    "members unpack to a quarter of a gigabyte": lambda: changed(GOOD, "xl/media/a", bytes(256 * MEGABYTE)),
    "members without end": lambda: with_members(20_000),
    "two hundred thousand columns": lambda: with_cells(b"<row>" + b"<c><v>1</v></c>" * 200_000 + b"</row>"),
    "a million columns": lambda: with_cells(b"<row>" + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"),
    "a row a thousand million down": lambda: with_cells(b'<row r="1000000000"><c><v>1</v></c></row>'),
    "a place beyond every column": lambda: with_cells(b'<row><c r="ZZZZZZ9"><v>1</v></c></row>'),
    "one cell of words without end": lambda: with_cells(
        b'<row><c t="inlineStr"><is><t>' + b"".join(_alphabet(48 * MEGABYTE)) + b"</t></is></c></row>"
    ),
    "one shared string without end": lambda: with_strings(
        b"<si><t>" + b"".join(_alphabet(48 * MEGABYTE)) + b"</t></si></sst>"
    ),
    "a million pieces of one string": lambda: with_strings(b"<si>" + b"<r><t>abc</t></r>" * 6_000_000 + b"</si></sst>"),
    "shared strings without end": lambda: with_strings(b"<si><t>a</t></si>" * 5_000_000 + b"</sst>"),
    "formulas without end": lambda: with_cells(b"<row>" + b"<c><f>1</f></c>" * 1_900_000 + b"</row>"),
    "elements in elements": lambda: with_cells(b"<x>" * 5_000_000),
    "a remark without end": lambda: with_cells(b"<!--" + b"x" * (50 * MEGABYTE) + b"-->"),
    "an attribute without end": lambda: with_cells(b'<row r="1' + b"0" * (50 * MEGABYTE) + b'"/>'),
    "a number of a million digits": lambda: with_cells(b"<row><c><v>" + b"9" * 1_000_000 + b"</v></c></row>"),
    "relations without end": lambda: changed(
        GOOD,
        "xl/_rels/workbook.xml.rels",
        b"<r>" + b"".join(b'<Relationship Id="%d" Target="t"/>' % n for n in range(3_000_000)) + b"</r>",
    ),
    **{f"an entity: {name}": _entity(doctype) for name, doctype in ENTITIES.items()},
}
LONG: Final = {
    "a million columns",
    "a million pieces of one string",
    "shared strings without end",
    "formulas without end",
    "short cells",
}
"""What takes seconds to be refused, because it is counted to the end: `--bombs` reads these as well."""
LISTS: Final[dict[str, Callable[[], bytes]]] = {
    "commas": lambda: b"," * (32 * MEGABYTE),
    "line ends": lambda: b"number\n" + b"\n" * (31 * MEGABYTE),
    "short cells": lambda: b"\n".join([b"ab," * 200] * 55_000)[: 32 * MEGABYTE],
    "one word": lambda: b"a" * (32 * MEGABYTE),
    "one quoted row": lambda: b'"\n",' * (6 * MEGABYTE),
    "quotation marks": lambda: b'"' * (32 * MEGABYTE),
}
