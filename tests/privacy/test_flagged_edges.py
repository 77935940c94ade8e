"""Flags of careless answers at their thresholds: who protects whom, and what is said where nothing is told."""

from dataclasses import replace

import numpy as np
import pytest
from msgspec.structs import replace as changed

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.instruments.model import Instrument
from survey.privacy.carefulness import TOGETHER
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.flagged import ONE_PLACE
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.record import WaveFacts
from survey.privacy.sensitivity import verdict
from survey.scoring import estimable
from survey.scoring.answers import AnswerTable
from survey.scoring.quality import unusual
from tests.privacy.companies import company, with_spares
from tests.privacy.records import figures
from tests.privacy.test_carefulness import MOTIVES, TREE, careful, clicked, results

APART = NotEstimable(ONE_PLACE.reason.text)


def straight_too(inputs: WaveInputs, unit: str, people: int) -> WaveInputs:
    """The same wave, in which the first people of a unit gave one answer to all motives."""
    table = inputs.table.answers.copy()
    table[np.flatnonzero(inputs.table.units == list(inputs.by_code).index(unit))[:people], MOTIVES] = 4
    return replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units))


def test_straight_answers_elsewhere_do_not_protect_nearly_a_unit() -> None:
    """Of North all but one have long strings: the index without them, and without noughts elsewhere, gives that one."""
    found = results(freeze(straight_too(clicked({"North": 24}), "Phone", 8)))
    assert found["index"].without == APART
    assert isinstance(found["alpha:tactical"].without, Figure)


def stretched() -> Instrument:
    """An instrument of which one motive has answers up to 5 and the others up to 7, all brought to 1-7."""
    asked = builtin("w-sdi")
    first, (index,) = asked.motives[0].id, asked.composites
    items = tuple(changed(item, max=5) if item.scale == first else item for item in asked.items)
    return changed(asked, items=items, composites=(changed(index, rescale=(1, 7)),))


def test_straight_answers_that_weigh_something_are_left_out_like_any_other() -> None:
    """Where motives have different ranges, the index without straight answers is that of the people who are left."""
    inputs = company(TREE, asked=stretched())
    answers, units = inputs.table.answers.copy(), inputs.table.units
    straight = np.concatenate([np.flatnonzero(units == unit)[:3] for unit in np.unique(units)])
    answers[straight] = 3
    record = freeze(replace(inputs, table=AnswerTable(stretched(), answers, units)))
    left = AnswerTable(stretched(), np.delete(answers, straight, axis=0), np.delete(units, straight))
    without = results(record)["index"].without
    assert isinstance(without, Figure)
    assert without.text == figures(freeze(replace(inputs, table=left)), "Company").index.text
    assert careful(record).flagged["straight"] == len(straight) == 12


def test_spare_codes_count_against_those_left_in_a_unit() -> None:
    """Five others in the unit are enough; with a spare code they may be four."""
    inputs = clicked({"North": 20})
    assert not isinstance(careful(freeze(inputs)).sensitivity, NotEstimable)
    assert careful(freeze(with_spares(inputs, {"Phone": 1}))).sensitivity == APART


def test_all_but_exactly_k_are_told() -> None:
    """Of a hundred people 95 long strings are told, since five are left; 96 are not."""
    most = {"Chat": 20, "Phone": 30, "North": 25}
    assert careful(freeze(clicked(most | {"South": 20}))).flagged["string"] == 95
    assert isinstance(careful(freeze(clicked(most | {"South": 21}))).flagged["string"], NotEstimable)


def test_a_verdict_stands_where_results_do() -> None:
    """What is said of the results is said of these; where there are none, nothing is."""
    told = careful(freeze(clicked({"Chat": 5, "Phone": 5, "North": 5, "South": 5})))
    assert not isinstance(told.sensitivity, NotEstimable)
    assert told.verdict == verdict(told.sensitivity).text
    assert careful(freeze(clicked({"Phone": 5}))).verdict == ""


@pytest.mark.parametrize(
    ("string", "straight", "either"),
    [
        ((0, 14), (8, 20), 20),  # six have both, eight and six one of them
        ((0, 10), (18, 20), 12),  # two straight ones, told anyway, are none of the others
        ((0, 10), (8, 18), None),  # two have both
        ((0, 10), (0, 8), None),  # two have a long string only
        ((0, 8), (2, 14), None),  # likewise, beside six straight ones
        ((0, 14), (6, 16), None),  # two are straight only
    ],
)
def test_any_flag_is_told_where_no_part_is_a_few(
    string: tuple[int, int], straight: tuple[int, int], either: int | None
) -> None:
    """How many have any flag is told unless both, one alone or the other alone would follow and be a few."""
    inputs = clicked({"Phone": string[1]})
    table = inputs.table.answers.copy()
    phone = np.flatnonzero(inputs.table.units == list(inputs.by_code).index("Phone"))
    table[phone[slice(*straight)], MOTIVES] = 4
    found = careful(freeze(replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units))))
    assert found.flagged == {"straight": straight[1] - straight[0], "string": string[1]}
    assert found.either == (NotEstimable(TOGETHER.reason.text) if either is None else either)


def test_unusual_answers_are_counted_among_those_that_count() -> None:
    """Of questions that were asked, and of people who answered all motives; answers at random ends are."""
    inputs = company("\n    Company\n      North 150\n      South 150\n")
    table = inputs.table.answers.copy()
    table[:7, :14] = np.random.default_rng(1).choice([1, 7], (7, 14))
    table[6, 0] = SKIPPED
    table[:, 14:] = SKIPPED
    wave = WaveFacts("2026-Q1", "imported", "", "", [], "", demo=False)
    imported = replace(inputs, wave=wave, table=AnswerTable(builtin(), table, inputs.table.units))
    asked = {item.id for item in builtin().items[:14]}
    counted = np.delete(table, 6, axis=0)
    expected = unusual(counted, builtin(), asked)
    assert not isinstance(expected, estimable.NotEstimable)
    assert int(expected.sum()) == 6
    assert careful(freeze(imported)).unusual == int(expected.sum())
