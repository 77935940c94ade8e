"""For which unit an unspent code counts; the statements are written once, because that costs more than sending them."""

from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from survey.models import Base, Token, Wave, WaveUnit
from survey.services.invitations import codes

_TOKEN, _UNIT = (Base.metadata.tables[table.__tablename__] for table in (Token, WaveUnit))
_ABOVE: Final = _UNIT.alias()
_THIS: Final = (_TOKEN.c.hash == bindparam("digest")) & (_TOKEN.c.wave_id == bindparam("wave"))
_TAKE: Final = delete(_TOKEN).where(_THIS).returning(_TOKEN.c.report_unit)
_PLACE: Final = (
    select(_UNIT.c.code, _UNIT.c.name_ko, _UNIT.c.name_en, _ABOVE.c.name_ko, _ABOVE.c.name_en)
    .select_from(
        _UNIT.join(_TOKEN, (_TOKEN.c.wave_id == _UNIT.c.wave_id) & (_TOKEN.c.report_unit == _UNIT.c.code)).outerjoin(
            _ABOVE, (_ABOVE.c.wave_id == _UNIT.c.wave_id) & (_ABOVE.c.code == _UNIT.c.parent_code)
        )
    )
    .where(_THIS)
)


class Place(NamedTuple):
    """A unit, and the names of the one above it (of itself, where it is the highest), by language."""

    code: str
    names: dict[str, str]
    coarse_names: dict[str, str]


def place(session: Session, wave: Wave, code: str) -> Place | None:
    """Return the unit for which a code counts; None for a spent one."""
    found = session.execute(_PLACE, _keys(wave, code)).one_or_none()
    if found is None:
        return None
    unit, name_ko, name_en, ko, en = found
    return Place(unit, {"ko": name_ko, "en": name_en}, {"ko": ko or name_ko, "en": en or name_en})


def take(session: Session, wave: Wave, code: str) -> str | None:
    """Take an unspent code; return the unit for which it counts, None where it is spent."""
    taken: str | None = session.scalar(_TAKE, _keys(wave, code))
    return taken


def _keys(wave: Wave, code: str) -> dict[str, object]:
    if wave.pepper is None:
        raise ValueError(f"wave {wave.code} is not open")
    return {"digest": codes.code_hash(wave.pepper, code), "wave": wave.id}
