"""The edges of a publication: ends of ranges, what was not asked, flags that come from the others."""

from dataclasses import replace

import msgspec
import pytest

from survey.instruments.answers import SKIPPED
from survey.privacy.figures import MEAN, POINTS, Bound, Figure, NotEstimable, bound_between, bound_of, kept, text
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.record import Contribution, Record
from survey.scoring.answers import AnswerTable
from tests.privacy.companies import CAST, answered, company, instrument
from tests.privacy.records import detail, figures

PEOPLE = {"North": 12, "South": 5, "Phone": 8, "Chat": 2}
DIRECT = ("play", "purpose", "potential")
INDIRECT = ("emotional_pressure", "economic_pressure", "inertia")


def everywhere(inputs: WaveInputs, item: str, pattern: list[int]) -> WaveInputs:
    """The same wave, with these answers over and over in every unit."""
    for unit, people in PEOPLE.items():
        inputs = answered(inputs, unit, item, (pattern * people)[:people])
    return inputs


def without(inputs: WaveInputs, *scales: str) -> WaveInputs:
    """The same wave as one that was collected elsewhere and did not ask for these scales."""
    table, asked = inputs.table, inputs.table.instrument
    gone = {item.id for scale in scales for item in asked.items_of(scale)}
    answers = table.answers.copy()
    answers[:, [item.id in gone for item in asked.items]] = SKIPPED
    wave = replace(
        inputs,
        wave=msgspec.structs.replace(inputs.wave, kind="imported"),
        table=AnswerTable(asked, answers, table.units),
    )
    assert not gone & wave.asked
    return wave


def full_of_contrast(motives: dict[str, int]) -> WaveInputs:
    """A company of people who either agree to everything that speaks for work or to nothing, but for South's five."""
    inputs = company()
    for motive, value in motives.items():
        both = [1, 7, 2, 6, 1, 7, 3, 5, 4, 4] if motive in DIRECT else [7, 1, 6, 2, 7, 1, 5, 3, 4, 4]
        inputs = answered(everywhere(inputs, motive, both), "South", motive, [value] * 5)
    return inputs


@pytest.mark.parametrize("sign", [1, -1])
def test_intervals_end_where_the_range_ends(sign: int) -> None:
    """An index goes to 100 points, its twin to 6, a mean to the ends of its items: intervals are cut there."""
    high, low = (7, 1) if sign > 0 else (1, 7)
    inputs = full_of_contrast({**dict.fromkeys(DIRECT, high), **dict.fromkeys(INDIRECT, low)})
    south = figures(freeze(inputs), "South")
    ends = [outer(figure, sign) for figure in (south.index, south.twin, south.scales["play"])]
    assert ends == ([100, 6, 7] if sign > 0 else [-100, -6, 1])
    assert outer(south.index, sign, as_text=True) == ("+100.0" if sign > 0 else "−100.0")


def outer(figure: Figure, sign: int, *, as_text: bool = False) -> float | str | None:
    """The end of an interval that lies towards `sign`."""
    if as_text:
        return figure.high_text if sign > 0 else figure.low_text
    return figure.high if sign > 0 else figure.low


def gap(record: Record, code: str) -> Contribution:
    """The gap of a unit to the rest."""
    found = figures(record, code).contribution
    assert isinstance(found, Contribution)
    return found


@pytest.mark.parametrize(("value", "of_north", "of_south"), [(1, "or more", "or less"), (7, "or less", "or more")])
def test_extremes_of_the_others_flag_the_gap(value: int, of_north: str, of_south: str) -> None:
    """Where answers of the rest were moved, the distance from the rest may truly be larger, or smaller."""
    record = freeze(answered(company(), "South", "play", [value] * 5))
    assert (gap(record, "North").gap.bound, gap(record, "South").gap.bound) == (of_north, of_south)
    assert (gap(record, "North").parts["play"].bound, gap(record, "South").parts["play"].bound) == (of_north, of_south)
    assert gap(record, "North").parts["inertia"].bound == ""


@pytest.mark.parametrize(("value", "bound"), [(1, "or more"), (7, "or less")])
def test_extremes_flag_the_balance(value: int, bound: str) -> None:
    """Tactical performance is subtracted: where it was raised, the balance may truly be higher."""
    inputs = company()
    for place in range(1, 6):
        inputs = answered(inputs, "South", f"tactical_{place}", [value] * 5)
    south = figures(freeze(inputs), "South").balance
    north = figures(freeze(company()), "North").balance
    assert isinstance(south, Figure)
    assert isinstance(north, Figure)
    assert (south.bound, north.bound) == (bound, "")


