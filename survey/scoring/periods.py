"""Years, halves, quarters and months, as outcomes are counted in them."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SHAPE: Final = re.compile(r"(2\d{3})(?:-(?:([HQ])([1-4])|(0[1-9]|1[0-2])))?")
_MONTHS: Final = {"H": 6, "Q": 3}


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of the calendar."""

    first: dt.date
    last: dt.date
    text: str
    """As files and pages write it: "2026", "2026-H1", "2026-Q3", "2026-09"."""


def period(text: str) -> Period:
    """Return the period that a text names.

    Raises:
        ValueError: it names none.

    >>> period("2026-q3").text, str(period("2026-Q3").first), str(period("2026-02").last), str(period("2026").last)
    ('2026-Q3', '2026-07-01', '2026-02-28', '2026-12-31')
    """
    found = _SHAPE.fullmatch(text.strip().upper())
    if found is None or (found[2] == "H" and int(found[3]) > 2):  # noqa: PLR2004 - a year has two halves
        raise ValueError(text)
    year, months = int(found[1]), 12
    month = 1
    if found[2]:
        months = _MONTHS[found[2]]
        month = (int(found[3]) - 1) * months + 1
    elif found[4]:
        month, months = int(found[4]), 1
    after = year * 12 + month - 1 + months
    return Period(
        dt.date(year, month, 1), dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1), found[0].upper()
    )


def closest_after(periods: Iterable[str], day: dt.date) -> str | None:
    """Return the period that begins first after a day, the shorter of two that begin together; None without one.

    What was counted while people answered, or before, is not set beside their answers: an outcome comes after.

    >>> closest_after(["2026-Q2", "2026-Q3", "2026-08", "2026-09", "2027"], dt.date(2026, 8, 28))
    '2026-09'
    >>> closest_after(["2026-Q3", "2026"], dt.date(2026, 8, 28)) is None
    True
    """
    later = [found for found in map(period, periods) if found.first > day]
    return min(later).text if later else None
