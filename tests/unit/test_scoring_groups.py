from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.scoring.columns import ColumnSpec, columns, scale_scores
from survey.scoring.comparison import NO_SPREAD, Comparison, Side, compare, verdict
from survey.scoring.contribution import contributions
from survey.scoring.family import adjust
from survey.scoring.index import index_measure
from survey.scoring.measure import Measure
from survey.scoring.moments import Moments, UnitMoments, moments_by_unit, together
from survey.scoring.position import FLAT, Placed, place
from survey.scoring.quadrant import Position, normal_below, probabilities, region
from survey.scoring.summaries import NOBODY, ONLY_SUMS, Interval, Summary, summarise
from survey.scoring.weakest import weakest, weakest_facet, weakest_motive
from survey.scoring.within import NO_POOL, Within, within
from tests.unit.scoring_data import INSTRUMENT, company

SPECS = columns(INSTRUMENT)
INDEX = index_measure(INSTRUMENT, SPECS)
MAP = (ColumnSpec("tactical", 1, 1, 7), ColumnSpec("adaptive", 1, 1, 7))


def groups(answers: NDArray[np.uint8], units: NDArray[np.int32]) -> UnitMoments:
    """Return the moments of each unit."""
    return moments_by_unit(scale_scores(answers, INSTRUMENT), units, int(units.max()) + 1, SPECS)


def on_map(pairs: list[tuple[int, int]]) -> Moments:
    """Return the moments of people with these answers on tactical and adaptive."""
    (made,) = moments_by_unit(np.array(pairs).reshape(-1, 2), np.zeros(len(pairs), dtype=np.int32), 1, MAP)
    return made


def test_parts_add_up_to_the_gap_exactly() -> None:
    """For every unit of a company the six parts sum to the difference of its index and the rest's, as fractions."""
    units = groups(*company(12, 7))
    everybody = together(units, SPECS)
    for unit in units:
        rest = everybody - unit
        split = contributions(unit, rest, INDEX)
        assert sum(split.parts.values()) == split.gap == unit.mean(INDEX) - rest.mean(INDEX)


def test_nothing_is_removed_where_weights_do_not_cancel() -> None:
    """A composite whose weights do not sum to zero keeps its parts as they are."""
    units = groups(*company(2, 7))
    adaptive = Measure.scale("adaptive")
    split = contributions(units[0], units[1], adaptive)
    assert split.shift == 0
    assert split.parts == {"adaptive": split.gap}


def test_the_weakest_motive_of_a_unit_like_all_others_is_seldom_named() -> None:
    """Where no unit differs from another, at most five units in a hundred are given a weakest motive or facet."""
    random = np.random.default_rng(4)
    named: Counter[bool] = Counter()
    for _ in range(8):
        units = np.repeat(np.arange(100, dtype=np.int32), random.integers(5, 16, 100))
        answers = np.clip(np.rint(4 + random.normal(size=(len(units), len(INSTRUMENT.items))) * 1.3), 1, 7)
        made = groups(answers.astype(np.uint8), units)
        pooled, everybody = within(made, SPECS), together(made, SPECS)
        for unit in made:
            named[weakest_motive(unit, everybody - unit, pooled, INSTRUMENT) != ""] += 1
            named[weakest_facet(unit, everybody - unit, pooled, INSTRUMENT) != ""] += 1
    assert named[True] / named.total() < 0.05


def test_a_facet_that_is_clearly_low_is_named() -> None:
    """A unit whose answers to one facet are far below the others' gets that facet."""
    answers, units = company(12, 12)
    place_of = {item.id: position for position, item in enumerate(INSTRUMENT.items)}
    for item in INSTRUMENT.items_of("persistence"):
        answers[units == 3, place_of[item.id]] = 1
    made = groups(answers, units)
    assert weakest_facet(made[3], together(made, SPECS) - made[3], within(made, SPECS), INSTRUMENT) == "persistence"


def test_no_weakest_without_something_to_judge_by() -> None:
    """Nobody in the unit or the rest, no pool, no scales, or no spread: none stands out."""
    units = groups(*company(3, 12))
    pooled, empty = within(units, SPECS), units[0] - units[0]
    flat = within([on_map([(4, 4), (4, 5)])], MAP)
    signs = {"tactical": 1}
    assert weakest_motive(units[0], units[1], NO_POOL, INSTRUMENT) == ""
    assert weakest_motive(empty, units[1], pooled, INSTRUMENT) == ""
    assert weakest_motive(units[0], empty, pooled, INSTRUMENT) == ""
    assert weakest(units[0], units[1], pooled, {}, centred=False) == ""
    assert weakest(on_map([(1, 4)]), on_map([(4, 4)]), flat, signs, centred=False) == ""


