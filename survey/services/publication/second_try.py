"""After a failed audit the wave stays closed: the log says so, and it may be tried again with a higher threshold."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Wave
from survey.privacy.policy import Policy
from survey.services import audit_log
from survey.services.waves.wave_plans import LARGEST_FLOOR

FAILED: Final = "publication refused by the audit"


def raise_floor(session: Session, wave: Wave, k: int, now: dt.datetime, by: int | None) -> None:
    """Set a closed wave's threshold higher than it was; details follow where they must.

    Raises:
        Refused: it is lower than the wave's own, or would hide everything.
    """
    if k < wave.k:
        code, promised = wave.code, wave.k
        audit_log.write_apart(session, now, by, audit_log.REFUSED, what="wave.k", wave=code)
        raise Refused(
            "Wave %(wave)s promised results from %(k)s people on: the threshold can be raised, never lowered.",
            wave=code,
            k=promised,
        )
    if k > LARGEST_FLOOR:
        raise Refused("A threshold of more than %(most)s people would hide everything.", most=f"{LARGEST_FLOOR:,}")
    policy = Policy(k, max(wave.detail_k, k))
    wave.k, wave.detail_k = policy.k, policy.detail_k


def log(session: Session, code: str, k: int, now: dt.datetime, by: int | None) -> None:
    """Write that the audit refused the wave at this threshold; all else that the session did is undone."""
    audit_log.write_apart(session, now, by, FAILED, wave=code, k=str(k))


def failed(session: Session, code: str) -> bool:
    """Tell whether an audit of this wave has failed: only then a higher threshold is offered."""
    return audit_log.find(session, FAILED, wave=code) is not None
