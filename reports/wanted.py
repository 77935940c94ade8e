"""Files that somebody may ask for: what each is made of, and who makes it. Light to import, and small enough to travel.

Whoever makes one imports what that needs (xlsxwriter, python-pptx, WeasyPrint) only then: the web process asks
`reports.handout`, which has it made in a child; commands make it themselves.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from reports.edition import files_edition
from reports.pool import SHORT, Frozen
from reports.workbook.view import View
from survey.privacy.thaw import thaw

MANY: Final = 200
"""Units from which a file of results is worth keeping: making it takes seconds."""


@dataclass(frozen=True)
class Table:
    """A plain table as a workbook of one sheet."""

    sheet: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def make(self) -> bytes:
        """Return the XLSX."""
        from reports.tables import as_xlsx  # noqa: PLC0415 - xlsxwriter stays out of the web process

        return as_xlsx(self.sheet, self.headings, self.rows)


@dataclass(frozen=True)
class Results:
    """All that was published of a wave and that a reader may see: a workbook, or every number as a row of a CSV."""

    frozen: Frozen
    kind: Literal["xlsx", "csv"]
    language: str
    seen: Collection[str]
    """Codes of the units that the reader may see."""

    def place(self) -> str:
        """Return the name it is kept under, which holds all that it depends on: whoever may see the same reads it."""
        readers = sha256("\n".join(sorted(self.seen)).encode()).hexdigest()[:SHORT]
        return f"{self.frozen.key[:SHORT]}/{self.language}/results-{readers}-{files_edition()}.{self.kind}"

    def make(self) -> bytes:
        """Return the file."""
        from reports.workbook.book import table, workbook  # noqa: PLC0415 - xlsxwriter stays out of the web process

        *earlier, asked = self.frozen.records
        publication = thaw(*asked, self.frozen.afterwards)
        view = View(publication, self.language, frozenset(self.seen), tuple(thaw(*before) for before in earlier))
        write: Callable[[View], bytes] = workbook if self.kind == "xlsx" else table
        return write(view)