def test_a_single_scale_can_stand_out() -> None:
    """With one scale there is no second weakest to lie below."""
    many = on_map([(4, 4), (5, 3), (3, 5)] * 20)
    low = on_map([(1, 4), (2, 3), (1, 5)] * 5)
    assert weakest(low, many, within([many, low], MAP), {"tactical": 1}, centred=False) == "tactical"


def test_scales_that_go_together_are_told_apart_more_easily() -> None:
    """The lead of the weakest over the second is judged by the spread of their difference, not of each alone."""
    random = np.random.default_rng(8)
    drive = random.normal(5, 0.8, size=80)
    scores = np.rint(np.column_stack([drive, drive + random.normal(0, 0.2, size=80)]) * 100).astype(np.int64)
    scores[:12] -= [200, 150]
    fine = tuple(spec._replace(denominator=100) for spec in MAP)
    unit, rest = moments_by_unit(scores, (np.arange(80) >= 12).astype(np.int32), 2, fine)
    signs = {"tactical": 1, "adaptive": 1}
    assert weakest(unit, rest, within([unit, rest], fine), signs, centred=False) == "tactical"


def test_intervals_cover_the_truth() -> None:
    """Of units of 5 to 15 people 93 to 97 of 100 intervals hold the unit's true mean, below ten people and above."""
    random = np.random.default_rng(11)
    covered: dict[str, list[bool]] = {"own": [], "pooled": []}
    for _ in range(20):
        sizes = random.integers(5, 16, 100)
        units = np.repeat(np.arange(100, dtype=np.int32), sizes)
        shares = random.dirichlet([2, 4, 6, 8, 6, 4, 2], size=100)
        truth = shares @ np.arange(1, 8)
        scores = np.array([[random.choice(7, p=shares[unit]) + 1] for unit in units])
        made = moments_by_unit(scores, units, 100, MAP[:1])
        pooled = within(made, MAP[:1])
        for unit, mean in zip(made, truth, strict=True):
            summary = summarise(unit, "tactical", pooled)
            assert isinstance(summary, Summary)
            assert isinstance(summary.interval, Interval)
            covered[summary.interval.basis].append(summary.interval.low <= mean <= summary.interval.high)
    for basis, hits in covered.items():
        assert 0.93 <= sum(hits) / len(hits) <= 0.97, basis


def test_two_pools_are_compared_on_the_smaller_ones_freedom() -> None:
    """Small groups of two waves rest on each wave's own pool; the degrees of freedom are the smaller pool's."""
    now, before = groups(*company(9, 6, seed=1)), groups(*company(5, 6, seed=2))
    made = compare(Side(now[0], within(now, SPECS)), Side(before[0], within(before, SPECS)), INDEX)
    assert isinstance(made, Comparison)
    assert made.interval.basis == "pooled"
    assert made.interval.df == 25
    assert made.g_interval[0] < made.g < made.g_interval[1]


def test_a_comparison_says_why_it_cannot_be_made() -> None:
    """An empty side, a missing pool and answers without any difference are reasons, not numbers."""
    many = on_map([(4, 4), (5, 3), (3, 5)] * 5)
    same = on_map([(4, 4)] * 12)
    assert compare(Side(many, NO_POOL), Side(many - many, NO_POOL), "tactical") == NOBODY
    assert compare(Side(on_map([(4, 4)]), NO_POOL), Side(many, NO_POOL), "tactical") == NO_POOL
    assert compare(Side(same, NO_POOL), Side(same, NO_POOL), "tactical") == NO_SPREAD


def test_where_nothing_changed_at_most_one_family_in_twenty_says_so() -> None:
    """In companies without any difference, a word is given in at most about five publications of a hundred."""
    told = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        units = np.repeat(np.arange(20, dtype=np.int32), random.integers(5, 16, 20))
        scores = np.clip(np.rint(4 + random.normal(size=(len(units), 2)) * 1.3), 1, 7).astype(np.int64)
        made = moments_by_unit(scores, units, 20, MAP)
        pooled, everybody = within(made, MAP), together(made, MAP)
        found = [compare(Side(unit, pooled), Side(everybody - unit, pooled), "tactical") for unit in made]
        shown = [comparison for comparison in found if isinstance(comparison, Comparison)]
        adjusted = adjust([comparison.p for comparison in shown])
        words = [verdict(one.interval, p) for one, p in zip(shown, adjusted, strict=True)]
        told += any(word != "no detectable difference" for word in words)
    assert told <= 10


