"""Departments over waves, side by side: up to eight, chosen in the address."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request
from markupsafe import Markup

from reports import sentences
from survey.charts import interval, told
from survey.charts.compare import Point, span, trend_figure
from survey.charts.marks import TrendMark, marks_of
from survey.i18n import Sentence
from survey.privacy.figures import Figure
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.access import me, signed_in, unit_visible_to, units_visible_to
from survey.web.figures import figure_json
from survey.web.language import language
from survey.web.results import publications

MOST: Final = 8
bp = Blueprint("compare", __name__, url_prefix="/compare")


@dataclass(frozen=True)
class Cell:
    """One unit in one wave, as the table says it."""

    shown: str
    interval: str
    n: str
    hidden: Sentence | None


@dataclass(frozen=True)
class Panel:
    """One unit: its figure, its row of the table, and what the newest publication says about it."""

    unit: PublishedUnit
    figure: Markup | None
    cells: tuple[Cell, ...]
    against: Sentence | None
    since: Sentence | None
    marks: tuple[TrendMark, ...]
    """What began or happened here between the waves."""


@bp.get("/")
@signed_in
def show() -> str:
    """Show the chosen units; those of the first level where none was chosen."""
    waves = publications()
    if not waves:
        return render_template("compare/show.html", waves=(), panels=(), choices=(), asked=(), most=MOST)
    choices = units_visible_to(me(), waves[-1])
    asked = tuple(dict.fromkeys(request.args.getlist("unit")))[:MOST]
    units = tuple(unit_visible_to(me(), waves[-1], code) for code in asked) or first(choices)
    return render_template(
        "compare/show.html",
        waves=waves,
        panels=panels(units, waves, language()),
        choices=choices,
        asked={unit.code for unit in units},
        most=MOST,
        top=min((unit.depth for unit in choices), default=0),
    )


def first(choices: tuple[PublishedUnit, ...]) -> tuple[PublishedUnit, ...]:
    """Return what to show where nothing was chosen: the shallowest units of which there are two or more."""
    shown = [unit for unit in choices if not isinstance(unit.figures, Suppressed)]
    for depth in sorted({unit.depth for unit in shown}):
        level = [unit for unit in shown if unit.depth == depth]
        if len(level) > 1:
            return tuple(level[:MOST])
    return tuple(shown[:MOST])


def panels(units: tuple[PublishedUnit, ...], waves: tuple[Publication, ...], said_in: str) -> tuple[Panel, ...]:
    """Return a panel for each unit; all share one axis."""
    series = [points(unit.code, waves) for unit in units]
    axis = span(series)
    marked = [marks_of(unit, waves, said_in) for unit in units]
    return tuple(
        Panel(
            unit=unit,
            figure=figure_json(trend_figure(line, axis, said_in, marks)) if any(point.unit for point in line) else None,
            cells=tuple(cell(unit.code, wave, said_in) for wave in waves),
            against=_against(unit),
            since=_since(unit, waves[-1]),
            marks=marks,
        )
        for unit, line, marks in zip(units, series, marked, strict=True)
    )


def points(code: str, waves: tuple[Publication, ...]) -> tuple[Point, ...]:
    """Return what each wave shows of a unit. A line joins two waves only where both show details and asked the same."""
    found: list[Point] = []
    before: Publication | None = None
    for wave in waves:
        company = _index(wave, wave.root.code)
        found.append(Point(wave.wave.code, _index(wave, code), company, joined=_joined(code, before, wave)))
        before = wave
    return tuple(found)


def cell(code: str, wave: Publication, said_in: str) -> Cell:
    """Return a unit's cell of a wave: its index, or why there is none."""
    if code not in wave:
        return Cell("", "", "", Sentence("Not part of this wave"))
    figures = wave.unit(code).figures
    if isinstance(figures, Suppressed):
        return Cell("", "", "", sentences.hidden(figures.reason, wave.policy))
    index = figures.value.index
    return Cell(told(index, said_in), interval(index, said_in), f"{figures.value.n:,}", None)


def _index(wave: Publication, code: str) -> Figure | None:
    figures = wave.unit(code).figures if code in wave else None
    return None if figures is None or isinstance(figures, Suppressed) else figures.value.index


def _joined(code: str, before: Publication | None, wave: Publication) -> bool:
    # A wave in between may have been withdrawn: who came and went since is not known then.
    if before is None or code not in before or code not in wave or wave.previous_digest != before.digest:
        return False
    return not any(isinstance(each.unit(code).detail, Suppressed) for each in (before, wave))


def _since(unit: PublishedUnit, newest: Publication) -> Sentence | None:
    return None if isinstance(unit.figures, Suppressed) else sentences.since_last_wave(unit.detail, newest)[1]


def _against(unit: PublishedUnit) -> Sentence | None:
    if isinstance(unit.figures, Suppressed) or unit.parent is None:
        return None
    return sentences.against_the_rest(unit.figures.value.contribution)
