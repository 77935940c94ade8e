"""A backup that is killed half way leaves the one before it, and nothing that anybody could take for a backup."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from survey.services.backups import backup_file
from survey.services.filing.files import write_whole
from tests.services import rounds
from tests.services.installations import answer_all, back_up
from tests.services.mail_process import ROOT

KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from survey.database import engine
from tests.services.installations import back_up
url, home, at = sys.argv[1:]
opened = engine(url)

@event.listens_for(opened, "before_cursor_execute")
def die(connection, cursor, statement, parameters, context, many):
    if at in statement:
        os.kill(os.getpid(), signal.SIGKILL)

back_up(opened, Path(home))
"""


def killed_at(statement: str, environment: dict[str, str], home: Path) -> None:
    """Run a backup in a process of its own that is killed before it sends a statement."""
    command = [sys.executable, "-c", KILLED, environment["SURVEY_DATABASE_URL"], str(home), statement]
    died = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - our own program
    assert died.returncode == -signal.SIGKILL


def test_the_backup_before_stays_until_the_new_one_is_whole(
    engine: Engine, home: Path, environment: dict[str, str]
) -> None:
    """Whenever a run is killed, the file is a whole backup, the older or the newer, and the next run clears up."""
    answer_all(engine, dict(list(rounds.open_cast(engine, home).items())[:3]))
    file = home.parent / "all.backup"
    before = back_up(engine, home).digest
    for statement in ("FROM roster_entry", "FROM intake"):
        killed_at(statement, environment, home)
        assert backup_file.digest(file) == before
    killed_at("INTO audit_entry", environment, home)
    assert backup_file.digest(file) != before
    again = back_up(engine, home).digest
    assert backup_file.digest(file) == again
    assert list(home.parent.glob(".*.part")) == []


def test_a_file_that_is_being_written_is_not_cleared_away(tmp_path: Path) -> None:
    """A second run beside a first one removes nothing of it; what nobody writes any more goes."""
    file = tmp_path / "all.backup"
    abandoned = tmp_path / ".all.backup-dead.part"
    abandoned.write_bytes(b"half")
    other = tmp_path / ".other.backup-dead.part"
    other.write_bytes(b"half")

    def first() -> Iterator[bytes]:
        yield b"fi"
        write_whole(file, [b"second"])
        yield b"rst"

    write_whole(file, first())
    assert file.read_bytes() == b"first"
    assert sorted(path.name for path in tmp_path.iterdir()) == [other.name, file.name]
