"""Who can open sealed waves: people who keep a private key outside of this installation."""

import datetime as dt

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Keyholder, Wave, WaveKey
from survey.services import audit_log
from survey.services.sealing.key_text import fingerprint, read_public

LONGEST_NAME = 200


class Holder(msgspec.Struct, frozen=True):
    """A keyholder as pages and commands tell it."""

    id: int
    name: str
    fingerprint: str
    added_on: dt.date
    waves: tuple[str, ...]
    """Codes of the waves that this key opens: sealed, and not unsealed yet."""


def keyholders(session: Session) -> tuple[Holder, ...]:
    """Return all keyholders, the first one registered first."""
    held: dict[int, list[str]] = {}
    for holder, wave in session.execute(
        select(WaveKey.keyholder_id, Wave.code).join(Wave, Wave.id == WaveKey.wave_id).order_by(Wave.id)
    ):
        held.setdefault(holder, []).append(wave)
    return tuple(
        Holder(row.id, row.name, fingerprint(row.public_key), row.added_on, tuple(held.get(row.id, ())))
        for row in session.scalars(select(Keyholder).order_by(Keyholder.id))
    )


def add(session: Session, name: str, public_key: str, now: dt.datetime, by: int | None = None) -> Holder:
    """Register a keyholder by the public key as it was typed; the key opens waves that are opened from now on.

    Raises:
        Refused: no name, or one that is taken; a public key that is damaged, or registered already.
    """
    name, key = " ".join(name.split()), read_public(public_key)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused("A keyholder has a name of up to %(most)s characters that can be printed.", most=LONGEST_NAME)
    audit_log.take_turns(session)  # a button pressed twice: the second sees what the first has done
    for other in session.scalars(select(Keyholder)):
        if other.name == name:
            raise Refused("There is a keyholder %(name)s already.", name=name)
        if other.public_key == key:
            raise Refused("This is the public key of %(name)s. Each keyholder has a key of their own.", name=other.name)
    kept = Keyholder(name=name, public_key=key, added_on=now.date())
    session.add(kept)
    session.flush()
    audit_log.write(session, now, by, "keyholder added", keyholder=fingerprint(key))
    return Holder(kept.id, name, fingerprint(key), kept.added_on, ())


def remove(session: Session, holder_id: int, now: dt.datetime, by: int | None = None) -> Holder:
    """Take a keyholder off the list; waves opened from now on are not sealed for this key.

    Raises:
        Refused: there is none, or a wave sealed for this key has not been unsealed yet.
    """
    audit_log.take_turns(session)
    holder = next((each for each in keyholders(session) if each.id == holder_id), None)
    if holder is None:
        raise Refused("There is no such keyholder.")
    if holder.waves:
        raise Refused(
            "%(name)s holds a key of %(waves)s. Unseal that first: then the keyholder can be removed.",
            name=holder.name,
            waves=", ".join(holder.waves),
        )
    session.delete(session.get_one(Keyholder, holder_id))
    audit_log.write(session, now, by, "keyholder removed", keyholder=holder.fingerprint)
    return holder


def named(session: Session, name: str) -> Holder:
    """Return the keyholder of this name; raises Refused where there is none."""
    for holder in keyholders(session):
        if holder.name == name:
            return holder
    raise Refused("There is no keyholder %(name)s. See: survey keyholders", name=name)
