"""The charts of a unit as plain Plotly figures: one source for the web (plotly.js) and for print (`reports.svg`).

Figures have fixed sizes and ranges and use bars, scatter, shapes and annotations only: what `reports.svg` can draw.
Everything in them comes from published values; what is suppressed or not estimable has no figure (None).
Rows are `ROW` pixels high, so that a printed table can stand beside them line by line.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import plotly.graph_objects as go
from msgspec.structs import replace

from survey.charts.sheet import (
    ACCENT,
    COMPANY,
    DIRECT,
    INDIRECT,
    INK,
    LINE,
    MUTED,
    Part,
    line,
    map_sheet,
    point,
    reach,
    region,
    rule,
    sheet,
    short,
    signed,
    steps,
)
from survey.i18n import Sentence, catalogue
from survey.instruments.model import Instrument
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit


@dataclass(frozen=True)
class Row:
    """One line of a row chart: a value with its interval, and the company's beside it."""

    label: str
    figure: Figure
    colour: str
    company: Figure | None = None


def colours(instrument: Instrument) -> dict[str, str]:
    """Return the colour of each motive: blues for the direct ones, oranges for the indirect ones, in their order."""
    palette: dict[str, str] = {}
    for side, shades in ((instrument.direct, DIRECT), (instrument.indirect, INDIRECT)):
        for place, scale in enumerate(side):
            palette[scale.id] = shades[min(place, len(shades) - 1)]
    return palette


def told(figure: Figure, language: str) -> str:
    """Return the number as it is shown, with "or more" or "or less" where extreme answers were moved to the bound."""
    if figure.bound == "or more":
        return Sentence("%(number)s or more", {"number": figure.text}).to(language)
    if figure.bound == "or less":
        return Sentence("%(number)s or less", {"number": figure.text}).to(language)
    return figure.text


def bound(figure: Figure, language: str) -> str:
    """Return "or more" or "or less" where extreme answers were moved to the bound, else ""."""
    return told(replace(figure, text=""), language).strip()


def interval(figure: Figure, language: str) -> str:
    """Return the 95 % interval in words, or "" where the figure has none."""
    if figure.low is None:
        return ""
    return Sentence("%(low)s to %(high)s", {"low": figure.low_text, "high": figure.high_text}).to(language)


def index_figure(unit: PublishedUnit, publication: Publication, language: str) -> go.Figure | None:
    """Draw the index with its interval, above the unit over it and the whole company."""
    if isinstance(unit.figures, Suppressed):
        return None
    composite = publication.instrument.index
    if composite is None:
        return None
    rows = [Row(short(unit.name(language)), unit.figures.value.index, ACCENT)]
    rows += [Row(short(other.name(language)), index, COMPANY) for other, index in _above(unit, publication)]
    ticks = [composite.low + (composite.high - composite.low) * step / 4 for step in range(5)]
    zero = rule({"x0": 0, "x1": 0, "y0": 0, "y1": 1}, MUTED, yref="paper")
    span = (composite.low, composite.high)
    return _rows(rows, span, {tick: signed(tick) for tick in ticks}, language, [zero])


def motives_figure(unit: PublishedUnit, publication: Publication, language: str) -> go.Figure | None:
    """Draw the motives' means with their intervals, and the company's means as marks."""
    return _scales_figure(unit, publication, language, colours(publication.instrument))


def facets_figure(unit: PublishedUnit, publication: Publication, language: str) -> go.Figure | None:
    """Draw both kinds of performance and the facets of the adaptive one, with the company's means as marks."""
    palette = dict.fromkeys(("tactical", "adaptive"), INK)
    palette |= {scale.id: ACCENT for scale in publication.instrument.scales if scale.kind == "facet"}
    return _scales_figure(unit, publication, language, palette)


def _scales_figure(
    unit: PublishedUnit, publication: Publication, language: str, palette: Mapping[str, str]
) -> go.Figure | None:
    """Draw the means of the scales in `palette`, in its order and colours."""
    if isinstance(unit.figures, Suppressed):
        return None
    scales, company = unit.figures.value.scales, beside(unit, publication)
    rows = [
        Row(short(publication.instrument.scale(scale).name[language]), scales[scale], colour, company.get(scale))
        for scale, colour in palette.items()
        if scale in scales
    ]
    if not rows:
        return None
    low, high = publication.instrument.range_of(next(iter(palette)))
    return _rows(rows, (low, high), {tick: f"{tick:g}" for tick in range(low, high + 1)}, language)


