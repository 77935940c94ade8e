"""Exact elimination: what it keeps of the sums it has learned."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.privacy.elimination import RowSpace, Undecidable


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sets(st.integers(0, 6), min_size=1), min_size=1, max_size=8),
    st.lists(st.integers(-9, 9), min_size=7, max_size=7),
)
def test_what_is_kept_is_true_and_reduced(cells: list[set[int]], values: list[int]) -> None:
    """Every kept row holds for the values the sums were made of, and its pivot stands in no other row."""
    space = RowSpace()
    for cell in cells:
        space.add(cell, sum(values[column] for column in cell))
    for pivot, row in space.rows.items():
        assert values[pivot] + sum(weight * values[column] for column, weight in row.items()) == space.known[pivot]
        assert all(weight for weight in row.values())
        assert not row.keys() & space.rows.keys()
    assert all(space.freedom(column) == space.rows.get(column, {column: -1}) for column in range(7))


def test_halves_are_kept_as_halves() -> None:
    """Three overlapping sums of 3, 4 and 4 leave one and a half people in two of the parts."""
    space = RowSpace()
    for columns, value in (([0, 1], 3), ([1, 2], 4), ([0, 2], 4)):
        space.add(columns, value)
    assert [space.known[column] for column in range(3)] == [Fraction(3, 2), Fraction(3, 2), Fraction(5, 2)]
    space = RowSpace()
    for columns in ([0, 1, 3], [1, 2, 3], [0, 2, 3]):
        space.add(columns)
    (row, *others) = space.rows.values()
    assert {abs(weight) for weight in row.values()} <= {Fraction(1, 2), 1, 2}
    assert len(others) == 2


def test_whole_numbers_stay_whole_numbers() -> None:
    """What is a whole number is kept as one: it is faster, and equal whole numbers print the same."""
    space = RowSpace()
    for columns, value in (([0, 1], 4), ([1, 2], 4), ([0, 2], 4)):
        space.add(columns, value)
    assert {type(value) for value in space.known.values()} == {int}


def test_every_step_is_counted() -> None:
    """A column costs a step, each column of a row that replaces it one more, and each row that a new one changes."""
    for sums, steps in (
        ([[0], [1], [0, 1, 2]], 5),
        ([[0, 1, 2], [0, 3]], 3 + 2 + 2),
        ([[0, 1], [1, 2]], 2 + 2),
        ([[0, 1], [0], [0, 1]], 2 + 2 + 1 + 2),
    ):
        _learn(sums, steps)
        with pytest.raises(Undecidable):
            _learn(sums, steps - 1)


def test_a_contradiction_is_told() -> None:
    """A sum that cannot be, after those before it, is no ground to decide on."""
    space = RowSpace()
    space.add([0, 1], 4)
    space.add([0, 1], 4)
    with pytest.raises(Undecidable):
        space.add([0, 1], 5)


def test_work_is_counted() -> None:
    """Elimination stops when its budget is spent, wherever the work falls: adding, replacing or substituting."""
    nested = [list(range(place)) for place in range(1, 9)]
    crossing = [[0, 1, 2], [2, 3, 4], [4, 5, 0], [1, 3, 5], [0, 3], [1, 4], [2, 5]]
    for cells in (nested, crossing):
        for steps in range(20):
            with pytest.raises(Undecidable):
                _learn(cells, steps)
        _learn(cells, 2_000)


def _learn(cells: list[list[int]], steps: int) -> None:
    space = RowSpace(steps)
    for cell in cells:
        space.add(cell)
