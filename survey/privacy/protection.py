"""Which units are shown (design 6.2, rule 4): the most that safety allows, the company itself among them.

A set of published units is safe if and only if every *residual* (a published unit minus its nearest published
descendants) is empty or has at least k people: the published units and everything that can be made of them by adding
and subtracting are unions of residuals.

The best safe set is found by dynamic programming from the leaves to the root. The state of a unit is the number of
people in it whom no published unit below covers, capped at k; it may be published from state 0 or k and then leaves 0.
"""

from array import array
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from survey.privacy.released import Reason
from survey.privacy.tree import Tree

# A published unit weighs 1; ties go to the larger units (the sum of people). Where either a department or its smallest
# team must be hidden, the department stays: it is what leaders compare over waves, and what the team is read against.
_UNIT: Final = 1 << 40
_NEVER: Final = -1
_BYTE: Final = 16
"""Below this k two states fit into one byte."""


def protect_tree(
    tree: Tree, counts: Mapping[str, int], k: int, allowed: Collection[str] | None = None
) -> dict[str, Reason | None]:
    """Return for every unit None where it is shown, or the reason why it is not.

    `counts` are the respondents directly at each unit; `allowed` restricts the choice (tier two, practices).
    The root is shown wherever it may be, since every other unit is compared with it
    (docs/decisions/0005-the-company-is-always-shown.md).
    """
    own = [counts.get(code, 0) for code in tree.codes]
    people = tree.sums(own)
    may = [count >= k and (allowed is None or code in allowed) for code, count in zip(tree.codes, people, strict=True)]
    shown = _Choice(tree, own, people, k).best(may)
    return {
        code: None if here else "small" if count < k else "complementary"
        for code, here, count in zip(tree.codes, shown, people, strict=True)
    }


class _Choice:
    """The tables of one run: for each unit and each state the best score, and how it came about.

    Units go by their places in the tree, and what is kept of all of them lies in arrays: dictionaries by code of a
    large company would not fit into the processor's cache.
    """

    def __init__(self, tree: Tree, own: Sequence[int], people: Sequence[int], k: int) -> None:
        self.tree, self.own, self.people, self.k = tree, own, people, k
        self.scores: dict[int, dict[int, int]] = {}
        """By unit, as long as its parent has not taken them over."""
        self.published_from = array("q", [_NEVER]) * len(tree)
        """The state from which the unit is published where its state 0 is its best."""
        self.before = array("B" if k < _BYTE else "Q")
        """For a child and the parent's state with it: the parent's state without it, times k + 1, plus the child's."""
        self.begins = array("Q", [0]) * len(tree)
        """Where the states of a child's parent begin in `before`."""

    def best(self, may: Sequence[bool]) -> list[bool]:
        """Tell by place which units are shown."""
        for place in range(len(may) - 1, -1, -1):
            scores = self._children_of(place)
            if may[place]:
                self._publish(place, scores, _UNIT + self.people[place])
            self.scores[place] = scores
        return self._walk_back()

    def _children_of(self, place: int) -> dict[int, int]:
        """Score of each state the unit can be in before it is published itself."""
        k, before = self.k, self.before
        scores = {min(self.own[place], k): 0}
        unknown = bytes(before.itemsize * (min(self.people[place], k) + 1))
        for child in self.tree.places_under(place):
            begin = self.begins[child] = len(before)
            before.frombytes(unknown)
            merged: dict[int, int] = {}
            below = self.scores.pop(child).items()
            for state, score in scores.items():
                room = k - state
                for child_state, child_score in below:
                    to = state + child_state if child_state < room else k
                    both = score + child_score
                    if both > merged.get(to, -1):
                        merged[to] = both
                        before[begin + to] = state * (k + 1) + child_state
            scores = merged
        return scores

    def _publish(self, place: int, scores: dict[int, int], weight: int) -> None:
        """Let state 0 be the unit's publication, where that is better than leaving it out."""
        source = 0 if scores.get(0, -1) >= scores[self.k] else self.k
        self.published_from[place] = source
        scores[0] = scores[source] + weight

    def _walk_back(self) -> list[bool]:
        scores = self.scores[0]
        shown = [False] * len(self.tree)
        wanted = array("q", [0]) * len(self.tree)
        if self.published_from[0] == _NEVER:
            wanted[0] = max(scores, key=lambda state: (scores[state], -state))
        for place, source in enumerate(self.published_from):
            state = wanted[place]
            if state == 0 and source != _NEVER:
                shown[place] = True
                state = source
            for child in reversed(self.tree.places_under(place)):
                state, wanted[child] = divmod(self.before[self.begins[child] + state], self.k + 1)
        return shown
