"""Every order in which a database tells rows to somebody with the whole disk."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from survey.attack import heap_pages
from survey.attack.sqlite_pages import Cell
from survey.attack.target import ANSWERS, Row, Target
from survey.i18n import Sentence

SELECTED: Final = Sentence("the order in which the database gives rows")
NUMBERED: Final = Sentence("hidden row numbers")
PLACED: Final = Sentence("place in the file, page by page")
SPILLED: Final = Sentence("place of what did not fit into a page")
INDEXED: Final = Sentence("place in the index, page by page")
WRITTEN: Final = Sentence("number of the transaction that wrote the row (xmin)")
WITHIN: Final = Sentence("number of the command within its transaction (cmin)")
TOASTED: Final = Sentence("numbers of the pieces of long texts (TOAST)")
SYSTEM: Final = "ctid::text AS ctid, xmin::text AS xmin, cmin::text AS cmin"
INDEXES: Final = """
    SELECT i.indexrelid::regclass::text AS name FROM pg_index i WHERE i.indrelid = CAST(:table AS regclass)
"""
TOAST: Final = """
    SELECT t.oid::regclass::text AS name FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid
    WHERE c.oid = CAST(:table AS regclass)
"""


@dataclass(frozen=True)
class Order:
    """The rows of a table as one channel orders them."""

    table: str
    channel: Sentence
    rows: tuple[Row, ...]


def orders(target: Target, tables: tuple[str, ...] = ANSWERS) -> Iterator[Order]:
    """Yield every order of every table of answers that has rows."""
    for table in tables:
        rows = target.table(table)
        if rows:
            yield Order(table, SELECTED, tuple(rows))
            yield from _sqlite(target, table) if target.sqlite else _postgresql(target, table, rows)


def _sqlite(target: Target, table: str) -> Iterator[Order]:
    columns = [row["name"] for row in target.rows("SELECT name FROM pragma_table_info(:table)", table=table)]
    cells = list(target.file.cells(_root(target, table)))
    rows = {cell.values[0]: dict(zip(columns, cell.values, strict=True)) for cell in cells}

    def order(channel: Sentence, found: list[Cell], key: int, by: Callable[[Cell], Any]) -> Order:
        return Order(table, channel, tuple(rows[cell.values[key]] for cell in sorted(found, key=by)))

    if all(cell.rowid is not None for cell in cells):
        yield order(NUMBERED, cells, 0, lambda cell: cell.rowid)
    yield order(PLACED, cells, 0, _place)
    spilled = [cell for cell in cells if cell.spilled]
    if spilled:
        yield order(SPILLED, spilled, 0, lambda cell: cell.spilled)
    for index in target.rows(
        "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND rootpage > 0", table=table
    ):
        entries = list(target.file.cells(index["rootpage"]))
        # An entry ends with the key of its row; an index of a table with row numbers ends with that number instead.
        if entries and entries[0].values[-1] in rows:
            yield order(INDEXED, entries, -1, _place)


def _place(cell: Cell) -> tuple[int, int]:
    return cell.page, -cell.at


def _root(target: Target, table: str) -> int:
    found = target.rows("SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = :table", table=table)
    return int(found[0]["rootpage"])


def _postgresql(target: Target, table: str, rows: list[Row]) -> Iterator[Order]:
    hidden = target.rows(f'SELECT *, {SYSTEM} FROM "{table}"')  # noqa: S608 - our own names
    yield Order(table, PLACED, tuple(sorted(hidden, key=lambda row: place(row["ctid"]))))
    for channel, column in ((WRITTEN, "xmin"), (WITHIN, "cmin")):
        if len({row[column] for row in hidden}) > 1:
            yield Order(table, channel, tuple(sorted(hidden, key=lambda row: (int(row[column]), _noise(row)))))
    at = {place(row["ctid"]): row for row in hidden}
    for index in target.rows(INDEXES, table=table):
        entries = list(heap_pages.entries(target.relation(index["name"]) or b""))
        if {entry.row for entry in entries} == at.keys():
            by_place = sorted(entries, key=lambda entry: (entry.block, -entry.at))
            yield Order(table, INDEXED, tuple(at[entry.row] for entry in by_place))
    yield from _toast(target, table, rows)


def _toast(target: Target, table: str, rows: list[Row]) -> Iterator[Order]:
    """Pieces of long texts carry numbers that count up: order by them, and recognise each text by its beginning."""
    texts = [(row, str(row["text"]).encode()) for row in rows if "text" in row]
    for found in target.rows(TOAST, table=table) if texts else []:
        pieces = f"SELECT chunk_data FROM {found['name']} WHERE chunk_seq = 0 ORDER BY chunk_id"  # noqa: S608 - the server's own name
        first = [bytes(piece["chunk_data"]) for piece in target.rows(pieces)]
        known = [row for piece in first for row, text in texts if text[:40] in piece]
        if known:
            yield Order(table, TOASTED, tuple(known))


def place(ctid: str) -> tuple[int, int]:
    """Return block and line pointer.

    >>> place("(3,14)")
    (3, 14)
    """
    block, pointer = ctid.strip("()").split(",")
    return int(block), int(pointer)


def _noise(row: Row) -> bytes:
    """Return something that breaks ties without telling anything."""
    return hashlib.sha256(bytes(next(iter(row.values())))).digest()
