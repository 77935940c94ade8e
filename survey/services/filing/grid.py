"""A table as somebody's file holds it: cells of text in rows, within a cap."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.i18n import Refused, Sentence

ROW_CAP: Final = 1_048_575
"""Rows below the headings: as many as a workbook can have."""
COLUMN_CAP: Final = 200
"""Cells further to the right are not looked at: no table that we read is as wide."""
LONGEST_CELL: Final = 1_000
"""Characters that are looked at; every column allows fewer."""
LONGEST_TEXT: Final = 32_767
"""Characters of a cell that are read at all: no spreadsheet keeps more in one."""

COMPUTED: Final = Sentence("The cell holds a formula or an error. Copy the column and paste it as values.")
UNSEEN: Final = Sentence("The cell holds a character that cannot be printed. Delete it.")


@dataclass(frozen=True)
class Caps:
    """How much of a file is read: no more than the memory that is meant to be spent on it."""

    file: int
    """Bytes."""
    unpacked: int
    """Bytes of everything in a workbook: a sheet of 100,000 rows has about 60 MB."""
    cells: int
    """Cells: each takes sixty bytes here, and one on its way. A workbook's own empty ones count."""
    elements: int
    """Elements of one part of a workbook: a cell has two or three."""
    text: int
    """Characters of all cells."""


UPLOADED: Final = Caps(32 << 20, 240 << 20, 3_000_000, 12_000_000, 48 << 20)
"""What comes over the web: 250,000 people in twelve columns, in the process that answers everybody else too."""
GIVEN: Final = Caps(256 << 20, 2 << 30, 16_000_000, 60_000_000, 256 << 20)
"""A file of the operator's own, named on the command line: a million people."""


class Grid:
    """Cells as trimmed text; `rows[0]` is row 1 of the file. A row ends with its last cell."""

    def __init__(self, caps: Caps = UPLOADED) -> None:
        self.rows: list[list[str]] = []
        self.computed: set[tuple[int, int]] = set()
        """(row, column), from 0, of cells that hold a formula or an error instead of text."""
        self._caps, self._cells, self._text = caps, 0, 0

    def put(self, row: int, column: int, text: str) -> None:
        """Put a text into its place, counted from 0; raises Refused for too many rows."""
        if row < 0 or column < 0:
            raise ValueError(row, column)
        if row > ROW_CAP:
            raise Refused(
                "The file has more than %(cap)s rows, which is the most that can be read.", cap=f"{ROW_CAP:,}"
            )
        self._cells += bool(text)
        self._text += len(text)
        if self._cells > self._caps.cells:
            raise Refused(
                "The file has more than %(cap)s cells, which is the most that can be read. Save only the columns that "
                "are needed.",
                cap=f"{self._caps.cells:,}",
            )
        if self._text > self._caps.text:
            raise too_long(self._caps.text)
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = text


def too_long(cap: int) -> Refused:
    """Say that a file holds more bytes, or characters, than are read."""
    return Refused("The file is larger than %(cap)s MB. Save only the columns that are needed.", cap=cap >> 20)


def places(headings: Sequence[str], names: Mapping[str, Sequence[str]], required: Collection[str]) -> dict[str, int]:
    """Return in which place, from 0, each column of a file stands; one without a place is not in the file.

    Args:
        headings: as they stand in row 1.
        names: what each column may be called, in lower case without spaces, hyphens and underscores, English and
            Korean first.
        required: the columns without which nothing can be read.

    Raises:
        Refused: a column stands there twice, or a required one is missing.
    """
    known = {heading: column for column, said in names.items() for heading in said}
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = known.get(re.sub(r"[\s_-]", "", heading.lower()))
        if column in found:
            raise Refused("Two columns are headed %(heading)s. Keep one of them.", heading=heading)
        if column:
            found[column] = place
    if missing := [column for column in names if column in required and column not in found]:
        raise Refused(
            "Row 1 must hold the headings of the columns. Missing: %(missing)s.",
            missing=", ".join(f"{column} ({names[column][1]})" for column in missing),
        )
    return found


def clean(text: str) -> str:
    r"""Return a cell's text without white space around it and with single spaces in it, Hangul composed.

    >>> clean(" Kim \n Ada ")
    'Kim Ada'
    """
    return unicodedata.normalize("NFC", " ".join(text.split()))[:LONGEST_CELL]
