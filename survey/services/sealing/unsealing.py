"""A closed wave is unsealed: any one keyholder's key opens all boxes at once, and the wave's own key is destroyed."""

import datetime as dt

from nacl.public import PrivateKey
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Wave
from survey.services import audit_log
from survey.services.responses import boxes, responses
from survey.services.sealing import sealing
from survey.services.sealing.key_text import fingerprint, read_file
from survey.services.sealing.sealing import DamagedBoxError, Said
from survey.services.waves.sweeping import sweep_after_commit
from survey.services.waves.waves import locked


def unseal(
    session: Session,
    code: str,
    key_file: bytes,
    now: dt.datetime,
    by: int | None = None,
    *,
    without_damaged: bool = False,
) -> int:
    """Rewrite what lies in the boxes as responses and comments, each under new random ids; destroy the wave's key.

    All or nothing with the caller's transaction. Freed space is overwritten as soon as the session commits.

    Args:
        session: the transaction.
        code: of the wave.
        key_file: what the file of a keyholder's private key holds; kept nowhere.
        now: when, in UTC without a zone.
        by: the account that does it; None for the command line.
        without_damaged: go on where boxes cannot be opened; they are deleted with the key.

    Returns:
        How many boxes could not be opened; 0 unless `without_damaged`.

    Raises:
        Refused: the wave is not closed or not sealed; it is no key file, damaged, or not one of this wave's keys; or
            boxes are damaged. Everything stays as it was.
    """
    wave = locked(session, code)
    _check_sealed(wave)
    holder = read_file(key_file)
    opened, damaged = _opened(session, wave, sealing.unwrap(session, wave, holder))
    if damaged and not without_damaged:
        raise Refused(
            "%(count)s of the sealed answers of wave %(wave)s are damaged and cannot be opened; nothing was changed. "
            "Put back a backup in which they are whole, or do without them: survey unseal --without-damaged",
            wave=code,
            count=damaged,
        )
    responses.keep_apart(session, wave, opened)
    boxes.forget(session, wave)
    sealing.end(session, wave)
    facts = {"set_aside": str(damaged)} if damaged else {}
    key = fingerprint(bytes(holder.public_key))
    audit_log.write(session, now, by, "wave unsealed", wave=code, keyholder=key, **facts)
    sweep_after_commit(session)
    return damaged


def _check_sealed(wave: Wave) -> None:
    if not wave.sealed:
        raise Refused("Wave %(wave)s is not sealed: its answers need no key.", wave=wave.code)
    if wave.state in {"draft", "open"}:
        raise Refused("Wave %(wave)s is unsealed after it has been closed, not before.", wave=wave.code)
    if not sealing.is_sealed(wave):
        raise Refused("Wave %(wave)s has been unsealed already, and its key is destroyed.", wave=wave.code)


def _opened(session: Session, wave: Wave, key: PrivateKey) -> tuple[list[Said], int]:
    """Return what the boxes hold, and how many hold nothing that can be read."""
    opened: list[Said] = []
    damaged = 0
    for unit, box in boxes.contents(session, wave):
        try:
            opened.append(sealing.unseal(key, unit, box))
        except DamagedBoxError:
            damaged += 1
    return opened, damaged
