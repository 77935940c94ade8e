"""What can be worked out by adding, subtracting and multiplying the numbers of a record, beyond groups of cells."""

from fractions import Fraction

import msgspec

from survey.instruments.answers import SKIPPED
from survey.privacy.freeze import freeze
from survey.privacy.record import Record
from tests.privacy.companies import answered, company, instrument
from tests.privacy.records import sums

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
