"""Every result without the flagged answers, by hand from the others' bounded answers."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy.company_figures import link_of, link_record, reliability
from survey.privacy.evidence import Evidence, Sensitivity
from survey.privacy.figures import DIFFERENCE, MEAN, POINTS, Figure, NotEstimable, figure
from survey.privacy.flagged import FEW_FLAGGED, Flagged
from survey.privacy.gate import decide
from survey.privacy.inputs import WaveInputs
from survey.privacy.record import Link
from survey.privacy.scale_evidence import scale_evidence
from survey.privacy.scored import TOO_ALIKE, score
from survey.privacy.sensitivity import CHANGES, _beside, _differs, _icc1, _indexes, sensitivity, verdict
from survey.privacy.shrunken import group_evidence
from survey.scoring import estimable, link
from survey.scoring.answers import AnswerTable
from survey.scoring.columns import item_values
from survey.scoring.intraclass import intraclass
from survey.scoring.omega import omega
from survey.scoring.oneway import Units
from survey.scoring.reliability import Consistency, alpha, spearman_brown
from survey.scoring.variance_components import ONE_UNIT
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_freeze_edges import without
from tests.privacy.test_units_by_hand import of_person

TEAMS = ("North", "South", "East", "West", "Hill", "Dale", "Lake", "Wood", "Moor", "Ford")
PICTURE = "Company 7\n" + "".join(f"  {team} {12 + place}\n" for place, team in enumerate(TEAMS))


def wave() -> WaveInputs:
    """Ten teams, and people beside them, all with moods of their own; the index of two teams is moved to a bound.

    Somebody skipped a question of either kind of performance.
    """
    inputs, random = company(PICTURE), np.random.default_rng(4)
    table = inputs.table.answers.copy()
    mood, plan = random.normal(0, 1, (2, len(table)))
    for place, item in enumerate(instrument().items):
        if item not in instrument().practices:
            against = instrument().scale(item.scale).direction == "indirect"
            level = (mood + plan) / 2 if item.scale == "tactical" else -mood if against else mood
            table[:, place] = np.clip(np.rint(4 + level + random.normal(0, 0.9, len(table))), 1, 7)
    inputs = replace(inputs, table=AnswerTable(instrument(), table, inputs.table.units))
    inputs = answered(answered(inputs, "Lake", "tactical_1", [4] * 17 + [SKIPPED]), "Lake", "creativity_1", [SKIPPED])
    return answered(answered(inputs, "North", "play", [7] * 12), "South", "inertia", [1] * 13)


def flagged(inputs: WaveInputs, many: Mapping[str, int], straight: Collection[str] = ()) -> Flagged:
    """So many of each unit flagged, for a long string, or those of some units for straight answers."""
    scored = score(inputs, decide(inputs))
    codes, units = list(inputs.by_code), inputs.table.units
    masks = np.zeros((2, len(units)), dtype=np.bool_)
    for code, people in many.items():
        masks[int(code in straight), np.flatnonzero(units == codes.index(code))[:people]] = True
    return Flagged(scored, scored.gate.places, masks[1], masks[0])


def results(found: Flagged) -> dict[str, Sensitivity]:
    """All of them by name."""
    scored = found.scored
    made = Evidence(scales=scale_evidence(scored), groups=group_evidence(scored))
    told = sensitivity(found, reliability(scored), link_record(link_of(scored)), made)
    assert not isinstance(told, NotEstimable)
    return {one.what: one for one in told}


def told(result: Sensitivity) -> Figure:
    """The number without flagged answers, and that a change is a step over the interval, or over .05."""
    with_all, without_some = result.with_all, result.without
    assert isinstance(with_all, Figure)
    assert isinstance(without_some, Figure)
    if with_all.low is None or with_all.high is None:
        changes = round(abs(with_all.value - without_some.value), 6) >= 0.05
    else:
        changes = not with_all.low <= without_some.value <= with_all.high
    if result.what != "link":
        assert result.changes == changes
    return without_some


def between(found: Flagged) -> float:
    """ICC(1) of the index of those left, between the teams that anybody is left of."""
    left, index, cells = ~found.either, of_person(found.scored, "index"), found.scored.cells
    teams = {cell: index[left & (cells == cell)] for cell in np.unique(cells[left])}
    squares = sum(float(((each - each.mean()) ** 2).sum()) for each in teams.values())
    last = [each for cell, each in teams.items() if found.scored.partition.shown[cell] in TEAMS]
    people, means = np.array([float(len(each)) for each in last]), np.array([each.mean() for each in last])
    made = intraclass(Units(people, means, squares, int(left.sum()) - len(teams)))
    assert not isinstance(made, estimable.NotEstimable)
    return made.icc1


MANY = (
    {"North": 11, "South": 9, "East": 6, "Ford": 4},
    {"Hill": 16, "Dale": 8, "Lake": 9, "Moor": 3},
    {"Ford": 21, "Wood": 8, "West": 7},
)


@pytest.mark.parametrize("many", MANY)
def test_results_are_those_of_the_others(many: Mapping[str, int]) -> None:
    """Index, consistency, omega of more than two questions, ICC(1) and link, of whoever is left, in printed digits."""
    found = flagged(wave(), many)
    scored, left = found.scored, ~found.either
    made = results(found)
    assert told(made["index"]) == figure(round(float(of_person(scored, "index")[left].mean()), 1), POINTS)
    scales = [each.scale for each in reliability(scored)]
    for scale in scales:
        values = item_values(scored.answers, instrument(), scale)[left]
        consistency = spearman_brown(values) if values.shape[1] == 2 else alpha(values)
        assert isinstance(consistency, Consistency)
        assert told(made[f"{consistency.coefficient}:{scale}"]) == figure(round(consistency.value, 2), MEAN)
    for scale in ("adaptive", "tactical"):
        common = omega(item_values(scored.answers, instrument(), scale)[left])
        assert not isinstance(common, estimable.NotEstimable)
        assert told(made[f"omega:{scale}"]) == figure(round(common.value, 2), MEAN)
    assert told(made["icc1:total_motivation"]) == figure(round(between(found), 2), MEAN)
    assert len(made) == 1 + len(scales) + 2 + 1 + 1


def test_the_link_of_the_others() -> None:
    """The difference of both correlations stands beside itself; a change is another finding."""
    found = flagged(wave(), MANY[0])
    scored = found.scored
    made = link.link(scored.answers, scored.cells.astype(np.int32), instrument(), ~found.either)
    whole = link_of(scored)
    assert isinstance(made, link.Link)
    assert isinstance(whole, link.Link)
    one = results(found)["link"]
    shown = link_record(whole)
    assert isinstance(shown, Link)
    without_some = figure(round(made.difference.value, 2), DIFFERENCE)
    assert one == Sensitivity("link", shown.difference, without_some, made.finding != whole.finding)


def test_a_link_that_cannot_be_had_without_some_says_why() -> None:
    """Of nine teams left there is none; of too few flagged who answered its questions it is not told."""
    inputs = wave()
    found = flagged(replace(inputs, table=cut_off(inputs)), {"Ford": 21, "Wood": 8, "West": 7})
    shown = link_record(link_of(found.scored))
    assert isinstance(shown, Link)
    assert results(found)["link"] == Sensitivity("link", shown.difference, NotEstimable(link.FEW_UNITS.reason.text))
    for scale in ("adaptive", "tactical"):
        skipped = inputs
        (first, *_) = instrument().items_of(scale)
        for code in TEAMS[:3]:
            skipped = answered(skipped, code, first.id, [SKIPPED] * 5)
        few = flagged(skipped, dict.fromkeys(TEAMS[:3], 5))
        made = results(few)
        with_all = made["link"].with_all
        assert isinstance(with_all, Figure)
        assert made["link"] == Sensitivity("link", with_all, NotEstimable(FEW_FLAGGED.reason.text))
        assert made[f"omega:{scale}"].without == NotEstimable(FEW_FLAGGED.reason.text)
        other = "tactical" if scale == "adaptive" else "adaptive"
        assert isinstance(made[f"alpha:{other}"].without, Figure)
        assert isinstance(made[f"omega:{other}"].without, Figure)


def cut_off(inputs: WaveInputs) -> AnswerTable:
    """The answers without the people placed at no team."""
    rows = np.flatnonzero(inputs.table.units != list(inputs.by_code).index("Company"))
    return AnswerTable(inputs.table.instrument, inputs.table.answers[rows], inputs.table.units[rows])


def test_a_link_that_is_not_told_is_not_told_without_some() -> None:
    """Its reason stands on both sides, and so does that of any other result."""
    inputs = company("Company\n  North 25\n  South 14\n")
    found = flagged(inputs, {"North": 12})
    one = results(found)["link"]
    assert one == Sensitivity(
        "link", NotEstimable(link.FEW_UNITS.reason.text), NotEstimable(link.FEW_UNITS.reason.text)
    )
    reason = NotEstimable("Why not.")
    assert _beside("icc1:index", reason, Figure(0.1, "0.10")) == Sensitivity("icc1:index", reason, reason)


def test_where_only_straight_answers_are_flagged_the_index_follows_from_the_published_one() -> None:
    """Everybody's total among the others, whether answers were moved or not; with one long string, it does not."""
    inputs = wave()
    for motive in instrument().motives:
        inputs = answered(inputs, "North", motive.id, [7] * 11 + [7 if motive.id == "play" else 4])
        inputs = answered(inputs, "East", motive.id, [4] * 6)
    found = flagged(inputs, {"North": 11, "East": 6}, straight=["North", "East"])
    index = of_person(found.scored, "index")
    total, left = float(index.sum()), len(index) - 17
    assert round(total / left, 1) != round(float(index[~found.either].mean()), 1)
    assert results(found)["index"].without == figure(round(total / left, 1), POINTS)
    both = flagged(inputs, {"North": 11, "East": 6, "Hill": 6, "Dale": 6}, straight=["North", "East"])
    assert results(both)["index"].without == figure(round(float(index[~both.either].mean()), 1), POINTS)


