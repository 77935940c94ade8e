"""What a disk, a database or a machine cannot do just now: a kind for the log, a sentence, and what to do about it.

A full disk is no mistake of ours, and no traceback mends it. Here alone stands how SQLite, PostgreSQL and the system
say such things. The words of an error may hold what was being written, so nothing of them goes further than this.
"""

import errno
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from survey.i18n import Sentence
from survey.settings import SettingsError

READS_ONLY: Final = "survey: written where only reading is allowed"
"""A note on an error: the database refused it because we asked for that, so it is a mistake of ours."""


class Fault(NamedTuple):
    """Something outside this program that has to be mended, or waited for."""

    name: str
    """For logs and programs; it never changes."""
    said: Sentence
    cure: Sentence
    undone: bool = True
    """Whether what was begun is undone for sure; where a connection broke at its end, nobody can tell."""


FULL: Final = Fault(
    "disk-full",
    Sentence("The disk of the survey is full."),
    Sentence(
        "Make room on the disk of SURVEY_HOME, of the database and of temporary files (/tmp); nothing has to be "
        "started again. survey doctor says which one is full."
    ),
)
READ_ONLY: Final = Fault(
    "read-only",
    Sentence("The disk or the database of the survey can only be read at the moment."),
    Sentence(
        "A disk becomes read-only when the system finds it damaged: look at dmesg, stop survey, check and mount the "
        "disk, start again. A PostgreSQL that only copies another one takes nothing: name the first one in "
        "SURVEY_DATABASE_URL."
    ),
)
DISK: Final = Fault(
    "disk-fails",
    Sentence("The disk of the survey does not take or give what it should."),
    Sentence(
        "See with dmesg and mount whether the disk is there and whole, and with df whether it has room; survey doctor "
        "says which folder cannot be written."
    ),
    undone=False,
)
NOT_OURS: Final = Fault(
    "not-ours",
    Sentence("A file or folder of the survey belongs to another user of this machine."),
    Sentence(
        "Mostly a command was run as somebody else, such as root: survey doctor says which file it is, and whose. Give "
        "it back with chown; nothing has to be started again."
    ),
)
MOVED: Final = Fault(
    "database-moved",
    Sentence("The file of the database is not where it was."),
    Sentence(
        "Put it back under its name, or mount the disk on which it lies, and start survey serve again. Until then run "
        "no survey init."
    ),
)
DAMAGED: Final = Fault(
    "database-damaged",
    Sentence("The database of the survey is damaged."),
    Sentence("Stop survey, keep a copy of SURVEY_HOME, and restore the newest backup into a new one."),
    undone=False,
)
AWAY: Final = Fault(
    "database-away",
    Sentence("The database of the survey cannot be reached."),
    Sentence(
        "See that the database server runs and lets survey in; survey doctor says what it answers. Once it does, "
        "survey goes on by itself."
    ),
    undone=False,
)
FORGETS: Final = Fault(
    "database-forgets",
    Sentence("The database server can lose what it has acknowledged."),
    Sentence(
        "Set fsync = on and full_page_writes = on in its settings, and let it read them (SELECT pg_reload_conf()). "
        "Nothing has to be started again."
    ),
)
CROWDED: Final = Fault(
    "crowded",
    Sentence("More is asked of the server at once than it can do."),
    Sentence(
        "If this stays, give it more memory, more connections (max_connections) or more open files, or let survey "
        "serve use fewer processes and threads."
    ),
)
BUSY: Final = Fault(
    "busy",
    Sentence("Somebody else was at work in the database for too long."),
    Sentence("If this stays, end whatever else has the database open: a copy that is being made, or another program."),
)
FAULTS: Final = (FULL, READ_ONLY, DISK, NOT_OURS, MOVED, DAMAGED, AWAY, FORGETS, CROWDED, BUSY)

