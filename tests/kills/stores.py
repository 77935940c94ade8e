"""The two databases as the drill sees them: who is writing right now, what can be killed, and whether all is whole."""

import shutil
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks.intake.installation import WAVE
from survey.services.invitations.codes import receipt_hash
from tests.cluster import Cluster
from tests.kills.serving import go_on, kill, stop
from tests.services.hosts import until

RESERVED: Final = 0x40000001
"""The byte of SQLite's file that whoever writes has locked."""
LOCKS: Final = Path("/proc/locks")
WRITING: Final = (
    "SELECT pid, xact_start, state_change FROM pg_stat_activity"
    " WHERE datname = current_database() AND state = 'idle in transaction' AND backend_xid IS NOT NULL"
)
SERVING: Final = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
INDEXES: Final = (
    "SELECT bt_index_check(oid, true) FROM pg_class WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace"
)
ROWS: Final = (
    "SELECT found.* FROM pg_class, verify_heapam(oid) AS found"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)

SERVER: Final = {"backend": 5, "server": 4}
"""What is done to a database server."""


class SqliteStore:
    """A file, and its journal."""

    name: Final = "SQLite"
    kinds: Final[Mapping[str, int]] = {"worker": 8, "writer": 6, "stall": 6, "wait": 1, "master": 2, "group": 2}
    """What is done, and how often in a round of 25."""

    def __init__(self, home: Path) -> None:
        self.file, self.url = home / "survey.db", f"sqlite:///{home / 'survey.db'}"

    def writer(self, workers: Sequence[int]) -> int | None:
        """Hold still a worker that holds the lock; None where none does at this moment."""
        for pid in workers:
            if stop(pid):
                if self._locked_by(pid):
                    return pid
                go_on(pid)
        return None

    def copy(self, where: Path) -> Path:
        """Copy what lies on the disk, as it lies there."""
        for file in (self.file, Path(f"{self.file}-journal")):
            with suppress(FileNotFoundError):
                shutil.copyfile(file, where / file.name)
        return where / self.file.name

    def damage(self) -> list[str]:
        """Return what does not fit together."""
        return damage(self.file)

    def _locked_by(self, pid: int) -> bool:
        inode = self.file.stat().st_ino
        held = [line.split()[3:] for line in LOCKS.read_text().splitlines() if "POSIX" in line and "->" not in line]
        return any(
            kind == "WRITE" and int(owner) == pid and int(place.rpartition(":")[2]) == inode and int(first) <= RESERVED
            for kind, owner, place, first, _last in held
        )


class PostgresStore:
    """A database on a server of its own."""

    name: Final = "PostgreSQL"
    kinds: Final[Mapping[str, int]] = {"worker": 6, "writer": 3, "stall": 4, "master": 1, "group": 2} | SERVER

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.database = cluster, cluster.create()
        self.url = cluster.url(self.database)

    def writer(self, workers: Sequence[int]) -> int | None:
        """Hold still a worker that is inside a transaction which has written; None where none is at this moment."""
        for pid in workers:
            if stop(pid):
                # What another worker does goes on: only what stands still is this one's.
                first = self._ask(WRITING)
                still = set(first) & set(self._ask(WRITING)) if first else set()
                if still:
                    return pid
                go_on(pid)
        return None

    def kill_backend(self, which: float) -> None:
        """Kill a process of the server that serves ours; the server then starts all of them anew, from its log."""
        found = sorted(self._ask(SERVING))
        if found:
            kill(int(found[int(which * len(found))][0]))

    def restart(self) -> None:
        """Stop the server as a crash does, and start it again."""
        self.cluster.stop()
        self.cluster.start()

    def damage(self) -> list[str]:
        """Return what does not fit together: indexes against tables, and the rows themselves."""
        with self._connected() as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            try:
                connection.execute(INDEXES)
                return [str(row) for row in connection.execute(ROWS)]
            except psycopg.Error as error:
                return [str(error)]

    def _connected(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(host=str(self.cluster.folder), user="postgres", dbname=self.database)

    def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        answers: list[list[tuple[Any, ...]]] = []

        def asked() -> bool:
            with suppress(psycopg.OperationalError), self._connected() as connection:  # it may be recovering
                answers.append(connection.execute(statement.encode()).fetchall())
            return bool(answers)

        until(asked)
        return answers[0]


def damage(file: Path) -> list[str]:
    """Return what does not fit together in a file of SQLite, which is opened as after a crash."""
    with closing(sqlite3.connect(file)) as opened:
        try:
            found = [str(row) for row in opened.execute("PRAGMA integrity_check")]
            return [each for each in found if each != "('ok',)"] + [
                str(row) for row in opened.execute("PRAGMA foreign_key_check")
            ]
        except sqlite3.DatabaseError as error:
            return [str(error)]


def arrived(file: Path, receipts: Collection[str]) -> set[str]:
    """Return those of the receipts whose answers a file of SQLite holds, of a wave that is open."""
    with closing(sqlite3.connect(file)) as opened:
        hashes = {bytes(digest) for (digest,) in opened.execute("SELECT receipt_hash FROM intake")}
    return {each for each in receipts if receipt_hash(WAVE, each) in hashes}


Store = SqliteStore | PostgresStore
