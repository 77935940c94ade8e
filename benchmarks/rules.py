"""Four rules for hiding small groups, on ten companies of 1,000 teams: what they show, and what subtraction gives back.

    python -m benchmarks.rules

Prints the table of docs/privacy.md; fails if our own rule gives anything away. What the two documented rules are, with
their sources, and what was left out of them: docs/decisions/0033-rules-compared.md.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final

import numpy as np

from survey.privacy.elimination import RowSpace
from survey.privacy.protection import protect_tree
from survey.privacy.tree import Tree, TreeUnit

COMPANIES: Final = 10
TEAMS: Final = 1_000
K: Final = 5
SECOND: Final = 2
"""The second threshold of the rule "next smallest", as its documentation sets it where nobody changes it."""

ANSWER: Final = 0.8

Counts = Mapping[str, int]
Rule = Callable[[Tree, Counts], set[str]]


def company(seed: int) -> tuple[Tree, dict[str, int]]:
    """Return a tree of 1,000 teams and who answered.

    Divisions of two to eight groups and up to four teams of their own; groups of two to fifteen teams; people placed
    directly at all of them. Teams have three to twenty people, most of them six to ten; four in five answer.
    """
    random = np.random.default_rng(seed)
    units, counts, teams = [TreeUnit("R", None)], dict[str, int](), 0

    def add(code: str, parent: str, size: int, *, leads: bool = False) -> None:
        units.append(TreeUnit(code, parent, leads=leads))
        counts[code] = int(random.binomial(size, ANSWER))

    def add_teams(above: str, most: int) -> int:
        for team in range(most):
            add(f"{above}T{team:02}", above, int(np.clip(np.rint(random.lognormal(2.05, 0.4)), 3, 20)))
        return most

    add("R+", "R", 8, leads=True)
    while teams < TEAMS:
        top = f"D{len(units):04}"
        groups = int(random.integers(2, 9))
        units.append(TreeUnit(top, "R"))
        teams += add_teams(top, min(int(random.integers(0, 5)), TEAMS - teams))
        for group in range(groups):
            below = min(int(random.integers(2, 16)), TEAMS - teams)
            if below:
                units.append(TreeUnit(f"{top}G{group}", top))
                teams += add_teams(f"{top}G{group}", below)
                add(f"{top}G{group}+", f"{top}G{group}", below, leads=True)
        add(f"{top}+", top, groups, leads=True)
    tree = Tree(units)
    return tree, dict.fromkeys(tree.codes, 0) | counts


def plain(tree: Tree, counts: Counts) -> set[str]:
    """Show every group of five people and more."""
    people = tree.totals(counts)
    return {code for code in tree.codes if people[code] >= K}


def next_smallest(tree: Tree, counts: Counts) -> set[str]:
    """Among the groups below one unit, hide the next smallest until those hidden have two people together."""
    return _hiding_siblings(tree, counts, SECOND)


def remainder(tree: Tree, counts: Counts) -> set[str]:
    """Among the groups below one unit, hide the next smallest until those hidden have five people together.

    The people placed directly at a unit are hidden where they, or all others in it, are fewer than five; a unit whose
    groups are all shown but for the people placed directly at it is then hidden itself.
    """
    shown, people = _hiding_siblings(tree, counts, K), tree.totals(counts)
    for code in tree.codes:
        leads = [child for child in tree.children(code) if tree.unit(child).leads and people[child]]
        others = [child for child in tree.children(code) if child not in leads and people[child]]
        for group in leads:
            if people[code] - people[group] < K:
                shown.discard(group)
            if group not in shown and all(child in shown for child in others):
                shown.discard(code)
    return shown


def ours(tree: Tree, counts: Counts) -> set[str]:
    """Show the most that leaves no residual below five."""
    return {code for code, reason in protect_tree(tree, counts, K).items() if reason is None}


def _hiding_siblings(tree: Tree, counts: Counts, enough: int) -> set[str]:
    people, shown = tree.totals(counts), plain(tree, counts)
    for code in tree.codes:
        groups = sorted((people[child], child) for child in tree.children(code) if people[child])
        hidden = sum(size for size, child in groups if child not in shown)
        for size, child in groups:
            if child in shown and 0 < hidden < enough:
                shown.discard(child)
                hidden += size
    return shown


RULES: Final[dict[str, Rule]] = {
    "five people or more": plain,
    "and the next smallest, until two are hidden": next_smallest,
    "and the next smallest, until five are hidden": remainder,
    "this product": ours,
}


def rebuilt(tree: Tree, counts: Counts, shown: Collection[str]) -> list[int]:
    """Return the sizes of the groups below five whose totals follow from the shown ones, by exact elimination.

    Units that lie in the same shown ones cannot be told apart; each such class is a column, each shown unit a sum.
    """
    nearest: dict[str, str] = {}
    people: dict[str, int] = {}
    for code in tree.codes:
        above = tree.parent(code)
        nearest[code] = code if code in shown else nearest.get(above or "", "")
        people[nearest[code]] = people.get(nearest[code], 0) + counts[code]
    columns = {name: place for place, name in enumerate(sorted(people)) if people[name]}
    space = RowSpace()
    for code in reversed([code for code in tree.codes if code in shown]):
        space.add({columns[nearest[unit]] for unit in tree.below(code) if nearest[unit] in columns})
    return [people[name] for name, column in columns.items() if people[name] < K and not space.freedom(column)]


def main() -> None:
    """Print the table, a row for each rule, the mean of ten companies."""
    print("| rule | teams shown | groups below five rebuilt | people singled out |\n| --- | --- | --- | --- |")
    companies = [company(seed) for seed in range(COMPANIES)]
    for name, rule in RULES.items():
        teams, groups, alone = [], [], []
        for tree, counts in companies:
            shown = rule(tree, counts)
            found = rebuilt(tree, counts, shown)
            teams.append(sum(not tree.children(code) and not tree.unit(code).leads for code in shown))
            groups.append(len(found))
            alone.append(found.count(1))
        print(f"| {name} | {np.mean(teams):.0f} | {np.mean(groups):.1f} | {np.mean(alone):.1f} |")
        assert name != "this product" or not any(groups)
    sizes = [people for tree, counts in companies for code, people in counts.items() if "T" in code]
    print(f"\n{np.mean([size >= K for size in sizes]):.0%} of the teams have five answers or more.")


if __name__ == "__main__":
    main()
