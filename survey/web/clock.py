"""The one place of the web part that reads the clock."""

import datetime as dt


def now() -> dt.datetime:
    """Return the time in UTC, without a zone, as the database keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
