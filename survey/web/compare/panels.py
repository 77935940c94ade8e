"""One unit over the waves, as the page that compares units shows it: its figure, its words, its row of the table."""

from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from reports import change_sentences, sentences
from reports.came_from import came_from
from reports.comparison.lenses import Lens, Sees, Stand, points, stands
from survey.charts import interval, told
from survey.charts.compare import span, trend_figure
from survey.charts.marks import TrendMark, marks_of
from survey.i18n import Sentence
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.services.accounts.accounts import Account
from survey.web.access import sees
from survey.web.figures import figure_json


@dataclass(frozen=True)
class Cell:
    """One unit in one wave, as the table says it."""

    shown: str
    interval: str
    n: str
    name: str
    """The unit that stands here, where it is not today's."""
    hidden: Sentence | None
    """Why it shows no numbers."""
    absent: Sentence | None = None
    """Why there is no unit here."""


@dataclass(frozen=True)
class Panel:
    """One unit: its figure, its row of the table, and what the newest publication says about it."""

    unit: PublishedUnit
    figure: Markup | None
    cells: tuple[Cell, ...]
    says: tuple[Sentence, ...]
    marks: tuple[TrendMark, ...]
    """What began or happened here between the waves."""
    breaks: bool
    """Whether the line breaks because the unit was largely another one before."""


def panels(
    units: tuple[PublishedUnit, ...], waves: tuple[Publication, ...], lens: Lens, account: Account, said_in: str
) -> tuple[Panel, ...]:
    """Return a panel for each unit, through a lens and as far as the account may see; all share one axis."""
    may: Sees = partial(sees, account)
    found = [stands(unit.code, waves, lens, may) for unit in units]
    series = [points(line, said_in) for line in found]
    axis = span(series)
    marked = [marks_of(unit, waves, said_in) for unit in units]
    return tuple(
        Panel(
            unit=unit,
            figure=figure_json(trend_figure(line, axis, said_in, marks)) if any(point.unit for point in line) else None,
            cells=tuple(_cell(stand, said_in) for stand in through),
            says=tuple(_says(unit, waves, may, said_in)),
            marks=marks,
            breaks=any(stand.broken for stand in through),
        )
        for unit, through, line, marks in zip(units, found, series, marked, strict=True)
    )


def _cell(stand: Stand, said_in: str) -> Cell:
    """Return a unit's cell of a wave: its index, or why there is none."""
    if stand.unit is None:
        return Cell("", "", "", "", None, stand.why)
    name, figures = stand.unit.name(said_in) if stand.earlier else "", stand.unit.figures
    if isinstance(figures, Suppressed):
        return Cell("", "", "", name, sentences.hidden(figures.reason, stand.wave.policy))
    index = figures.value.index
    return Cell(told(index, said_in), interval(index, said_in), f"{figures.value.n:,}", name, None)


def _says(unit: PublishedUnit, waves: tuple[Publication, ...], may: Sees, said_in: str) -> list[Sentence]:
    """Return what the newest publication says of a unit that is shown."""
    if isinstance(unit.figures, Suppressed):
        return []
    newest, figures = waves[-1], unit.figures.value
    change, since = sentences.since_last_wave(unit.detail, newest)
    said = [] if unit.parent is None else [sentences.against_the_rest(figures.contribution)]
    expected = None if change is None else change_sentences.expected(change)
    stayed = change_sentences.stayed(unit, newest)
    return [*said, since, *filter(None, (expected, stayed)), *came_from(unit, newest, waves, may, said_in)]
