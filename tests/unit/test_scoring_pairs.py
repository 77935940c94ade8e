"""All pairs of units as one family: held against every pair taken singly and adjusted by brute force."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from survey.scoring.bands import bands
from survey.scoring.comparison import ALPHA, Comparison, Mean, compare_means
from survey.scoring.family import adjust
from survey.scoring.pairs import Means, apart, critical_p, p_values
from survey.scoring.regression import bites, expected_change
from survey.scoring.selected import adjust_selected
from survey.scoring.summaries import MeanError


def drawn(seed: int, units: int, spread: float) -> list[Mean]:
    """Return the means of units of five to forty people; half of them rest on the company's spread."""
    random = np.random.default_rng(seed)
    sizes, own = random.integers(5, 40, units), random.random(units) < 0.5
    return [
        Mean(
            int(n),
            round(float(value), 6),
            MeanError(900 / n, float(n - 1 if mine else 5000), "own" if mine else "pooled"),
        )
        for n, value, mine in zip(sizes, random.normal(0, spread, units), own, strict=True)
    ]


def by_hand(means: list[Mean], last: list[int]) -> dict[tuple[int, int], float]:
    """Return the p of each pair that is compared, one after the other."""
    found = {}
    for one, other in combinations(range(len(means)), 2):
        compared = compare_means(means[one], means[other])
        if other > last[one] and isinstance(compared, Comparison):
            found[one, other] = compared.p
    return found


@pytest.mark.parametrize("seed", range(60))
def test_pairs_are_told_apart_as_by_hand(seed: int) -> None:
    """The critical p tells those pairs apart, and no others, whose adjusted p is .05 or less among all that count."""
    units = 1 + seed % 30
    means = drawn(seed, units, (0.0, 3.0, 10.0, 60.0)[seed % 4])
    random = np.random.default_rng(seed)
    last = [min(units - 1, place + int(random.integers(0, 4)) * (seed % 2)) for place in range(units)]
    p = by_hand(means, last)
    pairs, critical = critical_p(Means.of(means), np.array(last))
    assert pairs == len(p)
    expected = [each <= ALPHA for each in adjust(list(p.values()))]
    assert [apart(each, critical) for each in p.values()] == expected
    assert critical == pytest.approx(
        max((each for each, told in zip(p.values(), expected, strict=True) if told), default=0)
    )


@pytest.mark.parametrize("level", [0.05, 0.02, 0.005])
def test_a_lower_level_tells_fewer_apart(level: float) -> None:
    """Whatever the level, those pairs are told apart whose adjusted p is not above it."""
    for seed in range(20):
        means = drawn(seed, 12, 10.0)
        p = list(by_hand(means, list(range(12))).values())
        _, critical = critical_p(Means.of(means), level=level)
        assert [apart(each, critical) for each in p] == [each <= level for each in adjust(p)]


