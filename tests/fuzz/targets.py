"""What is fuzzed, by name: where it begins, how it is changed, who reads it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from tests import cast
from tests.fuzz import documents, forms, tables
from tests.fuzz.mutating import TEXT, Change, turn_bytes
from tests.fuzz.shapes import all_of, in_cells, in_form, in_json, in_parts, in_toml, in_xml
from tests.fuzz.trying import Read

ZIP: Final = b"PK\x03\x04"


class Target(NamedTuple):
    """One reader of what strangers send."""

    begin: Callable[[], Sequence[bytes]]
    """Good inputs."""
    changes: Sequence[Change]
    reading: Callable[[Path], AbstractContextManager[Read]]
    """Gives the reader; it may keep files in a folder meanwhile."""


WORKBOOK: Final = (in_parts(in_xml), in_parts(in_xml), in_parts(in_xml), turn_bytes, *TEXT[:2])
CELLS: Final = all_of(in_cells)


def in_table(data: bytes, draw: Random) -> bytes:
    """Change a table in the shape that it has: a workbook or a text."""
    return draw.choice(WORKBOOK if data.startswith(ZIP) else CELLS)(data, draw)


def rosters() -> list[bytes]:
    """Return the cast as CSV, as workbooks, and under headings that nobody knows."""
    plain = cast.roster_csv()
    unknown = plain.replace(b"number,name,email,language,unit,parent", "id,성함,mail,lang,부서,본부코드".encode())
    return [plain, tables.as_workbook(plain), tables.as_filled(plain), unknown, plain.replace(b",", b";")]


def _both(files: Sequence[bytes]) -> list[bytes]:
    return [*files, tables.as_workbook(files[0]), tables.as_filled(files[0])]


TARGETS: Final = {
    "instrument": Target(documents.instruments, all_of(in_toml), documents.instrument),
    "roster": Target(rosters, (in_table,), tables.roster),
    "answers": Target(forms.forms, all_of(in_form), forms.answers),
    "collected": Target(lambda: [tables.answers_file()], (in_table,), tables.collected),
    "outcomes": Target(lambda: _both(tables.OUTCOMES), (in_table,), tables.outcomes),
    "trees": Target(lambda: _both(tables.TREES), (in_table,), tables.trees),
    "cuts": Target(lambda: _both(tables.CUTS), (in_table,), tables.cuts),
    "practices": Target(documents.registers, all_of(in_toml), documents.practices),
    "record": Target(documents.records, (in_json, in_json, *TEXT), documents.record),
    "report": Target(
        documents.reports,
        (documents.in_attachment, documents.in_attachment, documents.in_page, turn_bytes),
        documents.report,
    ),
    "typed": Target(forms.words, TEXT, forms.typing),
}
