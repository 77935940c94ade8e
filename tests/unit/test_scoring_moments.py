from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.instruments.model import Instrument, Item
from survey.scoring.answers import AnswerTable
from survey.scoring.base import one_base, practice_base
from survey.scoring.columns import ColumnSpec, columns, item_values, scale_scores
from survey.scoring.index import index_measure
from survey.scoring.moments import Moments, moments_by_unit, nothing, together
from survey.scoring.practices import practice_moments
from survey.scoring.within import NO_POOL, Within, within

INSTRUMENT = builtin()
SPECS = columns(INSTRUMENT)


def answers_of(n: int, seed: int, instrument: Instrument = INSTRUMENT) -> NDArray[np.uint8]:
    """Return `n` complete responses."""
    drawn = np.random.default_rng(seed).integers(1, 8, size=(n, len(instrument.items)))
    return drawn.astype(np.uint8)


def long_scale() -> Instrument:
    """Return W-SDI with one more scale of 47 items, too long for 64-bit sums."""
    base = builtin("w-sdi")
    scale = replace(base.scales[0], id="long", kind="outcome", direction="")
    items = tuple(Item(id=f"long_{number}", scale="long", reverse=number == 0) for number in range(47))
    return replace(base, scales=(*base.scales, scale), items=(*base.items, *items))


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 60), cuts=st.lists(st.integers(0, 60), max_size=4), seed=st.integers(0, 999))
def test_children_add_up_to_their_parent_exactly(n: int, cuts: list[int], seed: int) -> None:
    """However a group is split into units, their moments add up to those of the group, to the last digit."""
    scores = scale_scores(answers_of(n, seed), INSTRUMENT)
    units = np.searchsorted(sorted(cuts), np.arange(n), side="right").astype(np.int32)
    parts = moments_by_unit(scores, units, len(cuts) + 1, SPECS)
    (whole,) = moments_by_unit(scores, np.zeros(n, dtype=np.int32), 1, SPECS)
    added = together(parts, SPECS)
    assert added.n == n
    assert added.totals.tolist() == whole.totals.tolist()
    assert added.products is not None
    assert whole.products is not None
    assert added.products.tolist() == whole.products.tolist()
    rest = whole - parts[0]
    assert rest.totals.tolist() == together(parts[1:], SPECS).totals.tolist()


@settings(max_examples=20, deadline=None)
@given(n=st.integers(2, 40), seed=st.integers(0, 999))
def test_moments_give_the_mean_and_variance_of_the_people(n: int, seed: int) -> None:
    """Mean and variance from moments are those of each person's own index and scale scores."""
    answers = answers_of(n, seed)
    (group,) = moments_by_unit(scale_scores(answers, INSTRUMENT), np.zeros(n, dtype=np.int32), 1, SPECS)
    weights = np.array([10, 5, 5 / 3, -5 / 3, -5, -10])
    place = [[item.id for item in INSTRUMENT.items].index(scale.id) for scale in INSTRUMENT.motives]
    own = answers[:, place].astype(float) @ weights
    index = index_measure(INSTRUMENT, SPECS)
    assert float(group.mean(index)) == pytest.approx(own.mean(), abs=1e-9)
    assert float(group.variance(index)) == pytest.approx(own.var(ddof=1), rel=1e-9)
    adaptive = item_values(answers, INSTRUMENT, "adaptive").mean(axis=1)
    assert float(group.mean("adaptive")) == pytest.approx(adaptive.mean(), abs=1e-12)
    assert float(group.covariance("adaptive", index)) == pytest.approx(np.cov(adaptive, own)[0, 1], rel=1e-9, abs=1e-9)
    pooled = within([group], SPECS)
    assert isinstance(pooled, Within)
    assert pooled.variance("adaptive") == pytest.approx(adaptive.var(ddof=1), rel=1e-9)
    assert pooled.covariance("adaptive", index) == pytest.approx(np.cov(adaptive, own)[0, 1], rel=1e-9, abs=1e-9)


