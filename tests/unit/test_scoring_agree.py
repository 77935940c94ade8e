"""Agreement, camps, shares and what may be said of units: gaps, exact thresholds, the ends of what is possible."""

from dataclasses import replace

import numpy as np
import pytest

from survey.scoring import shrinkage as shrinking
from survey.scoring.agreement import (
    NO_CHOICE,
    ONE_ANSWER,
    Camps,
    average_deviation,
    camps,
    item_variances,
    null_variance,
    split,
)
from survey.scoring.estimable import NotEstimable
from survey.scoring.intraclass import (
    APART,
    CHANCE,
    LARGE_ONLY,
    MOSTLY_CHANCE,
    NOTHING_BETWEEN,
    UNCLEAR,
    Intraclass,
    intraclass,
    told_apart,
)
from survey.scoring.oneway import Units, units_of
from survey.scoring.shrinkage import Shrinkage, shrinkage
from survey.scoring.taking_part import Share, bounds, wilson
from survey.scoring.variance_components import NO_UNITS, ONE_EACH, ONE_UNIT, Components, components

GAP = np.nan


def test_skipped_answers_take_no_part_in_agreement() -> None:
    """Variance and average deviation of a question are those of the people who answered it."""
    table = np.array([[1.0, 7, GAP], [GAP, 3, 2], [4, GAP, GAP], [6, 5, GAP]])
    assert item_variances(table)[:2] == pytest.approx([np.var([1, 4, 6], ddof=1), np.var([7, 3, 5], ddof=1)])
    assert np.isnan(item_variances(table)[2])
    first, second = (np.abs(column - column.mean()).mean() for column in (np.array([1, 4, 6.0]), np.array([7, 3, 5.0])))
    assert average_deviation(table[:, :2]) == pytest.approx((first + second) / 2)
    assert average_deviation(table[:, 0]) == pytest.approx(first)
    assert average_deviation(table) == ONE_ANSWER
    assert average_deviation([]) == ONE_ANSWER


def test_two_answers_to_choose_from_are_a_choice() -> None:
    """Yes or no at random has a variance of a quarter; a single answer leaves nothing to agree on."""
    assert null_variance(2, "uniform") == 0.25
    assert null_variance(1, "uniform") == NO_CHOICE
    assert isinstance(null_variance(4, "skewed"), NotEstimable)


@pytest.mark.parametrize(
    ("counts", "is_split"),
    [
        ([3, 0, 3], True),
        ([5, 5], False),
        ([2, 0, 0, 0, 0, 0, 2], False),
        ([0, 3, 0, 0, 0, 3, 0], True),
        ([4, 0, 0, 0, 0, 0, 16], False),
        ([4, 0, 0, 0, 0, 0, 12], True),
        ([1, 3, 1, 2, 1, 3, 1], False),
        ([0, 4, 1, 1, 2, 2, 2], True),
        ([0, 4, 2, 1, 2, 2, 2], False),
    ],
    ids=str,
)
def test_camps_are_three_people_and_a_quarter_at_either_end(counts: list[int], is_split: bool) -> None:  # noqa: FBT001 - a column of the table
    """Three people at least, a quarter at least; as many between as at an end only above the variance of chance, 4."""
    assert split(counts) is is_split


def test_a_third_of_the_answers_is_an_end() -> None:
    """Of seven answers two are an end, of five one, of two one."""
    assert camps([1, 2, 3, 4, 5, 6, 7]) == Camps(3, 12, 13, 2)
    assert camps([1, 2, 3, 4, 5]) == Camps(1, 9, 5, 1)
    assert camps([4, 6]) == Camps(4, 0, 6, 1)


def test_what_may_be_said_of_units_changes_at_its_thresholds() -> None:
    """ICC(1) at 0 is chance, p of .05 is enough, ICC(2) of .50 and .70 belong to the word above."""
    found = intraclass(units_of([1, 3, 2, 4, 6, 5, 7, 9, 8], [1, 1, 1, 2, 2, 2, 3, 3, 3]))
    assert isinstance(found, Intraclass)
    assert (found.df, found.size, found.n0, found.units) == ((2, 6), 3.0, 3.0, 3)
    told = [
        (CHANCE, replace(found, icc1=0.0)),
        (CHANCE, replace(found, icc2=NOTHING_BETWEEN)),
        (UNCLEAR, replace(found, p=0.0501)),
        (MOSTLY_CHANCE, replace(found, icc2=0.499)),
        (MOSTLY_CHANCE, replace(found, p=0.05, icc2=0.1)),
        (LARGE_ONLY, replace(found, icc2=0.5)),
        (LARGE_ONLY, replace(found, icc2=0.699)),
        (APART, replace(found, icc2=0.7)),
    ]
    assert [told_apart(case) for _, case in told] == [sentence for sentence, _ in told]


