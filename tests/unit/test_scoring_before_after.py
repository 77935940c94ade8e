"""Before and after, by hand and against regression; and what a company is told in which nothing happened."""

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from survey.scoring.before_after import (
    ALL_ALIKE,
    REACH,
    TOO_FEW,
    Difference,
    Start,
    difference_in_differences,
    match,
    missing,
    verdict,
)
from survey.scoring.estimable import NotEstimable

Sets = list[tuple[float, list[float]]]


def sets_of(random: np.random.Generator, sets: int, per: int = 2) -> Sets:
    """Return drawn changes: one unit that took a practice up and `per` matched ones a set."""
    return [(float(random.normal(3, 6)), [float(each) for each in random.normal(0, 6, per)]) for _ in range(sets)]


def test_a_difference_by_hand() -> None:
    """Three sets: 6 against 2, 3 against 1, 5 against 2; d = 4, 2, 3, mean 3, error sqrt(1 / 3), t(2) = 4.302653."""
    made = difference_in_differences([(6.0, [1.0, 3.0]), (3.0, [0.0, 2.0]), (5.0, [2.0, 2.0])])
    assert isinstance(made, Difference)
    assert made.value == pytest.approx(3)
    assert made.interval.high - made.value == pytest.approx(4.302652729911 * (1 / 3) ** 0.5)
    assert (made.interval.df, made.sets) == (2, 3)


@pytest.mark.parametrize("sets", [5, 8, 31])
def test_it_is_the_interaction_of_a_regression(sets: int) -> None:
    """The difference is OLS's interaction of group and time; its error is the one of the sets' own differences."""
    changes = sets_of(np.random.default_rng(sets), sets)
    made = difference_in_differences(changes)
    assert isinstance(made, Difference)
    rows, values = [], []
    for own, matched in changes:
        for treated, change in [(1, own), *((0, each) for each in matched)]:
            start = float(treated) * 2 + 5
            rows += [(1, treated, 0, 0), (1, treated, 1, treated)]
            values += [start, start + change]
    coefficients, *_ = np.linalg.lstsq(np.array(rows, dtype=float), np.array(values), rcond=None)
    assert made.value == pytest.approx(coefficients[3], rel=1e-9)
    of_sets = stats.ttest_1samp([own - np.mean(matched) for own, matched in changes], 0)
    ends = of_sets.confidence_interval(0.95)
    assert made.p == pytest.approx(of_sets.pvalue, rel=1e-9)
    assert (made.interval.low, made.interval.high) == pytest.approx((ends.low, ends.high), rel=1e-9)


