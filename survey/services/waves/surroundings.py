"""What a wave meets when it opens: the roster's age, mail, letters, days, backups, accounts, the disk."""

import datetime as dt
import shutil
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.i18n import LANGUAGES, Refused, Sentence
from survey.models import Account, AuditEntry, Passkey, Person, Unit, Wave
from survey.services import mail_server
from survey.services.here import day_of, local, zone_name, zone_of
from survey.services.instruments import registry
from survey.services.invitations import letter_texts
from survey.services.sealing import sealing
from survey.services.waves.foresight import FEW
from survey.services.waves.frozen import freeze_roster
from survey.services.waves.waves import instrument_of
from survey.settings import Settings

OLD_ROSTER: Final = dt.timedelta(days=14)
OLD_BACKUP: Final = dt.timedelta(days=1)
WORKING_DAYS: Final = 5
SATURDAY: Final = 5
ROOM: Final = 1 << 30
"""Bytes free on the disk: a close rewrites the whole database beside the old one."""
TRIED: Final = "letter tried"
"""What the log calls a test letter that the mail server took."""


@dataclass(frozen=True)
class Found:
    """Whether something is in order, and what there is to say of it."""

    fine: bool
    said: Sentence


def fine(said: Sentence) -> Found:
    """Return that something is in order."""
    return Found(fine=True, said=said)


def look(said: Sentence) -> Found:
    """Return that something is worth a look."""
    return Found(fine=False, said=said)


FINE: Final = fine(Sentence("Nothing stands in the way."))


def roster(session: Session, _wave: Wave, _settings: Settings, now: dt.datetime) -> Found:
    """Look at how old the roster is."""
    people = session.scalar(select(func.count()).select_from(Person).where(Person.left_on.is_(None)))
    at = _last(session, "roster imported")
    if at is None:
        text = Sentence("%(people)s people. The log does not say when the roster was brought in: is it today’s?")
        return look(text.fill(people=f"{people:,}"))
    text = Sentence("%(people)s people, brought in on %(day)s.")
    if now - at > OLD_ROSTER:
        text = Sentence("%(people)s people, brought in on %(day)s. Who has come, moved or left since then?")
    return Found(now - at <= OLD_ROSTER, text.fill(people=f"{people:,}", day=day_of(at, zone_of(session)).isoformat()))


def units(session: Session, wave: Wave, _settings: Settings, _now: dt.datetime) -> Found:
    """Look for units that are too small to see results."""
    places = [unit for unit in freeze_roster(session, wave).units if unit.invited]
    few = sum(unit.invited < FEW for unit in places)
    if not few:
        return fine(Sentence("Every unit has enough people for results to be likely."))
    text = Sentence("In %(few)s of %(all)s groups fewer than %(least)s are invited: results are unlikely there.")
    return look(text.fill(few=few, all=len(places), least=FEW))


def days(session: Session, wave: Wave, _settings: Settings, now: dt.datetime) -> Found:
    """Look at when the wave begins and ends: enough working days, and an end at which somebody is at work."""
    zone = zone_of(session)
    first, last = local(max(wave.opens_at, now), zone), local(wave.closes_at, zone)
    working = sum(
        (first.date() + dt.timedelta(n)).weekday() < SATURDAY for n in range((last.date() - first.date()).days + 1)
    )
    facts = {"days": working, "end": f"{last:%Y-%m-%d %H:%M}", "zone": zone_name(zone, wave.closes_at)}
    if last.weekday() >= SATURDAY:
        return look(Sentence("It ends on a weekend: %(end)s, %(zone)s.").fill(**_without(facts, "days")))
    if working < WORKING_DAYS:
        return look(
            Sentence("Only %(days)s working days until %(end)s, %(zone)s: who is away for a week cannot answer.").fill(
                **facts
            ),
        )
    text = Sentence("%(days)s working days until %(end)s, %(zone)s; public holidays are not taken out.")
    return fine(text.fill(**facts))


def languages(session: Session, wave: Wave, _settings: Settings, _now: dt.datetime) -> Found:
    """Look whether questions and units have words in both languages."""
    asked = instrument_of(session, wave).asked(registry.practices_of(wave))
    silent = [item.id for item in asked if any(not item.text.get(language, "").strip() for language in LANGUAGES)]
    if silent:
        text = Sentence("These questions lack a language: %(names)s.")
        return look(text.fill(names=", ".join(silent[:10])))
    same = session.scalar(select(func.count()).select_from(Unit).where((Unit.name_en == "") | (Unit.name_ko == "")))
    if same:
        return look(Sentence("%(count)s units lack a name in one language.").fill(count=same))
    return fine(Sentence("Questions, letters and units have Korean and English words."))


