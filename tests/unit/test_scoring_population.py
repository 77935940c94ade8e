"""Where units truly stand: against brute force, against what honest labels need, and where nothing can be said."""

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.scoring.population import FEW_OTHERS, Population, Shrunken, population, shrink
from survey.scoring.position import FLAT
from survey.scoring.quadrant import SURE_FROM, Quadrant

Floats = NDArray[np.float64]
SPREAD = (1.0, 1.3, 0.35)
WITHIN = np.array([[1.0, 0.35], [0.35, 1.3]])


def made(
    means: Floats, sizes: list[int], spread: tuple[float, float, float] = SPREAD, df: float = 10_000
) -> Population:
    """Return the population that these units tell of."""
    found = population(means, sizes, spread, df)
    assert isinstance(found, Population)
    return found


def drawn(
    random: np.random.Generator, units: int, people: int, icc: float, middle: tuple[float, float] = (4.4, 4.1)
) -> tuple[Floats, Floats, list[int]]:
    """Return true and observed means of units of `people` and more, and how many people each has."""
    between = np.array([[1.0, 0.4], [0.4, 1.0]]) * icc / (1 - icc)
    sizes = [int(size) for size in np.maximum(random.poisson(people, units), 10)]
    true = random.multivariate_normal(middle, between, units)
    noise = np.array([random.multivariate_normal([0, 0], WITHIN / size) for size in sizes])
    return true, true + noise, sizes


def by_force(means: Floats, sizes: list[int], unit: int, steps: int = 32) -> tuple[Floats, Floats]:
    """Return mean and covariance of one unit's true position, T on an even grid of all matrices, mu integrated out."""
    widest = 6 * float(np.var(means, axis=0).max())
    side = (np.arange(steps) + 0.5) * widest / steps
    *sides, both = (each.ravel() for each in np.meshgrid(side, side, np.concatenate([-side, side]), indexing="ij"))
    variances = np.column_stack(sides)
    whole = both**2 < variances[:, 0] * variances[:, 1]
    between = np.zeros((int(whole.sum()), 2, 2))
    between[:, 0, 0], between[:, 1, 1] = variances[whole].T
    between[:, 0, 1] = between[:, 1, 0] = both[whole]
    totals = between[:, None] + WITHIN / np.array(sizes)[:, None, None]
    weights = np.linalg.inv(totals)
    error = np.linalg.inv(weights.sum(axis=1))
    middle = np.einsum("tij,tujk,uk->ti", error, weights, means)
    off = means - middle[:, None]
    likely = (np.linalg.slogdet(weights)[1].sum(axis=1) + np.linalg.slogdet(error)[1]) / 2
    likely -= np.einsum("tui,tuij,tuj->t", off, weights, off) / 2
    chance = np.exp(likely - likely.max())
    chance /= chance.sum()
    pull = WITHIN / sizes[unit] @ weights[:, unit]
    places = means[unit] - np.einsum("tij,tj->ti", pull, off[:, unit])
    own = WITHIN / sizes[unit] - pull @ WITHIN / sizes[unit] + pull @ error @ pull.transpose(0, 2, 1)
    place = chance @ places
    apart = places - place
    return place, np.einsum("t,tij->ij", chance, own) + np.einsum("t,ti,tj->ij", chance, apart, apart)


@pytest.mark.parametrize("icc", [0.02, 0.15])
def test_a_true_place_is_that_of_brute_force(icc: float) -> None:
    """Position and its covariance agree with an even grid over all covariance matrices, dense and slow."""
    random = np.random.default_rng(3)
    _, means, sizes = drawn(random, 14, 15, icc)
    among = made(means, sizes)
    for unit in (0, 7):
        place, spread = by_force(means, sizes, unit)
        found = shrink((means[unit, 0], means[unit, 1]), sizes[unit], among).position
        errors = np.sqrt(np.diag(spread))
        assert (found.tactical, found.adaptive) == pytest.approx(tuple(place), abs=0.02 * errors.min())
        assert (found.error_tactical, found.error_adaptive) == pytest.approx(tuple(errors), rel=0.02)
        assert found.correlation == pytest.approx(spread[0, 1] / errors.prod(), abs=0.02)


