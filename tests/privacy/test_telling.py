"""Where a spread may be told, and of what figures may be made: by hand, from the bounded answers."""

from dataclasses import replace

import numpy as np
import pytest

from survey.privacy.alike import SQUARES
from survey.privacy.figures import DIFFERENCE, MEAN
from survey.privacy.gate import decide
from survey.privacy.scored import TOO_ALIKE, TOO_FEW, Scored, score
from survey.privacy.sensitivity import _indexes
from survey.scoring.columns import item_values
from survey.scoring.measure import balance
from survey.scoring.position import ADAPTIVE, TACTICAL, place
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


@pytest.mark.parametrize(("item", "scale", "people"), [("play", "play", 300), ("tactical_2", TACTICAL, 60)])
def test_a_moved_answer_is_said_where_it_can_reach_the_last_digit(item: str, scale: str, people: int) -> None:
    """One cell moved by three points: a hundredth of the mean of 300 answers, said of so many and not of more."""
    scored = alone(7, 1)
    moved = np.zeros((2, len(instrument().items)), dtype=np.int64)
    moved[0, [each.id for each in instrument().items].index(item)] = 1
    assert scored.bound(moved, people, scale, MEAN) == "or more"
    assert scored.bound(moved[::-1], people, scale, MEAN) == "or less"
    assert scored.bound(moved, people + 1, scale, MEAN) == ""


def test_a_place_on_the_map_rests_on_the_own_spread_where_it_is_told() -> None:
    """A unit that tells its spread on both axes is placed by it, any other by the pooled one."""
    inputs = company(SMALL)
    scored = score(inputs, decide(inputs))
    axes = (ADAPTIVE, TACTICAL, balance(scored.specs))
    pooled, own = scored.pooled(*axes), []
    for code in scored.partition.shown:
        told, whole = all(code in scored.telling(each) for each in axes), scored.moments[code]
        places = {True: place(whole, pooled), False: place(replace(whole, products=None), pooled)}
        assert scored.placed(code) == places[told]
        assert places[True] != places[False]
        own.append(told)
    assert any(own)


def test_a_moved_answer_turns_with_the_sign_of_its_weight() -> None:
    """More play is more of the index and of its twin, whose weights are below one; more inertia is less of both."""
    scored = alone(7, 1)
    for motive in instrument().motives:
        moved = np.zeros((2, len(instrument().items)), dtype=np.int64)
        moved[0, [each.scale for each in instrument().items].index(motive.id)] = 1
        said = {scored.bound(moved, 14, of, DIFFERENCE) for of in (scored.index, scored.twin)}
        assert said == {"or more" if motive.direction == "direct" else "or less"}
