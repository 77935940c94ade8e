"""Two waves of largely the same people: what is called a change, and whether the intervals of changes cover."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.calibration.counts import Claim, Part, Tally
from benchmarks.calibration.people import FACTORS, INDEX, Floats, answers, between, inclinations, units
from benchmarks.calibration.published import holds
from benchmarks.calibration.waves import SKIPPING, Published, sizes, wave
from survey.privacy.freeze import freeze

ICC: Final = 0.1


@dataclass(frozen=True)
class Between:
    """What happens between two waves."""

    name: str
    stay: float
    """Share of people who are there both times."""
    lasting: float
    """How much of a person's inclinations is the same then: a correlation."""
    shift: float = 0.0
    """How far the common inclinations of units move apart, as a standard deviation."""


KINDS: Final = (
    Between("nothing changed, nine in ten the same people", 0.9, 0.8),
    Between("nothing changed, quite other people", 0.0, 0.0),
    Between("units changed, nine in ten the same people", 0.9, 0.8, 0.4),
    Between("units changed, quite other people", 0.0, 0.0, 0.4),
)


@dataclass
class Told:
    """What publications tell of changes."""

    any: Tally = field(default_factory=Tally)
    """Publications that call any unit changed."""
    units: Tally = field(default_factory=Tally)
    """Changes that are called one."""
    covered: Tally = field(default_factory=Tally)
    """Changes whose interval holds the true one."""


def told(kind: Between, companies: int, seed: int) -> Told:
    """Publish two waves of each company, and hold the changes of the second against the truth."""
    found = Told()
    for first, second in pairs(kind, companies, seed):
        verdicts, covered = list[bool](), list[bool]()
        for place, unit in second.units:
            if unit.detail is None or unit.detail.change is None:
                continue
            change = unit.detail.change
            verdicts.append(change.verdict != "no detectable difference")
            true = second.truths[INDEX.name][place] - first.truths[INDEX.name][place]
            covered.append(holds(change.difference, float(true)))
        found.any.add(any(verdicts))
        found.units.add(verdicts)
        found.covered.add(covered)
    return found


def pairs(kind: Between, companies: int, seed: int) -> Iterator[tuple[Published, Published]]:
    """Draw companies and publish them twice."""
    random = np.random.default_rng([seed, KINDS.index(kind)])
    for _ in range(companies):
        teams = units(random, sizes(), between(ICC))
        people = inclinations(random, int(teams.sizes.sum()))
        first = wave(answers(random, teams, people, SKIPPING), teams.of_people)
        published = Published(teams, freeze(first))
        gone = random.random(len(people)) >= kind.stay
        moved = 2 * np.bincount(teams.of_people[gone], minlength=len(teams.sizes))
        later = teams.moved(random.normal(0, kind.shift, (len(teams.sizes), 1)) * np.eye(len(FACTORS))[0])
        given = answers(random, later, _later(random, people, gone, kind.lasting), SKIPPING)
        second = wave(given, teams.of_people, "2026-Q2", moved)
        yield published, Published(later, freeze(second, published.publication))


def _later(
    random: np.random.Generator, people: Floats, gone: np.ndarray[tuple[int], np.dtype[np.bool_]], lasting: float
) -> Floats:
    """Return the inclinations of the second wave: those who stay have mostly theirs, the others are new."""
    new = inclinations(random, len(people))
    kept = lasting * people + np.sqrt(1 - lasting**2) * new
    return np.where(gone[:, np.newaxis], new, kept)


def part(companies: int, seed: int) -> Part:
    """Return the table: a row for each thing that may happen between two waves."""
    made = Part(
        "Changes",
        f"{2 * companies} companies of 40 teams for each row in which nothing changed, {companies // 2} for the "
        f"others, ICC {ICC}, two waves, the second published with the first as the one before. A team of fewer than "
        "20 tells no change where one or two people came or went. Promised: at most 5 % of publications in which "
        "nothing changed call any unit changed, and intervals of changes cover at least 93 %.",
        [
            "between the waves",
            "changes shown",
            "publications that call any unit changed",
            "units called changed",
            "intervals cover",
        ],
    )
    for kind in KINDS:
        found = told(kind, companies // 2 if kind.shift else 2 * companies, seed)
        cells = [f"{found.covered.cases:,}", str(found.any), str(found.units), str(found.covered)]
        made.rows.append([kind.name, *cells])
        made.claims.append(Claim(f"{kind.name}: intervals of changes cover", found.covered, least=0.93))
        if not kind.shift:
            made.claims.append(Claim(f"{kind.name}: any unit called changed", found.any, most=0.05))
    return made