def test_large_units_that_stand_apart_from_small_ones_are_placed_by_brute_force_as_well() -> None:
    """Where units of ten stand lower than those of four hundred, places are those of brute force as well."""
    random = np.random.default_rng(8)
    sizes = [10] * 8 + [400] * 6
    means = np.array([[3.9, 4.0]] * 8 + [[4.8, 4.5]] * 6) + random.normal(0, 0.25, (14, 2))
    among = made(means, sizes)
    for unit in (0, 13):
        place, spread = by_force(means, sizes, unit)
        found = shrink((means[unit, 0], means[unit, 1]), sizes[unit], among).position
        errors = np.sqrt(np.diag(spread))
        assert (found.tactical, found.adaptive) == pytest.approx(tuple(place), abs=0.02 * errors.min())
        assert (found.error_tactical, found.error_adaptive) == pytest.approx(tuple(errors), rel=0.02)


def test_a_place_is_the_mean_over_what_is_possible() -> None:
    """Of two possible populations, by hand: a mean of two places, their own errors and half their distance, squared."""
    half = np.sqrt(0.5)
    turns = np.array([[[1.0, 0.0], [0.0, 1.0]], [[half, -half], [half, half]]])
    among = Population(np.eye(2), 50, turns, np.array([[0.1, 0.3], [0.0, 0.2]]), np.array([[4.0, 3.0], [5.0, -0.5]]),
                       np.array([[0.01, 0.02], [0.03, 0.0]]))  # fmt: skip
    places, errors = [], []
    for turn, between, centre, error in zip(turns, among.between, among.centre, among.error, strict=True):
        pull = 0.1 / (between + 0.1)
        places.append(turn @ ((1 - pull) * (turn.T @ [4.4, 4.1]) + pull * centre))
        errors.append(turn @ np.diag((1 - pull) * 0.1 + pull**2 * error) @ turn.T)
    apart = (places[0] - places[1]) / 2
    whole = (errors[0] + errors[1]) / 2 + np.outer(apart, apart)
    found = shrink((4.4, 4.1), 10, among).position
    assert (found.tactical, found.adaptive) == pytest.approx(tuple((places[0] + places[1]) / 2))
    assert (found.error_tactical, found.error_adaptive) == pytest.approx(tuple(np.sqrt(np.diag(whole))))
    assert found.correlation == pytest.approx(whole[0, 1] / np.sqrt(whole[0, 0] * whole[1, 1]))


def test_units_of_one_person_and_many_units_are_a_population() -> None:
    """Ten units of one person each are ten; of fifteen hundred units the spread is nearly the true one."""
    assert isinstance(population(np.full((10, 2), 4.0), [1] * 10, SPREAD, 100), Population)
    _, means, sizes = drawn(np.random.default_rng(6), 1500, 20, 0.2)
    spread = made(means, sizes).spread
    assert spread == pytest.approx(np.array([[0.25, 0.1], [0.1, 0.25]]), abs=0.03)


