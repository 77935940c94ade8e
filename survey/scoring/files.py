"""Answers in a CSV file: read whole or not at all, every fault by row and column."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from survey.i18n import Refused, Sentence
from survey.instruments.answers import SKIPPED, encode, parse_answer
from survey.instruments.model import Instrument, Item
from survey.scoring.answers import AnswerTable

ENCODINGS: Final = ("utf-8-sig", "cp949")

EMPTY: Final = bytes([SKIPPED])

LONGEST: Final = 40
"""Characters of a wrong cell that are repeated in the message."""

SHOWN: Final = 50
"""Faults listed in the message; the rest are counted."""


@dataclass(frozen=True)
class AnswerFile:
    """The answers of a file, with the unit codes in the order in which they appear."""

    codes: tuple[str, ...]
    table: AnswerTable
    asked: tuple[str, ...]
    """Ids of the items that have a column, in the instrument's order."""
    unused: tuple[str, ...]
    """Columns that are no item of the instrument: not read."""
    rows: tuple[int, ...]
    """By response, its row in the file."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell; rows are counted as a spreadsheet does, the header being row 1."""

    row: int
    column: str
    why: Sentence

    @property
    def sentence(self) -> Sentence:
        """The fault with its place."""
        return Sentence(
            "Row %(row)s, column %(column)s: %(why)s", {"row": self.row, "column": self.column, "why": self.why}
        )


class FileRefused(Refused):
    """A file has faults; nothing of it was used. `faults` has all of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(Sentence("Faults in the file: %(count)s. Nothing of it was used."), count=len(self.faults))

    def lines(self, language: str) -> list[str]:
        """Say it in `language`, a line each: what happened, the first faults, and how many more there are."""
        more = Sentence("... and %(count)s more.", {"count": len(self.faults) - SHOWN})
        shown = [fault.sentence.to(language) for fault in self.faults[:SHOWN]]
        return [self.sentence.to(language), *shown, *([more.to(language)] if len(self.faults) > SHOWN else [])]


def read_answers(data: bytes, instrument: Instrument, by: str) -> AnswerFile:
    """Read a CSV (UTF-8 with or without BOM, else CP949) with a header row and one response a row.

    A column is named as an item or, where a scale has one item, as the scale; any subset of the items will do. An
    empty cell is a skipped question. Rows without any content are passed over.

    Args:
        data: The file.
        instrument: Whose items the columns are.
        by: The column that holds the unit.

    Raises:
        FileRefused: Cells that are no answers, or rows without a unit.
        Refused: No table, no column `by`, no column of an item, the same column twice.
    """
    rows = _rows(_text(data))
    header = next(((number, cells) for number, cells in rows if any(cells)), None)
    if header is None:
        raise Refused("The file is empty.")
    names = [_plain(name) for name in header[1]]
    by = _plain(by)
    places = _item_columns(names, instrument, by)
    body = [(number, cells) for number, cells in rows if number > header[0] and any(cells)]
    if not body:
        raise Refused("The file has a header but no answers below it.")
    columns = {item.id: _Column(item) for item in instrument.items if item.id in places}
    readers = [(columns[item.id], places[item.id]) if item.id in places else None for item in instrument.items]
    vectors = [
        b"".join(
            EMPTY if reader is None else reader[0].read(row, names[reader[1]], cells[reader[1]]) for reader in readers
        )
        for row, cells in body
        if len(cells) == len(names)
    ]
    faults = [fault for number, cells in body for fault in _shape_faults(number, cells, names, by)]
    faults += [fault for column in columns.values() for fault in column.faults]
    if faults:
        raise FileRefused(sorted(faults, key=lambda fault: fault.row))
    labels = [_plain(cells[names.index(by)]) for _, cells in body]
    codes = {code: place for place, code in enumerate(dict.fromkeys(labels))}
    return AnswerFile(
        tuple(codes),
        AnswerTable.of(instrument, vectors, (codes[label] for label in labels)),
        tuple(columns),
        tuple(name or f"#{at + 1}" for at, name in enumerate(names) if name != by and at not in places.values()),
        tuple(number for number, _ in body),
    )


def _plain(name: str) -> str:
    """Return a name without space around it, Hangul composed (some systems write it in parts)."""
    return normalize("NFC", name.strip())


def _text(data: bytes) -> str:
    if b"\0" in data:
        raise Refused("The file is not a CSV text. Save it as CSV (UTF-8).")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("The file is neither UTF-8 nor CP949. Save it as CSV (UTF-8).")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows.extend(enumerate(reader, 1))
    except csv.Error as error:
        raise Refused(
            "The file is no CSV table near line %(line)s: a quotation mark is not closed, or a cell is too long.",
            line=reader.line_num,
        ) from error
    return rows


def _item_columns(names: Sequence[str], instrument: Instrument, by: str) -> dict[str, int]:
    """Return the position of each item's column."""
    if by not in names:
        raise Refused("There is no column %(by)s. The columns are: %(names)s.", by=by, names=", ".join(names))
    items = {item.id: item.id for item in instrument.items}
    for scale in instrument.scales:
        of_scale = instrument.items_of(scale.id)
        if len(of_scale) == 1:
            items.setdefault(scale.id, of_scale[0].id)
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if names.count(name) > 1 and (name == by or name in items):
            raise Refused("There are two columns %(name)s.", name=name)
        if name != by and name in items and places.setdefault(items[name], place) != place:
            raise Refused("Two columns hold the answers to %(item)s.", item=items[name])
    if not places:
        raise Refused(
            "No column is named as an item of %(instrument)s. Its items are: %(items)s.",
            instrument=instrument.id,
            items=", ".join(item.id for item in instrument.items),
        )
    return places


def _shape_faults(number: int, cells: Sequence[str], names: Sequence[str], by: str) -> Iterator[Fault]:
    if len(cells) != len(names):
        facts: dict[str, object] = {"cells": len(cells), "columns": len(names)}
        last = names[min(len(cells), len(names)) - 1]
        yield Fault(number, last, Sentence("The row has %(cells)s cells, but the header has %(columns)s.", facts))
    elif not cells[names.index(by)].strip():
        yield Fault(number, by, Sentence("The unit is missing."))


class _Column:
    """Reads the cells of one item; what it has seen once it does not parse again."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.faults: list[Fault] = []
        self._known: dict[str, bytes] = {}

    def read(self, row: int, name: str, cell: str) -> bytes:
        """Return the byte of an answer; note a fault where it is none."""
        if cell not in self._known:
            try:
                self._known[cell] = encode([self.item], {self.item.id: parse_answer(self.item, cell)})
            except Refused as refused:
                why = Sentence(
                    "%(cell)s is no answer. %(why)s", {"cell": repr(cell[:LONGEST]), "why": refused.sentence}
                )
                self.faults.append(Fault(row, name, why))
                return EMPTY
        return self._known[cell]
