"""The password: signing in with it, setting it for somebody, and changing one's own."""

import datetime as dt
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.services import audit_log
from survey.services.accounts import passwords, second_step, sign_ins, waiting, ways_in
from survey.services.accounts.accounts import Account, by_email, known, locked, value
from survey.services.accounts.own_words import own_words

WRONG: Final = Sentence(
    "The e-mail address or the password is wrong. After several wrong tries, wait up to 15 minutes before the next."
)
WRONG_OLD: Final = Sentence(
    "The password you have now is not right. After several wrong tries, wait up to 15 minutes before the next."
)


def sign_in(session: Session, email: str, password: str, now: dt.datetime) -> str:
    """Check a password and return the secret for the browser's cookie, of which only the hash is kept.

    Where a second step is due the browser is only halfway in (`sign_ins.Browser.second_step`). Each try is counted
    before the password is looked at, and hashing holds no lock. An unknown address takes as long as a known one.

    Raises:
        Refused: with the one sentence for every reason.
    """
    account = by_email(session, email.strip().lower(), lock=True)
    if not _right(session, account, password, now) or account is None or not account.active:
        raise Refused(WRONG)
    renewed = passwords.hashed(password) if passwords.outdated(account.password_hash) else account.password_hash
    audit_log.take_turns(session)
    account.password_hash = renewed
    if second_step.is_asked(session, account.id):
        waiting.take_back(account)  # else whoever knows the password could guess codes for ever
        return sign_ins.let_in(session, account.id, now, second_step=False)
    waiting.forget(account)
    return sign_ins.let_in(session, account.id, now, second_step=True, act="signed in by password")


def set_password(session: Session, email: str, password: str, *, breached: Path | None = None) -> Account:
    """Give an account a new password, end its waiting time, and sign it out everywhere.

    Raises:
        Refused: there is no such account, or the password is too short or guessable.
        SettingsError: the operator's list of `breached` passwords cannot be read.
    """
    account = known(session, email)
    account.password_hash = passwords.chosen(password, own_words(session, account.email, account.name), breached)
    waiting.forget(account)
    ways_in.forget(session, account.id)
    sign_ins.sign_out_everywhere(session, account.id)
    return value(session, account)


def change_password(
    session: Session, account_id: int, old: str, new: str, now: dt.datetime, *, breached: Path | None = None
) -> None:
    """Change one's own password; every browser is signed out, this one included: let it in again.

    Raises:
        Refused: the old one is wrong, or has to wait; the new one is too short or guessable.
        SettingsError: the operator's list of `breached` passwords cannot be read.
    """
    account = locked(session, account_id)
    own = own_words(session, account.email, account.name)
    if not _right(session, account, old, now):
        raise Refused(WRONG_OLD)
    account.password_hash = passwords.chosen(new, own, breached)
    waiting.forget(account)
    ways_in.forget(session, account.id)
    sign_ins.sign_out_everywhere(session, account.id)


def _right(session: Session, account: models.Account | None, password: str, now: dt.datetime) -> bool:
    """Count a try and commit it, then tell whether the password is right and was not to wait."""
    held = account is not None and waiting.waits(account, now)
    if account and not held:
        waiting.count(account, now)
    kept = (account.password_hash if account and not held else "") or passwords.nobody()
    session.commit()
    fits = passwords.fits(kept, password)
    if account is None or held:
        return False
    if not (fits and account.active) and waiting.is_told(account.failures):
        act = "closed account tried" if fits else "password refused"
        audit_log.write(session, now, account.id, act, account=str(account.id), tries=str(account.failures))
        session.commit()
    return fits
