"""What is asked now, and by whom: one statement, with which every step of whoever answers begins.

What the row says is worked out once and remembered by the row itself, so that a change of any part of it is seen by the
next request. The pepper is not remembered: it must not live in this process any longer than in the database.
"""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import JSON, Text, cast, literal_column, select
from sqlalchemy.orm import Session

from survey import models
from survey.instruments.model import Instrument
from survey.models import Base, Wave
from survey.models import Instrument as Kept
from survey.services.company import Company
from survey.services.instruments import registry

_WAVE, _COMPANY, _KEPT = (Base.metadata.tables[each.__tablename__] for each in (Wave, models.Company, Kept))
_COLUMNS: Final = [column for column in _WAVE.c if column.name != "pepper"]
_LISTS: Final = frozenset(column.name for column in _COLUMNS if isinstance(column.type, JSON))
_FACTS: Final = Company.__dataclass_fields__
# Written once: to put a statement together costs more than to send it.
_OPEN: Final = (
    select(
        _WAVE.c.pepper,
        _KEPT.c.digest,
        *(_COMPANY.c[name] for name in _FACTS),
        *(cast(column, Text) if column.name in _LISTS else column for column in _COLUMNS),
    )
    .select_from(
        _WAVE.join(_COMPANY, _COMPANY.c.id == literal_column("1")).outerjoin(
            _KEPT, (_KEPT.c.id == _WAVE.c.instrument_id) & (_KEPT.c.version == _WAVE.c.instrument_version)
        )
    )
    .where(_WAVE.c.state == literal_column("'open'"))  # a bound one has SQLite plan the statement anew each time
)
_LOCKED: Final = _OPEN.with_for_update(read=True, of=_WAVE)


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
    found = session.execute(_LOCKED if locked else _OPEN).one_or_none()
    if found is None:
        return None
    pepper, digest, *rest = found
    company, wave = _read(tuple(rest))
    return Asking(wave, pepper, registry.asked_of(session, wave, company.unit_word, digest), company)


@lru_cache(maxsize=4)
def _read(row: tuple[Any, ...]) -> tuple[Company, Wave]:
    company = Company(**dict(zip(_FACTS, row, strict=False)))
    values = zip((column.name for column in _COLUMNS), row[len(_FACTS) :], strict=True)
    return company, Wave(**{name: msgspec.json.decode(value) if name in _LISTS else value for name, value in values})
