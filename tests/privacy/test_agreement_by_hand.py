"""How far people of a unit agree: by hand from their bounded answers, and where it may be told."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy.agreements import Squares, agreements
from survey.privacy.changes import changes
from survey.privacy.detail import details
from survey.privacy.evidence import Agreement
from survey.privacy.figures import MEAN, Figure, NotEstimable, figure
from survey.privacy.gate import decide
from survey.privacy.inputs import WaveInputs
from survey.privacy.scored import Scored, score
from survey.scoring import estimable
from survey.scoring.agreement import agreement, average_deviation, item_variances, split
from survey.scoring.answers import AnswerTable
from survey.scoring.columns import item_values
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_detail import people_of
from tests.privacy.test_freeze_edges import without

PICTURE = """
    Company
      Care 12
        Chat 14
        Phone 11
      Sales
        North 25
        South 12
"""


def told(scored: Scored) -> dict[str, dict[str, Agreement]]:
    """Agreement by unit, from the distributions that are told."""
    found = details(scored, changes(scored, None), two_axes=True)
    spreads = {code: {motive: each.counts for motive, each in one.spreads.items()} for code, one in found.items()}
    return agreements(scored, spreads)


def rounded(value: float | estimable.NotEstimable) -> Figure | NotEstimable:
    """In two digits."""
    return (
        NotEstimable(value.reason.text) if isinstance(value, estimable.NotEstimable) else figure(round(value, 2), MEAN)
    )


def against_nulls(values: NDArray[np.float64], options: int = 7) -> Mapping[str, Figure | NotEstimable]:
    """Agreement on the questions of a scale, against both ways of not agreeing."""
    variances = item_variances(values).tolist()
    return {
        "uniform": rounded(agreement(variances, options, "uniform")),
        "skewed": rounded(agreement(variances, options, "skewed")),
    }


@pytest.mark.parametrize("skipped", [False, True])
def test_agreement_is_that_of_the_units_people(skipped: bool) -> None:  # noqa: FBT001 - two cases
    """Of each motive with its deviation, of many questions by all their squares; who skipped one is not in it."""
    inputs = answered(company(PICTURE), "North", "play", [1, 2, 6, 7] * 6)
    if skipped:
        inputs = answered(inputs, "Chat", "tactical_2", [SKIPPED] * 3)
        inputs = answered(inputs, "South", "creativity_1", [SKIPPED] * 2)
    scored = score(inputs, decide(inputs))
    found = told(scored)
    assert found.keys() == scored.detailed
    for code, scales in found.items():
        here = people_of(scored, code)
        for scale, one in scales.items():
            values = item_values(scored.answers[here], instrument(), scale)
            assert one.rwg == against_nulls(values)
            if values.shape[1] > 1:
                assert (one.split, one.deviation) == (False, None)
                continue
            counts = [int((values == answer).sum()) for answer in range(1, 8)]
            apart = average_deviation(values[:, 0])
            assert (one.split, one.deviation) == (split(counts), rounded(apart))
    assert {code for code, scales in found.items() if scales["play"].split} == {"North", "Sales"}
    assert all({"adaptive", "tactical"} <= scales.keys() for scales in found.values())


@pytest.mark.parametrize(("second", "said"), [([3, 5, 4], True), ([4] * 5 + [3, 5] + [4] * 5, False)])
def test_one_question_that_is_alike_silences_the_scale(second: list[int], said: bool) -> None:  # noqa: FBT001 - two cases
    """Three squares of deviations are needed of every single question, not of all together."""
    inputs = answered(company("Company\n  A 12\n"), "A", "tactical_1", (second * 4)[:12])
    scored = score(inputs, decide(inputs))
    (column,) = [place for place, item in enumerate(instrument().items) if item.id == "tactical_1"]
    answers = scored.answers[:, column].astype(float)
    assert (float(((answers - answers.mean()) ** 2).sum()) >= 3) is said
    assert ("tactical" in told(scored)["A"]) is said
    assert "adaptive" in told(scored)["A"]


def test_squares_of_exactly_three_are_enough() -> None:
    """Where the squares of a question are three, and no less, its scale is told."""
    for squares, said in ((3.0, True), (2.99, False)):
        made = Squares(np.array([[12], [0]]), np.array([[48], [0]]), np.array([[192 + squares], [0]]))
        assert made.leave_open(7)([0, 1]) is said
        assert made.leave_open(7)([0]) is said


def test_squares_are_those_of_a_scale_from_one_to_seven() -> None:
    """On five answers a deviation of two is one of three on seven, so that fewer are enough."""
    one = Squares(np.array([[12]]), np.array([[48]]), np.array([[194]]))
    assert not one.leave_open(7)([0])
    assert one.leave_open(5)([0])
    assert not Squares(np.array([[12]]), np.array([[48]]), np.array([[193]])).leave_open(5)([0])
    wide = Squares(np.array([[12]]), np.array([[48]]), np.array([[196]]))
    assert wide.leave_open(7)([0])
    assert not wide.leave_open(13)([0])


def narrower(inputs: WaveInputs, item_ids: set[str], most: int = 5) -> WaveInputs:
    """The same wave with some questions of fewer answers."""
    asked = inputs.table.instrument
    first = asked.answer_scales[0]
    fewer = msgspec.structs.replace(first, id="fewer", labels={"1": first.labels["1"], str(most): first.labels["7"]})
    items = tuple(
        msgspec.structs.replace(item, max=most, answers="fewer") if item.id in item_ids else item
        for item in asked.items
    )
    asked = msgspec.structs.replace(asked, items=items, answer_scales=(*asked.answer_scales, fewer))
    given = inputs.table.answers
    cut = np.where(given == SKIPPED, SKIPPED, np.minimum(given, most)).astype(np.uint8)
    here = [item.id in item_ids for item in asked.items]
    return replace(inputs, table=AnswerTable(asked, np.where(here, cut, given), inputs.table.units))


@pytest.mark.parametrize("most", [5, 4])
def test_questions_with_other_answers_have_other_nulls(most: int) -> None:
    """Five answers to choose from are told against five; of four no skewed distribution is known."""
    fewer = {item.id for item in instrument().items if item not in instrument().practices} - {"inertia"}
    inputs = narrower(company("Company\n  A 24\n"), fewer, most)
    scored = score(inputs, decide(inputs))
    found = told(scored)["A"]
    assert {"adaptive", "tactical", "play"} <= found.keys()
    for scale, one in found.items():
        values = item_values(scored.answers, scored.instrument, scale)
        assert one.rwg == against_nulls(values, 7 if scale == "inertia" else most)
    assert isinstance(found["play"].rwg["skewed"], NotEstimable) is (most == 4)


def test_variances_of_questions_with_few_answers() -> None:
    """Nobody, one, two of a team: below two answers there is no variance; units above hold these answers as well."""
    inputs = company("Company\n  A 12\n  B 11\n")
    for item, skipped in (("tactical_1", 11), ("tactical_2", 10), ("creativity_1", 9)):
        inputs = answered(inputs, "B", item, [SKIPPED] * skipped)
    scored = score(inputs, decide(inputs))
    for scale in ("tactical", "creativity"):
        found = Squares.of(scored, instrument().items_of(scale)).variances(scored)
        assert list(found) == ["Company", "A", "B"]
        for code, variances in found.items():
            values = item_values(scored.answers[people_of(scored, code)], instrument(), scale)
            assert variances == pytest.approx(item_variances(values).tolist(), nan_ok=True)
    assert np.isnan(Squares.of(scored, instrument().items_of("tactical")).variances(scored)["B"]).tolist()[:3] == [
        True, True, False,
    ]  # fmt: skip


def test_one_answer_in_a_cell_has_no_squares() -> None:
    """A cell in which one person answered a question adds nothing to what may be told of it."""
    made = Squares(np.array([[12], [1]]), np.array([[48], [5]]), np.array([[192 + 2.9], [25]]))
    assert not made.leave_open(7)([0, 1])


def test_motives_of_several_questions_are_split_by_their_nearest_answers() -> None:
    """Agreement on a motive of three questions rests on all three; whether it is split, on the shown distribution."""
    inputs = company("Company\n  A 24\n  B 12\n", asked=builtin("w-sdi"))
    first, *others = inputs.table.instrument.motives
    for item in inputs.table.instrument.items_of(first.id):
        inputs = answered(inputs, "A", item.id, [1, 2, 6, 7] * 6)
    scored = score(inputs, decide(inputs))
    found = told(scored)
    for code, scales in found.items():
        here = people_of(scored, code)
        for scale, one in scales.items():
            assert one.rwg == against_nulls(item_values(scored.answers[here], scored.instrument, scale))
    assert found["A"][first.id].split
    assert found["A"][first.id].deviation is None
    assert not any(found["A"][motive.id].split for motive in others if motive.id in found["A"])
    assert len(found["A"]) > 1


def test_what_was_not_asked_has_no_agreement() -> None:
    """A wave collected elsewhere that did not ask for one kind of performance tells agreement on the other alone."""
    inputs = without(company("Company\n  A 24\n"), "tactical")
    scored = score(inputs, decide(inputs))
    assert "tactical" not in told(scored)["A"]
    assert "adaptive" in told(scored)["A"]
