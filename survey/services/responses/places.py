"""For which unit an unspent code counts."""

from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from survey.connections import Glance
from survey.models import Base, Token, WaveUnit

_TOKEN, _UNIT = (Base.metadata.tables[table.__tablename__] for table in (Token, WaveUnit))
_ABOVE: Final = _UNIT.alias()
# Written once: to put a statement together costs more than to send it.
# It asks for the code alone: were its wave named too, PostgreSQL would read all units of the wave as long as it has not
# counted them, and it does so only minutes after a wave has opened.
_PLACE: Final = Glance(
    select(_TOKEN.c.wave_id, _UNIT.c.code, _UNIT.c.name_ko, _UNIT.c.name_en, _ABOVE.c.name_ko, _ABOVE.c.name_en)
    .select_from(
        _UNIT.join(_TOKEN, (_TOKEN.c.wave_id == _UNIT.c.wave_id) & (_TOKEN.c.report_unit == _UNIT.c.code)).outerjoin(
            _ABOVE, (_ABOVE.c.wave_id == _UNIT.c.wave_id) & (_ABOVE.c.code == _UNIT.c.parent_code)
        )
    )
    .where(_TOKEN.c.hash == bindparam("code"))
)


class Place(NamedTuple):
    """A unit, and the names of the one above it (of itself, where it is the highest), by language."""

    code: str
    names: dict[str, str]
    coarse_names: dict[str, str]


def place(session: Session, wave_id: int, code_hash: bytes) -> Place | None:
    """Return the unit for which a code counts; None for a spent one."""
    found = _PLACE.at(session, code=code_hash)
    if found is None or found[0] != wave_id:
        return None
    _wave, unit, name_ko, name_en, ko, en = found
    return Place(unit, {"ko": name_ko, "en": name_en}, {"ko": ko or name_ko, "en": en or name_en})
