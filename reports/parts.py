"""The parts of a report: every number as the string that is printed, every sentence already chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reports import leaning, sentences
from reports.lengths import ROW, cut
from reports.spreads import Spreads, spreads
from reports.withheld import withheld
from survey.charts import beside, bound, colours, interval, told
from survey.charts.sheet import ACCENT, COMPANY, INK, signed
from survey.i18n import Sentence, catalogue
from survey.instruments.model import Instrument
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import UnitFigures
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

BEHAVIOUR: Final = ("adaptive", "tactical")


@dataclass(frozen=True)
class Line:
    """One line of a table: a name, its number, the interval, and what it is compared with."""

    name: str
    shown: str
    interval: str = ""
    beside: str = ""
    colour: str = ""
    number: str = ""
    bound: str = ""


@dataclass(frozen=True)
class Picture:
    """Page one: the index, and what it stands beside."""

    first: tuple[str, ...]
    standing: str
    index: Line
    lines: tuple[Line, ...]
    n: int
    participation: str
    gap: Line | None
    gap_says: str
    change: Line | None
    change_says: str
    pooled: bool
    low: str
    high: str


@dataclass(frozen=True)
class Why:
    """Page two: the motives, and what the gap is made of."""

    weakest: str
    axis: str
    motives: tuple[Line, ...]
    parts: tuple[Line, ...]
    gap_says: str
    acquiescence: str
    twin: Line
    twin_says: str
    spread: Spreads
    asked: tuple[Line, ...]
    """The words each motive was asked with, where one question asks for it."""
    withheld: tuple[str, ...]
    """What is not told of the unit and of those right below it, with the reasons."""


@dataclass(frozen=True)
class Behaviour:
    """Page three: tactical and adaptive performance."""

    label: str
    label_says: str
    quarters: tuple[tuple[str, str], ...]
    """The quarters of the map with their probabilities; () where the two kinds of performance are not two."""
    drawn_in: bool
    """Whether the region on the map takes chance and the other units into account."""
    balance: str
    axis: str
    lines: tuple[Line, ...]
    link: tuple[str, ...]
    thesis: str
    """Whether low motivation and work on the plan alone go together here, "" where nothing can be said."""


def picture(unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str) -> Picture:
    """Return page one."""
    index = publication.instrument.index
    name = index.name[language] if index else catalogue(language).gettext("Total motivation")
    gap = None if isinstance(figures.contribution, NotEstimable) else figures.contribution.gap
    change, change_says = sentences.since_last_wave(unit.detail, publication)
    return Picture(
        first=_say(sentences.first(unit, figures), language),
        standing=sentences.standing(figures.index).to(language),
        index=_line(name, figures.index, language),
        lines=tuple(_index_lines(unit, figures, publication, language)),
        n=figures.n,
        participation=unit.participation,
        gap=None if gap is None else _line("", gap, language),
        gap_says=sentences.against_the_rest(figures.contribution).to(language),
        change=None if change is None else _line("", change.difference, language),
        change_says=change_says.to(language),
        pooled=figures.n < sentences.POOLED_BELOW,
        low=signed(index.low) if index else "",
        high=signed(index.high) if index else "",
    )


def _index_lines(unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str) -> Iterable[Line]:
    yield _line(cut(unit.name(language), ROW), figures.index, language, beside=f"{figures.n:,}", colour=ACCENT)
    above = publication.published_above(unit.code)
    for other in {other.code: other for other in (above, publication.root) if other is not None}.values():
        if other.code != unit.code and not isinstance(other.figures, Suppressed):
            value = other.figures.value
            yield _line(cut(other.name(language), ROW), value.index, language, beside=f"{value.n:,}", colour=COMPANY)


def over_waves(waves: Sequence[Publication], code: str, language: str) -> tuple[Line, ...]:
    """Return one line for each wave: its index and how many answered."""
    shown = [(wave.wave.code, wave.unit(code).figures) for wave in waves]
    return tuple(
        _line(cut(wave, ROW), figures.value.index, language, beside=f"{figures.value.n:,}")
        for wave, figures in shown
        if not isinstance(figures, Suppressed)
    )


def why(unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str) -> Why:
    """Return page two."""
    palette = colours(publication.instrument)
    contribution = figures.contribution
    estimable = not isinstance(contribution, NotEstimable)
    return Why(
        weakest=sentences.weakest(figures, publication, language).to(language),
        axis=_labels(publication.instrument, next(iter(palette)), language),
        motives=scale_lines(tuple(palette), unit, figures, publication, language),
        parts=_parts(figures, publication, language) if estimable else (),
        gap_says="" if estimable else sentences.against_the_rest(contribution).to(language),
        acquiescence="" if isinstance(contribution, NotEstimable) else told(contribution.acquiescence, language),
        twin=_line("", figures.twin, language),
        twin_says=sentences.twin(figures).to(language),
        spread=spreads(unit, figures, publication, language),
        asked=_asked(publication.instrument, palette, language),
        withheld=_say(withheld(unit, publication.children(unit.code), publication), language),
    )


def _asked(instrument: Instrument, palette: Mapping[str, str], language: str) -> tuple[Line, ...]:
    items = {motive: instrument.items_of(motive) for motive in palette}
    if any(len(found) != 1 or language not in found[0].text for found in items.values()):
        return ()
    return tuple(
        Line(instrument.scale(motive).name[language], found[0].text[language], colour=palette[motive])
        for motive, found in items.items()
    )


def _parts(figures: UnitFigures, publication: Publication, language: str) -> tuple[Line, ...]:
    contribution = figures.contribution
    if isinstance(contribution, NotEstimable):
        return ()
    palette = colours(publication.instrument)
    lines = [
        _line(cut(publication.instrument.scale(motive).name[language], ROW), part, language, colour=palette[motive])
        for motive in palette
        if (part := contribution.parts.get(motive)) is not None
    ]
    gap = catalogue(language).gettext("The whole gap")
    return (*lines, _line(gap, contribution.gap, language, colour=INK))


def scale_lines(
    scales: tuple[str, ...], unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str
) -> tuple[Line, ...]:
    """Return one line for each scale that has a figure, with the company's mean beside it."""
    company, palette = beside(unit, publication), colours(publication.instrument)
    return tuple(
        _line(
            cut(publication.instrument.scale(scale).name[language], ROW),
            figures.scales[scale],
            language,
            beside=told(company[scale], language) if scale in company else "",
            colour=palette.get(scale, ""),
        )
        for scale in scales
        if scale in figures.scales
    )


