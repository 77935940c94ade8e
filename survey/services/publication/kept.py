"""Publications as they are kept: a head each, and a row for each unit; pages read heads once and then few rows.

A publication reads through the session that it came from while that is at work; afterwards (a file written when the
page's session is over, a thread that prints) through one of its own, for as long as one reading takes. It never opens a
second connection beside its session's: on SQLite a waiting writer would hold up both.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Final
from weakref import ref

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading
from survey.i18n import Refused
from survey.models import Wave
from survey.privacy import head, thaw
from survey.privacy.head import Frame
from survey.privacy.lately import Lately
from survey.privacy.notices import Afterwards
from survey.privacy.record import Record
from survey.privacy.thaw import Publication

FRAMES: Final = 48
"""Heads kept with their trees, 3 MB each in a company of 10,000 units: twelve years of quarters.

With fewer than there are waves every page would read all of them again (docs/decisions/0082-heads-of-twelve-years.md).
"""
AT_ONCE: Final = 500
"""Codes in one statement."""
STREAMED: Final = 200
"""Units' records in memory where a publication is read whole."""
INFO: Final = "publications"
"""Where a session keeps the publications that came from it."""

_frames: Final = Lately[str, Frame](FRAMES)


class _Rows:
    """The pieces of one publication, in the database."""

    def __init__(self, session: Session, wave: str, frame: Frame) -> None:
        # Weak, since the session keeps its publications: a page's are gone with it, and need no collector for that.
        self._session, self._engine = ref(session), session.get_bind().engine
        self._wave, self._frame = wave, frame

    def units(self, codes: Sequence[str]) -> Mapping[str, bytes | msgspec.Raw]:
        """Return the records of these units; of an older publication, out of the whole."""
        with self._at_work() as session:
            if self._frame.in_pieces:
                return {code: record for _, code, record in _rows(session, [self._wave], codes)}
            _, units = head.apart(_head(session, self._wave))
        all_of_them = dict(zip(self._frame.at, units, strict=True))
        return {code: all_of_them[code] for code in codes}

    def document(self, codes: Collection[str] | None = None) -> bytes:
        """Return the publication, whole or with these units alone; raises Refused where one of them lacks."""
        with self._at_work() as session:
            return _document(session, self._wave, self._frame, codes)

    @contextmanager
    def _at_work(self) -> Iterator[Session]:
        """Give the session while it is at work, else one of its own that reads."""
        session = self._session()
        if session is not None and session.in_transaction():
            yield session
            return
        with reading(self._engine) as own:
            yield own


def keep(session: Session, wave: Wave, record: Record, day: dt.date) -> str:
    """Keep a publication in its pieces; return its digest."""
    kept, digest, units = head.pieces(record)
    session.add(models.Publication(wave_id=wave.id, record=kept, digest=digest, published_on=day))
    session.flush()
    rows = [
        {"wave_id": wave.id, "unit_code": unit.code, "record": data}
        for unit, data in zip(record.units, units, strict=True)
    ]
    session.execute(insert(models.PublishedUnit), rows)
    return digest


def publications(session: Session, asked: Sequence[tuple[str, str, Afterwards]]) -> list[Publication]:
    """Return publications by code of the wave, digest and what was said since; heads are read once a process.

    Raises:
        Refused: One was changed after it was made.
    """
    frames = {digest: _frames.get(digest) for _, digest, _ in asked}
    lacking = [digest for digest, found in frames.items() if found is None]
    if lacking:
        kept = models.Publication
        query = select(kept.digest, kept.record).where(kept.digest.in_(lacking)).execution_options(yield_per=1)
        with closing(session.execute(query)) as rows:
            for digest, data in rows:
                frames[digest] = found = head.frame(data, digest)
                _frames.put(digest, found)
    made: dict[tuple[str, Afterwards], Publication] = session.info.setdefault(INFO, {})
    for wave, digest, afterwards in asked:
        frame = frames[digest]
        if (digest, afterwards) not in made and frame is not None:
            made[digest, afterwards] = Publication(frame, _Rows(session, wave, frame), afterwards)
    return [made[digest, afterwards] for _, digest, afterwards in asked]


