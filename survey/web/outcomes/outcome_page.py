"""What the page of outcomes shows: each measure beside one wave's answers, of the units that the reader may see."""

from dataclasses import dataclass

from markupsafe import Markup

from reports.outcome_sentences import verdict
from survey.charts import interval, told
from survey.charts.outcomes import outcome_figure, value_text
from survey.i18n import Sentence
from survey.privacy.beside import Beside, Point, outcomes_beside
from survey.privacy.figures import Figure
from survey.privacy.thaw import Publication, PublishedUnit
from survey.scoring.outcomes import PLOT_FROM
from survey.web.figures import figure_json


@dataclass(frozen=True)
class Line:
    """A unit in the table: motives as they were published, and its value."""

    name: str
    index: str
    interval: str
    motives: tuple[str, ...]
    value: str


@dataclass(frozen=True)
class Shown:
    """A measure, as its card shows it."""

    code: str
    name: str
    counted_in: str
    better: Sentence
    period: str
    declared_on: str
    says: Sentence | None
    coefficient: str
    motives: tuple[str, ...]
    lines: tuple[Line, ...]
    hidden: int
    figure: Markup | None


def shown(
    publication: Publication,
    publications: tuple[Publication, ...],
    seen: tuple[PublishedUnit, ...],
    language: str,
    *,
    numbers: bool,
) -> tuple[Shown, ...]:
    """Return a card for each measure, with the units in `seen`; `numbers` where the whole company's may be shown."""
    codes = {unit.code for unit in seen}
    return tuple(
        _shown(beside, publication, codes, language, numbers=numbers)
        for beside in outcomes_beside(publication, publications)
    )


def newest_with_values(publications: tuple[Publication, ...]) -> Publication | None:
    """Return the newest publication beside which a value is set, else the newest; None where there is none."""
    beside = {each.wave for publication in publications for outcome in publication.outcomes for each in outcome.beside}
    with_values = [publication for publication in publications if publication.wave.code in beside]
    if with_values:
        return with_values[-1]
    return publications[-1] if publications else None


def _shown(beside: Beside, publication: Publication, codes: set[str], language: str, *, numbers: bool) -> Shown:
    points = tuple(point for point in beside.points if point.unit.code in codes)
    outcome, motives = beside.outcome, publication.instrument.motives
    name = outcome.names[language]
    enough = len(points) >= PLOT_FROM
    return Shown(
        outcome.measure,
        name,
        outcome.counted_in,
        Sentence("Higher is better") if outcome.better == "higher" else Sentence("Lower is better"),
        beside.period,
        beside.declared_on,
        verdict(beside),
        _coefficient(beside.coefficient, language) if numbers else "",
        tuple(motive.name[language] for motive in motives),
        tuple(_line(point, [motive.id for motive in motives], language) for point in points),
        sum(code in codes for code in beside.hidden),
        figure_json(outcome_figure(points, _with_unit(name, outcome.counted_in), language)) if enough else None,
    )


def _with_unit(name: str, counted_in: str) -> str:
    return f"{name} ({counted_in})" if counted_in else name


def _coefficient(figure: Figure | None, language: str) -> str:
    return "" if figure is None else f"{told(figure, language)} ({interval(figure, language)})"


def _line(point: Point, motives: list[str], language: str) -> Line:
    index = point.figures.index
    return Line(
        point.unit.name(language),
        told(index, language),
        interval(index, language),
        tuple(told(point.figures.scales[motive], language) for motive in motives),
        value_text(point.value),
    )
