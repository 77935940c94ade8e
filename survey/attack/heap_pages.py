"""PostgreSQL's files read byte by byte: every row that lies in a table's pages, dead ones too, and its header.

Source: PostgreSQL 15 documentation, "Database Page Layout" (tables 73.3 to 73.5); access/htup_details.h, access/itup.h.
Numbers are little-endian, as on every machine the product runs on.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

PAGE: Final = 8192
HEAD: Final = 24
"""Bytes of a page's header, and of a row's fixed header where it has no null bitmap (23 and one of padding)."""
NORMAL: Final = 1
ANY: Final = frozenset({1, 3})
"""Line pointers whose row is still there: in use, or dead with storage."""
ALIGNED: Final = {"c": 1, "s": 2, "i": 4, "d": 8}
OUTSIDE: Final = 1
"""First byte of a value that lies in pieces elsewhere."""
LEAF: Final = 1
ENTRY: Final = 8


@dataclass(frozen=True)
class Row:
    """A row in a table's file, live or dead."""

    block: int
    pointer: int
    at: int
    """Offset within the page: the higher, the earlier it was put there."""
    xmin: int
    xmax: int
    nulls: tuple[bool, ...]
    """Column by column whether it holds nothing; empty where no column does."""
    content: bytes
    """The columns' bytes as they lie there."""


@dataclass(frozen=True)
class Entry:
    """An entry of an index's leaf page."""

    block: int
    at: int
    row: tuple[int, int]
    """Block and line pointer of the row it leads to."""


def rows(file: bytes) -> Iterator[Row]:
    """Yield every row whose bytes lie in the file of a table."""
    for block, page in _pages(file):
        for pointer, (at, flags, length) in enumerate(_pointers(page), 1):
            if flags in ANY and length >= HEAD:
                xmin, xmax = struct.unpack_from("<II", page, at)
                start = page[at + 22]
                yield Row(block, pointer, at, xmin, xmax, _nulls(page[at : at + start]), page[at + start : at + length])


def column(row: Row, columns: Sequence[tuple[str, int, str]], name: str) -> bytes | None:
    """Return the bytes of a column of a row; None where it holds nothing, or something kept elsewhere.

    Args:
        row: as it lies in the file
        columns: name, length (-1: as long as it says) and alignment ("c", "s", "i", "d") of all, in their order
        name: the column that is asked for
    """
    at = 0
    for number, (each, length, alignment) in enumerate(columns):
        if row.nulls and (number >= len(row.nulls) or row.nulls[number]):
            if each == name:
                return None
            continue
        if length >= 0 or not row.content[at : at + 1] or not row.content[at]:
            at += -at % ALIGNED[alignment]
        begin, end = _extent(row.content, at, length)
        if each == name:
            return row.content[begin:end]
        at = end
    return None


def _extent(content: bytes, at: int, length: int) -> tuple[int, int]:
    """Return where a value begins and ends (varatt.h)."""
    if length >= 0:
        return at, at + length
    first = content[at]
    if first == OUTSIDE:
        return at, at + 18
    if first & 1:
        return at + 1, at + (first >> 1)
    return at + 4, at + (int(struct.unpack_from("<I", content, at)[0]) >> 2)


def _nulls(head: bytes) -> tuple[bool, ...]:
    """Return which columns hold nothing, from a row's header (htup_details.h)."""
    count, flags = struct.unpack_from("<HH", head, 18)
    if not flags & 1:
        return ()
    return tuple(not head[23 + n // 8] >> n % 8 & 1 for n in range(count & 0x7FF))


def entries(file: bytes) -> Iterator[Entry]:
    """Yield every entry of the leaf pages of a B-tree that leads to one row."""
    for block, page in _pages(file):
        special = struct.unpack_from("<H", page, 16)[0]
        if block == 0 or special + 16 > PAGE or not struct.unpack_from("<H", page, special + 12)[0] & LEAF:
            continue
        # On every page but the last of its level the first entry is the page's upper bound, no row.
        bound = int(struct.unpack_from("<I", page, special + 4)[0] != 0)
        for at, flags, length in list(_pointers(page))[bound:]:
            high, low, pointer = struct.unpack_from("<HHH", page, at)
            if flags == NORMAL and length >= ENTRY:
                yield Entry(block, at, (high << 16 | low, pointer))


def holes(file: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield block and bytes of the space in each page that belongs to no row."""
    for block, page in _pages(file):
        lower, upper = struct.unpack_from("<HH", page, 12)
        yield block, page[lower:upper]


def _pages(file: bytes) -> Iterator[tuple[int, bytes]]:
    for block in range(len(file) // PAGE):
        page = file[block * PAGE : (block + 1) * PAGE]
        if page[12:16] != bytes(4):  # a page that was never used is all zeros
            yield block, page


def _pointers(page: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield offset, flags and length of each line pointer."""
    lower = struct.unpack_from("<H", page, 12)[0]
    for at in range(HEAD, lower, 4):
        pointer = struct.unpack_from("<I", page, at)[0]
        yield pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
