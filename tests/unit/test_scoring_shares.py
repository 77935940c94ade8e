"""Shares of motives and correlations at two levels by hand, and the limits of what can be a correlation."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.scoring.drivers import FEW, Drivers, _first, _shares, _surely, drivers
from survey.scoring.levels import NO_ANSWERS, Plain, _possible, plain
from survey.scoring.link import UNRELIABLE
from survey.scoring.redraw import RESAMPLES, SEED, Estimate, Redrawn
from survey.scoring.redraw import ends as between
from survey.scoring.williams import FEW_PEOPLE, Williams, williams

Floats = NDArray[np.float64]
MANY = 10**9
"""Units of which an interval is the 2.5 % and 97.5 % point."""
WEIGHTS = {"play": (10.0, 0.5), "purpose": (5.0, 0.5), "inertia": (-10.0, -1.0)}


def company(sizes: list[int], seed: int = 4, spreads: Sequence[float] = (1.5, 0.9, 0.9)) -> list[Floats]:
    """Return the motives of the people of units of these sizes, which differ by these spreads, most in play."""
    random = np.random.default_rng(seed)
    return [random.normal(0, spreads, 3) + random.normal(size=(size, 3)) for size in sizes]


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
    """Shares, weighted and not, and the ends of 2,000 companies of the same teams drawn again."""
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
        outer = np.nanpercentile(again, between(12), axis=0)
        assert pytest.approx(outer) == np.array([(each.low, each.high) for each in shown]).T
        best = int(np.argmax([each.value for each in shown]))
        rivals = [again[:, best] - again[:, other] for other in range(3) if other != best]
        surely = all(np.nanpercentile(lead, between(12)[0]) > 0 for lead in rivals)
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
    over = Redrawn(np.array([side * 1.2]), side * np.linspace(0.5, 1.5, 2001)[:, None], MANY)
    made = _possible(over, 0, UNRELIABLE)
    assert isinstance(made, Estimate)
    assert made.value == side
    assert sorted([abs(made.low), abs(made.high)]) == pytest.approx([0.525, 1.0])
    beyond = Redrawn(np.array([side * 1.2]), side * np.linspace(1.01, 1.6, 2001)[:, None], MANY)
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


def leads(below: int) -> Floats:
    """Return shares of three motives in 2,000 resamples: the first is behind the second in so many of them."""
    first = np.full(2000, 0.6)
    second = np.where(np.arange(2000) < below, 0.65, 0.3)
    return np.column_stack([first, second, 1 - first - second])


@pytest.mark.parametrize(("below", "named"), [(40, True), (60, False), (75, False)])
def test_the_first_motive_leads_every_other_in_its_own_interval(below: int, named: bool) -> None:  # noqa: FBT001 - a column of the table
    """A motive is first where it leads in all but a fortieth of the resamples, each rival counted for itself."""
    made = Redrawn(np.array([0.6, 0.3, 0.1]), leads(below), MANY)
    assert _first(made, slice(0, 3), ["play", "purpose", "inertia"]) == ("play" if named else "")
    turned = Redrawn(np.array([0.3, 0.6, 0.1]), leads(below)[:, [1, 0, 2]], MANY)
    assert _first(turned, slice(0, 3), ["play", "purpose", "inertia"]) == ("purpose" if named else "")


@pytest.mark.parametrize(
    ("observed", "above", "noughts", "sure"),
    [
        (1.0, 1951, 0, True),
        (1.0, 1949, 0, False),
        (1.0, 1900, 100, False),
        (0.0, 2000, 0, False),
        (-1.0, 2000, 0, False),
    ],
)
def test_a_variance_is_surely_there(observed: float, above: int, noughts: int, sure: bool) -> None:  # noqa: FBT001 - a column of the table
    """A spread between units needs to be above 0 as observed and in 97.5 % of the resamples; 0 is not above 0."""
    found = np.concatenate([np.ones(above), np.zeros(noughts), -np.ones(2000 - above - noughts)])
    assert _surely(Redrawn(np.array([observed]), found[:, None], MANY), 0) is sure


def test_other_weights_keep_their_order_and_their_signs() -> None:
    """Sizes are drawn evenly, the largest for the largest weight, equal ones for equal weights; one by one.

    Units differ most in purpose, whose weight is half of the others': with nearly equal weights it would be the first.
    """
    teams = company([8] * 14, spreads=(1.0, 1.3, 0.6))
    n = np.full(14, 8.0)
    means = np.array([team.mean(axis=0) for team in teams])
    inside = sum((team - team.mean(axis=0)).T @ (team - team.mean(axis=0)) for team in teams) / (n.sum() - 14)
    between = np.asarray(np.cov(means.T)) - inside / 8
    firsts = []
    for draw in np.random.default_rng(3).uniform(size=(1000, 2)):
        weight = np.array([max(draw), min(draw), -max(draw)])
        firsts.append(int(np.argmax(weight * (between @ weight))))
    own = np.array([10.0, 5.0, -10.0])
    best = int(np.argmax(own * (between @ own)))
    assert found(teams, 3).same_first == pytest.approx(np.mean(np.array(firsts) == best))
    assert 0.2 < found(teams, 3).same_first < 0.9
    turned = {"inertia": WEIGHTS["inertia"], "purpose": WEIGHTS["purpose"], "play": WEIGHTS["play"]}
    other = drivers(
        [8] * 14,
        np.array([team.sum(axis=0)[::-1] for team in teams]),
        np.array([((team - team.mean(axis=0)).T @ (team - team.mean(axis=0)))[::-1, ::-1] for team in teams]),
        turned,
        3,
    )
    assert isinstance(other, Drivers)
    assert other.same_first == found(teams, 3).same_first


def test_no_spread_has_no_shares() -> None:
    """A variance of exactly 0, or below, has no parts: no number and no warning."""
    with np.errstate(invalid="ignore", divide="ignore"):
        shown = _shares(np.stack([np.zeros((2, 2)), -np.eye(2), np.eye(2)]), np.array([1.0, 2.0]))
    assert shown[:, 0].tolist() == [0.0, -5.0, 5.0]
    assert np.isnan(shown[:2, 1:]).all()
    assert shown[2, 1:].tolist() == [0.2, 0.8]
