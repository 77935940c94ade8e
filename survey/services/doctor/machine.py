"""The machine: who can read the home folder and the secret, room on the disk, and how pages are reached."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from survey.faults import READ_ONLY
from survey.i18n import Sentence
from survey.services.doctor.check import Check, fail, ok, warn
from survey.settings import Settings, SettingsError

OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
FOUND_BY_FSCK: Final = "lost+found"
"""Root's, at the head of every disk."""
MEGABYTE: Final = 1 << 20
LEAST_ROOM: Final = 200 * MEGABYTE
PER_PERSON: Final = 20 * 1024
"""Bytes of disk: a sealed answer (8 KB), its copy while a wave is unsealed, a letter kept as a file."""
PER_UNIT: Final = 2 * 400 * 1024
"""Bytes of disk: a report in two languages."""


def home(folder: Path, name: str = "home") -> Check:
    """Look who can read and write the home folder, or the folder of the keys."""
    if not os.path.isdir(folder):  # noqa: PTH112 - a Path raises where a folder above lets nobody pass
        return fail(
            name,
            Sentence("%(folder)s does not exist, or cannot be reached."),
            Sentence("Run: survey init, as the user who runs survey."),
            folder=folder,
        )
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return _unwritable(folder, name)
    if folder.stat().st_mode & OTHERS:
        return fail(
            name,
            Sentence("%(folder)s is open to other users of this machine: keys and roster lie there."),
            Sentence("Run: chmod 700 %(folder)s"),
            folder=folder,
        )
    theirs = next(_of_others(folder), None)
    if theirs is not None:
        return fail(
            name,
            Sentence("%(path)s cannot be used by %(user)s, because it belongs to %(owner)s, who has run a command."),
            Sentence("Run as root: chown -R %(user)s %(folder)s. From then on run commands as %(user)s only."),
            path=theirs,
            folder=folder,
            user=_called(_user_of(folder)),
            owner=_called(theirs.lstat().st_uid),
        )
    return ok(name, Sentence("%(folder)s can be written, and is closed to others."), folder=folder)


def _unwritable(folder: Path, name: str) -> Check:
    """Say why a folder that is there cannot be written."""
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return fail(name, READ_ONLY.said, READ_ONLY.cure)
    owner = folder.stat().st_uid
    if owner == os.geteuid():
        return fail(
            name, Sentence("%(folder)s cannot be written."), Sentence("Run: chmod 700 %(folder)s"), folder=folder
        )
    return fail(
        name,
        Sentence("%(folder)s belongs to %(owner)s, and %(user)s cannot write it."),
        Sentence(
            "Run survey as %(owner)s; where it is %(user)s who runs survey, run as root: chown -R %(user)s %(folder)s"
        ),
        folder=folder,
        owner=_called(owner),
        user=_called(os.geteuid()),
    )


def _user_of(folder: Path) -> int:
    """Return the number of the user who runs survey: whoever asks, or as root the owner of the folder."""
    return os.geteuid() or folder.stat().st_uid


def _of_others(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder and cannot be used by the user of survey, because it is somebody else's.

    What belongs to somebody else and can be used all the same (a folder that a group shares) is none. Of root it cannot
    be asked what others may do, so owners are compared; to root itself everything is open.
    """
    user = _user_of(folder)
    if not user:
        return
    for above, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if each != FOUND_BY_FSCK]
        for name in (*folders, *files):
            path = Path(above, name)
            with suppress(OSError):  # it is gone by now
                owner = path.lstat().st_uid
                asked = os.R_OK | os.W_OK | (os.X_OK if name in folders else 0)
                if owner != user and not path.is_symlink() and not (os.geteuid() and os.access(path, asked)):
                    yield path


def _called(user: int) -> str:
    """Return the name of a user of this machine, or the number of one who has none (as in a container)."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def secret(settings: Settings) -> Check:
    """Look whether the secret is there, whole, and closed to others."""
    try:
        settings.secret()
    except SettingsError as error:
        return fail("secret", Sentence(error.text, error.facts))
    path = settings.secret_path
    if path.stat().st_mode & OTHERS:
        return fail(
            "secret",
            Sentence("Other users of this machine can read the secret: they could sign in as anybody."),
            Sentence("Run: chmod 600 %(path)s"),
            path=path,
        )
    return ok("secret", Sentence("The secret is whole, and closed to others."))


def needed(database: int, people: int, units: int) -> int:
    """Return how many bytes a wave takes: twice the database again (its close rewrites it), answers and reports.

    >>> needed(0, 0, 0) // MEGABYTE, needed(300 * MEGABYTE, 20_000, 1_000) // MEGABYTE
    (200, 1971)
    """
    return LEAST_ROOM + 2 * database + people * PER_PERSON + units * PER_UNIT


def disk(free: int, wanted: int) -> Check:
    """Look whether a wave has room."""
    facts = {"free": f"{free // MEGABYTE:,}", "wanted": f"{wanted // MEGABYTE:,}"}
    said = Sentence("%(free)s MB are free for SURVEY_HOME; a wave takes up to %(wanted)s MB.")
    cure = Sentence("Make room, or move SURVEY_HOME to a larger disk, before a wave opens.")
    if free < LEAST_ROOM // 2:
        return fail("disk", said, cure, **facts)
    return ok("disk", said, **facts) if free >= wanted else warn("disk", said, cure, **facts)


def free(folder: Path) -> int:
    """Return how many bytes are free where a folder lies, or will lie."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def address(url: str, hops: int) -> Check:
    """Look whether pages are reached encrypted, through a proxy that the app knows of."""
    where = urlsplit(url)
    if _is_here(where.hostname or ""):
        return warn(
            "address",
            Sentence("Letters point to %(url)s, which opens on this machine only."),
            Sentence("Set SURVEY_URL to the address that people open."),
            url=url,
        )
    if where.scheme != "https":
        return fail(
            "address",
            Sentence("Letters point to %(url)s: without https codes and passwords cross the network for all to read."),
            Sentence("Put a web server with https in front, and set SURVEY_URL to its address."),
            url=url,
        )
    if not hops:
        return warn(
            "address",
            Sentence("SURVEY_URL begins with https, but no proxy is named that speaks it for survey."),
            Sentence("Set SURVEY_PROXY_HOPS=1 for one web server in front; else sign-ins are not bound to https."),
        )
    return ok("address", Sentence("Letters point to %(url)s, through %(hops)s proxies."), url=url, hops=hops)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
