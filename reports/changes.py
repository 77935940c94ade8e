"""What a unit's page and its report say of its changes: who was there then, what was to be expected, which motives."""

from dataclasses import dataclass

from reports import change_sentences
from reports.parts import Line
from survey.charts import colours, interval, told
from survey.i18n import Sentence
from survey.privacy.record import Change, Detail
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit


@dataclass(frozen=True)
class Moved(Line):
    """The change of a motive."""

    told: bool = False
    """Whether it was told apart from chance."""


@dataclass(frozen=True)
class Since:
    """What stands beside the change since the last wave; every text may be ""."""

    stayed: str
    """How many of today's people were there then."""
    unseen: str
    """How large a change must be to be found."""
    expected: str
    """Which part of the change was to be expected without any."""
    motives: tuple[Moved, ...]
    """Changes of the motives, where the index itself has changed; `beside` says what they mean."""
    wave: str
    """The wave that they are counted from."""


def since(unit: PublishedUnit, publication: Publication, language: str) -> Since:
    """Return what is told beside a unit's change since the last wave."""
    detail = None if isinstance(unit.detail, Suppressed) else unit.detail.value
    change = None if detail is None else detail.change
    return Since(
        stayed=_said(change_sentences.stayed(unit, publication), language),
        unseen=_said(None if change is None else change_sentences.unseen(change), language),
        expected=_said(None if change is None else change_sentences.expected(change), language),
        motives=() if detail is None else _motives(detail, publication, language),
        wave="" if change is None else change.since,
    )


def _motives(detail: Detail, publication: Publication, language: str) -> tuple[Moved, ...]:
    return tuple(
        _line(publication.instrument.scale(motive).name[language], detail.motive_changes[motive], colour, language)
        for motive, colour in colours(publication.instrument).items()
        if motive in detail.motive_changes
    )


def _line(name: str, change: Change, colour: str, language: str) -> Moved:
    return Moved(
        name,
        shown=told(change.difference, language),
        interval=interval(change.difference, language),
        beside=change_sentences.word(change).to(language),
        colour=colour,
        told=change.verdict != "no detectable difference",
    )


def _said(sentence: Sentence | None, language: str) -> str:
    return "" if sentence is None else sentence.to(language)
