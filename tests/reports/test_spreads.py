"""What page and print say of camps, agreement and those missing, from nothing but what is published."""

from dataclasses import replace

import numpy as np
import pytest
from msgspec.structs import replace as replace_struct

from reports.absent import absent
from reports.spreads import Spreads, spreads
from survey.privacy.freeze import freeze
from survey.privacy.released import Released
from survey.privacy.thaw import Publication, dump, thaw
from survey.scoring.answers import AnswerTable
from survey.web.evidence.units import units_section
from tests.privacy.companies import company
from tests.sample import sample_publication, sample_record

COMPANY = "Company\n  A 12\n  B 16\n  C 13\n  D 14\n  E 12\n  F 10\n"


def published(given: dict[str, list[int]], invited: int = 12) -> Publication:
    """Publish a company in which the people of unit A answer some motives so, and the others around the middle."""
    inputs = company(COMPANY, seed=4)
    table = inputs.table.answers.copy()
    rows = np.flatnonzero(inputs.table.units == list(inputs.by_code).index("A"))
    places = {item.id: place for place, item in enumerate(inputs.table.instrument.items)}
    for item, values in ({motive.id: [3, 4, 5, 4, 2, 6] for motive in inputs.table.instrument.motives} | given).items():
        table[rows, places[item]] = np.resize(values, len(rows))
    facts = tuple(replace(each, invited=invited) if each.unit.code == "A" else each for each in inputs.facts)
    answers = AnswerTable(inputs.table.instrument, table, inputs.table.units)
    return thaw(*dump(freeze(replace(inputs, table=answers, facts=facts))))


def of(publication: Publication, code: str, language: str = "en") -> Spreads:
    """Return how a unit's answers are spread."""
    unit = publication.unit(code)
    assert isinstance(unit.figures, Released)
    return spreads(unit, unit.figures.value, publication, language)


def missing(publication: Publication, code: str, language: str = "en") -> list[str]:
    """Return what is said of those missing in a unit."""
    unit = publication.unit(code)
    assert isinstance(unit.figures, Released)
    return [sentence.to(language) for sentence in absent(unit.figures.value)]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (
            [1, 2, 2, 6, 7, 7],
            "6 answered 1–2 and 6 answered 6–7, nobody in between. The mean of 4.17 describes nobody.",
        ),
        (
            [1, 2, 2, 6, 7, 4],
            "6 answered 1–2 and 4 answered 6–7, 2 in between. The mean of 3.67 describes few of them.",
        ),
        ([3, 4, 5, 4, 2, 6], ""),
    ],
)
def test_one_sentence_says_whether_people_are_split(answers: list[int], says: str) -> None:
    """With the counts that the table shows, and the mean only as what it is: a number that describes nobody."""
    found = of(published({"emotional_pressure": answers}), "A")
    camps = f"On Emotional pressure people here stand in two camps: {says}"
    assert found.says == (camps if says else "On none of the motives shown here do people stand in two camps.")
    assert [row.split for row in found.rows if row.name == "Emotional pressure"] == [bool(says)]


def test_a_split_is_said_in_korean() -> None:
    """The same in Korean, with the same counts."""
    found = of(published({"emotional_pressure": [1, 2, 2, 6, 7, 7]}), "A", "ko")
    assert "1–2점이 6명, 6–7점이 6명이고 그 사이에는 아무도 없습니다" in found.says


def test_more_than_one_split_is_named_without_counts() -> None:
    """Two motives with two camps each are named in one sentence."""
    found = of(published({"emotional_pressure": [1, 2, 2, 6, 7, 7], "play": [7, 6, 1, 2]}), "A")
    assert found.says.startswith("People here stand in two camps on Play, Emotional pressure: ")


def test_agreement_is_told_in_the_order_of_the_questionnaire() -> None:
    """Six motives, adaptive and tactical performance, with a deviation where one question asks."""
    found = of(published({"emotional_pressure": [1, 2, 2, 6, 7, 7]}), "A")
    assert [line.name for line in found.agreeing] == [
        *("Play", "Purpose", "Potential", "Emotional pressure", "Economic pressure", "Inertia"),
        *("Adaptive performance", "Tactical performance"),
    ]
    assert found.agreeing[3].uniform == "0.00"
    assert found.agreeing[3].deviation
    assert not found.agreeing[-1].deviation


def test_a_unit_without_details_says_nothing_of_spread() -> None:
    """Below ten people there is no distribution, no camp, no agreement."""
    assert of(sample_publication(), "A2-T4") == Spreads()


def test_an_older_publication_shows_its_distributions_and_nothing_of_camps() -> None:
    """A record without agreement is shown as it always was; nothing is made up for it."""
    record = sample_record()
    units = [
        replace_struct(unit, detail=unit.detail and replace_struct(unit.detail, agreement={})) for unit in record.units
    ]
    older = thaw(*dump(replace_struct(record, units=units, evidence=None)))
    found = of(older, "HQ")
    assert found.rows
    assert (found.says, found.agreeing) == ("", ())
    assert units_section(older, "en") is None


def test_those_missing_are_told_with_both_bounds() -> None:
    """How many are counted, the two ends of what is possible, and what is likely."""
    first, possible, likely = missing(published({}, invited=15), "A")
    assert first.startswith("12 of the 15 people invited are counted here. The other 3 ")
    assert "That is possible, not likely." in possible
    assert likely.startswith("Were they as far from the mean")


def test_one_or_two_missing_are_not_pointed_at() -> None:
    """With two missing nothing is said, nor where everybody answered."""
    assert missing(published({}, invited=14), "A") == []
    assert missing(published({}, invited=12), "A") == []


def test_the_company_has_its_share_as_well() -> None:
    """In whole per cent with Wilson's interval, and what it does not mean."""
    *_, share = missing(published({}, invited=15), "Company")
    assert share.startswith("Counted are 96\N{NO-BREAK SPACE}% of those invited (90 to 99\N{NO-BREAK SPACE}%).")
    assert "Nobody was drawn by lot" in share


def test_evidence_says_each_sentence_once() -> None:
    """The page names the scales that a sentence is about, each scale once, and has a line for each."""
    section = units_section(sample_publication(), "en")
    assert section is not None
    named = [name for verdict in section.verdicts for name in verdict.names]
    assert sorted(named) == sorted(line.name for line in section.lines)
    assert len({verdict.says.text for verdict in section.verdicts}) == len(section.verdicts)
    assert section.lines[0].name == "Total motivation"
    assert all(0 <= line.bar <= 100 for line in section.lines)


def test_evidence_says_why_there_is_none() -> None:
    """In a company too small for a spread each line has its reason, and no sentence is said."""
    section = units_section(thaw(*dump(freeze(company("Company\n  A 9\n")))), "en")
    assert section is not None
    assert section.verdicts == ()
    assert all(line.why_not is not None for line in section.lines)
