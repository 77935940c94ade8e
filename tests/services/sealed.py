"""What the tests of sealed waves have in common: two keyholders, a sealed wave of the cast, known answers."""

import random
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nacl.public import PrivateKey
from sqlalchemy import Engine, select, update

from survey.database import reading, writing
from survey.instruments.answers import encode
from survey.instruments.load import builtin
from survey.models import WaveKey
from survey.models.responses import Comment, Intake, Response, SealedResponse
from survey.services.responses.replies import Accepted
from survey.services.sealing import keyholders, sealing, unsealing
from survey.services.sealing.key_text import public_text, text_of
from survey.services.waves import waves
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

COUNCIL: Final = "Works council"
LEAD: Final = "HR lead"


@dataclass
class Told:
    """What people said in a sealed wave, as the test knows it: by report unit, in the order of arrival."""

    vectors: list[bytes] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)


def register(engine: Engine, *names: str) -> dict[str, PrivateKey]:
    """Register keyholders; return their private keys, which no installation ever sees."""
    keys = {name: PrivateKey.generate() for name in names or (LEAD, COUNCIL)}
    with writing(engine) as session:
        for name, key in keys.items():
            keyholders.add(session, name, public_text(bytes(key.public_key)), cast.NOW)
    return keys


def answered(engine: Engine, home: Path) -> Told:
    """Open the cast's wave, and let everybody give answers and a comment that nobody else gives."""
    told, items = Told(), builtin().items
    for code in rounds.open_cast(engine, home).values():
        numbers: dict[str, int | None] = {item: random.SystemRandom().randint(1, 7) for item in rounds.FOURS}
        comment = f"{secrets.token_hex(20)} 솔직한 말"
        outcome = rounds.answer(engine, rounds.sent(code, comment, numbers))
        assert isinstance(outcome, Accepted)
        told.vectors.append(encode(items, numbers))
        told.comments.append(comment)
        told.receipts.append(outcome.receipt)
    return told


def unseal(engine: Engine, key: PrivateKey, wave: str = WAVE, *, without_damaged: bool = False) -> int:
    """Unseal the wave with a keyholder's key file, in a transaction of its own."""
    with writing(engine) as session:
        return unsealing.unseal(session, wave, text_of(key).encode(), rounds.OVER, without_damaged=without_damaged)


def wave_key(engine: Engine, holder: PrivateKey) -> PrivateKey:
    """Return the wave's private key, as only a keyholder can."""
    with reading(engine) as session:
        return sealing.unwrap(session, waves.wave(session, WAVE), holder)


@dataclass(frozen=True)
class Kept:
    """What lies in the tables that a sealed wave goes through."""

    arrived: list[bytes]
    boxes: list[bytes]
    wrapped: list[bytes]
    vectors: list[bytes]
    comments: list[str]


def kept(engine: Engine) -> Kept:
    """Look into the tables, in the order of their keys."""
    with reading(engine) as session:
        return Kept(
            arrived=list(session.scalars(select(Intake.answers).order_by(Intake.receipt_hash))),
            boxes=list(session.scalars(select(SealedResponse.box).order_by(SealedResponse.id))),
            wrapped=list(session.scalars(select(WaveKey.box).order_by(WaveKey.keyholder_id))),
            vectors=list(session.scalars(select(Response.answers).order_by(Response.id))),
            comments=list(session.scalars(select(Comment.text).order_by(Comment.id))),
        )


def damage(engine: Engine) -> None:
    """Damage one of the boxes of a closed wave."""
    with writing(engine) as session:
        one = session.scalars(select(SealedResponse.id).limit(1)).one()
        session.execute(update(SealedResponse).where(SealedResponse.id == one).values(box=bytes(100)))
