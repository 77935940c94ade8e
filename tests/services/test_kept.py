import datetime as dt
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, delete, insert, select, text
from sqlalchemy.orm import Session

from reports.annex import annex_json
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.i18n import Refused
from survey.instruments.load import builtin
from survey.migrations import upgrade
from survey.models import Publication, PublishedUnit, Wave
from survey.privacy import cells
from survey.privacy.record import Record
from survey.privacy.released import Released
from survey.privacy.thaw import read, thaw
from survey.services.publication import kept, publication
from tests.privacy.records import older
from tests.sample import sample_bytes, sample_publication
from tests.statements import statements

SHOWN = ("HQ", "A1", "A1-T1", "A2-T3", "A3")
DAY = dt.date(2026, 6, 30)


@cache
def record_of(second: bool) -> Record:  # noqa: FBT001 - which of the sample's two waves
    """Give a record of the sample, frozen once."""
    return read(*sample_bytes(second))


@pytest.fixture(autouse=True)
def _nothing_was_read() -> None:
    """Begin as a process does that has just started."""
    cells._lately.clear()
    kept._frames.clear()


@pytest.fixture
def two(engine: Engine) -> Engine:
    """The sample's two waves, kept in pieces."""
    with writing(engine) as session:
        for second in (False, True):
            record = record_of(second)
            kept.keep(session, wave_of(session, record), record, DAY)
    return engine


def wave_of(session: Session, record: Record) -> Wave:
    """The row of a record's wave."""
    opened, closed = (dt.datetime.fromisoformat(day) for day in (record.wave.opened_on, record.wave.closed_on))
    of = {"instrument_id": builtin().id, "instrument_version": builtin().version}
    wave = Wave(code=record.wave.code, state="published", opens_at=opened, closes_at=closed, **of)
    session.add(wave)
    session.flush()
    return wave


def test_a_publication_is_kept_in_pieces(two: Engine) -> None:
    """The head's digest names it, each unit has a row, and put together it is the document that was frozen."""
    with reading(two) as session:
        first, second = publication.publications(session)
        assert (first.digest, second.digest) == (sample_bytes(False)[1], sample_bytes()[1])
        assert second.frozen() == sample_bytes()
        rows = session.scalars(select(PublishedUnit.unit_code)).all()
        assert len(rows) == len(first.units) + len(second.units)
        wave = session.scalars(select(Wave).where(Wave.code == second.wave.code)).one()
        assert kept.record(session, wave) == (record_of(True), second.digest)


def test_what_is_shown_is_what_was_frozen(two: Engine) -> None:
    """Every unit says the same, whether it comes from rows or from the document."""
    with reading(two) as session:
        _, shown = publication.publications(session)
        assert publication.results(shown) == publication.results(sample_publication())


def test_heads_are_read_once_and_units_in_one_query(two: Engine) -> None:
    """Twelve units of all waves cost one query as one unit does; the next page asks for no numbers at all."""
    with reading(two) as session:
        publication.publications(session)
    with reading(two) as session, statements(two) as heard:
        waves = publication.publications(session)
        heads = len(heard)
        publication.read(session, waves, [*SHOWN, "NOWHERE"])
        assert len(heard) == heads + 1
        told = [wave.unit(code).figures for wave in waves for code in SHOWN]
        assert all(each.value.n for each in told if isinstance(each, Released))
        assert len(told) == len(waves) * len(SHOWN)
        publication.read(session, waves, SHOWN)
        assert len(heard) == heads + 1
        assert heads == 2


def test_a_tree_is_walked_without_reading_its_units(two: Engine) -> None:
    """Who stands where, what is shown and what is not, stands in the head."""
    with reading(two) as session:
        _, shown = publication.publications(session)
        with statements(two) as heard:
            hidden = [unit.code for unit in shown.below("HQ") if unit.hidden or not isinstance(unit.figures, Released)]
            assert shown.published_above("A1-T2") is not None
            assert "A1-T2" in hidden
            assert [unit.name("en") for unit in shown.path("A1-T1")] == [
                "Hanbit Trading",
                "Sales",
                "Sales 1",
                "Team 1.1",
            ]
        assert heard == []


