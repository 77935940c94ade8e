"""What is told of the whole company: link, consistency, counts and spreads, made again from the bounded answers."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from survey.instruments.load import builtin
from survey.privacy import record
from survey.privacy.company_evidence import evidence
from survey.privacy.company_figures import NOT_NOUGHT, link_of, link_record, quality, reliability, variances
from survey.privacy.driver_evidence import driver_evidence
from survey.privacy.evidence import Axes, Carefulness, Driver, Drivers, LinkDetails
from survey.privacy.figures import DIFFERENCE, MEAN, POINTS, Figure, NotEstimable, Style, figure
from survey.privacy.flagged import NEARLY_ALL
from survey.privacy.gate import decide
from survey.privacy.policy import Policy
from survey.privacy.scale_evidence import scale_evidence
from survey.privacy.scored import TOO_ALIKE, TOO_FEW, Scored, score
from survey.privacy.shrunken import group_evidence
from survey.scoring import estimable
from survey.scoring.answers import AnswerTable
from survey.scoring.columns import item_values
from survey.scoring.drivers import Drivers as Found
from survey.scoring.drivers import drivers
from survey.scoring.link import NO_SCALES, Link, link
from survey.scoring.redraw import Estimate
from survey.scoring.reliability import Consistency, alpha, spearman_brown
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_axes_evidence import answering
from tests.privacy.test_freeze_edges import without
from tests.privacy.test_units_by_hand import WEIGHTS, of_person

CAST = "Company\n  North 25\n  South 14\n  East 11\n"
PER_CENT = Style(0)


def rounded(found: Estimate | Consistency, style: Style = MEAN) -> Figure:
    """An estimate with its interval in two digits."""
    return figure(round(found.value, 2), style, (round(found.low, 2), round(found.high, 2)))


def alike(scale: str) -> Scored:
    """A company in which all but one person give one answer to every question of a scale."""
    inputs = company(CAST)
    for item in instrument().items_of(scale):
        for code, people in (("North", 25), ("South", 14), ("East", 11)):
            inputs = answered(inputs, code, item.id, [4] * people)
        inputs = answered(inputs, "North", item.id, [5])
    return score(inputs, decide(inputs))


def of_one_index() -> Scored:
    """A company in which everybody gives one answer to all motives, one this and one that: every index is 0."""
    inputs = company(CAST)
    for motive in instrument().motives:
        for code in ("North", "South", "East"):
            inputs = answered(inputs, code, motive.id, [2, 3, 4, 5, 6] * 5)
    return score(inputs, decide(inputs))


@pytest.fixture(scope="module")
def teams() -> Scored:
    """Two dozen teams, adaptive work and motivation going together."""
    inputs = answering()
    return score(inputs, decide(inputs))


@pytest.fixture(scope="module")
def found(teams: Scored) -> Link:
    """How motivation goes together with both kinds of performance there."""
    made = link_of(teams)
    assert isinstance(made, Link)
    return made


def test_the_link_is_that_of_everybody_by_published_cell(teams: Scored, found: Link) -> None:
    """Whole cells are drawn again, and all people whose answers count are in it."""
    everybody = np.ones(len(teams.answers), dtype=np.bool_)
    assert found == link(teams.answers, teams.cells.astype(np.int32), instrument(), everybody)


def test_the_link_is_kept_in_two_digits() -> None:
    """Three correlations with their intervals, people, units and the finding; or the reason why not."""
    one, two, apart = Estimate(0.4567, 0.3123, 0.5678), Estimate(0.1239, -0.021, 0.2), Estimate(0.3328, 0.1011, 0.52)
    made = link_record(Link(one, two, apart, Estimate(0.5, 0.4, 0.6), 324, 24))
    told = record.Link(rounded(one), rounded(two), rounded(apart, DIFFERENCE), 324, 24, "more with adaptive")
    assert made == told
    assert link_record(NO_SCALES) == NotEstimable(NO_SCALES.reason.text)


@pytest.mark.parametrize("measure", ["adaptive", "tactical", "index"])
def test_nothing_is_told_of_a_link_with_what_is_alike(measure: str) -> None:
    """Where the spread of the index, or of either kind of performance, is not told, the link is not either."""
    scored = of_one_index() if measure == "index" else alike(measure)
    told = [each for each in ("adaptive", "tactical") if scored.root in scored.telling(each)]
    assert told == [each for each in ("adaptive", "tactical") if each != measure]
    assert link_of(scored) == TOO_ALIKE


def test_a_link_needs_both_scales_and_tier_two() -> None:
    """A wave that did not ask for one of them has none, nor has a company without details."""
    inputs = company(CAST)
    for each, reason in ((without(inputs, "adaptive"), NO_SCALES), (without(inputs, "tactical"), NO_SCALES)):
        assert link_of(score(each, decide(each))) == reason
    small = replace(inputs, policy=Policy(5, 200))
    assert link_of(score(small, decide(small))) == TOO_FEW
    assert driver_evidence(score(small, decide(small))) == NotEstimable(TOO_FEW.reason.text)


def test_consistency_of_every_scale(teams: Scored) -> None:
    """Spearman-Brown of two questions, alpha of more, with their intervals; a scale that is alike says so."""
    told = {each.scale: each for each in reliability(teams)}
    scales = [spec.scale for spec in teams.specs if len(instrument().items_of(spec.scale)) > 1]
    assert list(told) == scales
    assert len(scales) == 7
    for scale, each in told.items():
        values = item_values(teams.answers, instrument(), scale)
        made = spearman_brown(values) if values.shape[1] == 2 else alpha(values)
        assert isinstance(made, Consistency)
        assert each == record.Reliability(scale, made.coefficient, rounded(made))
    for scale, coefficient in (("tactical", "alpha"), ("creativity", "spearman-brown")):
        (one,) = [each for each in reliability(alike(scale)) if each.scale == scale]
        assert (one.coefficient, one.figure) == (coefficient, NotEstimable(TOO_ALIKE.reason.text))


def test_what_was_counted_set_aside_and_flagged() -> None:
    """Counts add up; the index without those who answered all alike is everybody's total among the others."""
    inputs = company(CAST)
    for motive in instrument().motives:
        inputs = answered(inputs, "North", motive.id, [4] * 3 + [255] * (2 if motive.id == "play" else 0))
    scored = score(inputs, decide(inputs))
    told, straight = quality(scored), 3
    assert (told.received, told.counted, told.set_aside) == (50, 48, 2)
    assert told.straight == straight
    total = float(of_person(scored, "index").sum())
    assert told.index_without_straight == figure(total / (48 - straight), POINTS)
    small = replace(inputs, policy=Policy(5, 200))
    assert quality(score(small, decide(small))).index_without_straight == NotEstimable(TOO_FEW.reason.text)
    nearly = company("Company\n  North 12\n")
    for motive in instrument().motives:
        nearly = answered(nearly, "North", motive.id, [4, 5] * 4)
    reason = NotEstimable(NEARLY_ALL.reason.text)
    none = quality(score(nearly, decide(nearly)))
    assert (none.straight, none.index_without_straight) == (reason, reason)


