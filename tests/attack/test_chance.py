"""The test that decides whether an order tells another one: blind to chance, not to any kind of order."""

import random
from collections.abc import Callable

import pytest

from survey.attack.chance import LEVEL, family, judge
from tests.attack.judging import beats

PEOPLE = 200


def shuffled(seed: int) -> list[int]:
    """Return people in a random order."""
    return random.Random(seed).sample(range(PEOPLE), PEOPLE)  # noqa: S311 - the same order in every run


def in_blocks() -> list[int]:
    """Return people in order within blocks that are shuffled as a whole."""
    blocks = random.Random(4).sample(range(20), 20)  # noqa: S311 - the same order in every run
    return [block * 10 + n for block in blocks for n in range(10)]


@pytest.mark.parametrize(
    ("order", "statistic"),
    [
        (range(PEOPLE), "rank"),
        (range(PEOPLE - 1, -1, -1), "rank"),
        (sorted(range(PEOPLE), key=lambda n: n + 60 * random.Random(n).random()), "rank"),  # noqa: S311 - the same noise
        (in_blocks(), "neighbours"),
        ([n if n % 10 == 0 else None for n in range(PEOPLE)], "pairs"),
    ],
    ids=["as they came", "backwards", "with noise", "in blocks", "every tenth"],
)
def test_every_kind_of_order_is_seen(order: list[int | None], statistic: str) -> None:
    """An order, its reverse, a noisy one, one in blocks, and one that is right for a few only beat chance by far."""
    others = iter(n for n in shuffled(1) if n not in order)
    arrivals = [next(others) if n is None else n for n in order]
    chance = judge(arrivals)
    assert getattr(chance, statistic) < 0.001
    assert chance.p <= LEVEL


def test_chance_is_told_as_chance() -> None:
    """Of 400 random orders about one in a hundred falls to 0.01, as it must, and not many more."""
    small = sum(judge(shuffled(seed)).p <= LEVEL for seed in range(400))
    assert small <= 10


def test_right_guesses_are_counted() -> None:
    """Whoever takes rows as they lie for people as they came is right for everybody, or for nobody."""
    assert judge(range(PEOPLE)).right == PEOPLE
    assert judge([*range(1, PEOPLE), 0]).right <= 2


def test_many_tests_count_as_one_family() -> None:
    """The smallest of many p values is multiplied by their number, and none at all say nothing."""
    assert family([0.2] * 4 + [0.001]) == pytest.approx(0.005)
    assert family([]) == 1.0
    assert family([0.5, 0.9]) == 1.0


@pytest.mark.parametrize(("values", "found"), [([0.001, 0.01, 0.2], False), ([0.001, 0.01, 0.0], True), ([0.5], False)])
def test_a_build_is_accused_after_three_rounds_in_a_row_only(values: list[float], found: bool) -> None:  # noqa: FBT001 - a parameter
    """One lucky round is not enough: a fresh one is drawn, three times at most."""
    drawn: Callable[[], float] = iter(values).__next__
    assert beats(drawn) is found
