"""Scales and marks of carelessness at their limits: two halves, gaps, exactly enough questions, nothing in common."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.scoring import careless, reliability
from survey.scoring.base import one_base
from survey.scoring.careless import distance, even_odd, variability
from survey.scoring.estimable import NotEstimable
from survey.scoring.files import read_answers
from survey.scoring.item_rest import REST_ALIKE, ItemRest, item_rest
from survey.scoring.marks import marks
from survey.scoring.omega import FEWER_THAN_ITEMS, Omega, omega
from survey.scoring.quality import SHORT, long_strings, straight_is_nought, straight_liners, string_cut, unusual
from survey.scoring.reliability import Consistency, alpha, reliabilities, spearman_brown
from tests.unit.scoring_data import INSTRUMENT, company

Table = NDArray[np.float64]
GAP = np.nan


def test_every_scale_of_two_items_has_a_coefficient_of_those_who_answered() -> None:
    """Scales of one item have none; a coefficient says how many complete answers it rests on."""
    answers, _ = company(20, 10)
    answers[3, [item.id for item in INSTRUMENT.items].index("tactical_2")] = SKIPPED
    found = reliabilities(answers, INSTRUMENT, one_base(answers, INSTRUMENT))
    facets = [scale.id for scale in INSTRUMENT.scales if scale.kind == "facet"]
    assert sorted(found) == sorted(["adaptive", "tactical", *facets])
    people = {scale: each.n for scale, each in found.items() if isinstance(each, Consistency)}
    assert people == {**dict.fromkeys(found, 200), "tactical": 199}


def test_items_that_do_not_go_together_at_all_have_nothing_in_common() -> None:
    """A correlation of exactly 0 is no consistency of 0: two such items have nothing to measure."""
    assert spearman_brown(np.array([[0.0, 0], [0, 2], [2, 0], [2, 2]] * 3)) == reliability.APART


def test_omega_shows_the_model_it_comes_from() -> None:
    """Of three items loading^2 + residual is each item's variance (n in the denominator), products their covariance."""
    random = np.random.default_rng(2)
    values = random.normal(size=(60, 1)) + random.normal(size=(60, 3))
    found = omega(values)
    assert isinstance(found, Omega)
    loadings, covariances = np.array(found.loadings), np.atleast_2d(np.cov(values, rowvar=False, ddof=0))
    assert np.outer(loadings, loadings) + np.diag(found.residuals) == pytest.approx(covariances, rel=1e-9)
    assert found.value == pytest.approx(loadings.sum() ** 2 / covariances.sum(), rel=1e-9)
    assert found.n == 60


def test_as_many_people_as_items_are_too_few_for_omega() -> None:
    """Twelve people and twelve items leave nothing to tell a common core by; thirteen people do."""
    random = np.random.default_rng(3)
    values = random.normal(size=(13, 1)) * 3 + random.normal(size=(13, 12))
    assert omega(values[:12]) == FEWER_THAN_ITEMS
    assert omega(values) != FEWER_THAN_ITEMS


def test_items_that_cancel_but_for_rounding_say_so() -> None:
    """Where the others add up to the same but for the last digit, that digit is no answer to go together with."""
    up = np.arange(12.0) / 3
    others = np.column_stack([up, up * 0.7, 5.3 - 1.7 * up])
    assert np.ptp(others.sum(axis=1)) > 0
    found = item_rest(np.column_stack([np.arange(12.0) % 5, others]))
    assert not isinstance(found, NotEstimable)
    assert found[0] == ItemRest(REST_ALIKE, REST_ALIKE)
    rest = alpha(np.column_stack([np.arange(12.0) % 5, others[:, :2]]))
    assert isinstance(rest, Consistency)
    assert found[3].without == rest.value


def test_two_answers_have_a_spread() -> None:
    """The standard deviation of two answers is that of the two, wherever the gaps lie."""
    assert variability(np.array([[1.0, GAP, 3], [GAP, 5, 5]])) == pytest.approx((2**0.5, 0.0))


def test_two_scales_can_be_compared() -> None:
    """Two scales always rise together, or cross: -1 or 1 exactly, never beyond for rounding."""
    values = np.random.default_rng(1).uniform(1, 7, (2000, 8))
    found = even_odd(values, [4, 4])
    assert {round(each, 9) for each in found if each is not None} == {-1.0, 1.0}
    assert all(each is not None and -1 <= each <= 1 for each in found)


def test_a_scale_without_one_half_is_left_out() -> None:
    """Who skipped one half of a scale is judged by the other scales, as if that scale had not been asked."""
    random = np.random.default_rng(6)
    values = random.integers(1, 8, (40, 10)).astype(np.float64)
    gap = values.copy()
    gap[:, [1, 3]] = GAP
    assert even_odd(gap, [4, 2, 2, 2]) == pytest.approx(even_odd(values[:, 4:], [2, 2, 2]))
    some = values.copy()
    some[:, 1] = GAP
    halved = np.column_stack([values[:, [0, 2]].mean(axis=1), values[:, 3], values[:, 4:]])
    assert even_odd(some, [4, 2, 2, 2]) == pytest.approx(even_odd(halved, [2, 2, 2, 2]))


