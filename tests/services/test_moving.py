"""An installation moves to another database whole, or not at all, and leaves a closed one behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.i18n import Refused
from survey.migrations import leave, require_newest, upgrade
from survey.models import AuditEntry, Base, Company, PublishedUnit, Wave
from survey.services import audit_log
from survey.services.moving import moving
from survey.services.moving.moving import Moved
from survey.services.publication import publication
from survey.services.waves import upkeep, wave_plans
from survey.settings import SettingsError
from tests import cast, snapshots
from tests.cluster import Cluster
from tests.journeys import four_waves
from tests.journeys.test_setting_up import Operator
from tests.services import rounds, sealed
from tests.services.installations import Target, answer_all, empty, rows
from tests.services.mail_process import ROOT

OTHER: Final = {"sqlite": "postgresql", "postgresql": "sqlite"}
LATER: Final = cast.NOW.replace(year=cast.NOW.year + 3)
HOLDS: Final = "import sys; file = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
LAST: Final = "UPDATE alembic_version"
"""What is sent last, once the new database is whole."""
KILLED: Final = """
import os, signal, sys
from sqlalchemy import event
from survey.database import engine
from tests.services import test_moving
source, target = (engine(url) for url in sys.argv[1:3])

def die(connection, cursor, statement, parameters, context, many):
    if sys.argv[3] in statement:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(source, "before_cursor_execute", die)
event.listen(target, "before_cursor_execute", die)
test_moving.move(source, target)
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Target]:
    """Give an empty database, on SQLite."""
    with empty("sqlite", tmp_path) as made:
        yield made


