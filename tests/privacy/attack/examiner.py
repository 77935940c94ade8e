"""Who is behind a statement: the examiner knows what the attacker can only ask about, the people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument
from survey.scoring.answers import AnswerTable
from tests.privacy.attack.drawn import Answers, Wave
from tests.privacy.attack.published import Statement

People = int
"""A set of people as bits."""

FLAGGED: Final = "flagged as careless, but for those whose index is 0 by that"
"""Stands in a statement in the place of a unit."""
LONG: Final = 15


@dataclass(frozen=True)
class Examiner:
    """The people of one wave, by the unit they answered at and by what they answered."""

    wave: str
    parents: Mapping[str, str | None]
    counted: Mapping[str, People]
    """By unit, whoever is in its figures and answered at exactly this unit."""
    answered: Mapping[str, People]
    """By practice item, whoever answered it, among all that count."""
    flagged: People = 0
    """Whoever counts and gave fifteen equal answers in a row, but not six equal answers to the motives."""

    @staticmethod
    def of(wave: Wave) -> "Examiner":
        """Read the truth of a drawn wave."""
        table, facts = wave.inputs.table, wave.inputs.facts
        parents = {each.unit.code: each.unit.parent for each in facts}
        units = [facts[unit].unit.code for unit in table.units]
        return Examiner.behind(wave.code, parents, list(zip(wave.people, units, strict=True)), table)

    @staticmethod
    def behind(
        wave: str, parents: Mapping[str, str | None], rows: Sequence[tuple[int, str]], table: AnswerTable
    ) -> "Examiner":
        """Return who is behind the figures of a wave; `rows` are person and unit of each response."""
        base = _counts(table.answers, table.instrument)
        counted = dict.fromkeys(parents, 0)
        answered = {item.id: 0 for item in table.instrument.practices}
        places = {item.id: place for place, item in enumerate(table.instrument.items)}
        motives = [places[item.id] for item in table.instrument.items if item.block == "motives"]
        asked = (table.answers != SKIPPED).any(axis=0)
        flagged = 0
        for row, (person, unit) in enumerate(rows):
            if base[row]:
                counted[unit] |= 1 << person
                if len(set(table.answers[row, motives].tolist())) > 1 and _longest(table.answers[row, asked]) >= LONG:
                    flagged |= 1 << person
                for item in answered:
                    if table.answers[row, places[item]] != SKIPPED:
                        answered[item] |= 1 << person
        return Examiner(wave, parents, counted, answered, flagged)

    def people(self, statement: Statement) -> People:
        """Return whose sum a statement tells."""
        if statement.plus == (FLAGGED,):
            return self.flagged
        found = 0
        for code in statement.plus:
            found |= self.counted[code] if statement.alone else self._below(code)
        for code in statement.minus:
            found &= ~self._below(code)
        kind, _, name = statement.quantity.partition(":")
        return found & self.answered[name] if kind == "practice" else found

    def _below(self, code: str) -> People:
        found = 0
        for other, people in self.counted.items():
            at: str | None = other
            while at is not None and at != code:
                at = self.parents[at]
            if at == code:
                found |= people
        return found


def _longest(row: Answers) -> int:
    return max((len(list(run)) for answer, run in groupby(row.tolist()) if answer != SKIPPED), default=0)


def _counts(answers: Answers, instrument: Instrument) -> Sequence[bool]:
    """Whoever answered all motives, one item of each facet and three of tactical performance, by the written rule."""
    there = answers != SKIPPED
    scales: dict[str, list[int]] = {}
    for place, item in enumerate(instrument.items):
        if item not in instrument.practices:
            scales.setdefault(item.scale, []).append(place)
    enough = [2 * there[:, places].sum(axis=1) >= len(places) for places in scales.values()]
    return [bool(each) for each in np.all(enough, axis=0)]


def classes(groups: Iterable[People]) -> list[People]:
    """Split people into those that no group tells apart."""
    parts: list[People] = []
    for group in groups:
        left, split = group, list[People]()
        for part in parts:
            split += [each for each in (part & group, part & ~group) if each]
            left &= ~part
        parts = [*split, left] if left else split
    return parts
