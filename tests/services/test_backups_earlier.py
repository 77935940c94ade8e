"""A backup of the previous version comes back into this one, on either database, and its wave goes on."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from survey.app import main
from survey.database import engine as open_engine
from survey.database import reading
from survey.i18n import Refused
from survey.migrations import current, newest, require_newest, revisions, upgrade
from survey.services import audit_log
from survey.services.backups import restoring
from survey.services.publication import publication
from survey.services.responses import responses
from survey.services.responses.replies import Accepted, Spent
from survey.services.waves import waves
from survey.settings import SettingsError
from tests.cluster import Cluster
from tests.services import rounds
from tests.services.rounds import WAVE

EARLIER: Final = Path(__file__).parent / "earlier"
FILE: Final = EARLIER / "0005.backup"
"""Made by version 0.5.0: the cast's published wave, and the next one, which is open; two have answered it."""
KNOWN: Final[dict[str, Any]] = json.loads((EARLIER / "0005.json").read_text())
NEXT: Final = rounds.plan_later("2027-Q1")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database in which nothing is, not even tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'survey.db'}"
        return
    running: Cluster = request.getfixturevalue("postgresql")
    name = running.create()
    yield running.url(name)
    running.drop(name)


@pytest.fixture
def empty(address: str) -> Iterator[Engine]:
    """Give that database."""
    opened = open_engine(address)
    yield opened
    opened.dispose()


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """Give the mirror of the keys."""
    for name, key in KNOWN["keys"].items():
        path = tmp_path / "mirror" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes.fromhex(key))
    return tmp_path / "mirror" / "keys" / "backup"


def restore(engine: Engine, home: Path, mirror: Path, now: dt.datetime) -> restoring.Restored:
    """Restore as the command does."""
    revision = restoring.revision_of(FILE, revisions())
    upgrade(engine, revision)
    return restoring.restore(engine, home, FILE, now, revision=revision, copies=mirror, then=lambda: upgrade(engine))


def test_a_backup_of_the_previous_version_comes_back_whole(empty: Engine, home: Path, mirror: Path) -> None:
    """Its tables are brought to this version's: publication, receipts and log are there, and the open wave goes on."""
    back = restore(empty, home, mirror, NEXT.opens_at)
    assert (back.without, back.closed, current(empty)) == ((), (), newest())
    with reading(empty) as session:
        assert publication.publication(session, WAVE).digest == KNOWN["publication"]
        assert all(responses.counted(session, each) == WAVE for each in KNOWN["receipts"])
        assert all(responses.counted(session, each) == NEXT.code for each in KNOWN["open"])
        assert audit_log.verify(session).whole
    assert rounds.look(empty, KNOWN["codes"]["Di"], NEXT.opens_at) == Spent(NEXT.code)
    form = rounds.sent(KNOWN["codes"]["Fay"])
    assert rounds.answer(empty, form, NEXT.opens_at) == Accepted(NEXT.code, form.receipt)
    rounds.close(empty, NEXT.closes_at + responses.GRACE, NEXT.code)
    with reading(empty) as session:
        assert len(list(responses.answer_rows(session, waves.wave(session, NEXT.code)))) == len(KNOWN["open"]) + 1


def test_the_command_needs_no_other_version(address: str, tmp_path: Path, mirror: Path) -> None:
    """`survey restore` makes the tables that the file is of, and brings them to those of today."""
    environment = {"SURVEY_HOME": str(tmp_path / "home"), "SURVEY_DATABASE_URL": address}
    words = ["--lang", "en", "restore", str(FILE), "--keys", str(mirror)]
    said = CliRunner().invoke(main, words, env=environment)
    assert said.exit_code == 0, said.output
    assert "is restored. Everybody signs in again." in said.output
    opened = open_engine(address)
    assert current(opened) == newest()
    opened.dispose()


def test_what_is_interrupted_before_the_migrations_goes_on_with_them(empty: Engine, home: Path, mirror: Path) -> None:
    """The rows are in: the database is one of the earlier version, which nothing opens but `survey migrate`."""

    def killed() -> None:
        raise KeyboardInterrupt

    upgrade(empty, "0005")
    with pytest.raises(KeyboardInterrupt):
        restoring.restore(empty, home, FILE, NEXT.opens_at, revision="0005", copies=mirror, then=killed)
    with pytest.raises(SettingsError, match="Run: survey migrate"):
        require_newest(empty)
    upgrade(empty)
    with reading(empty) as session:
        assert publication.publication(session, WAVE).digest == KNOWN["publication"]
        assert all(responses.counted(session, each) for each in KNOWN["receipts"] + KNOWN["open"])


def test_a_backup_of_a_version_that_is_not_known_is_refused(tmp_path: Path) -> None:
    """One of a later version, or of one that is too old, is told before anything is made."""
    for known in (["0001"], ["0001", "0002", "0003", "0004"]):
        with pytest.raises(Refused, match="another version"):
            restoring.revision_of(FILE, known)
    assert not list(tmp_path.iterdir())