def contribution_figure(unit: PublishedUnit, publication: Publication, language: str) -> go.Figure | None:
    """Draw each motive's part of the gap to the rest of the company, and the gap itself below them."""
    if isinstance(unit.figures, Suppressed) or isinstance(unit.figures.value.contribution, NotEstimable):
        return None
    contribution = unit.figures.value.contribution
    palette = colours(publication.instrument)
    bars = [
        (publication.instrument.scale(motive).name[language], contribution.parts[motive], palette[motive])
        for motive in palette
        if motive in contribution.parts
    ]
    bars.append((catalogue(language).gettext("The whole gap"), contribution.gap, INK))
    span = reach([part.value for _, part, _ in bars])
    between = len(bars) - 1.5
    shapes = [
        rule({"x0": 0, "x1": 0, "y0": 0, "y1": 1}, MUTED, layer="above", yref="paper"),
        rule({"x0": 0, "x1": 1, "y0": between, "y1": between}, LINE, layer="above", xref="paper"),
    ]
    data: Part = {
        "type": "bar",
        "x": [part.value for _, part, _ in bars],
        "y": list(range(len(bars))),
        "orientation": "h",
        "width": 0.56,
        "marker": {"color": [colour for _, _, colour in bars]},
        "hoverinfo": "text",
        "hovertext": [f"{escape(label)}: {told(part, language)}" for label, part, _ in bars],
    }
    labels = [short(label) for label, _, _ in bars]
    return sheet(labels, (-span, span), {tick: signed(tick) for tick in steps(span)}, [data], shapes)


def map_figure(unit: PublishedUnit, publication: Publication, language: str) -> go.Figure | None:
    """Draw where the unit was seen between carrying out the plan and answering the situation, and its 95 % region.

    From tier two on the region is that of its true place, chance and the other units taken into account.
    """
    if isinstance(unit.figures, Suppressed) or unit.figures.value.position is None:
        return None
    position, company = unit.figures.value.position, publication.root.figures
    detail = None if isinstance(unit.detail, Suppressed) else unit.detail.value
    true = position if detail is None or detail.shrunken is None else detail.shrunken
    data = [region(true), point(position, short(unit.name(language)), ACCENT, "circle")]
    own = unit.code == publication.root.code
    if not own and not isinstance(company, Suppressed) and company.value.position is not None:
        name = catalogue(language).gettext("Whole company")
        data.insert(0, point(company.value.position, name, COMPANY, "diamond"))
    return map_sheet(publication.instrument.range_of("adaptive"), language, data)


def beside(unit: PublishedUnit, publication: Publication) -> Mapping[str, Figure]:
    """Return the company's means by scale, to stand beside a unit's; empty for the company itself."""
    figures = publication.root.figures
    own = unit.code == publication.root.code
    return {} if own or isinstance(figures, Suppressed) else figures.value.scales


def _above(unit: PublishedUnit, publication: Publication) -> list[tuple[PublishedUnit, Figure]]:
    above = publication.published_above(unit.code)
    others = [other for other in (above, publication.root) if other is not None and other.code != unit.code]
    unique = list({other.code: other for other in others}.values())
    return [(other, other.figures.value.index) for other in unique if not isinstance(other.figures, Suppressed)]


def _rows(
    rows: Sequence[Row],
    span: tuple[float, float],
    ticks: Mapping[float, str],
    language: str,
    under: Sequence[Part] = (),
) -> go.Figure:
    data: list[Part] = []
    shapes = list(under)
    for place, row in enumerate(rows):
        if row.figure.low is not None and row.figure.high is not None:
            ends = [max(span[0], row.figure.low), min(span[1], row.figure.high)]
            data.append(_band(ends, place, row.colour))
        if row.company is not None:
            at = row.company.value
            mark = {"x0": at, "x1": at, "y0": place - 0.3, "y1": place + 0.3}
            shapes.append(rule(mark, COMPANY, 2, layer="above"))
        hover = f"{row.label}: {told(row.figure, language)} ({interval(row.figure, language)})"
        data.append(_dot(row.figure.value, place, row.colour, hover))
    return sheet([row.label for row in rows], span, ticks, data, shapes)


def _band(ends: list[float], place: int, colour: str) -> Part:
    return {
        "type": "scatter",
        "x": ends,
        "y": [place, place],
        "mode": "lines",
        "hoverinfo": "skip",
        "line": line(colour, 5),
        "opacity": 0.32,
    }


def _dot(value: float, place: int, colour: str, hover: str) -> Part:
    return {
        "type": "scatter",
        "x": [value],
        "y": [place],
        "mode": "markers",
        "hoverinfo": "text",
        "hovertext": [hover],
        "marker": {"symbol": "circle", "size": 11, "color": colour},
    }


Draw = Callable[[PublishedUnit, Publication, str], go.Figure | None]

UNIT_FIGURES: Final[Mapping[str, tuple[Draw, Sentence]]] = {
    "index": (index_figure, Sentence("Total motivation with its 95 % interval; the numbers stand in the table.")),
    "motives": (motives_figure, Sentence("The motives with their 95 % intervals; the numbers stand in the table.")),
    "contribution": (contribution_figure, Sentence("Parts of the gap; the numbers stand in the table.")),
    "facets": (facets_figure, Sentence("Behaviour with 95 % intervals; the numbers stand in the table.")),
    "map": (
        map_figure,
        Sentence("Map of tactical and adaptive performance; the text beside it says what it shows."),
    ),
}
"""A unit's charts on page and paper by name: how each is drawn, and what it shows for those who do not see it."""
