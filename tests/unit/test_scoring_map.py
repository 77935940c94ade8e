"""The map by hand: a unit's place and region, and the word that is said of its quarter."""

from typing import get_args

import numpy as np
import pytest
from scipy import stats

from survey.scoring.columns import ColumnSpec
from survey.scoring.moments import Moments, moments_by_unit
from survey.scoring.position import FLAT, Placed, place
from survey.scoring.quadrant import Position, Quadrant, label, probabilities, region
from survey.scoring.within import NO_POOL, Within, within

MAP = (ColumnSpec("tactical", 1, 1, 7), ColumnSpec("adaptive", 1, 1, 7))
TEN = [(5, 3), (6, 4), (5, 4), (4, 3), (6, 3), (7, 2), (3, 5), (5, 5), (6, 6), (4, 2)]


def on_map(pairs: list[tuple[int, int]]) -> Moments:
    """Return the moments of people with these answers on tactical and adaptive."""
    (made,) = moments_by_unit(np.array(pairs).reshape(-1, 2), np.zeros(len(pairs), dtype=np.int32), 1, MAP)
    return made


def test_the_region_of_ten_people_is_hotellings() -> None:
    """Means, errors, their correlation, radii and angle are those of the ten people's own covariance matrix."""
    people = np.array(TEN, dtype=np.float64)
    of_means = np.cov(people.T) / 10
    sizes, directions = np.linalg.eigh(of_means)
    reach = 2 * 9 / 8 * stats.f.ppf(0.95, 2, 8)
    made = place(on_map(TEN), NO_POOL)
    assert isinstance(made, Placed)
    at, around = made.position, made.region
    assert (at.tactical, at.adaptive) == pytest.approx(tuple(people.mean(axis=0)))
    assert (at.error_tactical, at.error_adaptive) == pytest.approx(tuple(np.sqrt(np.diag(of_means))))
    assert at.correlation == pytest.approx(float(np.asarray(np.corrcoef(people.T))[0, 1]))
    assert (around.radius_minor, around.radius_major) == pytest.approx(tuple(np.sqrt(sizes * reach)))
    turn = np.radians(around.angle)
    assert abs(directions[:, 1] @ (np.cos(turn), np.sin(turn))) == pytest.approx(1)


def test_a_small_unit_has_the_region_of_the_pool() -> None:
    """Below ten people errors, correlation and freedom are those of the spread within all units."""
    few, others = on_map(TEN[:3]), on_map(TEN[3:])
    pooled = within([few, others], MAP)
    assert isinstance(pooled, Within)
    made = place(few, pooled)
    assert isinstance(made, Placed)
    spread = pooled.squares / 8 / 3
    assert (made.position.error_tactical, made.position.error_adaptive) == pytest.approx(np.sqrt(np.diag(spread)))
    assert made.position.correlation == pytest.approx(spread[0, 1] / np.sqrt(spread[0, 0] * spread[1, 1]))
    assert made.region == region((spread[0, 0], spread[1, 1], spread[0, 1]), 8)


def test_a_spread_along_a_line_has_no_region() -> None:
    """Where people stand on one line, exactly, chance has no second direction to be judged in."""
    line = on_map([(each, each - 1) for each in (2, 3, 5, 7)])
    one = on_map([(4, 4)])
    assert place(one, within([line], MAP)) == FLAT
    assert place(one, within([on_map([(3, 5), (5, 4)])], MAP)) == FLAT
    assert isinstance(place(one, within([on_map([(3, 5), (5, 4), (4, 6)])], MAP)), Placed)


def test_a_region_from_two_degrees_of_freedom_on() -> None:
    """Two degrees of freedom are enough for a region, one is not; and why is said."""
    made = region((0.04, 0.01, 0.0), 2)
    assert made.radius_major == pytest.approx(2 * made.radius_minor)
    assert made.radius_minor == pytest.approx(np.sqrt(0.01 * 4 * stats.f.ppf(0.95, 2, 1)))
    with pytest.raises(ValueError, match=r"^a region of two means needs more than one degree of freedom$"):
        region((0.04, 0.01, 0.0), 1)


def test_each_axis_has_its_own_cut() -> None:
    """Whether tactical is high is told by the first cut, adaptive by the second; errors without a size are refused."""
    shares = probabilities(Position(4.0, 4.0, 0.1, 0.1, 0.0), (3.0, 5.0))
    assert shares["tactical only"] == pytest.approx(1)
    with pytest.raises(
        ValueError, match=r"^a position needs standard errors above 0 and a correlation between -1 and 1$"
    ):
        probabilities(Position(4.0, 4.0, 0.0, 0.1, 0.0))


@pytest.mark.parametrize("quarter", get_args(Quadrant)[:4])
def test_a_label_is_the_likeliest_quarter_from_four_in_five_on(quarter: Quadrant) -> None:
    """At .80 exactly a quarter is named, just below it is not; whichever quarter it is."""
    rest: dict[Quadrant, float] = dict.fromkeys(get_args(Quadrant)[:4], 0.2 / 3)
    assert label({**rest, quarter: 0.8}, 10, two_axes=True) == quarter
    assert label({**rest, quarter: 0.799}, 10, two_axes=True) == "cannot tell yet"
