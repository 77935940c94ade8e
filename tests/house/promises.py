"""What the design promises about the tables, as rules over their metadata: each yields what it finds broken."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import Column, Date, DateTime, Integer, Interval, LargeBinary, MetaData, Table, Time

KEPT: Final = {
    "token": {"hash", "wave_id", "report_unit"},
    "intake": {"receipt_hash", "wave_id", "report_unit", "answers", "comment"},
    "response": {"id", "wave_id", "report_unit", "answers"},
    "sealed_response": {"id", "wave_id", "report_unit", "box"},
    "spare": {"code", "wave_id", "report_unit"},
    "receipt": {"hash", "wave_id"},
    "comment": {"id", "wave_id", "coarse_unit", "text"},
}
"""All that design 6.1 keeps of an answer, and of the code that lets it in. Read there why nothing is added."""
PERSONS_SIDE: Final = ("person", "invitation", "roster_entry")
INVITATION: Final = {"wave_id", "person_id", "sent_on", "reminders", "extension_told"}
TIMES: Final = (Date, DateTime, Time, Interval)
TELLING: Final = re.compile(
    r"time|date|_at$|_on$|^at$|when|created|updated|seq|order|position|number|person|email|account|name"
    r"|address|^ip|_ip|agent|browser|device|language|locale|token_"
)
ANSWERED: Final = re.compile(r"answer|respon|receipt|token|intake|seen|opened|clicked|done|complete")


def times(tables: MetaData) -> Iterator[str]:
    """No answer and no code has a time, of whatever precision."""
    for table, column in _columns(tables):
        if isinstance(column.type, TIMES):
            yield f"{table}.{column.name} keeps a time"


def sequences(tables: MetaData) -> Iterator[str]:
    """No answer and no code has a number that grows: its key is random, the wave's number its only integer."""
    for table, column in _columns(tables):
        if isinstance(column.type, Integer) and column.name != "wave_id":
            yield f"{table}.{column.name} is a number that could keep an order"
        if column.server_default is not None or column.identity is not None:
            yield f"{table}.{column.name} is filled by the database"
        if column.primary_key and column.key != "code" and not isinstance(column.type, LargeBinary):
            yield f"{table}.{column.name} is a key that is not random bytes"


def telling_names(tables: MetaData) -> Iterator[str]:
    """No answer and no code says who, where from, in what language, with what."""
    for table, column in _columns(tables):
        if TELLING.search(column.name):
            yield f"{table}.{column.name} sounds like it tells who or when"


def more_than_is_kept(tables: MetaData) -> Iterator[str]:
    """The tables of answers have the columns of the design and no others."""
    for table, kept in KEPT.items():
        found = {column.name for column in tables.tables[table].columns}
        yield from (f"{table}.{name} is not in the design" for name in sorted(found ^ kept))


def hidden_order(tables: MetaData) -> Iterator[str]:
    """On SQLite no hidden row number keeps the order of arrival."""
    for table in KEPT:
        if tables.tables[table].dialect_options["sqlite"]["with_rowid"] is not False:
            yield f"{table} has a hidden row number"


def ways_to_people(tables: MetaData) -> Iterator[str]:
    """No chain of foreign keys leads from an answer or a code to a person, and none leads to an answer or a code."""
    for name in KEPT:
        for reached in sorted(_reached(tables.tables[name]) - {name, "wave"}):
            yield f"{name} leads to {reached}"
    for table in tables.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name in KEPT:
                yield f"{table.name}.{key.parent.name} leads to {key.column.table.name}"


def ticks(tables: MetaData) -> Iterator[str]:
    """Nothing on the person's side says whether she answered, and its only times are days of letters and moves."""
    for name in PERSONS_SIDE:
        for column in tables.tables[name].columns:
            if ANSWERED.search(column.name):
                yield f"{name}.{column.name} sounds like it tells who answered"
            if isinstance(column.type, (DateTime, Time, Interval)):
                yield f"{name}.{column.name} keeps a time of day"
    extra = {column.name for column in tables.tables["invitation"].columns} ^ INVITATION
    yield from (f"invitation.{name} is not in the design" for name in sorted(extra))


RULES: Final[tuple[Callable[[MetaData], Iterator[str]], ...]] = (
    times,
    sequences,
    telling_names,
    more_than_is_kept,
    hidden_order,
    ways_to_people,
    ticks,
)


def _columns(tables: MetaData) -> Iterator[tuple[str, Column[object]]]:
    for name in KEPT:
        for column in tables.tables[name].columns:
            yield name, column


def _reached(table: Table) -> set[str]:
    """Return the names of all tables that foreign keys lead to from `table`, itself included."""
    seen: set[str] = set()
    ahead = [table]
    while ahead:
        here = ahead.pop()
        if here.name not in seen:
            seen.add(here.name)
            ahead += [key.column.table for key in here.foreign_keys]
    return seen
