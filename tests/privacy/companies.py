"""Companies for tests of a publication: a drawn tree with answers, as `freeze` takes it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.instruments.model import Instrument
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import WaveFacts
from survey.scoring.answers import AnswerTable
from tests.privacy.drawings import draw

CAST: Final = """
    Company
      Care
        Chat 2
        Phone 8
      Sales
        North 12
        South 5
"""


@cache
def instrument() -> Instrument:
    """The default instrument."""
    return builtin("total-motivation")


def company(picture: str = CAST, seed: int = 1, code: str = "2026-Q1", asked: Instrument | None = None) -> WaveInputs:
    """The drawn company, with answers of any kind that depend on the seed alone."""
    drawing, asked = draw(picture), asked or instrument()
    random = np.random.default_rng(seed)
    codes = drawing.tree.codes
    units = np.repeat(np.arange(len(codes)), [drawing.counts.get(unit, 0) for unit in codes]).astype(np.int32)
    mood = random.normal(0, 1, len(units))
    table = np.column_stack(
        [
            np.clip(np.rint((item.min + item.max) / 2 + mood + random.normal(0, 1.3, len(units))), item.min, item.max)
            for item in asked.items
        ]
    ).astype(np.uint8)
    wave = WaveFacts(code, "native", "2026-01-12", "2026-01-23", [item.id for item in asked.practices][:2], "", False)
    asked_now = {item.id for item in asked.asked(wave.practices)}
    table[:, [item.id not in asked_now for item in asked.items]] = SKIPPED
    facts = tuple(
        UnitFacts(unit, invited=drawing.counts.get(unit.code, 0), languages={"ko": drawing.counts.get(unit.code, 0)})
        for unit in drawing.tree.units
    )
    return WaveInputs({"ko": "회사", "en": "Company"}, "team", wave, Policy(), facts, AnswerTable(asked, table, units))


def answered(inputs: WaveInputs, unit: str, item: str, values: list[int]) -> WaveInputs:
    """The same wave, with these answers of a unit's people to an item."""
    table = inputs.table.answers.copy()
    rows = np.flatnonzero(inputs.table.units == list(inputs.by_code).index(unit))
    column = [each.id for each in inputs.table.instrument.items].index(item)
    table[rows[: len(values)], column] = values[: len(rows)]
    return replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units))


def shuffled(inputs: WaveInputs, seed: int) -> WaveInputs:
    """The same wave, its responses stored in another order."""
    order = np.random.default_rng(seed).permutation(len(inputs.table))
    table = inputs.table
    return replace(inputs, table=AnswerTable(table.instrument, table.answers[order], table.units[order]))


def with_moves(inputs: WaveInputs, moved: Mapping[str, int]) -> WaveInputs:
    """The same wave, in which so many people joined or left each unit since the last; 0 where none is named."""
    return replace(inputs, facts=tuple(replace(each, moved=moved.get(each.unit.code, 0)) for each in inputs.facts))


def with_spares(inputs: WaveInputs, spares: Mapping[str, int]) -> WaveInputs:
    """The same wave, with so many spare codes drawn."""
    return replace(inputs, facts=tuple(replace(each, spares=spares.get(each.unit.code, 0)) for each in inputs.facts))
