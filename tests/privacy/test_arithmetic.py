"""What can be worked out by adding, subtracting and multiplying the numbers of a record, beyond groups of cells."""

from dataclasses import replace
from fractions import Fraction

import msgspec
import pytest

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.freeze import freeze
from survey.privacy.record import Record
from tests.privacy.companies import answered, company, instrument
from tests.privacy.records import figures, sums

FACETS = [scale.id for scale in instrument().scales if scale.kind == "facet"]
MOTIVES = [scale.id for scale in instrument().motives]


def test_no_cross_products_are_published() -> None:
    """A record holds no products of two scales: with ten people and thirteen scales they give every single answer."""
    for unit in freeze(company()).units:
        held = {} if unit.sums is None else msgspec.to_builtins(unit.sums)
        assert not any(isinstance(each, list) for each in held.get("totals", []))
        assert held.keys() <= {"n", "totals"}


def off_the_facets(record: Record, code: str) -> Fraction:
    """How far a unit's sum on adaptive performance is from the mean of its sums on the facets."""
    column = {column.scale: (place, column.denominator) for place, column in enumerate(record.columns)}

    def total(scale: str) -> Fraction:
        place, denominator = column[scale]
        return Fraction(sums(record, code).totals[place], denominator)

    return total("adaptive") - sum(map(total, FACETS), Fraction(0)) / len(FACETS)


def test_a_skipped_question_singles_nobody_out() -> None:
    """No weighted sum of published scales rests on the answers of those who skipped a question alone.

    Were adaptive performance the mean of all items answered, its distance from the mean of the facets would be nought
    for everybody but the one who skipped an item: that person's own number, worked out from the sums of the unit.
    """
    inputs = answered(company(), "North", "creativity_1", [SKIPPED])
    inputs = answered(inputs, "North", "creativity_2", [1])
    record = freeze(inputs)
    for code in ("North", "Sales", "Company"):
        assert off_the_facets(record, code) == 0


def test_the_index_without_straight_answers_tells_nothing_new() -> None:
    """It follows from the published index and the counts, even where a straight answer was moved at a bound."""
    inputs = company()
    for motive in MOTIVES:
        inputs = answered(inputs, "South", motive, [7])
    record = freeze(answered(inputs, "South", "play", [7, 7, 7, 7, 7]))
    assert figures(record, "South").scales["play"].bound == "or more"
    assert record.quality.straight == 1
    without = record.quality.index_without_straight
    assert isinstance(without, Figure)
    company_index = figures(record, "Company")
    assert without.value == pytest.approx(company_index.index.value * company_index.n / (company_index.n - 1), abs=2e-6)


def test_straight_answers_that_weigh_something_are_only_counted() -> None:
    """Where motives have different ranges, the index without those few would give their total."""
    asked = builtin("w-sdi")
    first = asked.motives[0].id
    items = tuple(msgspec.structs.replace(item, max=5) if item.scale == first else item for item in asked.items)
    (index,) = asked.composites
    stretched = msgspec.structs.replace(index, rescale=(1, 7))
    record = freeze(company(asked=msgspec.structs.replace(asked, items=items, composites=(stretched,))))
    without = record.quality.index_without_straight
    assert isinstance(without, NotEstimable)
    assert without.reason.startswith("Here the same answer")


def test_a_required_question_counts() -> None:
    """Who skips an item that the instrument calls required is set aside, in a publication as everywhere."""
    inputs = answered(company(), "North", "tactical_1", [SKIPPED])
    items = tuple(
        msgspec.structs.replace(item, required=True) if item.id == "tactical_1" else item for item in instrument().items
    )
    strict = msgspec.structs.replace(instrument(), items=items)
    record = freeze(replace(inputs, table=replace(inputs.table, instrument=strict)))
    assert figures(freeze(inputs), "North").n == 12
    assert (figures(record, "North").n, record.quality.set_aside) == (11, 1)


def test_company_figures_keep_no_more_digits_than_they_print() -> None:
    """Consistency rests on those who skipped nothing: six decimals would tell the others by difference."""
    for found in freeze(company()).reliability:
        if isinstance(found.figure, Figure):
            low, high = found.figure.low, found.figure.high
            assert [found.figure.value, low, high] == [round(each or 0, 2) for each in (found.figure.value, low, high)]
