"""Stretches of the calendar: every year, half, quarter and month, and what is none."""

import datetime as dt
from itertools import pairwise

import pytest

from survey.scoring.periods import closest_after, period

NAMES = {
    "years": [f"{year}" for year in range(2019, 2026)],
    "halves": [f"{year}-H{half}" for year in range(2019, 2026) for half in (1, 2)],
    "quarters": [f"{year}-Q{quarter}" for year in range(2019, 2026) for quarter in range(1, 5)],
    "months": [f"{year}-{month:02}" for year in range(2019, 2026) for month in range(1, 13)],
}


@pytest.mark.parametrize("kind", NAMES)
def test_periods_fill_the_calendar(kind: str) -> None:
    """Periods of one kind follow each other without a gap from New Year's Day 2019 to New Year's Eve 2025."""
    found = [period(name) for name in NAMES[kind]]
    assert [each.text for each in found] == NAMES[kind]
    assert all(after.first - before.last == dt.timedelta(days=1) for before, after in pairwise(found))
    assert (found[0].first, found[-1].last) == (dt.date(2019, 1, 1), dt.date(2025, 12, 31))
    assert {each.first.day for each in found} == {1}


def test_a_period_is_read_as_people_write_it() -> None:
    """Small letters and space around are no matter."""
    assert period(" 2026-q3 ") == period("2026-Q3")
    assert period("2026-h2").text == "2026-H2"


@pytest.mark.parametrize(
    "text", ["", "26", "1999", "2026-H3", "2026-H4", "2026-Q5", "2026-Q0", "2026-13", "2026-00", "2026-1", "2026-07-01"]
)
def test_what_names_no_period_is_refused(text: str) -> None:
    """A year has two halves, four quarters and twelve months; the text that names none of them is in the error."""
    with pytest.raises(ValueError, match=f"^{text}$"):
        period(text)


def test_an_outcome_comes_after_the_answers() -> None:
    """The first period that begins after the day is taken, the shorter of two, and none that has begun on it."""
    day = dt.date(2026, 6, 30)
    assert closest_after(["2027", "2026-Q3", "2026-07", "2026-H2", "2026-08"], day) == "2026-07"
    assert closest_after(["2026-Q3", "2026-H2"], day) == "2026-Q3"
    assert closest_after(["2026-07", "2026-Q2", "2026-Q4"], dt.date(2026, 7, 1)) == "2026-Q4"
    assert closest_after(["2026", "2026-Q2"], day) is None
    assert closest_after([], day) is None
