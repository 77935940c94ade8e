"""Who is counted, and what each practice question shows."""

from dataclasses import replace

import msgspec
import pytest

from survey.i18n import Refused
from survey.instruments.answers import SKIPPED
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide, gate_counts
from survey.privacy.participation import band, language_note
from survey.privacy.policy import Policy
from survey.scoring.answers import AnswerTable
from tests.privacy.companies import answered, company, instrument, with_spares
from tests.privacy.records import figures


@pytest.mark.parametrize(("spares", "people"), [(0, 2), (1, 1), (2, 1), (9, 1)])
def test_spares_are_taken_off_but_never_the_last_person(spares: int, people: int) -> None:
    """Two answers and so many spares drawn: at least so many people, one at the least."""
    inputs = with_spares(company(), {"Chat": spares, "Sales": spares})
    counts = gate_counts(inputs, decide(inputs).places)
    assert (counts["Chat"], counts["Sales"], counts["South"]) == (people, 0, 5)


def test_a_practice_is_shown_only_where_means_are() -> None:
    """Nobody in Chat answers a practice question, so it could be told of Phone, but Phone shows nothing at all."""
    practice = instrument().practices[0].id
    record = freeze(answered(company(), "Chat", practice, [SKIPPED] * 2))
    hidden = {unit.code for unit in record.units if unit.figures is None}
    assert "Phone" in hidden
    assert figures(record, "Care").practices_n[practice] == 8


def test_a_wave_that_lacks_a_motive_is_refused() -> None:
    """Without all six motives there is no index, and nothing is published."""
    inputs = company()
    table = inputs.table.answers.copy()
    table[:, [item.id == "play" for item in instrument().items]] = SKIPPED
    elsewhere = msgspec.structs.replace(inputs.wave, kind="imported")
    answers = AnswerTable(inputs.table.instrument, table, inputs.table.units)
    with pytest.raises(Refused, match=r"^The index cannot be made: this wave did not ask for all motives\.$"):
        freeze(replace(inputs, wave=elsewhere, table=answers))


@pytest.mark.parametrize(
    ("k", "detail_k", "told"),
    [
        (4, 10, "Results from fewer than 5 people are never shown: 4 is too low."),
        (0, 10, "Results from fewer than 5 people are never shown: 0 is too low."),
        (-1, 10, "Results from fewer than 5 people are never shown: -1 is too low."),
        (5, 9, "Details need at least 10 people, and never fewer than the results themselves: 9 is too low."),
        (12, 11, "Details need at least 12 people, and never fewer than the results themselves: 11 is too low."),
    ],
)
def test_thresholds_that_are_too_low(k: int, detail_k: int, told: str) -> None:
    """A threshold below the floor is refused with the floor and the number that was asked for."""
    with pytest.raises(Refused) as refused:
        Policy(k, detail_k)
    assert str(refused.value) == told
    assert (Policy(12, 12).k, Policy(5, 10).detail_k) == (12, 10)


@pytest.mark.parametrize(
    ("answered_by", "invited", "told"),
    [
        *((0, 9, ""), (9, 9, ""), (0, 10, "< 20 %"), (1, 10, "< 20 %"), (2, 10, "20–29 %"), (29, 100, "20–29 %")),
        *((30, 100, "30–39 %"), (89, 100, "80–89 %"), (9, 10, "≥ 90 %"), (10, 10, "≥ 90 %"), (19, 100, "< 20 %")),
    ],
)
def test_bands(answered_by: int, invited: int, told: str) -> None:
    """Participation is a band of ten points, wide at both ends, and nothing below ten invited."""
    assert band(answered_by, invited) == told


@pytest.mark.parametrize(
    ("unit", "company_wide", "noted"),
    [
        ({"ko": 8, "en": 2}, {"ko": 100}, False),
        ({"ko": 79, "en": 21}, {"ko": 100}, True),
        ({"en": 1}, {"ko": 4, "en": 1}, True),
        ({}, {"ko": 4, "en": 1}, False),
        ({"ko": 5}, {"ko": 8, "en": 2}, False),
        ({"ko": 10}, {"ko": 79, "en": 21}, True),
        ({"ko": 4}, {"ko": 79, "en": 21}, True),
    ],
)
def test_languages_of_a_unit(unit: dict[str, int], company_wide: dict[str, int], noted: bool) -> None:  # noqa: FBT001 - a column of the table
    """More than twenty points away from the company in any language is noted; exactly twenty is not."""
    assert language_note(unit, company_wide) is noted
