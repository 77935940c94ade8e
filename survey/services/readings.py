"""What an operator's collector may read of an installation: how it runs, and nothing of who answers, where or when.

There is no count of answers, not even in bands: a collector keeps a series for years, outside the retention that was
promised, and the step of a counter tells when somebody answered (docs/decisions/0061).
"""

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import AuditEntry
from survey.services import clocks, workers
from survey.services.invitations import invitations
from survey.services.waves import last_tick, waves
from survey.settings import Settings

STATES = ("draft", "open", "closed", "published")


class Reading(msgspec.Struct, frozen=True):
    """One number."""

    name: str
    help: str
    value: float
    labels: dict[str, str] = {}


def readings(session: Session, settings: Settings, now: dt.datetime) -> Iterator[Reading]:
    """Return what can be read now; what never happened is left out."""
    states = Counter(wave.state for wave in waves.waves(session))
    for state in STATES:
        yield Reading("survey_waves", "Waves by state.", states[state], {"state": state})
    wave = waves.current(session)
    if wave is not None:
        sent = invitations.progress(session, wave.code, settings.keys)
        waiting = sent.letters - sent.letters_accepted
        yield Reading("survey_letters_waiting", "People of the open wave who wait for their letter.", waiting)
        ends = (wave.closes_at - now).total_seconds()
        yield Reading("survey_wave_ends_in_seconds", "Until the open wave ends.", ends)
    tick = last_tick.read(settings.home)
    if tick is not None:
        age = (now - tick).total_seconds()
        yield Reading("survey_tick_age_seconds", "Since what happens by itself was last done.", age)
    backup = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.act == "backup made"))
    if backup is not None:
        age = (now - backup).total_seconds()
        yield Reading("survey_backup_age_seconds", "Since the newest backup was made.", age)
    if settings.workers and workers.revision(session):
        yield Reading("survey_workers", "Worker processes that have given a sign of life.", workers.alive(session))
        yield Reading("survey_jobs_waiting", "Jobs that no worker has begun.", workers.waiting(session))
    if session.get_bind().dialect.name != "sqlite":
        ahead = clocks.ahead(session, now).total_seconds()
        yield Reading("survey_clock_ahead_seconds", "Of this machine before the database server; minus: behind.", ahead)
    free = shutil.disk_usage(settings.home).free
    yield Reading("survey_disk_free_bytes", "Free where SURVEY_HOME lies.", free)
