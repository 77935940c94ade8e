"""A SQLite file read byte by byte: where each row lies in it, and what lies where no row is.

Source: "Database File Format", sqlite.org/fileformat2.html, sections 1.3 to 1.6 and 2.1.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

Value = int | float | str | bytes | None
INTERIOR_INDEX, INTERIOR_TABLE, LEAF_INDEX, LEAF_TABLE = 2, 5, 10, 13
LENGTHS: Final = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}
REAL: Final = 7
LEFT: Final = re.compile(rb"[^\x00]{3,}(?:\x00{1,3}[^\x00]+)*")
"""Bytes that were something once."""
BOOKKEEPING: Final = 8
"""Bytes that SQLite leaves of a cell that moved while its page filled: place, lengths, head of the free block."""
FIRST_LONG: Final = 12
"""Serial types from here on: even is bytes, odd is text."""


@dataclass(frozen=True)
class Cell:
    """A row of a table or an entry of an index, and its place in the file."""

    page: int
    at: int
    """Offset within the page: the higher, the earlier it was put there."""
    rowid: int | None
    """None in a table WITHOUT ROWID and in an index."""
    values: tuple[Value, ...]
    spilled: int
    """The page with what did not fit into the cell's own; 0 where all did."""


class SqliteFile:
    """The bytes of a database file."""

    def __init__(self, content: bytes) -> None:
        if content[:16] != b"SQLite format 3\0":
            raise ValueError("not a SQLite file")
        self.content = content
        size = int.from_bytes(content[16:18])
        self.page_size = 65536 if size == 1 else size
        self.usable = self.page_size - content[20]
        self.pages = len(content) // self.page_size

    def page(self, number: int) -> bytes:
        """Return a page; the first has number 1."""
        return self.content[(number - 1) * self.page_size : number * self.page_size]

    def cells(self, root: int) -> Iterator[Cell]:
        """Yield every cell of the tree at page `root`, in the order of its keys."""
        page = self.page(root)
        head = 100 if root == 1 else 0
        kind, count = page[head], int.from_bytes(page[head + 3 : head + 5])
        inner = kind in {INTERIOR_INDEX, INTERIOR_TABLE}
        first = head + (12 if inner else 8)
        for n in range(count):
            at = int.from_bytes(page[first + 2 * n : first + 2 * n + 2])
            if inner:
                yield from self.cells(int.from_bytes(page[at : at + 4]))
            if kind != INTERIOR_TABLE:
                yield self._cell(root, page, at, kind)
        if inner:
            yield from self.cells(int.from_bytes(page[head + 8 : head + 12]))

    def free_pages(self) -> list[int]:
        """Return the numbers of the pages on the free list."""
        free, trunk = [], int.from_bytes(self.content[32:36])
        while trunk:
            page = self.page(trunk)
            count = int.from_bytes(page[4:8])
            free += [trunk, *struct.unpack(f">{count}I", page[8 : 8 + 4 * count])]
            trunk = int.from_bytes(page[:4])
        return free

    def gaps(self) -> Iterator[tuple[int, bytes]]:
        """Yield page number and bytes of what belongs to no row: free pages, and the space inside pages."""
        free = set(self.free_pages())
        for number in range(1, self.pages + 1):
            page, head = self.page(number), 100 if number == 1 else 0
            if number in free:
                yield number, page[8:]
            elif page[head] in {INTERIOR_INDEX, INTERIOR_TABLE, LEAF_INDEX, LEAF_TABLE}:
                yield from ((number, gap) for gap in self._holes(page, head))

    def remains(self) -> Iterator[tuple[int, bytes]]:
        """Yield page number and bytes of what rows left behind where none lies any more.

        Offsets of cells that were moved stay in a page's head, and their own first bytes between the cells: they tell
        nothing of the content, and are left out.
        """
        for number, gap in self.gaps():
            for match in LEFT.finditer(gap):
                if len(match[0]) > BOOKKEEPING and not self._offsets(match[0]):
                    yield number, match[0]

    def _offsets(self, found: bytes) -> bool:
        # Ends may be cut off: an offset can begin or end with a zero.
        for padded in (b"\0" + found + b"\0", found + b"\0"):
            even = padded[: len(padded) // 2 * 2]
            if all(value <= self.page_size for (value,) in struct.iter_unpack(">H", even)):
                return True
        return False

    def _holes(self, page: bytes, head: int) -> Iterator[bytes]:
        count = int.from_bytes(page[head + 3 : head + 5])
        pointers = head + (12 if page[head] in {INTERIOR_INDEX, INTERIOR_TABLE} else 8) + 2 * count
        start = int.from_bytes(page[head + 5 : head + 7]) or 65536
        yield page[pointers:start]
        block = int.from_bytes(page[head + 1 : head + 3])
        while block:
            size = int.from_bytes(page[block + 2 : block + 4])
            yield page[block + 4 : block + size]
            block = int.from_bytes(page[block : block + 2])

    def _cell(self, number: int, page: bytes, at: int, kind: int) -> Cell:
        place = at + (4 if kind == INTERIOR_INDEX else 0)
        length, place = varint(page, place)
        rowid = None
        if kind == LEAF_TABLE:
            rowid, place = varint(page, place)
        payload, spilled = self._payload(page, place, length, table=kind == LEAF_TABLE)
        return Cell(number, at, rowid, record(payload), spilled)

    def _payload(self, page: bytes, place: int, length: int, *, table: bool) -> tuple[bytes, int]:
        """Return a record with what did not fit into its page, and the page where that begins (section 1.6)."""
        most = self.usable - 35 if table else (self.usable - 12) * 64 // 255 - 23
        if length <= most:
            return page[place : place + length], 0
        least = (self.usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (self.usable - 4)
        here = here if here <= most else least
        parts, first = [page[place : place + here]], int.from_bytes(page[place + here : place + here + 4])
        following = first
        while following:
            overflow = self.page(following)
            parts.append(overflow[4 : self.usable])
            following = int.from_bytes(overflow[:4])
        return b"".join(parts)[:length], first


def varint(page: bytes, at: int) -> tuple[int, int]:
    r"""Return a number of one to nine bytes, and where it ends.

    >>> varint(b"\x81\x00", 0)
    (128, 2)
    """
    value = 0
    for n in range(8):
        byte = page[at + n]
        value = value << 7 | byte & 127
        if byte < 128:  # noqa: PLR2004 - the top bit says that another byte follows
            return value, at + n + 1
    return value << 8 | page[at + 8], at + 9


def record(payload: bytes) -> tuple[Value, ...]:
    """Return the values of a record (section 2.1)."""
    size, place = varint(payload, 0)
    values: list[Value] = []
    at = size
    while place < size:
        kind, place = varint(payload, place)
        length = LENGTHS[kind] if kind < FIRST_LONG else (kind - FIRST_LONG) // 2
        values.append(_value(kind, payload[at : at + length]))
        at += length
    return tuple(values)


def _value(kind: int, content: bytes) -> Value:
    if kind >= FIRST_LONG:
        return content.decode("utf-8", "replace") if kind % 2 else content
    if kind == REAL:
        return float(struct.unpack(">d", content)[0])
    if kind in {8, 9}:
        return kind - 8
    return int.from_bytes(content, signed=True) if kind else None
