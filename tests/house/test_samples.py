"""What a database keeps of cells beside its tables: nothing of answers, receipts and codes."""

import datetime as dt
import secrets
from typing import Final

from sqlalchemy import Column, Engine, LargeBinary, insert, text

from survey.database import writing
from survey.models import Base, Wave
from tests.house.promises import KEPT

ROWS: Final = 50
SAMPLED: Final = "SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'"
OPENS: Final = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def cell(column: Column[object], wave: int) -> object:
    """Return something to stand in a column."""
    if column.name == "wave_id":
        return wave
    if isinstance(column.type, LargeBinary):
        return secrets.token_bytes(column.type.length or 16)
    return secrets.token_hex(8)


def test_the_planner_samples_no_answer_and_no_code(engine: Engine) -> None:
    """Of filled tables a database that looks at its cells keeps none; SQLite is built without such samples at all."""
    with writing(engine) as session:
        of = {"instrument_id": "total-motivation", "instrument_version": "1"}
        wave = Wave(code="2026-Q2", opens_at=OPENS, closes_at=OPENS + dt.timedelta(14), **of)
        session.add(wave)
        session.flush()
        for name in KEPT:
            table = Base.metadata.tables[name]
            rows = [{column.name: cell(column, wave.id) for column in table.columns} for _ in range(ROWS)]
            session.execute(insert(table), rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            assert "ENABLE_STAT4" not in connection.execute(text("PRAGMA compile_options")).scalars().all()
            return
        connection.execute(text("ANALYZE"))
        sampled = {(str(table), str(column)) for table, column in connection.execute(text(SAMPLED))}
    assert ("response", "wave_id") in sampled
    assert {(table, column) for table, column in sampled if table in KEPT and column != "wave_id"} == set()
