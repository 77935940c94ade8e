"""What the spread between units is made of: against a decomposition written out, and where there is none."""

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.scoring.drivers import FEW, NO_SPREAD, Drivers, drivers
from survey.scoring.estimable import NotEstimable

Floats = NDArray[np.float64]
WEIGHTS = {
    "play": (10.0, 1 / 3),
    "purpose": (5.0, 1 / 3),
    "potential": (5 / 3, 1 / 3),
    "emotional_pressure": (-5 / 3, -1 / 3),
    "economic_pressure": (-5.0, -1 / 3),
    "inertia": (-10.0, -1 / 3),
}


def company(
    spread: tuple[float, ...], units: int = 60, sizes: tuple[int, int] = (6, 20), seed: int = 1
) -> tuple[Floats, NDArray[np.int32]]:
    """Return six motives of people whose units differ by these standard deviations, and their units."""
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(units, dtype=np.int32), random.integers(*sizes, units))
    return 4 + (random.normal(size=(units, 6)) * spread)[place] + random.normal(size=(len(place), 6)), place


def taken_apart(values: Floats, place: NDArray[np.int32]) -> Drivers | NotEstimable:
    """Return the drivers of people's answers."""
    groups = [values[place == unit] for unit in range(int(place.max()) + 1)]
    return drivers(
        [len(group) for group in groups],
        np.array([group.sum(axis=0) for group in groups]),
        np.array([(group - group.mean(axis=0)).T @ (group - group.mean(axis=0)) for group in groups if len(group)]),
        WEIGHTS,
    )


def between(values: Floats, place: NDArray[np.int32]) -> Floats:
    """Return the covariance component between units, by a textbook analysis of variance."""
    groups = [values[place == unit] for unit in np.unique(place)]
    total, k = len(values), len(groups)
    inside = sum((len(group) - 1) * np.cov(group.T) for group in groups) / (total - k)
    off = np.array([group.mean(axis=0) - values.mean(axis=0) for group in groups])
    apart = (off.T * [len(group) for group in groups]) @ off / (k - 1)
    component: Floats = (apart - inside) / ((total - sum(len(group) ** 2 for group in groups) / total) / (k - 1))
    return component


def test_shares_are_those_of_an_analysis_of_variance() -> None:
    """Every share, weighted or not, agrees with a decomposition written out; together they are 1."""
    values, place = company((0.8, 0.4, 0.6, 0.5, 0.4, 0.7))
    made = taken_apart(values, place)
    assert isinstance(made, Drivers)
    component = between(values, place)
    for side in (0, 1):
        weight = np.array([each[side] for each in WEIGHTS.values()])
        shares = weight * (component @ weight) / (weight @ component @ weight)
        found = [(share.weighted, share.unweighted)[side] for share in made.shares]
        assert [each.value for each in found] == pytest.approx(shares, abs=1e-9)
        assert sum(each.value for each in found) == pytest.approx(1)
        assert all(each.low < each.value < each.high for each in found)
    assert made.units == 60


def test_the_first_is_named_only_where_it_surely_is() -> None:
    """One motive far ahead is named with and without weights; motives alike are not."""
    far = taken_apart(*company((2.0, 0.3, 0.3, 0.3, 0.3, 0.3)))
    assert isinstance(far, Drivers)
    assert (far.first, far.first_unweighted, far.depends_on_weights) == ("play", "play", False)
    assert far.same_first > 0.9
    alike = taken_apart(*company((0.6, 1.2, 0.6, 0.6, 1.2, 0.6)))
    assert isinstance(alike, Drivers)
    assert (alike.first, alike.depends_on_weights) == ("", alike.first_unweighted != "")


def test_a_conclusion_may_rest_on_the_weights() -> None:
    """Where units differ most in a motive of small weight, another one comes first with the weights: it is said."""
    made = taken_apart(*company((0.9, 0.2, 2.0, 0.2, 0.2, 0.2), units=150))
    assert isinstance(made, Drivers)
    assert (made.first, made.first_unweighted, made.depends_on_weights) == ("play", "potential", True)
    assert 0.05 < made.same_first < 0.95


def test_what_chance_adds_is_taken_off() -> None:
    """A motive in which only people differ has no share, however few they are."""
    made = taken_apart(*company((1.0, 0.0, 0.0, 0.0, 0.0, 0.0), units=400, sizes=(5, 7)))
    assert isinstance(made, Drivers)
    assert made.shares[0].weighted.value == pytest.approx(1, abs=0.1)
    assert made.shares[5].weighted.value == pytest.approx(0, abs=0.1)


def test_nothing_is_said_without_a_spread() -> None:
    """Few units, units that do not differ, one person each, equal answers, nobody: reasons."""
    values, place = company((1.0,) * 6, units=9)
    assert taken_apart(values, place) == FEW
    assert taken_apart(*company((0.0,) * 6)) == NO_SPREAD
    assert taken_apart(values, np.arange(len(values), dtype=np.int32)) == NO_SPREAD
    assert taken_apart(np.full((200, 6), 4.0), np.arange(200, dtype=np.int32) % 20) == NO_SPREAD
    none = np.zeros((12, 6))
    assert drivers([0] * 12, none, np.zeros((12, 6, 6)), WEIGHTS) == FEW
