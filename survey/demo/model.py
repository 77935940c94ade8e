"""How the demo company answers: a seeded model with known truth, described in docs/demo.md.

Everything is invented. The model exists so that pages and reports show what real data show: teams that differ less
than their people do, a link between why people work and how their team works, non-response, careless answers,
skipped questions, a reorganisation, practices that some teams adopt.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from survey.demo.names import NAMES, Department
from survey.instruments.model import Instrument, Item
from survey.services.waves.opening import APART

SEED: Final = 20260105
ROOT_CODE: Final = "DAON"
SMALLEST, LARGEST = 3, 15
TURNOVER: Final = 0.04
"""Share of people who leave, and of newcomers, between two waves."""
CARELESS: Final = 0.04
SKIPPED: Final = 0.012
COMMENTING: Final = 0.08

MOTIVE_MEANS: Final = {
    "play": 4.4, "purpose": 4.7, "potential": 4.5, "emotional_pressure": 3.3, "economic_pressure": 4.0, "inertia": 3.0,
}  # fmt: skip
DEPARTMENT_MOTIVATION: Final = {
    "STORE": 0.05, "CARE": -0.55, "LOGI": -0.25, "PROD": 0.25, "TECH": 0.35, "MKTG": 0.3, "CORP": 0.0,
}  # fmt: skip
DEPARTMENT_SCRIPT: Final = {
    "STORE": 0.2, "CARE": 0.7, "LOGI": 0.5, "PROD": -0.1, "TECH": -0.5, "MKTG": -0.4, "CORP": 0.2,
}  # fmt: skip
DIVIDED: Final = ("LOGI-05", "emotional_pressure", 1.6, 6.2)
"""A team in two camps on one question, and where these stand: those who are motivated, and the others."""
SD_TEAM, SD_PERSON, SD_NOISE, SD_STYLE = 0.32, 0.75, 1.05, 0.3

ADOPTIONS: Final = (
    ("CARE", 0.6, "feedback_to_all", 1), ("STORE", 0.3, "front_line_days", 2), ("TECH", 0.7, "stand_ups", 1),
    ("CARE", 0.3, "stand_ups", 2), ("PROD", 0.5, "one_loop", 2), ("CARE", 0.25, "free_script", 3),
)  # fmt: skip
"""(department, share of its teams, practice, first wave in which it is in place)."""
ADOPTION_EFFECT: Final = 0.18
"""What an adopted practice adds to a team's motivation, in points of the answer scale, from the next wave on."""

PAST: Final = (
    ("2025-Q4", dt.datetime(2025, 11, 3), dt.datetime(2025, 11, 14, 9)),
    ("2026-Q1", dt.datetime(2026, 2, 9), dt.datetime(2026, 2, 20, 9)),
    ("2026-Q2", dt.datetime(2026, 5, 11), dt.datetime(2026, 5, 22, 9)),
    ("2026-Q3", dt.datetime(2026, 8, 17), dt.datetime(2026, 8, 28, 9)),
)
"""The published waves: the same days on every machine, so that their numbers can be looked up again."""
REORGANISED_BEFORE: Final = 2


def calendar(now: dt.datetime) -> tuple[tuple[str, dt.datetime, dt.datetime], ...]:
    """Return name, start and end of the demo's waves: the past ones, and one that was opened the day before `now`.

    Past ones that lie less than a quarter before it are left out: waves are never asked so closely.

    >>> calendar(dt.datetime(2026, 11, 22, 10))[-1]
    ('2026-Q4', datetime.datetime(2026, 11, 21, 9, 0), datetime.datetime(2026, 12, 4, 9, 0))
    >>> [code for code, *_ in calendar(dt.datetime(2026, 9, 1, 10))]
    ['2025-Q4', '2026-Q1', '2026-Q2', '2026-Q3']
    """
    today = dt.datetime.combine(now.date(), dt.time())
    name = f"{now.year}-Q{(now.month + 2) // 3}"
    opens_at = today - dt.timedelta(hours=15)
    past = [wave for wave in PAST if opens_at.date() >= (wave[1] + APART).date()]
    return *past, (name, opens_at, today + dt.timedelta(days=12, hours=9))


