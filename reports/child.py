"""What a worker process of the pool does: it thaws the publication once, then prints one unit after another.

The limits are the process's own: a page that eats memory or time ends this process and costs one report. It has no
network, and starts nothing (`reports.alone`).
"""

import errno
import gc
import os
import resource
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from typing import Final, Protocol

from reports.alone import be_alone
from reports.slips import Slips
from reports.verify.findings import Findings
from survey.i18n import Refused, Sentence
from survey.privacy.notices import Afterwards
from survey.privacy.thaw import Publication, thaw

MISSING: Final = Sentence(
    "Printing needs system libraries. Run: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
FULL: Final = Sentence(
    "This file could not be made: there is no room on the disk. Tell whoever runs this survey, then try again."
)
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True)
class Limits:
    """What one worker may use: bytes of address space, and seconds for one document."""

    memory: int = 3 * 2**29
    seconds: float = 120.0


@dataclass
class _Work:
    """What this process has warmed up; None before `start`."""

    publication: Publication | None = None
    earlier: tuple[Publication, ...] = ()
    render: Callable[[Publication, str, str, Sequence[Publication]], bytes] | None = None
    seconds: float = 0.0
    fault: str = ""
    refused: Sentence | None = None
    """Why the publication cannot be printed at all: it was changed after it was published."""


_work = _Work()


def start(records: Sequence[tuple[bytes, str]], limits: Limits, afterwards: Afterwards) -> None:
    """Warm up once a process: limits, WeasyPrint with its fonts and styles, and the publications.

    The last of `records` is the one to print, with what was said of it `afterwards`; the others came before it.
    """
    be_alone()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        from reports.pdf import render  # noqa: PLC0415 - WeasyPrint stays out of the process that starts this one
    except OSError as error:  # Pango is missing; a worker that fails to start could not say so
        _work.fault = f"{MISSING.to('en')} ({error})"
        return
    # After the import: a library that did not fit would be told as one that is missing.
    _take_no_more_than(limits.memory)
    *earlier, asked = records
    try:
        _work.publication = thaw(*asked, afterwards)
        _work.earlier = tuple(thaw(*before) for before in earlier)
    except Refused as error:  # a worker that fails to start could not say so
        _work.refused = error.sentence
        return
    _work.render, _work.seconds = render, limits.seconds
    # One collection after each report instead of many during it: a sixth less time, the same memory.
    gc.collect()
    gc.freeze()
    gc.disable()


def _end_with_parent(folder: str = "") -> None:
    """End this process when the one that started it is gone, killed ones included; a pool's worker waits for ever.

    The `folder` that the parent would have removed goes first.
    """
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


def report(code: str, language: str) -> bytes | Sentence:
    """Return the report of one unit as a PDF, or why it is refused: its record was changed, or is not there."""
    if _work.fault:
        raise RuntimeError(_work.fault)
    if _work.refused is not None:
        return _work.refused
    if _work.publication is None or _work.render is None:
        raise RuntimeError("this worker was not started with a publication")
    try:
        with _ended_after(_work.seconds):
            pdf = _work.render(_work.publication, code, language, _work.earlier)
    except Refused as error:
        return error.sentence
    gc.collect()
    return pdf


class UnmadeError(RuntimeError):
    """A file could not be made; it says why, with a sentence that has a translation."""


class Wanted(Protocol):
    """A file that somebody asks for: light to import, and small enough to travel (`reports.wanted`)."""

    def make(self) -> bytes:
        """Return the file; whatever that needs is imported now and not before."""
        ...


def file(wanted: Wanted, folder: str, limits: Limits) -> bytes | Sentence:
    """Return a file that somebody asks for, or why it is refused; `folder` is for what it needs meanwhile.

    No exception of a library leaves this process: to read one, the web process would import the library.
    """
    be_alone()
    threading.Thread(target=_end_with_parent, args=(folder,), name="parent", daemon=True).start()
    _take_no_more_than(limits.memory)
    tempfile.tempdir = folder
    try:
        with _ended_after(limits.seconds):
            return wanted.make()
    except (MemoryError, SystemError):
        raise
    except Refused as error:
        return error.sentence
    except Exception as error:  # noqa: BLE001 - its traceback travels with what follows, as text
        if _no_room(error):
            raise UnmadeError(FULL.text) from None
        if isinstance(error, OSError) and "load library" in str(error):
            raise UnmadeError(MISSING.text) from None
        raise RuntimeError(f"{type(error).__name__}: {error}") from None


def _no_room(error: Exception) -> bool:
    """Tell whether a disk was full; xlsxwriter wraps that into an error of its own."""
    return any(isinstance(each, OSError) and each.errno in NO_ROOM for each in (error, *error.args))


def codes(slips: Slips, language: str, limits: Limits) -> bytes:
    """Return a sheet of one-use codes as a PDF."""
    be_alone()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    from reports.codes import sheet  # noqa: PLC0415 - WeasyPrint stays out of the process that starts this one

    # After the import: a library that did not fit would be told as one that is missing.
    _take_no_more_than(limits.memory)
    with _ended_after(limits.seconds):
        return sheet(slips, language)


def verified(content: bytes, limits: Limits) -> Findings | Sentence:
    """Return what a printed report and its data say of each other, or why it cannot be checked."""
    be_alone()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    from reports.verify.check import check  # noqa: PLC0415 - SciPy and a reader of PDFs stay out of whoever asks

    _take_no_more_than(limits.memory)
    with _ended_after(limits.seconds):
        try:
            return check(content)
        except Refused as error:
            return error.sentence


def _take_no_more_than(memory: int) -> None:
    """Limit the address space of this process, in bytes; where the system gives it less, that stays."""
    given = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = memory if given == resource.RLIM_INFINITY else min(memory, given)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """End this process if the block takes longer: SIGALRM's default action works in the middle of native code too."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
