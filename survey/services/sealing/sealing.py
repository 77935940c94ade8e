"""Sealed waves: answers are encrypted on arrival to a key whose other half only the keyholders can unwrap.

At the opening a wave gets a key pair. Its public key stays with the wave; the private one is wrapped for each keyholder
and kept nowhere else. A box holds answers, comment and unit, and all boxes are of one size.
"""

from typing import Final

import msgspec
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Base, Keyholder, Wave, WaveKey
from survey.services import audit_log
from survey.services.waves.sweeping import delete_without_trace

LEAST: Final = 2
"""Keyholders of a sealed wave, so that one lost key is not a lost wave."""
SIZE: Final = 8 * 1024
"""Bytes to which the content of a box is padded: the longest comment fits, so its length shows nowhere."""


class DamagedBoxError(Exception):
    """A box that the wave's key does not open, or that holds something else than it should."""


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What one person sent, as it stands in a box."""

    unit: str
    """The report unit: a box that was moved to another one is no good."""
    answers: bytes
    """One byte an item of the whole instrument."""
    comment: str


def by_default(session: Session) -> bool:
    """Tell whether a wave is sealed where nobody says otherwise: enough keyholders are registered."""
    return (session.scalar(select(func.count()).select_from(Keyholder)) or 0) >= LEAST


def is_sealed(wave: Wave) -> bool:
    """Tell whether the wave's answers lie in boxes: from its opening until it is unsealed."""
    return wave.seal_key is not None


def begin(session: Session, wave: Wave) -> None:
    """Give a wave that is to be sealed its key, wrapped for each keyholder; for the opening transaction.

    Raises:
        Refused: fewer than two keyholders are registered.
    """
    if not wave.sealed:
        return
    audit_log.take_turns(session)  # nobody is taken off the list meanwhile
    require_holders(session, wave)
    holders = session.execute(select(Keyholder.id, Keyholder.public_key).order_by(Keyholder.id)).all()
    key = PrivateKey.generate()
    wave.seal_key = bytes(key.public_key)
    session.execute(
        insert(WaveKey),
        [
            {
                "wave_id": wave.id,
                "keyholder_id": holder.id,
                "box": SealedBox(PublicKey(holder.public_key)).encrypt(bytes(key)),
            }
            for holder in holders
        ],
    )


def require_holders(session: Session, wave: Wave) -> None:
    """Raise Refused where a wave is to be sealed and too few could unseal it."""
    count = session.scalar(select(func.count()).select_from(Keyholder)) or 0
    if wave.sealed and count < LEAST:
        raise Refused(
            "Wave %(wave)s is planned as sealed, and that takes two keyholders or more, so that one lost key is not a "
            "lost wave; %(count)s is registered. Register another one, or plan the wave anew without sealing.",
            wave=wave.code,
            count=count,
        )


def seal(wave: Wave, said: Said) -> bytes:
    """Return the box that only the private key of the wave opens."""
    if wave.seal_key is None:
        raise ValueError(f"wave {wave.code} has no key to seal with")
    return SealedBox(PublicKey(wave.seal_key)).encrypt(sodium_pad(msgspec.msgpack.encode(said), SIZE))


def unseal(key: PrivateKey, unit: str, box: bytes) -> Said:
    """Return what lies in a box that counts at `unit`.

    Raises:
        DamagedBoxError: it was changed, moved, or sealed for another wave.
    """
    try:
        # PyNaCl checks no length by itself, and asks for one more byte than that.
        said = msgspec.msgpack.decode(sodium_unpad(SealedBox(key).decrypt(box), SIZE), type=Said)
    except (CryptoError, msgspec.DecodeError) as error:
        raise DamagedBoxError from error
    if said.unit != unit:
        raise DamagedBoxError
    return said


def unwrap(session: Session, wave: Wave, key: PrivateKey) -> PrivateKey:
    """Return the wave's private key, unwrapped with the private key of one of its keyholders.

    Raises:
        Refused: the key is nobody's here, or not one of this wave's.
    """
    public = bytes(key.public_key)
    if session.scalar(select(Keyholder.id).where(Keyholder.public_key == public)) is None:
        raise Refused(
            "This key belongs to no keyholder of this installation. Wave %(wave)s is opened by the key of one of them: "
            "%(names)s.",
            wave=wave.code,
            names=", ".join(holders_of(session, wave)),
        )
    wrapped = session.scalar(
        select(WaveKey.box)
        .join(Keyholder, Keyholder.id == WaveKey.keyholder_id)
        .where(WaveKey.wave_id == wave.id, Keyholder.public_key == public)
    )
    if wrapped is None:
        raise Refused(
            "This key was registered after wave %(wave)s had been opened, so it does not open it. These people's keys "
            "do: %(names)s.",
            wave=wave.code,
            names=", ".join(holders_of(session, wave)),
        )
    return _checked(wave, key, wrapped)


def holders_of(session: Session, wave: Wave) -> list[str]:
    """Return the names of those who can open a sealed wave."""
    return list(
        session.scalars(
            select(Keyholder.name)
            .join(WaveKey, WaveKey.keyholder_id == Keyholder.id)
            .where(WaveKey.wave_id == wave.id)
            .order_by(Keyholder.id)
        )
    )


def end(session: Session, wave: Wave) -> None:
    """Destroy the wave's key: whatever is still sealed with it stays so for good."""
    delete_without_trace(session, Base.metadata.tables[WaveKey.__tablename__], wave.id)
    wave.seal_key = None


def _checked(wave: Wave, key: PrivateKey, wrapped: bytes) -> PrivateKey:
    try:
        found = PrivateKey(SealedBox(key).decrypt(wrapped))
    except CryptoError:
        found = None
    if found is None or bytes(found.public_key) != wave.seal_key:
        raise Refused(
            "The key of wave %(wave)s as it was wrapped for this keyholder is damaged. Use another keyholder's key.",
            wave=wave.code,
        )
    return found
