"""Spreads that a second cut is held against: people's values on one range, and the pools whose spread is told."""

import numpy as np
import pytest

from survey.instruments.load import builtin
from survey.privacy.cut_alike import _Spread, _spreads
from survey.privacy.gate import decide
from survey.privacy.scored import Scored, score
from survey.scoring.columns import item_values
from survey.scoring.measure import Measure, balance
from tests.privacy.companies import answered, company
from tests.privacy.test_freeze_edges import without
from tests.privacy.test_units_by_hand import of_person

PICTURE = "Company\n  Care 12\n    Chat 14\n    Phone 11\n  Sales\n    North 25\n    South 12\n"


def told(scored: Scored, measure: Measure) -> list[int]:
    """By cell, the nearest unit above that tells its spread, -1 where there is none."""
    telling, cut, found = scored.telling(measure), scored.partition, []
    for cell in range(len(cut.shown)):
        place = cell
        while place >= 0 and cut.shown[place] not in telling:
            place = cut.above[place]
        found.append(place)
    return found


@pytest.mark.parametrize("gone", ["", "tactical", "adaptive"])
def test_values_are_on_a_scale_from_one_to_seven(gone: str) -> None:
    """An index of 200 points and a twin or balance of twelve are brought to the six of a scale."""
    inputs = answered(company(PICTURE), "North", "play", [4] * 25)
    inputs = answered(inputs, "Phone", "play", [5] * 11)
    inputs = without(inputs, gone) if gone else inputs
    scored = score(inputs, decide(inputs))
    found = {spread.name: spread for spread in _spreads(scored)}
    measures = {spec.scale: Measure.scale(spec.scale) for spec in scored.specs}
    measures |= {scored.index.name: scored.index, scored.twin.name: scored.twin}
    stretch = {"total_motivation": 6 / 200, "twin": 1 / 2, "balance": 1 / 2}
    if not gone:
        measures["balance"] = balance(scored.specs)
    assert list(found) == list(measures)
    for name, spread in found.items():
        values = of_person(scored, "index" if name == "total_motivation" else name) * stretch.get(name, 1)
        apart = spread.values - values
        assert apart == pytest.approx(np.full(len(values), apart[0]))
        assert spread.pools.tolist() == told(scored, measures[name])
    pools = found["play"].pools.tolist()
    assert pools != [*range(len(pools))]


def test_means_of_several_questions_are_as_wide_as_one() -> None:
    """A motive of three questions has the values of its mean."""
    inputs = company("Company\n  North 25\n  South 14\n", asked=builtin("w-sdi"))
    scored = score(inputs, decide(inputs))
    for spread in _spreads(scored):
        if spread.name in scored.scales:
            values = item_values(scored.answers, scored.instrument, spread.name).mean(axis=1)
            assert spread.values == pytest.approx(values)


def test_a_company_that_tells_nothing_has_no_pool() -> None:
    """Where everybody answers alike no cell lies in a pool, the last unit's neither."""
    inputs = company("Company\n  North 12\n  South 12\n")
    for code in ("North", "South"):
        inputs = answered(inputs, code, "play", [4] * 12)
    (play,) = [spread for spread in _spreads(score(inputs, decide(inputs))) if spread.name == "play"]
    assert play.pools.tolist() == [-1, -1, -1]


@pytest.mark.parametrize(("last", "enough"), [(5.0, True), (4.0, False)])
def test_exactly_three_squares_within_groups_leave_four_answers(last: float, enough: bool) -> None:  # noqa: FBT001 - two cases
    """Deviations from the groups' own means count, and three squares of them are enough."""
    inputs = company("Company 12\n")
    scored = score(inputs, decide(inputs))
    values = np.array([1.0, 3.0, 4.0, 5.0, 4.0, last])
    spread = _Spread("balance", values, np.zeros(1, dtype=np.int64))
    groups = np.array([0, 0, 1, 1, 1, 1], dtype=np.int64)
    assert spread.leaves_open(scored, np.arange(6), groups, 2) is enough
