"""Omega, item-rest statistics and marks of careless answers where data are few, flat, missing or made on purpose."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.scoring import careless, factor, reliability
from survey.scoring.careless import distance, even_odd, strings, variability
from survey.scoring.estimable import NotEstimable
from survey.scoring.factor import OneFactor, one_factor
from survey.scoring.item_rest import REST_ALIKE, TWO_ITEMS, ItemRest, item_rest
from survey.scoring.omega import FEWER_THAN_ITEMS, TOO_SHORT, Omega, omega
from survey.scoring.quality import SHORT, long_strings, string_cut, unusual
from survey.scoring.reliability import Consistency, alpha, spearman_brown
from tests.unit.scoring_data import without_motives

Table = NDArray[np.float64]
NOBODY = np.empty((0, 4))
SKIPPED_ALL = np.full((30, 4), np.nan)
ALL_EQUAL = np.full((30, 4), 4.0)


def one_thing(items: int, n: int, seed: int, noise: float = 1.0) -> Table:
    """Return answers that share one factor, each item on a scale of its own."""
    random = np.random.default_rng(seed)
    loadings = random.uniform(0.5, 1.0, items)
    answers = random.normal(size=(n, 1)) * loadings + noise * random.normal(size=(n, items))
    scaled: Table = answers * random.uniform(0.01, 100, items)
    return scaled


def misfit(covariances: Table, model: OneFactor) -> float:
    """Return log |Sigma| + tr(S Sigma^-1)."""
    loadings = np.array(model.loadings)
    sigma = np.outer(loadings, loadings) + np.diag(model.residuals)
    return float(np.linalg.slogdet(sigma)[1] + np.trace(np.linalg.solve(sigma, covariances)))


@pytest.mark.parametrize(("items", "n"), [(3, 200), (4, 60), (5, 40), (7, 500), (10, 1000)])
def test_no_other_solution_fits_better(items: int, n: int) -> None:
    """An optimiser that knows nothing of factors, started at the solution and nearby, finds nothing better."""
    s = np.cov(one_thing(items, n, seed=items), rowvar=False)
    model = one_factor(s)
    assert isinstance(model, OneFactor)
    spread = np.sqrt(np.diag(s))
    r, best = s / np.outer(spread, spread), misfit(s, model)
    at = np.concatenate([model.loadings / spread, model.residuals / spread**2])

    def fit(point: Table) -> float:
        sigma = np.outer(point[:items], point[:items]) + np.diag(point[items:])
        values = np.linalg.eigvalsh(sigma)
        return 1e6 if values[0] <= 0 else float(np.log(values).sum() + np.trace(np.linalg.solve(sigma, r)))

    random = np.random.default_rng(0)
    for start in (at, *(at + random.normal(0, 0.05, 2 * items) for _ in range(3))):
        found = minimize(fit, start, method="BFGS")
        assert found.fun + 2 * np.log(spread).sum() >= best - 1e-8
        assert (
            np.abs(np.concatenate([found.x[:items] ** 2, found.x[items:]]) - np.r_[at[:items] ** 2, at[items:]]).max()
            < 1e-3
        )


@pytest.mark.parametrize("items", range(3, 11))
def test_a_perfect_factor_is_found_exactly(items: int) -> None:
    """From the covariances of a one-factor model its loadings and residual variances come back, on any scaling."""
    random = np.random.default_rng(items)
    scale = 10.0 ** random.uniform(-4, 4, items)
    loadings, residuals = random.uniform(0.2, 0.95, items) * scale, random.uniform(0.1, 1, items) * scale**2
    model = one_factor(np.outer(loadings, loadings) + np.diag(residuals))
    assert isinstance(model, OneFactor)
    assert model.loadings == pytest.approx(loadings, rel=1e-6)
    assert model.residuals == pytest.approx(residuals, rel=1e-6)


@pytest.mark.parametrize("items", [3, 4, 6, 10])
def test_an_improper_model_is_recognised(items: int) -> None:
    """Covariances that only a negative residual variance can give are called improper, and never proper."""
    loadings = np.full(items, 0.3)
    loadings[0] = 1.1
    sigma = np.outer(loadings, loadings)
    np.fill_diagonal(sigma, 1.0)
    model = one_factor(sigma)
    assert isinstance(model, OneFactor)
    assert not model.proper
    assert model.residuals[0] == pytest.approx(1 - 1.1**2, abs=1e-6)


def test_omega_of_equal_items_is_alpha() -> None:
    """Where all items weigh the same and fit one factor, omega and alpha say the same."""
    random = np.random.default_rng(7)
    exact = np.linalg.cholesky(np.full((4, 4), 0.4) + 0.6 * np.eye(4))
    raw = random.normal(size=(400, 4))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    common, equal = omega(white @ exact.T), alpha(white @ exact.T)
    assert isinstance(common, Omega)
    assert isinstance(equal, Consistency)
    assert common.value == pytest.approx(equal.value, abs=1e-7)


def test_items_without_a_common_core_have_no_omega() -> None:
    """Three items of which two go against the third's sign share no factor; a repeated item is said."""
    assert one_factor(np.array([[1, 0.4, 0.4], [0.4, 1, -0.4], [0.4, -0.4, 1]])) == factor.NO_FACTOR
    assert one_factor(np.eye(4)) == factor.NO_FACTOR
    twice = one_thing(3, 50, seed=1)
    assert omega(np.column_stack([twice, twice[:, 0]])) == factor.REPEATED


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (NOBODY, reliability.FEW_PEOPLE),
        (SKIPPED_ALL, reliability.FEW_PEOPLE),
        (np.ones((1, 4)), reliability.FEW_PEOPLE),
        (ALL_EQUAL, reliability.NO_VARIATION),
        (np.arange(30.0).reshape(30, 1), reliability.ONE_ITEM),
    ],
)
def test_degenerate_answers_have_a_reason(values: Table, reason: NotEstimable) -> None:
    """Nobody, one person, all skipped, all equal, one item: a reason for every coefficient, never a number."""
    assert alpha(values) == reason
    assert item_rest(values) == reason
    assert omega(values) == (TOO_SHORT if values.shape[1] == 1 else reason)


