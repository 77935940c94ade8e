"""One unit over the waves: the chart of its index, the numbers behind it, and what breaks or marks its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import plotly.graph_objects as go
from markupsafe import Markup

from reports import sentences
from reports.comparison.lenses import Sees, Stand, stands
from survey.charts import interval, told
from survey.charts.marks import TrendMark, marks_of
from survey.charts.sheet import MUTED
from survey.charts.trend import Point, span, trend_figure
from survey.i18n import Sentence
from survey.instruments.versions import same_index
from survey.privacy.figures import Figure
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.figures import figure_json

WIDTH: Final = 560
HEIGHT: Final = 248
MUCH: Final = 80
"""Per cent of a unit's people who had been there in the wave before, below which the chart says how many."""


@dataclass(frozen=True)
class WaveRow:
    """One wave, as the table beside the chart says it."""

    wave: str
    shown: str
    interval: str
    n: str
    company: str
    stayed: str
    """Of its people, per cent who had been here in the wave before; "" where nobody knows."""
    why: Sentence | None
    """Why there is no number."""


@dataclass(frozen=True)
class History:
    """A unit over the waves."""

    figure: Markup | None
    """None where there are no two waves to draw."""
    rows: tuple[WaveRow, ...]
    marks: tuple[TrendMark, ...]
    notes: tuple[Sentence, ...]
    """What breaks the line or changed what the code stands for, the earliest first."""
    badges: bool
    """Whether the chart says of a wave how many of its people had been here in the wave before."""


def history(
    unit: PublishedUnit, publication: Publication, everything: Sequence[Publication], sees: Sees, language: str
) -> History:
    """Return what is told of a unit's waves, up to the one that is shown; nothing where the reader may not see it."""
    waves = until(publication, everything)
    found = _from_the_first(stands(unit.code, waves, "code", sees))
    drawn = _points(found)
    marks = marks_of(unit, [stand.wave for stand in found], language)
    notes = (*_beginning(unit.code, waves, found[0], sees, language), *_notes(found, sees, language))
    enough = sum(point.unit is not None for point in drawn) > 1
    return History(
        figure=figure_json(_figure(found, drawn, marks, language)) if enough else None,
        rows=tuple(_row(stand, point, language) for stand, point in zip(found, drawn, strict=True)),
        marks=marks,
        notes=notes,
        badges=any(_much_changed(stand) for stand in found[1:]),
    )


def until(publication: Publication, everything: Sequence[Publication]) -> tuple[Publication, ...]:
    """Return the waves up to the one that is shown, the earliest first."""
    places = [place for place, each in enumerate(everything) if each.wave.code == publication.wave.code]
    return tuple(everything[: places[0] + 1]) if places else (publication,)


def _from_the_first(found: Sequence[Stand]) -> tuple[Stand, ...]:
    first = next((place for place, stand in enumerate(found) if stand.unit is not None), len(found) - 1)
    return tuple(found[first:])


def _points(found: Sequence[Stand]) -> tuple[Point, ...]:
    """Return what the chart draws: the unit of this code in each wave, the whole company beside it."""
    before = [None, *(stand.wave for stand in found)]
    return tuple(
        Point(
            stand.wave.wave.code,
            None if stand.unit is None else _index(stand.unit),
            None if stand.unit is not None and stand.unit.parent is None else _index(stand.wave.root),
            joined=stand.joined,
            broken=stand.broken,
            apart=last is not None and not same_index(last.instrument, stand.wave.instrument),
        )
        for last, stand in zip(before, found, strict=False)
    )


def _index(unit: PublishedUnit) -> Figure | None:
    return None if isinstance(unit.figures, Suppressed) else unit.figures.value.index


