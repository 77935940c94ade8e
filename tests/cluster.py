"""A throw-away PostgreSQL: Debian's server on a folder of its own, reached through a Unix socket, gone afterwards."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

INSTALLED: Final = Path("/usr/lib/postgresql")
PATIENCE: Final = "600"
"""Seconds in which it starts or stops: it makes good what a crash left, on a machine that may have much else to do."""


class NoServerError(Exception):
    """PostgreSQL is not installed; the text says what to do."""


@dataclass(frozen=True)
class Cluster:
    """A running server; databases are made and dropped by name."""

    folder: Path
    options: str = ""
    """Of postgres, with which it is started."""

    def start(self) -> None:
        """Start the server, and wait until it answers; after a crash it first makes good what it has logged."""
        self._control("-l", self.folder / "log", "-o", self.options, "start")

    def runs(self) -> bool:
        """Tell whether the server runs, or tries to."""
        return (self.folder / "data" / "postmaster.pid").exists()

    def boot(self) -> None:
        """Start the server after `kill`: nobody has the number of the old one any more, collected or not."""
        for lock in (self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)
        self.start()

    def stop(self) -> None:
        """Stop the server as a crash does: nothing is written down any more, nobody is waited for."""
        self._control("-m", "immediate", "stop")

    def kill(self) -> None:
        """Kill all processes of the server at once, and wait until they are gone: the end of its machine."""
        master = int((self.folder / "data" / "postmaster.pid").read_text("ascii").split()[0])
        doomed = [master, *_children(master)]
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(_lives(pid) for pid in doomed):
            time.sleep(0.01)

    def url(self, name: str) -> str:
        """Return the SQLAlchemy address of the database `name`."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a database as a copy of `template` and return its name."""
        name = f"t_{secrets.token_hex(6)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove the database `name`, whoever is still connected."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def admin(self, name: str) -> "psycopg.Connection[tuple[object, ...]]":
        """Connect to the database `name` as its administrator does, past survey."""
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=name, autocommit=True)

    def _control(self, *words: Path | str) -> None:
        _run(_binaries() / "pg_ctl", "-D", self.folder / "data", "-w", "-t", PATIENCE, *words)

    def _execute(self, statement: str) -> None:
        with self.admin("postgres") as connection:
            connection.execute(statement.encode())


@contextmanager
def cluster(options: str = "", where: Path | None = None) -> Iterator[Cluster]:
    """Start a server, with more `options` of postgres where given, and stop it at the end.

    Args:
        options: words of a command line
        where: a folder in which it keeps everything, with a path of 60 bytes at most

    Raises:
        NoServerError: PostgreSQL is not installed.
    """
    initdb = _binaries() / "initdb"
    # A socket's path has at most 107 bytes: pytest's own folders are too deep for it.
    folder = Path(tempfile.mkdtemp(prefix="survey-pg-", dir=where))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _run(initdb, "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        # Syncs stay on, as in production: the product refuses a server without them.
        plain = f"-k {folder} -c listen_addresses= -c shared_buffers=32MB -c max_connections=100 -c autovacuum=off"
        made = Cluster(folder, f"{plain} {options}")
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _children(master: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            after_name = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            found += [int(stat.parent.name)] if int(after_name[1]) == master else []
    return found


def _lives(pid: int) -> bool:
    """Tell whether a process is more than an entry that nobody has collected yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _binaries() -> Path:
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoServerError("The tests need PostgreSQL's server. Run: apt-get install postgresql")
    return found[-1].parent


def _run(*command: Path | str) -> None:
    # The server refuses to run as root; Debian's package made a user for it.
    as_root = os.geteuid() == 0
    done = subprocess.run(  # noqa: S603 - the command is ours, word by word
        [str(part) for part in command],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        user="postgres" if as_root else None,
        group="postgres" if as_root else None,
        extra_groups=[] if as_root else None,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode()}")