def test_omega_needs_more_people_than_items() -> None:
    """Ten people say nothing about the common core of twelve items."""
    assert omega(one_thing(12, 10, seed=3)) == FEWER_THAN_ITEMS


def test_whoever_skipped_an_item_is_left_out_of_the_scale() -> None:
    """Coefficients rest on complete answers: a person with a gap changes nothing."""
    values = one_thing(4, 40, seed=5)
    gap = np.vstack([values, [[1, np.nan, 3, 4]]])
    assert alpha(gap) == alpha(values)
    assert omega(gap) == omega(values)
    assert item_rest(gap) == item_rest(values)
    assert spearman_brown(gap[:, :2]) == spearman_brown(values[:, :2])


def test_two_items_have_a_correlation_only() -> None:
    """Of two items the correlation is given, and why there is no consistency without one of them."""
    values = one_thing(2, 40, seed=2)
    r = float(np.corrcoef(values[:, 0], values[:, 1])[0, 1])
    found = item_rest(values)
    assert not isinstance(found, NotEstimable)
    assert [each.correlation for each in found] == pytest.approx([r, r])
    assert [each.without for each in found] == [TWO_ITEMS, TWO_ITEMS]
    assert spearman_brown(one_thing(3, 40, seed=2)) == reliability.NOT_TWO


def test_items_whose_sum_never_varies_say_so() -> None:
    """Where the others add up to the same for everybody, an item has no correlation with them."""
    up = np.arange(12.0)
    found = item_rest(np.column_stack([up % 5, up, 11 - up]))
    assert not isinstance(found, NotEstimable)
    assert found[0] == ItemRest(REST_ALIKE, REST_ALIKE)


