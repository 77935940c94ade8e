"""What has to happen by itself: keys destroyed, waves closed, participation counted, answers deleted when promised."""

import calendar
import datetime as dt
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.i18n import Sentence
from survey.services import audit_log, closing, invitations, issue_key, participation, responses, sweeping, waves
from survey.services.waves import Wave


class Tick(msgspec.Struct, frozen=True):
    """What one tick did."""

    keys_destroyed: tuple[str, ...] = ()
    """Codes of waves, here and below."""
    closed: str = ""
    counted: str = ""
    deleted: tuple[str, ...] = ()
    swept: bool = False

    def sentences(self) -> list[Sentence]:
        """Say what was done, a line an act; nothing where nothing was due."""
        said = [
            (Sentence("The key that makes the codes of wave %(wave)s is destroyed."), self.keys_destroyed),
            (Sentence("Wave %(wave)s has reached its end and is closed."), (self.closed,)),
            (Sentence("Participation in wave %(wave)s was counted."), (self.counted,)),
            (Sentence("The answers of wave %(wave)s are deleted, as promised."), self.deleted),
        ]
        return [sentence.fill(wave=code) for sentence, codes in said for code in codes if code]


def tick(engine: Engine, home: Path, now: dt.datetime) -> Tick:
    """Do whatever is due; may be called at any time, as often as one likes, and once an hour at least."""
    with reading(engine) as session:
        known = waves.waves(session)
    with writing(engine) as session:
        keys = tuple(
            wave.code
            for wave in known
            if issue_key.exists(home, wave.code) and invitations.settle(session, wave.code, home, now)
        )
    closed = _close(engine, now)
    with writing(engine) as session:
        wave = waves.current(session)
        counted = wave.code if wave and participation.count(session, wave, now.date()) else ""
    deleted = tuple(wave.code for wave in known if is_due(wave, now) and _delete(engine, wave.code, now))
    swept = sweeping.left_over(engine) and sweeping.sweep(engine)
    return Tick(keys, closed, counted, deleted, swept)


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


def _close(engine: Engine, now: dt.datetime) -> str:
    with writing(engine) as session:
        wave = waves.current(session)
        if wave is None or now < wave.closes_at + responses.GRACE:
            return ""
        return closing.close(session, wave.code, now).code


def _delete(engine: Engine, code: str, now: dt.datetime) -> bool:
    with writing(engine) as session:
        wave = waves.wave(session, code)
        if not responses.forget(session, wave):
            return False
        audit_log.write(session, now, None, "answers deleted", wave=code)
        return True
