"""Simulated companies as the product takes them, and what it then publishes of their teams."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.people import INSTRUMENT, Units, answers, inclinations, truths, units
from survey.privacy.freeze import freeze
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import Record, UnitRecord, WaveFacts
from survey.privacy.thaw import Publication, dump, thaw
from survey.privacy.tree import TreeUnit
from survey.scoring.answers import AnswerTable

SIZES: Final = (5, 6, 8, 10, 14, 20, 30, 50)
"""People of the teams of a division."""
DIVISIONS: Final = 5
SKIPPING: Final = 0.01
"""Share of questions that are skipped."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Published:
    """What a company's teams truly are, and the record of what is told of them."""

    teams: Units
    record: Record

    @cached_property
    def truths(self) -> dict[str, NDArray[np.float64]]:
        """What is true of each team."""
        return truths(self.teams)

    @property
    def units(self) -> Iterator[tuple[int, UnitRecord]]:
        """The teams by place, whether they are shown or not."""
        of_code = {unit.code: unit for unit in self.record.units}
        return ((place, of_code[code(place)]) for place in range(len(self.teams.sizes)))

    @property
    def publication(self) -> Publication:
        """What the next wave counts changes from."""
        return thaw(*dump(self.record))


def code(place: int) -> str:
    """Return the code of a team."""
    return f"{chr(ord('A') + place // len(SIZES))}{place % len(SIZES)}"


def sizes() -> Ints:
    """Return the people of every team."""
    return np.tile(np.array(SIZES, dtype=np.int64), DIVISIONS)


def wave(
    table: NDArray[np.uint8], where: NDArray[np.int32], name: str = "2026-Q1", moved: Ints | None = None
) -> WaveInputs:
    """Return a closed wave: teams in divisions in a company; `moved` is how many joined or left each team."""
    teams = [code(place) for place in range(len(sizes()))]
    came = dict(zip(teams, (None if moved is None else moved.tolist()) or [None] * len(teams), strict=True))
    facts = [UnitFacts(TreeUnit("R", None, {"en": "Company"}, "company"), moved=_below(came, ""))]
    for division in sorted({team[0] for team in teams}):
        facts.append(UnitFacts(TreeUnit(division, "R", {"en": division}, "division"), moved=_below(came, division)))
        facts += [
            UnitFacts(TreeUnit(team, division, {"en": team}, "team"), invited=int(people), moved=came[team])
            for team, people in zip(teams, sizes(), strict=True)
            if team[0] == division
        ]
    place = {each.unit.code: position for position, each in enumerate(facts)}
    at = np.array([place[team] for team in teams], dtype=np.int32)[where]
    told = WaveFacts(name, "native", "2026-01-12", "2026-01-23", [], "", demo=False)
    return WaveInputs({"en": "Company"}, "team", told, Policy(), tuple(facts), AnswerTable(INSTRUMENT, table, at))


def _below(came: dict[str, int | None], above: str) -> int | None:
    counts = [count for team, count in came.items() if team.startswith(above)]
    return None if None in counts else sum(count for count in counts if count is not None)


def companies(number: int, seed: int, between: Sequence[float]) -> Iterator[Published]:
    """Draw companies, let everybody answer, publish."""
    random = np.random.default_rng([seed, *(round(1000 * sd) for sd in between)])
    for _ in range(number):
        teams = units(random, sizes(), between)
        given = answers(random, teams, inclinations(random, int(teams.sizes.sum())), SKIPPING)
        yield Published(teams, freeze(wave(given, teams.of_people)))
