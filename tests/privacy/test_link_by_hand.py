"""The link by level, by half and as it is, from the answers themselves; and p values as they are printed."""

from dataclasses import replace

import numpy as np
import pytest

from survey.privacy.company_figures import link_of
from survey.privacy.evidence import Axes, HalvesLink, LinkDetails, PlainLink
from survey.privacy.figures import MEAN, Figure, NotEstimable, figure
from survey.privacy.gate import decide
from survey.privacy.link_evidence import (
    CORRELATION,
    NOTHING,
    OTHER_WAY,
    _maybe,
    _p,
    _shown,
    _williams,
    axes,
    link_details,
    says,
)
from survey.privacy.scored import Scored, score
from survey.scoring import estimable
from survey.scoring.columns import item_values
from survey.scoring.halves import split_half
from survey.scoring.levels import ALIKE, Levels, Plain, levels, plain
from survey.scoring.link import FEW_UNITS, Link
from survey.scoring.redraw import Estimate
from survey.scoring.williams import Williams, williams
from tests.privacy.test_axes_evidence import FLAT, answering
from tests.privacy.test_units_by_hand import of_person

BOTH = ("adaptive", "tactical")


@pytest.fixture(scope="module")
def scored() -> Scored:
    """Two dozen teams, adaptive work and motivation going together."""
    inputs = answering()
    return score(inputs, decide(inputs))


def rounded(found: Estimate | estimable.NotEstimable) -> Figure | NotEstimable:
    """An estimate with its interval in two digits, or why there is none."""
    if isinstance(found, estimable.NotEstimable):
        return NotEstimable(found.reason.text)
    return figure(round(found.value, 2), CORRELATION, (round(found.low, 2), round(found.high, 2)))


def number(found: float | estimable.NotEstimable) -> Figure | NotEstimable:
    """A number in two digits, or why there is none."""
    return (
        NotEstimable(found.reason.text) if isinstance(found, estimable.NotEstimable) else figure(round(found, 2), MEAN)
    )


def test_the_link_by_level_by_half_and_as_it_is(scored: Scored) -> None:
    """Each part is what the answers of everybody give, by published cell."""
    whole = link_of(scored)
    assert isinstance(whole, Link)
    told = link_details(scored, whole)
    assert isinstance(told, LinkDetails)
    index, cells = of_person(scored, "index"), scored.cells.astype(np.int32)
    items = {scale: item_values(scored.answers, scored.instrument, scale) for scale in BOTH}
    scales = {scale: values.mean(axis=1) for scale, values in items.items()}
    apart = levels(index, items, cells)
    assert told.within == {scale: rounded(one) for scale, one in apart.within.items()}
    assert told.between == {scale: rounded(one) for scale, one in apart.between.items()}
    halves = split_half(index, scales, cells)
    assert told.split_half == {
        scale: HalvesLink(rounded(one.different), rounded(one.same)) for scale, one in halves.items()
    }
    assert told.split_units == halves["adaptive"].units
    found = {scale: plain(index, scales[scale], cells) for scale in BOTH}
    assert list(told.plain) == list(scales)
    for scale, one in found.items():
        assert isinstance(one, Plain)
        assert told.plain[scale] == PlainLink(
            figure(round(one.whole, 2), MEAN), number(one.between), number(one.within)
        )
    test = _williams(index, scales, cells)
    assert isinstance(test, Williams)
    assert told.williams == figure(round(test.t, 2), MEAN)
    assert told.williams_p == _p(test.p)
    assert told.sentence == says(whole, apart).text
    printed = rounded(whole.axes)
    assert isinstance(printed, Figure)
    assert axes(whole) == Axes(printed, whole.two_axes)


def test_williams_test_is_of_three_plain_correlations(scored: Scored) -> None:
    """Index with both kinds of performance, and these with each other, over all people."""
    index = of_person(scored, "index")
    adaptive, tactical = (of_person(scored, scale) for scale in BOTH)
    one, two, three = (
        float(np.corrcoef(*pair)[0, 1]) for pair in ((index, adaptive), (index, tactical), (adaptive, tactical))
    )
    made = _williams(index, {"adaptive": adaptive, "tactical": tactical}, scored.cells.astype(np.int32))
    assert isinstance(made, Williams)
    expected = williams(one, two, three, len(index))
    assert isinstance(expected, Williams)
    assert (made.t, made.p, made.df) == pytest.approx((expected.t, expected.p, expected.df))


def test_what_is_equal_has_no_test(scored: Scored) -> None:
    """Where both kinds of performance are the same for everybody the details say why there is no test."""
    items, facets = scored.instrument.items, {each.id for each in scored.instrument.scales if each.kind == "facet"}
    adaptive = [place for place, item in enumerate(items) if item.scale in facets]
    tactical = [place for place, item in enumerate(items) if item.scale == "tactical"]
    same, whole = scored.answers.copy(), link_of(scored)
    same[:, adaptive] = np.tile(same[:, tactical], 2)
    assert isinstance(whole, Link)
    told = link_details(replace(scored, answers=same), whole)
    assert isinstance(told, LinkDetails)
    assert isinstance(told.williams, NotEstimable)
    assert told.williams == told.williams_p


def test_what_cannot_be_had_says_why(scored: Scored) -> None:
    """Reasons stand in place of numbers, in every part."""
    reason = NotEstimable(ALIKE.reason.text)
    assert (_shown(ALIKE), _maybe(ALIKE)) == (reason, reason)
    assert (link_details(scored, FEW_UNITS), axes(FEW_UNITS)) == (NotEstimable(FEW_UNITS.reason.text),) * 2


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.0004, Figure(0.001, "0.001", bound="or less")),
        (0.0005, Figure(0.001, "0.001")),
        (0.0006, Figure(0.001, "0.001")),
        (0.0014, Figure(0.001, "0.001")),
        (0.0016, Figure(0.002, "0.002")),
        (0.04567, Figure(0.046, "0.046")),
        (1.0, Figure(1.0, "1.000")),
    ],
)
def test_a_p_value_is_never_nought(value: float, told: Figure) -> None:
    """One that would be printed as nought is the last digit or less; others have three digits."""
    assert _p(value) == told


def test_what_prints_as_nought_is_not_below_it() -> None:
    """An upper end of minus four thousandths is printed as 0.00, and turns no sentence round."""
    nearly, below = Estimate(-0.2, -0.4, -0.004), Estimate(-0.2, -0.4, -0.006)
    apart = Levels(dict.fromkeys(BOTH, FLAT), dict.fromkeys(BOTH, FLAT))
    assert says(Link(nearly, FLAT, FLAT, FLAT, 400, 40), apart) == NOTHING
    assert says(Link(below, FLAT, FLAT, FLAT, 400, 40), apart) == OTHER_WAY
