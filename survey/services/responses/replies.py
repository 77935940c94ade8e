"""What a respondent sends, and what she is told: each reply is a page of its own."""

import datetime as dt
from collections.abc import Mapping

import msgspec


class Good(msgspec.Struct, frozen=True):
    """The code is good: for this wave and this unit."""

    wave: str
    unit: str
    unit_names: Mapping[str, str]
    """The unit for which the answers count, by language."""
    coarse_names: Mapping[str, str]
    """The unit at which her comment is kept (the one above, if there is one), by language."""
    instrument_id: str
    practices: tuple[str, ...]
    closes_at: dt.datetime
    k: int
    retention_months: int
    extended_from: dt.datetime | None = None
    """The end that was announced first, where it is a later one now."""


class Accepted(msgspec.Struct, frozen=True):
    """The answers are kept. The receipt is the one sent, or a new one where that was in use already."""

    wave: str
    receipt: str


class AlreadyCounted(msgspec.Struct, frozen=True):
    """These answers had been kept before (a second click, a lost reply): thank her again."""

    wave: str
    receipt: str


class Spent(msgspec.Struct, frozen=True):
    """A code of the open wave that has been used."""

    wave: str


class OtherWave(msgspec.Struct, frozen=True):
    """A code of another wave than the one that is open."""

    wave: str
    open_wave: str


class Closed(msgspec.Struct, frozen=True):
    """A code of a wave that is over."""

    wave: str
    closed_at: dt.datetime


class Unknown(msgspec.Struct, frozen=True):
    """No code of any wave: mistyped, cut off, or made up."""


Stale = Spent | OtherWave | Closed | Unknown
Looked = Good | Stale
Reply = Accepted | AlreadyCounted | Stale


class Sent(msgspec.Struct, frozen=True):
    """What a respondent's form sends."""

    code: str
    """As typed or from the link."""
    receipt: str
    """Made by the page beforehand, so that a repeated click carries the same one."""
    answers: Mapping[str, int | None]
    """By item id; None or missing is skipped."""
    comment: str = ""
    opened_at: dt.datetime | None = None
    """When her page was opened, if its signature was right (`page_time.read`)."""
