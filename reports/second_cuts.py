"""A second cut as a table that a spreadsheet can open."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from survey.privacy.cut_thaw import Cut, PublishedGroup
from survey.privacy.figures import Figure
from survey.privacy.record import Column
from survey.privacy.released import Suppressed
from survey.spreadsheets import as_csv

HEADER: Final = (
    *("cut", "wave", "group", "parent", "name", "hidden", "measure", "scale", "n"),
    *("value", "text", "low", "high", "bound", "total", "denominator"),
)


def cut_csv(cut: Cut, columns: Iterable[Column], language: str) -> bytes:
    """Return every number of a second cut as CSV with a byte order mark, safe to open in a spreadsheet.

    `columns` are the publication's: those of the sums.
    """
    return as_csv(cut_rows(cut, columns, language))


def cut_rows(cut: Cut, columns: Iterable[Column], language: str) -> Iterator[Sequence[object]]:
    """Yield the headings, then every number of a second cut."""
    known = tuple(columns)
    yield HEADER
    for group in cut.groups:
        yield from _rows(cut, group, known, language)


def _rows(cut: Cut, group: PublishedGroup, columns: tuple[Column, ...], language: str) -> Iterable[tuple[object, ...]]:
    own = (cut.code, cut.wave, group.code, group.parent or "", group.name(language))
    if isinstance(group.figures, Suppressed) or isinstance(group.sums, Suppressed):
        yield (*own, group.figures.reason if isinstance(group.figures, Suppressed) else "", *[""] * 10)
        return
    figures = group.figures.value
    yield (*own, "", "index", "", figures.n, *_cells(figures.index), "", "")
    for scale, figure in figures.scales.items():
        yield (*own, "", "mean", scale, figures.n, *_cells(figure), "", "")
    for column, total in zip(columns, group.sums.value.totals, strict=True):
        yield (*own, "", "sum", column.scale, figures.n, *[""] * 5, total, column.denominator)


def _cells(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.text, figure.low_text, figure.high_text, figure.bound