def _figure(found: Sequence[Stand], drawn: Sequence[Point], marks: Sequence[TrendMark], language: str) -> go.Figure:
    axis = span([drawn])
    figure = trend_figure(drawn, axis, language, marks)
    badges = [
        {"text": f"{stand.unit.origin.stayed} %", "x": place - 0.5, "y": axis[0], "xref": "x", "yref": "y",
         "xanchor": "center", "yanchor": "bottom", "showarrow": False, "font": {"size": 12, "color": MUTED}}
        for place, stand in enumerate(found)
        if place and _much_changed(stand) and stand.unit is not None and stand.unit.origin is not None
    ]  # fmt: skip
    figure.update_layout(width=WIDTH, height=HEIGHT, annotations=[*figure.layout.annotations, *badges])
    return figure


def _much_changed(stand: Stand) -> bool:
    return stand.unit is not None and stand.unit.origin is not None and stand.unit.origin.stayed < MUCH


def _row(stand: Stand, point: Point, language: str) -> WaveRow:
    company = "" if point.company is None else told(point.company, language)
    row = WaveRow(stand.wave.wave.code, "", "", "", company, "", stand.why)
    if stand.unit is None:
        return row
    if isinstance(stand.unit.figures, Suppressed):
        return replace(row, why=sentences.hidden(stand.unit.figures.reason, stand.wave.policy))
    figures, origin = stand.unit.figures.value, stand.unit.origin
    return replace(
        row,
        shown=told(figures.index, language),
        interval=interval(figures.index, language),
        n=f"{figures.n:,}",
        stayed="" if origin is None or not stand.wave.previous_wave else f"{origin.stayed} %",
        why=None,
    )


def _beginning(code: str, waves: Sequence[Publication], first: Stand, sees: Sees, language: str) -> Iterator[Sentence]:
    """Say why a line begins later than the company's."""
    place = next(place for place, wave in enumerate(waves) if wave == first.wave)
    if not place or first.unit is None:
        return
    before, origin = waves[place - 1], first.unit.origin
    facts: dict[str, object] = {"wave": first.wave.wave.code}
    if code in before:
        yield Sentence("Before %(wave)s it lay in a part of the company that you cannot see.", facts)
    elif origin is not None and origin.unit in before and sees(before, origin.unit):
        facts |= {"percent": origin.share, "unit": before.unit(origin.unit).name(language)}
        yield Sentence("New in %(wave)s; %(percent)s %% of its people came from %(unit)s.", facts)
    else:
        yield Sentence("New in %(wave)s.", facts)


def _notes(found: Sequence[Stand], sees: Sees, language: str) -> Iterator[Sentence]:
    for before, stand in pairwise(found):
        wave: dict[str, object] = {"wave": stand.wave.wave.code}
        if before.unit is None or stand.unit is None:
            continue
        if before.unit.parent != stand.unit.parent:
            yield _moved(before, stand, sees, language)
        if before.unit.name(language) != stand.unit.name(language):
            yield Sentence("Before %(wave)s it was called %(name)s.", {**wave, "name": before.unit.name(language)})
        if stand.broken and stand.unit.origin is not None:
            yield Sentence(
                "%(wave)s: only %(percent)s %% of the people had been here in the wave before, so the line breaks. "
                "Until then this was largely another unit under the same code.",
                {**wave, "percent": stand.unit.origin.stayed},
            )


def _moved(before: Stand, stand: Stand, sees: Sees, language: str) -> Sentence:
    """Say that a unit was put elsewhere in the tree; only parts that the reader may see are named."""
    named = [_parent(each, sees, language) for each in (before, stand)]
    if not all(named):
        return Sentence("%(wave)s: it was moved within the company.", {"wave": stand.wave.wave.code})
    return Sentence(
        "%(wave)s: it was moved from %(before)s to %(after)s.",
        {"wave": stand.wave.wave.code, "before": named[0], "after": named[1]},
    )


def _parent(stand: Stand, sees: Sees, language: str) -> str:
    code = None if stand.unit is None else stand.unit.parent
    return "" if code is None or not sees(stand.wave, code) else stand.wave.unit(code).name(language)