def test_practices_say_where_answers_were_moved_whatever_the_size() -> None:
    """The flag of a practice follows from three points among the people of the unit, up to where no digit shows it."""
    practice = instrument().practices[0].id
    for answer, bound in ((7, "or more"), (1, "or less")):
        record = freeze(answered(company(), "South", practice, [answer] * 5))
        assert figures(record, "South").practices[practice].bound == bound
        assert figures(record, "Company").practices[practice].bound == bound
    large = company(CAST.replace("North 12", "North 600"))
    for answer, bound in ((7, "or more"), (1, "or less")):
        record = freeze(answered(large, "South", practice, [answer] * 5))
        assert figures(record, "South").practices[practice].bound == bound
        assert figures(record, "Company").practices[practice].bound == ""


@pytest.mark.parametrize(("higher", "lower", "bound"), [(0.1, 0, "or more"), (0, 0.1, "or less"), (0.1, 0.1, "")])
def test_a_flag_begins_with_the_last_digit(higher: float, lower: float, bound: str) -> None:
    """A difference of exactly the last printed digit is said; one of less is not."""
    assert bound_of(higher, lower, POINTS) == bound
    assert bound_of(higher * 0.99, lower * 0.99, POINTS) == ""


def test_digits_are_decimal_ones() -> None:
    """Rounding goes to a decimal digit, whatever the digit is."""
    assert [text(value, MEAN) for value in (2.711, 2.715, 2.724, 2.735)] == ["2.71", "2.72", "2.72", "2.74"]


def test_what_was_not_asked_is_not_judged() -> None:
    """A wave without facets has no weakest one, no position, no balance and no link; its index stands."""
    inputs = without(company(), "adaptive")
    record = freeze(inputs)
    north = figures(record, "North")
    assert (north.weakest_facet, north.position) == ("", None)
    assert isinstance(north.balance, NotEstimable)
    assert isinstance(record.link, NotEstimable)
    whole = detail(record, "Company")
    assert (whole.label, whole.label_probability) == ("cannot tell yet", 0.0)
    assert north.index == figures(freeze(company()), "North").index


def test_consistency_names_its_coefficient_even_where_there_is_none() -> None:
    """Scales of two items have Spearman-Brown, longer ones alpha, also where too few people answered for either."""
    for inputs in (company(), company("Company\n  A 8")):
        found = {each.scale: each.coefficient for each in freeze(inputs).reliability}
        assert found == {
            **dict.fromkeys(("analytical_thinking", "citizenship", "creativity", "persistence"), "spearman-brown"),
            "problem_solving": "spearman-brown",
            "adaptive": "alpha",
            "tactical": "alpha",
        }


def test_languages_that_some_units_lack() -> None:
    """A unit in which nobody reads a language counts nobody for it."""
    inputs = company()
    facts = tuple(
        replace(each, languages={"en": each.invited} if each.unit.code == "North" else {"ko": each.invited})
        for each in inputs.facts
    )
    notes = {unit.code: unit.language_note for unit in freeze(replace(inputs, facts=facts)).units}
    assert (notes["North"], notes["South"], notes["Company"]) == (True, True, False)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        *(("", "", ""), ("or more", "", "or more"), ("or less", "", "or less")),
        *(("", "or more", "or less"), ("", "or less", "or more")),
        *(("or more", "or less", "or more"), ("or less", "or more", "or less")),
        *(("or more", "or more", ""), ("or less", "or less", "")),
    ],
)
def test_the_flag_of_a_difference(first: Bound, second: Bound, told: Bound) -> None:
    """What may be more in the second number may be less in the difference; two ways at once say nothing."""
    assert bound_between(first, second) == told


def test_halves_go_away_from_nought_and_only_what_is_printed_has_a_sign() -> None:
    """A half is rounded up, below nought down, whatever digit is before it; nought has no sign, all else has one."""
    halves = [2.25, 2.35, -2.25, -2.35]
    assert [text(value, POINTS) for value in halves] == ["+2.3", "+2.4", "−2.3", "−2.4"]
    assert [text(value, POINTS) for value in (0.0, 0.04, -0.04, 0.05, 0.4)] == ["0.0", "0.0", "0.0", "+0.1", "+0.4"]
    assert [text(value, MEAN) for value in (0.0, 0.4, -0.4, 4.125)] == ["0.00", "0.40", "−0.40", "4.13"]


def test_nought_has_no_minus() -> None:
    """What rounds to nought is kept as nought, from below as well."""
    assert [str(kept(value)) for value in (-1e-9, 0.0, -0.0, 1e-9)] == ["0.0"] * 4
