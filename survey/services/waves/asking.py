"""What is asked now, and by whom: one statement, with which every step of whoever answers begins.

What the row says is worked out once and remembered by the row itself, so that a change of any part of it is seen by the
next request. PostgreSQL, for which a row has a way to go, is asked for its version alone: whoever has read that one on
this connection knows the row. The pepper is not remembered: it must not live in this process any longer than in the
database.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import JSON, ColumnElement, Text, cast, literal_column, select
from sqlalchemy.orm import Session

from survey import models
from survey.connections import Glance
from survey.instruments.model import Instrument
from survey.models import Base, Wave
from survey.models import Instrument as Kept
from survey.services.company import Company
from survey.services.instruments import registry

_WAVE, _COMPANY, _KEPT = (Base.metadata.tables[each.__tablename__] for each in (Wave, models.Company, Kept))
_COLUMNS: Final = [column for column in _WAVE.c if column.name != "pepper"]
_LISTS: Final = frozenset(column.name for column in _COLUMNS if isinstance(column.type, JSON))
_FACTS: Final = Company.__dataclass_fields__
_MARKS: Final = ("xmin", "ctid")
_READ_HERE: Final = "survey_asked"
"""What a connection has read, and in which version: it dies with the connection, as a database put back has others."""
# Written once: to put a statement together costs more than to send it.
_SECRET: Final = (
    select(_WAVE.c.pepper, _KEPT.c.digest)
    .select_from(
        _WAVE.join(_COMPANY, _COMPANY.c.id == literal_column("1")).outerjoin(
            _KEPT, (_KEPT.c.id == _WAVE.c.instrument_id) & (_KEPT.c.version == _WAVE.c.instrument_version)
        )
    )
    .where(_WAVE.c.state == literal_column("'open'"))  # a bound one has SQLite plan the statement anew each time
)
_ROW: Final = (
    *(_COMPANY.c[name] for name in _FACTS),
    *(cast(column, Text) if column.name in _LISTS else column for column in _COLUMNS),
)
# Each version of a row was written by another transaction, at another place.
_VERSION: Final[tuple[ColumnElement[Any], ...]] = tuple(
    literal_column(f"{table.name}.{mark}") for table in (_WAVE, _COMPANY) for mark in _MARKS
)
_OPEN: Final = _SECRET.add_columns(*_ROW)
_LOCKED: Final = _OPEN.with_for_update(read=True, of=_WAVE)
_GLANCE: Final = Glance(_SECRET.add_columns(*_VERSION))
_WHOLE: Final = _SECRET.add_columns(*_VERSION, *_ROW)


class Asking(NamedTuple):
    """The open wave (to read only), its pepper, what it asks in the company's word for a unit, and the company."""

    wave: Wave
    pepper: bytes
    instrument: Instrument
    company: Company


def asked_now(session: Session, *, locked: bool = False) -> Asking | None:
    """Return what is open; None where nothing is.

    With `locked` it waits for a close that is under way, and makes a close wait for this transaction.
    """
    if not locked and session.get_bind().dialect.name == "postgresql":
        return _asked_by_version(session)
    found = session.execute(_LOCKED if locked else _OPEN).one_or_none()
    if found is None:
        return None
    return _asking(session, found[0], found[1], _read(tuple(found[2:])))


def _asked_by_version(session: Session) -> Asking | None:
    found: Sequence[Any] | None = _GLANCE.at(session)
    if found is None:
        return None
    known = session.connection().info.get(_READ_HERE)
    if known is None or known[0] != found[2:]:
        found = session.execute(_WHOLE).one_or_none()
        if found is None:
            return None
        known = tuple(found[2 : 2 + len(_VERSION)]), _read(tuple(found[2 + len(_VERSION) :]))
        session.connection().info[_READ_HERE] = known
    return _asking(session, found[0], found[1], known[1])


def _asking(session: Session, pepper: bytes, digest: str | None, said: tuple[Company, Wave]) -> Asking:
    company, wave = said
    return Asking(wave, pepper, registry.asked_of(session, wave, company.unit_word, digest), company)


@lru_cache(maxsize=4)
def _read(row: tuple[Any, ...]) -> tuple[Company, Wave]:
    company = Company(**dict(zip(_FACTS, row, strict=False)))
    values = zip((column.name for column in _COLUMNS), row[len(_FACTS) :], strict=True)
    return company, Wave(**{name: msgspec.json.decode(value) if name in _LISTS else value for name, value in values})
