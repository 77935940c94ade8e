"""Rows put into an empty database, table after table: what a database that was in use would not let in any more.

Waves come in as drafts, because of a wave that was opened the database lets nothing be added; units come in without
what is above them, because that may come later. `finish` gives both back, as the last act of the transaction.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, TableClause, bindparam, func, insert, inspect, literal, select, update
from sqlalchemy.orm import Session

from survey.database import reading
from survey.models import Base, Unit, Wave


def is_empty(engine: Engine) -> bool:
    """Tell whether no table of a database holds a row; one of an earlier revision has fewer of them."""
    there = set(inspect(engine).get_table_names())
    with reading(engine) as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name in there]
        return not any(session.scalar(select(literal(1)).select_from(table).limit(1)) for table in tables)


class Putting:
    """Rows on their way into an empty database, in one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.states: dict[int, str] = {}
        self.parents: list[dict[str, str]] = []

    def put(self, table: TableClause, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows of one table."""
        if table.name == Wave.__tablename__:
            self.states |= {row["id"]: row["state"] for row in rows}
            rows = [{**row, "state": "draft"} for row in rows]
        if table.name == Unit.__tablename__:
            self.parents += [
                {"at": row["code"], "above": row["parent_code"]} for row in rows if row["parent_code"] is not None
            ]
            rows = [{**row, "parent_code": None} for row in rows]
        self.session.execute(insert(table), rows)

    def place_units(self) -> None:
        """Put the units under those above them."""
        if self.parents:
            unit = Base.metadata.tables[Unit.__tablename__]
            placed = update(unit).where(unit.c.code == bindparam("at")).values(parent_code=bindparam("above"))
            self.session.connection().execute(placed, self.parents)

    def count_on(self) -> None:
        """Let PostgreSQL number new rows after these."""
        if self.session.get_bind().dialect.name == "postgresql":
            _count_on(self.session.connection())


def _count_on(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
        highest = connection.scalar(select(func.max(column)))
        if highest is not None and connection.scalar(select(sequence)) is not None:
            connection.execute(select(func.setval(sequence, highest)))
