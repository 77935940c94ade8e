"""What goes into a publication: which questions were asked, and whether a wave is as strict as it was meant to be."""

from dataclasses import replace

import msgspec
import numpy as np

from survey.instruments.answers import SKIPPED
from survey.scoring.answers import AnswerTable
from tests.privacy.companies import company


def test_a_question_that_everybody_skipped_was_asked() -> None:
    """A wave of our own knows what it asked; of an imported one nobody can tell but by the answers."""
    plain = company()
    instrument = plain.table.instrument
    skipped = instrument.items[0].id
    answers = np.where([item.id == skipped for item in instrument.items], SKIPPED, plain.table.answers).astype(np.uint8)
    inputs = replace(plain, table=AnswerTable(instrument, answers, plain.table.units))
    asked = {item.id for item in instrument.asked(plain.wave.practices)}
    assert skipped in asked
    assert inputs.asked == asked < {item.id for item in instrument.items}
    imported = replace(inputs, wave=msgspec.structs.replace(plain.wave, kind="imported"))
    assert imported.asked == asked - {skipped}


def test_a_wave_is_strict_where_it_is_known_who_moved() -> None:
    """Nobody can be hidden among others where moves are not known; nobody may have moved, which is known as well."""
    plain = company()
    assert (plain.strictly, replace(plain, strict=True).strictly) == (False, False)
    assert replace(plain, strict=True, moves=()).strictly
    assert not replace(plain, moves=()).strictly
