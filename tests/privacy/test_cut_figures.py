"""What a group of a second cut shows, where the wave did not ask for everything."""

from dataclasses import replace

import msgspec

from survey.instruments.answers import SKIPPED
from survey.privacy.freeze import freeze
from survey.scoring.answers import AnswerTable
from tests.privacy.companies import answered, instrument
from tests.privacy.records import sums
from tests.privacy.test_second_cut import MOTIVES, cut, two_newcomers


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
