"""The head of the audit log is mailed to auditors when a wave was closed or published: what they hold cannot be edited.

Asked at every tick: what has been mailed stands in the log itself, so that a letter that could not leave leaves later.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.mail import Letter, LetterRefused, MailDown, Post
from survey.services import audit_log, mail_server
from survey.services.accounts import account_letters, invited
from survey.services.accounts.account_letters import Reader, Sender
from survey.services.filing import files
from survey.settings import Settings

ACTS: Final = ("wave closed", "wave closed early", "wave published")
MAILED: Final = "head mailed"
LATEST: Final = dt.timedelta(days=7)
"""A letter that could not leave for so long is not sent any more: newer ones say more."""


@dataclass(frozen=True)
class Head:
    """The digest of the entry that says that a wave was closed or published."""

    entry: int
    digest: str
    wave: str
    published: bool


def due(session: Session, now: dt.datetime) -> list[Head]:
    """Return the heads that have not been mailed."""
    recent = select(models.AuditEntry).where(models.AuditEntry.at > now - LATEST).order_by(models.AuditEntry.id)
    mailed = {entry.facts["of"] for entry in session.scalars(recent.where(models.AuditEntry.act == MAILED))}
    return [
        Head(entry.id, entry.digest, entry.facts["wave"], entry.act == "wave published")
        for entry in session.scalars(recent.where(models.AuditEntry.act.in_(ACTS)))
        if str(entry.id) not in mailed
    ]


def mail(engine: Engine, settings: Settings, now: dt.datetime) -> int:
    """Write to every auditor what has not been mailed, and return how many letters left; the rest leave next time.

    Raises:
        SettingsError: how letters leave is not set so that any could.
    """
    try:
        with files.alone(settings.keys / "heads.lock"):
            return _mail(engine, settings, now)
    except Refused:  # another process writes them; or how letters leave was lost: HR's pages say what to do
        return 0


def _mail(engine: Engine, settings: Settings, now: dt.datetime) -> int:
    with reading(engine) as session:
        to, about = auditors(session), invited.sender(session, settings.base_url)
        heads = due(session, now) if to else []
        if not heads:
            return 0
        post = mail_server.post(session, settings)
    left = 0
    try:
        with post:
            for head in heads:
                accepted = sum(_sent(post, _letter(about, each, head), now) for each in to)
                with writing(engine) as session:
                    audit_log.write(session, now, None, MAILED, of=str(head.entry), letters=str(accepted))
                left += accepted
    except MailDown:
        return left
    return left


def auditors(session: Session) -> list[Reader]:
    """Return whom heads are mailed to."""
    found = select(models.Account).where(models.Account.role == "auditor", models.Account.active)
    return [invited.reader(account) for account in session.scalars(found.order_by(models.Account.id))]


def _letter(about: Sender, reader: Reader, head: Head) -> Letter:
    written = account_letters.head(about, reader, head.wave, head.digest, published=head.published)
    # A second copy, after a run that was cut off, is known by its name as the same letter.
    return replace(written, identity=hashlib.sha256(f"head\0{head.digest}\0{reader.id}".encode()).hexdigest()[:32])


def _sent(post: Post, letter: Letter, now: dt.datetime) -> bool:
    try:
        post.send(letter, now)
    except LetterRefused:
        return False
    return True