def test_fewer_people_are_drawn_in_further() -> None:
    """Of the same means those of fewer people end nearer to the middle, and are less sure."""
    _, means, sizes = drawn(np.random.default_rng(1), 40, 20, 0.1)
    among = made(means, sizes)
    small, large = (shrink((5.4, 3.4), n, among) for n in (10, 200))
    assert small.position.tactical < large.position.tactical < 5.4
    assert 3.4 < large.position.adaptive < small.position.adaptive
    assert small.region.radius_major > large.region.radius_major
    assert sum(small.shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("direction", [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (1.0, -1.0)])
def test_units_that_differ_along_a_line_or_not_at_all_have_a_place(direction: tuple[float, float]) -> None:
    """A spread between units of rank one or nought is no trouble: everything stays finite and a probability."""
    means = np.array([4.2, 4.4]) + np.outer(np.linspace(-1, 1, 15), direction)
    for spread in (made(means, [12] * 15).spread, made(means * 1e-6 + 4, [12] * 15).spread):
        assert np.isfinite(spread).all()
        assert np.linalg.eigvalsh(spread).min() >= 0
    found = shrink((4.2, 4.4), 12, made(means, [12] * 15))
    assert all(0 <= share <= 1 for share in found.shares.values())
    assert sum(found.shares.values()) == pytest.approx(1)
    assert found.region.radius_major >= found.region.radius_minor > 0


def test_units_that_do_not_differ_stand_in_one_place() -> None:
    """Where true places are one, what is told of an extreme unit is nearly what is told of all."""
    _, means, sizes = drawn(np.random.default_rng(2), 200, 12, 0.0)
    among = made(means, sizes)
    extreme = int(np.argmax(means[:, 0]))
    found = shrink((means[extreme, 0], means[extreme, 1]), sizes[extreme], among)
    assert abs(found.position.tactical - 4.4) < 0.25 * abs(means[extreme, 0] - 4.4)


def test_what_cannot_be_told_says_why() -> None:
    """Few units, nobody in them, no spread within them, too few people behind it: reasons, never numbers."""
    means = np.full((12, 2), 4.0)
    assert population(means[:9], [10] * 9, SPREAD, 100) == FEW_OTHERS
    assert population(means, [10] * 9 + [0] * 3, SPREAD, 100) == FEW_OTHERS
    assert population(np.empty((0, 2)), [], SPREAD, 100) == FEW_OTHERS
    for spread in ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1.0, 1.0, -1.0)):
        assert population(means, [10] * 12, spread, 100) == FLAT
    assert population(means, [10] * 12, SPREAD, 3) == FLAT
    assert isinstance(population(means[:5], [10] * 5, SPREAD, 40, least=5), Population)


def test_the_order_of_units_does_not_matter() -> None:
    """The same units in another order tell of the same population."""
    _, means, sizes = drawn(np.random.default_rng(4), 30, 15, 0.1)
    turned = shrink((4.0, 4.4), 14, made(means[::-1], sizes[::-1]))
    straight = shrink((4.0, 4.4), 14, made(means, sizes))
    assert turned.position.tactical == pytest.approx(straight.position.tactical, abs=1e-6)
    assert turned.shares["both"] == pytest.approx(straight.shares["both"], abs=1e-6)


def truly(place: Floats) -> Quadrant:
    """Return the quarter of a true place."""
    right, up = place > 4
    return ("both" if up else "tactical only") if right else ("adaptive only" if up else "neither")


@pytest.mark.parametrize("icc", [0.0, 0.05, 0.2])
def test_labels_are_right_as_often_as_they_say(icc: float) -> None:
    """Over companies of any middle, labels are right in at least the share that they name, and regions cover."""
    random = np.random.default_rng(11)
    said, right, inside = list[float](), list[bool](), list[bool]()
    for company in range(60):
        units, people = ((20, 10), (40, 20), (80, 12))[company % 3]
        true, means, sizes = drawn(random, units, people, icc, tuple(random.uniform(3.3, 5.2, 2)))
        among = made(means, sizes, df=sum(sizes) - units)
        for unit in range(0, units, 2):
            found = shrink((means[unit, 0], means[unit, 1]), sizes[unit], among)
            best = max(found.shares, key=found.shares.__getitem__)
            inside.append(holds(found, true[unit]))
            if found.shares[best] >= SURE_FROM:
                said.append(found.shares[best])
                right.append(best == truly(true[unit]))
    assert len(said) > 300
    assert np.mean(right) > np.mean(said) - 0.02
    assert np.mean(inside) > 0.93


def holds(found: Shrunken, place: Floats) -> bool:
    """Return whether the 95 % region holds a place."""
    angle = np.radians(found.region.angle)
    off = place - (found.position.tactical, found.position.adaptive)
    along = off @ (np.cos(angle), np.sin(angle)) / found.region.radius_major
    across = off @ (-np.sin(angle), np.cos(angle)) / found.region.radius_minor
    return bool(along**2 + across**2 <= 1)