def test_coefficients_of_others_who_are_alike_say_so_in_general() -> None:
    """Where those left all give one answer to each question of a scale, the reason does not say which."""
    inputs = company("Company\n  North 32\n  South 12\n")
    random = np.random.default_rng(1)
    for place in range(1, 6):
        own = (np.resize(range(2, 7), 20) + random.integers(-1, 2, 20)).tolist()
        inputs = answered(inputs, "North", f"tactical_{place}", [*own, *[4] * 12])
        inputs = answered(inputs, "South", f"tactical_{place}", [4] * 12)
    made = results(flagged(inputs, {"North": 20}))
    assert isinstance(made["alpha:tactical"].with_all, Figure)
    assert isinstance(made["omega:tactical"].with_all, Figure)
    for what in ("alpha:tactical", "omega:tactical"):
        assert made[what].without == NotEstimable(TOO_ALIKE.reason.text)
        assert not made[what].changes


def test_one_team_alone_has_nothing_between() -> None:
    """ICC(1) of the index without some is not estimable in a company of one team."""
    inputs = company("Company 40\n")
    scored = score(inputs, decide(inputs))
    assert _icc1(scored, np.arange(40) > 12) == NotEstimable(ONE_UNIT.reason.text)


@pytest.mark.parametrize(
    ("with_all", "without_some", "changes"),
    [
        (Figure(0.80, "0.80"), Figure(0.85, "0.85"), True),
        (Figure(0.85, "0.85"), Figure(0.80, "0.80"), True),
        (Figure(0.80, "0.80"), Figure(0.84, "0.84"), False),
        (Figure(-0.02, "−0.02"), Figure(0.02, "0.02"), False),
        (Figure(-0.02, "−0.02"), Figure(0.03, "0.03"), True),
        (Figure(0.5, "0.50", 0.4, 0.6), Figure(0.4, "0.40"), False),
        (Figure(0.5, "0.50", 0.4, 0.6), Figure(0.6, "0.60"), False),
        (Figure(0.5, "0.50", 0.4, 0.6), Figure(0.39, "0.39"), True),
        (Figure(0.5, "0.50", 0.4, 0.6), Figure(0.61, "0.61"), True),
        (Figure(0.5, "0.50", 0.4, 0.6), NotEstimable("Why not."), False),
    ],
)
def test_a_change_is_a_step_out_of_the_margin(
    with_all: Figure, without_some: Figure | NotEstimable, *, changes: bool
) -> None:
    """At the end of an interval nothing changes; without an interval a twentieth is a change."""
    assert _differs(with_all, without_some) is changes
    assert _beside("one", with_all, without_some) == Sensitivity("one", with_all, without_some, changes)


