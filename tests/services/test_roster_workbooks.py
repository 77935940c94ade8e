import io
import struct
import zipfile
from dataclasses import replace

import pytest

from survey.i18n import Refused
from survey.services.filing.grid import UPLOADED
from survey.services.roster.people import RosterErrors, read_roster
from tests.services.workbooks import SHEET, changed, member, workbook

HEADINGS = ["name", "number", "email", "language", "unit", "parent"]
TOP = ["Cy", "3", "cy@example.com", "ko", "CO", ""]


def refusal(data: bytes) -> str:
    """Return the sentence with which a workbook as a whole is refused."""
    with pytest.raises(Refused) as refused:
        read_roster(data, "roster.xlsx")
    return refused.value.sentence.to("en")


def test_a_workbook_is_read_as_excel_saves_it() -> None:
    """Numbers stay whole, texts keep their zeros, empty cells and Hangul come through."""
    rows: list[list[str | float]] = [
        [*HEADINGS],
        ["김하나", 101.0, "ada@example.com", "ko", "CO", ""],
        ["Bo", "007", "", "en", 12, "CO"],
    ]
    table = read_roster(workbook(rows), "roster.xlsx")
    assert [(row.name, row.number, row.email, row.unit) for row in table.people] == [
        ("김하나", "101", "ada@example.com", "CO"),
        ("Bo", "007", None, "12"),
    ]


def test_formula_and_error_cells_are_told_by_place() -> None:
    """A computed value may be stale or wrong: the cell is named; columns we do not read may compute what they like."""
    rows: list[list[str | float]] = [
        [*HEADINGS, "age"],
        [*TOP, ""],
        ["Di", 11, "", "ko", "CO", "", ""],
    ]
    formulas = {"A3": ('="D"&"i"', "Di"), "B3": ("=1/0", "#DIV/0!"), "G3": ("=1+1", "2")}
    with pytest.raises(RosterErrors) as refused:
        read_roster(workbook(rows, formulas), "roster.xlsx")
    assert [(problem.row, problem.column) for problem in refused.value.problems] == [(3, "name"), (3, "number")]


GOOD = workbook([HEADINGS, TOP])
CELLS = member(GOOD, SHEET)
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
END = b"</sheetData>"
SAID = member(GOOD, STRINGS)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (changed(GOOD, "xl/worksheets/sheet2.xml", bytes(250 << 20)), "unpacks to more than can be read here"),
        (changed(GOOD, BOOK, b'<!DOCTYPE x [<!ENTITY a "b">]>' + member(GOOD, BOOK)), "instructions that no"),
        (changed(GOOD, BOOK, member(GOOD, BOOK).replace(b"<sheet ", b'<sheet state="hidden" ')), "no visible sheet"),
        (changed(GOOD, SHEET, b"<worksheet><sheetData>"), "damaged or of another kind"),
        (changed(GOOD, SHEET, CELLS.replace(b'r="A2"', b'r="A0"')), "damaged or of another kind"),
        (changed(GOOD, SHEET, CELLS.replace(b'r="A2"', b'r="a2"')), "damaged or of another kind"),
        (GOOD[: len(GOOD) // 2], "damaged or of another kind"),
        (GOOD.replace(b"xl/workbook.xml", b"xl/workbook.bin"), "damaged or of another kind"),
        (changed(GOOD, SHEET, CELLS.replace(b'r="A2"', b'r="A1048577"')), "more than 1,048,575 rows"),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_workbook_that_no_program_writes_is_refused(data: bytes, sentence: str) -> None:
    """Bombs, entities, holes and impossible places end in a sentence."""
    assert sentence in refusal(data)


@pytest.mark.parametrize(
    ("data", "caps"),
    [
        (changed(GOOD, SHEET, CELLS.replace(END, b"<c/>" * 100 + END)), {"cells": 100}),
        (changed(GOOD, SHEET, CELLS.replace(END, b"<x/>" * 200 + END)), {"elements": 200}),
        (changed(GOOD, STRINGS, SAID.replace(b"</sst>", b"<si><t>ab</t></si>" * 100 + b"</sst>")), {"text": 200}),
        (changed(GOOD, STRINGS, SAID.replace(b"</sst>", b"<si/>" * 100 + b"</sst>")), {"cells": 100}),
    ],
    ids=["cells", "elements", "text", "strings"],
)  # fmt: skip
def test_a_workbook_is_read_up_to_its_caps(data: bytes, caps: dict[str, int]) -> None:
    """Cells, elements and strings are counted as they come, whatever is in them."""
    assert len(read_roster(data, "roster.xlsx").people) == 1
    with pytest.raises(Refused, match="unpacks to more"):
        read_roster(data, "roster.xlsx", caps=replace(UPLOADED, **caps))


@pytest.mark.parametrize(
    "data",
    [
        changed(GOOD, SHEET, CELLS.replace(END, b'<row r="9"><c r="XFD9"><v>1</v></c></row>' + END)),
        changed(GOOD, SHEET, CELLS.replace(b'<dimension ref="A1:E2"', b'<dimension ref="A1:XFD1048576"')),
        changed(GOOD, STRINGS, member(GOOD, STRINGS).replace(b'ount="', b'ount="4000000')),
    ],
    ids=["far cell", "dimension", "announced strings"],
)  # fmt: skip
def test_what_a_workbook_announces_costs_nothing(data: bytes) -> None:
    """Announced sizes are not believed: a small file with great claims is read as the small file it is."""
    assert len(read_roster(data, "roster.xlsx").people) == 1


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    """A member that unpacks to more than its header says is cut there, and found out by its checksum."""
    big = changed(GOOD, SHEET, CELLS + b" " * (1 << 20))
    size = struct.pack("<L", len(CELLS) + (1 << 20))
    assert big.count(size) >= 1
    assert "damaged" in refusal(big.replace(size, struct.pack("<L", len(CELLS))))


def test_a_locked_workbook_is_refused() -> None:
    """A member that needs a password is answered with a sentence."""
    locked = bytearray(GOOD)
    for info in zipfile.ZipFile(io.BytesIO(GOOD)).infolist():
        locked[info.header_offset + 6] |= 1
    for place in range(len(locked) - 4):
        if locked[place : place + 4] == b"PK\x01\x02":
            locked[place + 8] |= 1
    assert "damaged" in refusal(bytes(locked))
