"""What has to happen in time: ticks, backups and their keys, letters, deletions; and who can sign in how."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.i18n import Sentence
from survey.models import AuditEntry, Person, Unit, Wave
from survey.services import first_run
from survey.services.backups import backup_keys
from survey.services.doctor.check import Check, fail, ok, warn
from survey.services.invitations import invitations, issue_key
from survey.services.responses import responses
from survey.services.waves import last_tick, waves
from survey.services.waves.retention import is_due
from survey.settings import Settings

LATE_TICK: Final = dt.timedelta(hours=2)
OLD_BACKUP: Final = dt.timedelta(days=2)
GRACE: Final = dt.timedelta(hours=24)


def look(session: Session, settings: Settings, now: dt.datetime) -> Iterator[Check]:
    """Look at what has to happen in time."""
    known = waves.with_rehearsals(session)
    yield ticks(last_tick.read(settings.home), now, opened=any(wave.state != "draft" for wave in known))
    yield backup(_last_backup(session), now, anything=people(session) > 0)
    yield from keys(known, settings.keys, now)
    yield from letters(session, settings.keys, now)
    yield deletions(session, known, now)
    yield accounts(session)


def ticks(last: dt.datetime | None, now: dt.datetime, *, opened: bool) -> Check:
    """Look whether keys are destroyed and waves closed by themselves."""
    cure = Sentence("Keep `survey serve` running, or run `survey tick` every hour.")
    judge = fail if opened else warn
    if last is None:
        said = Sentence("Nothing was ever done by itself here: no key destroyed, no wave closed, no answer deleted.")
        return judge("tick", said, cure)
    if last - now > LATE_TICK:
        said = Sentence("The last tick was at %(when)s UTC, which is later than now: a clock is or was wrong.")
        return fail(
            "tick", said, Sentence("Set the clock by NTP (timedatectl), then run: survey tick"), when=_said(last)
        )
    if now - last > LATE_TICK:
        said = Sentence("Keys are destroyed, waves closed and answers deleted by a tick; the last was at %(when)s UTC.")
        return judge("tick", said, cure, when=_said(last))
    return ok("tick", Sentence("What happens by itself was last done at %(when)s UTC."), when=f"{last:%H:%M}")


def backup(last: dt.datetime | None, now: dt.datetime, *, anything: bool) -> Check:
    """Look how old the newest backup is."""
    cure = Sentence("Run every night: survey backup FILE")
    if last is None:
        said = Sentence("No backup was ever made.")
        return warn("backup", said, cure) if anything else ok("backup", Sentence("There is nothing to back up yet."))
    if now - last > OLD_BACKUP:
        return warn("backup", Sentence("The newest backup is of %(day)s."), cure, day=last.date().isoformat())
    return ok("backup", Sentence("The newest backup is of %(when)s UTC."), when=f"{last:%Y-%m-%d %H:%M}")


def keys(known: list[Wave], home: Path, now: dt.datetime) -> Iterator[Check]:
    """Look whether a backup could give back what people said in each wave whose answers are kept."""
    for wave in known:
        if wave.state == "draft" or is_due(wave, now):
            continue
        if not backup_keys.path(home, backup_keys.stage_of(wave), wave.code).exists():
            yield warn(
                "backup key",
                Sentence("No backup gives back the answers of wave %(wave)s as it stands now."),
                Sentence("Run: survey backup FILE, and mirror SURVEY_HOME/keys/backup to another place."),
                wave=wave.code,
            )


def letters(session: Session, home: Path, now: dt.datetime) -> Iterator[Check]:
    """Look whether people of the open wave wait for a letter, and whether one can still be made."""
    wave = waves.current(session)
    if wave is None:
        return
    state = invitations.progress(session, wave.code, home)
    waiting = state.letters - state.letters_accepted
    if waiting and not issue_key.exists(home, wave.code):
        yield fail(
            "letters",
            Sentence("%(count)s people of wave %(wave)s got no letter, and none can be made any more."),
            Sentence("Draw spare codes for them: survey draw-spare"),
            count=waiting,
            wave=wave.code,
        )
    elif waiting and now - wave.opens_at > GRACE:
        yield warn(
            "letters",
            Sentence("%(count)s people of wave %(wave)s wait for their letter since it opened."),
            Sentence("Run: survey send-letters --wave %(wave)s. It names the addresses that are refused."),
            count=waiting,
            wave=wave.code,
        )
    else:
        yield ok("letters", Sentence("The letters of wave %(wave)s are out, or under way."), wave=wave.code)


def deletions(session: Session, known: list[Wave], now: dt.datetime) -> Check:
    """Look whether answers are still here that were to be deleted."""
    late = [wave.code for wave in known if is_due(wave, now) and responses.counts(session, wave)]
    if late:
        return fail(
            "deletion",
            Sentence("The answers of these waves were to be deleted by now: %(waves)s."),
            Sentence("Run: survey tick"),
            waves=", ".join(late),
        )
    return ok("deletion", Sentence("No answers are kept longer than promised."))


def accounts(session: Session) -> Check:
    """Look whether somebody can sign in, and with how many steps."""
    if first_run.is_open(session):
        return warn(
            "accounts",
            Sentence("Nobody has an account yet."),
            Sentence("Open the address that `survey serve` prints, or run: survey create-account"),
        )
    company = first_run.named(session)
    if company is not None and company.second_step == "nobody":
        return warn(
            "accounts",
            Sentence("The company’s rule asks nobody for a second step: a password alone opens all results."),
            Sentence("Change it on the page of the company’s settings, or run: survey init --second-step everybody"),
        )
    return ok("accounts", Sentence("Signing in takes a second step where the company’s rule asks for one."))


def _said(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def people(session: Session) -> int:
    """Count who is in the roster."""
    return session.scalar(select(func.count()).select_from(Person).where(Person.left_on.is_(None))) or 0


def units(session: Session) -> int:
    """Count the units of the tree."""
    return session.scalar(select(func.count()).select_from(Unit)) or 0


def _last_backup(session: Session) -> dt.datetime | None:
    return session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.act == "backup made"))
