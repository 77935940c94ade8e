"""A heat map as a workbook: the map, and every number with its interval. For workers only."""

from dataclasses import replace
from typing import Final

from reports.heat.contents import Cell as Told
from reports.heat.contents import Row as Line
from reports.heat.files import HeatFile
from reports.heat.shades import Shade
from reports.workbook import xlsx
from reports.workbook.sheets import Cell, Column, Row, Sheet, high, low, shown, words
from survey.charts.tokens import LIGHT, mixed
from survey.i18n import Sentence

PALE: Final = 0.38
"""How much of the first step is left of a shade that cannot be told from chance, as on the page."""
ARROWS: Final = {1: "▲ ", 0: "", -1: "▼ "}
DEEPEST: Final = 3


def write(handed: HeatFile) -> bytes:
    """Return the XLSX; the same map gives the same bytes."""
    return xlsx.write([_map(handed), _numbers(handed)], handed.found.title, handed.company_name, handed.day)


def _map(handed: HeatFile) -> Sheet:
    found, language = handed.found, handed.found.language
    return Sheet(
        name=Sentence("Heat map").to(language),
        title=f"{handed.company_name}: {found.title}",
        lead=" ".join((found.sentence, *(said.whole for said in handed.afterwards))),
        columns=[
            words(Sentence("Unit").to(language), 34),
            *(Column(column.name, 13) for column in found.columns),
            Column(Sentence("Answers").to(language), 9),
            words(Sentence("Why not shown").to(language), 50, wraps=True),
        ],
        rows=[
            *(_line(row, handed, strong=row is found.company) for row in _lines(handed)),
            *(Row([note, *[None] * len(found.columns), None, ""]) for note in found.notes),
        ],
    )


def _lines(handed: HeatFile) -> tuple[Line, ...]:
    return (*((handed.found.company,) if handed.found.company else ()), *handed.found.rows)


def _line(row: Line, handed: HeatFile, *, strong: bool) -> Row:
    columns, language = handed.found.columns, handed.found.language
    values: list[Cell] = [_shaded(cell, language) for cell in row.cells] or [None] * len(columns)
    count = int(row.n.replace(",", "")) if row.n else None
    return Row([row.name, *values, count, row.why], row.level, strong=strong, muted=bool(row.why))


def _shaded(cell: Told, language: str) -> Cell:
    """Return a number in the shade it has on the page, with the arrow that says which way it lies."""
    found = shown(cell.figure, language)
    if found is None or not cell.shade.step:
        return found
    fill, ink = _colours(cell.shade)
    return replace(found, before=ARROWS[cell.shade.higher] + found.before, fill=fill, ink=ink)


def _colours(shade: Shade) -> tuple[str, str]:
    side = "up" if shade.step > 0 else "down"
    if not shade.sure:
        return mixed(LIGHT[f"{side}-1"], LIGHT["paper"], PALE), LIGHT["muted"]
    return LIGHT[f"{side}-{abs(shade.step)}"], LIGHT["on-deep"] if abs(shade.step) == DEEPEST else ""


def _numbers(handed: HeatFile) -> Sheet:
    found, language = handed.found, handed.found.language
    return Sheet(
        name=Sentence("All numbers").to(language),
        title=f"{handed.company_name}: {found.title}",
        lead=found.sentence,
        columns=[
            words(Sentence("Unit").to(language), 34),
            words(Sentence("What").to(language), 26),
            Column(Sentence("Value").to(language), 10),
            Column(Sentence("From").to(language), 10),
            Column(Sentence("To").to(language), 10),
            words(Sentence("Note").to(language), 50, wraps=True),
        ],
        rows=[
            Row([row.name, column.name, shown(cell.figure, language), low(cell.figure), high(cell.figure), cell.says])
            for row in _lines(handed)
            for column, cell in zip(found.columns, row.cells, strict=False)
        ],
    )
