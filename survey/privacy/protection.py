"""Which units are shown (design 6.2, rule 4): the most that safety allows, the company itself among them.

A set of published units is safe if and only if every *residual* (a published unit minus its nearest published
descendants) is empty or has at least k people: the published units and everything that can be made of them by adding
and subtracting are unions of residuals.

The best safe set is found by dynamic programming from the leaves to the root. The state of a unit is the number of
people in it whom no published unit below covers, capped at k; it may be published from state 0 or k and then leaves 0.
"""

from collections.abc import Collection, Mapping
from typing import Final

from survey.privacy.released import Reason
from survey.privacy.tree import Tree

# A published unit weighs 1; ties go to the larger units (the sum of people). Where either a department or its smallest
# team must be hidden, the department stays: it is what leaders compare over waves, and what the team is read against.
_UNIT: Final = 1 << 40


def protect_tree(
    tree: Tree, counts: Mapping[str, int], k: int, allowed: Collection[str] | None = None
) -> dict[str, Reason | None]:
    """Return for every unit None where it is shown, or the reason why it is not.

    `counts` are the respondents directly at each unit; `allowed` restricts the choice (tier two, practices).
    The root is shown wherever it may be, since every other unit is compared with it
    (docs/decisions/0005-the-company-is-always-shown.md).
    """
    people = tree.totals(counts)
    may = {code for code in tree.codes if people[code] >= k and (allowed is None or code in allowed)}
    shown = _Choice(tree, counts, k).best(people, may)
    return {code: None if code in shown else "small" if people[code] < k else "complementary" for code in tree.codes}


class _Choice:
    """The tables of one run: for each unit and each state the best score, and how it came about."""

    def __init__(self, tree: Tree, counts: Mapping[str, int], k: int) -> None:
        self.tree, self.counts, self.k = tree, counts, k
        self.scores: dict[str, dict[int, int]] = {}
        self.published_from: dict[str, int] = {}
        """The state from which the unit is published where its state 0 is its best."""
        self.before: dict[str, dict[int, int]] = {}
        """For a child and the parent's state with it: the parent's state without it, times k + 1, plus the child's own.

        One number instead of two: Python's collector then need not walk through hundreds of thousands of pairs.
        """

    def best(self, people: Mapping[str, int], may: Collection[str]) -> set[str]:
        for code in reversed(self.tree.codes):
            scores = self._children_of(code)
            if code in may:
                self._publish(code, scores, _UNIT + people[code])
            self.scores[code] = scores
        return self._walk_back()

    def _children_of(self, code: str) -> dict[int, int]:
        """Score of each state the unit can be in before it is published itself."""
        k = self.k
        scores = {min(self.counts.get(code, 0), k): 0}
        for child in self.tree.children(code):
            merged: dict[int, int] = {}
            before: dict[int, int] = {}
            below = self.scores.pop(child)
            for state, score in scores.items():
                for child_state, child_score in below.items():
                    to = min(state + child_state, k)
                    if score + child_score > merged.get(to, -1):
                        merged[to] = score + child_score
                        before[to] = state * (k + 1) + child_state
            self.before[child] = before
            scores = merged
        return scores

    def _publish(self, code: str, scores: dict[int, int], weight: int) -> None:
        """Let state 0 be the unit's publication, where that is better than leaving it out."""
        source = max((state for state in (0, self.k) if state in scores), key=lambda state: scores[state])
        self.published_from[code] = source
        scores[0] = scores[source] + weight

    def _walk_back(self) -> set[str]:
        root = self.tree.root
        scores = self.scores[root]
        wanted = {root: 0 if root in self.published_from else max(scores, key=lambda state: (scores[state], -state))}
        shown: set[str] = set()
        for code in self.tree.codes:
            state = wanted[code]
            if state == 0 and code in self.published_from:
                shown.add(code)
                state = self.published_from[code]
            for child in reversed(self.tree.children(code)):
                state, wanted[child] = divmod(self.before[child][state], self.k + 1)
        return shown
