"""A comparison as it is told: the same strings on the page and in every file made of it.

Everything here is plain text in one language and published numbers; nothing is computed but what stands where.
"""

from dataclasses import dataclass

from reports.comparison.apart import Apart
from reports.comparison.beside import Outcome
from reports.comparison.lenses import Lens
from reports.comparison.measures import Measure
from survey.charts.marks import TrendMark
from survey.privacy.figures import Figure


@dataclass(frozen=True)
class Choice:
    """What somebody asked for; it stands in the address of the page and in the name of its files."""

    units: tuple[str, ...]
    what: str = "index"
    """Code of a measure (`reports.comparison.measures`)."""
    lens: Lens = "code"
    since: str = ""
    """Code of the earliest wave shown; "" is the first there is."""
    beside: str = ""
    """Code of an outcome that is drawn beside; "" is none."""


@dataclass(frozen=True)
class Cell:
    """One unit, or the whole company, in one wave."""

    wave: str
    figure: Figure | None
    """None where nothing is shown."""
    shown: str
    """The number, "or more" or "or less" where answers were moved to the bound; "" where nothing is shown."""
    interval: str
    n: str
    """How many answered, with thousands apart; "" where nothing is shown."""
    why: str = ""
    """Why nothing is shown; "" where something is."""
    hidden: bool = False
    """Whether there is a result that is not shown: a gap with a reason, and not just no unit."""
    name: str = ""
    """The unit that stands here, where it is not today's (`Choice.lens`)."""
    joined: bool = False
    """Whether a line may lead here from the wave before."""
    broken: bool = False
    """Whether it was largely another unit in the wave before."""
    apart: bool = False
    """Whether the wave before asked for it otherwise."""
    stayed: int | None = None
    """Per cent of its people who had been here in the wave before; None where that is not known."""
    change: str = ""
    """The verdict on the change since the wave before, in a word; "" where none was published."""


@dataclass(frozen=True)
class Line:
    """One unit over the waves."""

    code: str
    name: str
    where: str
    """The unit above it, "" for the first level."""
    cells: tuple[Cell, ...]
    """One for each of `Comparison.waves`."""
    verdict: str
    """What the newest wave says of its change, in a few words."""
    badge: str
    """How many of its people had been here last time, where that is worth a word."""
    notes: tuple[str, ...]
    """What else is said of it."""
    marks: tuple[TrendMark, ...]
    """What began or happened here between the waves."""

    @property
    def shown(self) -> bool:
        """Whether any wave shows a number."""
        return any(cell.figure is not None for cell in self.cells)


@dataclass(frozen=True)
class Comparison:
    """Units over waves."""

    choice: Choice
    language: str
    measure: Measure
    title: str
    """What is compared, and over which waves."""
    company_name: str
    sentence: str
    """What can be said of all of them, first of all."""
    waves: tuple[str, ...]
    """Codes, the earliest first."""
    company: tuple[Cell, ...]
    """The whole company in each wave."""
    lines: tuple[Line, ...]
    """In the order of the tree: never by their numbers."""
    axis: tuple[float, float]
    """One for all: it holds every interval shown."""
    apart: Apart | None
    """Which of them can be told apart in the newest wave; None where fewer than two are shown."""
    outcome: Outcome | None
    otherwise: tuple[str, ...]
    """Where a wave asked otherwise than the one before it."""
    notes: tuple[str, ...]
    """How to read it, a sentence each."""
    digests: tuple[str, ...]
    """Digests of the publications that it was read from, in the order of `waves`."""
    demo: bool
