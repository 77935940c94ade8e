from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.parts import Item
from survey.privacy.extremes import bound_extremes

ITEMS = [Item(id="a", scale="a", text={}), Item(id="b", scale="b", text={}, min=0, max=1)]


def table(*columns: list[int]) -> NDArray[np.uint8]:
    """Answers given by item, as a table with a row a person."""
    return np.array(columns, dtype=np.uint8).T


def test_everybody_at_the_bottom() -> None:
    """Five people who all answer 1 become three 2s and two 1s: the sum is n + 3, and the flag says "or less"."""
    answers = table([1, 1, 1, 1, 1])
    flags = bound_extremes(answers, ITEMS[:1], np.zeros(5, dtype=np.int64), 1)
    assert sorted(answers[:, 0].tolist()) == [1, 1, 2, 2, 2]
    assert flags.tolist() == [[-1]]


def test_everybody_at_the_top() -> None:
    """Six people with only one 6 among 7s: two points are taken, and the flag says "or more"."""
    answers = table([7, 7, 6, 7, 7, 7])
    flags = bound_extremes(answers, ITEMS[:1], np.zeros(6, dtype=np.int64), 1)
    assert answers.sum() == 6 * 7 - 3
    assert flags.tolist() == [[1]]


def test_ordinary_answers_stay() -> None:
    """Cells within the bounds are left alone, beside one that is not, and a cell without people is no harm."""
    answers = table([1, 1, 1, 1, 1, 2, 3, 4, 5, 6])
    cells = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    assert bound_extremes(answers, ITEMS[:1], cells, 3).tolist() == [[0], [-1], [0]]
    assert answers[5:, 0].tolist() == [2, 3, 4, 5, 6]


def test_skipped_answers_stay_skipped() -> None:
    """Who skipped an item does not count for its bound, and is not given an answer."""
    answers = table([SKIPPED, 7, 7, 7, 7, 7])
    bound_extremes(answers, ITEMS[:1], np.zeros(6, dtype=np.int64), 1)
    assert answers[0, 0] == SKIPPED
    assert answers[1:, 0].sum() == 5 * 7 - 3


def test_a_short_range() -> None:
    """On a range too short for three points both bounds meet in the middle."""
    answers = table([1, 1, 1, 1], [1, 1, 1, 1])
    bound_extremes(answers, ITEMS, np.zeros(4, dtype=np.int64), 1)
    assert answers[:, 1].sum() == 2


def test_nobody() -> None:
    """A wave without responses has no cells."""
    assert bound_extremes(table([], []), ITEMS, np.zeros(0, dtype=np.int64), 0).shape == (0, 2)


@given(st.lists(st.integers(1, 7), min_size=5, max_size=12), st.randoms(use_true_random=False))
def test_bounds_hold_whatever_the_order(values: list[int], random: Random) -> None:
    """Every sum ends within the bounds, moved as little as possible, and the result is the same in any order."""
    shuffled = values[:]
    random.shuffle(shuffled)
    one, other = table(values), table(shuffled)
    cells = np.zeros(len(values), dtype=np.int64)
    flags = bound_extremes(one, ITEMS[:1], cells, 1)
    assert (bound_extremes(other, ITEMS[:1], cells, 1) == flags).all()
    assert sorted(one[:, 0]) == sorted(other[:, 0])
    low, high = len(values) + 3, 7 * len(values) - 3
    assert one.sum() == min(max(sum(values), low), high)
    assert flags[0, 0] == (sum(values) >= high) - (sum(values) <= low)


def test_a_scale_too_short_for_three_points_each_way() -> None:
    """With two answers only, five people are moved to the middle of the scale, and never across it."""
    for item, lowest in (
        (Item(id="b", scale="b", text={}, min=0, max=1), 0),
        (Item(id="c", scale="c", text={}, min=1, max=2), 1),
    ):
        for value, total in ((lowest, 5 * lowest + 2), (lowest + 1, 5 * lowest + 3)):
            answers = table([value] * 5)
            flags = bound_extremes(answers, [item], np.zeros(5, dtype=np.int64), 1)
            assert int(answers.sum()) == total
            assert flags.tolist() == [[1 if value > lowest else -1]]
