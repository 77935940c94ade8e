"""The roster and the tree of a wave: frozen into the database at the opening, read back ever after."""

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Invitation, Person, Rehearser, RosterEntry, Unit, Wave, WaveUnit
from survey.services.waves.freezing import DIRECT, Freeze, FrozenUnit, Placed, RosterUnit, freeze
from survey.services.waves.joining import Join, Roster, joined


def frozen_tree(session: Session, wave: Wave) -> tuple[FrozenUnit, ...]:
    """Return the tree as it was frozen, root first and parents before children; empty before the opening."""
    mixes: dict[str, dict[str, int]] = {}
    for place, language, count in session.execute(
        select(RosterEntry.report_unit, RosterEntry.language, func.count())
        .where(RosterEntry.wave_id == wave.id)
        .group_by(RosterEntry.report_unit, RosterEntry.language)
    ):
        mixes.setdefault(place, {})[language] = count
    rows = session.scalars(select(WaveUnit).where(WaveUnit.wave_id == wave.id).order_by(WaveUnit.code)).all()
    below: dict[str | None, list[WaveUnit]] = {}
    for row in rows:
        below.setdefault(row.parent_code, []).append(row)
    order, stack = [], below.get(None, [])[::-1]
    while stack:
        row = stack.pop()
        order.append(_frozen_unit(row, mixes.get(row.code, {})))
        stack.extend(below.get(row.code, [])[::-1])
    return tuple(order)


def _frozen_unit(row: WaveUnit, languages: dict[str, int]) -> FrozenUnit:
    names = {"ko": row.name_ko, "en": row.name_en}
    leads = row.code.endswith(DIRECT)
    return FrozenUnit(row.code, row.parent_code, names, row.kind, leads, row.invited, languages, row.joined)


def freeze_roster(session: Session, wave: Wave) -> Freeze:
    """Freeze today's roster for a wave, its joined groups in place; nothing is stored yet.

    Raises:
        Refused: nobody, or fewer than k people, would be invited; or a joined group does not fit the roster any more.
    """
    if wave.rehearsal:
        return _freeze_rehearsers(session, wave)
    return freeze_for(wave, roster_today(session), wave.k)


def _freeze_rehearsers(session: Session, wave: Wave) -> Freeze:
    """Freeze those who take part in a rehearsal, all at the company: nobody's unit stands beside what is only tried."""
    chosen = select(Rehearser.person_id).where(Rehearser.wave_id == wave.id)
    there = select(Person.id).where(Person.id.in_(chosen), Person.left_on.is_(None), Person.email.is_not(None))
    people = session.scalars(there).all()
    root = session.scalars(select(Unit).where(Unit.parent_code.is_(None))).first()
    if root is None or not people:
        raise Refused("Nobody takes part in rehearsal %(wave)s yet: choose people first.", wave=wave.code)
    unit = FrozenUnit(root.code, None, {"ko": root.name_ko, "en": root.name_en}, root.kind, False, len(people))
    return Freeze((unit,), dict.fromkeys(people, root.code))


def freeze_for(wave: Wave, roster: Roster, k: int) -> Freeze:
    """Freeze a roster as `freeze_roster` does, with the wave's joined groups and any threshold."""
    if not roster.people:
        raise Refused("Nobody is in the roster: import it before you open a wave.")
    if len(roster.people) < wave.k:
        raise Refused(
            "Only %(count)s people are in the roster; results are shown from %(k)s on.",
            count=len(roster.people),
            k=wave.k,
        )
    if plus := [unit.code for unit in roster.units if unit.code.endswith(DIRECT)]:
        raise Refused("A unit's code must not end in +: %(units)s.", units=", ".join(plus))
    together = joined(roster, joins_of(wave), wave.k)
    return freeze(together.units, together.people, k)


def roster_today(session: Session) -> Roster:
    """Return who works where today."""
    return Roster(
        units=[
            RosterUnit(code, parent, {"ko": name_ko, "en": name_en}, kind)
            for code, parent, name_ko, name_en, kind in session.execute(
                select(Unit.code, Unit.parent_code, Unit.name_ko, Unit.name_en, Unit.kind)
            )
        ],
        people=[
            Placed(person, unit, leads)
            for person, unit, leads in session.execute(select(Person.id, Person.unit_code, Person.leads_code))
            if unit is not None
        ],
    )


def joins_of(wave: Wave) -> list[Join]:
    """Return the groups of small units that HR has joined for a wave."""
    return msgspec.convert(wave.joins or [], list[Join])


def store(session: Session, wave: Wave, frozen: Freeze) -> None:
    """Store the frozen tree; and for each person where her answers count, and that no letter has gone out yet."""
    session.execute(
        insert(WaveUnit),
        [
            {
                "wave_id": wave.id,
                "code": unit.code,
                "parent_code": unit.parent,
                "name_ko": unit.names["ko"],
                "name_en": unit.names["en"],
                "kind": unit.kind,
                "invited": unit.invited,
                "joined": {code: dict(names) for code, names in unit.joined.items()},
            }
            for unit in frozen.units
        ],
    )
    if not frozen.places:
        return
    languages = dict(session.execute(select(Person.id, Person.language)).all())
    session.execute(
        insert(RosterEntry),
        [
            {"wave_id": wave.id, "person_id": person, "report_unit": place, "language": languages[person]}
            for person, place in frozen.places.items()
        ],
    )
    session.execute(insert(Invitation), [{"wave_id": wave.id, "person_id": person} for person in frozen.places])