def test_the_order_of_responses_changes_nothing() -> None:
    """Moments of shuffled responses are the same integers."""
    scores, units = scale_scores(answers_of(50, 1), INSTRUMENT), np.arange(50, dtype=np.int32) % 7
    order = np.random.default_rng(2).permutation(50)
    for one, other in zip(
        moments_by_unit(scores, units, 7, SPECS), moments_by_unit(scores[order], units[order], 7, SPECS), strict=True
    ):
        assert one.totals.tolist() == other.totals.tolist()


def test_long_scales_do_not_overflow() -> None:
    """Where 64 bits would overflow, sums are Python's integers and still exact."""
    instrument = long_scale()
    specs = columns(instrument)
    answers = np.full((3, len(instrument.items)), 7, dtype=np.uint8)
    scores = scale_scores(answers, instrument)
    assert scores.dtype == object
    (group,) = moments_by_unit(scores, np.zeros(3, dtype=np.int32), 1, specs)
    # The first item is reverse-keyed: 46 answers of 7 and one of 1.
    assert group.mean("long") == Fraction(46 * 7 + 1, 47)
    assert group.variance("long") == 0
    assert (group + group).mean("long") == group.mean("long")
    assert float(group.scatter()[-1, -1]) == 0.0


def test_large_sums_leave_sixty_four_bits_in_time() -> None:
    """Adding groups whose squares would pass 64 bits goes over to Python's integers by itself."""
    spec = (ColumnSpec("adaptive", 2520, 1, 7),)
    score = 7 * 2520
    people = 10**10
    group = Moments(
        people, np.array([score * people], dtype=object), np.array([[score**2 * people]], dtype=object), spec
    )
    both = group + group
    assert both.variance("adaptive") == 0
    assert both.totals.dtype == object
    assert float(both.scatter()[0, 0]) == 0.0


def test_reverse_keyed_items_are_turned_and_motives_are_not() -> None:
    """A reverse-keyed item counts as min + max - answer; an indirect motive counts as answered."""
    items = tuple(replace(item, reverse=item.id == "creativity_2") for item in INSTRUMENT.items)
    turned = replace(INSTRUMENT, items=items)
    answers = np.full((1, len(items)), 2, dtype=np.uint8)
    scores = dict(zip((spec.scale for spec in SPECS), scale_scores(answers, turned)[0].tolist(), strict=True))
    assert scores["creativity"] == 2 + 6
    assert scores["inertia"] == 2


def test_required_items_must_be_answered() -> None:
    """An item that the instrument calls required sets a response aside where it was asked and skipped."""
    items = tuple(replace(item, required=item.id == "tactical_5") for item in INSTRUMENT.items)
    strict = replace(INSTRUMENT, items=items)
    answers = np.full((2, len(items)), 4, dtype=np.uint8)
    answers[1, [item.id for item in items].index("tactical_5")] = SKIPPED
    assert one_base(answers, strict).tolist() == [True, False]
    assert one_base(answers, INSTRUMENT).tolist() == [True, True]
    assert one_base(answers, strict, {"play", "inertia"}).tolist() == [True, True]


def test_practices_have_their_own_base() -> None:
    """A practice's mean rests on those of the one base who answered it; skipping it sets nobody aside."""
    answers = np.full((4, len(INSTRUMENT.items)), 4, dtype=np.uint8)
    places = {item.id: place for place, item in enumerate(INSTRUMENT.items)}
    answers[:, places["stand_ups"]] = [6, SKIPPED, 7, 2]
    answers[3, places["play"]] = SKIPPED
    base = one_base(answers, INSTRUMENT)
    assert base.tolist() == [True, True, True, False]
    assert practice_base(answers, INSTRUMENT, base)["stand_ups"].tolist() == [True, False, True, False]
    made = practice_moments(answers, np.array([0, 0, 1, 1], dtype=np.int32), 3, INSTRUMENT, base)
    assert [group.n for group in made["stand_ups"]] == [1, 1, 0]
    assert [int(group.totals[0]) for group in made["stand_ups"]] == [6, 7, 0]