@contextmanager
def another(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Give an empty database of a kind."""
    cluster: Cluster | None = request.getfixturevalue("postgresql") if kind == "postgresql" else None
    with empty(kind, folder, cluster) as made:
        yield made.engine


def move(source: Engine, target: Engine, **changed: object) -> Moved:
    """Move as the command does."""
    source.dispose()
    now = changed.get("now", cast.NOW)
    return moving.move(source, target, now, lambda old: leave(old.connection()))  # type: ignore[arg-type] # by name


def close_cast(engine: Engine, home: Path) -> None:
    """Let the cast answer, and close."""

    def make() -> None:
        answer_all(engine, rounds.open_cast(engine, home))
        rounds.close(engine)

    snapshots.start(engine, home, "the cast has said something and the wave is closed", make)


def is_as_new(engine: Engine) -> bool:
    """Tell whether a database holds nothing."""
    return not any(rows(engine).values())


def refusal(source: Engine, target: Engine, **changed: object) -> str:
    """Return why it does not move; nothing has changed then, here or there."""
    before, there = rows(source), rows(target)
    with pytest.raises(Refused) as refused:
        move(source, target, **changed)
    assert (rows(source), rows(target)) == (before, there)
    require_newest(source)
    return str(refused.value)


def test_a_filled_company_moves_to_the_other_database_and_back(
    engine: Engine, home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Every row of every table, four publications and a second cut are the same; new rows get numbers of their own."""
    four_waves.published(engine, home)
    with reading(engine) as session:
        told = [publication.results(each) for each in publication.publications(session)]
    kind = engine.dialect.name
    with another(OTHER[kind], tmp_path, request) as there, another(kind, tmp_path, request) as back:
        moved = move(engine, there)
        assert (moved.publications, moved.rows) == (4, sum(map(len, rows(engine).values())))
        assert rows(there) == rows(engine)
        with pytest.raises(SettingsError, match="has moved to another database"):
            require_newest(engine)
        move(there, back)
        assert rows(back, "audit_entry") == rows(engine, "audit_entry")
        with writing(back) as session:
            assert [publication.results(each) for each in publication.publications(session)] == told
            audit_log.write(session, cast.NOW, None, "wave closed", wave="W")
            assert audit_log.verify(session).whole
            acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
            assert acts[-3:] == ["database moved", "database moved", "wave closed"]


def test_rows_lie_in_the_order_of_their_keys(
    engine: Engine, home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Where a row lies in the new file says no more than its key: nothing of how the old one had grown comes along."""
    close_cast(engine, home)
    places = {"sqlite": "rowid", "postgresql": "ctid"}
    with another(OTHER[engine.dialect.name], tmp_path, request) as there:
        move(engine, there)
        with reading(there) as session:
            for table in Base.metadata.sorted_tables:
                keys = ", ".join(column.name for column in table.primary_key.columns)
                place = places[there.dialect.name]
                if place == "rowid" and not table.dialect_options["sqlite"]["with_rowid"]:
                    place = keys  # there is nothing but the key
                found = session.execute(text(f'SELECT {keys} FROM "{table.name}" ORDER BY {place}')).all()  # noqa: S608 - our names
                if table.name not in {"unit", "wave"}:  # each is put in its place in a second step
                    assert (
                        found == session.execute(select(*table.primary_key.columns).order_by(*table.primary_key)).all()
                    )


def test_what_is_left_behind_is_closed_for_good(engine: Engine, database_url: str, home: Path, tmp_path: Path) -> None:
    """The command tells what to do next; no command opens the old database any more, not even to upgrade it."""
    close_cast(engine, home)
    engine.dispose()
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)
    (tmp_path / "target").write_text(f"sqlite:///{tmp_path / 'new.db'}\n", "utf-8")
    said = operator.done("migrate-database", "--target-file", tmp_path / "target")
    assert "change it" not in said
    assert "were read from both and are the same" in said
    assert "delete it once you have seen the new one work" in said
    for words in (["waves"], ["migrate"], ["serve"], ["migrate-database", f"sqlite:///{tmp_path / 'third.db'}"]):
        assert "has moved to another database" in operator.unusable(*words)
    moved = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    assert rounds.WAVE in moved.done("waves")


def test_it_does_not_move_while_a_wave_is_open(engine: Engine, home: Path, other: Target) -> None:
    """The key of its codes, and who has not answered yet, must not lie in two places of which one forgets."""
    rounds.open_cast(engine, home)
    assert "is open" in refusal(engine, other.engine)


def test_it_does_not_move_while_a_wave_is_sealed(engine: Engine, home: Path, other: Target) -> None:
    """Boxes hold answer and comment together: a copy would outlive the unsealing that parts them."""
    keys = sealed.register(engine)
    sealed.answered(engine, home)
    rounds.close(engine)
    assert "is sealed" in refusal(engine, other.engine)
    sealed.unseal(engine, keys[sealed.COUNCIL])
    assert move(engine, other.engine).rows


def test_answers_that_are_due_to_be_deleted_do_not_move(engine: Engine, home: Path, other: Target) -> None:
    """They are deleted first, as was promised; from then on nothing of that wave keeps anybody from moving."""
    close_cast(engine, home)
    assert "due to be deleted" in refusal(engine, other.engine, now=LATER)
    assert upkeep.tick(engine, home, LATER).deleted == (rounds.WAVE,)
    assert move(engine, other.engine, now=LATER).rows


def test_it_does_not_move_into_a_database_that_holds_anything(engine: Engine, home: Path, other: Target) -> None:
    """A single row is enough; the database that it would leave is one of those."""
    close_cast(engine, home)
    assert "not empty" in refusal(engine, engine)
    with writing(other.engine) as session:
        session.execute(insert(Company).values(id=1, name_ko="가", name_en="A"))
    assert "not empty" in refusal(engine, other.engine)


def test_it_does_not_move_while_somebody_else_has_the_database_open(
    engine: Engine, database_url: str, home: Path, other: Target
) -> None:
    """What is written meanwhile by a server that still runs would be lost: whoever has it open is found."""
    close_cast(engine, home)
    if engine.dialect.name == "postgresql":
        visitor = open_engine(database_url)
        with visitor.connect():
            assert "is in use" in refusal(engine, other.engine)
        visitor.dispose()
    else:
        holds = [sys.executable, "-c", HOLDS, str(home / "survey.db")]
        with subprocess.Popen(holds, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            assert "is in use" in refusal(engine, other.engine)
            process.communicate("")
    assert move(engine, other.engine).rows


def test_it_does_not_move_between_revisions(engine: Engine, database_url: str, home: Path, other: Target) -> None:
    """Both databases are at the revision of this program, or nothing happens."""
    close_cast(engine, home)
    engine.dispose()
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)
    old = f"sqlite:///{other.home / 'old.db'}"
    opened = open_engine(old)
    upgrade(opened, "0004")
    assert "at revision 0004" in operator.unusable("migrate-database", old)
    opened.dispose()
    with other.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "at revision 9999" in operator.unusable("migrate-database", str(other.engine.url))
    assert is_as_new(other.engine)


def test_what_has_not_become_the_same_does_not_count(engine: Engine, home: Path, other: Target) -> None:
    """A database that changes a single answer on the way is found out, and left empty."""
    close_cast(engine, home)
    spoil = "UPDATE response SET answers = zeroblob(length(answers)) WHERE id = NEW.id"
    with other.engine.begin() as connection:
        connection.execute(text(f"CREATE TRIGGER spoil AFTER INSERT ON response BEGIN {spoil}; END"))
    assert "response differs" in refusal(engine, other.engine)


def test_a_publication_that_is_not_whole_does_not_move(engine: Engine, home: Path, other: Target) -> None:
    """It would not be shown anyway: put the database back in order first."""
    close_cast(engine, home)
    with writing(engine) as session:
        publication.publish(session, rounds.WAVE, rounds.OVER)
    unit = (PublishedUnit.unit_code == "NORTH",)
    with writing(engine) as session:
        kept = session.scalars(select(PublishedUnit.record).where(*unit)).one()
        session.execute(update(PublishedUnit).where(*unit).values(record=kept.replace(b"NORTH", b"SOUTH")))
    assert "was changed after it was made" in refusal(engine, other.engine)
    with writing(engine) as session:
        session.execute(delete(PublishedUnit).where(*unit))
    assert "is not whole any more" in refusal(engine, other.engine)


@pytest.mark.parametrize("statement", ["INTO company", "INTO receipt", "FROM publication", LAST])
def test_killed_half_way_it_has_moved_whole_or_not_at_all(
    engine: Engine, home: Path, tmp_path: Path, request: pytest.FixtureRequest, statement: str
) -> None:
    """Until everything was compared the new database is empty, and the next run moves; after that it is whole."""
    close_cast(engine, home)
    engine.dispose()
    with another(OTHER[engine.dialect.name], tmp_path, request) as there:
        there.dispose()
        urls = [each.url.render_as_string(hide_password=False) for each in (engine, there)]
        died = subprocess.run([sys.executable, "-c", KILLED, *urls, statement], cwd=ROOT, check=False)  # noqa: S603 - our own program
        assert died.returncode == -signal.SIGKILL
        require_newest(engine)
        if statement == LAST:
            entries = [tuple(row) for row in rows(there)["audit_entry"]]
            assert rows(there, "audit_entry") == rows(engine, "audit_entry")
            assert len(entries) == len(rows(engine)["audit_entry"]) + 1
            assert "not empty" in refusal(engine, there)
        else:
            assert is_as_new(there)
            assert move(engine, there).rows


def test_no_server_that_writes_down_what_people_answer_gets_their_answers(
    engine: Engine, home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A server that logs statements, or archives what it writes, would keep answers for good: it is refused."""
    close_cast(engine, home)
    with another("postgresql", tmp_path, request) as there:
        with there.begin() as connection:
            connection.execute(text(f"ALTER DATABASE \"{there.url.database}\" SET log_statement = 'all'"))
        there.dispose()
        assert "log_statement = none" in refusal(engine, there)


def test_only_waves_that_were_opened_stand_in_the_way(engine: Engine, home: Path, other: Target) -> None:
    """A plan moves like everything else, and is a plan there."""
    close_cast(engine, home)
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan_later("2027-Q1"), cast.NOW)
    move(engine, other.engine)
    with reading(other.engine) as session:
        assert dict(session.execute(select(Wave.code, Wave.state)).all()) == {rounds.WAVE: "closed", "2027-Q1": "draft"}
