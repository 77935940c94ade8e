"""The same companies protected by tau-Argus, as statistical offices use it, and what our audit finds in what it shows.

`pytauargus` is its engine as a library, with an open solver. One hierarchical table of counts, with sums of answers;
cells of fewer than five people are unsafe (FREQ), the rest of what is hidden is chosen by its optimal method.
"""

import tempfile
from collections import Counter
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
from pytauargus import protect

from benchmarks.privacy import company
from survey.privacy.audit import MOST_FINDINGS, audit
from survey.privacy.protection import protect_tree

K: Final = 5
RULE: Final = f"FREQ({K},30)"
METHOD: Final = "OPT(1)"


@dataclass(frozen=True)
class Judged:
    """What a program shows of a company, and what it took."""

    seconds: float
    shown: int
    """Units with people."""
    given_away: int
    """Smallest groups below five whose total follows from what is shown; the audit names 20 at most."""
    people: int
    """In the smallest of them."""


def theirs(teams: int) -> Judged:
    """Protect by tau-Argus; timed without our audit of it."""
    tree, counts = company(teams)
    names = {code: f"{place:07}" for place, code in enumerate(tree.codes)}
    codes = {name: code for code, name in names.items()}
    random = np.random.default_rng(1)
    people = [code for code in tree.codes if not tree.children(code) for _ in range(counts[code])]
    answers = random.integers(1, 8, len(people)).astype(float).tolist()
    # It leaves its logs in the folder where it runs.
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        levels = Path(folder) / "units.hrc"
        levels.write_text("".join(f"{'@' * (tree.depth(code) - 1)}{names[code]}\n" for code in tree.codes[1:]))
        start = perf_counter()
        made = protect(
            {"unit": [names[code] for code in people], "points": answers},
            ["unit"], "points", RULE, METHOD,
            hrc={"unit": str(levels)}, hierleadstring="@", totcode="Total", workdir=f"{folder}/run",
        )  # fmt: skip
        seconds = perf_counter() - start
        states = {codes.get(str(row["unit"]), tree.root): row["status"] for row in made.tables[0].rows}
    assert Counter(states.values())["S"] > teams // 2
    found = audit({code: tree.below(code) for code, state in states.items() if state == "S"}, counts, K)
    assert not found.undecided
    shown = sum(state == "S" for state in states.values())
    return Judged(seconds, shown, len(found.findings), found.findings[0].people if found.findings else 0)


def ours(teams: int) -> Judged:
    """Protect and audit as the product does."""
    tree, counts = company(teams)
    start = perf_counter()
    shown = [code for code, reason in protect_tree(tree, counts, K).items() if reason is None]
    found = audit({code: tree.below(code) for code in shown}, counts, K)
    seconds = perf_counter() - start
    assert found.safe
    return Judged(seconds, len(shown), 0, 0)


def compare(sizes: tuple[int, ...]) -> None:
    """Print both, and how many times as long the other takes."""
    for teams in sizes:
        here, there = min((ours(teams) for _ in range(3)), key=lambda judged: judged.seconds), theirs(teams)
        many = f"{there.given_away}{' or more' if there.given_away == MOST_FINDINGS else ''}"
        print(
            f"{teams:>6,} teams: protected and audited here in {here.seconds:.3f} s, {here.shown:,} units shown; "
            f"tau-Argus protects in {there.seconds:.2f} s ({there.seconds / here.seconds:.0f} x), "
            f"{there.shown:,} shown, {many} groups below {K} can be worked out, the smallest of {there.people}"
        )
        assert here.seconds < there.seconds
