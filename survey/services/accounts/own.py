"""What somebody does with her own account, each act in the log."""

import datetime as dt
from pathlib import Path

from sqlalchemy.orm import Session

from survey import models
from survey.i18n import LANGUAGES, Refused
from survey.services import audit_log
from survey.services.accounts import sign_ins, signing_in


def speak(session: Session, account_id: int, language: str) -> None:
    """Choose the language of one's pages and letters.

    Raises:
        Refused: it is none of ours.
    """
    if language not in LANGUAGES:
        raise Refused("The language is ko or en, not %(language)s.", language=language)
    session.get_one(models.Account, account_id).language = language
    session.flush()


def has_password(session: Session, account_id: int) -> bool:
    """Tell whether there is a password to change: who signs in elsewhere has none."""
    return session.get_one(models.Account, account_id).password_hash != ""


def change_password(
    session: Session, account_id: int, old: str, new: str, now: dt.datetime, *, breached: Path | None = None
) -> str:
    """Change one's own password; every browser is signed out, and the one that asked is let in again.

    Returns:
        The new secret of its cookie.

    Raises:
        Refused: the old one is wrong, or has to wait; the new one is too short or guessable.
        SettingsError: the operator's list of `breached` passwords cannot be read.
    """
    signing_in.change_password(session, account_id, old, new, now, breached=breached)
    audit_log.write(session, now, account_id, "own password changed", account=str(account_id))
    return sign_ins.let_in(session, account_id, now, second_step=True)


def sign_out_everywhere(session: Session, account_id: int, now: dt.datetime) -> None:
    """Forget every browser of one's own."""
    sign_ins.sign_out_everywhere(session, account_id)
    audit_log.write(session, now, account_id, "signed out everywhere", account=str(account_id))