@dataclass(frozen=True)
class DemoUnit:
    """A unit of the demo tree."""

    code: str
    parent: str | None
    ko: str
    en: str
    kind: str
    motivation: float = 0.0


@dataclass(frozen=True)
class DemoPerson:
    """An invented employee with her standing motivation and her way of using scales."""

    number: str
    name: str
    language: str
    unit: str
    leads: str
    motivation: float
    style: float
    careless: bool

    @property
    def email(self) -> str:
        """An address that cannot exist (RFC 2606)."""
        return f"{self.number.lower()}@daon.example"


@dataclass(frozen=True)
class DemoWave:
    """One wave of the demo company: who was there, and what those who answered said."""

    code: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    units: Sequence[DemoUnit]
    people: Sequence[DemoPerson]
    adopted: Mapping[tuple[str, str], dt.date]
    answers: Mapping[str, Mapping[str, int | None]]
    """By person number; people who stayed away are missing."""
    comments: Mapping[str, str] = field(default_factory=dict)


def waves(instrument: Instrument, now: dt.datetime, seed: int = SEED) -> Iterator[DemoWave]:
    """Yield the demo company's waves in order, the last one open at `now`; the same seed gives the same company."""
    rng = np.random.default_rng(seed)
    units = _first_tree(rng)
    people = _first_people(rng, units)
    adopted: dict[tuple[str, str], dt.date] = {}
    for number, (code, opens_at, closes_at) in enumerate(calendar(now)):
        if number == REORGANISED_BEFORE:
            units, people = _reorganise(units, people)
        if number:
            people = _turn_over(rng, units, people, number)
        effect = {unit: ADOPTION_EFFECT for unit, _practice in adopted}
        _adopt(rng, units, adopted, number, opens_at.date())
        answers = {
            person.number: _answers(rng, instrument, person, units, adopted, effect)
            for person in people
            if rng.random() < _willingness(person, units)
        }
        yield DemoWave(
            code, opens_at, closes_at, units, people, dict(adopted), answers, _comments(rng, people, list(answers))
        )


def _first_tree(rng: np.random.Generator) -> list[DemoUnit]:
    units = [DemoUnit(ROOT_CODE, None, NAMES.company.ko, NAMES.company.en, "company")]
    for department in NAMES.departments:
        lift = DEPARTMENT_MOTIVATION[department.code]
        units.append(DemoUnit(department.code, ROOT_CODE, department.name.ko, department.name.en, "department", lift))
        units += [
            _team(department, number, lift + rng.normal(0, SD_TEAM)) for number in range(1, len(department.teams) + 1)
        ]
    return units


def _team(department: Department, number: int, motivation: float) -> DemoUnit:
    name = department.teams[number - 1]
    return DemoUnit(f"{department.code}-{number:02}", department.code, name.ko, name.en, department.kind, motivation)


def _first_people(rng: np.random.Generator, units: Sequence[DemoUnit]) -> list[DemoPerson]:
    people: list[DemoPerson] = []
    for unit in units:
        leaf = unit.kind not in {"company", "department"}
        size = int(np.clip(round(rng.normal(10.0, 3.2)), SMALLEST, LARGEST)) if leaf else 1
        for seat in range(size):
            leads = unit.code if seat == 0 and unit.parent else ""
            people.append(_person(rng, f"D{len(people) + 1:05}", unit.code, leads))
    return people


def _person(rng: np.random.Generator, number: str, unit: str, leads: str = "") -> DemoPerson:
    english = rng.random() < (0.35 if unit.startswith("TECH") else 0.05)
    return DemoPerson(
        number=number,
        name=str(rng.choice(NAMES.family_names)) + str(rng.choice(NAMES.given_names)),
        language="en" if english else "ko",
        unit=unit,
        leads=leads,
        motivation=float(rng.normal(0, SD_PERSON)),
        style=float(rng.normal(0, SD_STYLE)),
        careless=bool(rng.random() < CARELESS),
    )


