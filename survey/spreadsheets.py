"""Text that leaves for a spreadsheet stays text there: the one place that knows what could begin a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE: Final = "text/csv; charset=utf-8"
APOSTROPHE: Final = "'"
FORMULAS: Final = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫")
"""What a formula begins with; spreadsheets in East Asia read the wide and the small signs too."""
PASSED_OVER: Final = frozenset({"Zs", "Cf"})
"""Spaces and marks that nobody sees: some spreadsheets drop them from the front of a cell before they read it."""


def marked(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would read a formula.

    A text that already looks like that gets one more, so that taking one away gives it back.

    >>> marked("+A"), marked("'+A"), marked("O'Hara"), marked("-"), marked("=1+1"), marked("＝1"), marked(" =1")
    ("'+A", "''+A", "O'Hara", "'-", "'=1+1", "'＝1", "' =1")
    """
    return f"'{text}" if _begins_formula(text) else text


def unmarked(text: str) -> str:
    """Return a cell's text without the apostrophe that keeps a spreadsheet from reading it as a formula.

    >>> unmarked("'+A"), unmarked("''+A"), unmarked("'Ada'"), unmarked("O'+x"), unmarked("+A")
    ('+A', "'+A", "'Ada'", "O'+x", '+A')
    """
    return text[1:] if text.startswith(APOSTROPHE) and _begins_formula(text) else text


def _begins_formula(text: str) -> bool:
    """Tell whether the first sign that counts begins a formula."""
    passed = takewhile(lambda mark: mark == APOSTROPHE or unicodedata.category(mark) in PASSED_OVER, text)
    return text[sum(1 for _ in passed) :][:1] in FORMULAS


def safe(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula; what is no text stays as it is.

    >>> safe("=1+1"), safe(-3.1)
    ("'=1+1", -3.1)
    """
    return marked(cell) if isinstance(cell, str) else cell


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8 with its mark, as spreadsheets expect it.

    >>> as_csv([["name", "n"], ["=A", 5]]).decode("utf-8-sig").split()
    ['name,n', "'=A,5"]
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