def test_only_sums_give_a_pooled_interval_and_no_own_spread() -> None:
    """Where a record has no cross-products a unit of any size gets the company's spread."""
    units = groups(*company(3, 12))
    made = summarise(replace(units[0], products=None), "play", within(units, SPECS))
    assert isinstance(made, Summary)
    assert made.sd == ONLY_SUMS
    assert made.low is not None
    assert made.high is not None
    assert made.low < made.mean < made.high


def test_a_unit_is_placed_by_its_own_spread_from_ten_people() -> None:
    """Ten people and more have their own region; fewer have the company's."""
    many, few = on_map([(5, 3), (6, 4), (5, 4), (4, 3), (6, 3)] * 2), on_map([(5, 3), (6, 4)])
    pooled = within([many, few], MAP)
    assert isinstance(pooled, Within)
    own, shared = place(many, NO_POOL), place(few, pooled)
    assert isinstance(own, Placed)
    assert isinstance(shared, Placed)
    assert (own.position.tactical, own.position.adaptive) == (5.2, 3.4)
    assert own.position.error_tactical == pytest.approx((float(many.variance("tactical")) / 10) ** 0.5)
    assert shared.position.error_tactical == pytest.approx((pooled.variance("tactical") / 2) ** 0.5)
    assert own.region.radius_major >= own.region.radius_minor > 0


def test_a_unit_that_answers_alike_is_placed_by_the_pooled_spread() -> None:
    """Ten equal answers do not make a region of no size: the company's spread is used."""
    same, others = on_map([(5, 3)] * 10), on_map([(5, 3), (6, 4), (5, 4), (4, 3)])
    pooled = within([same, others], MAP)
    made = place(same, pooled)
    assert isinstance(made, Placed)
    assert made.position.error_adaptive > 0
    assert place(same, NO_POOL) == NO_POOL
    assert place(same, within([same], MAP)) == FLAT
    assert place(same - same, pooled) == NOBODY
    assert place(on_map([(5, 3), (6, 4)]), within([on_map([(5, 3), (6, 4)])], MAP)) == FLAT


def below(h: float, k: float, r: float) -> float:
    """Return one probability."""
    return float(normal_below(np.array([[h, k]]), np.array([r]))[0])


def test_normal_probabilities_at_the_axes() -> None:
    """On the axes, where Owen's formula divides by zero, the integral is still right."""
    assert below(0.0, 0.0, 0.0) == pytest.approx(0.25)
    assert below(0.0, 9.0, 0.3) == pytest.approx(0.5)
    assert below(0.0, -9.0, 0.3) == pytest.approx(0.0, abs=1e-12)
    assert below(9.0, 0.0, -0.3) == pytest.approx(0.5)
    assert below(-9.0, 0.0, -0.3) == pytest.approx(0.0, abs=1e-12)
    assert below(0.0, 1.0, 0.0) == pytest.approx(0.5 * 0.8413447460685429)


@pytest.mark.parametrize("position", [Position(4, 4, 0, 1, 0), Position(4, 4, 1, 0, 0), Position(4, 4, 1, 1, 1.0)])
def test_a_position_without_uncertainty_has_no_probabilities(position: Position) -> None:
    """Standard errors of 0 and perfect correlation are refused."""
    with pytest.raises(ValueError, match="standard errors above 0"):
        probabilities(position)


def test_a_region_needs_freedom() -> None:
    """One degree of freedom gives no region of two means."""
    with pytest.raises(ValueError, match="more than one degree"):
        region((0.1, 0.1, 0.0), 1)


def test_the_region_covers_nineteen_of_twenty() -> None:
    """Of simulated units of twelve, about 95 % have their true position inside their region."""
    random = np.random.default_rng(5)
    inside = 0
    for _ in range(2000):
        sample = random.multivariate_normal([0, 0], [[1.0, 0.5], [0.5, 2.0]], size=12)
        covariance = np.cov(sample, rowvar=False) / 12
        shape = region((covariance[0, 0], covariance[1, 1], covariance[0, 1]), 11)
        turn = np.radians(-shape.angle)
        x, y = -sample.mean(axis=0)
        along, across = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
        inside += (along / shape.radius_major) ** 2 + (across / shape.radius_minor) ** 2 <= 1
    assert 0.93 < inside / 2000 < 0.97
