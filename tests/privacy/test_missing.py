"""How far those who did not answer could move an index: from people, invited and the index, by hand."""

from dataclasses import replace
from math import sqrt

import pytest

from survey.instruments.load import builtin
from survey.privacy.figures import POINTS, figure
from survey.privacy.gate import decide
from survey.privacy.inputs import WaveInputs
from survey.privacy.missing import PERCENT, missing
from survey.privacy.policy import Policy
from survey.privacy.record import Missing
from survey.privacy.scored import Scored, score
from survey.scoring.taking_part import Share, wilson
from survey.scoring.within import Within
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_units_told import invited

PICTURE = "Company\n  A 12\n  B 12\n  C 5\n  D 20\n  E 7\n"
MORE = {"A": 3, "B": 2, "C": 5, "D": 40, "E": 2}
INVITED = {"A": 15, "C": 10, "D": 60, "Company": 108}
"""B lacks two people only, and E, too, in which nine were invited."""


def by_hand(scored: Scored, code: str, ends: tuple[float, float]) -> Missing:
    """If all who are missing were at either end, or a spread away from the mean, but no further than the ends."""
    unit, asked = scored.moments[code], INVITED[code]
    mean, absent = float(unit.mean(scored.index)), asked - unit.n
    pooled = scored.pooled(scored.index)
    spread = sqrt(pooled.variance(scored.index)) if isinstance(pooled, Within) else None
    near = ends if spread is None else (max(mean - spread, ends[0]), min(mean + spread, ends[1]))
    low, high, near_low, near_high = (figure((unit.n * mean + absent * end) / asked, POINTS) for end in (*ends, *near))
    share = None
    if code == "Company":
        part = wilson(unit.n, asked)
        assert isinstance(part, Share)
        percent = [round(100 * each) for each in (part.value, part.low, part.high)]
        share = figure(percent[0], PERCENT, (percent[1], percent[2]))
    if spread is None:
        return Missing(asked, low, high, None, None, share)
    return Missing(asked, low, high, near_low, near_high, share)


def liked(inputs: WaveInputs) -> WaveInputs:
    """The same wave, in which C could hardly like its work more, and A hardly less."""
    for motive in instrument().motives:
        high = motive.direction == "direct"
        inputs = answered(inputs, "C", motive.id, [7 if high else 1] * 5)
        inputs = answered(inputs, "A", motive.id, [1 if high else 7] * 12)
    return inputs


@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize("detail_k", [10, 200])
def test_those_missing_at_either_end_and_nearby(far: bool, detail_k: int) -> None:  # noqa: FBT001 - two cases
    """From three missing on, of ten invited; nothing nearby where the company tells no spread; a share of all only."""
    inputs = invited(company(PICTURE), **MORE)
    inputs = replace(liked(inputs) if far else inputs, policy=Policy(5, detail_k))
    scored = score(inputs, decide(inputs))
    assert set(scored.partition.shown) == {*"ABCDE", "Company"}
    found = missing(scored)
    assert found == {code: by_hand(scored, code, (-100.0, 100.0)) for code in INVITED}
    assert (found["A"].near_low is None) is (detail_k == 200)
    if far and detail_k == 10:
        assert (found["A"].low, found["C"].high) == (found["A"].near_low, found["C"].near_high)


def test_the_ends_are_those_of_the_index() -> None:
    """Another questionnaire has an index with other ends."""
    inputs = invited(company(PICTURE, asked=builtin("w-sdi")), **MORE)
    scored = score(inputs, decide(inputs))
    assert missing(scored) == {code: by_hand(scored, code, (-36.0, 36.0)) for code in INVITED}
