"""The company's clocks: when a day begins there, and how a moment is said. The database keeps UTC without a zone."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy.orm import Session

from survey.i18n import LOCALES, Refused
from survey.models import Company

UTC: Final = ZoneInfo("UTC")


def zone_of(session: Session) -> ZoneInfo:
    """Return the company's time zone; before the first set-up that of most companies here."""
    kept = session.get(Company, 1)
    return ZoneInfo(kept.time_zone if kept else "Asia/Seoul")


def local(utc: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return a moment that the database keeps as the company's clocks show it.

    >>> local(dt.datetime(2026, 11, 30, 9, 0), ZoneInfo("Asia/Seoul")).isoformat()
    '2026-11-30T18:00:00+09:00'
    """
    return utc.replace(tzinfo=dt.UTC).astimezone(zone)


def day_of(utc: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Return the company's day of a moment that the database keeps."""
    return local(utc, zone).date()


def start_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Return when a day begins there, in UTC without a zone: its first moment, where clocks skip midnight."""
    return _utc(dt.datetime.combine(day, dt.time(), zone))


def utc_of(typed: dt.datetime, zone: ZoneInfo, *, last: bool = False) -> dt.datetime:
    """Return what somebody typed by the company's clocks, in UTC without a zone.

    An hour that comes twice, when clocks are put back, is its first coming, or with `last` its second.

    >>> utc_of(dt.datetime(2026, 11, 30, 18, 0), ZoneInfo("Asia/Seoul"))
    datetime.datetime(2026, 11, 30, 9, 0)

    Raises:
        Refused: no clock there shows it, because they are put forward over it.
    """
    there = typed.replace(tzinfo=zone, fold=1 if last else 0)
    if local(_utc(there), zone).replace(tzinfo=None, fold=0) != typed:
        raise Refused(
            "There is no %(time)s in %(zone)s: clocks are put forward over it. Choose an earlier or a later time.",
            time=f"{typed:%Y-%m-%d %H:%M}",
            zone=zone.key,
        )
    return _utc(there)


def zone_name(zone: ZoneInfo, utc: dt.datetime) -> str:
    """Return the zone's name, with how far it is from UTC at that moment.

    >>> zone_name(ZoneInfo("Europe/Berlin"), dt.datetime(2026, 7, 1)), zone_name(UTC, dt.datetime(2026, 7, 1))
    ('Europe/Berlin (UTC+02:00)', 'UTC')
    """
    away = _from_utc(local(utc, zone))
    return zone.key if zone.key == away else f"{zone.key} ({away})"


def moment(utc: dt.datetime, language: str, zone: ZoneInfo) -> str:
    """Say a moment as a reader would, by the company's clocks.

    Korean time formats of Babel say "PM 3:05", so the hour is written with 24 hours in both languages.

    >>> moment(dt.datetime(2026, 11, 30, 9, 0), "en", ZoneInfo("Asia/Seoul"))
    'Monday, 30 November 2026 18:00 (UTC+09:00)'
    """
    there = local(utc, zone)
    return f"{format_date(there, 'full', LOCALES[language])} {there:%H:%M} ({_from_utc(there)})"


def _from_utc(there: dt.datetime) -> str:
    away = there.isoformat()[-6:]
    return "UTC" if away == "+00:00" else f"UTC{away}"


def _utc(there: dt.datetime) -> dt.datetime:
    return there.astimezone(dt.UTC).replace(tzinfo=None)
