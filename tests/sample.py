"""A realistic publication for tests of pages and reports: about 60 teams in three levels, two waves, both tiers.

    publication = sample_publication()
    publication.unit("B2-T1").figures

Made by `freeze` and `thaw` from seeded answers, so that it holds whatever real publications hold: suppressed units of
both reasons, units with and without details, labels, changes, changes hidden because one or two people moved, a unit
at the bound ("or less"), practices, a unit whose languages differ.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.instruments.model import Instrument
from survey.privacy.freeze import freeze
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import Record, WaveFacts
from survey.privacy.thaw import Publication, dump, thaw
from survey.privacy.tree import TreeUnit
from survey.scoring.answers import AnswerTable

COMPANY: Final = {"ko": "한빛상사", "en": "Hanbit Trading"}
DIVISIONS: Final = {
    "A": {"ko": "영업본부", "en": "Sales"},
    "B": {"ko": "고객지원본부", "en": "Customer Care"},
    "C": {"ko": "개발본부", "en": "Engineering"},
    "D": {"ko": "물류본부", "en": "Logistics"},
}
PRACTICES: Final = ("feedback_to_all", "front_line_days", "stand_ups")
EXTREME: Final = "A1-T1"
"""A team in which everybody gives play the lowest answer."""
SMALL: Final = "A1-T2"
"""A team of which three people answered."""


@cache
def sample_bytes(second: bool = True) -> tuple[bytes, str]:  # noqa: FBT001, FBT002 - a name for the one switch is enough
    """The record of the second wave (or of the first), as it is stored, and its digest."""
    return dump(sample_record(second=second))


@cache
def sample_publication(second: bool = True) -> Publication:  # noqa: FBT001, FBT002 - as above
    """The publication of the second wave, with the first as the previous one; or of the first."""
    return thaw(*sample_bytes(second))


def sample_record(*, second: bool = True) -> Record:
    """The record itself, for tests that change it."""
    return freeze(sample_inputs(second=second), sample_publication(False) if second else None)


def sample_inputs(*, second: bool = True) -> WaveInputs:
    """What the publication is made from."""
    random = np.random.default_rng(2 if second else 1)
    units = _units()
    leaves = [place for place, unit in enumerate(units) if unit.leads or "-T" in unit.code]
    invited = {place: int(size) for place, size in zip(leaves, _sizes(units, leaves), strict=True)}
    answered = {place: int(random.binomial(n, 0.85)) for place, n in invited.items()}
    codes = [unit.code for unit in units]
    answered[codes.index(SMALL)] = 3
    answered[codes.index(EXTREME)] = 12
    facts = tuple(
        UnitFacts(
            unit,
            invited=invited.get(place, 0),
            languages=_languages(unit.code, invited.get(place, 0)),
            adopted={"stand_ups": "2026-02-01"} if place % 5 == 0 else {},
            moved=place % 4,
        )
        for place, unit in enumerate(units)
    )
    return WaveInputs(
        COMPANY,
        "team",
        _wave(second=second),
        Policy(),
        facts,
        _answers(builtin("total-motivation"), codes, answered, random),
    )


def _wave(*, second: bool) -> WaveFacts:
    code, opened, closed = (
        ("2026-Q2", "2026-04-06", "2026-04-17") if second else ("2026-Q1", "2026-01-12", "2026-01-23")
    )
    return WaveFacts(code, "native", opened, closed, list(PRACTICES), "0" * 64, demo=False)


def _units() -> list[TreeUnit]:
    units = [TreeUnit("HQ", None, COMPANY), TreeUnit("HQ+", "HQ", _leads(COMPANY), leads=True)]
    for division, names in DIVISIONS.items():
        units.append(TreeUnit(division, "HQ", names, kind=names["en"].lower()))
        units.append(TreeUnit(f"{division}+", division, _leads(names), leads=True))
        for group in range(1, 4):
            code = f"{division}{group}"
            units.append(
                TreeUnit(code, division, {"ko": f"{names['ko'][:-2]}{group}실", "en": f"{names['en']} {group}"})
            )
            units.extend(
                TreeUnit(f"{code}-T{team}", code, {"ko": f"{group}실 {team}팀", "en": f"Team {group}.{team}"}, "team")
                for team in range(1, 6)
            )
    return units


def _leads(names: Mapping[str, str]) -> dict[str, str]:
    return {"ko": f"{names['ko']} 리더", "en": f"{names['en']}, leads"}


def _sizes(units: list[TreeUnit], leaves: list[int]) -> NDArray[np.int64]:
    """The sizes of the teams, the same in both waves: 4 to 15, four in each leads' group."""
    random = np.random.default_rng(0)
    sizes = random.integers(4, 16, len(leaves))
    return np.where([units[place].leads for place in leaves], 6, sizes)


def _languages(code: str, invited: int) -> dict[str, int]:
    english = round(invited * (0.6 if code.startswith("C") else 0.1))
    return {"ko": invited - english, "en": english}


def _answers(
    instrument: Instrument, codes: list[str], answered: Mapping[int, int], random: np.random.Generator
) -> AnswerTable:
    places = np.repeat(list(answered), list(answered.values())).astype(np.int32)
    mood, order = (_tendency(places, answered, random) for _ in range(2))
    table = np.full((len(places), len(instrument.items)), SKIPPED, dtype=np.uint8)
    asked = {item.id for item in instrument.asked(PRACTICES)}
    for column, item in enumerate(instrument.items):
        if item.id in asked:
            values = _values(instrument, item.scale, (mood, order), random)
            table[:, column] = np.clip(np.rint(values), item.min, item.max)
    skipped = random.random(table.shape) < 0.01
    table[skipped] = SKIPPED
    play = [item.id for item in instrument.items].index("play")
    table[places == codes.index(EXTREME), play] = 1
    table[places == codes.index(SMALL)] = 4
    return AnswerTable(instrument, table, places)


def _tendency(
    places: NDArray[np.int32], answered: Mapping[int, int], random: np.random.Generator
) -> NDArray[np.float64]:
    """What people of a team share, and what is their own."""
    shared = {place: random.normal(0, 0.7) for place in answered}
    return np.array([shared[int(place)] for place in places]) + random.normal(0, 0.8, len(places))


def _values(
    instrument: Instrument,
    scale: str,
    tendencies: tuple[NDArray[np.float64], NDArray[np.float64]],
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Answers to one item before rounding: motives and adaptive performance go together, tactical goes its own way."""
    mood, order = tendencies
    kind, direction = instrument.scale(scale).kind, instrument.scale(scale).direction
    noise = random.normal(0, 1.0, len(mood))
    if kind == "motive":
        return 4.6 + mood + noise if direction == "direct" else 3.2 - 0.8 * mood + noise
    if kind == "facet":
        return 4.2 + 0.7 * mood + noise
    return (4.6 + 0.2 * mood + 0.9 * order if kind == "behaviour" else 3.8 + 0.2 * mood) + noise