def read(session: Session, publications: Iterable[Publication], codes: Iterable[str]) -> None:
    """Read units of several publications in one query, before they are looked at; raises Refused as `Publication.read`.

    Nothing is asked where all of them were read lately.
    """
    waves, wanted = {each.wave.code: each for each in publications}, tuple(dict.fromkeys(codes))
    unread = {wave: set(each.unread(wanted)) for wave, each in waves.items()}
    lacking = [code for code in wanted if any(code in found for found in unread.values())]
    rows: dict[str, dict[str, bytes]] = {}
    for wave, code, record in _rows(session, [wave for wave, found in unread.items() if found], lacking):
        if code in unread[wave]:
            rows.setdefault(wave, {})[code] = record
    for wave, each in waves.items():
        each.take(rows.get(wave, {}))
        each.read(unread[wave])


def record(session: Session, wave: Wave) -> tuple[Record, str]:
    """Return a publication's whole record and its digest, withdrawn or not; raises Refused where there is none."""
    found = frame(session, wave)
    return thaw.read(_document(session, wave.code, found), found.digest), found.digest


def frame(session: Session, wave: Wave) -> Frame:
    """Return what is known of a publication before a unit is looked at, verified now; raises Refused as `record`."""
    kept = session.get(models.Publication, wave.id, populate_existing=True)
    if kept is None:
        raise Refused("Wave %(wave)s has not been published yet.", wave=wave.code)
    return head.frame(kept.record, kept.digest)


def verified(session: Session, wave: Wave) -> str:
    """Read every byte of a publication, a few units at a time, and return its digest; nothing of it stays in memory.

    Raises:
        Refused: there is none, a single byte differs from what was published, or a unit lacks.
    """
    found = frame(session, wave)
    if not found.in_pieces:
        return found.digest
    lacking = dict.fromkeys(found.at)
    kept = models.PublishedUnit
    rows = select(kept.unit_code, kept.record).where(kept.wave_id == wave.id).execution_options(yield_per=STREAMED)
    with closing(session.execute(rows)) as read:
        for code, record in read:
            if code in lacking:
                del lacking[code]
                head.unit_record(record, found.places[found.at[code]])
    if lacking:
        raise Refused(thaw.LACKS, unit=next(iter(lacking)))
    return found.digest


def _document(session: Session, wave: str, frame: Frame, some: Collection[str] | None = None) -> bytes:
    kept = _head(session, wave)
    if not frame.in_pieces:
        return kept
    codes = [code for code in frame.at if some is None or code in some]
    units = {code: record for _, code, record in _rows(session, [wave], None if some is None else codes)}
    if lacking := [code for code in codes if code not in units]:
        raise Refused(thaw.LACKS, unit=lacking[0])
    return head.together(kept, [units[code] for code in codes])


def _head(session: Session, wave: str) -> bytes:
    kept = models.Publication
    return session.execute(
        select(kept.record).join(Wave, Wave.id == kept.wave_id).where(Wave.code == wave)
    ).scalar_one()


def _rows(
    session: Session, waves: Sequence[str], codes: Sequence[str] | None = None
) -> Iterator[tuple[str, str, bytes]]:
    """Yield wave, unit and record; of all units where no codes are given."""
    kept = models.PublishedUnit
    query = (
        select(Wave.code, kept.unit_code, kept.record).join(Wave, Wave.id == kept.wave_id).where(Wave.code.in_(waves))
    )
    if codes is None:
        yield from session.execute(query)
        return
    for start in range(0, len(codes), AT_ONCE):
        yield from session.execute(query.where(kept.unit_code.in_(codes[start : start + AT_ONCE])))
