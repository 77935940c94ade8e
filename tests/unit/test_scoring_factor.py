"""One factor where the fit is hard: few people, weak items, signs that no factor can have; and gaps in distances."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from survey.scoring import factor
from survey.scoring.careless import distance, even_odd
from survey.scoring.estimable import NotEstimable
from survey.scoring.factor import NO_FACTOR, OneFactor, one_factor

Table = NDArray[np.float64]


def weak(seed: int) -> Table:
    """Return the covariances of few people's answers to four to six items, some of which share next to nothing."""
    random = np.random.default_rng(seed)
    items = int(random.integers(4, 7))
    people = int(random.integers(items + 2, 20))
    common = random.normal(size=(people, 1))
    values = common * random.uniform(0, 1.2, items) + random.normal(size=(people, items))
    return np.atleast_2d(np.cov(values, rowvar=False))


def misfit(point: Table, covariances: Table) -> float:
    """Return log |Sigma| + tr(S Sigma^-1), far off where there is no such model."""
    items = len(covariances)
    sigma = np.outer(point[:items], point[:items]) + np.diag(point[items:])
    values = np.linalg.eigvalsh(sigma)
    return 1e6 if values[0] <= 0 else float(np.log(values).sum() + np.trace(np.linalg.solve(sigma, covariances)))


@pytest.mark.parametrize("seed", [28, 33, 218, 463, 498])
def test_a_hard_fit_is_still_the_best(seed: int) -> None:
    """Where whole steps overshoot and the end is reached slowly, an optimiser finds nothing better all the same."""
    covariances = weak(seed)
    model = one_factor(covariances)
    assert isinstance(model, OneFactor)
    assert model.proper
    at = np.array([*model.loadings, *model.residuals])
    random = np.random.default_rng(seed)
    for start in (at, at + random.normal(0, 0.01, len(at))):
        found = minimize(misfit, start, args=(covariances,), method="BFGS")
        assert found.fun >= misfit(at, covariances) - 1e-8


SLOW = np.array(
    [[1.49, -0.34, 0.16, 0.44], [-0.34, 0.76, -0.31, 0.02], [0.16, -0.31, 0.78, 0.16], [0.44, 0.02, 0.16, 1.63]]
)


def test_a_fit_to_and_fro_comes_to_its_end() -> None:
    """Where whole steps go nearly twice as far as they should, the best fit is reached all the same, to nine digits."""
    model = one_factor(SLOW)
    assert isinstance(model, OneFactor)
    assert model.proper
    at = np.array([*model.loadings, *model.residuals])
    for place in range(len(at)):
        off = np.zeros(len(at))
        off[place] = 1e-4
        either = misfit(at - off, SLOW), misfit(at + off, SLOW)
        assert min(either) > misfit(at, SLOW)
        assert (either[1] - either[0]) / 2e-4 == pytest.approx(0, abs=1e-6)


def test_a_fit_that_has_not_come_to_its_end_tells_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loadings that would change with further steps are not given as if they were the best."""
    monkeypatch.setattr(factor, "STEPS", 4)
    assert one_factor(SLOW) == NO_FACTOR


@pytest.mark.parametrize(("seed", "size"), [(1, 0.03), (10, 0.03), (1, 0.01), (10, 0.01)])
def test_a_question_that_is_nearly_the_sum_of_two_others_is_improper(seed: int, size: float) -> None:
    """Where steps end in rounding before the slope is nought, what is there is told: a residual variance below 0."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(50, 4))
    values[:, 0] = values[:, 1] + values[:, 2] + size * values[:, 0]
    model = one_factor(np.atleast_2d(np.cov(values, rowvar=False)))
    assert isinstance(model, OneFactor)
    assert not model.proper


@pytest.mark.parametrize("seed", [1116, 2613])
def test_a_fit_that_runs_away_is_improper(seed: int) -> None:
    """Where every step has to be halved, and a residual variance goes below 0 for good, the solution is improper."""
    model = one_factor(weak(seed))
    assert isinstance(model, OneFactor)
    assert not model.proper


