from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    String,
    Table,
    Time,
    Uuid,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from survey.models import Base
from tests.house import promises

Rule = Callable[[MetaData], Iterator[str]]


def copied() -> MetaData:
    """Return a copy of the product's tables that a test may spoil."""
    copy = MetaData()
    for table in Base.metadata.sorted_tables:
        table.to_metadata(copy)
    return copy


@pytest.mark.parametrize("rule", promises.RULES, ids=lambda rule: str(rule.__name__))
def test_the_tables_keep_the_promise(rule: Rule) -> None:
    """The database states the promise too: nothing in the tables could tell whose answer is whose."""
    assert list(rule(Base.metadata)) == []


@pytest.mark.parametrize("table", promises.KEPT)
@pytest.mark.parametrize(
    ("rule", "column"),
    [
        (promises.times, Column("x", DateTime)),
        (promises.times, Column("x", Date)),
        (promises.times, Column("x", Time)),
        (promises.times, Column("x", Interval)),
        (promises.sequences, Column("x", Integer)),
        (promises.sequences, Column("x", BigInteger)),
        (promises.sequences, Column("x", String, server_default="now")),
        (promises.sequences, Column("x", Integer, Identity())),
        (promises.telling_names, Column("created", String)),
        (promises.telling_names, Column("sequence", String)),
        (promises.telling_names, Column("person_id", String)),
        (promises.telling_names, Column("remote_address", String)),
        (promises.telling_names, Column("ip", String)),
        (promises.telling_names, Column("user_agent", String)),
        (promises.telling_names, Column("browser", String)),
        (promises.telling_names, Column("language", String)),
        (promises.more_than_is_kept, Column("x", String)),
        (promises.ways_to_people, Column("x", ForeignKey("person.id"))),
        (promises.ways_to_people, Column("x", ForeignKey("roster_entry.person_id"))),
        (promises.ways_to_people, Column("x", ForeignKey("account.id"))),
    ],
    ids=lambda part: getattr(part, "__name__", None) or f"{part.name}-{part.type.__class__.__name__}",
)
def test_a_telling_column_would_be_found(rule: Rule, column: Column[object], table: str) -> None:
    """Whoever adds a time, a sequence, a person, an address, a browser or a language to an answer breaks a test."""
    spoilt = copied()
    spoilt.tables[table].append_column(column._copy())
    assert any(table in sentence for sentence in rule(spoilt))


@pytest.mark.parametrize("table", promises.KEPT)
def test_a_growing_or_guessable_key_would_be_found(table: str) -> None:
    """An answer under a number or an identifier with a time in it breaks a test."""
    spoilt = copied()
    spoilt.remove(spoilt.tables[table])
    Table(table, spoilt, Column("id", Uuid, primary_key=True))
    assert any("not random" in sentence for sentence in promises.sequences(spoilt))


@pytest.mark.parametrize("table", promises.KEPT)
def test_a_hidden_row_number_would_be_found(table: str) -> None:
    """A table of answers that SQLite numbers behind our back breaks a test."""
    spoilt = copied()
    spoilt.remove(spoilt.tables[table])
    Table(table, spoilt, Column("hash", LargeBinary(32), primary_key=True))
    assert list(promises.hidden_order(spoilt)) == [f"{table} has a hidden row number"]


@pytest.mark.parametrize("table", promises.KEPT)
def test_sqlite_is_told_to_keep_no_row_numbers(table: str) -> None:
    """The promise reaches the database: the statement that makes the table says WITHOUT ROWID."""
    made = str(CreateTable(Base.metadata.tables[table]).compile(dialect=sqlite.dialect()))
    assert made.strip().endswith("WITHOUT ROWID")


@pytest.mark.parametrize("table", promises.PERSONS_SIDE)
@pytest.mark.parametrize(
    "column", [Column("answered", Boolean), Column("response_id", String), Column("sent_at", DateTime)]
)
def test_a_tick_on_the_persons_side_would_be_found(column: Column[object], table: str) -> None:
    """Whoever notes at a person that, or when, she answered breaks a test."""
    spoilt = copied()
    spoilt.tables[table].append_column(column._copy())
    assert any(sentence.startswith(f"{table}.{column.name}") for sentence in promises.ticks(spoilt))


def test_an_invitation_has_a_day_and_nothing_more() -> None:
    """A letter leaves its day and the count of its reminders, and no other trace."""
    spoilt = copied()
    spoilt.tables["invitation"].append_column(Column("batch", String))
    assert list(promises.ticks(spoilt)) == ["invitation.batch is not in the design"]


def test_a_way_from_elsewhere_into_answers_would_be_found() -> None:
    """No table may point at a code or an answer: from a person's row it would be the list of who answered."""
    spoilt = copied()
    spoilt.tables["person"].append_column(Column("x", ForeignKey("token.hash")))
    assert list(promises.ways_to_people(spoilt)) == ["person.x leads to token"]
