from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from survey.instruments.load import builtin
from survey.instruments.model import Composite
from survey.scoring.columns import ColumnSpec, columns
from survey.scoring.index import check_signs, index_measure, rescale, total_motivation
from survey.scoring.measure import Measure, balance, composite, on_range, twin
from survey.scoring.moments import Moments
from tests.unit.scoring_data import INSTRUMENT, without_motives

SPECS = columns(INSTRUMENT)
LOW = dict.fromkeys(("play", "purpose", "potential", "emotional_pressure", "economic_pressure", "inertia"), 1)


def index() -> Composite:
    """Return the default instrument's index."""
    assert INSTRUMENT.index is not None
    return INSTRUMENT.index


def flipped(motive: str) -> Composite:
    """Return the index with one weight's sign turned round."""
    weights = dict(index().weights)
    weights[motive] = str(-Fraction(weights[motive]))
    return replace(index(), weights=weights)


def test_more_inertia_lowers_the_index() -> None:
    """The guard of the sign: a point more of inertia takes ten points away, as no other motive does."""
    lost = total_motivation(LOW, index()) - total_motivation({**LOW, "inertia": 2}, index())
    assert lost == 10


@pytest.mark.parametrize("motive", sorted(LOW))
def test_a_flipped_sign_is_refused(motive: str) -> None:
    """An index that adds an indirect motive, or subtracts a direct one, is never scored."""
    with pytest.raises(ValueError, match=f"{motive} is .*wrong sign"):
        check_signs(INSTRUMENT, flipped(motive))


def test_the_index_as_shipped_has_its_signs() -> None:
    """Both instruments that come with the product pass the guard."""
    for instrument in (INSTRUMENT, builtin("w-sdi")):
        assert instrument.index is not None
        check_signs(instrument, instrument.index)


def test_weights_are_exact_and_sum_to_zero() -> None:
    """The weights are 10, 5, 5/3 and their negatives, so that a straight-liner scores exactly 0."""
    weights = list(index().fractions.values())
    assert sorted(weights) == sorted([Fraction(w) for w in ("10", "5", "5/3", "-5/3", "-5", "-10")])
    assert sum(weights) == 0


@pytest.mark.parametrize("answer", range(1, 8))
def test_a_straight_liner_scores_exactly_zero(answer: int) -> None:
    """The same answer to all six motives gives 0, not 7e-15."""
    assert total_motivation(dict.fromkeys(LOW, answer), index()) == 0


def test_floats_give_a_float() -> None:
    """Means that are floats give the index as a float."""
    made = total_motivation({motive: float(value) for motive, value in {**LOW, "play": 7}.items()}, index())
    assert isinstance(made, float)
    assert made == pytest.approx(60)


def test_motives_missing_unknown_or_out_of_range_are_refused() -> None:
    """The index is never made of what it does not weigh, nor of numbers off the range."""
    with pytest.raises(ValueError, match="the index needs play"):
        total_motivation({"play": 3}, index())
    with pytest.raises(ValueError, match="the index needs play"):
        total_motivation({**LOW, "luck": 3}, index())
    with pytest.raises(ValueError, match="outside 1 to 7"):
        total_motivation({**LOW, "play": 8}, index())


def test_an_index_without_a_range_of_its_own_takes_scores_as_they_are() -> None:
    """W-SDI weighs its subscales on their own range, from -36 to 36."""
    other = builtin("w-sdi")
    assert other.index is not None
    scores = {scale.id: 7 if scale.direction == "direct" else 1 for scale in other.motives}
    assert total_motivation(scores, other.index) == 36
    specs = columns(other)
    assert index_measure(other, specs).constant == 0


def test_an_instrument_without_motives_has_no_index() -> None:
    """Asking for an index that does not exist is an error, not a zero."""
    with pytest.raises(ValueError, match="no composite over its motives"):
        index_measure(without_motives(), SPECS)


def test_a_range_that_is_empty_or_left_is_refused() -> None:
    """Rescaling knows no score outside the range, and no range without width."""
    with pytest.raises(ValueError, match="no score on the range 1 to 5"):
        rescale(Fraction(6), (1, 5))
    with pytest.raises(ValueError, match="no score on the range 1 to 1"):
        rescale(Fraction(1), (1, 1))


def test_five_point_items_reach_the_same_ends() -> None:
    """Means on 1..5 are brought to 1..7 inside the index, so that it still ends at -100 and +100."""
    specs = tuple(ColumnSpec(motive, 1, 1, 5) for motive in LOW)
    best = Moments(1, np.array([5, 5, 5, 1, 1, 1]), None, specs)
    assert best.mean(composite(index(), specs)) == 100


def test_measures_need_their_scales() -> None:
    """A measure of scales that were not asked is an error that names them."""
    with pytest.raises(ValueError, match="not asked: purpose"):
        on_range("index", {"purpose": Fraction(1)}, [ColumnSpec("play", 1, 1, 7)])
    play = (ColumnSpec("play", 1, 1, 7),)
    with pytest.raises(ValueError, match="not asked: purpose"):
        Moments(1, np.array([4]), None, play).mean(Measure.scale("purpose"))


def test_twin_and_balance_are_in_points_of_the_answer_scale() -> None:
    """The twin and the balance of extreme answers reach six points."""
    rows = {"play": 7, "purpose": 7, "potential": 7, "adaptive": 7 * 120, "tactical": 60}
    group = Moments(1, np.array([rows.get(spec.scale, spec.denominator) for spec in SPECS]), None, SPECS)
    assert group.mean(twin(INSTRUMENT, SPECS)) == 6
    assert group.mean(balance(SPECS)) == 6
