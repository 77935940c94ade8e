"""Random companies over four waves: people join, leave and move, and the third finds another tree.

Small on purpose: leaks by subtraction live in teams of two to nine people, a handful to a department.
What is drawn is the truth, which only the examiner knows: who answered where, each answer as it was given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import WaveFacts
from survey.privacy.strict import Move
from survey.privacy.tree import TreeUnit
from survey.scoring.answers import AnswerTable
from survey.services.roster.moves import Roster
from survey.services.roster.origins import origins
from tests.privacy.companies import instrument

WAVES: Final = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
REORGANISED: Final = 2
"""From this wave on the same codes hang elsewhere, and other people work there."""
PRACTICES: Final = ("stand_ups", "free_script")
SIZES: Final = (0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 11, 14)
STRICT: Final = 4
"""One company in four has strict waves."""
ALIKE: Final = (1, 2, 4, 7)

Answers = NDArray[np.uint8]


@dataclass(frozen=True)
class Wave:
    """One wave as it was: the tree, who answered where (spares make one person answer twice), and the answers."""

    inputs: WaveInputs
    people: tuple[int, ...]
    """By response, the person behind it."""

    @property
    def code(self) -> str:
        """The wave's code."""
        return self.inputs.wave.code


@dataclass
class _Company:
    """The company between waves."""

    random: np.random.Generator
    parents: dict[str, str | None] = field(default_factory=dict)
    homes: dict[int, str] = field(default_factory=dict)
    hired: int = 0

    def leaves(self) -> list[str]:
        inner = {parent for parent in self.parents.values() if parent is not None}
        return [code for code in self.parents if code not in inner]

    def grow(self, at: str | None, depth: int, number: int) -> None:
        code = "R" if at is None else f"{'' if at == 'R' else at}{chr(65 + number)}"
        self.parents[code] = at
        if depth and (at is None or self.random.random() < 0.5):
            for child in range(int(self.random.integers(1, 4))):
                self.grow(code, depth - 1, child)
            if self.random.random() < 0.5:
                self.parents[f"{code}+"] = code

    def hire(self, unit: str, count: int) -> None:
        for _ in range(count):
            self.homes[self.hired] = unit
            self.hired += 1

    def live(self) -> None:
        """Let one in ten leave, some move, and some join."""
        leaves = self.leaves()
        for person in list(self.homes):
            chance = self.random.random()
            if chance < 0.07:
                del self.homes[person]
            elif chance < 0.12:
                self.homes[person] = leaves[int(self.random.integers(len(leaves)))]
        for _ in range(int(self.random.integers(0, 4))):
            self.hire(leaves[int(self.random.integers(len(leaves)))], 1)

    def reorganise(self) -> None:
        """Hang leaves below other units, keep their codes, and let two of them swap their people."""
        inner = sorted({parent for parent in self.parents.values() if parent is not None})
        for code in self.leaves():
            if not code.endswith("+") and code != "R" and self.random.random() < 0.5:
                self.parents[code] = inner[int(self.random.integers(len(inner)))]
        for code in [code for code in inner if code not in self.parents.values() and code != "R"]:
            self.parents.pop(code)
            self.homes = {
                who: self.random.choice(self.leaves()) if at == code else at for who, at in self.homes.items()
            }
        leaves = self.leaves()
        one, other = (leaves[int(place)] for place in self.random.integers(0, len(leaves), 2))
        swap = {one: other, other: one}
        self.homes = {who: swap.get(at, at) for who, at in self.homes.items()}


