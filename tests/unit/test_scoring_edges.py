"""Ends of ranges, empty requests and whole sentences: what a small slip in scoring would change first."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Composite
from survey.scoring.base import one_base
from survey.scoring.columns import ColumnSpec, columns, exact_dtype, item_values, scale_scores, smallest_dtype
from survey.scoring.comparison import TOO_FEW, Comparison, Mean, Side, Verdict, compare, compare_means, verdict
from survey.scoring.effects import detectable, hedges
from survey.scoring.index import check_signs, rescale, total_motivation
from survey.scoring.measure import composite, on_range, twin
from survey.scoring.moments import Moments, moments_by_unit, nothing
from survey.scoring.regression import bites
from survey.scoring.summaries import Interval, MeanError, Summary, summarise
from survey.scoring.within import NO_POOL
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


def test_a_scale_is_brought_to_any_range_by_a_worked_number() -> None:
    """Twice a score s on 1..5, brought to 10..30, is 2 (10 + 5 (s - 1)) = 10 s + 10, with weight and constant exact."""
    five = [ColumnSpec("play", 1, 1, 5), ColumnSpec("luck", 1, 0, 4)]
    made = on_range("raised", {"play": Fraction(2)}, five, (10, 30))
    assert (made.weights, made.constant) == ((("play", Fraction(10)),), Fraction(10))
    both = on_range("both", {"play": Fraction(2), "luck": Fraction(-1)}, five, (10, 30))
    assert (dict(both.weights), both.constant) == ({"play": Fraction(10), "luck": Fraction(-5)}, Fraction(0))
    with pytest.raises(ValueError, match=r"^both weighs scales that were not asked: luck, play$"):
        on_range("both", {"play": Fraction(2), "luck": Fraction(-1)}, [])


def test_a_composite_is_brought_to_its_own_range() -> None:
    """A composite on 0..100 of a scale on 1..5 is 25 s - 25, whatever the range of others; the twin has its name."""
    whole = Composite(id="whole", name={}, weights={"play": "1"}, low=0, high=100, rescale=(0, 100))
    made = composite(whole, [ColumnSpec("play", 1, 1, 5)])
    assert (made.name, made.weights, made.constant) == ("whole", (("play", Fraction(25)),), Fraction(-25))
    assert twin(INSTRUMENT, columns(INSTRUMENT)).name == "twin"


def test_the_company_s_spread_is_shared_by_people_less_one() -> None:
    """Two pooled sides of one and three people: variance (1 x 4 + 2 x 9) / 3, freedom of the smaller pool."""
    first, second = Mean(1, 5.0, MeanError(4.0, 10, "pooled")), Mean(3, 2.0, MeanError(3.0, 20, "pooled"))
    made = compare_means(first, second)
    assert isinstance(made, Comparison)
    assert made.g == pytest.approx(hedges(3 / (22 / 3) ** 0.5, 10))
    assert (made.interval.df, made.interval.basis) == (10, "pooled")
    assert made.detectable == pytest.approx(detectable(7**0.5, 10))
    assert made.t == pytest.approx(3 / 7**0.5)


def test_two_degrees_of_freedom_are_enough_to_compare() -> None:
    """Two people a side leave two degrees of freedom; one and two people leave one, which judges nothing."""
    pair, one = Mean(2, 5.0, MeanError(0.5, 1, "own")), Mean(1, 2.0, MeanError(0.5, 1, "own"))
    assert isinstance(compare_means(pair, Mean(2, 2.0, pair.error)), Comparison)
    assert compare_means(pair, one) == TOO_FEW


def test_from_how_many_people_on_a_spread_is_their_own_can_be_said() -> None:
    """Summary and comparison ask for the own spread of as many people as the caller says."""
    play = (ColumnSpec("play", 1, 1, 7),)
    three, other = moments_by_unit(
        np.array([[3], [4], [6], [2], [5], [4]]), np.repeat([0, 1], 3).astype(np.int32), 2, play
    )
    made = summarise(three, "play", NO_POOL, 3)
    assert isinstance(made, Summary)
    assert isinstance(made.interval, Interval)
    assert made.interval.basis == "own"
    assert isinstance(compare(Side(three, NO_POOL), Side(other, NO_POOL), "play", 3), Comparison)
    assert compare(Side(three, NO_POOL), Side(other, NO_POOL), "play", 4) == NO_POOL


def test_what_moments_refuse_is_said_in_whole_sentences() -> None:
    """Other columns, nobody, one person, sums alone, rows that are not of the one base, more than there are."""
    play, luck = (ColumnSpec("play", 1, 1, 7),), (ColumnSpec("luck", 1, 1, 7),)
    sums = Moments(3, np.array([12]), None, play)
    refused: list[tuple[str, Callable[[], object]]] = [
        ("only moments of the same columns add up", lambda: nothing(play) + nothing(luck)),
        ("an empty group has no mean", lambda: nothing(play).mean("play")),
        ("a spread needs two people and their cross-products", lambda: sums.variance("play")),
        ("a spread needs cross-products", sums.scatter),
        ("3 people cannot be taken from 0", lambda: nothing(play) - sums),
        (
            "only responses of the one base have moments",
            lambda: moments_by_unit(np.array([[-1]]), np.zeros(1, dtype=np.int32), 1, play),
        ),
    ]
    for sentence, attempt in refused:
        with pytest.raises(ValueError, match=f"^{sentence}$"):
            attempt()
