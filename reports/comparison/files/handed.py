"""What a file of a comparison is made of; light to import, and it holds nothing that the page does not show."""

from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal, get_args

from reports.archive import plain
from reports.comparison.contents import Comparison
from reports.comparison.files.parts import cleaned
from survey.spreadsheets import CSV_TYPE, XLSX_TYPE

Kind = Literal["csv", "xlsx", "pptx", "pdf"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
TYPES: Final[dict[Kind, str]] = {
    "csv": CSV_TYPE,
    "xlsx": XLSX_TYPE,
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
}
WRITERS: Final[dict[Kind, str]] = {"csv": "table", "xlsx": "sheet", "pptx": "slides", "pdf": "paper"}
"""Which module writes a kind."""
LONGEST: Final = 40
"""Characters of a name of units in the name of a file."""


@dataclass(frozen=True)
class Said:
    """What was said afterwards about a wave: an erratum, or that its results were withdrawn."""

    wave: str
    head: str
    text: str

    @property
    def whole(self) -> str:
        """It in one paragraph."""
        return f"{self.head} {self.text}"


@dataclass(frozen=True)
class Handed:
    """A comparison, and what else travels with it."""

    comparison: Comparison
    afterwards: tuple[Said, ...]
    day: str
    """The day on which the newest wave closed, YYYY-MM-DD: the same comparison gives the same bytes on any day."""
    kind: Kind

    def make(self) -> bytes:
        """Return the file."""
        # By name: what writes one kind is not loaded for another, and never by the web process.
        data: bytes = import_module(f"reports.comparison.files.{WRITERS[self.kind]}").write(cleaned(self))
        return data

    @property
    def name(self) -> str:
        """The name of the file: files of one thing lie together, by waves; no file system refuses it."""
        compared, waves = self.comparison, self.comparison.waves
        over = waves[-1] if len(waves) == 1 else f"{waves[0]}–{waves[-1]}"
        units = ", ".join(plain(line.name) for line in compared.lines)
        whose = units if len(units) <= LONGEST else f"{units[: LONGEST - 1]}…"
        demo = " demo" if compared.demo else ""
        return f"{plain(f'{compared.measure.name} {over} {whose}')}{demo}.{self.kind}"
