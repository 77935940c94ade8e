"""Ends of ranges, empty requests and whole sentences: what a small slip in scoring would change first."""

from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from survey.instruments.answers import SKIPPED
from survey.scoring.base import one_base
from survey.scoring.columns import columns, exact_dtype, item_values, scale_scores, smallest_dtype
from survey.scoring.comparison import Verdict, verdict
from survey.scoring.index import check_signs, rescale, total_motivation
from survey.scoring.regression import bites
from survey.scoring.summaries import Interval
from tests.unit.scoring_data import INSTRUMENT, without_motives


def test_all_noughts_count() -> None:
    """Who answers 0 everywhere, where 0 is an answer, has answered."""
    assert one_base(np.zeros((1, 3), dtype=np.uint8), without_motives()).tolist() == [True]


def test_both_ends_of_a_range_are_scores() -> None:
    """The lowest answer becomes the lowest score of the other range, the highest the highest."""
    assert [rescale(Fraction(end), (1, 5)) for end in (1, 5)] == [1, 7]
    assert rescale(Fraction(0), (0, 6), (-100, 100)) == -100


def test_an_index_of_the_wrong_motives_says_both_lists() -> None:
    """What the index needs and what it got are both named, so that the missing motive is found at once."""
    assert INSTRUMENT.index is not None
    needs = "play, purpose, potential, emotional_pressure, economic_pressure, inertia"
    with pytest.raises(ValueError, match=f"^the index needs {needs}, and got play, luck$"):
        total_motivation({"play": 3, "luck": 3}, INSTRUMENT.index)


@pytest.mark.parametrize("motive", ["play", "inertia"])
def test_a_motive_without_weight_is_refused(motive: str) -> None:
    """A weight of nought has the wrong sign on either side: the motive would be asked for nothing."""
    assert INSTRUMENT.index is not None
    with pytest.raises(ValueError, match=f"^{motive} is .*: its weight 0 has the wrong sign$"):
        check_signs(INSTRUMENT, replace(INSTRUMENT.index, weights={**INSTRUMENT.index.weights, motive: "0"}))


def test_a_scale_with_facets_can_be_had_from_half_of_them() -> None:
    """Three of five facets are enough for adaptive performance, however few of its items were asked; two are not."""
    half_of_three = {"creativity_1", "persistence_2", "citizenship_1"}
    assert "adaptive" in [spec.scale for spec in columns(INSTRUMENT, half_of_three)]
    assert "adaptive" not in [spec.scale for spec in columns(INSTRUMENT, half_of_three - {"citizenship_1"})]


def test_nought_is_a_score() -> None:
    """On ranges that begin at 0, a facet of 0 counts in its scale as any other answer does."""
    motives = {scale.id for scale in INSTRUMENT.motives}
    items = tuple(item if item.scale in motives else replace(item, min=0, max=6) for item in INSTRUMENT.items)
    worded = tuple(
        replace(scale, labels={str(int(at) - (scale.id == "frequency")): said for at, said in scale.labels.items()})
        for scale in INSTRUMENT.answer_scales
    )
    other = replace(INSTRUMENT, items=items, answer_scales=worded)
    answers = np.full((1, len(items)), 5, dtype=np.uint8)
    answers[0, [item.scale == "creativity" for item in items]] = 0
    (adaptive,) = (spec for spec in columns(INSTRUMENT) if spec.scale == "adaptive")
    assert scale_scores(answers, other, [adaptive])[0, 0] == adaptive.denominator * (0 + 4 * 5) // 5


@pytest.mark.parametrize(
    ("largest", "dtype"),
    [(2**15 - 1, np.int16), (2**15, np.int32), (2**31 - 1, np.int32), (2**31, np.int64), (2**62 - 1, np.int64)],
)
def test_scores_take_no_more_room_than_they_need(largest: int, dtype: type) -> None:
    """The smallest integers that hold the largest score are taken, Python's own only from 2^62 on."""
    assert smallest_dtype(largest) is dtype
    assert exact_dtype(largest) is np.int64
    assert smallest_dtype(2**62) is exact_dtype(2**62) is object


def test_no_scale_asked_for_is_no_column() -> None:
    """Whoever wants no scale gets a table without columns, a row a response."""
    assert scale_scores(np.full((3, len(INSTRUMENT.items)), 4, dtype=np.uint8), INSTRUMENT, []).shape == (3, 0)


def test_skipped_items_have_no_value() -> None:
    """Item values are the answers as numbers, and nothing at all where an item was skipped."""
    answers = np.full((2, len(INSTRUMENT.items)), 4, dtype=np.uint8)
    answers[1, [item.id for item in INSTRUMENT.items].index("tactical_2")] = SKIPPED
    shown = item_values(answers, INSTRUMENT, "tactical")
    assert shown[0].tolist() == [4.0] * 5
    assert np.isnan(shown).tolist() == [[False] * 5, [False, True, False, False, False]]


@pytest.mark.parametrize(("expected", "change", "said"), [(6.0, 0.0, False), (2.0, 0.25, True), (-2.0, -0.25, True)])
def test_what_was_to_be_expected_is_said_of_the_smallest_change(
    expected: float,
    change: float,
    said: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """However small a change is, what was to be expected is said where it goes the same way; of no change it is not."""
    assert bites(expected, change) is said


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.0, 3.0, "no detectable difference"),
        (-3.0, 0.0, "no detectable difference"),
        (0.01, 3.0, "higher"),
        (-3.0, -0.01, "lower"),
    ],
)
def test_an_interval_that_touches_nought_gives_no_word(low: float, high: float, word: Verdict) -> None:
    """A word needs an interval that leaves out 0, by however little, and an adjusted p of .05 or less."""
    assert verdict(Interval(low, high, 30, "own"), 0.05) == word
