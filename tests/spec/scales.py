"""Sections of the manual about scales and about how carefully questions were answered."""

from typing import Final

import numpy as np

from survey.instruments.load import builtin
from survey.scoring import item_rest, omega, quality
from survey.scoring.estimable import NotEstimable
from tests.spec.section import Expected, Given, Section


def _omega(given: Given) -> Expected:
    made = omega.omega(np.array(given["answers"], dtype=np.float64))
    return {"not estimable": made.reason.text} if isinstance(made, NotEstimable) else {"omega": made.value}


def _item_rest(given: Given) -> Expected:
    made = item_rest.item_rest(np.array(given["answers"], dtype=np.float64))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    left = [each.without.reason.text if isinstance(each.without, NotEstimable) else each.without for each in made]
    return {"with the others": [each.correlation for each in made], "alpha without it": left}


def _string(given: Given) -> Expected:
    answers = np.array([given["answers"]], dtype=np.uint8)
    made = quality.long_strings(answers, builtin())
    assert not isinstance(made, NotEstimable)
    return {"flagged": bool(made[0])}


SECTIONS: Final = (
    Section("Reliability with unequal items", omega.omega, _omega, "omega"),
    Section("An item and the rest of its scale", item_rest.item_rest, _item_rest, "item_rest"),
    Section("Long strings of equal answers", quality.long_strings, _string, "long_strings"),
    Section("Unusual combinations of answers", quality.unusual),
)
