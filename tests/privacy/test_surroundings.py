"""What is told of every unit, shown or not, and what is left of one: fact by fact, by hand."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy.stats import t as student

from survey.instruments.answers import SKIPPED
from survey.privacy.figures import MEAN, POINTS, Figure, kept
from survey.privacy.gate import decide
from survey.privacy.inputs import WaveInputs
from survey.privacy.participation import band
from survey.privacy.record import Detail, Origin, Rest, Sums, UnitRecord
from survey.privacy.register import Mark, Over
from survey.privacy.rests import rests
from survey.privacy.scored import Scored, score
from survey.privacy.surroundings import Shown, Surroundings
from survey.privacy.tree import TreeUnit
from survey.scoring.columns import item_values
from survey.scoring.estimable import NotEstimable
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_units_by_hand import error, holds, made, of_person

PICTURE = """
    Company
      Care 12
        Chat 12
        Phone 3
        Post 9
      Sales
        North 25
        South 2
        West 0
"""
MARK = Mark("2026-01-20", "tool", "Chat")
ORIGIN = Origin(80, "Chat", 90)
INVITED = {
    "Company": 79,
    "Care": 44,
    "Chat": 14,
    "Phone": 5,
    "Post": 11,
    "Sales": 35,
    "North": 27,
    "South": 4,
    "West": 2,
}
ANSWERED = {
    "Company": 63,
    "Care": 36,
    "Chat": 12,
    "Phone": 3,
    "Post": 9,
    "Sales": 27,
    "North": 25,
    "South": 2,
    "West": 0,
}


@pytest.fixture(scope="module")
def inputs() -> WaveInputs:
    """A company in which South and West read another language; somebody of Chat is set aside."""
    plain = answered(company(PICTURE), "Chat", "play", [SKIPPED])
    facts = []
    for place, each in enumerate(plain.facts):
        unit = TreeUnit(each.unit.code, each.unit.parent, {"en": f"The {each.unit.code}"}, f"kind {place}", place == 2)
        languages = {"en" if unit.code in ("South", "West") else "ko": each.invited + 2}
        facts.append(
            replace(
                each, unit=unit, invited=each.invited + 2 * (place != 0), languages=languages, marks=(MARK,) * place,
                origin=ORIGIN, adopted={"stand_ups": f"2026-0{place}"}, joined={"J1": {"en": f"Joined {place}"}},
                over={"walks": Over("2025-01-01", f"2025-0{place + 1}-01")},
            )
        )  # fmt: skip
    return replace(plain, facts=tuple(facts))


@pytest.fixture(scope="module")
def scored(inputs: WaveInputs) -> Scored:
    """Its shown units with their moments."""
    return score(inputs, decide(inputs))


@pytest.mark.parametrize("shows", [True, False])
def test_the_record_of_a_unit(inputs: WaveInputs, scored: Scored, shows: bool) -> None:  # noqa: FBT001 - two cases
    """Every fact of the roster, counts up the tree, why it is hidden; sums and origin only with figures."""
    surroundings, gate = Surroundings.of(inputs, scored.gate), scored.gate
    hidden = {code: reason for code, reason in gate.hidden.items() if reason is not None}
    assert hidden == {"Phone": "small", "South": "small", "West": "small", "North": "complementary"}
    detail, rest = Detail({}, None, "cannot tell yet", 0.0, None), Rest(5, ["Phone"], Figure(1.0, "+1.0"), {})
    assert surroundings.languages["Chat"] == {"en": 0, "ko": 14}
    assert surroundings.languages["Sales"] == {"en": 6, "ko": 29}
    figures = made(scored)
    for place, (code, facts) in enumerate(inputs.by_code.items()):
        seen = shows and code in figures
        shown = Shown(figures[code], detail, rest) if seen else Shown(None, None, None)
        assert surroundings.unit(code, scored, shown) == UnitRecord(
            code=code,
            parent=facts.unit.parent,
            names={"en": f"The {code}"},
            kind=f"kind {place}",
            leads=place == 2,
            depth=inputs.tree.depth(code),
            invited=INVITED[code],
            participation=band(ANSWERED[code], INVITED[code]),
            hidden=gate.hidden[code],
            detail_hidden=gate.detail_hidden[code],
            adopted={"stand_ups": f"2026-0{place}"},
            language_note=code in {"South", "West"},
            sums=Sums(scored.moments[code].n, scored.moments[code].totals.tolist()) if seen else None,
            figures=shown.figures,
            detail=shown.detail,
            rest=shown.rest,
            origin=ORIGIN if seen else None,
            joined={"J1": {"en": f"Joined {place}"}},
            marks=[MARK] * place,
            over={"walks": Over("2025-01-01", f"2025-0{place + 1}-01")},
        )


def test_what_is_left_of_a_unit() -> None:
    """People at Care itself with those of a hidden team; Help has people of its own only; sums by the pooled spread."""
    plain = company("Company\n  Care 12\n    Chat 12\n    Phone 3\n    Post 9\n  Help 6\n    East 8\n  Sales 7\n")
    plain = answered(answered(plain, "Phone", "play", [7] * 3), "Care", "play", [7] * 12)
    plain = answered(plain, "Chat", "inertia", [1] * 12)
    scored = score(plain, decide(plain))
    found, left = rests(scored), {"Care": ["Phone"], "Help": []}
    assert {code: rest.units for code, rest in found.items()} == left
    cells = {code: scored.partition.shown.index(code) for code in left}
    for code, rest in found.items():
        here = scored.cells == cells[code]
        assert rest.n == int(here.sum()) == {"Care": 15, "Help": 6}[code]
        index, style = of_person(scored, "index"), POINTS.within(-100, 100)
        assert list(rest.scales) == [spec.scale for spec in scored.specs]
        for name, figure in (("index", rest.index), *rest.scales.items()):
            values = index if name == "index" else item_values(scored.answers, instrument(), name).mean(axis=1)
            if isinstance(scored.pooled(scored.index if name == "index" else name), NotEstimable):
                assert (figure.value, figure.low) == (kept(float(np.mean(values[here]))), None)
                continue
            squared, df = error(scored, values, here, own=False)
            half = student.ppf(0.975, df) * sqrt(squared)
            holds(figure, float(np.mean(values[here])), half, style if name == "index" else MEAN.within(1, 7))
    assert (found["Care"].scales["play"].bound, found["Care"].scales["inertia"].bound) == ("or more", "")
    assert (found["Help"].scales["play"].bound, found["Help"].index.bound) == ("", "")
