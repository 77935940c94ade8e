"""Sealed boxes on their way: from the order of arrival into a random one at the close, and out again."""

import secrets
from collections.abc import Iterator
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.models import Base, Wave
from survey.models.responses import Intake, SealedResponse
from survey.services.waves.sweeping import delete_without_trace

ID_BYTES: Final = 16
BATCH: Final = 500
"""Boxes in memory at a time: all of a large company would fill it."""


def shuffle(session: Session, wave: Wave) -> None:
    """Copy what has arrived under new random ids, in their order; for the closing transaction. No key is needed."""
    arrived = session.scalars(select(Intake.receipt_hash).where(Intake.wave_id == wave.id)).all()
    moves = sorted((secrets.token_bytes(ID_BYTES), digest) for digest in arrived)
    for start in range(0, len(moves), BATCH):
        ids = {digest: new for new, digest in moves[start : start + BATCH]}
        found = session.execute(
            select(Intake.receipt_hash, Intake.report_unit, Intake.answers).where(Intake.receipt_hash.in_(ids))
        )
        rows = [
            {"id": ids[row.receipt_hash], "wave_id": wave.id, "report_unit": row.report_unit, "box": row.answers}
            for row in found
        ]
        session.execute(insert(SealedResponse), sorted(rows, key=lambda row: bytes(row["id"])))


def contents(session: Session, wave: Wave) -> Iterator[tuple[str, bytes]]:
    """Yield report unit and box of everything that is sealed, in the order of random ids."""
    yield from session.execute(
        select(SealedResponse.report_unit, SealedResponse.box)
        .where(SealedResponse.wave_id == wave.id)
        .order_by(SealedResponse.id)
        .execution_options(yield_per=BATCH)
    )


def forget(session: Session, wave: Wave) -> None:
    """Delete all boxes of a wave."""
    delete_without_trace(session, Base.metadata.tables[SealedResponse.__tablename__], wave.id)
