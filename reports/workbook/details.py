"""The sheets of details: changes, answers, practices, earlier waves, and every number as a row."""

from collections.abc import Iterator, Mapping
from typing import Final

from reports.change_sentences import word
from reports.numbers import Number, numbers
from reports.recompute import of_row
from reports.trend import trail
from reports.workbook.sheets import Cell, Column, Row, Sheet, high, low, shown, words
from reports.workbook.view import View
from survey.i18n import Sentence
from survey.instruments.practices import name_of
from survey.privacy.record import Change
from survey.privacy.released import Suppressed
from survey.privacy.thaw import PublishedUnit

BESIDE: Final = ("index", "mean")
"""What a reader sees of the company beside his own units."""
MEASURES: Final = {
    "twin": Sentence("Direct minus indirect"),
    "mean": Sentence("Mean"),
    "gap": Sentence("Against the rest of the company"),
    "part of the gap": Sentence("Part of the gap"),
    "balance": Sentence("Adaptive minus tactical, against the rest"),
    "practice": Sentence("Practice"),
    "change": Sentence("Change"),
}


def changes(view: View) -> Sheet:
    """Return the changes since the wave before, with the verdict that was fixed at publication."""
    say = view.say
    return Sheet(
        name=say(Sentence("Over time")),
        title=say(Sentence("Changes since the last wave")),
        lead=say(
            Sentence(
                "A word stands only where the change can be told apart from chance, with all units looked at together."
            )
        ),
        columns=[
            words(say(Sentence("Unit")), 30),
            words(say(Sentence("Code")), 12),
            words(say(Sentence("What")), 22),
            words(say(Sentence("Since")), 11),
            Column(say(Sentence("Change")), 10),
            Column(say(Sentence("From")), 9),
            Column(say(Sentence("To")), 9),
            words(say(Sentence("Verdict")), 24),
            Column(say(Sentence("Would have been seen from")), 14),
            Column(say(Sentence("Hedges' g")), 9),
        ],
        rows=tuple(_changes(view)),
    )


def _changes(view: View) -> Iterator[Row]:
    for unit in view.units:
        detail = None if isinstance(unit.detail, Suppressed) or not view.whole(unit) else unit.detail.value
        if detail is None or detail.change is None:
            continue
        yield Row(_change(unit, view.index_name, detail.change, view), 0)


def _change(unit: PublishedUnit, what: str, change: Change, view: View) -> list[Cell]:
    return [
        unit.name(view.language),
        unit.code,
        what,
        change.since,
        shown(change.difference, view.language),
        low(change.difference),
        high(change.difference),
        view.say(word(change)),
        shown(change.detectable, view.language),
        shown(change.g, view.language),
    ]


def answers(view: View) -> Sheet:
    """Return how many people gave which answer to each motive, where enough answered."""
    say = view.say
    lowest, highest = _range(view)
    return Sheet(
        name=say(Sentence("Distribution of answers")),
        title=say(Sentence("How many people gave which answer")),
        lead=say(
            Sentence(
                "Only where at least %(k)s people answered, and their answers are not too alike.",
                {"k": view.publication.policy.detail_k},
            )
        ),
        columns=[
            words(say(Sentence("Unit")), 30),
            words(say(Sentence("Code")), 12),
            words(say(Sentence("Motive")), 22),
            *(Column(str(answer), 7) for answer in range(lowest, highest + 1)),
            Column(say(Sentence("Standard deviation")), 12),
        ],
        rows=tuple(_answers(view, highest - lowest + 1)),
    )


def _range(view: View) -> tuple[int, int]:
    """Return the lowest and the highest answer to a question about a motive."""
    ranges = [view.publication.instrument.range_of(motive.id) for motive in view.publication.instrument.motives]
    return min((low for low, _ in ranges), default=1), max((high for _, high in ranges), default=1)


def _answers(view: View, places: int) -> Iterator[Row]:
    names = {scale.id: scale.name[view.language] for scale in view.publication.instrument.motives}
    for unit in view.units:
        if isinstance(unit.detail, Suppressed) or not view.whole(unit):
            continue
        for motive, spread in unit.detail.value.spreads.items():
            counts: list[Cell] = [*spread.counts, *[None] * (places - len(spread.counts))]
            sd = shown(spread.sd, view.language)
            yield Row([unit.name(view.language), unit.code, names[motive], *counts, sd])


