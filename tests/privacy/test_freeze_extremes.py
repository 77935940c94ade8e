from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey.privacy.evidence import Carefulness
from survey.privacy.figures import NotEstimable
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide
from survey.privacy.record import Contribution, Record, Sums
from survey.privacy.scored import score
from survey.privacy.thaw import dump
from tests.privacy.companies import CAST, answered, company, instrument
from tests.privacy.drawings import draw
from tests.privacy.records import figures, sums

MOTIVES = [scale.id for scale in instrument().motives]


def test_extremes_are_bounded_in_every_unit() -> None:
    """Everybody in South gives play the lowest answer: South says "or less", in mean, index, gap and part."""
    record = freeze(answered(company(), "South", "play", [1, 1, 1, 1, 1]))
    south, sales = figures(record, "South"), figures(record, "Sales")
    assert (south.scales["play"].text, south.scales["play"].bound) == ("1.60", "or less")
    assert south.index.bound == "or less"
    assert sales.scales["play"].bound == "or less"
    assert isinstance(south.contribution, Contribution)
    assert south.contribution.parts["play"].bound == "or less"
    assert south.contribution.parts["inertia"].bound == ""


def test_an_indirect_extreme_turns_the_flag() -> None:
    """Where inertia was bounded from above, inertia is "or more" and the index, which subtracts it, "or less"."""
    south = figures(freeze(answered(company(), "South", "inertia", [7, 7, 7, 7, 7])), "South")
    assert south.scales["inertia"].bound == "or more"
    assert south.index.bound == "or less"


def test_extremes_of_the_rest() -> None:
    """What is left when shown units are taken away is bounded too: North all 1, so that Sales minus South is."""
    record = freeze(answered(company(), "North", "play", [1] * 12))
    play = [column.scale for column in record.columns].index("play")
    rest = sums(record, "Sales").totals[play] - sums(record, "South").totals[play]
    assert rest == 12 + 3


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 7]))
@example(1, 1)  # one of them gave straight answers, which moved ones no longer are
def test_nothing_is_made_from_the_answers_before_they_were_moved(seed: int, answer: int) -> None:
    """Had people given the moved answers themselves, every number would be the same: only "or more" tells."""
    inputs = company(seed=seed)
    for item in ("play", "inertia", "tactical_1", "creativity_1"):
        inputs = answered(inputs, "South", item, [answer] * 5)
    gate = decide(inputs)
    scored = score(inputs, gate)
    rows, _ = gate.rows(gate.base, scored.partition)
    moved = inputs.table.answers.copy()
    moved[rows] = scored.answers
    assert (moved != inputs.table.answers).any()
    table = replace(inputs.table, answers=moved)
    assert without_flags(freeze(inputs)) == without_flags(freeze(replace(inputs, table=table)))


def without_flags(record: Record) -> bytes:
    """The record as JSON, without "or more" and "or less", and without the count of straight answers, told twice."""
    uncounted = msgspec.structs.replace(record.quality, straight=0, index_without_straight=NotEstimable(""))
    record = msgspec.structs.replace(record, quality=uncounted)
    if record.evidence is not None and isinstance(record.evidence.carefulness, Carefulness):
        careful = msgspec.structs.replace(record.evidence.carefulness, flagged={}, either=0)
        record = msgspec.structs.replace(record, evidence=msgspec.structs.replace(record.evidence, carefulness=careful))
    text, _ = dump(record)
    return text.replace(b'"or more"', b'""').replace(b'"or less"', b'""')


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2, 6, 7]))
def test_no_residual_is_extreme(seed: int, answer: int) -> None:
    """Whatever people answer, no published residual's sum of a motive lies outside n + 3 and 7 n - 3."""
    inputs = company(seed=seed)
    for unit in ("South", "Phone", "Chat"):
        inputs = answered(inputs, unit, "purpose", [answer] * 8)
    assert extreme_residuals(freeze(inputs)) == []


def test_without_bounds_an_extreme_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for extreme residuals finds one where bounding is switched off: it can see."""
    monkeypatch.setattr(
        "survey.privacy.scored.bound_extremes",
        lambda _answers, items, _cells, n_cells: np.zeros((n_cells, len(items)), dtype=np.int8),
    )
    record = freeze(answered(company(), "South", "purpose", [1] * 5))
    assert extreme_residuals(record) == [("South", "purpose")]


def extreme_residuals(record: Record) -> list[tuple[str, str]]:
    """Units and motives where the answers of what no shown unit below covers lie too close to an end."""
    shown = {unit.code: unit.sums for unit in record.units if unit.sums}
    tree, found = draw(CAST).tree, []
    for code, own in shown.items():
        parts = [other for other in tree.below(code) if other in shown and _above(tree.path(other), shown) == code]
        n = own.n - sum(shown[part].n for part in parts)
        for place, column in enumerate(record.columns):
            total = own.totals[place] - sum(shown[part].totals[place] for part in parts)
            if n and column.scale in MOTIVES and not n + 3 <= total <= 7 * n - 3:
                found.append((code, column.scale))
    return found


def _above(path: tuple[str, ...], shown: dict[str, Sums]) -> str:
    return ([code for code in path[:-1] if code in shown] or [""])[-1]


def test_practice_extremes() -> None:
    """Practice items are bounded in the cells that they are shown for."""
    practice = instrument().practices[0].id
    south = figures(freeze(answered(company(), "South", practice, [7] * 5)), "South")
    assert (south.practices[practice].text, south.practices[practice].bound) == ("6.40", "or more")
