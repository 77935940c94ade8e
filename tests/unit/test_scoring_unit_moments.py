"""Many groups as arrays say of each what its own moments say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from survey.scoring.columns import ColumnSpec, Exact, columns, scale_scores
from survey.scoring.estimable import NotEstimable
from survey.scoring.index import index_measure
from survey.scoring.measure import Measure, on_range
from survey.scoring.moments import UnitMoments, moments_by_unit, nothing
from survey.scoring.summaries import ALL_ALIKE, NOBODY, Interval, Summary, summarise
from survey.scoring.unit_summaries import summaries
from survey.scoring.within import NO_POOL, Within, within
from tests.unit.test_scoring_moments import INSTRUMENT, SPECS, answers_of, long_scale

INDEX = index_measure(INSTRUMENT, SPECS)
RAISED = on_range("raised", {"play": INDEX.weights[0][1]}, SPECS, (2, 5))
MEASURES: list[Measure | str] = [INDEX, "play", "adaptive", RAISED]


def sums(scores: Exact, units: NDArray[np.int32], unit: int) -> tuple[list[int], list[list[int]]]:
    """Add up a unit's scores and their products one by one, in Python's integers."""
    rows = [[int(score) for score in row] for row in scores[units == unit]]
    wide = range(scores.shape[1])
    products = [[sum(row[i] * row[j] for row in rows) for j in wide] for i in wide]
    return [sum(row[i] for row in rows) for i in wide], products


def same(scores: Exact, units: NDArray[np.int32], n_units: int, specs: tuple[ColumnSpec, ...]) -> UnitMoments:
    """Make the moments and hold every unit's against those added up one by one."""
    groups = moments_by_unit(scores, units, n_units, specs)
    for unit, group in enumerate(groups):
        assert group.products is not None
        assert (group.totals.tolist(), group.products.tolist()) == sums(scores, units, unit)
        assert group.n == int((units == unit).sum())
    return groups


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 25), min_size=1, max_size=12), seed=st.integers(0, 999))
def test_every_unit_gets_its_own_sums_and_products(sizes: list[int], seed: int) -> None:
    """Whatever the sizes of the units and the order of the responses, each unit's sums are those of its own people."""
    units = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes)).astype(np.int32)
    groups = same(scale_scores(answers_of(len(units), seed), INSTRUMENT), units, len(sizes), SPECS)
    assert len(groups) == len(sizes)
    assert [group.n for group in groups[1:]] == sizes[1:]


def test_more_units_of_a_size_than_are_worked_on_at_once() -> None:
    """Thousands of units of one size, and one of thousands of people, lose and mix up nobody."""
    units = np.concatenate([np.arange(6000), np.full(9000, 6000)]).astype(np.int32)
    scores = scale_scores(answers_of(len(units), 3), INSTRUMENT)
    groups = moments_by_unit(scores, units, 6001, SPECS)
    assert groups.totals[:6000].tolist() == scores[:6000].tolist()
    assert groups.totals[6000].tolist() == scores[6000:].sum(axis=0, dtype=np.int64).tolist()
    last = scores[6000:].astype(np.int64)
    assert groups.products[6000].tolist() == (last.T @ last).tolist()


@pytest.mark.parametrize("denominator", [10**7, 10**8, 10**12])
def test_sums_beyond_a_floats_integers_stay_exact(denominator: int) -> None:
    """Where float64 would round a sum of products, and where 64 bits would overflow, the last digit is right."""
    specs = (ColumnSpec("fine", denominator, 1, 7), ColumnSpec("coarse", 1, 1, 7))
    fine = [7 * denominator - 1 - 2 * place for place in range(5)]
    scores = np.array([[score, place + 1] for place, score in enumerate(fine)])
    groups = same(scores, np.array([0, 1, 1, 1, 1], dtype=np.int32), 2, specs)
    spread = groups.variances("fine")
    assert float(spread[1]) == pytest.approx(float(groups[1].variance("fine")), rel=1e-12)
    assert groups.scatter_within() == pytest.approx(groups[1].scatter(), rel=1e-12)


@pytest.mark.parametrize("denominator", [10**3, 10**6])
def test_sums_of_many_people_stay_exact(denominator: int) -> None:
    """Ten thousand million people who answer 7, and as many of whom half answer 1: means, spreads, not a digit lost."""
    people, top = 10**10, 7 * denominator
    low, high = people // 2 * denominator, people // 2 * top
    totals = np.array([[people * top], [low + high]], dtype=object)
    products = np.array([[[people * top**2]], [[low * denominator + high * top]]], dtype=object)
    groups = UnitMoments(np.array([people, people]), totals, products, (ColumnSpec("fine", denominator, 1, 7),))
    assert groups.means("fine").tolist() == [7.0, 4.0]
    assert groups.variances("fine").tolist() == pytest.approx([0.0, 9 * people / (people - 1)], rel=1e-15, abs=0)
    assert groups.scatters()[:, 0, 0].tolist() == pytest.approx([0.0, 9.0 * people], rel=1e-15, abs=0)
    assert groups.scatter_within()[0, 0] == pytest.approx(9.0 * people, rel=1e-15)