def test_going_through_all_units_reads_ahead(two: Engine) -> None:
    """Whoever goes through the whole tree asks for more and more rows at a time, not for each."""
    with reading(two) as session:
        _, shown = publication.publications(session)
        with statements(two) as heard:
            assert sum(unit.invited for unit in shown.units) > 0
        assert len(heard) < 8 < len(shown.units)


def test_no_more_than_so_many_units_stay_read(two: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that shows all units one after another holds the last ones only, and each is right all the same."""
    monkeypatch.setattr(cells._lately, "most", 5)
    with reading(two) as session:
        _, shown = publication.publications(session)
        told = [unit.invited for unit in shown.units]
    assert told == [unit.invited for unit in record_of(True).units]
    assert len(cells._lately) == 5


def test_a_changed_unit_is_not_shown(two: Engine) -> None:
    """Somebody who changes a unit's row does not change what is shown: it is not shown at all."""
    with writing(two) as session:
        for row in session.scalars(select(PublishedUnit).where(PublishedUnit.unit_code == "A1")):
            row.record = row.record.replace(b'"n":', b'"n": ', 1)
    with reading(two) as session:
        _, shown = publication.publications(session)
        with pytest.raises(Refused, match="changed after it was made"):
            shown.unit("A1").figures.value  # type: ignore[union-attr] # noqa: B018 - it is read only when looked at
        with pytest.raises(Refused, match="changed after it was made"):
            publication.read(session, [shown], SHOWN)
        with pytest.raises(Refused, match="changed after it was made"):
            publication.audit(session, shown.wave.code)
        assert shown.unit("A").invited


def test_a_unit_of_another_wave_is_not_shown(two: Engine) -> None:
    """A row of another wave in the place of this one's is found out, although it is whole in itself."""
    with writing(two) as session:
        first, second = session.scalars(select(Wave).order_by(Wave.id)).all()
        moved = session.get_one(PublishedUnit, (first.id, "A1")).record
        session.get_one(PublishedUnit, (second.id, "A1")).record = moved
    with reading(two) as session:
        before, after = publication.publications(session)
        publication.read(session, [before], ["A1"])
        with pytest.raises(Refused, match="changed after it was made"):
            publication.read(session, [before, after], ["A1"])


def test_a_unit_of_another_code_is_not_shown(two: Engine) -> None:
    """Two units of one wave that change places are found out."""
    with writing(two) as session:
        second = session.scalars(select(Wave).order_by(Wave.id.desc()).limit(1)).one()
        one, other = (session.get_one(PublishedUnit, (second.id, code)) for code in ("A1", "B1"))
        one.record, other.record = other.record, one.record
    with reading(two) as session:
        _, shown = publication.publications(session)
        with pytest.raises(Refused, match="changed after it was made"):
            publication.read(session, [shown], ["B1"])


def test_a_missing_unit_is_said_to_be_missing(two: Engine) -> None:
    """A row that is gone is no empty unit: the page says that the publication is not whole."""
    with writing(two) as session:
        session.execute(delete(PublishedUnit).where(PublishedUnit.unit_code == "A1"))
    with reading(two) as session:
        _, shown = publication.publications(session)
        for look in (
            lambda: publication.read(session, [shown], SHOWN),
            lambda: shown.unit("A1").invited,
            shown.frozen,
            lambda: publication.audit(session, shown.wave.code),
        ):
            with pytest.raises(Refused, match="of the unit A1 is missing"):
                look()


def test_a_changed_head_shows_nothing(two: Engine) -> None:
    """Whoever puts another digest of a unit into the head has changed the head."""
    with writing(two) as session:
        row = session.scalars(select(Publication).order_by(Publication.wave_id.desc()).limit(1)).one()
        place = row.record.index(b'"digest":"') + len(b'"digest":"')
        row.record = row.record[:place] + b"0" * 64 + row.record[place + 64 :]
    with reading(two) as session, pytest.raises(Refused, match="changed after it was made"):
        publication.publications(session)


def test_a_row_too_many_says_nothing(two: Engine) -> None:
    """A unit that is in no tree is nowhere."""
    with writing(two) as session:
        second = session.scalars(select(Wave).order_by(Wave.id.desc()).limit(1)).one()
        session.execute(insert(PublishedUnit).values(wave_id=second.id, unit_code="X", record=b"{}"))
    with reading(two) as session:
        _, shown = publication.publications(session)
        publication.read(session, [shown], ["X"])
        assert "X" not in shown
        assert shown.frozen() == sample_bytes()


def test_a_publication_outlives_the_session_that_it_came_from(two: Engine) -> None:
    """A file that is written after the page's session is over reads on, and leaves no connection behind."""
    with reading(two) as session:
        _, shown = publication.publications(session)
    assert shown.unit("A1").invited
    assert shown.frozen() == sample_bytes()
    gc.collect()
    assert "Connections in pool: 1" in two.pool.status() or "Current Checked out connections: 0" in two.pool.status()


def test_what_is_not_committed_yet_is_read_where_it_was_written(engine: Engine) -> None:
    """A publication is whole in the transaction that makes it, and gone where that is undone."""
    with Session(engine) as session:
        record = record_of(False)
        kept.keep(session, wave_of(session, record), record, DAY)
        (shown,) = publication.publications(session)
        assert shown.unit("A1").invited
        assert shown.frozen() == sample_bytes(False)
    with reading(engine) as session:
        assert publication.publications(session) == []


@pytest.fixture
def from_0004(tmp_path: Path) -> Iterator[Engine]:
    """A database of the version before, filled and brought to the newest revision: each publication is one record."""
    opened = open_engine(f"sqlite:///{tmp_path / 'older.db'}")
    upgrade(opened, "0004")
    with opened.begin() as connection:
        for number, second in enumerate((False, True), 1):
            record = record_of(second)
            before = older(record_of(False))[1] if second else ""
            data, digest = older(msgspec.structs.replace(record, previous=before))
            facts = {"id": number, "code": record.wave.code, "opened": f"{record.wave.opened_on} 09:00:00.000000"}
            connection.execute(
                text(
                    "INSERT INTO wave (id, code, kind, state, instrument_id, instrument_version, practices, k,"
                    " detail_k, opens_at, closes_at, retention_months, promise_digest)"
                    " VALUES (:id, :code, 'native', 'published', 'total-motivation', '1', '[]', 5, 10,"
                    " :opened, :closed, 24, '')"
                ),
                {**facts, "closed": f"{record.wave.closed_on} 09:00:00.000000"},
            )
            connection.execute(
                text("INSERT INTO publication VALUES (:id, :data, :digest, '2026-06-30')"),
                {"id": number, "data": data, "digest": digest},
            )
    upgrade(opened)
    yield opened
    opened.dispose()


def test_publications_of_the_version_before_are_read_with_their_own_digest(from_0004: Engine) -> None:
    """An older record stays in one piece, verified with the digest that was printed, and shows what it showed."""
    with reading(from_0004) as session:
        first, second = publication.publications(session)
        data, digest = older(record_of(False))
        assert first.frozen() == (data, digest) == (thaw(data, digest).frozen())
        assert second.previous_digest == digest
        told = publication.results(first)
        assert {**told, "digest": ""} == {**publication.results(sample_publication(False)), "digest": ""}
        assert session.scalars(select(PublishedUnit)).all() == []
        assert all(found.safe for _, found in publication.audit(session, first.wave.code))
        printed = annex_json(second, "A1", "ko", (first,))
        assert printed == annex_json(thaw(*second.frozen()), "A1", "ko", (thaw(data, digest),))


def test_a_changed_record_of_the_version_before_is_not_shown(from_0004: Engine) -> None:
    """Of a record in one piece every byte counts, whichever unit is looked at."""
    with writing(from_0004) as session:
        row = session.scalars(select(Publication).order_by(Publication.wave_id.desc()).limit(1)).one()
        at = row.record.rindex(b'"n":')
        row.record = row.record[:at] + b'"n": ' + row.record[at + 4 :]
    with reading(from_0004) as session, pytest.raises(Refused, match="changed after it was made"):
        publication.publications(session)
