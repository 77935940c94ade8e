"""Where a spread may be told, and of what figures may be made: by hand, from the bounded answers."""

import numpy as np
import pytest

from survey.privacy.alike import SQUARES
from survey.privacy.gate import decide
from survey.privacy.scored import TOO_ALIKE, TOO_FEW, Scored, score
from survey.privacy.sensitivity import _indexes
from survey.scoring.columns import item_values
from survey.scoring.position import ADAPTIVE, TACTICAL
from survey.scoring.within import Within
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_detail import SMALL, people_of

WIDEST = 200
"""Points from the lowest index to the highest."""


def alone(differ: int, by: int) -> Scored:
    """Fourteen people, of whom so many like their work more than the others, whose answers are all alike."""
    inputs = company("Company 14")
    for motive in instrument().motives:
        up = by if motive.direction == "direct" else 0
        inputs = answered(inputs, "Company", motive.id, [4 + up] * differ + [4] * (14 - differ))
    return score(inputs, decide(inputs))


def test_the_spread_of_the_index_is_told_from_enough_squares_on() -> None:
    """Squares of deviations from the unit's mean, on a scale from 1 to 7, decide; near the limit and far from it."""
    said = []
    for differ in range(8):
        for by in (0, 1, 2):
            scored = alone(differ, by)
            index = _indexes(scored)
            squares = float(((index - index.mean()) ** 2).sum()) * (6 / WIDEST) ** 2
            assert (scored.telling(scored.index) == {"Company"}) is (squares >= SQUARES)
            said.append(squares)
    assert any(SQUARES * 0.6 < squares < SQUARES for squares in said)
    assert any(SQUARES < squares < SQUARES * 1.7 for squares in said)


def test_two_answers_far_apart_are_not_enough() -> None:
    """A motive's spread is not told where half gave one answer and half the next, however many squares that makes."""
    scored = alone(7, 1)
    assert scored.detailed == {"Company"}
    assert scored.telling("play") == frozenset()
    assert scored.telling(ADAPTIVE) == {"Company"}


@pytest.mark.parametrize("scale", ["index", "play", ADAPTIVE, TACTICAL])
def test_figures_are_made_of_spreads_that_are_told_only(scale: str) -> None:
    """A unit has cross-products where it tells its spread; the others have them where both it and the company do."""
    inputs = answered(company(SMALL), "North", "play", [4] * 25)
    scored = score(inputs, decide(inputs))
    of = scored.index if scale == "index" else scale
    values = _indexes(scored) if scale == "index" else item_values(scored.answers, instrument(), scale).mean(axis=1)
    telling = scored.telling(of)
    assert scored.root in telling
    for code in scored.partition.shown:
        here = people_of(scored, code)
        assert (scored.known(code, of).products is not None) == (code in telling)
        assert scored.known(code).products is None
        assert (scored.rest(code, of).products is not None) == (code in telling)
        if scale == "index":
            assert (scored.side(code, scored.index).group.products is not None) == (code in telling)
        if code == scored.root:
            continue
        rest = scored.rest(code, of)
        assert rest.n == int((~here).sum())
        assert float(rest.mean(of)) == pytest.approx(float(np.mean(values[~here])))
        if code in telling:
            assert rest.variance(of) == pytest.approx(float(values[~here].var(ddof=1)))
            assert scored.known(code, of).variance(of) == pytest.approx(float(values[here].var(ddof=1)))
    assert ("North" in scored.telling("play")) is False


def test_the_pooled_spread_is_told_where_the_company_tells_its_own() -> None:
    """Of a scale on which the company is too alike there is none, alone or beside others; nor of nine people."""
    scored = alone(7, 1)
    assert isinstance(scored.pooled(ADAPTIVE, TACTICAL), Within)
    assert scored.pooled("play") == scored.pooled(ADAPTIVE, "play") == TOO_ALIKE
    few = company("Company 9")
    assert score(few, decide(few)).pooled(ADAPTIVE) == TOO_FEW
