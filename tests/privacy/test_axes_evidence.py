"""What a record tells of the two axes, the link, true places and drivers, and where it tells nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from survey.i18n import Sentence
from survey.instruments.load import builtin
from survey.privacy import link_evidence
from survey.privacy.evidence import Axes, Drivers, Evidence, LinkDetails
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.link_evidence import axes, says
from survey.privacy.policy import Policy
from survey.privacy.record import Detail, Record
from survey.privacy.scored import TOO_ALIKE
from survey.scoring.answers import AnswerTable
from survey.scoring.levels import ALIKE, Levels
from survey.scoring.link import Link
from survey.scoring.quadrant import SURE_FROM
from survey.scoring.redraw import Estimate
from tests.privacy.companies import company

TEAMS = 24


@cache
def picture() -> str:
    """A company of four departments with six teams of a dozen people each."""
    teams = "\n".join(
        f"  D{department}\n" + "\n".join(f"    T{department}{team} {11 + team}" for team in range(6))
        for department in range(4)
    )
    return f"Company\n{teams}"


def answering(*, one_axis: bool = False, seed: int = 3) -> WaveInputs:
    """Return the company's answers: units differ, adaptive work goes with motivation, the plan goes its own way."""
    inputs = company(picture(), seed)
    random = np.random.default_rng(seed)
    units = inputs.table.units
    n, drive = len(units), random.normal(0, 0.7, max(units) + 1)[units]
    mood = drive + random.normal(0, 0.8, n)
    plan = random.normal(0, 0.8, max(units) + 1)[units] + random.normal(0, 0.7, n)
    table = inputs.table.answers.copy()
    for place, item in enumerate(builtin().items):
        scale = builtin().scale(item.scale)
        if scale.kind == "practice":
            continue
        level = plan if scale.id == "tactical" and not one_axis else mood
        level = -mood if scale.direction == "indirect" else level
        table[:, place] = np.clip(np.rint(4.2 + level + random.normal(0, 0.8, n)), item.min, item.max)
    return replace(inputs, table=AnswerTable(inputs.table.instrument, table, units))


@cache
def record(*, one_axis: bool = False) -> Record:
    """Return the record of that company."""
    return freeze(answering(one_axis=one_axis))


def evidence(found: Record) -> Evidence:
    """Return the company's evidence."""
    assert found.evidence is not None
    return found.evidence


def details(found: Record) -> Mapping[str, Detail]:
    """Return the details of the units that show them."""
    return {unit.code: unit.detail for unit in found.units if unit.detail is not None}


def figures(value: object) -> Iterator[Figure]:
    """Return every figure in a part of the record."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from figures(each)
    elif hasattr(value, "__struct_fields__"):
        yield from figures([getattr(value, name) for name in value.__struct_fields__])


def test_all_parts_are_there_in_printed_digits() -> None:
    """Axes, link and drivers of a company that shows enough; nothing keeps more than it prints."""
    found = evidence(record())
    assert isinstance(found.axes, Axes)
    assert isinstance(found.link, LinkDetails)
    assert isinstance(found.drivers, Drivers)
    assert found.axes.two
    assert found.link.sentence == link_evidence.ADAPTIVE_WORK.text
    assert found.link.split_units == TEAMS
    for figure in (*figures(found.axes), *figures(found.link)):
        assert figure.value == round(figure.value, 3)
        assert figure.low is None or (figure.low == round(figure.low, 2) and figure.high == round(figure.high or 0, 2))
    assert all(figure.value == round(figure.value) for figure in figures(found.drivers))
    assert abs(sum(driver.share.value for driver in found.drivers.motives) - 100) <= 3
    assert [driver.motive for driver in found.drivers.motives] == [motive.id for motive in builtin().motives]


def test_labels_rest_on_true_places() -> None:
    """A label is the most probable quarter from .80 on; region and probabilities are told with it."""
    labels = set()
    for code, found in details(record()).items():
        assert (found.shrunken is None) == (code == "Company")
        best = max(found.quadrants, key=found.quadrants.__getitem__)
        assert sum(found.quadrants.values()) == pytest.approx(1, abs=1e-5)
        assert found.label_probability == found.quadrants[best]
        assert found.label == (best if found.quadrants[best] >= SURE_FROM else "cannot tell yet"), code
        labels.add(found.label)
    assert "cannot tell yet" in labels
    assert len(labels) > 2


def test_small_units_are_drawn_towards_the_others() -> None:
    """A team's true place lies between its observed one and the middle; its region is the smaller one."""
    nearer = 0
    for unit in record().units:
        if unit.code.startswith("T") and unit.detail and unit.detail.shrunken and unit.figures:
            seen, true = unit.figures.position, unit.detail.shrunken
            assert seen is not None
            nearer += abs(true.tactical - 4.2) < abs(seen.tactical - 4.2)
    assert nearer > TEAMS * 0.7


def test_units_of_a_kind_are_drawn_towards_their_kind() -> None:
    """Ten units of a declared kind are a population of their own; fewer are drawn towards all, the company nowhere."""
    plain, inputs = details(record()), answering()
    kinds = {f"T{department}{team}": "shop" for department in (0, 1) for team in range(6)} | {"T20": "store"}
    declared = details(
        freeze(
            replace(
                inputs,
                facts=tuple(
                    replace(each, unit=replace(each.unit, kind=kinds.get(each.unit.code, ""))) for each in inputs.facts
                ),
            )
        )
    )
    assert declared["T00"].shrunken != plain["T00"].shrunken
    for code in ("T20", "T30", "D0", "Company"):
        assert declared[code].shrunken == plain[code].shrunken