@pytest.mark.parametrize("gone", ["", "tactical", "adaptive"])
def test_the_index_of_each_person(gone: str) -> None:
    """Ten times play and so on, of a person's own answers, whatever else the wave asked for."""
    inputs = without(wave(), gone) if gone else wave()
    scored = score(inputs, decide(inputs))
    assert _indexes(scored) == pytest.approx(of_person(scored, "index"))


@pytest.mark.parametrize("ends", [(1, 7), (1, 5)])
def test_the_index_of_each_person_of_another_questionnaire(ends: tuple[int, int]) -> None:
    """Three questions a motive, of which one motive may have another range: means of people are those of units."""
    asked = builtin("w-sdi")
    first, (index,) = asked.motives[0].id, asked.composites
    items = tuple(msgspec.structs.replace(item, max=ends[1]) if item.scale == first else item for item in asked.items)
    asked = msgspec.structs.replace(asked, items=items, composites=(msgspec.structs.replace(index, rescale=(1, 7)),))
    inputs = company("Company\n  North 25\n  South 14\n", asked=asked)
    scored = score(inputs, decide(inputs))
    assert (scored.index.constant != 0) is (ends == (1, 5))
    for code, cells in (("North", [1]), ("South", [2]), ("Company", [0, 1, 2])):
        here = np.isin(scored.cells, cells)
        assert _indexes(scored)[here].mean() == pytest.approx(float(scored.moments[code].mean(scored.index)))


def test_what_lies_between_units_is_a_conclusion() -> None:
    """Where ICC(1) changes, conclusions do, as for the index and the link."""
    reason = NotEstimable("")
    assert verdict([Sensitivity("icc1:total_motivation", reason, reason, changes=True)]) == CHANGES
