"""The charts of a comparison, made of what it holds, with a text for those who do not see them."""

from dataclasses import dataclass

from markupsafe import Markup

from reports.comparison import drawn
from reports.comparison.contents import Cell, Comparison, Line
from survey.charts.multiples import values_figure
from survey.i18n import Sentence
from survey.web.figures import figure_json


@dataclass(frozen=True)
class Gap:
    """Waves of which nothing is shown, for one reason."""

    waves: str
    why: str


@dataclass(frozen=True)
class Panel:
    """One unit, as the page shows it."""

    line: Line
    figure: Markup
    says: str
    gaps: tuple[Gap, ...]
    beside: Markup | None
    """The outcome's chart; None where none is drawn beside."""
    beside_says: str


def panels(found: Comparison) -> tuple[Panel, ...]:
    """Return a panel for each unit; all of one size, on one scale."""
    return tuple(
        Panel(
            line,
            Markup(figure_json(drawn.trend(line, found))),  # noqa: S704 - made safe by figure_json
            _says(line, found),
            _gaps(line.cells),
            _beside(line, found),
            "" if found.outcome is None else _beside_says(line, found),
        )
        for line in found.lines
    )


def bands(found: Comparison) -> Markup | None:
    """Return the picture of which units can be told apart; None where fewer than two are shown."""
    return figure_json(drawn.bands(found))


def _says(line: Line, found: Comparison) -> str:
    """Return the chart in words: what is drawn, every number, every gap, every mark."""
    cells = ", ".join(f"{cell.wave} {cell.shown or cell.why}" for cell in line.cells)
    marks = "".join(f" {mark.text}." for mark in line.marks)
    text = Sentence("%(measure)s of %(unit)s over the waves: %(numbers)s.")
    return text.fill(measure=found.measure.name, unit=line.name, numbers=cells).to(found.language) + marks


def _gaps(cells: tuple[Cell, ...]) -> tuple[Gap, ...]:
    waves: dict[str, list[str]] = {}
    for cell in cells:
        if cell.why:
            waves.setdefault(cell.why, []).append(cell.wave)
    return tuple(Gap(", ".join(codes), why) for why, codes in waves.items())


def _beside(line: Line, found: Comparison) -> Markup | None:
    outcome = found.outcome
    if outcome is None or outcome.axis is None:
        return None
    values = outcome.values[line.code]
    if not any(value.shown for value in values):
        return None
    beside = values_figure(
        found.waves, [value.value for value in values], [value.shown for value in values], outcome.axis
    )
    return figure_json(beside)


def _beside_says(line: Line, found: Comparison) -> str:
    if found.outcome is None:
        return ""
    told = [f"{value.wave} {value.shown} ({value.period})" for value in found.outcome.values[line.code] if value.shown]
    text = Sentence("%(measure)s of %(unit)s, counted after each wave: %(numbers)s.")
    return text.fill(measure=found.outcome.name, unit=line.name, numbers=", ".join(told)).to(found.language)
