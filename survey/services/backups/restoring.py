"""A backup put back into an empty installation, on either database; answers only where their keys still exist."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Date, DateTime, Engine, TableClause, column, select, table, update
from sqlalchemy.orm import Session

from survey.database import writing
from survey.i18n import Refused
from survey.models import Base, Wave, WaveKey
from survey.services import audit_log
from survey.services.backups import backup_file, backup_keys
from survey.services.backups.backup_file import Box, Head, Rows
from survey.services.backups.putting import Putting, is_empty
from survey.services.waves import upkeep
from survey.services.waves.upkeep import Tick

READERS: Final[dict[type, Callable[[str], object]]] = {
    Date: dt.date.fromisoformat,
    DateTime: dt.datetime.fromisoformat,
}

EARLIEST: Final = "0005"
"""The first revision whose backups have in them what those of today have."""
SECOND: Final = dt.timedelta(seconds=1)
_WAVES: Final = Base.metadata.tables[Wave.__tablename__]
_WAVE: Final = _WAVES.c


class Restored(msgspec.Struct, frozen=True):
    """What came back."""

    made_at: dt.datetime
    """UTC without a zone."""
    without: tuple[str, ...]
    """Waves whose answers did not come back, because their keys no longer exist or were not given."""
    closed: tuple[str, ...]
    """Of these, waves that were open: without their codes they could only be closed."""
    done: Tick
    """What was due by now, and was done before anybody could see anything."""


def restore(  # noqa: PLR0913 - where to, what from, and when: each is given by name
    engine: Engine,
    home: Path,
    file: Path,
    now: dt.datetime,
    *,
    revision: str,
    copies: Path | None = None,
    then: Callable[[], object] = lambda: None,
) -> Restored:
    """Put a backup back, all or nothing, and do at once what is due by now, such as deleting answers.

    Args:
        engine: an empty database at `revision`.
        home: the installation's folder; keys that open a box are taken over into it.
        file: the backup.
        now: UTC without a zone.
        revision: of the database's tables; a backup of another one is refused.
        copies: a folder with copies of the keys, beside those of `home`.
        then: brings the database of an earlier revision to that of this code.

    Raises:
        Refused: the file is damaged or of another version, or the database is not empty.
    """
    digest, head = backup_file.digest(file), _head(file)
    if head.revision != revision:
        raise _of_another_version(file)
    _require_empty(engine)
    with writing(engine) as session:
        back = _Back(session, home, copies)
        back.put_all(file)
        closed = back.finish(now)
        lost = tuple(back.lost)
        facts = {"digest": digest, "made": head.made_at, "without": ", ".join(lost)}
        audit_log.write(session, now, None, "backup restored", **facts)
    then()
    return Restored(dt.datetime.fromisoformat(head.made_at), lost, closed, upkeep.tick(engine, home, now))


def revision_of(file: Path, known: Sequence[str]) -> str:
    """Return the revision of the tables that a backup is of, one of those `known` to this code.

    Raises:
        Refused: the file is damaged or no backup, or of a revision that is not known, or can no longer be put back.
    """
    backup_file.digest(file)
    revision = _head(file).revision
    if revision not in known or revision < EARLIEST:
        raise _of_another_version(file)
    return revision


def _head(file: Path) -> Head:
    head = next(backup_file.pieces(file), None)
    if not isinstance(head, Head):
        raise _of_another_version(file)
    return head


def _of_another_version(file: Path) -> Refused:
    return Refused(
        "%(file)s was made by another version of this program. Restore it with that one, then run: survey migrate",
        file=file,
    )


class _Back:
    """One restore, in one transaction."""

    def __init__(self, session: Session, home: Path, copies: Path | None) -> None:
        self.session, self.home, self.copies = session, home, copies
        self.keys: dict[str, bytes] = {}
        self.lost: dict[str, None] = {}
        self.putting = Putting(session)

    def put_all(self, file: Path) -> None:
        """Insert every row that can be read."""
        for piece in backup_file.pieces(file):
            if isinstance(piece, Rows):
                self._put(piece)
            elif isinstance(piece, Box):
                self._open(piece)

    def finish(self, now: dt.datetime) -> tuple[str, ...]:
        """Give the waves their states back; close those that are open and have lost their codes, and return them."""
        self.putting.place_units()
        closed, wrapped = [], set(self.session.scalars(select(WaveKey.wave_id)))
        for wave in self.session.execute(
            select(_WAVE.id, _WAVE.code, _WAVE.opens_at, _WAVE.closes_at).order_by(_WAVE.id)
        ).all():
            changed: dict[str, Any] = {"state": self.putting.states[wave.id]}
            if wave.id not in wrapped:
                changed["seal_key"] = None  # no box came back that it could have sealed
            if wave.code in self.lost and changed["state"] == "open":
                changed |= {"state": "closed", "closes_at": max(min(wave.closes_at, now), wave.opens_at + SECOND)}
                closed.append(wave.code)
            self.session.execute(update(_WAVES).where(_WAVE.id == wave.id).values(**changed))
        self.putting.count_on()
        return tuple(closed)

    def _open(self, box: Box) -> None:
        if box.wave in self.lost:
            return
        if box.wave not in self.keys:
            key = backup_keys.found(self.home, self.copies, box.stage, box.wave, box.box)
            if key is None:
                self.lost[box.wave] = None
                return
            backup_keys.keep(self.home, box.stage, box.wave, key)
            self.keys[box.wave] = key
        self._put(backup_file.opened(box, self.keys[box.wave]))

    def _put(self, piece: Rows) -> None:
        rows = list(_read(piece))
        if piece.columns == ["id", "pepper"]:
            self.session.execute(update(_WAVES).where(_WAVE.id == rows[0]["id"]).values(pepper=rows[0]["pepper"]))
            return
        self.putting.put(_as_it_was(piece), rows)


def _as_it_was(piece: Rows) -> TableClause:
    """Return the table with the columns of the backup alone, which an earlier revision has."""
    now = Base.metadata.tables[piece.table]
    return table(piece.table, *(column(name, now.columns[name].type) for name in piece.columns))


def _read(piece: Rows) -> Iterator[dict[str, Any]]:
    """Yield rows with days and times as such: the file has them as text."""
    columns = Base.metadata.tables[piece.table].columns
    readers = [READERS.get(type(columns[name].type)) for name in piece.columns]
    for row in piece.rows:
        yield {
            name: value if reader is None or value is None else reader(value)
            for name, reader, value in zip(piece.columns, readers, row, strict=True)
        }


def _require_empty(engine: Engine) -> None:
    if not is_empty(engine):
        raise Refused(
            "A backup is put back only where nothing is yet. Set SURVEY_HOME to a new folder, and "
            "SURVEY_DATABASE_URL to an empty database, and restore there; survey init is not needed before."
        )
