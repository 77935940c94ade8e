"""The search of the audit: which small groups of classes have a total that follows from the published sums.

Every class of atoms has a *freedom*: what keeps its share of any sum open (see `elimination`). A group is determined if
and only if the freedoms of its classes add up to nothing. People who put their own answers together know more: where
they are the whole of a class, that class is known to them, and its freedom may be taken any number of times. People who
are only a part of a class learn nothing of the rest that they could not subtract in the end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from survey.privacy.elimination import Row, RowSpace, Undecidable

Groups = frozenset[int]


@dataclass(frozen=True)
class State:
    """A group on its way to be determined: `freedom` is what still keeps it open for those who are `known`."""

    group: Groups
    known: Groups
    """Classes that consist of people who put their answers together."""
    freedom: Row
    without: tuple[tuple[int, Row], ...] = ()
    """By known class, a column and a row that holds it: what is taken away so that the column becomes empty."""


class Search:
    """Looks for groups of others whose total is determined, and which are too few together with those who know."""

    def __init__(self, space: RowSpace, people: Sequence[int], k: int, steps: int, colluders: int = 0) -> None:
        self.people, self.most, self.left, self.colluders = people, k - 1, steps, colluders
        small = {index: space.freedom(index) for index, count in enumerate(people) if count < k}
        self.determined = [index for index, freedom in small.items() if not freedom]
        self.open = {index: freedom for index, freedom in small.items() if freedom}
        self.users: dict[int, list[int]] = {}
        for index, freedom in self.open.items():
            for column in freedom:
                self.users.setdefault(column, []).append(index)

    def groups(self) -> Iterator[tuple[Groups, Groups]]:
        """Yield every such group that holds no smaller one, and the classes that are known for it.

        Raises Undecidable when the work is too much.
        """
        yield from ((frozenset([index]), frozenset()) for index in self.determined)
        seen: set[tuple[Groups, Groups]] = set()
        waiting = [State(frozenset([index]), frozenset(), freedom) for index, freedom in self.open.items()]
        while waiting:
            state = waiting.pop()
            self.left -= 1
            if self.left < 0:
                raise Undecidable
            if not state.freedom:
                yield state.group, state.known
                continue
            for longer in self._longer(state):
                if (longer.group, longer.known) not in seen:
                    seen.add((longer.group, longer.known))
                    waiting.append(longer)

    def _longer(self, state: State) -> Iterator[State]:
        """The states with one class more that could empty one of the columns that keep this group open."""
        column = min(state.freedom, key=lambda column: (len(self.users[column]), column))
        first = min(state.group)
        for index in self._candidates(state, column):
            own = self.open[index]
            for pivot, row in state.without:
                own = _taken(own, pivot, row)
            if column not in own:
                continue
            if index > first:
                yield State(state.group | {index}, state.known, _sum(state.freedom, own), state.without)
            if self._may_know(state, index):
                rest = _taken(state.freedom, column, own)
                yield State(state.group, state.known | {index}, rest, (*state.without, (column, own)))

    def _candidates(self, state: State, column: int) -> list[int]:
        """Classes of few enough people whose freedom may hold the column, once what is known is taken away."""
        columns = {column, *(pivot for pivot, row in state.without if column in row)}
        left = self.most - self._count(state.group) - self._count(state.known)
        users = {index for each in columns for index in self.users.get(each, ())} - state.group - state.known
        return [index for index in sorted(users) if self.people[index] <= left]

    def _may_know(self, state: State, index: int) -> bool:
        return self._count(state.known) + self.people[index] <= self.colluders

    def _count(self, group: Groups) -> int:
        return sum(self.people[index] for index in group)


def _sum(one: Row, other: Row) -> Row:
    total = {column: one.get(column, 0) + other.get(column, 0) for column in one.keys() | other.keys()}
    return {column: weight for column, weight in total.items() if weight}


def _taken(row: Row, column: int, away: Row) -> Row:
    """Return the row without `column`, of which `away` was taken as often as it needs."""
    if column not in row:
        return row
    often = -row[column] / Fraction(away[column])
    return _sum(row, {other: weight * often for other, weight in away.items()})
