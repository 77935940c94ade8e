from collections import Counter

import numpy as np
import pytest

from survey.scoring.base import one_base
from survey.scoring.link import FEW_UNITS, NO_SCALES, UNRELIABLE, Link, link
from survey.scoring.quality import straight_liners
from survey.scoring.redraw import _blocks
from survey.scoring.reliability import APART, NO_VARIATION, Consistency, alpha, reliabilities, spearman_brown
from tests.unit.scoring_data import INSTRUMENT, company, without_motives


def test_reliability_is_given_for_scales_of_two_items_and_more() -> None:
    """Facets get Spearman-Brown, longer scales alpha, motives of one item and the index nothing."""
    answers, _ = company(20, 10)
    found = reliabilities(answers, INSTRUMENT, one_base(answers, INSTRUMENT))
    kinds = {scale: made.coefficient for scale, made in found.items() if isinstance(made, Consistency)}
    facets = ("creativity", "persistence", "analytical_thinking", "problem_solving", "citizenship")
    assert kinds == {"adaptive": "alpha", "tactical": "alpha", **dict.fromkeys(facets, "spearman-brown")}
    assert all(made.low < made.value < made.high <= 1 for made in found.values() if isinstance(made, Consistency))


def test_reliability_says_why_it_cannot_be_had() -> None:
    """An item that does not vary, and items that cancel each other, are reasons."""
    steps = np.arange(12.0) % 5
    flat = np.column_stack([steps, np.full(12, 4.0)])
    assert alpha(flat) == NO_VARIATION
    assert spearman_brown(flat) == NO_VARIATION
    assert alpha(np.column_stack([steps, 5 - steps])) == APART
    assert spearman_brown(np.column_stack([steps, 5 - steps])) == APART


def test_equal_items_are_perfectly_reliable() -> None:
    """Two identical items have reliability 1, with an interval that ends there."""
    steps = np.arange(12.0) % 5
    made = spearman_brown(np.column_stack([steps, steps]))
    assert isinstance(made, Consistency)
    assert made.value == pytest.approx(1)
    assert made.high <= 1


def test_the_link_is_found_where_there_is_one() -> None:
    """Where motivation moves adaptive performance more, the link says so; where it moves both alike, it does not."""
    answers, units = company(60, 8, adaptive=0.7, tactical=0.2)
    made = link(answers, units, INSTRUMENT, one_base(answers, INSTRUMENT))
    assert isinstance(made, Link)
    assert made.finding == "more with adaptive"
    assert made.two_axes
    assert (made.n, made.units) == (480, 60)
    assert made.with_adaptive.low < made.with_adaptive.value < made.with_adaptive.high
    assert made.difference.value == pytest.approx(made.with_adaptive.value - made.with_tactical.value)
    swapped = company(60, 8, adaptive=0.2, tactical=0.7)
    other = link(*swapped, INSTRUMENT, one_base(swapped[0], INSTRUMENT))
    assert isinstance(other, Link)
    assert other.finding == "more with tactical"


def test_length_alone_does_not_make_the_link() -> None:
    """Ten items against five that go with motivation alike: seldom a difference, where plain correlations find one."""
    found = Counter[str]()
    for seed in range(20):
        answers, units = company(50, 10, adaptive=0.6, tactical=0.6, seed=seed)
        made = link(answers, units, INSTRUMENT, one_base(answers, INSTRUMENT))
        assert isinstance(made, Link)
        found[made.finding] += 1
    assert found["no difference shown"] >= 17


def test_the_link_is_the_same_every_time() -> None:
    """The bootstrap is seeded: the same answers give the same interval."""
    answers, units = company(12, 8)
    base = one_base(answers, INSTRUMENT)
    assert link(answers, units, INSTRUMENT, base) == link(answers, units, INSTRUMENT, base)


def test_one_axis_is_not_called_two() -> None:
    """Where adaptive and tactical performance are the same thing, the two axes are not shown to be two."""
    answers, units = company(40, 8, shared=3.0)
    made = link(answers, units, INSTRUMENT, one_base(answers, INSTRUMENT))
    assert isinstance(made, Link)
    assert not made.two_axes


def test_the_link_says_why_it_cannot_be_had() -> None:
    """Few units, an instrument without the scales, and items that do not go together are reasons."""
    answers, units = company(9, 8)
    assert link(answers, units, INSTRUMENT, one_base(answers, INSTRUMENT)) == FEW_UNITS
    other = without_motives()
    none = np.full((20, 3), 3, dtype=np.uint8)
    assert link(none, np.arange(20, dtype=np.int32), other, np.ones(20, dtype=np.bool_)) == NO_SCALES
    noise = np.random.default_rng(1).integers(1, 8, size=(100, len(INSTRUMENT.items))).astype(np.uint8)
    where = np.arange(100, dtype=np.int32) % 20
    assert link(noise, where, INSTRUMENT, one_base(noise, INSTRUMENT)) == UNRELIABLE


def test_an_instrument_without_motives_has_no_straight_liners() -> None:
    """Only the opposed motives tell careless answers."""
    answers = np.full((3, 3), 3, dtype=np.uint8)
    assert not straight_liners(answers, without_motives()).any()


def test_resamples_drawn_in_blocks_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few resamples fit in memory at a time, the same answers give the same interval."""
    answers, units = company(60, 8)
    base = one_base(answers, INSTRUMENT)
    made = link(answers, units, INSTRUMENT, base)
    monkeypatch.setattr("survey.scoring.redraw.AT_ONCE", 700 * 60)
    cut = link(answers, units, INSTRUMENT, base)
    assert isinstance(made, Link)
    assert isinstance(cut, Link)
    assert cut.difference.low == pytest.approx(made.difference.low, abs=1e-12)
    assert cut.axes.high == pytest.approx(made.axes.high, abs=1e-12)
    monkeypatch.setattr("survey.scoring.redraw.AT_ONCE", 1)
    assert list(_blocks(3, 60)) == [1, 1, 1]