@pytest.mark.parametrize("seed", range(40))
def test_p_are_looked_at_where_it_matters(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However coarsely p are counted by size first, the critical one is found."""
    means = Means.of(drawn(seed, 24, (4.0, 8.0, 15.0, 40.0)[seed % 4]))
    fine = critical_p(means)
    monkeypatch.setattr("survey.scoring.pairs.SHIFT", 52)
    monkeypatch.setattr("survey.scoring.pairs.STEPS", int(np.array([0.5]).view(np.int64)[0] >> 52))
    assert critical_p(means) == fine


def test_pairs_are_taken_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few pairs are held in memory together, the verdict is the same."""
    means = Means.of(drawn(3, 40, 12.0))
    whole = critical_p(means)
    monkeypatch.setattr("survey.scoring.pairs.AT_ONCE", 100)
    assert critical_p(means) == whole
    assert whole[1] > 0


def test_a_p_is_welch_s() -> None:
    """The p of a pair is that of scipy's Welch test on the answers themselves."""
    random = np.random.default_rng(1)
    one, other = random.normal(0, 30, 12), random.normal(9, 10, 25)
    means = [
        Mean(len(each), float(each.mean()), MeanError(float(each.var(ddof=1)) / len(each), len(each) - 1, "own"))
        for each in (one, other)
    ]
    (p,) = p_values(Means.of(means[:1]), Means.of(means[1:]))
    assert p == pytest.approx(stats.ttest_ind(one, other, equal_var=False).pvalue, abs=1e-12)


def test_all_p_may_be_the_same() -> None:
    """Ties are told apart together, or not at all."""
    near = [Mean(10, value, MeanError(1.0, 9, "own")) for value in (0.0, 4.0) * 20]
    pairs, critical = critical_p(Means.of(near))
    assert pairs == 780
    assert apart(critical, critical)
    assert sum(apart(p, critical) for p in by_hand(near, list(range(40))).values()) == 400


@pytest.mark.parametrize(
    "means",
    [
        [],
        [Mean(10, 0.0, MeanError(1.0, 9, "own"))],
        [Mean(10, value, MeanError(0.0, 9, "own")) for value in (0.0, 5.0)],
    ],
)
def test_where_there_is_no_pair(means: list[Mean]) -> None:
    """No unit, one unit, or units without any spread: no pair is compared, and none told apart."""
    assert critical_p(Means.of(means)) == (0, 0.0)


def test_differences_beyond_all_doubt_are_told_apart() -> None:
    """A p that is too small for the machine is 0, and still told apart."""
    means = [Mean(5000, value, MeanError(0.01, 4999, "own")) for value in (-90.0, 90.0)]
    pairs, critical = critical_p(Means.of(means))
    assert (pairs, critical) == (1, 0.0)
    assert apart(0.0, critical)
    assert not apart(1e-300, critical)


def test_false_alarms_among_pairs_of_equal_units() -> None:
    """Where no unit differs from another, at most one publication in twenty tells any pair apart."""
    alarms = sum(critical_p(Means.of(_alike(seed)))[1] > 0 for seed in range(400))
    assert alarms <= 30


def _alike(seed: int) -> list[Mean]:
    random = np.random.default_rng(seed)
    answers = [random.normal(10, 30, int(n)) for n in random.integers(10, 30, 20)]
    return [Mean(len(a), float(a.mean()), MeanError(float(a.var(ddof=1)) / len(a), len(a) - 1, "own")) for a in answers]


@pytest.mark.parametrize("seed", range(20))
def test_a_band_holds_all_and_only_those_that_cannot_be_told_apart(seed: int) -> None:
    """Two units share a band if and only if they are alike, and no band lies within another."""
    random = np.random.default_rng(seed)
    units = int(random.integers(1, 9))
    alike = {pair for pair in combinations(range(units), 2) if random.random() < 0.6}
    found = bands(units, alike)
    assert {pair for band in found for pair in combinations(band, 2)} == alike
    assert not any(set(one) < set(other) for one in found for other in found)
    assert bands(0, []) == ()


def test_motives_are_looked_into_at_the_level_that_is_left() -> None:
    """With every family selected nothing is added; with one of ten, p count ten times; never above 1."""
    p = [0.001, 0.03, 0.4]
    assert adjust_selected(p, 7, 7) == adjust(p)
    assert adjust_selected(p, 1, 10) == pytest.approx([min(1, each * 10) for each in adjust(p)])
    assert adjust_selected([], 1, 10) == []


def test_false_ones_among_selected_families() -> None:
    """Averaged over selected families, at most one motive in twenty that is told apart has not changed."""
    random = np.random.default_rng(5)
    shares = [_false_share(random) for _ in range(300)]
    assert float(np.mean(shares)) <= 0.05


def _false_share(random: np.random.Generator) -> float:
    """Let 5 of 30 units change in two motives of six; select by the sum of all, and return the share of false ones."""
    shift = np.zeros((30, 6))
    shift[:5, :2] = 3.0
    z = random.normal(shift, 1)
    p = 2 * stats.norm.sf(np.abs(z))
    chosen = np.array(adjust((2 * stats.norm.sf(np.abs(z.sum(axis=1)) / np.sqrt(6))).tolist())) <= ALPHA
    shares = []
    for place in np.flatnonzero(chosen):
        told = np.array(adjust_selected(p[place].tolist(), int(chosen.sum()), len(p))) <= ALPHA
        shares.append(float((told & (shift[place] == 0)).sum()) / max(int(told.sum()), 1))
    return float(np.mean(shares)) if shares else 0.0


def test_what_was_to_be_expected_is_what_happens_on_average() -> None:
    """Units that stood lowest come back, without any change, by what is expected of them."""
    random = np.random.default_rng(8)
    true = random.normal(10, 8, 4000)
    before, after = (true + random.normal(0, 12, 4000) for _ in range(2))
    reliability = 8**2 / (8**2 + 12**2)
    lowest = np.argsort(before)[:400]
    expected = [expected_change(before[place], 10 + reliability * (before[place] - 10)) for place in lowest]
    assert float(np.mean(after[lowest] - before[lowest])) == pytest.approx(float(np.mean(expected)), rel=0.05)


@pytest.mark.parametrize(
    ("expected", "change", "said"),
    [(2.0, 8.0, True), (1.9, 2.0, False), (2.0, 8.1, False), (-6.0, -3.0, True), (6.0, -3.0, False), (0.0, 0.0, False)],
)
def test_when_regression_bites(expected: float, change: float, said: bool) -> None:  # noqa: FBT001 - a column of the table
    """It is said from two points and a quarter of the change on, and never of a change the other way."""
    assert bites(expected, change) is said
