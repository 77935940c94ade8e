"""A heat map as it is told: the same strings on the page and in any file made of it."""

from dataclasses import dataclass

from reports.comparison.measures import Measure
from reports.heat.shades import Shade
from survey.privacy.figures import Figure


@dataclass(frozen=True)
class Cell:
    """One number of one unit."""

    figure: Figure | None
    shown: str
    interval: str
    shade: Shade
    says: str
    """What the shade says, in words; or why there is no number."""


@dataclass(frozen=True)
class Row:
    """One unit."""

    code: str
    name: str
    level: int
    """How deep it stands below the top of the map."""
    n: str
    why: str
    """Why it shows nothing; "" where it does."""
    cells: tuple[Cell, ...]
    deeper: int
    """Units below it that the map does not hold."""


@dataclass(frozen=True)
class Key:
    """One line of the legend."""

    step: int
    sure: bool
    says: str


@dataclass(frozen=True)
class HeatMap:
    """Units of one wave by what was asked."""

    wave: str
    language: str
    title: str
    sentence: str
    columns: tuple[Measure, ...]
    company: Row | None
    """The whole company, first of all; None where there is nothing to hold against it."""
    rows: tuple[Row, ...]
    """In the order of the tree: never by their numbers."""
    legend: tuple[Key, ...]
    notes: tuple[str, ...]
    digest: str
    demo: bool
