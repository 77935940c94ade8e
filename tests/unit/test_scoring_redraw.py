"""Units drawn again: how many resamples, which of them count, and who is left out before."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from survey.scoring import redraw as redrawing
from survey.scoring.estimable import NotEstimable
from survey.scoring.halves import FEW_LARGE, Halves, split_half
from survey.scoring.levels import levels
from survey.scoring.link import FEW_UNITS
from survey.scoring.redraw import LOST, RESAMPLES, Estimate, Redrawn, ends, redraw

Floats = NDArray[np.float64]
WHY = FEW_UNITS


def drawn(units: int, people: int, seed: int = 1) -> tuple[Floats, Floats, NDArray[np.int32]]:
    """Return a variable, three items that go with it, and the unit of each person."""
    random, place = np.random.default_rng(seed), np.repeat(np.arange(units, dtype=np.int32), people)
    mood = random.normal(size=units)[place] + random.normal(size=units * people)
    return mood, mood[:, None] + random.normal(size=(units * people, 3)), place


def means(weights: Floats) -> Floats:
    """Return the mean of the numbers of the units, a row a set of weights."""
    found: Floats = weights @ np.arange(float(weights.shape[1]))[:, None] / weights.sum(axis=1, keepdims=True)
    return found


@pytest.mark.parametrize("at_once", [1, 700, 20_000, 10**9])
def test_as_many_companies_are_drawn_however_few_fit_in_memory(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 resamples, the same ones, whether they are made singly, some at a time or all together."""
    whole = redraw(20, means, 7)
    monkeypatch.setattr(redrawing, "AT_ONCE", at_once)
    cut = redraw(20, means, 7)
    assert whole.resampled.shape == cut.resampled.shape == (RESAMPLES, 1)
    assert cut.resampled.tolist() == whole.resampled.tolist()
    assert cut.observed.tolist() == [9.5]


def test_few_units_leave_out_less_on_either_side() -> None:
    """The interval of the mean of few units is about Student's, not the narrower one of the resamples as they are."""
    values = np.random.default_rng(4).normal(size=10)
    made = redraw(10, lambda weights: weights @ values[:, None] / weights.sum(axis=1, keepdims=True))
    found = made.estimate(0, WHY)
    assert isinstance(found, Estimate)
    student = 2 * 2.262157 * values.std(ddof=1) / np.sqrt(10)
    assert found.high - found.low == pytest.approx(student, rel=0.06)
    assert found.high - found.low > 1.2 * np.ptp(np.percentile(made.resampled[:, 0], [2.5, 97.5]))
    assert ends(10)[0] < ends(40)[0] < ends(10**6)[0] == pytest.approx(2.5, abs=1e-3)
    for units in (2, 10, 40):
        low = 100 * stats.norm.cdf(-np.sqrt(units / (units - 1)) * stats.t.ppf(0.975, units - 1))
        assert ends(units) == pytest.approx((low, 100 - low))


MANY = 10**9


def test_an_interval_leaves_out_a_fortieth_on_either_side() -> None:
    """Ends are the 2.5 % and 97.5 % points of the resamples that have a result; one in a hundred may have none."""
    found = np.arange(2000.0)[:, None]
    made = Redrawn(np.array([999.5]), found, MANY).estimate(0, WHY)
    assert isinstance(made, Estimate)
    assert (made.value, made.low, made.high) == pytest.approx((999.5, 0.025 * 1999, 0.975 * 1999))
    lost = found.copy()
    lost[: int(2000 * LOST)] = np.nan
    assert isinstance(Redrawn(np.array([1.0]), lost, MANY).estimate(0, WHY), Estimate)
    lost[int(2000 * LOST)] = np.inf
    assert Redrawn(np.array([1.0]), lost, MANY).estimate(0, WHY) == WHY
    assert Redrawn(np.array([np.nan]), found, MANY).estimate(0, WHY) == WHY


def test_scales_beside_each_other_are_those_alone() -> None:
    """Each scale's correlations at both levels are those it has without the other scales, whatever their lengths."""
    mood, items, units = drawn(40, 10)
    other = items[:, :2] + 0.5 * np.random.default_rng(3).normal(size=(400, 2))
    longest = np.column_stack([items, other])
    scales = {"three": items, "two": other, "five": longest}
    together = levels(mood, scales, units)
    for name, of in scales.items():
        alone = levels(mood, {name: of}, units)
        for level in ("within", "between"):
            one, same = getattr(together, level)[name], getattr(alone, level)[name]
            assert isinstance(one, Estimate)
            assert (one.value, one.low, one.high) == pytest.approx((same.value, same.low, same.high))


def test_the_seed_handed_in_is_used() -> None:
    """Levels and halves of one seed are the same, of another one the interval is another."""
    mood, items, units = drawn(10, 12)
    scales = {"three": items}
    assert levels(mood, scales, units, seed=1) == levels(mood, scales, units, seed=1)
    assert levels(mood, scales, units, seed=1) != levels(mood, scales, units, seed=2)
    others = {"one": items[:, 0]}
    assert split_half(mood, others, units, seed=1) == split_half(mood, others, units, seed=1)
    assert split_half(mood, others, units, seed=1) != split_half(mood, others, units, seed=2)


def test_who_skipped_something_is_left_out_at_both_levels() -> None:
    """People without one of the values change nothing, neither within and between units nor of halves."""
    mood, items, units = drawn(11, 12)
    gaps = items.copy()
    gaps[::5, 1] = np.nan
    whole = ~np.isnan(gaps).any(axis=1)
    assert levels(mood, {"a": gaps}, units) == levels(mood[whole], {"a": items[whole]}, units[whole])
    some = {"first": gaps[:, 0], "second": gaps[:, 1]}
    left = {"first": items[whole, 0], "second": items[whole, 1]}
    assert split_half(mood, some, units, least=8) == split_half(mood[whole], left, units[whole], least=8)


def test_ten_units_are_enough_and_nine_are_not() -> None:
    """Levels and halves are given from ten units on; a unit of two people can be cut in halves."""
    for units in (9, 10):
        mood, items, place = drawn(units, 2)
        inside = levels(mood, {"a": items}, place).within["a"]
        cut = split_half(mood, {"a": items[:, 0]}, place, least=1)["a"]
        assert (inside == FEW_UNITS) is (units == 9)
        assert (cut == Halves(FEW_LARGE, FEW_LARGE, 9)) is (units == 9)
        assert cut.units == units
        assert isinstance(cut.different, NotEstimable) is (units == 9)


def test_halves_are_the_same_however_many_resamples_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each resample counts its own units: intervals of halves made singly are those made together."""
    mood, items, units = drawn(12, 14)
    whole = split_half(mood, {"a": items[:, 0]}, units)["a"]
    monkeypatch.setattr(redrawing, "AT_ONCE", 1)
    singly = split_half(mood, {"a": items[:, 0]}, units)["a"]
    for one, other in ((whole.same, singly.same), (whole.different, singly.different)):
        assert isinstance(one, Estimate)
        assert isinstance(other, Estimate)
        assert (one.low, one.high) == pytest.approx((other.low, other.high))
