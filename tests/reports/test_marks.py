"""Marks on the trend: placed between waves by day, with a letter in the chart, in words beside it."""

import pytest
from msgspec.structs import replace

from reports.figures import trend
from reports.pdf import render
from survey.charts.marks import TrendMark, drawn, happened, marks_of
from survey.charts.trend import Point, span, trend_figure
from survey.privacy.figures import Figure
from survey.privacy.register import Mark
from survey.privacy.thaw import PublishedUnit, dump, thaw
from tests.privacy.waves_by_hand import Team, wave
from tests.reports import company, reading
from tests.reports.test_trend import waves

FIRST, SECOND = wave(0, {"A": Team(1.0)}), wave(1, {"A": Team(2.0)})
"""5 to 16 January, and 6 to 17 April 2026."""


def unit(adopted: dict[str, str], *marks: Mark) -> PublishedUnit:
    """A unit of the second wave with what happened there."""
    return wave(1, {"A": Team(2.0, adopted=adopted, marks=marks)}).unit("A")


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("2026-01-04", None),
        ("2026-01-05", 0.0),
        ("2026-01-16", 0.0),
        ("2026-01-17", 0.15),
        ("2026-02-25", 0.5),
        ("2026-04-05", 0.85),
        ("2026-04-06", 1.0),
        ("2026-04-17", 1.0),
        ("2026-04-18", None),
    ],
)
def test_a_mark_stands_between_the_waves_by_its_day(day: str, at: float | None) -> None:
    """Before the first wave shown and after the last nothing is marked; in between a mark keeps off the waves."""
    found = marks_of(unit({"stand_ups": day}), (FIRST, SECOND), "en")
    assert [mark.at for mark in found] == ([] if at is None else [at])


def test_marks_are_told_by_day_with_their_letters() -> None:
    """Practices, leaders and tools, in both languages; what people typed stays text."""
    one = unit({"stand_ups": "2026-03-01"}, Mark("2026-02-01", "leader", ""), Mark("2026-03-02", "tool", "<b>Chat</b>"))
    assert [mark.text for mark in marks_of(one, (FIRST, SECOND), "en")] == [
        "a: The leader changed, 1 February 2026",
        "b: Short stand-ups across functions began, 1 March 2026",
        "c: <b>Chat</b> was introduced, 2 March 2026",
    ]
    assert marks_of(one, (FIRST, SECOND), "ko")[0].text == "a: 리더 바뀜, 2026년 2월 1일"
    assert happened(one, "en") == ("The leader changed, 1 February 2026", "<b>Chat</b> was introduced, 2 March 2026")
    assert marks_of(one, (), "en") == ()


def test_the_figure_draws_a_line_and_a_letter_for_each_place() -> None:
    """Two marks of one place share a line; without marks nothing is drawn."""
    points = [Point(code, Figure(1.0, "+1.0"), None, joined=False) for code in ("W1", "W2")]
    marks = [TrendMark(letter, at, "", "") for letter, at in (("a", 0.4), ("b", 0.4), ("c", 0.7))]
    plain, marked = (trend_figure(points, span([points]), "en", each) for each in ((), marks))
    assert len(marked.layout.shapes) == len(plain.layout.shapes) + 2
    assert [note.text for note in marked.layout.annotations] == ["a b", "c"]
    assert len(plain.layout.annotations) == 0


def test_letters_that_would_meet_stand_together() -> None:
    """Each mark has its line; with more waves on the axis letters meet sooner."""
    marks = [TrendMark(letter, at, "", "") for letter, at in (("a", 0.4), ("b", 0.5), ("c", 1.1))]
    few, many = drawn(marks, 40, 3), drawn(marks, 40, 12)
    assert len(few[0]) == len(many[0]) == 3
    assert [note["text"] for note in few[1]] == ["a b", "c"]
    assert [note["text"] for note in many[1]] == ["a b c"]
    assert drawn([], 40, 3) == ([], [])


def test_no_more_marks_than_letters() -> None:
    """Of thirty tools the newest keep their letters."""
    tools = [Mark(f"2026-03-{day:02}", "tool", f"T{day}") for day in range(1, 31)]
    found = marks_of(unit({}, *tools), (FIRST, SECOND), "en")
    assert (len(found), found[0].text, found[-1].letter) == (26, "a: T5 was introduced, 5 March 2026", "z")


def test_the_report_names_what_began() -> None:
    """Beside the printed trend and in its text for those who do not see it."""
    one, two = waves(2)
    facts = [replace(each.wave, opened_on=first, closed_on=last) for each, first, last in
             ((one, "2026-01-05", "2026-01-16"), (two, "2026-07-06", "2026-07-17"))]  # fmt: skip
    first = thaw(*dump(replace(company.record(first_wave=True), wave=facts[0])))
    record = replace(
        company.record(first_wave=False), wave=facts[1], previous=first.digest, previous_wave=one.wave.code
    )
    units = [
        replace(
            each,
            adopted={"stand_ups": "2026-04-01"},
            detail=replace(each.detail, change=replace(company.CHANGE, since=one.wave.code)) if each.detail else None,
        )
        for each in record.units
    ]
    second = thaw(*dump(replace(record, units=units)))
    chart = trend((first, second), "SALES", "en", marks_of(second.unit("SALES"), (first, second), "en"))
    assert chart is not None
    assert chart.alt.endswith("a: Short stand-ups across functions began, 1 April 2026")
    assert "a: Short stand-ups across functions began" in reading.text(render(second, "SALES", "en", [first]))
