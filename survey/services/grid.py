"""A table as somebody's file holds it: cells of text in rows, within a cap."""

import unicodedata
from typing import Final

from survey.i18n import Refused

ROW_CAP: Final = 100_000
"""Rows below the headings."""
COLUMN_CAP: Final = 200
"""Cells further to the right are not looked at: no table that we read is as wide."""
LONGEST_CELL: Final = 1_000
"""Characters that are looked at; every column allows fewer."""


class Grid:
    """Cells as trimmed text; `rows[0]` is row 1 of the file. A row ends with its last cell."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.computed: set[tuple[int, int]] = set()
        """(row, column), from 0, of cells that hold a formula or an error instead of text."""

    def put(self, row: int, column: int, text: str) -> None:
        """Put a text into its place, counted from 0; raises Refused for too many rows."""
        if row < 0 or column < 0:
            raise ValueError(row, column)
        if row > ROW_CAP:
            raise Refused(
                "The file has more than %(cap)s rows, which is the most that can be read.", cap=f"{ROW_CAP:,}"
            )
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = text


def clean(text: str) -> str:
    r"""Return a cell's text without white space around it and with single spaces in it, Hangul composed.

    >>> clean(" Kim \n Ada ")
    'Kim Ada'
    """
    return unicodedata.normalize("NFC", " ".join(text.split()))[:LONGEST_CELL]
