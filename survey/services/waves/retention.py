"""How long answers are kept: until the day that was promised."""

import calendar
import datetime as dt

from survey.models import Wave


def is_due(wave: Wave, now: dt.datetime) -> bool:
    """Tell whether the time for which a wave's answers may be kept is over."""
    return wave.state in {"closed", "published"} and now >= months_after(wave.closes_at, wave.retention_months)


def months_after(moment: dt.datetime, months: int) -> dt.datetime:
    """Return the same day `months` later, or the last one of a shorter month.

    >>> months_after(dt.datetime(2026, 8, 31), 6)
    datetime.datetime(2027, 2, 28, 0, 0)
    """
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
