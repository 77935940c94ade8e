"""What a group of a second cut shows, where the wave did not ask for everything."""

from dataclasses import replace

import msgspec

from survey.instruments.answers import SKIPPED
from survey.privacy.freeze import freeze
from survey.scoring.answers import AnswerTable
from tests.privacy.companies import answered, company, instrument
from tests.privacy.records import sums
from tests.privacy.test_second_cut import MOTIVES, PLACES, cut, two_newcomers


def test_answers_to_motives_alone_are_cut_too() -> None:
    """Of a wave collected elsewhere that asked for motives only, groups show these, sums that had to move included."""
    inputs = answered(answered(two_newcomers(), "South", "play", [1] * 6), "East", "play", [7] * 6)
    table = inputs.table.answers.copy()
    table[:, [item.scale not in MOTIVES for item in instrument().items]] = SKIPPED
    wave = msgspec.structs.replace(inputs.wave, kind="imported", practices=[])
    inputs = replace(inputs, wave=wave, table=AnswerTable(instrument(), table, inputs.table.units))
    north, west = (sums(freeze(inputs), code).totals[0] for code in ("North", "West"))
    record = cut(inputs, {"South": "A", "North": "A", "East": "B", "West": "B"})
    for group, total in zip(record.groups, (north + 6 + 3, west + 42 - 3), strict=True):
        assert group.figures is not None
        assert group.sums is not None
        assert list(group.figures.scales) == MOTIVES
        assert group.sums.totals[0] == total


def test_only_what_was_moved_says_that_more_or_less_is_possible() -> None:
    """All of West answered 1, as its own figure says: so does its group's, of this motive; no other, of no other."""
    record = cut(
        answered(company(PLACES), "West", "play", [1] * 7),
        {"West": "A", "Phone": "A", "North": "B", "Shop": "B"},
    )
    bounds = {
        group.code: {scale: figure.bound for scale, figure in group.figures.scales.items() if figure.bound}
        for group in record.groups
        if group.figures is not None
    }
    assert bounds == {"A": {"play": "or less"}, "B": {}}
