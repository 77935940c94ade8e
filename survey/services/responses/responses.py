"""What people say: accepted exactly once without a trace of who said it, and shuffled when the wave closes.

Nothing on the person's side is written here, and nothing here is ever logged.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import SystemRandom
from typing import Any, Final

from sqlalchemy import delete, exists, func, insert, select, text
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.instruments.answers import encode
from survey.instruments.comments import clean
from survey.instruments.model import Instrument
from survey.models import Base, Spare, Token, Wave, WaveUnit
from survey.models.responses import Comment, Intake, Receipt, Response, SealedResponse
from survey.services.instruments import registry
from survey.services.invitations import codes
from survey.services.responses import boxes, taking
from survey.services.responses.places import place
from survey.services.responses.replies import (
    Accepted,
    AlreadyCounted,
    Closed,
    Good,
    Looked,
    OtherWave,
    Reply,
    Sent,
    Spent,
    Stale,
    Unknown,
)
from survey.services.sealing import sealing
from survey.services.sealing.sealing import Said
from survey.services.waves.asking import Asking
from survey.services.waves.sweeping import delete_without_trace

__all__ = [
    "GRACE",
    "Accepted",
    "AlreadyCounted",
    "Closed",
    "Good",
    "Looked",
    "OtherWave",
    "Reply",
    "Sent",
    "Spent",
    "Unknown",
    "accept",
    "answer_rows",
    "comment_rows",
    "counted",
    "counts",
    "forget",
    "is_kept",
    "keep",
    "keep_apart",
    "look",
    "shuffle",
    "throw_away",
]

GRACE: Final = dt.timedelta(minutes=15)
"""A page opened before the close may be sent this much later."""
ID_BYTES: Final = 16
BATCH: Final = 5_000
KEPT: Final = (Response, SealedResponse, Comment, Receipt)
"""What is left of a wave that is over, until the day of deletion."""


def look(
    session: Session, here: Asking | None, typed: str, now: dt.datetime, opened_at: dt.datetime | None = None
) -> Looked:
    """Tell what a code is good for while this is asked (`asked_now`), without changing anything."""
    code = codes.read(typed)
    stale = _stale(session, here, code, now, opened_at)
    if stale is not None or here is None or code is None:
        return stale or Unknown()
    wave, unit = here.wave, place(session, here.wave.id, codes.code_hash(here.pepper, code))
    if unit is None:
        # A close that ended meanwhile has taken all codes: nobody may read that hers was used.
        over = session.scalar(select(Wave.state).where(Wave.id == wave.id)) != "open"
        return Closed(wave.code, wave.closes_at) if over else Spent(wave.code)
    return Good(
        wave=wave.code,
        unit=unit.code,
        unit_names=unit.names,
        coarse_names=unit.coarse_names,
        instrument_id=wave.instrument_id,
        practices=registry.practices_of(wave),
        closes_at=wave.closes_at,
        k=wave.k,
        retention_months=wave.retention_months,
        extended_from=wave.extended_from,
    )


def accept(session: Session, here: Asking | None, sent: Sent, now: dt.datetime) -> Reply:
    """Keep a response and take its code, in the caller's transaction; `Accepted` holds once that is committed.

    Args:
        session: of the caller's transaction.
        here: what is asked, and stays so until its end (`asked_now`, locked). On PostgreSQL it need not be locked:
            what is kept is kept while the wave is open, and a close waits for it; but only with the lock does
            anything else than `Accepted` hold, since a wave that somebody is about to change takes no code.
        sent: what was sent.
        now: when.

    Raises:
        Refused: the comment is too long, or an answer is none that was asked for; nothing was changed.
    """
    code = codes.read(sent.code)
    receipt = codes.read(sent.receipt) or codes.new_receipt()
    stale = _stale(session, here, code, now, sent.opened_at)
    if stale is not None or here is None or code is None:
        return _counted_before(session, receipt) or stale or Unknown()
    wave, other = here.wave, codes.new_receipt()  # a shared computer may show the page of the person before
    answers, comment = _vector(here.instrument, wave, sent.answers), clean(sent.comment)
    digests = (codes.receipt_hash(wave.code, each) for each in (receipt, other))
    keys = taking.Keys(codes.code_hash(here.pepper, code), *digests)
    kept = taking.take(session, here, keys, answers, comment)
    if kept is None:
        return _counted_before(session, receipt) or Spent(wave.code)
    return Accepted(wave.code, other if kept == keys.other else receipt)


def counted(session: Session, typed: str) -> str | None:
    """Return the wave in which a receipt was counted; None where it was in none."""
    receipt = codes.read(typed)
    # Every wave is asked, found or not: how long the answer takes says nothing.
    found = [before.wave for before in _counted(session, receipt)] if receipt else []
    return found[0] if found else None


def shuffle(session: Session, wave: Wave) -> None:
    """Take apart what arrived together: answers, receipts and comments go separate ways, each in random order.

    For the closing transaction, which holds the wave's lock. Unspent codes go as well, and the spares that nobody drew.
    """
    if sealing.is_sealed(wave):
        boxes.shuffle(session, wave)
    else:
        arrived = session.execute(
            select(Intake.report_unit, Intake.answers, Intake.comment).where(Intake.wave_id == wave.id)
        )
        keep_apart(session, wave, [Said(*row) for row in arrived])
    receipts = session.scalars(select(Intake.receipt_hash).where(Intake.wave_id == wave.id))
    _insert(session, Receipt, [{"hash": digest, "wave_id": wave.id} for digest in receipts], "hash")
    throw_away(session, wave)


def throw_away(session: Session, wave: Wave) -> None:
    """Delete what belongs to an open wave only: arrivals with their receipts, unspent codes, spares.

    For the closing transaction, which holds the wave's lock; of a rehearsal nothing else is kept.
    """
    if session.get_bind().dialect.name == "postgresql":
        # One wave is open at a time, so all rows are this wave's; TRUNCATE leaves no dead rows to read.
        # Locked in this order by whoever locks more than one: `taking`, a backup.
        session.execute(text("TRUNCATE token, intake, spare"))
    else:
        for table in (Intake, Token, Spare):
            session.execute(delete(table).where(table.wave_id == wave.id))
    session.expire_all()


def keep_apart(session: Session, wave: Wave, said: Sequence[Said]) -> None:
    """Keep answers and comments of a wave that is over, each under random ids, so that nothing joins the two."""
    keep(session, wave, ((each.unit, each.answers) for each in said))
    above = dict(session.execute(select(WaveUnit.code, WaveUnit.parent_code).where(WaveUnit.wave_id == wave.id)).all())
    comments: list[dict[str, Any]] = [
        {"wave_id": wave.id, "coarse_unit": above[each.unit] or each.unit, "text": each.comment}
        for each in said
        if each.comment
    ]
    _insert(session, Comment, _with_ids(comments), "id")


def keep(session: Session, wave: Wave, rows: Iterable[tuple[str, bytes]]) -> None:
    """Keep responses of a wave that is over, under random ids and in their order.

    A row is a report unit, and one byte an item of the whole instrument.
    """
    kept: list[dict[str, Any]] = [
        {"wave_id": wave.id, "report_unit": unit, "answers": answers} for unit, answers in rows
    ]
    _insert(session, Response, _with_ids(kept), "id")


def answer_rows(session: Session, wave: Wave) -> Iterator[tuple[str, bytes]]:
    """Yield report unit and answers of every response of a wave that is over, in the order of their random ids."""
    rows = session.execute(
        select(Response.report_unit, Response.answers)
        .where(Response.wave_id == wave.id)
        .order_by(Response.id)
        .execution_options(yield_per=BATCH)
    )
    yield from rows


def comment_rows(session: Session, wave: Wave) -> Iterator[tuple[str, str]]:
    """Yield coarse unit and text of every comment of a wave that is over, in the order of their random ids."""
    rows = session.execute(
        select(Comment.coarse_unit, Comment.text).where(Comment.wave_id == wave.id).order_by(Comment.id)
    )
    yield from rows


def counts(session: Session, wave: Wave) -> dict[str, int]:
    """Return how many answers count at each report unit; only `participation` may tell, in bands."""
    kept = SealedResponse if sealing.is_sealed(wave) else Response
    table = Intake if wave.state == "open" else kept
    rows = session.execute(
        select(table.report_unit, func.count()).where(table.wave_id == wave.id).group_by(table.report_unit)
    )
    return dict(rows.all())


def forget(session: Session, wave: Wave) -> bool:
    """Delete the answers, comments and receipts of a wave whose time has come; tell whether there were any.

    Its publication stays. If it still is sealed, its key goes as well.
    """
    if not is_kept(session, wave):
        return False
    sealing.end(session, wave)
    for table in KEPT:
        delete_without_trace(session, Base.metadata.tables[table.__tablename__], wave.id)
    return True


def is_kept(session: Session, wave: Wave) -> bool:
    """Tell whether anything is left of what was said in a wave that is over, or of the key that opens it."""
    return sealing.is_sealed(wave) or any(
        session.scalar(select(exists().where(table.wave_id == wave.id))) for table in KEPT
    )


def _stale(
    session: Session, here: Asking | None, code: str | None, now: dt.datetime, opened_at: dt.datetime | None
) -> Stale | None:
    """Return why a code is no good; None where it is one of the open wave, spent or not."""
    wave = here.wave if here else None
    if code is None:
        return Unknown()
    if wave is not None and codes.belongs_to(code, wave.code):
        return Closed(wave.code, wave.closes_at) if _is_over(wave, now, opened_at) else None
    for other in session.scalars(select(Wave).where(Wave.state.in_(("closed", "published")), Wave.kind == "native")):
        if codes.belongs_to(code, other.code):
            return OtherWave(other.code, wave.code) if wave is not None else Closed(other.code, other.closes_at)
    return Unknown()


def _is_over(wave: Wave, now: dt.datetime, opened_at: dt.datetime | None) -> bool:
    in_grace = opened_at is not None and opened_at < wave.closes_at and now < wave.closes_at + GRACE
    return now >= wave.closes_at and not in_grace


def _counted_before(session: Session, receipt: str) -> AlreadyCounted | None:
    return next(_counted(session, receipt), None)


def _counted(session: Session, receipt: str) -> Iterator[AlreadyCounted]:
    opened = select(Wave).where(Wave.kind == "native", Wave.state != "draft").order_by(Wave.id)
    for wave in session.scalars(opened):
        digest = codes.receipt_hash(wave.code, receipt)
        if session.get(Intake if wave.state == "open" else Receipt, digest) is not None:
            yield AlreadyCounted(wave.code, receipt)


def _vector(instrument: Instrument, wave: Wave, answers: Mapping[str, int | None]) -> bytes:
    asked = {item.id for item in instrument.asked(registry.practices_of(wave))}
    if not answers.keys() <= asked:
        raise Refused("These answers do not belong to this survey. Open the link of your letter again.")
    try:
        return encode(instrument.items, answers)
    except ValueError as error:
        raise Refused("An answer is outside its range. Please check your answers.") from error


def _with_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    SystemRandom().shuffle(rows)
    return [{"id": secrets.token_bytes(ID_BYTES), **row} for row in rows]


def _insert(session: Session, table: type[Any], rows: list[dict[str, Any]], key: str) -> None:
    """Insert in the order of a random key, so that no order of rows in a file tells more than the key."""
    if rows:
        session.execute(insert(table), sorted(rows, key=lambda row: bytes(row[key])))