def test_what_has_no_factor_says_so() -> None:
    """Two items, an item that does not vary, covariances that are not known: no common core, and no error."""
    assert one_factor(np.array([[1.0, 0.5], [0.5, 1.0]])) == NO_FACTOR
    still = np.array([[1.0, 0.0, 0.4], [0.0, 0.0, 0.0], [0.4, 0.0, 1.0]])
    assert one_factor(still) == NO_FACTOR
    unknown = np.array([[1.0, np.nan, 0.4], [np.nan, 1.0, 0.4], [0.4, 0.4, 1.0]])
    assert one_factor(unknown) == NO_FACTOR


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2)])
@pytest.mark.parametrize("r", [0.0, -0.4])
def test_three_items_with_one_odd_pair_share_no_factor(pair: tuple[int, int], r: float) -> None:
    """Where one pair of three goes against the others, or not together at all, no loadings give these signs."""
    matrix = np.full((3, 3), 0.4) + 0.6 * np.eye(3)
    matrix[pair] = matrix[pair[::-1]] = r
    assert one_factor(matrix) == NO_FACTOR


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("items", [3, 5])
def test_loadings_add_up_to_nought_or_more(size: float, items: int) -> None:
    """On any scale of the answers the factor points the way most items do; with one turned item too."""
    signs = np.ones(items)
    signs[0] = -1
    loadings = 0.7 * signs * size
    model = one_factor(np.outer(loadings, loadings) + 0.51 * size**2 * np.eye(items))
    assert isinstance(model, OneFactor)
    assert model.loadings == pytest.approx(loadings, rel=1e-6)


def test_gaps_of_several_people_leave_pairs_of_answers() -> None:
    """With gaps in several questions, means are of who answered the one and covariances of who answered both."""
    values = np.random.default_rng(5).normal(2, 3, (60, 3)) @ np.array([[1, 0.5, 0.2], [0, 1, 0.4], [0, 0, 1]])
    values[:9, 0], values[5:20, 1], values[30:34, 2] = np.nan, np.nan, np.nan
    found = distance(values)
    assert not isinstance(found, NotEstimable)
    there = ~np.isnan(values)
    pairs = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            both = there[:, i] & there[:, j]
            pairs[i, j] = np.atleast_2d(np.cov(values[both, i], values[both, j]))[0, 1]
    off = np.where(there, values - np.nanmean(values, axis=0), 0.0)
    assert found == pytest.approx(np.diag(off @ np.linalg.inv(pairs) @ off.T).tolist(), rel=1e-9)


def test_the_size_of_the_answers_moves_no_distance() -> None:
    """Answers a ten-thousandth of the size, or moved far off, are as far from their middle; two answers are enough."""
    values = np.random.default_rng(5).normal(size=(30, 3))
    plain, small, moved = distance(values), distance(values * 0.9e-4), distance(values + 1000)
    assert not isinstance(plain, NotEstimable)
    assert small == pytest.approx(plain, rel=1e-6)
    assert moved == pytest.approx(plain, rel=1e-6)
    few = np.array([[1.0, 2], [2, 5], [4, np.nan], [6, np.nan], [3, np.nan]])
    assert not isinstance(distance(few), NotEstimable)


def test_scales_of_two_questions_have_halves() -> None:
    """Three scales of two questions: halves 2, 4, 7 and 1, 4, 6 go together; turned round they do not."""
    found = even_odd(np.array([[1.0, 2, 4, 4, 6, 7], [1, 7, 7, 1, 4, 4]]), [2, 2, 2])
    r = float(np.atleast_2d(np.corrcoef([2, 4, 7], [1, 4, 6]))[0, 1])
    assert found == pytest.approx((-2 * r / (1 + r), 1.0))


def test_a_spread_that_no_answers_can_have_fits_nothing() -> None:
    """Residual variances so far below 0 that the matrix has no inverse are infinitely far from any answers."""
    assert factor._misfit(np.eye(4), np.zeros(4), np.full(4, -0.5)) == np.inf
