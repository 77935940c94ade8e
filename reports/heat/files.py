"""A heat map as a file: what its page shows, as a table or a workbook. Light to import."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal

from reports.archive import plain
from reports.comparison.files.handed import Said
from reports.comparison.files.parts import cleaned
from reports.heat.contents import Cell, HeatMap
from survey.spreadsheets import as_csv

Kind = Literal["csv", "xlsx"]
HEADER: Final = (
    *("wave", "unit", "name", "measure", "n", "value", "text", "low", "high", "bound"),
    *("beside_the_company", "not_shown", "note"),
)


@dataclass(frozen=True)
class HeatFile:
    """A heat map, and what else travels with it."""

    found: HeatMap
    afterwards: tuple[Said, ...]
    company_name: str
    day: str
    """The day on which the wave closed, YYYY-MM-DD: the same map gives the same bytes on any day."""
    kind: Kind

    def make(self) -> bytes:
        """Return the file."""
        ours: HeatFile = cleaned(self)
        if self.kind == "csv":
            return as_csv(rows(ours))
        data: bytes = import_module("reports.heat.book").write(ours)  # xlsxwriter stays out of the web process
        return data

    @property
    def name(self) -> str:
        """The name of the file: the map's title, which says of which wave it is."""
        return f"{plain(self.found.title)}{' demo' if self.found.demo else ''}.{self.kind}"


def rows(handed: HeatFile) -> Iterator[tuple[object, ...]]:
    """Yield the header, the whole company, the units in the order of the tree, and what was said afterwards."""
    found = handed.found
    yield HEADER
    for row in (*((found.company,) if found.company else ()), *found.rows):
        if row.why:
            yield (found.wave, row.code, row.name, *[""] * 8, row.why, "")
        for column, cell in zip(found.columns, row.cells, strict=not row.why):
            yield (found.wave, row.code, row.name, column.code, row.n.replace(",", ""), *_numbers(cell))
    for said in handed.afterwards:
        yield (said.wave, *[""] * (len(HEADER) - 2), said.whole)


def _numbers(cell: Cell) -> tuple[object, ...]:
    figure = cell.figure
    if figure is None:
        return ("", "", "", "", "", "", cell.says, "")
    low, high = ("" if end is None else end for end in (figure.low, figure.high))
    return (figure.value, figure.text, low, high, figure.bound, cell.says, "", "")
