"""What holds scales together: omega and every question against the rest, from the bounded answers."""

from dataclasses import replace

import numpy as np
import pytest

from survey.instruments.answers import SKIPPED
from survey.privacy.evidence import ItemRest, ScaleEvidence
from survey.privacy.figures import MEAN, Figure, NotEstimable, figure
from survey.privacy.gate import decide
from survey.privacy.policy import Policy
from survey.privacy.scale_evidence import coefficient, scale_evidence, withheld
from survey.privacy.scored import TOO_ALIKE, TOO_FEW, Scored, score
from survey.scoring import estimable, item_rest
from survey.scoring.columns import item_values
from survey.scoring.omega import omega
from survey.scoring.reliability import FEW_PEOPLE, NO_VARIATION
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_agreement_by_hand import narrower

ALIKE = NotEstimable(TOO_ALIKE.reason.text)
SCALES = [
    *("creativity", "persistence", "analytical_thinking", "problem_solving", "citizenship"),
    *("adaptive", "tactical"),
]


def rounded(value: float | estimable.NotEstimable) -> Figure | NotEstimable:
    """In two digits, or why not."""
    if isinstance(value, estimable.NotEstimable):
        return NotEstimable(value.reason.text)
    return figure(round(value, 2), MEAN)


def of_scale(scored: Scored, scale: str) -> ScaleEvidence:
    """What is told of one scale."""
    (found,) = [each for each in scale_evidence(scored) if each.scale == scale]
    return found


def by_hand(scored: Scored, scale: str) -> ScaleEvidence:
    """The same from the answers, where no question is too alike."""
    values = item_values(scored.answers, scored.instrument, scale)
    common, items = omega(values), item_rest.item_rest(values)
    assert not isinstance(items, estimable.NotEstimable)
    return ScaleEvidence(
        scale,
        rounded(common if isinstance(common, estimable.NotEstimable) else common.value),
        [
            ItemRest(item.id, rounded(one.correlation), rounded(one.without))
            for item, one in zip(scored.instrument.items_of(scale), items, strict=True)
        ],
    )


def test_every_scale_of_two_questions_and_more() -> None:
    """Omega where there are three, and each question against the rest, also where some skipped one."""
    inputs = answered(company("Company\n  North 25\n  South 14\n"), "North", "tactical_2", [SKIPPED] * 4)
    scored = score(inputs, decide(inputs))
    told = scale_evidence(scored)
    assert {each.scale for each in told} == set(SCALES)
    assert len(told) == 7
    for each in told:
        assert each == by_hand(scored, each.scale)
        assert isinstance(each.omega, Figure) is (each.scale in ("adaptive", "tactical"))


def test_what_is_withheld() -> None:
    """Below tier two nothing; of a scale that is alike nothing but that; of too few answers their own reason."""
    inputs = company("Company\n  North 25\n  South 14\n")
    small = replace(inputs, policy=Policy(5, 200))
    scored = score(small, decide(small))
    assert withheld(scored, "tactical") == TOO_FEW
    assert of_scale(scored, "tactical") == ScaleEvidence("tactical", NotEstimable(TOO_FEW.reason.text), [])
    alike = inputs
    for item in instrument().items_of("tactical"):
        alike = answered(answered(alike, "North", item.id, [4] * 25), "South", item.id, [4] * 13 + [5])
    scored = score(alike, decide(alike))
    assert (withheld(scored, "tactical"), withheld(scored, "adaptive")) == (TOO_ALIKE, None)
    assert of_scale(scored, "tactical") == ScaleEvidence("tactical", ALIKE, [])
    few = inputs
    for code, people in (("North", 25), ("South", 5)):
        few = answered(few, code, "tactical_5", [SKIPPED] * people)
    reason = NotEstimable(FEW_PEOPLE.reason.text)
    assert of_scale(score(few, decide(few)), "tactical") == ScaleEvidence("tactical", reason, [])


def test_reasons_that_would_tell_everybodys_answer_become_a_general_one() -> None:
    """That nobody differs is not said; other reasons are, and numbers in two digits."""
    assert coefficient(NO_VARIATION) == coefficient(item_rest.REST_ALIKE) == ALIKE
    assert coefficient(FEW_PEOPLE) == NotEstimable(FEW_PEOPLE.reason.text)
    assert coefficient(0.12345) == Figure(0.12, "0.12")


@pytest.mark.parametrize(("people", "told"), [(6, True), (5, False)])
def test_a_question_needs_three_squares_of_its_own(people: int, told: bool) -> None:  # noqa: FBT001 - two cases
    """Six of twelve who differ by one point are exactly enough, five are not; its scale without it is told."""
    inputs = answered(company("Company 12"), "Company", "tactical_1", [5] * people + [4] * (12 - people))
    scored = score(inputs, decide(inputs))
    first, *others = of_scale(scored, "tactical").items
    expected, *rest = by_hand(scored, "tactical").items
    assert first == (expected if told else ItemRest("tactical_1", ALIKE, expected.without))
    assert others == rest


@pytest.mark.parametrize(("people", "told"), [(2, True), (1, False)])
def test_on_five_answers_a_point_counts_for_more(people: int, told: bool) -> None:  # noqa: FBT001 - two cases
    """A point of four is one and a half of six: two of twelve who differ are enough, one is not."""
    tactical = {item.id for item in instrument().items_of("tactical")}
    inputs = narrower(company("Company 12"), tactical)
    inputs = answered(inputs, "Company", "tactical_1", [4] * people + [3] * (12 - people))
    scored = score(inputs, decide(inputs))
    assert isinstance(of_scale(scored, "tactical").items[0].correlation, Figure) is told


def test_one_answer_in_a_cell_has_no_squares() -> None:
    """Where all but one of a team skip a question, that one adds nothing to what may be told of it."""
    inputs = company("Company\n  North 12\n  South 11\n")
    inputs = answered(inputs, "North", "tactical_1", [5] * 5 + [4] * 7)
    inputs = answered(inputs, "South", "tactical_1", [6] + [SKIPPED] * 10)
    scored = score(inputs, decide(inputs))
    column = [item.id for item in instrument().items].index("tactical_1")
    given = scored.answers[:, column] != SKIPPED
    assert np.bincount(scored.cells[given]).tolist() == [0, 12, 1]
    first, *_ = of_scale(scored, "tactical").items
    assert first.correlation == ALIKE