def test_distances_are_those_of_the_whole_matrix() -> None:
    """Without gaps D^2 is (x - m)' S^-1 (x - m) of all answers, and adds up to questions times people less one."""
    values = np.random.default_rng(4).normal(3, 2, (30, 4)) * [1, 10, 0.1, 3] + [0, 50, 2, -7]
    found = distance(values)
    assert not isinstance(found, NotEstimable)
    off = values - values.mean(axis=0)
    assert found == pytest.approx(np.diag(off @ np.linalg.inv(np.cov(values, rowvar=False)) @ off.T).tolist())
    assert sum(each for each in found if each is not None) == pytest.approx(4 * 29)
    assert distance(np.column_stack([values, np.r_[np.full(29, GAP), 1.0]])) == careless.NO_DISTANCE
    assert distance(values[:4]) == careless.NO_DISTANCE


def test_half_of_an_even_number_of_questions_is_a_long_string() -> None:
    """Of eighteen questions nine are half, of twenty-nine fifteen."""
    assert [string_cut(builtin(name)) for name in ("w-sdi", "total-motivation")] == [9, 15]
    other = builtin("w-sdi")
    answers = np.tile(np.arange(18, dtype=np.uint8) % 7 + 1, (3, 1))
    answers[0, :9], answers[1, :8], answers[2, :9] = 5, 6, SKIPPED
    found = long_strings(answers, other)
    assert not isinstance(found, NotEstimable)
    assert found.tolist() == [True, False, False]


def test_as_many_questions_as_make_a_long_string_can_make_one() -> None:
    """With exactly fifteen questions asked the same answer to all is a long string; with fourteen nothing is one."""
    asked = [item.id for item in INSTRUMENT.items[:15]]
    answers = np.full((1, 29), SKIPPED, dtype=np.uint8)
    answers[0, :15] = 4
    found = long_strings(answers, INSTRUMENT, asked)
    assert not isinstance(found, NotEstimable)
    assert found.tolist() == [True]
    assert long_strings(answers, INSTRUMENT, asked[1:]) == SHORT


def moody(seed: int) -> NDArray[np.uint8]:
    """Return answers of 300 people who answer all questions by their mood."""
    random = np.random.default_rng(seed)
    mood = random.normal(size=(300, 1))
    return np.clip(np.rint(4 + mood + 0.6 * random.normal(size=(300, 29))), 1, 7).astype(np.uint8)


def test_practices_and_what_was_not_asked_make_nobody_unusual() -> None:
    """Only questions that were asked, and are not about practices, count; a skipped one brings nobody far off."""
    answers, practices = moody(4), [item in INSTRUMENT.practices for item in INSTRUMENT.items]
    answers[5, practices] = np.arange(sum(practices)) % 2 * 6 + 1
    plain = unusual(answers, INSTRUMENT)
    assert not isinstance(plain, NotEstimable)
    assert not plain[5]
    asked = [item.id for item in INSTRUMENT.items[:12]]
    some = answers.copy()
    some[:, 12:] = SKIPPED
    short, first = unusual(some, INSTRUMENT, asked), unusual(answers, INSTRUMENT, asked)
    assert not isinstance(short, NotEstimable)
    assert not isinstance(first, NotEstimable)
    assert short.tolist() == first.tolist()
    some[7, :6] = SKIPPED
    gap = unusual(some, INSTRUMENT, asked)
    assert not isinstance(gap, NotEstimable)
    assert not gap[7]


def test_straight_lines_are_nought_where_motives_have_one_range() -> None:
    """One answer to all motives gives 0 where they have the same range, not where one of them has another."""
    assert straight_is_nought(INSTRUMENT)
    assert straight_is_nought(builtin("w-sdi"))
    other = builtin("w-sdi")
    items = tuple(replace(item, min=0, max=9) if item.scale == "intrinsic" else item for item in other.items)
    (index,) = other.composites
    common = replace(index, rescale=(1, 7))
    assert not straight_is_nought(replace(other, items=items, composites=(common,)))
    none = np.full((1, 29), SKIPPED, dtype=np.uint8)
    assert straight_liners(none, INSTRUMENT).tolist() == [False]


@pytest.mark.parametrize(
    "names", [["creativity_1", "creativity_2", "tactical_1", "tactical_2", "tactical_4", "play"], None]
)
def test_marks_of_a_file_are_of_the_questions_it_has(names: list[str] | None) -> None:
    """Halves are those of scales with two questions and more in the file, facets and not what they make up."""
    asked = [item for item in INSTRUMENT.items if names is None or item.id in names]
    drawn = np.random.default_rng(5).integers(1, 8, (30, len(asked)))
    rows = "".join(f"A,{','.join(map(str, row))}\n" for row in drawn.tolist())
    made = marks(read_answers(f"team,{','.join(item.id for item in asked)}\n{rows}".encode(), INSTRUMENT, "team"))
    scales = [scale.id for scale in INSTRUMENT.scales if sum(item.scale == scale.id for item in asked) > 1]
    own = [[place for place, item in enumerate(asked) if item.scale == scale] for scale in scales]
    halves = drawn[:, [place for places in own for place in places]].astype(np.float64)
    assert made.even_odd == even_odd(halves, [len(places) for places in own])
    assert isinstance(made.string, NotEstimable if names else tuple)


def test_questions_that_nobody_answered_together_have_no_distance() -> None:
    """Two people must have answered any two questions: covariances of one, or of nobody, are none."""
    apart = np.array([[1.0, np.nan], [2.0, np.nan], [5.0, np.nan], [np.nan, 3.0], [np.nan, 4.0]])
    assert isinstance(distance(apart), NotEstimable)