def behaviour(unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str) -> Behaviour | None:
    """Return page three; None for an instrument that does not ask about tactical and adaptive performance."""
    if not all(scale in figures.scales for scale in BEHAVIOUR):
        return None
    facets = [scale.id for scale in publication.instrument.scales if scale.kind == "facet"]
    label, label_says = leaning.label(unit.detail, publication)
    thesis = leaning.thesis(publication)
    return Behaviour(
        label=label.to(language),
        label_says=label_says.to(language),
        balance=sentences.balance(figures, language).to(language),
        axis=_labels(publication.instrument, "tactical", language),
        lines=scale_lines(("tactical", "adaptive", *facets), unit, figures, publication, language),
        quarters=tuple((name.to(language), shown) for name, shown in leaning.quarters(unit.detail, publication)),
        drawn_in=not isinstance(unit.detail, Suppressed) and unit.detail.value.shrunken is not None,
        link=_say(leaning.link(publication), language),
        thesis="" if thesis is None else thesis.to(language),
    )


def _labels(instrument: Instrument, scale: str, language: str) -> str:
    """Return what the numbers of a scale mean, as the questionnaire says; its range where it has no wording."""
    item = instrument.items_of(scale)[0]
    labelled = instrument.answer_scale(item)
    if labelled is None:
        return f"{item.min} – {item.max}"
    return " · ".join(f"{number} {text[language]}" for number, text in labelled.labels.items())


def _line(name: str, figure: Figure, language: str, *, beside: str = "", colour: str = "") -> Line:
    return Line(
        name,
        shown=told(figure, language),
        interval=interval(figure, language),
        beside=beside,
        colour=colour,
        number=figure.text,
        bound=bound(figure, language),
    )


def _say(found: Iterable[Sentence], language: str) -> tuple[str, ...]:
    return tuple(sentence.to(language) for sentence in found)
