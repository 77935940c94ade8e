"""Whoever answers is told what is asked at this moment, and the database reads little for it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, Engine, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from survey.connections import Glance
from survey.database import glances, glancing, writing
from survey.models import Company, Wave, WaveUnit
from survey.services.responses import responses
from survey.services.responses.replies import Good
from survey.services.waves import extension
from survey.services.waves.asking import Asking, asked_now
from tests import cast
from tests.services import rounds

READ: Final = text(
    "SELECT sum(coalesce(idx_tup_fetch, 0) + seq_tup_read) FROM pg_stat_xact_user_tables WHERE relname = 'wave_unit'"
)


@pytest.fixture
def codes(engine: Engine, home: Path) -> list[str]:
    """Open the cast's wave, and give the codes."""
    return list(rounds.open_cast(engine, home).values())


def asked(engine: Engine) -> Asking | None:
    """Return what a page of a respondent is made from."""
    with glancing(engine) as session:
        return asked_now(session)


@pytest.mark.both_databases
def test_a_change_is_seen_by_the_next_page(engine: Engine, codes: list[str]) -> None:
    """What was read before is used as long as nothing of it has changed, and no longer."""
    assert codes
    seen = []
    later = rounds.CLOSES + dt.timedelta(days=1)
    changes: list[Callable[[Session], object]] = [
        lambda session: session.execute(update(Company).values(name_en="One")),
        lambda session: session.execute(update(Company).values(name_en="Two")),
        lambda session: extension.extend(session, rounds.WAVE, later, cast.NOW),
    ]
    for change in changes:
        with writing(engine) as session:
            change(session)
        for _ in range(2):
            here = asked(engine)
            assert here is not None
            seen.append((here.company.name_en, here.wave.closes_at))
    assert seen[::2] == seen[1::2] == [("One", rounds.CLOSES), ("Two", rounds.CLOSES), ("Two", later)]
    rounds.close(engine, later + responses.GRACE)
    assert asked(engine) is None


@pytest.mark.both_databases
def test_a_change_that_is_undone_was_never_seen(engine: Engine, codes: list[str]) -> None:
    """Whoever changes something asks by his own state of it, others by theirs, also after he gave up."""
    assert codes
    before = asked(engine)
    assert before is not None
    with Session(engine) as session:
        for name in ("One", "Two"):
            session.execute(update(Company).values(name_en=name))
            own = asked_now(session)
            assert own is not None
            assert own.company.name_en == name
        session.rollback()
    after = asked(engine)
    assert after is not None
    assert after.company == before.company


@pytest.mark.only_postgresql
def test_a_connection_remembers_no_pepper(engine: Engine, codes: list[str]) -> None:
    """The pepper that recognises codes dies with the close, also in what a connection has read."""
    assert codes
    here = asked(engine)
    assert here is not None
    with glances(engine).connect() as connection:
        remembered = repr(connection.info.values())
    assert "Wave" in remembered
    assert repr(here.pepper) not in remembered


@pytest.mark.only_postgresql
def test_for_one_code_one_unit_is_read(engine: Engine, codes: list[str]) -> None:
    """However many units the wave has, and although the server has never counted them: it opened just now."""
    with writing(engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # no unit joins an open wave
        one = session.execute(select(*WaveUnit.__table__.columns)).mappings().first()
        assert one is not None
        session.execute(insert(WaveUnit), [{**one, "code": f"U{number}"} for number in range(500)])
    with writing(engine) as session:
        here = asked_now(session)
        assert isinstance(responses.look(session, here, codes[0], cast.NOW), Good)
        assert session.scalars(READ).one() < 50  # planning looks at some rows as well


@pytest.mark.both_databases
def test_a_code_of_another_wave_has_no_place(engine: Engine, codes: list[str]) -> None:
    """The hash finds the code; for which wave it was issued is compared."""
    here = asked(engine)
    assert here is not None
    with glancing(engine) as session:
        other = here._replace(wave=Wave(**{**_facts(here.wave), "id": here.wave.id + 1}))
        assert isinstance(responses.look(session, here, codes[0], cast.NOW), Good)
        assert not isinstance(responses.look(session, other, codes[0], cast.NOW), Good)


@pytest.mark.both_databases
def test_a_glance_that_fails_fails_as_every_statement_does(engine: Engine) -> None:
    """What the driver says is told by SQLAlchemy, which hides what was asked, and gives up a connection that is cut."""
    with glancing(engine) as session, pytest.raises(DBAPIError, match="no_such_table"):
        Glance(select(text("1")).select_from(text("no_such_table"))).at(session)


@pytest.mark.only_postgresql
def test_a_connection_that_is_cut_under_a_glance_is_given_up(engine: Engine, codes: list[str]) -> None:
    """The server ends it just after it was looked at: that page fails, the next one does not."""
    assert codes
    glimpse = glances(engine)

    def cut(connection: Connection) -> None:
        pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr] # psycopg's
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    event.listen(glimpse, "begin", cut, once=True)
    with pytest.raises(OperationalError):
        asked(engine)
    assert asked(engine) is not None


def _facts(wave: Wave) -> dict[str, object]:
    return {column.name: getattr(wave, column.name) for column in Wave.__table__.columns}
