"""What HR asked to happen by itself: a confirmed wave opens, letters and reminders go out, an extension is told.

Each is what a button does as well, and goes on where it was stopped.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused, Sentence
from survey.mail import Post
from survey.models import AuditEntry, Wave
from survey.services import audit_log, mail_server, runs
from survey.services.invitations import announcing, invitations, reminders
from survey.services.invitations.sending import Outbox, Sending
from survey.services.practices import reminding
from survey.services.runs import Key
from survey.services.waves import checklist, opening, waves
from survey.settings import Settings

HELD: Final = "opening held back"
AGAIN: Final = dt.timedelta(hours=6)
"""Until letters that were all refused are tried once more."""
SOON: Final = dt.timedelta(minutes=9)
"""The same where the mail server was away: with the next tick, which comes every ten minutes."""
OPENED: Final = Sentence("Wave %(wave)s has reached its time and is open.")
NOT_OPENED: Final = Sentence("Wave %(wave)s was not opened: %(why)s")
ASKED: Final = Sentence("%(count)s letters about practices were accepted, before wave %(wave)s opens.")
NOT_SENT: Final = Sentence("Letters of wave %(wave)s wait: %(why)s")
SENT: Final = Sentence("%(count)s letters of wave %(wave)s were accepted; %(left)s wait.")


def go_on(engine: Engine, settings: Settings, now: dt.datetime) -> list[Sentence]:
    """Do what is due, and say it; may be called as often as one likes."""
    return [*_open(engine, settings, now), *_send(engine, settings, now), *_ask_leaders(engine, settings, now)]


def _ask_leaders(engine: Engine, settings: Settings, now: dt.datetime) -> list[Sentence]:
    """Before a wave opens, ask those who lead units with running practices what is still going on."""
    with reading(engine) as session:
        wave, _, waiting = reminding.due(session, now)
        post = mail_server.post(session, settings) if waiting else None
    if post is None:
        return []
    try:
        sending = reminding.remind(engine, Outbox(settings.keys, settings.base_url, post), now)
    except Refused:
        return []  # another run is under way
    return [ASKED.fill(wave=wave, count=sending.accepted)] if sending.accepted else []


def _open(engine: Engine, settings: Settings, now: dt.datetime) -> list[Sentence]:
    with reading(engine) as session:
        due = select(Wave.code).where(Wave.state == "draft", Wave.confirmed_at.is_not(None), Wave.opens_at <= now)
        code = session.scalar(due.order_by(Wave.opens_at).limit(1))
    if code is None:
        return []
    try:
        with writing(engine) as session:
            wave = waves.locked(session, code)
            checklist.require_possible(checklist.checklist(session, wave, settings, now))
            opening.open_wave(session, code, now, settings.keys)
    except Refused as refused:
        return [NOT_OPENED.fill(wave=code, why=refused.sentence)] if _held_back(engine, code, refused, now) else []
    return [OPENED.fill(wave=code)]


def _held_back(engine: Engine, code: str, refused: Refused, now: dt.datetime) -> bool:
    """Write into the log why a wave was not opened, once for each reason; tell whether it was written now."""
    why = refused.sentence.to("en")
    with writing(engine) as session:
        if audit_log.find(session, HELD, wave=code, why=why) is not None:
            return False
        audit_log.write(session, now, None, HELD, wave=code, why=why)
        return True


def _send(engine: Engine, settings: Settings, now: dt.datetime) -> list[Sentence]:
    with reading(engine) as session:
        wave = waves.current(session)
        due = _due(session, wave, settings, now) if wave is not None and now < wave.closes_at else []
        try:
            post = mail_server.post(session, settings) if due else None
        except Refused as refused:  # after a restore: what else is due goes on, and the letters once they can
            return [NOT_SENT.fill(wave=wave.code if wave else "", why=refused.sentence)]
    return [said for send in due if wave and post and (said := _run(engine, wave.code, settings, post, send, now))]


def _due(session: Session, wave: Wave, settings: Settings, now: dt.datetime) -> list[Callable[..., Sending]]:
    """Return which letters leave now without anybody pressing a button."""
    state = invitations.progress(session, wave.code, settings.keys)
    letters = wave.confirmed_at is not None and state.codes_can_be_made and state.letters_accepted < state.letters
    extended = wave.extended_from is not None and announcing.told(session, wave).waiting > 0
    found: list[tuple[bool, str, str, Callable[..., Sending]]] = [
        (letters, "letters", "letters sent", invitations.send_letters),
        (extended, "extension", announcing.ANNOUNCED, announcing.announce),
        (wave.reminds and _reminder_due(session, wave, now), "reminders", "reminders sent", reminders.send_reminders),
    ]
    return [
        send
        for due, kind, act, send in found
        if due and not runs.find(session, Key(kind, wave.code)).running and not _in_vain(session, wave, act, now)
    ]


def _reminder_due(session: Session, wave: Wave, now: dt.datetime) -> bool:
    try:
        reminders.require_due(session, wave, now)
    except Refused:
        return False
    return True


def _in_vain(session: Session, wave: Wave, act: str, now: dt.datetime) -> bool:
    """Tell whether the last run got nothing out, so that the next one may wait."""
    tried = select(AuditEntry).where(AuditEntry.act == act, AuditEntry.at.between(now - AGAIN, now))
    last = next(
        (entry for entry in session.scalars(tried.order_by(AuditEntry.id.desc())) if entry.facts["wave"] == wave.code),
        None,
    )
    if last is None or last.facts["accepted"] != "0":
        return False
    return now - last.at < (SOON if "stopped" in last.facts else AGAIN)


def _run(
    engine: Engine, code: str, settings: Settings, post: Post, send: Callable[..., Sending], now: dt.datetime
) -> Sentence | None:
    try:
        sending = send(engine, code, Outbox(settings.keys, settings.base_url, post), now)
    except Refused:
        return None  # somebody has pressed the button meanwhile
    if sending.stopped and not sending.accepted:
        return NOT_SENT.fill(wave=code, why=sending.stopped)
    return SENT.fill(wave=code, count=sending.accepted, left=sending.left) if sending.accepted else None