SYSTEM: Final[Mapping[int, Fault]] = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EIO: DISK,
    errno.ESTALE: DISK,
    errno.EACCES: NOT_OURS,
    errno.EPERM: NOT_OURS,
    errno.EMFILE: CROWDED,
    errno.ENFILE: CROWDED,
    errno.ENOMEM: CROWDED,
}
MOVED_CODE: Final = 1032
"""SQLITE_READONLY_DBMOVED: the one kind of "read only" that is none."""
SQLITE: Final[Mapping[int, Fault]] = {
    5: BUSY,
    6: BUSY,
    7: CROWDED,
    8: READ_ONLY,
    10: DISK,
    11: DAMAGED,
    13: FULL,
    14: DISK,
    26: DAMAGED,
}
"""By primary result code (sqlite.org/rescode.html)."""
STATES: Final[Mapping[str, Fault]] = {
    "25006": READ_ONLY,
    "53100": FULL,
    "53": CROWDED,
    "08": AWAY,
    "28": AWAY,
    "3D": AWAY,
    "57P": AWAY,
    "57014": BUSY,
    "55P03": BUSY,
    "40": BUSY,
    "58": DISK,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
"""By the longest beginning of PostgreSQL's SQLSTATE (its manual, appendix A)."""
TOO_MANY: Final = ("too many clients", "too many connections", "remaining connection slots")
"""What PostgreSQL says, in English at least, where it opens no connection: the driver gives that no number."""


OFF: Final = Sentence(
    "The database server runs with %(setting)s = off and can lose answers it has acknowledged. "
    "Set %(setting)s = on in postgresql.conf and let the server read it (SELECT pg_reload_conf())."
)

READABLE: Final = Sentence(
    "The connection to the database server %(host)s is not encrypted: others could read along. Let the server speak "
    "TLS. %(cure)s"
)
ENCRYPT: Final = Sentence(
    "Write ?sslmode=verify-full&sslrootcert=system at the end of SURVEY_DATABASE_URL; for an authority of your own, "
    "the file of its certificate in place of system. Where it is a network inside this machine, write ?sslmode=disable."
)


class ForgetfulError(SettingsError):
    """PostgreSQL was told not to wait for its disk (fsync, full_page_writes): nothing is acknowledged through it."""

    def __init__(self, setting: str) -> None:
        super().__init__(OFF.text, setting=setting)


class ReadableError(SettingsError):
    """Others on the way to the database server could read along: nothing is asked of it."""

    def __init__(self, host: str) -> None:
        super().__init__(READABLE.text, host=host, cure=ENCRYPT)


class MissingError(SettingsError):
    """The file of the database is not there; nothing may make an empty one in its place."""


def fault(error: BaseException | None) -> Fault | None:
    """Return what hindered, where it was nothing that this program did wrong; None where it may have been.

    >>> fault(OSError(errno.ENOSPC, "No space left on device")) is FULL, fault(KeyError("x"))
    (True, None)
    """
    for each in _chain(error):
        found = _one(each)
        if found is READ_ONLY and READS_ONLY in getattr(each, "__notes__", ()):
            return None
        if found is not None:
            return found
    return None


def kind(error: BaseException) -> str:
    """Return what a log may say of an error: its kind, and what hindered.

    >>> kind(OSError(errno.EROFS, "Read-only file system")), kind(ValueError("what she typed"))
    ('OSError (read-only)', 'ValueError')
    """
    found = fault(error)
    return type(error).__name__ + (f" ({found.name})" if found else "")


def kinds(error: BaseException) -> list[str]:
    """Return the kinds of an error and of those it was raised from, without their words."""
    return [kind(each) for each in _chain(error)]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and those it was raised from: an error of a library is often wrapped."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = getattr(error, "orig", None) or error.__cause__


def _one(error: BaseException) -> Fault | None:
    if isinstance(error, OSError):
        return SYSTEM.get(error.errno or 0)
    if isinstance(error, MemoryError):
        return CROWDED
    if isinstance(error, SettingsError):
        return {ForgetfulError: FORGETS, MissingError: MOVED, ReadableError: AWAY}.get(type(error))
    library, name = type(error).__module__.partition(".")[0], type(error).__name__
    if library == "sqlite3":
        return _of_sqlite(getattr(error, "sqlite_errorcode", 0))
    if library in {"psycopg", "psycopg_pool"}:
        return _of_postgresql(getattr(error, "sqlstate", None), name, str(error))
    # All connections are in use, and none came free in time.
    return CROWDED if (library, name) == ("sqlalchemy", "TimeoutError") else None


def _of_sqlite(code: int) -> Fault | None:
    return MOVED if code == MOVED_CODE else SQLITE.get(code & 0xFF)


def _of_postgresql(state: str | None, name: str, words: str) -> Fault | None:
    if state is None:  # there was no server to give it a number, or no connection to hand it on
        away = name in {"OperationalError", "PoolTimeout"}
        return (CROWDED if any(each in words for each in TOO_MANY) else AWAY) if away else None
    return next((STATES[state[:size]] for size in (5, 3, 2) if state[:size] in STATES), None)