def waves(seed: int) -> list[Wave]:
    """Return four waves of the company of this seed; the same seed gives the same company."""
    random = np.random.default_rng(seed)
    company = _Company(random)
    company.grow(None, 3, 0)
    for leaf in company.leaves():
        company.hire(leaf, int(random.choice(SIZES)))
    if len(company.homes) < 10 and random.random() < 0.8:
        company.hire(company.leaves()[0], 12)
    found: list[Wave] = []
    before: dict[int, str] | None = None
    tree_before: dict[str, str | None] = {}
    for number in range(len(WAVES)):
        if number:
            company.live()
        if number == REORGANISED:
            company.reorganise()
        then = None if before is None else (tree_before, before)
        moves = None if then is None else _moves(then, (company.parents, company.homes))
        wave = _asked(company, number, moves, then)
        found.append(replace(wave, inputs=replace(wave.inputs, strict=seed % STRICT == STRICT - 1, moves=moves)))
        before, tree_before = dict(company.homes), dict(company.parents)
    return found


def _below(parents: Mapping[str, str | None], code: str) -> list[str]:
    path: list[str] = []
    at: str | None = code
    while at is not None:
        path.append(at)
        at = parents[at]
    return path


Then = tuple[Mapping[str, str | None], Mapping[int, str]]


def _moves(before: Then, now: Then) -> tuple[Move, ...]:
    """Return everybody who came, left or works elsewhere, with the units above her from the top down."""
    paths = [
        {who: tuple(_below(parents, home))[::-1] for who, home in homes.items()} for parents, homes in (before, now)
    ]
    everybody = sorted(paths[0].keys() | paths[1].keys())
    both = (Move(paths[0].get(who, ()), paths[1].get(who, ())) for who in everybody)
    return tuple(move for move in both if move.then != move.now)


def _roster(parents: Mapping[str, str | None], homes: Mapping[int, str]) -> Roster:
    return Roster(homes, {code: tuple(_below(parents, code))[::-1] for code in parents})


def _asked(company: _Company, number: int, moves: Sequence[Move] | None, then: Then | None) -> Wave:
    random = company.random
    took_part = [person for person in company.homes if random.random() < 0.9]
    spares: dict[str, int] = {}
    for person in [person for person in took_part if random.random() < 0.02]:
        home = company.homes[person]
        spares[home] = spares.get(home, 0) + 1
        if random.random() < 0.7:
            took_part.append(person)
    codes = list(company.parents)
    places = np.array([codes.index(company.homes[person]) for person in took_part], dtype=np.int32)
    invited = {code: sum(home == code for home in company.homes.values()) for code in codes}
    came = {} if then is None else origins(_roster(company.parents, company.homes), _roster(*then))
    facts = tuple(
        UnitFacts(
            TreeUnit(code, company.parents[code], {"en": code, "ko": code}, leads=code.endswith("+")),
            invited=invited[code],
            spares=spares.get(code, 0),
            languages={"ko": invited[code]},
            moved=None if moves is None else sum((code in move.then) != (code in move.now) for move in moves),
            origin=came[code].origin if code in came else None,
            crossed=came[code].crossed if code in came else None,
        )
        for code in codes
    )
    day = f"2026-{3 * number + 1:02}"
    wave = WaveFacts(WAVES[number], "native", f"{day}-05", f"{day}-16", list(PRACTICES), "0" * 64, demo=False)
    table = AnswerTable(instrument(), _answers(random, places), places)
    inputs = WaveInputs({"ko": "회사", "en": "Company"}, "team", wave, Policy(), facts, table)
    return Wave(inputs, tuple(took_part))


def _answers(random: np.random.Generator, places: NDArray[np.int32]) -> Answers:
    """Draw answers: people of a mood, questions skipped, and now and then a whole team of one opinion."""
    asked = {item.id for item in instrument().asked(PRACTICES)}
    count = len(places)
    mood = 4 + random.normal(0, 0.8, (count, 1)) + random.normal(0, 1, (count, len(instrument().items)))
    answers = np.clip(np.rint(mood), 1, 7).astype(np.uint8)
    for place in np.unique(places):
        for column in range(answers.shape[1]):
            if random.random() < 0.04:
                answers[places == place, column] = random.choice(ALIKE)
    answers[random.random(answers.shape) < random.choice((0.0, 0.01, 0.04))] = SKIPPED
    answers[:, [item.id not in asked for item in instrument().items]] = SKIPPED
    return answers
