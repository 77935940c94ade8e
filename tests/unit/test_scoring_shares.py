"""Shares of motives and correlations at two levels by hand, and the limits of what can be a correlation."""

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.scoring.drivers import FEW, Drivers, drivers
from survey.scoring.levels import NO_ANSWERS, Plain, _possible, plain
from survey.scoring.link import UNRELIABLE
from survey.scoring.redraw import RESAMPLES, SEED, Estimate, Redrawn
from survey.scoring.williams import FEW_PEOPLE, Williams, williams

Floats = NDArray[np.float64]
WEIGHTS = {"play": (10.0, 0.5), "purpose": (5.0, 0.5), "inertia": (-10.0, -1.0)}


def company(sizes: list[int], seed: int = 4) -> list[Floats]:
    """Return the motives of the people of units of these sizes; units differ most in play."""
    random = np.random.default_rng(seed)
    return [random.normal(0, [1.5, 0.9, 0.9], 3) + random.normal(size=(size, 3)) for size in sizes]


def by_hand(teams: list[Floats], weight: Floats, drawn: NDArray[np.int64]) -> Floats:
    """Return each motive's share of the variance between the teams drawn, from the mean squares of their people.

    Where the teams drawn do not differ beyond chance there are no shares.
    """
    n = np.array([len(team) for team in teams], dtype=np.float64)[drawn]
    means = np.array([team.mean(axis=0) for team in teams])[drawn]
    own = np.array([(team - team.mean(axis=0)).T @ (team - team.mean(axis=0)) for team in teams])[drawn]
    k, people = len(n), n.sum()
    inside = own.sum(axis=0) / (people - k)
    off = means - n @ means / people
    between = ((off * n[:, None]).T @ off / (k - 1) - inside) / ((people - n @ n / people) / (k - 1))
    parts = weight * (between @ weight)
    return np.asarray(parts / parts.sum() if parts.sum() > 0 else np.full(3, np.nan), dtype=np.float64)


def found(teams: list[Floats], seed: int = SEED) -> Drivers:
    """Return what the program says of these teams, with a team of nobody among them."""
    made = drivers(
        [0, *(len(team) for team in teams)],
        np.array([np.zeros(3), *(team.sum(axis=0) for team in teams)]),
        np.array([np.zeros((3, 3)), *((team - team.mean(axis=0)).T @ (team - team.mean(axis=0)) for team in teams)]),
        WEIGHTS,
        seed,
    )
    assert isinstance(made, Drivers)
    return made


def test_shares_and_their_intervals_are_those_of_whole_teams_drawn_again() -> None:
    """Shares, weighted and not, and the 2.5 % and 97.5 % points of 2,000 companies of the same teams drawn again."""
    teams = company([4, 9, 12, 5, 7, 20, 6, 8, 11, 3, 9, 14])
    made = found(teams)
    assert made.units == 12
    assert [share.motive for share in made.shares] == list(WEIGHTS)
    drawn = np.random.default_rng(SEED).multinomial(12, np.full(12, 1 / 12), RESAMPLES)
    firsts = [made.first, made.first_unweighted]
    for place, kind in enumerate(("weighted", "unweighted")):
        weight = np.array([both[place] for both in WEIGHTS.values()])
        shown: list[Estimate] = [getattr(share, kind) for share in made.shares]
        assert [each.value for each in shown] == pytest.approx(by_hand(teams, weight, np.arange(12)))
        again = np.array([by_hand(teams, weight, np.repeat(np.arange(12), times)) for times in drawn])
        ends = np.nanpercentile(again, [2.5, 97.5], axis=0)
        assert pytest.approx(ends) == np.array([(each.low, each.high) for each in shown]).T
        best = int(np.argmax([each.value for each in shown]))
        rivals = [again[:, best] - again[:, other] for other in range(3) if other != best]
        surely = all(np.nanpercentile(lead, 2.5) > 0 for lead in rivals)
        assert firsts[place] == (list(WEIGHTS)[best] if surely else "")


def test_other_weights_in_the_same_order_are_drawn_from_the_seed() -> None:
    """The same seed gives the same answer, units and weights; the share of weights with the same first is a share."""
    teams = company([8] * 14)
    assert found(teams, 3) == found(teams, 3) != found(teams, 5)
    assert 0 <= found(teams, 3).same_first <= 1


def test_ten_units_with_people_have_shares() -> None:
    """Ten units are enough, also with one person in some; nine and any number of units without people are not."""
    teams = company([1, 1, *[12] * 8], seed=9)
    assert found(teams).units == 10
    nine = [len(team) for team in teams[1:]]
    assert drivers([0] * 5 + nine, np.zeros((14, 3)), np.zeros((14, 3, 3)), WEIGHTS) == FEW


@pytest.mark.parametrize("side", [-1, 1])
def test_a_correlation_is_cut_where_there_are_none(side: int) -> None:
    """An interval that reaches beyond -1 or 1 ends there; one that lies beyond as a whole gives no number."""
    over = Redrawn(np.array([side * 1.2]), side * np.linspace(0.5, 1.5, 2001)[:, None])
    made = _possible(over, 0, UNRELIABLE)
    assert isinstance(made, Estimate)
    assert made.value == side
    assert sorted([abs(made.low), abs(made.high)]) == pytest.approx([0.525, 1.0])
    beyond = Redrawn(np.array([side * 1.2]), side * np.linspace(1.01, 1.6, 2001)[:, None])
    assert _possible(beyond, 0, UNRELIABLE) == UNRELIABLE


def test_two_people_have_a_plain_correlation() -> None:
    """Two people who differ stand on a line; one has none. However long the line, the correlation is not beyond 1."""
    units = np.zeros(2, dtype=np.int32)
    made = plain(np.array([1.0, 2.0]), np.array([2.0, 7.0]), units)
    assert isinstance(made, Plain)
    assert made.whole == pytest.approx(1.0)
    assert plain(np.array([1.0]), np.array([2.0]), units[:1]) == NO_ANSWERS
    random = np.random.default_rng(1)
    for _ in range(200):
        x = random.normal(size=7)
        line = plain(x, x * random.normal(), np.arange(7, dtype=np.int32) % 2)
        assert isinstance(line, Plain)
        assert abs(line.whole) <= 1
        assert abs(line.whole) == pytest.approx(1)


@pytest.mark.parametrize(
    "wrong", [(1.2, 0.1, 0.1), (0.1, -1.2, 0.1), (0.1, 0.1, 1.2), (0.8, 0.8, -0.2), (1.5, 1.5, 1.0)]
)
def test_numbers_that_are_no_correlations_are_refused(wrong: tuple[float, float, float]) -> None:
    """A number beyond 1 in any place, and three that no sample can have together, are errors that name them."""
    one, two, three = wrong
    with pytest.raises(ValueError, match=f"^{one}, {two} and {three} are no correlations of one sample$"):
        williams(one, two, three, 100)


def test_four_people_are_enough_for_williams_test() -> None:
    """With four people one degree of freedom is left, with three none."""
    made = williams(0.4, 0.5, 0.1, 4)
    assert isinstance(made, Williams)
    assert made.df == 1
    assert williams(0.4, 0.5, 0.1, 3) == FEW_PEOPLE
