"""Do 95 % intervals of unit means cover what is true? The scoring functions alone, by size of unit and ICC."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.counts import Claim, Part, Tally
from benchmarks.calibration.people import INDEX, INSTRUMENT, SPECS, Units, answers, between, inclinations, truths, units
from survey.scoring.columns import scale_scores
from survey.scoring.measure import Measure
from survey.scoring.moments import moments_by_unit
from survey.scoring.summaries import OWN_FROM
from survey.scoring.unit_summaries import summaries
from survey.scoring.within import within

SIZES: Final = (5, 8, 12, 20, 50)
ICCS: Final = (0.0, 0.05, 0.1, 0.2)
TEAMS: Final = 40
MEASURES: Final[tuple[Measure | str, ...]] = (INDEX, "play", "adaptive", "tactical")
OWN, POOLED = 2, 10**9
"""From how many people on a unit's own spread is used, to have it always, or never."""
CONTENT: Final = 2.0
"""Points by which units near the ends of the scale lie above the others in motivation."""


Tallies = dict[tuple[str, str], Tally]


def covered(size: int, icc: float, companies: int, seed: int) -> Tallies:
    """Count by measure and basis how many intervals hold the truth, in companies of units of one size."""
    random = np.random.default_rng([seed, size, round(1000 * icc)])
    tallies: Tallies = {}
    for _ in range(companies):
        count(tallies, random, units(random, [size] * TEAMS, between(icc)), np.ones(TEAMS, dtype=np.bool_))
    return tallies


def count(tallies: Tallies, random: np.random.Generator, company: Units, among: NDArray[np.bool_]) -> None:
    """Ask a company, and count the intervals of those units that are `among`."""
    given = answers(random, company, inclinations(random, int(company.sizes.sum())))
    groups = moments_by_unit(scale_scores(given, INSTRUMENT, SPECS), company.of_people, len(company.sizes), SPECS)
    true, pooled = truths(company), within(groups, SPECS)
    for of in MEASURES:
        name = of if isinstance(of, str) else of.name
        for basis, own_from in (("pooled", POOLED), ("own", OWN)):
            made = summaries(groups, of, pooled, own_from)
            holds = (made.low.data <= true[name]) & (true[name] <= made.high.data)
            tallies.setdefault((name, basis), Tally()).add(holds[among])


def part(companies: int, seed: int, sizes: Sequence[int] = SIZES, iccs: Sequence[float] = ICCS) -> Part:
    """Return the table: a row for each size and ICC."""
    made = Part(
        "Intervals of unit means",
        f"{companies} companies of {TEAMS} units of one size for each row, all answers given: {companies * TEAMS:,} "
        "units. *Pooled*: the interval rests on the spread within all units of the company, as it does below 10 "
        "people; *own*: on the unit's own spread, as it does from 10 on. What the product does not use is in "
        "brackets. Promised: 93 to 97 %.",
        ["people", "ICC", *HEAD],
    )
    for icc in iccs:
        for size in sizes:
            found = covered(size, icc, companies, seed)
            made.rows.append([str(size), f"{icc:.2f}", *cells(found, size)])
            made.claims += [
                Claim(f"{name}, {size} people, ICC {icc}: intervals cover", tally, 0.93, 0.97)
                for (name, basis), tally in found.items()
                if basis == used(size)
            ]
    return made


HEAD: Final = [f"{of if isinstance(of, str) else 'index'}, {basis}" for of in MEASURES for basis in ("pooled", "own")]


def used(size: int) -> str:
    """Return what the product rests the interval of so many people on."""
    return "pooled" if size < OWN_FROM else "own"


def cells(found: Tallies, size: int) -> list[str]:
    """Return the shares in the order of `HEAD`."""
    return [str(tally) if basis == used(size) else f"({tally})" for (_, basis), tally in found.items()]


def strained(companies: int, seed: int) -> Part:
    """Return the same where what the intervals assume does not hold."""
    made = Part(
        "Where the assumptions do not hold",
        f"{companies} companies of {TEAMS} units for each row, ICC 0.1. In the first, answers of every other unit "
        "lie 0.6 times as far apart as usual, and of the others 1.4 times. In the second all units are so content "
        "that most answers to the motives are 6 and 7, or 1 and 2. Nothing is promised here; this is what the page "
        "on the method warns of.",
        ["units", "people", *HEAD],
    )
    every_other = np.arange(TEAMS) % 2 == 0
    for size in (5, 8, 12, 20):
        random = np.random.default_rng([seed, 1, size])
        calm, divided, content = Tallies(), Tallies(), Tallies()
        for _ in range(companies):
            company = units(random, [size] * TEAMS, between(0.1))
            uneven = replace(company, divided=np.where(every_other, 0.6, 1.4))
            count(calm, random, uneven, every_other)
            count(divided, random, uneven, ~every_other)
            lifted = company.moved(np.array([CONTENT, 0.0, 0.0, 0.0]))
            count(content, random, lifted, np.ones(TEAMS, dtype=np.bool_))
        for name, found in (("of one mind", calm), ("divided", divided), ("near the ends", content)):
            made.rows.append([name, str(size), *cells(found, size)])
    return made