def test_the_fewest_units_and_answers_that_have_components() -> None:
    """Two units with one answer more than units are enough; less has its own reason."""
    enough = components(units_of([1, 2, 5], ["a", "a", "b"]))
    assert isinstance(enough, Components)
    assert enough.units == 2
    assert components(units_of([1, 2], ["a", "b"])) == ONE_EACH
    assert components(units_of([1, 2], ["a", "a"])) == ONE_UNIT
    assert components(units_of([], [])) == NO_UNITS


@pytest.mark.parametrize(
    ("n", "means"),
    [([2.0, 0.0], [1.0, 2.0]), ([2.0, 2.0], [1.0]), ([[2.0, 2.0]], [[1.0, 2.0]]), ([2.0, 0.5], [1.0, 2.0])],
)
def test_units_without_people_or_mean_are_refused(n: list[float], means: list[float]) -> None:
    """Each unit has a number of people, one at least, and a mean."""
    with pytest.raises(ValueError, match=r"^units have people, and a mean each$"):
        Units(np.array(n), np.array(means), 1.0, 2)


def test_nobody_and_everybody_are_ends_of_a_share() -> None:
    """Where nobody takes part the interval begins at exactly 0, where everybody does it ends at exactly 1."""
    for asked in range(1, 200):
        none, every = wilson(0, asked), wilson(asked, asked)
        assert isinstance(none, Share)
        assert isinstance(every, Share)
        assert (none.value, none.low) == (0.0, 0.0)
        assert (every.value, every.high) == (1.0, 1.0)
        assert none.high == pytest.approx(1 - every.low)


@pytest.mark.parametrize(("some", "of_all"), [(-1, 3), (4, 3)])
def test_no_share_is_made_of_wrong_counts(some: int, of_all: int) -> None:
    """More than all, or fewer than none, is said to be no share, with both numbers."""
    with pytest.raises(ValueError, match=f"^{some} of {of_all} is no share$"):
        wilson(some, of_all)
    with pytest.raises(ValueError, match=f"^{some} of {of_all} cannot have answered$"):
        bounds(4.0, some, of_all, (1, 7))


def test_bounds_where_nobody_answered_are_those_of_the_scale() -> None:
    """Nobody's answers leave everything open; nobody asked is an error."""
    assert bounds(0.0, 0, 3, (1, 7)) == (1, 7)
    assert bounds(4.0, 1, 2, (1, 7)) == (2.5, 5.5)
    with pytest.raises(ValueError, match=r"^0 of 0 cannot have answered$"):
        bounds(4.0, 0, 0, (1, 7))


def test_means_that_differ_by_rounding_alone_are_one_mean() -> None:
    """Sums of tenths leave a difference in the last bit: no reliability of minus 10 to the 29th is made of it."""
    found = intraclass(Units(np.array([7.0, 6, 9]), np.array([3.7, 3.7 + 1e-15, 3.7 - 1e-15]), 41.5, 19))
    assert isinstance(found, Intraclass)
    assert found.f > 0
    assert found.icc2 == NOTHING_BETWEEN


def test_units_are_placed_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few units are placed together, each has its own interval; no unit has none, on either side."""
    people = [1, 3, 2, 4, 6, 5, 7, 9, 8, 2, 1, 3, 4, 4, 7]
    learnt = shrinkage(units_of(people, np.repeat(np.arange(5), 3)))
    assert isinstance(learnt, Shrinkage)
    n, means = [3, 30, 5, 8, 12], [8, 8, 1, 2, 3]
    whole = learnt.of(n, means)
    monkeypatch.setattr(shrinking, "AT_ONCE", 2)
    cut = learnt.of(n, means)
    assert np.array([cut.low, cut.high]) == pytest.approx(np.array([whole.low, whole.high]), abs=1e-7)
    assert (learnt.of([], []).low.shape, learnt.of([], []).high.shape) == ((0,), (0,))