def test_straight_answers_that_are_not_nought_are_not_taken_out() -> None:
    """Where motives have different ranges the reason says so."""
    asked = builtin("w-sdi")
    first = asked.motives[0].id
    items = tuple(msgspec.structs.replace(item, max=5) if item.scale == first else item for item in asked.items)
    (index,) = asked.composites
    stretched = msgspec.structs.replace(
        asked, items=items, composites=(msgspec.structs.replace(index, rescale=(1, 7)),)
    )
    inputs = company(CAST, asked=stretched)
    told = quality(score(inputs, decide(inputs))).index_without_straight
    assert told == NotEstimable(NOT_NOUGHT.reason.text)


def test_spreads_within_cells(teams: Scored) -> None:
    """Squares of deviations from the cells' means, over people less cells; none of a scale that is alike."""
    told = variances(teams)
    assert list(told) == [*(spec.scale for spec in teams.specs), "total_motivation"]
    for name, variance in told.items():
        values = of_person(teams, "index" if name == "total_motivation" else name)
        cells = [values[teams.cells == cell] for cell in np.unique(teams.cells)]
        squares = sum(float(((each - each.mean()) ** 2).sum()) for each in cells)
        assert variance == pytest.approx(squares / (len(values) - len(cells)), abs=1e-6)
        assert variance == round(variance, 6)
    left = variances(alike("play"))
    assert "play" not in left
    assert {"purpose", "total_motivation", "adaptive"} <= left.keys()


def per_cent(found: Estimate) -> Figure:
    """A share in whole per cent."""
    return figure(round(100 * found.value), PER_CENT, (round(100 * found.low), round(100 * found.high)))


