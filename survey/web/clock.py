"""The one place of the web part that reads the clock; days are those of the company's time zone."""

import datetime as dt
from zoneinfo import ZoneInfo

from flask import g

from survey.services import here
from survey.web.database import db


def now() -> dt.datetime:
    """Return the time in UTC, without a zone, as the database keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def zone() -> ZoneInfo:
    """Return the company's time zone, read once for a request."""
    if "zone" not in g:
        g.zone = here.zone_of(db())
    found: ZoneInfo = g.zone
    return found


def today() -> dt.date:
    """Return the company's day: what people there mean by "today"."""
    return day_of(now())


def start_of(day: dt.date) -> dt.datetime:
    """Return when a day begins there, in UTC without a zone."""
    return here.start_of(day, zone())


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day there of a moment that the database keeps."""
    return here.day_of(moment, zone())
