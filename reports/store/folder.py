"""A folder as a store: on this machine, or one that several machines share."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EDQUOT, EEXIST, EFBIG, ENOENT, ENOSPC, ENOTEMPTY, ENOTSUP, EPERM
from pathlib import Path
from typing import Final

from reports.store.names import checked, checked_prefix
from survey.i18n import Refused

PART: Final = ".part"
LEFT_AFTER: Final = 3600.0
"""Seconds after which a piece belongs to a writer that was killed: no report takes so long."""
_NO_ROOM: Final = frozenset({ENOSPC, EDQUOT, EFBIG})
_MOVES: Final = frozenset({ENOENT, ENOTEMPTY, EEXIST})
_NO_LINKS: Final = frozenset({EPERM, ENOTSUP})


class Folder:
    """Files that only their owner can read."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        with _in_words(self.root):
            return (self.root / checked(name)).is_file()

    def names(self, prefix: str = "") -> set[str]:
        """Return the names that begin with `prefix`; pieces that killed writers have left go meanwhile."""
        with _in_words(self.root):
            return set(self._walk(checked_prefix(prefix)))

    def heads(self) -> set[str]:
        """Return the first parts of all names."""
        with _in_words(self.root):
            return {entry.name for entry in os.scandir(self.root)} if self.root.exists() else set()

    def read(self, name: str) -> bytes:
        """Return a file; raises FileNotFoundError where there is none."""
        with _in_words(self.root):
            return (self.root / checked(name)).read_bytes()

    def keep(self, name: str, content: bytes) -> bool:
        """Keep a file unless there is one; tell whether this call has kept it."""
        path = self.root / checked(name)
        with _in_words(self.root):
            self._make(path.parent)
            handle, written = tempfile.mkstemp(dir=path.parent, suffix=PART)
            piece = Path(written)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    # On the disk before it has a name: after a power cut no report may be there and empty.
                    os.fsync(file.fileno())
                return _named(piece, path)
            finally:
                piece.unlink(missing_ok=True)  # where the disk is full, room is what is needed

    def forget(self, prefix: str) -> None:
        """Remove all that begins with `prefix`; what a run writes meanwhile is left to whoever calls this again."""
        if not prefix:
            raise ValueError("a store is not emptied by a slip")
        with _in_words(self.root):
            shutil.rmtree(self.root / checked_prefix(prefix), onerror=_unless_it_moves)

    def _make(self, folder: Path) -> None:
        for each in [self.root, *reversed([up for up in (folder, *folder.parents) if self.root in up.parents])]:
            each.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _walk(self, prefix: str) -> Iterator[str]:
        folder = self.root / prefix
        with suppress(FileNotFoundError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from self._walk(f"{prefix}{entry.name}/")
                elif entry.name.endswith(PART):
                    _clear(entry)
                else:
                    yield prefix + entry.name


def _unless_it_moves(_act: object, _path: object, failed: tuple[type, BaseException, object]) -> None:
    """Pass over what is gone already, and a folder into which somebody writes; whatever else stays must be told."""
    error = failed[1]
    if not isinstance(error, OSError) or error.errno not in _MOVES:
        raise error


def _named(piece: Path, path: Path) -> bool:
    """Give a whole file its name unless another has it: a link is made by one of many, or not at all."""
    try:
        path.hardlink_to(piece)
    except FileExistsError:
        # A server of files that lost its answer and was asked again says so of our own link too.
        return piece.stat().st_nlink > 1
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            return False
        piece.replace(path)  # a file system without links: the last of two that come at once stays, with the same bytes
    return True


def _clear(entry: "os.DirEntry[str]") -> None:
    """Remove a piece whose writer was killed."""
    with suppress(FileNotFoundError):
        if time.time() - entry.stat().st_mtime > LEFT_AFTER:
            Path(entry.path).unlink()


@contextmanager
def _in_words(root: Path) -> Iterator[None]:
    """Say what hinders; FileNotFoundError stays what it is."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Refused(
                "There is no room left for reports in %(place)s. Make room, then start again: what is printed stays.",
                place=root,
            ) from error
        raise Refused(
            "The reports in %(place)s cannot be read or written (%(why)s). See that it belongs to the user of survey.",
            place=root,
            why=error.strerror,
        ) from error
