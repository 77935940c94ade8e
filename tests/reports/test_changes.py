"""What is said beside a change, in words and in print."""

import json

import pytest
from msgspec.structs import replace

from reports import change_sentences
from reports.pdf import render
from reports.trend import points
from survey.privacy.figures import DIFFERENCE, POINTS, Figure, figure
from survey.privacy.pairs import Pair
from survey.privacy.record import Change, Origin, Verdict
from survey.privacy.thaw import Publication, dump, thaw
from tests.reports import company, reading

PLAY = replace(company.CHANGE, difference=figure(0.62, DIFFERENCE, (0.2, 1.04)), verdict="higher")


def told(change: Change, origin: Origin, motives: dict[str, Change] | None = None) -> Publication:
    """The cast's wave, in which Sales has changed so."""
    record = company.record()
    units = [
        replace(
            unit,
            origin=origin,
            detail=replace(unit.detail, change=change, motive_changes=motives or {}, origin_change=company.CHANGE),
        )
        if unit.code == "SALES" and unit.detail is not None
        else unit
        for unit in record.units
    ]
    return thaw(*dump(replace(record, units=units)))


def change(points: float, expected: float | None, verdict: Verdict = "no detectable difference") -> Change:
    """A change of so many points, so many of which were to be expected."""
    foreseen = None if expected is None else figure(expected, POINTS)
    seen = figure(points, POINTS, (points - 5, points + 5))
    return replace(company.CHANGE, difference=seen, verdict=verdict, expected=foreseen)


@pytest.mark.parametrize(
    ("seen", "foreseen", "says"),
    [
        (9.0, 6.0, "stood very low last time tend to come back up by themselves: about +6.0 of these +9.0 points"),
        (-9.0, -6.0, "stood very high last time tend to come back down by themselves: about −6.0 of these −9.0 points"),
        (4.0, 6.0, "about +6.0 points would be expected without any change, so these +4.0 say little"),
        (-9.0, 6.0, ""),
        (9.0, 1.0, ""),
        (9.0, None, ""),
    ],
)
def test_what_was_to_be_expected_is_said_where_it_bites(seen: float, foreseen: float | None, says: str) -> None:
    """One sentence, the right way round, and none where the change is not what was to be expected."""
    found = change_sentences.expected(change(seen, foreseen))
    assert (says in found.to("en")) if found else not says
    assert found is None or "because" not in found.to("en")


def test_what_may_go_unseen_is_said_once() -> None:
    """Where the sentence before holds the number already, it is not repeated."""
    points = company.CHANGE.detectable.text.lstrip("+")
    assert points in change_sentences.unseen(change(9.0, None, "higher")).to("en")
    assert points not in change_sentences.unseen(change(1.0, None)).to("en")


@pytest.mark.parametrize(
    ("verdict", "low", "says"),
    [
        ("higher", 1.0, "North is higher than South."),
        ("lower", -9.0, "North is lower than South."),
        ("no detectable difference", -1.0, "That is not proof of sameness."),
        ("no detectable difference", 0.5, "the interval leaves out 0"),
    ],
)
def test_a_pair_is_said_as_its_verdict(verdict: Verdict, low: float, says: str) -> None:
    """The word is the frozen one; an interval that leaves out 0 makes no difference of it."""
    number = Figure(low + 5, "+", low, low + 10)
    assert says in change_sentences.of_pair(Pair(number, number, number, verdict), "North", "South").to("en")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_report_says_it(language: str) -> None:
    """Who was there, what was to be expected and which motives have changed stand in the report, in four pages."""
    motives = dict.fromkeys(("play", "purpose", "potential", "inertia"), PLAY)
    publication = told(change(9.0, 6.0, "higher"), Origin(62, "SALES", 62), motives)
    pdf = render(publication, "SALES", language)
    text = " ".join(reading.text(pdf).split())
    for said in ("62", "+6.0", "+9.0", "+0.62", "+0.20"):
        assert said in text
    assert ("were here last time" if language == "en" else "지난 조사 때도") in text
    assert reading.pages(pdf) == 4
    assert "change of a motive since" in reading.attachment(pdf, "results.csv").decode("utf-8-sig")


def test_the_report_says_nothing_of_another_unit() -> None:
    """A report goes to whoever may see its unit: it holds no change against, and no code of, where people came from."""
    publication = told(company.CHANGE, Origin(20, "ELSEWHERE", 70))
    pdf = render(publication, "SALES", "en")
    annex = json.loads(reading.attachment(pdf, "results.json"))
    assert annex["unit"]["detail"]["origin_change"] is None
    assert annex["unit"]["stayed"] == 20
    assert "ELSEWHERE" not in reading.attachment(pdf, "results.json").decode() + reading.text(pdf)


def test_a_line_breaks_where_the_unit_was_another_one() -> None:
    """Where fewer than half of its people had been there, the waves stand apart; at half they are joined."""
    for stayed, joined in ((49, False), (50, True)):
        publication = told(company.CHANGE, Origin(stayed, "", 0))
        found = points((publication, publication), "SALES")
        assert [(point.joined, point.broken) for point in found] == [(False, False), (joined, not joined)]
