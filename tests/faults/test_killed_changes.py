"""An upgrade and a publication that are killed: all or nothing, and whole at the next try."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, make_url, select

from survey.app import main
from survey.database import engine as open_engine
from survey.database import reading
from survey.migrations import require_newest, upgrade
from survey.models import Publication, Wave
from tests.cluster import Cluster
from tests.faults.killed import ALL, held, killed
from tests.services import rounds
from tests.services.test_old_waves import fill
from tests.services.test_publication import form, published

MOMENTS = 6

Copied = Callable[[str], str]


@pytest.fixture
def moments(request: pytest.FixtureRequest) -> int:
    """Give at how many statements a change is killed."""
    return ALL if request.config.getoption("--every-statement") else MOMENTS


@pytest.fixture
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Copied]:
    """Give what copies a database that nobody has open."""
    made: list[tuple[Cluster, str]] = []

    def copy(url: str) -> str:
        if url.startswith("sqlite:///"):
            file = tmp_path / "copy.db"
            shutil.copyfile(url.removeprefix("sqlite:///"), file)
            return f"sqlite:///{file}"
        running: Cluster = request.getfixturevalue("postgresql")
        made.append((running, running.create(make_url(url).database or "")))
        return running.url(made[-1][1])

    yield copy
    for running, name in made:
        running.drop(name)


@pytest.fixture
def old_url(empty_url: str, home: Path) -> str:
    """Give the address of a filled database of the first version, in the middle of a wave."""
    fill(empty_url, home)
    return empty_url


@pytest.fixture
def closed(engine: Engine, home: Path) -> Engine:
    """The cast's wave, in which everybody answered, closed; nobody has the database open."""
    for place, code in enumerate(rounds.open_cast(engine, home).values()):
        rounds.answer(engine, form(code, play=1 + place % 7, inertia=7 - place % 6))
    rounds.close(engine)
    engine.dispose()
    return engine


def test_a_killed_upgrade_changes_nothing_and_the_next_completes_it(
    old_url: str, home: Path, copied: Copied, moments: int
) -> None:
    """Killed -9 at whichever statement, the database is as it was: commands say what to run, and that completes it."""
    untouched = copied(old_url)
    before, *after = killed(old_url, "upgrade", moments)
    assert len(after) > moments
    assert set(after) == {before}
    environment = {"SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": old_url}
    told = CliRunner().invoke(main, ["--lang", "en", "tick"], env=environment)
    assert (told.exit_code, "Run: survey migrate" in told.stderr) == (2, True)
    assert CliRunner().invoke(main, ["migrate"], env=environment).exit_code == 0
    ends = []
    for url in (old_url, untouched):
        opened = open_engine(url)
        upgrade(opened)
        require_newest(opened)
        ends.append(held(opened))
        opened.dispose()
    assert ends[0] == ends[1]


def test_a_killed_publication_is_none_and_the_next_is_whole(
    closed: Engine, database_url: str, copied: Copied, moments: int
) -> None:
    """Killed -9 at whichever statement, nothing is published; the next try publishes what a first one would have."""
    untouched = open_engine(copied(database_url))
    before, *after = killed(database_url, "publish", moments)
    assert len(after) > moments
    assert set(after) == {before}
    digests = []
    for opened in (closed, untouched):
        published(opened)
        with reading(opened) as session:
            assert session.scalars(select(Wave.state)).one() == "published"
            digests.append(session.scalars(select(Publication.digest)).one())
    untouched.dispose()
    assert digests[0] == digests[1]