def test_what_changed_for_everybody_falls_out() -> None:
    """A company that rises by ten points between two waves changes no difference."""
    changes = sets_of(np.random.default_rng(1), 6)
    risen = [(own + 10, [each + 10 for each in matched]) for own, matched in changes]
    one, other = difference_in_differences(changes), difference_in_differences(risen)
    assert isinstance(one, Difference)
    assert isinstance(other, Difference)
    assert other.value == pytest.approx(one.value)
    assert other.p == pytest.approx(one.p)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([], TOO_FEW),
        ([(1.0, [2.0])], TOO_FEW),
        ([(1.0, []), (2.0, [])], TOO_FEW),
        ([(1.0, [float("nan")]), (2.0, [1.0, 1.0])], TOO_FEW),
        ([(3.0, [1.0, 1.0])] * 7, ALL_ALIKE),
        ([(0.0, [0.0, 0.0])] * 7, ALL_ALIKE),
    ],
)
def test_what_cannot_be_estimated_says_why(changes: Sets, reason: NotEstimable) -> None:
    """Nobody, one set, missing values, no spread: a reason, never a number made up and never a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert difference_in_differences(changes) == reason


def test_the_nearest_are_matched_once_and_within_reach() -> None:
    """Each takes the nearest free unit of its stratum; too far away is nobody; whoever stays alone is left out."""
    adopting = [Start("A", 0.0, "care"), Start("B", 1.0, "care"), Start("C", 0.0, "sales"), Start("D", 99.0, "care")]
    others = [
        *(Start(f"K{number}", value, "care") for number, value in enumerate((0.1, 0.9, -0.2, 1.3, 5.0))),
        Start("S", 0.0, "sales"),
    ]
    assert match(adopting, others) == {0: (0, 2), 1: (1, 3)}


def test_a_unit_serves_once_even_between_different_waves() -> None:
    """A unit that could be matched in two strata is taken in one of them."""
    others = [Start("X", 0.0, "1"), Start("Y", 0.0, "1"), Start("X", 0.0, "2"), Start("Y", 0.0, "2")]
    found = match([Start("A", 0.0, "1"), Start("B", 0.0, "2")], others)
    assert found == {}
    assert match([Start("A", 0.0, "1")], others) == {0: (0, 1)}


def test_the_order_of_the_units_does_not_matter() -> None:
    """The same units in another order give the same sets."""
    random = np.random.default_rng(5)
    adopting = [Start(f"A{number:02}", float(random.normal())) for number in range(8)]
    others = [Start(f"K{number:02}", float(random.normal())) for number in range(40)]
    turned = match(adopting[::-1], others[::-1])
    codes = {adopting[::-1][place].code: [others[::-1][each].code for each in sets] for place, sets in turned.items()}
    straight = match(adopting, others)
    assert codes == {adopting[place].code: [others[each].code for each in sets] for place, sets in straight.items()}


def test_units_that_all_started_alike_can_be_matched() -> None:
    """Without any spread of starts the distance is nought, and so within reach; one unit alone finds nobody."""
    assert match([Start("A", 2.0)], [Start("B", 2.0), Start("C", 2.0)]) == {0: (0, 1)}
    assert match([Start("A", 2.0)], []) == match([], [Start("B", 2.0)]) == {}
    assert REACH == 0.5


def test_what_is_missing_is_told_with_its_count() -> None:
    """Below five, ten and two each is told; from there on nothing is missing."""
    assert missing(0, 0, 0) == {"adopting": (0, 5), "others": (0, 10), "earlier": (0, 2)}
    assert missing(4, 10, 2) == {"adopting": (4, 5)}
    assert missing(5, 9, 2) == {"others": (9, 10)}
    assert missing(5, 10, 1) == {"earlier": (1, 2)}


def test_the_word_needs_interval_and_adjusted_p() -> None:
    """Without either of them there is no word; what cannot be estimated is too early to say."""
    fall = difference_in_differences([(-6.0, [1.0]), (-5.0, [0.0]), (-7.0, [2.0]), (-6.0, [0.0])])
    assert isinstance(fall, Difference)
    assert verdict(fall, 0.01, TOO_FEW, enough=True) == "lower after"
    assert verdict(fall, 0.06, TOO_FEW, enough=True) == "no detectable difference"
    assert verdict(fall, 0.01, fall, enough=True) == "moved apart before"
    assert verdict(TOO_FEW, 1.0, TOO_FEW, enough=True) == "too early to say"
    assert verdict(fall, 0.01, TOO_FEW, enough=False) == "too early to say"


def _company(random: np.random.Generator, units: int = 120) -> NDArray[np.float64]:
    """Return a company's index in three waves in which nothing changes: true means, and the error of few answers."""
    true = random.normal(0, 12, units)
    return true[:, None] + random.normal(0, 11, (units, 3))


@pytest.mark.parametrize("selection", ["at random", "the low ones"])
def test_nothing_happened_is_rarely_told_otherwise(selection: str) -> None:
    """In companies without change, practices taken up at random or by units that were low give 5 % false words.

    The units that were low come back to their own means; so do those matched with them. 600 drawn companies; three
    standard errors are 2.7 points.
    """
    random, said = np.random.default_rng(20180412), []
    for _ in range(600):
        waves = _company(random)
        wish = random.normal(0, 1, len(waves)) if selection == "at random" else waves[:, 1] + random.normal(0, 8, 120)
        takes = set(np.argsort(wish)[:12].tolist())
        rest = [unit for unit in range(120) if unit not in takes]
        ours = sorted(takes)
        found = match([Start(f"{u:03}", waves[u, 1]) for u in ours], [Start(f"{u:03}", waves[u, 1]) for u in rest])
        changes = [
            (float(waves[ours[a], 2] - waves[ours[a], 1]), [float(waves[rest[k], 2] - waves[rest[k], 1]) for k in ks])
            for a, ks in found.items()
        ]
        made = difference_in_differences(changes)
        said.append(isinstance(made, Difference) and not made.interval.low <= 0 <= made.interval.high)
    assert np.mean(said) < 0.05 + 0.027