def mail(session: Session, _wave: Wave, settings: Settings, now: dt.datetime) -> Found:
    """Look whether letters leave at all, and whether one was tried."""
    if not session.scalar(select(func.count()).where(Person.email.is_not(None), Person.left_on.is_(None))):
        return fine(Sentence("Nobody has an e-mail address: all codes are printed."))
    way = mail_server.mail(session, settings)
    if not way.readable:
        raise Refused(mail_server.UNREADABLE)
    if way.server is None:
        return look(Sentence("Letters are kept as files on the server: nobody receives any."))
    tried, since = _last(session, TRIED), _last(session, "mail server set")
    if tried is None or (since is not None and tried < since) or now - tried > OLD_ROSTER:
        return look(Sentence("No letter was tried lately. Send one to yourself."))
    text = Sentence("The mail server took a test letter on %(day)s.")
    return fine(text.fill(day=day_of(tried, zone_of(session)).isoformat()))


def letters(session: Session, _wave: Wave, _settings: Settings, _now: dt.datetime) -> Found:
    """Look whether the company's own letters are whole, and were read as they will arrive."""
    own = letter_texts.own(session)
    if not own:
        return fine(Sentence("Our words go out; you can change them."))
    half = sorted({kind for kind, _ in own if not all((kind, language) in own for language in LANGUAGES)})
    if half:
        text = Sentence("Some letters have your words in one language only, and ours in the other.")
        return look(text)
    changed, tried = _last(session, letter_texts.CHANGED), _last(session, TRIED)
    if changed is not None and (tried is None or tried < changed):
        return look(Sentence("Letters were changed since the last one was tried. Send one to yourself."))
    return fine(Sentence("Your words go out, in both languages."))


def address(_session: Session, _wave: Wave, settings: Settings, _now: dt.datetime) -> Found:
    """Look whether the address in letters can be opened, and safely."""
    where = urlsplit(settings.base_url)
    if _is_here(where.hostname or ""):
        text = Sentence("Letters point to %(address)s, which opens on this machine only. Set SURVEY_URL.")
        return look(text.fill(address=settings.base_url))
    if where.scheme != "https":
        text = Sentence("Letters point to %(address)s: without https answers cross the network for all to read.")
        return look(text.fill(address=settings.base_url))
    return fine(Sentence("Letters point to %(address)s.").fill(address=settings.base_url))


def printed(session: Session, wave: Wave, _settings: Settings, _now: dt.datetime) -> Found:
    """Look how many people need a printed code."""
    count = session.scalar(select(func.count()).where(Person.email.is_(None), Person.left_on.is_(None)))
    if not count or wave.rehearsal:
        return fine(Sentence("Everybody has an e-mail address."))
    text = Sentence(
        "%(count)s people have no e-mail address. Print their slips on the wave’s page within 48 hours of the opening; "
        "after that no codes can be made."
    )
    return look(text.fill(count=f"{count:,}"))


def sealed(_session: Session, wave: Wave, _settings: Settings, _now: dt.datetime) -> Found:
    """Look whether answers are locked as they arrive."""
    if not wave.sealed:
        text = Sentence("Not sealed: whoever reads the server’s disk while the wave is open can read answers.")
        return look(text)
    text = Sentence("Answers are locked as they arrive; %(least)s keyholders or more can unseal them, each alone.")
    return fine(text.fill(least=sealing.LEAST))


def backup(session: Session, _wave: Wave, _settings: Settings, now: dt.datetime) -> Found:
    """Look whether there is a backup of today."""
    at = _last(session, "backup made")
    if at is None:
        return look(Sentence("No backup was ever made here. Run: survey backup FILE"))
    text = Sentence("The last backup is of %(day)s.")
    return Found(now - at <= OLD_BACKUP, text.fill(day=day_of(at, zone_of(session)).isoformat()))


def accounts(session: Session, _wave: Wave, _settings: Settings, _now: dt.datetime) -> Found:
    """Look whether accounts of HR open with a password alone."""
    bare = session.scalar(
        select(func.count())
        .where(Account.role == "hr", Account.active, Account.totp_secret.is_(None), Account.subject.is_(None))
        .where(Account.id.not_in(select(Passkey.account_id)))
    )
    if bare:
        text = Sentence("%(count)s accounts of HR open with a password alone: add an authenticator app or a passkey.")
        return look(text.fill(count=bare))
    return fine(Sentence("All of them take a second step."))


def disk(_session: Session, _wave: Wave, settings: Settings, _now: dt.datetime) -> Found:
    """Look whether the disk has room."""
    free = shutil.disk_usage(settings.home).free
    text = Sentence("%(free)s GB are free where the survey keeps its data.")
    return Found(free >= ROOM, text.fill(free=f"{free / ROOM:.1f}"))


def _last(session: Session, act: str) -> dt.datetime | None:
    """Return when an act was last done, as the log says."""
    return session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.act == act))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _without(facts: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in facts.items() if key != name}
