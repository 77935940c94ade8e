from collections.abc import Iterator

from sqlalchemy import Table

from survey.models import Base
from tests.house.promises import KEPT

EMPTIED_AT_CLOSE = frozenset({"token", "spare", "intake"})
"""One wave's alone while it is open; in PostgreSQL an index by wave would keep the order of arrival."""


def leading_columns(table: Table) -> Iterator[str]:
    """Yield the columns by which a row is found without reading the table through."""
    yield next(iter(table.primary_key.columns)).name
    for index in table.indexes:
        yield str(next(iter(index.columns)).name)


def test_every_link_is_found_from_its_other_end() -> None:
    """Whoever deletes a row, or asks for all that belongs to it, reads no other table through."""
    slow = [
        f"{table.name}.{key.column_keys[0]}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if table.name not in EMPTIED_AT_CLOSE and key.column_keys[0] not in set(leading_columns(table))
    ]
    assert slow == []


def test_what_arrives_has_no_second_order() -> None:
    """The tables that fill up while a wave is open have their random key and no other index."""
    assert KEPT.keys() > EMPTIED_AT_CLOSE
    assert [name for name in EMPTIED_AT_CLOSE if Base.metadata.tables[name].indexes] == []