def test_moments_refuse_what_does_not_fit() -> None:
    """Wrong shapes, other columns, taking away more than there is, unscored rows and unknown units are errors."""
    play, purpose = (ColumnSpec("play", 1, 1, 7),), (ColumnSpec("purpose", 1, 1, 7),)
    with pytest.raises(ValueError, match="1 totals"):
        Moments(1, np.array([4, 4]), None, play)
    with pytest.raises(ValueError, match="1 x 1 products"):
        Moments(1, np.array([4]), np.array([[1, 2]]), play)
    with pytest.raises(ValueError, match="same columns"):
        nothing(play) + nothing(purpose)
    with pytest.raises(ValueError, match="cannot be taken"):
        nothing(play) - Moments(1, np.array([4]), None, play)
    with pytest.raises(ValueError, match="one base"):
        moments_by_unit(np.array([[-1]]), np.array([0], dtype=np.int32), 1, play)
    with pytest.raises(ValueError, match="outside 0 to 0"):
        moments_by_unit(np.array([[4]]), np.array([1], dtype=np.int32), 1, play)


def test_a_spread_needs_people_and_products() -> None:
    """No mean of nobody, no variance of one, none where only sums are known."""
    play = (ColumnSpec("play", 1, 1, 7),)
    one = Moments(1, np.array([4]), np.array([[16]]), play)
    sums = Moments(3, np.array([12]), None, play)
    with pytest.raises(ValueError, match="no mean"):
        nothing(play).mean("play")
    with pytest.raises(ValueError, match="two people"):
        one.variance("play")
    with pytest.raises(ValueError, match="cross-products"):
        sums.variance("play")
    with pytest.raises(ValueError, match="cross-products"):
        sums.scatter()
    assert (sums + one).products is None
    assert within([one, nothing(play)], play) == NO_POOL


def test_nobody_at_all_is_no_error() -> None:
    """A wave without a response has units with n = 0."""
    empty = np.zeros((0, len(INSTRUMENT.items)), dtype=np.uint8)
    groups = moments_by_unit(scale_scores(empty, INSTRUMENT), np.zeros(0, dtype=np.int32), 2, SPECS)
    assert [group.n for group in groups] == [0, 0]


@pytest.mark.parametrize("fault", ["shape", "range"])
def test_a_table_of_answers_fits_its_instrument(fault: str) -> None:
    """A table with another number of items, or an answer outside its item's range, cannot be made."""
    answers: NDArray[Any] = np.full((2, len(INSTRUMENT.items)), 4, dtype=np.uint8)
    if fault == "shape":
        answers = answers[:, :-1]
    else:
        answers[0, 0] = 8
    with pytest.raises(ValueError, match=r"do not fit|lies outside 1 to 7"):
        AnswerTable(INSTRUMENT, answers, np.zeros(2, dtype=np.int32))


def test_a_table_is_made_of_answer_vectors() -> None:
    """Rows are responses in order, columns the instrument's items; skipped answers stay skipped."""
    width = len(INSTRUMENT.items)
    table = AnswerTable.of(INSTRUMENT, [bytes([4] * width), bytes([SKIPPED] * width)], [1, 0])
    assert len(table) == 2
    assert table.answers[:, 0].tolist() == [4, SKIPPED]
    assert table.units.tolist() == [1, 0]
    assert len(AnswerTable.of(INSTRUMENT, [], [])) == 0


def test_columns_leave_out_what_was_not_asked() -> None:
    """A wave that asks some items has only the columns that can meet the half rule."""
    asked = {"play", "creativity_1", "tactical_1", "tactical_2"}
    assert [spec.scale for spec in columns(INSTRUMENT, asked)] == ["play", "creativity"]
    assert not any(spec.scale == "stand_ups" for spec in SPECS)
    order = [spec.scale for spec in SPECS]
    assert order[:6] == [scale.id for scale in INSTRUMENT.motives]
    assert all(one != other for one, other in pairwise(order))
