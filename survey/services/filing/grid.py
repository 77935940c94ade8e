"""A table as somebody's file holds it: cells of text in rows, within a cap."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from survey.i18n import Refused, Sentence

ROW_CAP: Final = 100_000
"""Rows below the headings."""
COLUMN_CAP: Final = 200
"""Cells further to the right are not looked at: no table that we read is as wide."""
LONGEST_CELL: Final = 1_000
"""Characters that are looked at; every column allows fewer."""
LONGEST_TEXT: Final = 32_767
"""Characters of a cell that are read at all: no spreadsheet keeps more in one."""
CELLS_CAP: Final = 3_000_000
"""Cells that hold something: each takes sixty bytes here, and one on its way."""

COMPUTED: Final = Sentence("The cell holds a formula or an error. Copy the column and paste it as values.")
UNSEEN: Final = Sentence("The cell holds a character that cannot be printed. Delete it.")


class Grid:
    """Cells as trimmed text; `rows[0]` is row 1 of the file. A row ends with its last cell."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.computed: set[tuple[int, int]] = set()
        """(row, column), from 0, of cells that hold a formula or an error instead of text."""
        self._cells = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Put a text into its place, counted from 0; raises Refused for too many rows."""
        if row < 0 or column < 0:
            raise ValueError(row, column)
        if row > ROW_CAP:
            raise Refused(
                "The file has more than %(cap)s rows, which is the most that can be read.", cap=f"{ROW_CAP:,}"
            )
        self._cells += bool(text)
        if self._cells > CELLS_CAP:
            raise Refused(
                "The file has more than %(cap)s cells, which is the most that can be read. Save only the columns that "
                "are needed.",
                cap=f"{CELLS_CAP:,}",
            )
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = text


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
