"""A file that is made while somebody waits for it: by a child process, within limits, leaving nothing behind.

The web process may import this module: xlsxwriter, python-pptx and WeasyPrint are imported in the child.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Final

from reports import child
from reports.child import Limits, Wanted
from reports.pool import ENDED
from reports.store import Store
from survey import turns
from survey.i18n import Refused, Sentence

AT_ONCE: Final = min(2, os.cpu_count() or 1)
"""Children that make files, on one machine: what else it has stays free for those who answer."""
PATIENCE: Final = 20.0
"""Seconds that somebody waits for a turn."""
LONG: Final = Limits(seconds=600)
"""For what is kept: a workbook of many thousands of units takes minutes, once."""

WAIT: Final = Sentence("Other files are being made at the moment. Try again in a minute.")

_NOT_KEPT: Final = (FileNotFoundError, Refused)


class Turns:
    """So many makers at a time: of this process, and with `share` of all processes that name the same folder."""

    def __init__(self, name: str, places: int) -> None:
        self._name, self._places = name, places
        self._mine = BoundedSemaphore(places)
        self._folder: Path | None = None

    def share(self, folder: Path) -> None:
        """Take turns with the other processes of this machine."""
        self._folder = folder

    @contextmanager
    def take(self) -> Iterator[None]:
        """Have a turn as long as the block runs; raises Refused where none comes."""
        if not self._mine.acquire(timeout=PATIENCE):
            raise Refused(WAIT)
        try:
            if self._folder is None:
                yield
                return
            with turns.one_of(self._folder, self._name, self._places, PATIENCE) as had:
                if not had:
                    raise Refused(WAIT)
                yield
        finally:
            self._mine.release()


_turns: Final = Turns("making", AT_ONCE)
_long_turns: Final = Turns("making-long", 1)


def share(folder: Path) -> None:
    """Take turns with all processes of this machine that serve the same installation; `folder` is its home."""
    _turns.share(folder)
    _long_turns.share(folder)


def made(wanted: Wanted, limits: Limits = Limits()) -> bytes:  # noqa: B008 - a frozen value
    """Return a file, made in a child.

    Raises:
        Refused: It took more time or memory than a file may, or there was no room for it; what it tells was changed
            since it was made; or too many are being made.
    """
    with _turns.take():
        return _made(wanted, limits)


def kept(wanted: Wanted, store: Store, name: str) -> bytes:
    """Return a large file: the one that is kept as `name`, or one that is made now and kept there.

    `name` tells all that the file depends on. Where it cannot be kept it is handed out all the same.

    Raises:
        Refused: As `made` does.
    """
    with suppress(*_NOT_KEPT):
        return store.read(name)
    with _long_turns.take():
        with suppress(*_NOT_KEPT):  # made while we waited
            return store.read(name)
        data = _made(wanted, LONG)
        with suppress(*_NOT_KEPT):
            store.keep(name, data)
        return data


def _made(wanted: Wanted, limits: Limits) -> bytes:
    try:
        # The folder is ours and not the child's: a child that is killed cannot tidy up.
        with (
            TemporaryDirectory(prefix="survey-file-") as folder,
            ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as worker,
        ):
            found = worker.submit(child.file, wanted, folder, limits).result()
    except ENDED as error:
        raise Refused(
            "This file could not be made: it took more time or memory than a file may. Choose fewer units, or ask "
            "whoever runs this survey."
        ) from error
    except child.UnmadeError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(child.FULL) from error
    if isinstance(found, Sentence):
        raise Refused(found)
    return found