def test_where_the_axes_are_one_no_unit_gets_a_label() -> None:
    """A company that answers both alike has no labels, however probable a quarter is; the record says why."""
    found = record(one_axis=True)
    shown = evidence(found).axes
    assert isinstance(shown, Axes)
    assert not shown.two
    assert {each.label for each in details(found).values()} == {"cannot tell yet"}
    assert any(each.label_probability >= SURE_FROM for each in details(found).values())


def test_a_small_company_says_why_not() -> None:
    """Fewer than ten cells: reasons in place of numbers, no true places, no labels."""
    found = freeze(company())
    parts = evidence(found)
    assert isinstance(parts.axes, NotEstimable)
    assert isinstance(parts.link, NotEstimable)
    assert isinstance(parts.drivers, NotEstimable)
    assert "ten" in parts.drivers.reason
    for each in details(found).values():
        assert (each.label, each.label_probability, each.shrunken, each.quadrants) == ("cannot tell yet", 0, None, {})


def test_nothing_is_told_of_a_company_below_tier_two() -> None:
    """Where the company itself shows no details, none of this is made, for whatever reason units would give."""
    found = freeze(replace(answering(), policy=Policy(5, 2000)))
    parts = evidence(found)
    for part in (parts.axes, parts.link, parts.drivers):
        assert isinstance(part, NotEstimable)
        assert "Too few people answered" in part.reason


def test_shuffled_answers_make_the_same_evidence() -> None:
    """The order in which answers are stored leaves no trace."""
    inputs = answering()
    order = np.random.default_rng(9).permutation(len(inputs.table))
    table = inputs.table
    mixed = replace(inputs, table=AnswerTable(table.instrument, table.answers[order], table.units[order]))
    assert evidence(freeze(mixed)) == evidence(record())


UP, DOWN, FLAT = Estimate(0.5, 0.2, 0.7), Estimate(-0.5, -0.7, -0.2), Estimate(0.1, -0.2, 0.3)


@pytest.mark.parametrize(
    ("whole", "within", "between", "sentence"),
    [
        ((UP, UP), (UP, UP), (UP, UP), link_evidence.BOTH_KINDS),
        ((UP, UP), (UP, UP), (UP, FLAT), link_evidence.ADAPTIVE_WORK),
        ((UP, UP), (UP, UP), (UP, DOWN), link_evidence.LESS_OF_THE_PLAN),
        ((UP, UP), (UP, UP), (FLAT, UP), link_evidence.THE_PLAN),
        ((UP, UP), (UP, FLAT), (FLAT, FLAT), link_evidence.WITHIN),
        ((UP, UP), (UP, FLAT), (ALIKE, ALIKE), link_evidence.WITHIN),
        ((UP, UP), (UP, UP), (FLAT, DOWN), link_evidence.OTHER_WAY_BETWEEN),
        ((UP, FLAT), (FLAT, FLAT), (UP, FLAT), link_evidence.BETWEEN),
        ((UP, FLAT), (FLAT, FLAT), (FLAT, FLAT), link_evidence.WHOLE),
        ((UP, UP), (UP, FLAT), (FLAT, UP), link_evidence.WHOLE),
        ((FLAT, FLAT), (FLAT, FLAT), (FLAT, FLAT), link_evidence.NOTHING),
        ((UP, DOWN), (UP, UP), (UP, UP), link_evidence.OTHER_WAY),
        ((FLAT, FLAT), (Estimate(0.1, 0.004, 0.3), FLAT), (FLAT, FLAT), link_evidence.NOTHING),
    ],
)
def test_the_sentence_is_chosen_by_the_evidence(
    whole: tuple[Estimate, Estimate],
    within: tuple[Estimate, Estimate],
    between: tuple[Estimate, Estimate],
    sentence: Sentence,
) -> None:
    """Each pattern of intervals has its sentence; what prints as 0.00 is not above 0."""
    found = Link(*whole, FLAT, FLAT, 400, 40)
    scales = ("adaptive", "tactical")
    apart = Levels(dict(zip(scales, within, strict=True)), dict(zip(scales, between, strict=True)))
    assert says(found, apart) == sentence


def test_two_axes_are_judged_on_the_upper_end() -> None:
    """Just below nine tenths they are two, at it they are not."""
    for high, two in ((0.89, True), (0.90, False), (0.97, False)):
        made = axes(Link(UP, UP, UP, Estimate(0.8, 0.7, high), 400, 40))
        assert isinstance(made, Axes)
        assert made.two == two


def test_that_people_of_one_unit_do_not_differ_is_not_told() -> None:
    """Where each team is of one mind about the motives, its index is everybody's: nothing is told of the link."""
    inputs = answering()
    table = inputs.table.answers.copy()
    for unit in np.unique(inputs.table.units):
        rows = np.flatnonzero(inputs.table.units == unit)
        table[rows, :6] = np.clip(table[rows[0], :6], 2, 6)
    found = freeze(replace(inputs, table=AnswerTable(inputs.table.instrument, table, inputs.table.units)))
    assert found.evidence is not None
    assert "total_motivation" not in found.within_variance
    assert found.link == found.evidence.link == found.evidence.axes == NotEstimable(TOO_ALIKE.reason.text)
