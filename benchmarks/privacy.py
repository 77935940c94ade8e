"""How long the gate takes: protection and audit of 1,000, 5,000, 20,000 teams; publication and second cut of 1,000.

    python -m benchmarks.privacy

Prints a table of processor seconds; fails where a target of the design is missed (0.1 s for 1,000 teams, 3 s for
20,000, 10 s for the publication of 1,000).
"""

from time import process_time

import numpy as np

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy.audit import audit
from survey.privacy.cut_plan import CutPlan
from survey.privacy.freeze import freeze
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.protection import protect_tree
from survey.privacy.record import WaveFacts
from survey.privacy.second_cut import Told, freeze_cut
from survey.privacy.thaw import dump, thaw
from survey.privacy.tree import Tree, TreeUnit
from survey.scoring.answers import AnswerTable

TEAMS = (1_000, 5_000, 20_000)
TARGETS = {1_000: 0.1, 20_000: 3.0}
PUBLICATION = 10.0
PLACES = ("east", "north", "south", "west")


def company(teams: int) -> tuple[Tree, dict[str, int]]:
    """Four levels: ten teams a group, five groups a division, leads everywhere; 0 to 12 answers a team."""
    random = np.random.default_rng(teams)
    units, counts = [TreeUnit("R", None)], {}
    for division in range(max(teams // 50, 1)):
        top = f"D{division:04}"
        units += [TreeUnit(top, "R"), TreeUnit(f"{top}+", top, leads=True)]
        counts[f"{top}+"] = int(random.integers(0, 9))
        for group in range(5):
            units.append(TreeUnit(f"{top}G{group}", top))
            for team in range(10):
                code = f"{top}G{group}T{team}"
                units.append(TreeUnit(code, f"{top}G{group}"))
                counts[code] = int(random.integers(0, 13))
    tree = Tree(units)
    return tree, dict.fromkeys(tree.codes, 0) | counts


def gate(teams: int) -> float:
    """Protect and audit both tiers; return the seconds."""
    tree, counts = company(teams)
    start = process_time()
    shown: list[str] | None = None
    for k in (5, 10):
        hidden = protect_tree(tree, counts, k, None if shown is None else set(shown))
        shown = [code for code, reason in hidden.items() if reason is None]
        assert audit({code: tree.below(code) for code in shown}, counts, k).safe
    return process_time() - start


def wave_of(teams: int) -> WaveInputs:
    """A closed wave of the company."""
    tree, counts = company(teams)
    random = np.random.default_rng(1)
    instrument = builtin("total-motivation")
    units = np.repeat(np.arange(len(tree)), [counts[code] for code in tree.codes]).astype(np.int32)
    mood = random.normal(0, 1, (len(units), 1))
    answers = np.clip(np.rint(4 + mood + random.normal(0, 1, (len(units), len(instrument.items)))), 1, 7)
    table = answers.astype(np.uint8)
    practices = [item.id for item in instrument.practices]
    table[:, [item.id in practices[4:] for item in instrument.items]] = SKIPPED
    wave = WaveFacts("2026-Q1", "native", "2026-01-12", "2026-01-23", practices[:4], "", demo=False)
    facts = tuple(UnitFacts(unit, invited=counts[unit.code]) for unit in tree.units)
    return WaveInputs({}, "team", wave, Policy(), facts, AnswerTable(instrument, table, units))


def publication(teams: int) -> float:
    """Freeze, dump and thaw a whole wave; return the seconds."""
    inputs = wave_of(teams)
    start = process_time()
    thaw(*dump(freeze(inputs)))
    return process_time() - start


def second_cut(teams: int) -> float:
    """Group the teams of a published wave in four places, at random; return the seconds."""
    inputs, random = wave_of(teams), np.random.default_rng(2)
    record = freeze(inputs)
    here = [facts.unit.code for facts in inputs.facts if facts.invited]
    places = {code: PLACES[int(place)] for code, place in zip(here, random.integers(0, 4, len(here)), strict=True)}
    plan = CutPlan("places", tuple(TreeUnit(place, None) for place in PLACES), places)
    start = process_time()
    freeze_cut(inputs, Told(record, dump(record)[1]), plan)
    return process_time() - start


def main() -> None:
    """Measure, print, compare with the targets."""
    for teams in TEAMS:
        seconds = min(gate(teams) for _ in range(3))
        print(f"protection and audit, both tiers, {teams:>6,} teams: {seconds:6.3f} s")
        assert seconds < TARGETS.get(teams, seconds + 1)
    seconds = publication(TEAMS[0])
    print(f"a whole publication,              {TEAMS[0]:>6,} teams: {seconds:6.3f} s")
    assert seconds < PUBLICATION
    print(f"a second cut by four places,      {TEAMS[0]:>6,} teams: {second_cut(TEAMS[0]):6.3f} s")


if __name__ == "__main__":
    main()
