"""A comparison in print: A4 landscape, with the figures of its page. For worker processes only."""

from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Final

from reports.comparison.contents import Cell, Comparison, Line
from reports.comparison.drawn import bands, trend
from reports.comparison.files.counted import Counted, counted
from reports.comparison.files.handed import Handed
from reports.comparison.files.parts import missing, number
from reports.edition import edition
from reports.html import TEMPLATES, page
from reports.pdf import print_pdf
from reports.svg import draw

STYLES: Final = TEMPLATES / "comparison.css"
DOWN: Final = 2
"""Rows of charts on a page."""
WAVES: Final = 12
"""Columns of waves that a page has room for."""


def across(count: int) -> int:
    """Return how many charts stand side by side, so that no row and no page is left nearly empty.

    >>> [across(count) for count in range(1, 9)]
    [2, 2, 3, 2, 3, 3, 2, 2]
    """
    return 2 if count in {1, 2, 4, 7, 8} else 3


@dataclass(frozen=True)
class Tile:
    """One unit on a page of charts."""

    line: Line
    chart: str
    says: str
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A cell of the table, with the number of the note that says why it is empty."""

    cell: Cell
    note: int


@dataclass(frozen=True)
class Block:
    """As many waves as a page has room for."""

    waves: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Entry, ...]], ...]


def write(handed: Handed) -> bytes:
    """Return the PDF; the same comparison gives the same bytes."""
    compared = handed.comparison
    charts = {f"trend-{place}": draw(trend(line, compared)) for place, line in enumerate(compared.lines)}
    picture = bands(compared)
    if picture is not None:
        charts["bands"] = draw(picture)
    tiles = [_tile(place, line, compared) for place, line in enumerate(compared.lines)]
    reasons: dict[str, int] = {}
    html = page(
        "comparison.html",
        compared.language,
        c=compared,
        day=handed.day,
        afterwards=handed.afterwards,
        pages=_pages(tiles, across(len(tiles))),
        across=across(len(tiles)),
        blocks=_blocks(compared, reasons),
        reasons=reasons,
        counted=_counted(compared),
        digests=[f"{wave} {digest[:12]}" for wave, digest in zip(compared.waves, compared.digests, strict=True)],
    )
    identity = sha256(html.encode()).hexdigest()
    return print_pdf(html, charts, f"comparison/{identity}/{edition()}", handed.day, sheet=STYLES)


def _counted(compared: Comparison) -> list[Counted]:
    """Return what the company counted beside, in blocks of waves, the newest first; nothing where none is drawn."""
    parts = [compared.waves[max(0, end - WAVES) : end] for end in range(len(compared.waves), 0, -WAVES)]
    return [found for part in parts if (found := counted(compared, part)) is not None]


def _tile(place: int, line: Line, compared: Comparison) -> Tile:
    told = ", ".join(f"{cell.wave} {number(cell)}" for cell in line.cells)
    gaps = tuple(f"{', '.join(waves)}: {why}" for why, waves in missing(line))
    return Tile(line, f"chart:trend-{place}", f"{compared.measure.name}, {line.name}: {told}", gaps)


def _pages(tiles: list[Tile], wide: int) -> list[list[list[Tile]]]:
    rows = [tiles[at : at + wide] for at in range(0, len(tiles), wide)]
    return [rows[at : at + DOWN] for at in range(0, len(rows), DOWN)]


def _blocks(compared: Comparison, reasons: dict[str, int]) -> list[Block]:
    """Return the table in blocks of waves, the newest block first; `reasons` collects why cells are empty."""
    company = (compared.company_name, compared.company)
    rows = [*((line.name, line.cells) for line in compared.lines), company]
    places, found = count(1), []
    for end in range(len(compared.waves), 0, -WAVES):
        part = slice(max(0, end - WAVES), end)
        for cell in (cell for _, cells in rows for cell in cells[part]):
            if cell.figure is None and cell.why and cell.why not in reasons:
                reasons[cell.why] = next(places)
        entries = [(name, tuple(Entry(cell, reasons.get(cell.why, 0)) for cell in cells[part])) for name, cells in rows]
        found.append(Block(compared.waves[part], tuple(entries)))
    return found
