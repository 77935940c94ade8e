"""Units against R, multilevel and lme4 (tests/reference), and against slow ways to the same numbers."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats

from survey.scoring.agreement import agreement, average_deviation, item_variances
from survey.scoring.estimable import NotEstimable
from survey.scoring.intraclass import Intraclass, intraclass
from survey.scoring.oneway import Units, units_of
from survey.scoring.shrinkage import Shrunk, shrink, shrinkage
from survey.scoring.variance_components import Components, Profile, components
from tests.unit.test_scoring_reference import expected, people

Numbers = NDArray[np.float64]


def between_5_and_15() -> NDArray[np.bool_]:
    """Return who is of an age of which five to fifteen people are, as the reference chose them."""
    ages, counts = np.unique(people()["age"], return_counts=True)
    return np.isin(people()["age"], ages[(counts >= 5) & (counts <= 15)])


def units(name: str) -> Units:
    """Return the units of a reference case such as `PID7_by_age_n5_15`."""
    item, _, by = name.partition("_by_")
    who = between_5_and_15() if by.endswith("n5_15") else np.ones(len(people()["age"]), dtype=np.bool_)
    return units_of(people()[item][who], people()[by.split("_")[0]][who])


def fitted(name: str) -> Components:
    """Return the variance components of a reference case."""
    found = components(units(name))
    assert isinstance(found, Components)
    return found


@pytest.mark.parametrize(("name", "case"), expected("anes96_permissive")["icc"].items())
def test_intraclass_correlations_are_those_of_multilevel(name: str, case: dict[str, float]) -> None:
    """ICC(1), also with n0, ICC(2), F, p and mean squares agree with R to 1e-8, negative ones too."""
    found = intraclass(units(name))
    assert isinstance(found, Intraclass)
    made = (found.icc1, found.icc2, found.icc1_n0, found.n0, found.f, found.p, found.ms_between, found.ms_within)
    names = ("ICC1", "ICC2", "ICC1_n0", "n0", "F", "p", "MSB", "MSW")
    assert made == pytest.approx([case[each] for each in names], rel=1e-8)
    assert found.low < found.icc1 < found.high


@pytest.mark.parametrize("age", expected("anes96_permissive")["rwg"]["ages"])
def test_agreement_is_that_of_multilevel(age: int) -> None:
    """rwg, rwg(j) and the average deviation of a unit agree with R to 1e-8, those set to 0 too."""
    case = expected("anes96_permissive")["rwg"]
    here = people()["age"] == age
    three = np.column_stack([people()["selfLR"], people()["PID7"], 8 - people()["ClinLR"]])[here]
    variances = item_variances(three).tolist()
    assert agreement(variances[:1], 7, "uniform") == pytest.approx(case["rwg_selfLR"][str(age)], abs=1e-8)
    assert agreement(variances, 7, "uniform") == pytest.approx(case["rwgj_3"][str(age)], abs=1e-8)
    assert average_deviation(three) == pytest.approx(case["adm_3"][str(age)], abs=1e-8)


@pytest.mark.parametrize("name", ["PID7_by_educ", "PID7_by_age_n5_15"])
def test_variance_components_are_those_of_lme4(name: str) -> None:
    """tau^2, sigma^2, mu, its error and shrunken means agree with lme4: to 1e-9, or as far as lme4 has climbed.

    Where the peak is nearly flat lme4 stops a little before it: our likelihood is not the lower one.
    """
    case, found, these = expected("anes96_permissive")[f"eb_{name}"], fitted(name), units(name)
    flat = name.endswith("n5_15")
    assert found.tau2 == pytest.approx(case["tau2"], rel=2e-4 if flat else 1e-9)
    made, lme4 = (found.sigma2, found.mu, found.se_mu), (case["sigma2"], case["mu"], case["se_mu"])
    assert made == pytest.approx(lme4, rel=1e-6 if flat else 1e-9)
    height = Profile(these).height(np.array([found.ratio, case["tau2"] / case["sigma2"]]))
    assert height[0] >= height[1]
    shrunk = shrink(these)
    assert isinstance(shrunk, Shrunk)
    assert shrunk.value == pytest.approx([team["shrunken"] for team in case["teams"]], rel=1e-6)
    assert shrunk.weight == pytest.approx([team["lambda"] for team in case["teams"]], rel=2e-4 if flat else 1e-9)


def drawn(seed: int, sizes: list[int], ratio: float) -> tuple[Numbers, NDArray[np.int64]]:
    """Return answers of units of these sizes, and the unit of each."""
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(len(sizes)), sizes)
    return random.normal(0, np.sqrt(ratio), len(sizes))[place] + random.normal(0, 1, len(place)), place


def slow_criterion(values: Numbers, place: NDArray[np.int64], ratio: float) -> float:
    """Return the restricted likelihood from whole covariance matrices, -2 log, but for a constant."""
    same = (place[:, None] == place[None, :]).astype(np.float64)
    inverse = np.linalg.inv(np.eye(len(values)) + ratio * same)
    ones = np.ones(len(values))
    total = ones @ inverse @ ones
    left = values - ones * (ones @ inverse @ values) / total
    spread = np.linalg.slogdet(np.eye(len(values)) + ratio * same)[1]
    return float((len(values) - 1) * np.log(left @ inverse @ left) + spread + np.log(total))


@pytest.mark.parametrize("ratio", [0.0, 0.1, 1.0, 30.0])
@pytest.mark.parametrize("seed", range(4))
def test_variance_components_are_those_of_whole_matrices(seed: int, ratio: float) -> None:
    """A search over the likelihood of whole covariance matrices finds no better ratio, and 0 where ours is 0."""
    values, place = drawn(seed, [3, 5, 2, 9, 4, 7], ratio)
    found = components(units_of(values, place))
    assert isinstance(found, Components)
    slow = optimize.minimize_scalar(
        lambda log: slow_criterion(values, place, float(np.exp(log))), bounds=(-12, 8), method="bounded"
    )
    best = slow_criterion(values, place, found.ratio)
    assert best <= min(slow.fun, slow_criterion(values, place, 0.0)) + 1e-9
    if found.tau2:
        assert found.ratio == pytest.approx(float(np.exp(slow.x)), rel=1e-3)


def test_balanced_units_have_the_components_of_analysis_of_variance() -> None:
    """With units of one size tau^2 = (MSB - MSW) / n and sigma^2 = MSW, to 1e-9, and exactly 0 below."""
    for seed in range(6):
        values, place = drawn(seed, [6] * 8, 0.3 if seed % 2 else 0.0)
        found, table = components(units_of(values, place)), intraclass(units_of(values, place))
        assert isinstance(found, Components)
        assert isinstance(table, Intraclass)
        if table.f > 1:
            assert found.tau2 == pytest.approx((table.ms_between - table.ms_within) / 6, rel=1e-9)
            assert found.sigma2 == pytest.approx(table.ms_within, rel=1e-9)
        else:
            assert found.tau2 == 0.0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("people_each", [3, 80])
def test_intervals_are_the_points_of_the_mixture(seed: int, people_each: int) -> None:
    """Summed over 4,001 ratios, 2.5 % of the distribution of a true mean lie below its interval and 2.5 % above."""
    values, place = drawn(seed, [people_each, 5, people_each, 9, 4, people_each], 0.2)
    these = units_of(values, place)
    found = shrink(these)
    assert isinstance(found, Shrunk)
    ratios = np.exp(np.linspace(-25, 25, 4001))[:, np.newaxis]
    weights = these.n / (1 + ratios * these.n)
    total = weights.sum(axis=1, keepdims=True)
    mu = (weights @ these.means)[:, np.newaxis] / total
    q = these.squares + (weights * (these.means - mu) ** 2).sum(axis=1, keepdims=True)
    df = these.people - 1
    logs = -0.5 * (df * np.log(q) + np.log1p(ratios * these.n).sum(axis=1, keepdims=True) + np.log(total))
    shares = np.exp(logs + np.log(ratios) - (logs + np.log(ratios)).max())
    kept = these.n * ratios / (1 + these.n * ratios)
    errors = np.sqrt(q / df * (kept / these.n + (1 - kept) ** 2 / total))
    for end, p in ((found.low, 0.025), (found.high, 0.975)):
        below = stats.t.cdf((end - kept * these.means - (1 - kept) * mu) / errors, df)
        assert (shares * below).sum(axis=0) / shares.sum() == pytest.approx(p, abs=2e-6)


@pytest.mark.parametrize(("icc", "size", "least", "most"), [(0.05, 10, 0.93, 0.97), (0.1, 5, 0.93, 0.97),
                                                            (0.2, 20, 0.93, 0.97), (0.0, 10, 0.97, 1.0)])  # fmt: skip
def test_intervals_cover_true_means_and_values_beat_raw_means(icc: float, size: int, least: float, most: float) -> None:
    """Of 150 companies of 30 units, 93 to 97 % of true means lie in their interval; where none differs, more.

    The squared error of the shrunken means is below that of the raw ones.
    """
    random, ratio = np.random.default_rng(11), icc / (1 - icc)
    inside, errors = [], np.zeros(2)
    for _ in range(150):
        truth = random.normal(0, np.sqrt(ratio), 30)
        raw = truth + random.normal(0, 1 / np.sqrt(size), 30)
        squares = float(random.chisquare(30 * (size - 1)))
        found = shrink(Units(np.full(30, float(size)), raw, squares, 30 * (size - 1)))
        assert isinstance(found, Shrunk)
        inside.append(np.mean((found.low < truth) & (truth < found.high)))
        errors += ((found.value - truth) ** 2).sum(), ((raw - truth) ** 2).sum()
        assert np.all((found.low <= found.value) & (found.value <= found.high))
    assert least <= np.mean(inside) <= most
    assert errors[0] < errors[1]


def test_the_scale_of_the_measure_does_not_matter() -> None:
    """Moved and stretched answers give moved and stretched results, to 1e-9 of the spread, far from 0 as well."""
    values, place = drawn(1, [4, 6, 8, 5, 12, 5], 0.2)
    small, large = shrink(units_of(values, place)), shrink(units_of(1e4 + 50 * values, place))
    assert isinstance(small, Shrunk)
    assert isinstance(large, Shrunk)
    for name in ("value", "low", "high"):
        assert getattr(large, name) == pytest.approx(1e4 + 50 * getattr(small, name), abs=1e-6)


DEGENERATE: dict[str, tuple[list[float], list[int]]] = {
    "nobody": ([], []),
    "all missing": ([np.nan, np.nan], [1, 2]),
    "one unit": ([1, 2, 3, 4], [1, 1, 1, 1]),
    "one answer each": ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
    "all equal": ([4.1] * 12, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]),
    "alike within units": ([0.1, 0.1, 0.7, 0.7, 0.3, 0.3, 0.9, 0.9, 1.1, 1.1], [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
}


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("function", [components, shrinkage, shrink, intraclass])
def test_what_cannot_be_had_says_why(name: str, function: Any) -> None:  # noqa: ANN401 - four functions, one question
    """Nobody, one unit, one answer each, no variance: a reason in words; no number, no warning."""
    found = function(units_of(*DEGENERATE[name]))
    assert isinstance(found, NotEstimable)
    assert found.reason.text


def test_equal_means_still_have_components() -> None:
    """Where all unit means are the same tau^2 is exactly 0, ICC(1) below 0, and ICC(2) has a reason instead."""
    these = units_of([1, 3, 2, 2, 0, 4, 1, 3, 2, 2], [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    found, table, shrunk = components(these), intraclass(these), shrink(these)
    assert isinstance(found, Components)
    assert found.tau2 == 0.0
    assert isinstance(table, Intraclass)
    assert table.icc1 < 0
    assert isinstance(table.icc2, NotEstimable)
    assert isinstance(shrunk, Shrunk)
    assert np.isfinite([shrunk.low, shrunk.high]).all()


def test_units_nearly_without_spread_within_keep_their_means() -> None:
    """Where people of a unit hardly differ, nothing is drawn anywhere and the interval is narrow."""
    values, place = drawn(3, [5] * 8, 1.0)
    near = values * 1e-5 + np.arange(8.0)[place]
    these = units_of(near, place)
    found = shrink(these)
    assert isinstance(found, Shrunk)
    assert found.value == pytest.approx(these.means, abs=1e-6)
    assert np.all(found.high - found.low < 1e-4)


@pytest.mark.parametrize("n", [1, 3])
def test_a_unit_however_far_off_has_an_interval(n: int) -> None:
    """A unit a million million spreads away has ends in proportion to those of one a million away, around its value."""
    people = [1, 3, 2, 4, 6, 5, 7, 9, 8, 2, 1, 3, 4, 4, 7]
    learnt = shrinkage(units_of(people, np.repeat(np.arange(5), 3)))
    assert not isinstance(learnt, NotEstimable)
    near, far = learnt.of([n], [1e6]), learnt.of([n], [1e12])
    assert far.low[0] < far.value[0] < far.high[0] < 1e12
    for name in ("value", "low", "high"):
        assert getattr(far, name) / 1e12 == pytest.approx(getattr(near, name) / 1e6, rel=1e-5)


def test_no_unit_to_place_is_no_error() -> None:
    """What was learnt can be applied to no unit at all."""
    found = shrinkage(units_of(*drawn(3, [5] * 8, 1.0)))
    assert not isinstance(found, NotEstimable)
    assert found.of([], []).low.shape == (0,)


def wald(groups: list[NDArray[np.float64]]) -> list[float]:
    """Return the ends of the interval by the formula as it stands, found by scipy; ValueError where there are none."""
    n, means = np.array([len(group) for group in groups]), np.array([group.mean() for group in groups])
    df = len(groups) - 1, int(n.sum()) - len(groups)
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / df[1]

    def apart(rho: float, f: float) -> float:
        weights = n * (1 - rho) / (1 + (n - 1) * rho)
        middle = weights @ means / weights.sum()
        return float(weights @ (means - middle) ** 2) / df[0] / within - f

    least = -1 / (n.max() - 1) + 1e-12
    return [
        float(optimize.brentq(apart, least, 1 - 1e-12, args=(stats.f.ppf(p, *df),), xtol=1e-14)) for p in (0.975, 0.025)
    ]


def test_the_interval_of_unequal_units_is_the_exact_one() -> None:
    """Whatever the sizes of units, both ends are where the formula's ratio meets F, but for those that hold ICC(1)."""
    random, checked = np.random.default_rng(8), 0
    for _ in range(100):
        sizes = random.integers(1, 30, random.integers(3, 12))
        groups = [random.normal(random.normal(0, 0.6), 1, size) for size in sizes]
        found = intraclass(units_of(np.concatenate(groups), np.repeat(np.arange(len(sizes)), sizes)))
        assert isinstance(found, Intraclass)
        try:
            low, high = wald(groups)
        except ValueError:
            continue
        checked += 1
        assert (found.low, found.high) == pytest.approx((min(low, found.icc1), max(high, found.icc1)), abs=1e-8)
    assert checked > 50
