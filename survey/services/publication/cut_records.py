"""The second cuts of a wave as they are kept; services/publication/second_cuts makes them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import SecondCut, Wave
from survey.privacy.cut_record import CutRecord
from survey.privacy.cut_thaw import Cut, read_cut, thaw_cut


def cut_records(session: Session, wave: Wave) -> tuple[tuple[CutRecord, str], ...]:
    """Return every second cut of a wave with its digest, in the order in which they were made.

    Raises:
        Refused: one of them was changed afterwards.
    """
    records = [(read_cut(each.record, each.digest), each.digest) for each in _kept(session, wave)]
    return tuple(sorted(records, key=lambda record: len(record[0].earlier)))


def cuts(session: Session, wave: Wave) -> tuple[Cut, ...]:
    """Return what every second cut of a wave shows, in the same order; raises Refused as `cut_records`."""
    found = [thaw_cut(each.record, each.digest) for each in _kept(session, wave)]
    return tuple(sorted(found, key=lambda cut: len(cut.earlier)))


def _kept(session: Session, wave: Wave) -> Sequence[SecondCut]:
    return session.scalars(select(SecondCut).where(SecondCut.wave_id == wave.id)).all()