def _turn_over(
    rng: np.random.Generator, units: Sequence[DemoUnit], people: Sequence[DemoPerson], number: int
) -> list[DemoPerson]:
    """Let some people leave (leaders stay) and as many newcomers join, in teams that are not full."""
    staying = [person for person in people if person.leads or rng.random() >= TURNOVER]
    size = {unit.code: 0 for unit in units if unit.kind not in {"company", "department"}}
    for person in staying:
        if person.unit in size:
            size[person.unit] += 1
    for seat in range(len(people) - len(staying)):
        unit = str(rng.choice([code for code, taken in size.items() if taken < LARGEST]))
        size[unit] += 1
        staying.append(_person(rng, f"D{number}{seat + 1:04}N", unit))
    return staying


def _reorganise(units: Sequence[DemoUnit], people: Sequence[DemoPerson]) -> tuple[list[DemoUnit], list[DemoPerson]]:
    """Move the care-tools team to customer care, and merge logistics crew 16 into crew 15."""
    moved = [
        replace(unit, parent="CARE") if unit.code == "TECH-12" else unit for unit in units if unit.code != "LOGI-16"
    ]
    merged = [
        replace(person, unit="LOGI-15", leads="" if person.leads == "LOGI-16" else person.leads)
        if person.unit == "LOGI-16"
        else person
        for person in people
    ]
    return moved, merged


def _adopt(
    rng: np.random.Generator,
    units: Sequence[DemoUnit],
    adopted: dict[tuple[str, str], dt.date],
    number: int,
    today: dt.date,
) -> None:
    for department, share, practice, first in ADOPTIONS:
        for unit in units:
            if number == first and unit.code.startswith(f"{department}-") and rng.random() < share:
                adopted.setdefault((unit.code, practice), today - dt.timedelta(days=21))


def _willingness(person: DemoPerson, units: Sequence[DemoUnit]) -> float:
    """Return the chance that a person answers: about three in four, a little lower where motivation is low."""
    unit = next(unit for unit in units if unit.code == person.unit)
    return float(np.clip(0.78 + 0.06 * (person.motivation + unit.motivation), 0.3, 0.97))


def _answers(
    rng: np.random.Generator,
    instrument: Instrument,
    person: DemoPerson,
    units: Sequence[DemoUnit],
    adopted: Mapping[tuple[str, str], dt.date],
    effect: Mapping[str, float],
) -> dict[str, int | None]:
    unit = next(unit for unit in units if unit.code == person.unit)
    department = unit.code.split("-", maxsplit=1)[0]
    team = unit.motivation + effect.get(unit.code, 0.0)
    same = int(rng.integers(3, 6))
    given: dict[str, int | None] = {}
    for item in instrument.items:
        if rng.random() < SKIPPED:
            given[item.id] = None
        elif person.careless:
            given[item.id] = same
        else:
            centre = _centre(item, instrument, person.motivation, team, DEPARTMENT_SCRIPT.get(department, 0.0))
            if item.id in {practice for code, practice in adopted if code == unit.code}:
                centre += 2.0
            if (unit.code, item.id) == DIVIDED[:2]:
                centre = DIVIDED[2] if person.motivation > 0 else DIVIDED[3]
            given[item.id] = int(np.clip(round(rng.normal(centre + person.style, SD_NOISE)), item.min, item.max))
    return given


def _centre(item: Item, instrument: Instrument, own: float, team: float, script: float) -> float:
    """Return the expected answer to `item` of someone with motivation `own` in a team of motivation `team`."""
    scale = instrument.scale(item.scale)
    if scale.kind == "motive":
        sign = 1.0 if scale.direction == "direct" else -1.0
        return MOTIVE_MEANS[item.id] + sign * (own + team)
    if scale.id == "tactical":
        return 4.7 + 0.15 * own + 0.2 * team + script
    if scale.parent == "adaptive":
        return 4.0 + 0.4 * own + 0.8 * team - 0.3 * script
    return 2.8 + 0.1 * own


def _comments(rng: np.random.Generator, people: Sequence[DemoPerson], answered: Sequence[str]) -> dict[str, str]:
    language = {person.number: person.language for person in people}
    return {
        number: str(rng.choice(NAMES.comments[language[number]])) for number in answered if rng.random() < COMMENTING
    }
