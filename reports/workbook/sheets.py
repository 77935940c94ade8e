"""What a workbook is made of: sheets with a title, a sentence, columns and rows; no cell is ever a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from survey.charts import told
from survey.privacy.figures import Figure, NotEstimable

MINUS: Final = "−"


@dataclass(frozen=True)
class Shown:
    """A number with the digits it was published with; `before` and `after` are words that stand beside it."""

    text: str
    before: str = ""
    after: str = ""
    fill: str = ""
    """The colour of its cell, "" for none."""
    ink: str = ""
    """Its own colour, where that of its row is not read on `fill`."""

    @property
    def value(self) -> float:
        """The number that the text says.

        >>> Shown("−3.1").value, Shown("+12.30").value
        (-3.1, 12.3)
        """
        return float(self.text.replace(MINUS, "-"))


Cell = str | int | Shown | None


@dataclass(frozen=True)
class Column:
    """A column; headings of numbers stand above their last digit."""

    heading: str
    width: int = 10
    number: bool = True
    wraps: bool = False


def words(heading: str, width: int, *, wraps: bool = False) -> Column:
    """Return a column of text."""
    return Column(heading, width, number=False, wraps=wraps)


@dataclass(frozen=True)
class Row:
    """A line; `level` is how far below the first unit it stands."""

    cells: Sequence[Cell]
    level: int = 0
    strong: bool = False
    muted: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook."""

    name: str
    """On its tab: 31 characters at most."""
    title: str
    lead: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def shown(figure: Figure | NotEstimable | None, language: str) -> Shown | None:
    """Return a figure as a cell; empty where it cannot be had."""
    if figure is None or isinstance(figure, NotEstimable):
        return None
    before, _, after = told(figure, language).partition(figure.text)
    return Shown(figure.text, before, after)


def low(figure: Figure | NotEstimable | None) -> Shown | None:
    """Return the lower end of the interval as a cell; empty where there is none."""
    return Shown(figure.low_text) if isinstance(figure, Figure) and figure.low_text else None


def high(figure: Figure | NotEstimable | None) -> Shown | None:
    """Return the upper end of the interval as a cell; empty where there is none."""
    return Shown(figure.high_text) if isinstance(figure, Figure) and figure.high_text else None
