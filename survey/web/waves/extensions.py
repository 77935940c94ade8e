"""One extension of an open wave: a later end, and the letters that announce it, in a run of their own."""

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response

from survey.i18n import Refused
from survey.runs.letters import ANNOUNCEMENT
from survey.services.here import local, utc_of
from survey.services.invitations import announcing
from survey.services.invitations.announcing import Told
from survey.services.runs import Key, Run
from survey.services.waves import extension
from survey.services.waves.waves import Wave
from survey.web.access import for_hr, me
from survey.web.clock import day_of, now, zone
from survey.web.database import db, done
from survey.web.site import run
from survey.web.waves import sending
from survey.web.waves.wave_facts import wave_or_404

bp = Blueprint("extensions", __name__, url_prefix="/waves")


@dataclass(frozen=True)
class Longer:
    """Whether an open wave can be extended, or how far its extension is announced."""

    can: bool
    first: dt.date
    last: dt.date
    """Between which days it may end then."""
    told: Told | None
    run: Run
    """Of the letters that announce it."""


def longer(wave: Wave) -> Longer | None:
    """Return what the page of an open wave says of its extension; None where it takes no answers."""
    if wave.state != "open" or wave.kind != "native" or now() >= wave.closes_at:
        return None
    end = day_of(wave.closes_at)
    extended = wave.extended_from is not None
    return Longer(
        can=not extended,
        first=end + dt.timedelta(1),
        last=_last_day(wave),
        told=announcing.told(db(), wave) if extended else None,
        run=run(Key(ANNOUNCEMENT.name, wave.code)),
    )


def _last_day(wave: Wave) -> dt.date:
    """Return the last day on which it may end at its hour; where clocks are put back meanwhile, a day has 25 hours."""
    end = local(wave.closes_at, zone())
    last = end.date() + extension.MOST
    latest = local(wave.closes_at + extension.MOST, zone()).replace(tzinfo=None)
    return last if dt.datetime.combine(last, end.time()) <= latest else last - dt.timedelta(1)


@bp.post("/<code>/extend")
@for_hr
def extend(code: str) -> Response:
    """Move the end, at the same hour of a later day, and tell everybody."""

    def ready() -> None:
        wave = wave_or_404(code)
        hour = local(wave.closes_at, zone()).time()
        extension.extend(db(), code, utc_of(dt.datetime.combine(_typed(), hour), zone(), last=True), now(), me().id)

    wave_or_404(code)
    return sending.start(ANNOUNCEMENT, code, ready)


@bp.post("/<code>/announce")
@for_hr
def announce(code: str) -> Response:
    """Tell those who have not been told, in a run of its own."""
    wave_or_404(code)
    return sending.start(ANNOUNCEMENT, code, lambda: announcing.require_extended(db(), code, now()))


@bp.get("/<code>/announce")
@for_hr
def progress(code: str) -> Response:
    """Tell how many people know, for the page's script."""
    told = announcing.told(db(), wave_or_404(code))
    done()
    return sending.progress(ANNOUNCEMENT, code, told.letters - told.waiting, told.letters)


def _typed() -> dt.date:
    try:
        return dt.date.fromisoformat(request.form.get("closes_on", "").strip())
    except ValueError:
        raise Refused("Choose the last day.") from None
