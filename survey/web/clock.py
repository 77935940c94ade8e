"""The one place of the web part that reads the clock and the time zone of this machine."""

import datetime as dt
from typing import Final

LAST_MINUTE: Final = dt.time(23, 59)


def now() -> dt.datetime:
    """Return the time in UTC, without a zone, as the database keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def today() -> dt.date:
    """Return the day where this machine stands: what people mean by "today"."""
    return dt.datetime.now().astimezone().date()


def start_of(day: dt.date) -> dt.datetime:
    """Return when a day begins where this machine stands, in UTC without a zone."""
    return _utc(dt.datetime.combine(day, dt.time()))


def end_of(day: dt.date) -> dt.datetime:
    """Return the last minute of a day where this machine stands, in UTC without a zone."""
    return _utc(dt.datetime.combine(day, LAST_MINUTE))


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day here of a moment that the database keeps."""
    return moment.replace(tzinfo=dt.UTC).astimezone().date()


def _utc(local: dt.datetime) -> dt.datetime:
    return local.astimezone().astimezone(dt.UTC).replace(tzinfo=None)
