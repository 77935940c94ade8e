"""Whether secrets are closed to everybody else: looked at before anything is served, sent or printed.

A file is open to others where its own bits let them in and every folder above it lets them pass. What every user of the
machine can reach is refused; what a group can reach may be meant so, and is told.
"""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from survey import database_file
from survey.i18n import Sentence
from survey.settings import Settings, SettingsError

ALL: Final = stat.S_IROTH | stat.S_IWOTH
GROUP: Final = stat.S_IRGRP | stat.S_IWGRP


def require_closed(settings: Settings) -> None:
    """Raise SettingsError where any user of this machine can read or write a secret or a key."""
    for path in secrets_of(settings):
        if is_reached(path, ALL, stat.S_IXOTH):
            raise SettingsError(
                "Every user of this machine can read or change %(path)s, a secret of this installation. "
                "Run: chmod 600 %(path)s",
                path=path,
            )


def at_start(settings: Settings) -> Iterator[Sentence]:
    """Say what works and is worth a look before people come; `survey doctor` says it too."""
    yield from lying_open(settings)
    if settings.base_url.startswith("https://") and not settings.proxy_hops:
        yield Sentence(
            "SURVEY_URL begins with https, but SURVEY_PROXY_HOPS is 0: cookies are not bound to https, and limits by "
            "address take the web server in front for one visitor. Set SURVEY_PROXY_HOPS=1 for one web server."
        )


def lying_open(settings: Settings) -> Iterator[Sentence]:
    """Say which secrets others than the user of survey may reach, where that may be meant so."""
    for path in secrets_of(settings):
        if is_reached(path, GROUP, stat.S_IXGRP):
            yield Sentence(
                "A group of this machine’s users can read or change %(path)s, a secret of this installation. Where "
                "that is not meant so, run: chmod 600 %(path)s",
                {"path": path},
            )
    kind = shared(settings.home)
    if kind:
        yield Sentence(
            "%(folder)s lies on a network file system (%(kind)s): only one machine may use it as SURVEY_HOME, and "
            "whoever runs that file system can read its secrets.",
            {"folder": settings.home, "kind": kind},
        )


def secrets_of(settings: Settings) -> Iterator[Path]:
    """Yield the files of secrets and keys that are there."""
    named = [settings.secret_path, *(settings.keys / "keys").rglob("*.key")]
    if settings.oidc_secret_file:
        named.append(Path(settings.oidc_secret_file))
    yield from (path for path in sorted(named) if path.is_file())


def is_reached(path: Path, bits: int, passing: int) -> bool:
    """Tell whether others can open a file: its mode has one of `bits`, and each folder above lets them pass."""
    try:
        there = path.resolve()
        open_to_them = bool(there.stat().st_mode & bits)
        return open_to_them and all(folder.stat().st_mode & passing for folder in there.parents)
    except OSError:  # a folder above that even we cannot look at lets nobody pass
        return False


def shared(folder: Path) -> str:
    """Return the kind of network file system that a folder lies on; "" where it is a disk of this machine."""
    mounts = database_file.MOUNTS.read_text() if database_file.MOUNTS.exists() else ""
    kind = database_file.file_system(folder, mounts)
    return kind if kind in database_file.NETWORK_FILE_SYSTEMS else ""