def practices(view: View) -> Sheet:
    """Return how often each practice happens, and since when a unit has adopted it."""
    say = view.say
    return Sheet(
        name=say(Sentence("Practices")),
        title=say(Sentence("Practices: how often they happen")),
        lead=say(Sentence("1 never, 4 about half the times, 7 always; in the four weeks before the answer.")),
        columns=[
            words(say(Sentence("Unit")), 30),
            words(say(Sentence("Code")), 12),
            words(say(Sentence("Practice")), 46, wraps=True),
            Column(say(Sentence("Answers")), 9),
            Column(say(Sentence("Mean")), 9),
            Column(say(Sentence("From")), 9),
            Column(say(Sentence("To")), 9),
            words(say(Sentence("Adopted since")), 13),
        ],
        rows=tuple(_practices(view)),
    )


def _practices(view: View) -> Iterator[Row]:
    for unit in view.units:
        if not view.whole(unit):
            continue
        found = {} if isinstance(unit.figures, Suppressed) else unit.figures.value.practices
        counted = {} if isinstance(unit.figures, Suppressed) else unit.figures.value.practices_n
        for name in dict.fromkeys([*found, *unit.adopted]):
            figure = found.get(name)
            called = name_of(name, view.publication.instrument, view.publication.practices)[view.language]
            yield Row(
                [unit.name(view.language), unit.code, called, counted.get(name),
                 shown(figure, view.language), low(figure), high(figure), unit.adopted.get(name, "")]
            )  # fmt: skip


def waves(view: View) -> Sheet:
    """Return the index of each unit over the waves through which its changes are told."""
    say = view.say
    return Sheet(
        name=say(Sentence("Waves")),
        title=say(Sentence("The index over the waves")),
        lead=say(Sentence("As far back as each unit's changes are told.")),
        columns=[
            words(say(Sentence("Unit")), 30),
            words(say(Sentence("Code")), 12),
            words(say(Sentence("Wave")), 12),
            Column(say(Sentence("Answers")), 9),
            Column(view.index_name, 12),
            Column(say(Sentence("From")), 9),
            Column(say(Sentence("To")), 9),
        ],
        rows=tuple(_waves(view)),
    )


def _waves(view: View) -> Iterator[Row]:
    for unit in view.units:
        for wave in trail(view.publication, view.earlier, unit.code) if view.whole(unit) else ():
            figures = wave.unit(unit.code).figures
            if not isinstance(figures, Suppressed):
                index = figures.value.index
                cells = [shown(index, view.language), low(index), high(index)]
                yield Row([unit.name(view.language), unit.code, wave.wave.code, figures.value.n, *cells])


def everything(view: View) -> Sheet:
    """Return every number as a row, for filters and pivot tables."""
    say = view.say
    return Sheet(
        name=say(Sentence("All numbers")),
        title=say(Sentence("Every published number as a row")),
        lead=say(Sentence("For filters and pivot tables. The last column names the paragraph of the method.")),
        columns=[
            words(say(Sentence("Unit")), 30),
            words(say(Sentence("Code")), 12),
            words(say(Sentence("What")), 30),
            words(say(Sentence("Of")), 24),
            Column(say(Sentence("Answers")), 9),
            Column(say(Sentence("Value")), 10),
            Column(say(Sentence("From")), 9),
            Column(say(Sentence("To")), 9),
            words(say(Sentence("Method")), 20),
        ],
        rows=tuple(_everything(view)),
    )


def _everything(view: View) -> Iterator[Row]:
    titles = {scale.id: scale.name[view.language] for scale in view.publication.instrument.scales}
    for unit in view.units:
        for number in numbers(unit, view.publication):
            if number.figure is not None and (view.whole(unit) or number.measure in BESIDE):
                figure = number.figure
                named = [unit.name(view.language), unit.code, _what(number, view), _of(number, titles, view)]
                ends = [shown(figure, view.language), low(figure), high(figure)]
                yield Row([*named, number.n, *ends, of_row(number.measure)])


def _what(number: Number, view: View) -> str:
    if number.measure == "index":
        return view.index_name
    return view.say(MEASURES.get(number.measure, MEASURES["change"]))


def _of(number: Number, titles: Mapping[str, str], view: View) -> str:
    if number.measure == "practice":
        return name_of(number.scale, view.publication.instrument)[view.language]
    return titles.get(number.scale, number.scale)
