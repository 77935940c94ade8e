"""An installation on its way to another database: every row, in one transaction, and compared before it counts.

    from database, locked                     to database, empty, one transaction
    "database moved" into the log
    table by table, by primary key       ->   the same rows
    prints, publications, log            ==   prints, publications, log
                                              commit
    closed for good, commit

Killed anywhere before the last line but one, the new database is empty; before the last, it is whole and the old one
may be used still, as if nothing had happened. Rows arrive in the order of their keys, so that nothing of how a file or
a heap had grown comes along (docs/decisions/0080-moving-to-another-database.md).
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, Final

import msgspec
from sqlalchemy import Engine, Table, select, text, update
from sqlalchemy.orm import Session

from survey.database import writing
from survey.i18n import Refused
from survey.models import Base, Wave
from survey.services import audit_log
from survey.services.backups.backup_keys import stage_of
from survey.services.backups.putting import Putting, is_empty
from survey.services.moving.in_use import others
from survey.services.publication import kept
from survey.services.publication.cut_records import cut_records
from survey.services.responses import responses
from survey.services.waves.retention import is_due
from survey.traces import refuse_traces

BATCH: Final = 1_000
FEW: Final = {"publication": 1, "published_unit": 200}
"""Rows at once where one may be large: a head of 100,000 units has 40 MB."""
PRINT: Final = 1 << 256


class Moved(msgspec.Struct, frozen=True):
    """What is in the new database."""

    rows: int
    publications: int
    entries: int
    """Of the audit log."""


class _Print(msgspec.Struct):
    """How many rows a table has, and the sum of their SHA-256: the same rows in any order have the same."""

    rows: int = 0
    total: int = 0

    def add(self, row: tuple[Any, ...]) -> None:
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(repr(row).encode()).digest())) % PRINT


def move(source: Engine, target: Engine, now: dt.datetime, close: Callable[[Session], None]) -> Moved:
    """Copy everything into an empty database, compare, and `close` the old one for good; all or nothing.

    Args:
        source: the installation's database, which nobody else uses.
        target: an empty database at the same revision.
        now: UTC without a zone.
        close: marks the old database in its last transaction, so that nobody goes on with it.

    Raises:
        Refused: the old database is in use, or holds what must not be in two places; the new one is not empty, keeps
            traces of what people answer, or has not become the same.
    """
    if not is_empty(target):
        raise Refused("The database to move to is not empty. Name an empty one; what lies there was left as it is.")
    with writing(source) as old:
        _hold(old)
        _require_calm(old, now)
        kinds = {"before": source.dialect.name, "after": target.dialect.name}
        audit_log.write(old, now, None, "database moved", **kinds)
        with writing(target) as new:
            refuse_traces(new)
            moved = _copied(old, new)
            _require_alone(old)
        close(old)
    return moved


def _hold(session: Session) -> None:
    """Let nobody write from here on; SQLite's lock was taken at the beginning of the transaction."""
    _require_alone(session)
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _require_alone(session: Session) -> None:
    found = others(session)
    if found:
        raise Refused(
            "The database is in use (connections or programs that have it open: %(count)s). Stop survey serve, its "
            "workers and its timers on every machine, and try again; nothing was changed.",
            count=found,
        )


def _require_calm(session: Session, now: dt.datetime) -> None:
    """Refuse to make a second copy of what a promise says will be destroyed before long: see the decision."""
    for wave in session.scalars(select(Wave).where(Wave.state != "draft").order_by(Wave.id)):
        if stage_of(wave) == "open":
            raise Refused(
                "Wave %(wave)s is open: its codes and what came in would lie in two databases. Move before a wave "
                "opens, or after it has closed.",
                wave=wave.code,
            )
        if stage_of(wave) == "sealed":
            raise Refused(
                "Wave %(wave)s is sealed: a copy of its boxes would outlive the unsealing. Unseal it first.",
                wave=wave.code,
            )
        if is_due(wave, now) and responses.is_kept(session, wave):
            raise Refused(
                "The answers of wave %(wave)s are due to be deleted. Run survey tick first, and move then.",
                wave=wave.code,
            )


def _copied(old: Session, new: Session) -> Moved:
    """Copy and compare."""
    putting, prints = Putting(new), dict[str, _Print]()
    for table in Base.metadata.sorted_tables:
        seen = prints[table.name] = _Print()
        for rows in _batches(old, table):
            for row in rows:
                seen.add(row)
            putting.put(table, [dict(zip(table.columns.keys(), row, strict=True)) for row in rows])
    putting.place_units()
    for wave, state in putting.states.items():
        new.execute(update(Wave).where(Wave.id == wave).values(state=state))
    putting.count_on()
    for table in Base.metadata.sorted_tables:
        _require_same(table.name, prints[table.name], _print(new, table))
    log = audit_log.verify(old)
    _require_same("audit_entry", log, audit_log.verify(new))
    told = _told(old)
    _require_same("publication", told, _told(new))
    return Moved(sum(each.rows for each in prints.values()), len(told), log.entries)


def _batches(session: Session, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table in the order of their keys, which in the tables of answers is random."""
    size = FEW.get(table.name, BATCH)
    found = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=size)
    with closing(session.execute(found)) as read:
        for batch in read.partitions():
            yield [tuple(row) for row in batch]


def _print(session: Session, table: Table) -> _Print:
    found = _Print()
    for rows in _batches(session, table):
        for row in rows:
            found.add(row)
    return found


def _told(session: Session) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return of each published wave the digests of its publication and its second cuts, read whole and verified."""
    waves = session.scalars(select(Wave).where(Wave.state == "published").order_by(Wave.id)).all()
    return [
        (wave.code, kept.verified(session, wave), tuple(digest for _, digest in cut_records(session, wave)))
        for wave in waves
    ]


def _require_same(table: str, before: object, after: object) -> None:
    if before != after:
        raise Refused(
            "The new database has not become the same: %(table)s differs. Nothing was moved, and the old one stands.",
            table=table,
        )
