"""A code is taken and its answers are kept, or neither: in one statement on PostgreSQL, in two on SQLite.

SQLite is a library: a statement costs no way to a server, and its writers have taken turns since their BEGIN.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, exists, insert, select, text
from sqlalchemy.orm import Session

from survey.models import Base, Token
from survey.models.responses import Intake
from survey.services.sealing import sealing
from survey.services.sealing.sealing import Said
from survey.services.waves.asking import Asking

# Written once: to put a statement together costs more than to send it.
_TOKEN, _INTAKE = (Base.metadata.tables[table.__tablename__] for table in (Token, Intake))
_MINE: Final = (_TOKEN.c.hash == bindparam("code")) & (_TOKEN.c.wave_id == bindparam("wave"))
_TAKE: Final = (
    delete(_TOKEN)
    .where(_MINE)
    .returning(_TOKEN.c.report_unit, exists().where(_INTAKE.c.receipt_hash == bindparam("receipt")))
)
_KEEP: Final = insert(_INTAKE)
_UNIT: Final = select(_TOKEN.c.report_unit).where(_MINE)
_BOTH: Final = text(
    # The wave's row is shared until the commit, as a close waits for. Where somebody is about to change the wave, it is
    # skipped, not waited for: this statement has token and intake open, which a close empties (in the same order).
    # Two may send one receipt with two codes, at the same time even: the second is kept under the other one.
    """
WITH asked AS MATERIALIZED (
    SELECT id FROM wave WHERE id = :wave AND state = 'open' FOR SHARE SKIP LOCKED
), taken AS (
    DELETE FROM token USING asked WHERE token.hash = :code AND token.wave_id = asked.id RETURNING token.report_unit
), kept AS (
    INSERT INTO intake (receipt_hash, wave_id, report_unit, answers, comment)
    SELECT :receipt, :wave, report_unit, :answers, :comment FROM taken
    ON CONFLICT (receipt_hash) DO NOTHING RETURNING receipt_hash
), anew AS (
    INSERT INTO intake (receipt_hash, wave_id, report_unit, answers, comment)
    SELECT :other, :wave, report_unit, :answers, :comment FROM taken WHERE NOT EXISTS (SELECT FROM kept)
    RETURNING receipt_hash
)
SELECT receipt_hash FROM kept UNION ALL SELECT receipt_hash FROM anew
"""
)


class Keys(NamedTuple):
    """What an answer is kept by, hashed."""

    code: bytes
    receipt: bytes
    other: bytes
    """Of a receipt made for her alone, where somebody else's answers bear the one that was sent."""


def take(session: Session, here: Asking, keys: Keys, answers: bytes, comment: str) -> bytes | None:
    """Take a code and keep what was said; return under which receipt, None where the code cannot be taken.

    On PostgreSQL that may be because somebody is about to change the wave, unless the caller has locked it.
    """
    way: Callable[[Session, Asking, Keys, bytes, str], bytes | None] = (
        _in_one if session.get_bind().dialect.name == "postgresql" else _in_two
    )
    return way(session, here, keys, answers, comment)


def _in_one(session: Session, here: Asking, keys: Keys, answers: bytes, comment: str) -> bytes | None:
    wave = here.wave
    if wave.sealed:  # the unit goes into the box; that of a code never changes
        unit = session.scalar(_UNIT, {"code": keys.code, "wave": wave.id})
        if unit is None:
            return None
        answers, comment = sealing.seal(wave, Said(unit, answers, comment)), ""
    facts = {**keys._asdict(), "wave": wave.id, "answers": answers, "comment": comment}
    found: bytes | None = session.scalar(_BOTH, facts)
    return found


def _in_two(session: Session, here: Asking, keys: Keys, answers: bytes, comment: str) -> bytes | None:
    wave = here.wave
    taken = session.execute(_TAKE, {"code": keys.code, "wave": wave.id, "receipt": keys.receipt}).one_or_none()
    if taken is None:
        return None
    unit, known = taken
    receipt = keys.other if known else keys.receipt
    if wave.sealed:
        answers, comment = sealing.seal(wave, Said(unit, answers, comment)), ""
    row = {"receipt_hash": receipt, "wave_id": wave.id, "report_unit": unit, "answers": answers, "comment": comment}
    session.execute(_KEEP, row)
    return receipt
