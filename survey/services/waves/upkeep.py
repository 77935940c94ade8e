"""What has to happen by itself: keys destroyed, waves closed, participation counted, answers deleted when promised."""

import datetime as dt
from pathlib import Path

import msgspec
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Sentence
from survey.services import audit_log, runs
from survey.services.backups import backup_keys
from survey.services.invitations import invitations, issue_key
from survey.services.responses import responses
from survey.services.roster import erasing, staging
from survey.services.waves import closing, frozen_facts, participation, rehearsal, sweeping, waves
from survey.services.waves.retention import is_due


class Tick(msgspec.Struct, frozen=True):
    """What one tick did."""

    keys_destroyed: tuple[str, ...] = ()
    """Codes of waves, here and below."""
    closed: str = ""
    counted: str = ""
    deleted: tuple[str, ...] = ()
    swept: bool = False
    broken: tuple[str, ...] = ()
    """Waves found to differ from what they promised, told once for each thing that differs."""
    forgotten: tuple[str, ...] = ()
    """Of these waves, backups can no longer give back what is over: arrivals, sealed boxes, or answers."""

    def sentences(self) -> list[Sentence]:
        """Say what was done, a line an act; nothing where nothing was due."""
        said = [
            (Sentence("The key that makes the codes of wave %(wave)s is destroyed."), self.keys_destroyed),
            (Sentence("Wave %(wave)s has reached its end and is closed."), (self.closed,)),
            (Sentence("Participation in wave %(wave)s was counted."), (self.counted,)),
            (Sentence("The answers of wave %(wave)s are deleted, as promised."), self.deleted),
            (Sentence("Wave %(wave)s differs from what it promised: read the audit log."), self.broken),
            (Sentence("A key for backups of wave %(wave)s is destroyed, as promised."), self.forgotten),
        ]
        return [sentence.fill(wave=code) for sentence, codes in said for code in codes if code]


def tick(engine: Engine, home: Path, now: dt.datetime, keys_folder: Path | None = None) -> Tick:
    """Do whatever is due; may be called at any time, as often as one likes, and once an hour at least.

    `keys_folder` is where the keys lie, if not in `home`.
    """
    folder = keys_folder or home
    with reading(engine) as session:
        known = waves.with_rehearsals(session)
    with writing(engine) as session:
        keys = tuple(
            wave.code
            for wave in known
            if issue_key.exists(folder, wave.code) and invitations.settle(session, wave.code, folder, now)
        )
    closed = _close(engine, now)
    with writing(engine) as session:
        runs.forget_old(session)
        if closed:
            invitations.settle(session, closed, folder, now)
        counted = _count(session, now.date())
    deleted = tuple(wave.code for wave in known if is_due(wave, now) and _delete(engine, wave.code, now))
    swept = (bool(deleted) or sweeping.left_over(engine)) and sweeping.sweep(engine)
    staging.sweep(home, now)
    erasing.sweep_due(engine, home)
    with writing(engine) as session:
        broken = tuple(wave.code for wave in waves.unpublished(session) if frozen_facts.tell(session, wave, now))
    return Tick(keys, closed, counted, deleted, swept, broken, _forget_backups(engine, folder, now))


def _count(session: Session, today: dt.date) -> str:
    wave = waves.current(session)
    if wave is None:
        return ""
    return wave.code if participation.count(session, waves.locked(session, wave.code), today) else ""


def _close(engine: Engine, now: dt.datetime) -> str:
    with writing(engine) as session:
        wave = waves.current(session)
        if wave is None or not _is_over(wave, now):
            return ""
        if waves.locked(session, wave.code).state != "open":
            return ""  # somebody has pressed the button meanwhile, or another machine was faster
        return closing.close(session, wave.code, now).code


def _is_over(wave: waves.Wave, now: dt.datetime) -> bool:
    return rehearsal.is_over(wave, now) if wave.rehearsal else now >= wave.closes_at + responses.GRACE


def _forget_backups(engine: Engine, home: Path, now: dt.datetime) -> tuple[str, ...]:
    """Destroy what past stages were backed up under; asked at every tick, so that none is forgotten after a crash."""
    with reading(engine) as session:
        known = waves.with_rehearsals(session)
    forgotten = tuple(wave.code for wave in known if backup_keys.destroy_past(home, wave, due=is_due(wave, now)))
    for code in forgotten:
        with writing(engine) as session:
            audit_log.write(session, now, None, "backup key destroyed", wave=code)
    return forgotten


def _delete(engine: Engine, code: str, now: dt.datetime) -> bool:
    with writing(engine) as session:
        wave = waves.locked(session, code)
        if not responses.forget(session, wave):
            return False
        audit_log.write(session, now, None, "answers deleted", wave=code)
        return True