@pytest.mark.parametrize("asked", ["total-motivation", "w-sdi"])
def test_what_the_spread_between_units_is_made_of(asked: str, teams: Scored) -> None:
    """Shares of the motives with and without weights, in whole per cent, from people by published cell."""
    scored = teams if asked == "total-motivation" else other_questions()
    index, items = scored.instrument.index, scored.instrument.items_of
    assert index is not None
    sign = {motive.id: 1 if motive.direction == "direct" else -1 for motive in scored.instrument.motives}
    twin = {motive: side / sum(each == side for each in sign.values()) for motive, side in sign.items()}
    motives = np.column_stack([item_values(scored.answers, scored.instrument, each).mean(axis=1) for each in sign])
    cells = [motives[scored.cells == cell] for cell in np.unique(scored.cells)]
    apart = [each - each.mean(axis=0) for each in cells]
    made = drivers(
        [len(each) for each in cells],
        np.array([each.sum(axis=0) for each in cells]),
        np.array([each.T @ each for each in apart]),
        {motive: (float(index.fractions[motive]), twin[motive]) for motive in sign},
    )
    assert isinstance(made, Found)
    shares = [Driver(one.motive, per_cent(one.weighted), per_cent(one.unweighted)) for one in made.shares]
    same = round(100 * made.same_first)
    assert driver_evidence(scored) == Drivers(
        made.units, shares, made.first, made.first_unweighted, made.depends_on_weights, same
    )
    assert (same == 100) is (asked == "total-motivation")
    assert {len(items(each)) for each in sign} == {1 if asked == "total-motivation" else 3}


def other_questions() -> Scored:
    """A company that was asked three questions a motive; its teams differ in all of them, each for itself."""
    inputs = company("Company\n" + "".join(f"  T{place:02} 12\n" for place in range(14)), asked=builtin("w-sdi"))
    random, table, units = np.random.default_rng(1), inputs.table.answers.copy(), inputs.table.units
    for motive in inputs.table.instrument.motives:
        places = [place for place, item in enumerate(inputs.table.instrument.items) if item.scale == motive.id]
        mood = random.normal(0, 1.2, 15)[units] + random.normal(0, 1.2, len(units))
        table[:, places] = np.clip(np.rint(4 + mood[:, np.newaxis] + random.normal(0, 1, (len(units), 3))), 1, 7)
    inputs = replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units))
    return score(inputs, decide(inputs))


@pytest.mark.parametrize("scale", ["play", "index"])
def test_nothing_is_told_of_motives_that_are_alike(scale: str) -> None:
    """Where the spread of one motive is not told, or of the index, shares of its spread are not."""
    scored = of_one_index() if scale == "index" else alike(scale)
    told = {motive.id for motive in instrument().motives if scored.root in scored.telling(motive.id)}
    assert told == WEIGHTS.keys() - {scale}
    assert driver_evidence(scored) == NotEstimable(TOO_ALIKE.reason.text)


def test_evidence_is_put_together(teams: Scored, found: Link) -> None:
    """Each part is its own statistic; results without flagged answers stand beside these very parts."""
    told = evidence(teams, found)
    assert told.scales == scale_evidence(teams)
    assert told.groups == group_evidence(teams)
    assert told.drivers == driver_evidence(teams)
    assert told.axes == Axes(rounded(found.axes, MEAN.within(-1, 1)), two=True)
    assert isinstance(told.link, LinkDetails)
    assert isinstance(told.carefulness, Carefulness)
    assert told.pairs == []


def test_results_without_flagged_answers_stand_beside_those_that_are_told(teams: Scored) -> None:
    """What is told of scales, units and the link is what the same without a dozen long strings is held against."""
    table = teams.inputs.table.answers.copy()
    table[::25, 6:21] = 4
    inputs = replace(teams.inputs, table=AnswerTable(instrument(), table, teams.inputs.table.units))
    scored = score(inputs, decide(inputs))
    made = link_of(scored)
    told, shown = evidence(scored, made), link_record(made)
    assert isinstance(told.carefulness, Carefulness)
    assert not isinstance(told.carefulness.sensitivity, NotEstimable)
    beside = {each.what: each.with_all for each in told.carefulness.sensitivity}
    assert isinstance(shown, record.Link)
    assert beside["link"] == shown.difference
    assert beside["icc1:total_motivation"] == told.groups[0].icc1
    scales = {each.scale: each.omega for each in told.scales}
    assert (beside["omega:adaptive"], beside["omega:tactical"]) == (scales["adaptive"], scales["tactical"])
    for each in reliability(scored):
        assert beside[f"{each.coefficient}:{each.scale}"] == each.figure


def test_evidence_without_a_link_says_why(teams: Scored) -> None:
    """Axes and details of the link carry the reason why there is none."""
    reason = estimable.NotEstimable(NO_SCALES.reason)
    told = evidence(teams, reason)
    assert told.axes == told.link == NotEstimable(NO_SCALES.reason.text)
