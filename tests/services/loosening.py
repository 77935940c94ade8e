"""What the tests of a promise that cannot be loosened have in common: a wave, and what would loosen it."""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from survey.database import writing
from survey.services.waves import opening, wave_plans
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

LOOSER: Final = {
    "wave.code": "UPDATE wave SET code = 'other'",
    "wave.kind": "UPDATE wave SET kind = 'imported'",
    "wave.instrument_id": "UPDATE wave SET instrument_id = 'w-sdi'",
    "wave.instrument_version": "UPDATE wave SET instrument_version = '0'",
    "wave.practices": "UPDATE wave SET practices = '[\"stand_ups\"]'",
    "wave.joins": "UPDATE wave SET joins = '[1]'",
    "wave.promise": "UPDATE wave SET promise = '{}'",
    "wave.promise_digest": "UPDATE wave SET promise_digest = ''",
    "wave.frozen_digest": "UPDATE wave SET frozen_digest = ''",
    "wave.sealed": "UPDATE wave SET sealed = (1 = 1)",
    "wave.extra_items": "UPDATE wave SET extra_items = '[1]'",
    "wave.rehearsal": "UPDATE wave SET rehearsal = (1 = 1)",
    "wave.opens_at": "UPDATE wave SET opens_at = '2026-09-01 00:00:00.000000'",
    "wave.closes_at": "UPDATE wave SET closes_at = '2026-10-16 00:00:00.000000'",
    "wave.extended_from": "UPDATE wave SET extended_from = '2026-10-14 00:00:00.000000'",
    "wave.k": "UPDATE wave SET k = 5",
    "wave.detail_k": "UPDATE wave SET detail_k = 10",
    "wave.retention_months": "UPDATE wave SET retention_months = 120",
    "wave.strict": "UPDATE wave SET strict = (1 = 0)",
    "wave.state": "UPDATE wave SET state = 'draft'",
    "wave.pepper": "UPDATE wave SET pepper = (SELECT hash FROM token ORDER BY hash LIMIT 1)",
    "wave.id": "UPDATE wave SET id = id + 100",
    "wave": "DELETE FROM wave",
    "wave_unit": "DELETE FROM wave_unit WHERE code = 'NORTH'",
    "wave_unit.code": "UPDATE wave_unit SET code = 'X' WHERE code = 'NORTH'",
    "wave_unit.parent_code": "UPDATE wave_unit SET parent_code = 'CARE' WHERE code = 'NORTH'",
    "wave_unit.name": "UPDATE wave_unit SET name_ko = '남부' WHERE code = 'NORTH'",
    "wave_unit.kind": "UPDATE wave_unit SET kind = 'care' WHERE code = 'NORTH'",
    "wave_unit.invited": "UPDATE wave_unit SET invited = 50 WHERE code = 'NORTH'",
    "wave_unit.spares": "UPDATE wave_unit SET spares = 50 WHERE code = 'NORTH'",
    "wave_unit.joined": "UPDATE wave_unit SET joined = '[\"SOUTH\"]' WHERE code = 'NORTH'",
    "wave_unit.spares_drawn": "UPDATE wave_unit SET spares_drawn = 0 WHERE code = 'NORTH'",
    "roster_entry": "DELETE FROM roster_entry",
    "roster_entry ": "UPDATE roster_entry SET report_unit = 'SOUTH' WHERE report_unit = 'NORTH'",
    "company.unit_word": "UPDATE company SET unit_word = 'store'",
}
"""What a statement would loosen, and the statement."""


def strict_wave(engine: Engine, home: Path) -> Engine:
    """Open a wave with k = 6, details from 12, strict, a spare drawn everywhere."""
    with writing(engine) as session:
        cast.load(session)
    plan = wave_plans.WaveDraft(
        code=WAVE, opens_at=cast.NOW, closes_at=rounds.CLOSES, k=6, detail_k=12, retention_months=12
    )
    with writing(engine) as session:
        wave_plans.draft(session, plan, cast.NOW).strict = True
    with writing(engine) as session:
        opening.open_wave(session, WAVE, cast.NOW, home)
    with writing(engine) as session:
        session.execute(text("UPDATE wave_unit SET spares_drawn = 1"))
    return engine


def without_triggers(engine: Engine, *statements: str) -> None:
    """Do what somebody does who owns the tables: switch the triggers off, and change what they kept."""
    raw = engine.raw_connection()
    cursor = raw.cursor()
    if engine.dialect.name == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        off = [f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()]
    else:
        off = [
            f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("wave", "wave_unit", "roster_entry", "company")
        ]
    for statement in (*off, *statements):
        cursor.execute(statement)
    raw.commit()
    raw.close()