def test_marks_of_nothing_are_none() -> None:
    """No responses, no questions, or nothing answered: empty, 0 or None, and no warning."""
    assert strings(np.empty((2, 0))) == careless.Strings((0, 0), (0.0, 0.0))
    assert variability(np.full((1, 3), np.nan)) == (None,)
    assert even_odd(np.empty((2, 0)), []) == (None, None)
    assert even_odd(np.full((2, 4), np.nan), [2, 2]) == (None, None)
    assert even_odd(np.array([[3.0, 3, 3, 3], [1, 2, 1, 5]]), [2, 2]) == (None, None)
    assert strings(np.empty((0, 3))) == careless.Strings((), ())
    with pytest.raises(ValueError, match="do not fit"):
        even_odd(np.ones((2, 4)), [2, 3])


@pytest.mark.parametrize(
    "values",
    [NOBODY, SKIPPED_ALL, ALL_EQUAL, np.ones((1, 4)), np.empty((5, 0)), np.tile(np.arange(30.0)[:, None], (1, 3))],
)
def test_distances_that_cannot_be_had_say_why(values: Table) -> None:
    """Nobody, all skipped, all equal, one person, no questions, repeated questions: a reason instead of distances."""
    assert distance(values) == careless.NO_DISTANCE


def test_a_gap_adds_nothing_to_a_distance() -> None:
    """Who skipped everything has none; who skipped one question is as far as with the mean there."""
    random = np.random.default_rng(1)
    values = random.normal(size=(50, 3))
    values[0, 1] = np.nan
    found = distance(np.vstack([values, np.full(3, np.nan)]))
    assert not isinstance(found, NotEstimable)
    assert found[-1] is None
    means = np.nanmean(values, axis=0)
    off = np.where(np.isnan(values[0]), 0, values[0] - means)
    there = [[~np.isnan(values[:, i] + values[:, j]) for j in range(3)] for i in range(3)]
    pairs = [[np.cov(values[there[i][j], i], values[there[i][j], j])[0, 1] for j in range(3)] for i in range(3)]
    assert found[0] == pytest.approx(float(off @ np.linalg.solve(np.array(pairs), off)), rel=1e-9)


def test_the_cut_of_long_strings_is_the_block_about_behaviour() -> None:
    """Half of all that can be asked is with us exactly the longest block; of careful people nearly nobody passes it."""
    instrument = builtin()
    blocks = [len(items) for _, items in instrument.in_blocks(instrument.asked())]
    assert string_cut(instrument) == max(blocks) == 15
    random = np.random.default_rng(0)
    alike = random.normal(0, 1.0, (20_000, 1)) + random.normal(0, 1.0, (20_000, 29))
    answers = np.clip(np.rint(4.5 + alike), 1, 7).astype(np.uint8)
    flagged = long_strings(answers, instrument)
    assert not isinstance(flagged, NotEstimable)
    assert flagged.mean() < 0.001


def test_only_questions_that_were_asked_make_a_string() -> None:
    """What a wave did not ask neither breaks a run nor makes one; with few questions no run means anything."""
    instrument = builtin()
    asked = [item.id for item in instrument.asked(["stand_ups"])]
    answers = np.full((1, 29), SKIPPED, dtype=np.uint8)
    places = [place for place, item in enumerate(instrument.items) if item.id in asked]
    answers[0, places] = [*([3, 4] * 3), 1, *([5] * 15)]
    found = long_strings(answers, instrument, asked)
    assert not isinstance(found, NotEstimable)
    assert found.tolist() == [True]
    assert long_strings(answers, instrument, asked[:14]) == SHORT


def test_an_unusual_combination_is_found() -> None:
    """Somebody who answers neighbouring questions far apart, where others answer them alike, is told."""
    random = np.random.default_rng(4)
    mood = random.normal(size=(300, 1))
    answers = np.clip(np.rint(4 + mood + 0.6 * random.normal(size=(300, 29))), 1, 7).astype(np.uint8)
    answers[11, :21] = np.tile([7, 1, 7], 7)
    found = unusual(answers, builtin())
    assert not isinstance(found, NotEstimable)
    assert found[11]
    assert found.sum() < 10
    assert unusual(answers[:5], builtin()) == careless.NO_DISTANCE
    assert unusual(np.zeros((9, 3), dtype=np.uint8), without_motives()) == careless.NO_DISTANCE