def test_a_long_scale_is_weighed_in_pythons_integers() -> None:
    """Means and variances of scores too fine for 64 bits are those of the groups one by one."""
    instrument = long_scale()
    specs = columns(instrument)
    scores = scale_scores(answers_of(7, 5, instrument), instrument)
    groups = moments_by_unit(scores, np.array([0, 0, 0, 1, 1, 1, 1], dtype=np.int32), 2, specs)
    assert groups.means("long").tolist() == [float(group.mean("long")) for group in groups]
    assert groups.variances("long").tolist() == pytest.approx([float(group.variance("long")) for group in groups])


@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.integers(0, 25), min_size=1, max_size=12), seed=st.integers(0, 999))
def test_summaries_of_all_are_those_of_each(sizes: list[int], seed: int) -> None:
    """n, mean, standard deviation, interval, its degrees of freedom and reasons are what `summarise` gives of each."""
    units = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    groups = moments_by_unit(scale_scores(answers_of(len(units), seed), INSTRUMENT), units, len(sizes), SPECS)
    for pooled in (within(groups, SPECS), NO_POOL):
        for of in MEASURES:
            found = summaries(groups, of, pooled)
            alone = [summarise(group, of, pooled) for group in groups]
            assert [words(one) for one in found] == [words(one) for one in alone]
            wanted = np.array([numbers(one) for one in alone])
            assert np.array([numbers(one) for one in found]) == pytest.approx(wanted, rel=1e-12, abs=1e-9)
            ends = [isinstance(one, Summary) and isinstance(one.interval, Interval) for one in alone]
            assert (~np.ma.getmaskarray(found.low)).tolist() == ends
            assert [words(one) for one in found[1:]] == [words(one) for one in alone[1:]]


def words(of: Summary | NotEstimable) -> list[object]:
    """Return what a summary says besides floats: n, the reasons of what cannot be had, what its interval rests on."""
    if isinstance(of, NotEstimable):
        return [of]
    basis = of.interval.basis if isinstance(of.interval, Interval) else of.interval
    return [of.n, of.sd if isinstance(of.sd, NotEstimable) else "", basis]


def numbers(of: Summary | NotEstimable) -> list[float]:
    """Return the floats of a summary, those that cannot be had as 0."""
    if isinstance(of, NotEstimable):
        return [0.0] * 5
    ends = [of.interval.low, of.interval.high, of.interval.df] if isinstance(of.interval, Interval) else [0.0] * 3
    return [of.mean, of.sd if isinstance(of.sd, float) else 0.0, *ends]


def test_answers_all_alike_have_exactly_no_spread() -> None:
    """Where everybody of a unit answers the same, variance and scatter are 0, not nearly 0."""
    answers = np.repeat(answers_of(3, 11), [7, 10, 13], axis=0)
    units = np.repeat(np.arange(3), [7, 10, 13]).astype(np.int32)
    groups = moments_by_unit(scale_scores(answers, INSTRUMENT), units, 3, SPECS)
    assert not groups.scatter_within().any()
    assert not groups.scatters().any()
    assert [groups.variances(of).tolist() for of in MEASURES] == [[0.0] * 3] * len(MEASURES)
    for group, made in zip(groups, summaries(groups, INDEX, within(groups, SPECS)), strict=True):
        assert made == summarise(group, INDEX, within(groups, SPECS))
        assert isinstance(made, Summary)
        assert (made.sd, made.interval) == (0.0, ALL_ALIKE)


def test_the_spread_within_is_the_sum_of_the_units_scatters() -> None:
    """Pooled at once, unit by unit, or from a list of moments, the spread within units is the same."""
    units = np.random.default_rng(2).integers(0, 40, 300).astype(np.int32)
    groups = moments_by_unit(scale_scores(answers_of(300, 2), INSTRUMENT), units, 41, SPECS)
    at_once, listed = within(groups, SPECS), within(list(groups), SPECS)
    assert isinstance(at_once, Within)
    assert isinstance(listed, Within)
    assert at_once.df == listed.df == 300 - len(set(units.tolist()))
    assert at_once.squares == pytest.approx(sum(group.scatter() for group in groups), rel=1e-12)
    assert listed.squares == pytest.approx(at_once.squares, rel=1e-12)
    assert groups.scatters() == pytest.approx(np.array([group.scatter() for group in groups]), rel=1e-12)


def test_nobody_and_no_units_have_moments() -> None:
    """Units without a response have empty moments; no units at all have none, and no spread."""
    empty = scale_scores(answers_of(0, 1), INSTRUMENT)
    groups = moments_by_unit(empty, np.zeros(0, dtype=np.int32), 2, SPECS)
    assert [group.totals.tolist() for group in groups] == [nothing(SPECS).totals.tolist()] * 2
    assert list(summaries(groups, INDEX, NO_POOL)) == [NOBODY, NOBODY]
    none = moments_by_unit(empty, np.zeros(0, dtype=np.int32), 0, SPECS)
    assert len(none) == 0
    assert within(none, SPECS) == NO_POOL
    assert list(summaries(none, INDEX, NO_POOL)) == []
