"""All pairs of very many units: never more is told apart than by going through the pairs, and nearly as much."""

import numpy as np
import pytest
from scipy import stats

from survey.scoring import many_pairs
from survey.scoring.comparison import ALPHA
from survey.scoring.many_pairs import NEAR, critical_from_below
from survey.scoring.pairs import Means, critical_p, p_values
from tests.unit.test_scoring_pairs import drawn


def told(means: Means, last: np.ndarray, critical: float) -> int:
    """Count the pairs that are told apart, one by one."""
    first, second = np.nonzero(np.arange(len(last)) > last[:, np.newaxis])
    some = means.squared[first] + means.squared[second] > 0
    return int((p_values(means.at(first[some]), means.at(second[some])) <= critical).sum())


@pytest.mark.parametrize("seed", range(40))
def test_it_is_never_more_lenient_than_going_through_all_pairs(seed: int) -> None:
    """Of those told apart the level's share is false at most, counted pair by pair; the number of pairs is the same."""
    units = 2 + 3 * seed
    means = Means.of(drawn(seed, units, (0.0, 5.0, 15.0, 60.0)[seed % 4]))
    random = np.random.default_rng(seed)
    last = np.array([min(units - 1, place + int(random.integers(0, 4)) * (seed % 2)) for place in range(units)])
    pairs, critical = critical_from_below(means, last)
    exact_pairs, exact = critical_p(means, last)
    assert pairs == exact_pairs
    assert told(means, last, critical) <= told(means, last, exact)
    if critical:
        assert critical * pairs <= ALPHA * told(means, last, critical)


@pytest.mark.parametrize(("spread", "share"), [(8.0, 0.8), (15.0, 0.9), (60.0, 0.98)])
def test_nearly_all_are_told_apart_that_are_by_going_through_all_pairs(spread: float, share: float) -> None:
    """Of 500 units that hardly differ four pairs in five at least; of units that do, nearly all."""
    means, last = Means.of(drawn(7, 500, spread)), np.arange(500)
    (_, critical), (_, exact) = critical_from_below(means, last), critical_p(means, last)
    assert told(means, last, critical) >= share * told(means, last, exact) > 0


def test_units_that_hold_each_other_are_no_pairs() -> None:
    """A unit is not told apart from what it holds, however far they are from each other."""
    values = np.array([0.0, 90.0, -90.0, 90.0])
    means = Means(values, np.full(4, 1.0), np.full(4, 30.0), np.zeros(4, dtype=np.bool_))
    assert critical_from_below(means, np.array([3, 3, 3, 3]))[0] == 0
    assert critical_from_below(means, np.array([3, 1, 2, 3]))[0] == 3


def test_where_nothing_can_be_told_apart() -> None:
    """No unit, one unit, units without any spread, units that are all the same."""
    for squared, units in ((1.0, 0), (1.0, 1), (0.0, 5)):
        means = Means(np.zeros(units), np.full(units, squared), np.full(units, 9.0), np.zeros(units, dtype=np.bool_))
        assert critical_from_below(means) == (0, 0.0)
    alike = Means(np.zeros(9), np.full(9, 2.0), np.full(9, 9.0), np.ones(9, dtype=np.bool_))
    assert critical_from_below(alike) == (36, 0.0)


def test_two_units_beyond_all_doubt() -> None:
    """One pair is told apart where its p is not above the level, whichever stands higher."""
    for values in ((-90.0, 90.0), (90.0, -90.0)):
        means = Means(np.array(values), np.full(2, 0.1), np.full(2, 50.0), np.zeros(2, dtype=np.bool_))
        pairs, critical = critical_from_below(means)
        assert (pairs, critical) == (1, ALPHA * NEAR)


@pytest.mark.parametrize(("squared", "pairs"), [([0.0, 0.0, 1.0], 2), ([0.0, 1.0, 0.0], 1)])
def test_units_without_any_spread_are_left_out_once(squared: list[float], pairs: int) -> None:
    """Two that have none are no pair, nor is a unit with what it holds; such a one counts as neither only once."""
    means = Means(np.arange(3.0), np.array(squared), np.full(3, 9.0), np.zeros(3, dtype=np.bool_))
    last = np.array([1, 1, 2])
    assert critical_from_below(means, last)[0] == critical_p(means, last)[0] == pairs


@pytest.mark.parametrize("at_once", [1, 40])
def test_it_does_not_matter_how_many_are_looked_at_together(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """Searched one by one, or some at a time, the same pairs are counted."""
    means = Means.of(drawn(5, 50, 15.0))
    whole = critical_from_below(means)
    assert whole[1] > 0
    monkeypatch.setattr(many_pairs, "AT_ONCE", at_once)
    assert critical_from_below(means) == whole


def family(values: list[float], squared: list[float], df: list[float], *, pooled: bool = False) -> Means:
    """Return units by hand."""
    return Means(np.array(values), np.array(squared), np.array(df), np.full(len(values), pooled))


LIMIT = NEAR * ALPHA / 3
"""Of three pairs one is told apart whose p is not above this, if no other is."""


@pytest.mark.parametrize(("apart", "found"), [(1 - 5e-10, 0.0), (1 + 1e-10, 0.0), (1 + 2e-9, LIMIT)])
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("other", [10.0, 40.0])
@pytest.mark.parametrize("pooled", [False, True])
def test_pairs_are_judged_by_the_fewest_degrees_of_freedom_of_their_classes(
    *, apart: float, found: float, side: int, other: float, pooled: bool
) -> None:
    """One pair at the edge, a third unit of its class between them: what rounding may take is left, and no more."""
    df = 10.0 if pooled else 4 / (1 / 10 + 1 / other)
    gap = side * apart * float(-stats.t.ppf(LIMIT / 2, df)) * np.sqrt(2)
    means = family([0.0, gap, gap / 2], [1.0] * 3, [10.0, other, 10.7], pooled=pooled)
    pairs, critical = critical_from_below(means)
    assert pairs == 3
    assert critical == pytest.approx(found)
    assert told(means, np.arange(3), LIMIT) == (apart > 1)


def test_what_is_promised_is_asked_of_the_p_that_is_returned() -> None:
    """A pair between that p and the one a step before, alone or beside surer ones, does not bear it."""
    gap = float(-stats.t.ppf(0.99 * ALPHA / 2, 20)) * np.sqrt(2)
    assert critical_from_below(family([0.0, gap], [1.0] * 2, [10.0] * 2)) == (1, 0.0)
    gap = float(-stats.t.ppf(0.99 * ALPHA * 15 / 21 / 2, 20)) * np.sqrt(2)
    means = family([0.0] * 3 + [gap] * 3 + [1000.0], [1.0] * 7, [10.0] * 7)
    pairs, critical = critical_from_below(means)
    assert pairs == 21
    assert critical == pytest.approx(NEAR * ALPHA * 6 / 21)
    assert told(means, np.arange(7), NEAR * ALPHA * 6 / 21) == 6


def test_units_without_any_spread_bear_nothing() -> None:
    """However far from each other, they are no pairs, and no p rests on them."""
    means = family([0.0, 30.0, 60.0, 90.0, 45.0], [0.0] * 4 + [1000.0], [9.0] * 5)
    assert critical_from_below(means) == (4, 0.0)
