"""Marks on a unit's trend: when a practice began, a leader changed, a tool was introduced, from what was published."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_lowercase
from typing import Final

from survey.charts.sheet import MUTED, Part, line
from survey.i18n import Sentence, day
from survey.instruments.practices import library
from survey.privacy.register import Mark
from survey.privacy.thaw import Publication, PublishedUnit

ASIDE: Final = 0.15
"""How far a mark keeps from the waves it lies between, in steps from wave to wave."""
NEAR: Final = 1 / 18
"""Steps between two letters, for each wave on the axis, below which they would meet."""


@dataclass(frozen=True)
class TrendMark:
    """One mark: its letter stands in the chart, beside the list and in the text for those who do not see it."""

    letter: str
    at: float
    """On the axis of waves: 0.5 is half-way between the first and the second."""
    day: str
    name: str

    @property
    def text(self) -> str:
        """The mark in one line."""
        return f"{self.letter}: {self.name}, {self.day}"


def marks_of(unit: PublishedUnit, waves: Sequence[Publication], language: str) -> tuple[TrendMark, ...]:
    """Return what began or happened in a unit between the waves shown, by day, as the newest of them knows it."""
    names = {one.id: one.name[language] for one in (*library(), *(one for wave in waves for one in wave.practices))}
    happened = [
        (since, Sentence("%(practice)s began", {"practice": names.get(practice, practice)}))
        for practice, since in (*unit.adopted.items(), *((each, gone.since) for each, gone in unit.over.items()))
    ]
    happened += [
        (gone.ended, Sentence("%(practice)s ended", {"practice": names.get(practice, practice)}))
        for practice, gone in unit.over.items()
    ]
    happened += [(mark.day, _said(mark)) for mark in unit.marks]
    placed = [(when, what, at) for when, what in sorted(happened, key=lambda each: (each[0], each[1].text))
              if (at := _place(when, waves)) is not None]  # fmt: skip
    return tuple(
        TrendMark(letter, at, day(dt.date.fromisoformat(when), language), what.to(language))
        for letter, (when, what, at) in zip(ascii_lowercase, placed[-len(ascii_lowercase) :], strict=False)
    )


def happened(unit: PublishedUnit, language: str) -> tuple[str, ...]:
    """Return what else happened in a unit, by day, one line each."""
    return tuple(f"{_said(mark).to(language)}, {day(dt.date.fromisoformat(mark.day), language)}" for mark in unit.marks)


def drawn(marks: Sequence[TrendMark], top: float, waves: int) -> tuple[list[Part], list[Part]]:
    """Return the lines of some marks, and their letters just below `top`; letters that would meet stand together."""
    places = sorted({round(mark.at, 2) for mark in marks})
    starts = [
        place for before, place in zip([-math.inf, *places], places, strict=False) if place - before > waves * NEAR
    ]
    groups = dict.fromkeys(starts, "")
    for mark in marks:
        groups[max(start for start in starts if start <= round(mark.at, 2))] += mark.letter
    lines = [
        {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1, "layer": "below",
         "line": {**line(MUTED, 1), "dash": "dash"}}
        for at in places
    ]  # fmt: skip
    letters = [
        {"text": " ".join(letters), "x": at, "y": top, "xref": "x", "yref": "y",
         "xanchor": "left", "yanchor": "top", "xshift": 3, "showarrow": False, "font": {"size": 12, "color": MUTED}}
        for at, letters in groups.items()
    ]  # fmt: skip
    return lines, letters


def _said(mark: Mark) -> Sentence:
    if mark.kind == "leader":
        return Sentence("The leader changed")
    return Sentence("%(tool)s was introduced", {"tool": mark.name})


def _place(when: str, waves: Sequence[Publication]) -> float | None:
    """Return where a day lies on the axis of waves; None before the first of them and after the last."""
    if not waves or not waves[0].wave.opened_on <= when <= waves[-1].wave.closed_on:
        return None
    for place, (before, after) in enumerate(pairwise(waves)):
        if when <= before.wave.closed_on:
            return float(place)
        if when < after.wave.opened_on:
            ends = [dt.date.fromisoformat(each).toordinal() for each in (before.wave.closed_on, after.wave.opened_on)]
            part = (dt.date.fromisoformat(when).toordinal() - ends[0]) / (ends[1] - ends[0])
            return place + min(1 - ASIDE, max(ASIDE, part))
    return float(len(waves) - 1)
