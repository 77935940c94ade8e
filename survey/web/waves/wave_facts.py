"""A wave as pages tell it: its days and hours by the company's clocks, what is fixed, what lies ahead."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Final

from flask import abort

from survey.i18n import Refused, day
from survey.instruments.practices import name_of
from survey.services.here import local, zone_name
from survey.services.responses import responses
from survey.services.sealing import sealing
from survey.services.waves import foresight, waves
from survey.services.waves.frozen import freeze_roster
from survey.web.clock import day_of, now, zone
from survey.web.database import db
from survey.web.language import language

FORESEEN_AT_ONCE: Final = 400
"""Units up to which the look ahead is quick enough to stand on another page."""


@dataclass(frozen=True)
class WaveFacts:
    """A wave as pages tell it."""

    code: str
    state: str
    native: bool
    first_day: str
    last_day: str
    k: int
    detail_k: int
    practices: tuple[str, ...]
    over: bool
    """The announced time, and the minutes of grace, have passed."""
    counted_on: str
    sealed: bool = False
    holders: tuple[str, ...] = ()
    """Who can unseal it, from its opening until one of them does."""
    begins: str = ""
    ends: str = ""
    """Day and hour by the company's clocks; `zone` names them."""
    zone: str = ""
    extended_from: str = ""
    """The end that was announced first, where it was extended."""
    confirmed: bool = False
    """Whether a draft opens by itself at its time."""
    waits: bool = False
    """Whether that time lies ahead."""
    reminds: bool = False


def wave_or_404(code: str) -> waves.Wave:
    """Return a wave, or answer that there is no such page; a rehearsal has pages of its own."""
    try:
        found = waves.wave(db(), code)
    except Refused:
        abort(404)
    if found.rehearsal:
        abort(404)
    return found


def wave_facts(wave: waves.Wave) -> WaveFacts:
    """Return a wave in the reader's words."""
    return WaveFacts(
        code=wave.code,
        state=wave.state,
        native=wave.kind == "native",
        first_day=day(day_of(wave.opens_at), language()),
        last_day=day(day_of(wave.closes_at), language()),
        k=wave.k,
        detail_k=wave.detail_k,
        practices=_practices(wave),
        over=now() >= wave.closes_at + responses.GRACE,
        counted_on=day(wave.counted_on, language()) if wave.counted_on else "",
        sealed=wave.sealed,
        holders=tuple(sealing.holders_of(db(), wave)) if wave.sealed else (),
        begins=_hour(wave.opens_at),
        ends=_hour(wave.closes_at),
        zone=zone_name(zone(), wave.closes_at),
        extended_from=_hour(wave.extended_from) if wave.extended_from else "",
        confirmed=wave.confirmed_at is not None,
        waits=now() < wave.opens_at,
        reminds=wave.reminds,
    )


def _hour(moment: dt.datetime) -> str:
    there = local(moment, zone())
    return f"{day(there.date(), language())} {there:%H:%M}"


def foreseen(wave: waves.Wave) -> Counter[str] | None:
    """Count the groups of a draft by how likely they see results; None where that takes too long or cannot be."""
    try:
        if len(freeze_roster(db(), wave).units) > FORESEEN_AT_ONCE:
            return None
        return Counter(line.figures.likely for line in foresight.foreseen(db(), wave).places)
    except Refused:
        return None  # the checklist says why


def _practices(wave: waves.Wave) -> tuple[str, ...]:
    if not wave.practices:
        return ()
    instrument = waves.instrument_of(db(), wave)
    return tuple(name_of(name, instrument)[language()] for name in wave.practices)
