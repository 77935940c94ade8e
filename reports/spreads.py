"""How the answers to each motive are spread, whether they stand in two camps, and how far people agree."""

from dataclasses import dataclass
from typing import Final

from survey.charts import colours, told
from survey.i18n import Sentence
from survey.privacy.evidence import Agreement
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import Detail, UnitFigures
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.scoring.agreement import camps
from survey.scoring.position import ADAPTIVE, TACTICAL

_DARKEST: Final = 0.6
"""Of the accent behind a count: ink stays readable on it (5.4 to 1)."""
_STEPS: Final = 8

ALIKE: Final = Sentence(
    "%(names)s: the answers are too alike to show how they are spread. A distribution would tell single answers."
)
NO_CAMPS: Final = Sentence("On none of the motives shown here do people stand in two camps.")


@dataclass(frozen=True)
class Heat:
    """How many people gave an answer, how dark its cell is (0 to 0.6), and how high its bar (0 to 8)."""

    count: int
    share: float
    height: int


@dataclass(frozen=True)
class Row:
    """How the answers to a motive are spread."""

    name: str
    colour: str
    shown: str
    """The standard deviation."""
    cells: tuple[Heat, ...]
    split: bool


@dataclass(frozen=True)
class Agreeing:
    """How far people agree on a scale, in numbers; "" where one cannot be had."""

    name: str
    uniform: str
    skewed: str
    deviation: str


@dataclass(frozen=True)
class Spreads:
    """All of it."""

    rows: tuple[Row, ...] = ()
    answers: tuple[int, ...] = ()
    says: str = ""
    """Whether people stand in two camps, "" where that was not asked or no distribution is shown."""
    alike: str = ""
    """Why some motives show no spread, or ""."""
    agreeing: tuple[Agreeing, ...] = ()


def spreads(unit: PublishedUnit, figures: UnitFigures, publication: Publication, language: str) -> Spreads:
    """Return how the answers of a unit are spread; nothing where it shows no details."""
    if isinstance(unit.detail, Suppressed):
        return Spreads()
    detail, palette = unit.detail.value, colours(publication.instrument)
    shown = [motive for motive in palette if motive in detail.spreads]
    low, high = publication.instrument.range_of(shown[0]) if shown else (1, 0)
    says = two_camps(shown, detail, figures, publication, language) if detail.agreement else None
    silent = ", ".join(_name(publication, motive, language) for motive in palette if motive not in shown)
    return Spreads(
        rows=tuple(_rows(shown, detail, publication, language)),
        answers=tuple(range(low, high + 1)),
        says="" if says is None else says.to(language),
        alike=ALIKE.fill(names=silent).to(language) if silent else "",
        agreeing=tuple(
            _agreeing(_name(publication, scale, language), detail.agreement[scale], language)
            for scale in (*palette, ADAPTIVE, TACTICAL)
            if scale in detail.agreement
        ),
    )


def _name(publication: Publication, scale: str, language: str) -> str:
    return publication.instrument.scale(scale).name[language]


def _rows(shown: list[str], detail: Detail, publication: Publication, language: str) -> list[Row]:
    palette = colours(publication.instrument)
    most = max((count for motive in shown for count in detail.spreads[motive].counts), default=0) or 1
    return [
        Row(
            _name(publication, motive, language),
            palette[motive],
            told(detail.spreads[motive].sd, language),
            tuple(
                Heat(count, round(_DARKEST * count / most, 2), round(_STEPS * count / most))
                for count in detail.spreads[motive].counts
            ),
            motive in detail.agreement and detail.agreement[motive].split,
        )
        for motive in shown
    ]


def two_camps(
    shown: list[str], detail: Detail, figures: UnitFigures, publication: Publication, language: str
) -> Sentence | None:
    """Return one sentence on camps, made of nothing but the counts and the mean that are shown."""
    split = [motive for motive in shown if motive in detail.agreement and detail.agreement[motive].split]
    if not split:
        return NO_CAMPS if shown else None
    names = ", ".join(_name(publication, motive, language) for motive in split)
    if len(split) > 1:
        return Sentence(
            "People here stand in two camps on %(names)s: many gave low answers, many high ones, and no more "
            "stand in between. The means describe hardly anybody.",
            {"names": names},
        )
    (motive,) = split
    return _camps(names, detail.spreads[motive].counts, publication.instrument.range_of(motive), figures.scales[motive])


def _camps(name: str, counts: list[int], ends: tuple[int, int], mean: Figure) -> Sentence:
    found, (low, high) = camps(counts), ends
    facts: dict[str, object] = {
        "name": name,
        "low": found.low,
        "low_answers": _range(low, low + found.end - 1),
        "high": found.high,
        "high_answers": _range(high - found.end + 1, high),
        "between": found.between,
    }
    stand = Sentence(
        "On %(name)s people here stand in two camps: %(low)s answered %(low_answers)s and %(high)s answered "
        "%(high_answers)s, %(between)s in between.",
        facts,
    )
    if not found.between:
        stand = Sentence(
            "On %(name)s people here stand in two camps: %(low)s answered %(low_answers)s and %(high)s answered "
            "%(high_answers)s, nobody in between.",
            facts,
        )
    near = sum(count for place, count in enumerate(counts) if abs(low + place - mean.value) < 1)
    of_mean: dict[str, object] = {"camps": stand, "mean": mean.text}
    if near:
        return Sentence("%(camps)s The mean of %(mean)s describes few of them.", of_mean)
    return Sentence("%(camps)s The mean of %(mean)s describes nobody.", of_mean)


def _range(low: int, high: int) -> str:
    return f"{low}–{high}" if high > low else f"{low}"


def _agreeing(name: str, found: Agreement, language: str) -> Agreeing:
    numbers = (found.rwg["uniform"], found.rwg["skewed"], found.deviation)
    return Agreeing(
        name, *("" if each is None or isinstance(each, NotEstimable) else told(each, language) for each in numbers)
    )
