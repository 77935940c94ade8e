"""Many reports on all cores, without weight in the process that asks: spawned single-worker pools, one a slot.

A report is a pure function of publication, unit, language and edition, so its file is its own record: what is there is
not printed again, and a run that was killed goes on where it stopped. A worker that dies costs one report: it is
tried once more in a fresh one, then set aside with its reason.

The web process may import this module: WeasyPrint is imported in the workers only.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from reports import child
from reports.child import Limits
from reports.edition import edition
from reports.slips import Slips
from reports.trend import chain
from survey.privacy.notices import NOTHING, Afterwards, told_digest
from survey.privacy.thaw import Publication

TRIES: Final = 2
FRESH_AFTER: Final = 250
"""Reports after which a worker is replaced by a fresh one, so that nothing can pile up in it."""
SHORT: Final = 12
ENDED: Final = (BrokenProcessPool, MemoryError, SystemError)
"""What a worker at its limits ends with: killed, or left by native code that got no memory. A fresh one takes over."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

Progress = Callable[[int, int], None]
"""Called after each report with how many are done, and how many there are."""


@dataclass(frozen=True)
class Frozen:
    """A publication as it travels: its record and its digest, and those of the publications before it."""

    record: bytes
    digest: str
    earlier: tuple[tuple[bytes, str], ...] = ()
    afterwards: Afterwards = NOTHING

    @property
    def key(self) -> str:
        """The digest that names the files: a report with an erratum is another file than the one without."""
        return told_digest(self.digest, self.afterwards)

    @property
    def records(self) -> tuple[tuple[bytes, str], ...]:
        """All of them, the earliest first."""
        return (*self.earlier, (self.record, self.digest))


def frozen(publication: Publication, others: Sequence[Publication], units: Collection[str] | None = None) -> Frozen:
    """Return a publication with those of `others` that came before it, ready to travel.

    Where only some `units` are printed, it travels with what their reports tell, and not with thousands of others.
    """
    earlier = tuple(before.frozen(units) for before in chain(publication, others))
    return Frozen(*publication.frozen(units), earlier, publication.afterwards)


@dataclass(frozen=True)
class Job:
    """One report."""

    code: str
    language: str


@dataclass(frozen=True)
class SetAside:
    """A report that could not be made, and why."""

    job: Job
    why: str


@dataclass
class Outcome:
    """What came of a run."""

    printed: int = 0
    kept: int = 0
    set_aside: list[SetAside] = field(default_factory=list)


def place(folder: Path, digest: str, job: Job) -> Path:
    """Return where the report of `job` is kept: `folder`/digest/language/unit-edition.pdf.

    >>> place(Path("reports"), "a" * 64, Job("../x", "ko")).parts[:3]
    ('reports', 'aaaaaaaaaaaa', 'ko')
    """
    name = job.code if _PLAIN.fullmatch(job.code) else sha256(job.code.encode()).hexdigest()[:32]
    return folder / digest[:SHORT] / job.language / f"{name}-{edition()}.pdf"


def render_all(
    frozen: Frozen,
    jobs: Iterable[Job],
    folder: Path,
    progress: Progress | None = None,
    slots: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> Outcome:
    """Print what is not yet there, on `slots` workers (one a core), and tell what came of it."""
    wanted = list(dict.fromkeys(jobs))
    missing = [job for job in wanted if not place(folder, frozen.key, job).exists()]
    outcome = Outcome(kept=len(wanted) - len(missing))
    tell = progress or (lambda _done, _all: None)
    tell(outcome.kept, len(wanted))
    with _slots(frozen, limits, min(slots or os.cpu_count() or 1, len(missing))) as (threads, free):
        waiting = {threads.submit(_print, free, frozen.key, job, folder): job for job in missing}
        for done, finished in enumerate(as_completed(waiting), 1):
            why = finished.result()
            if why:
                outcome.set_aside.append(SetAside(waiting[finished], why))
            else:
                outcome.printed += 1
            tell(outcome.kept + done, len(wanted))
    return outcome


def render_one(frozen: Frozen, job: Job, folder: Path, limits: Limits = Limits()) -> Path:  # noqa: B008 - a frozen value
    """Return the file of one report, printing it first where it is not there; raises RuntimeError with the reason."""
    outcome = render_all(frozen, [job], folder, slots=1, limits=limits)
    if outcome.set_aside:
        raise RuntimeError(outcome.set_aside[0].why)
    return place(folder, frozen.key, job)


def forget_others(folder: Path, told: Collection[str]) -> None:
    """Remove the kept reports of all that is told no more; `told` are the digests of what is."""
    names = {digest[:SHORT] for digest in told}
    for kept in folder.iterdir() if folder.is_dir() else ():
        if kept.name not in names:
            # A run that is still printing may write meanwhile: whoever calls this again takes what is left.
            shutil.rmtree(kept, ignore_errors=True)


def print_codes(slips: Slips, language: str, limits: Limits = Limits()) -> bytes:  # noqa: B008 - a frozen value
    """Return a sheet of one-use codes as a PDF, printed in a worker; it is kept nowhere."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as worker:
        return worker.submit(child.codes, slips, language, limits).result()


class _Slot:
    """One worker process at a time, and a fresh one when it dies."""

    def __init__(self, frozen: Frozen, limits: Limits) -> None:
        self._frozen, self._limits = frozen, limits
        self._pool: ProcessPoolExecutor | None = None

    def make(self, job: Job) -> bytes:
        """Return one report; raises whatever the worker raised, or BrokenProcessPool where it died."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=get_context("spawn"),
                initializer=child.start,
                initargs=(self._frozen.records, self._limits, self._frozen.afterwards),
                max_tasks_per_child=FRESH_AFTER,
            )
        try:
            return self._pool.submit(child.report, job.code, job.language).result()
        except ENDED:
            self.close()
            raise

    def close(self) -> None:
        """End the worker."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


@contextmanager
def _slots(frozen: Frozen, limits: Limits, count: int) -> Iterator[tuple[ThreadPoolExecutor, "SimpleQueue[_Slot]"]]:
    free: SimpleQueue[_Slot] = SimpleQueue()
    made: Sequence[_Slot] = [_Slot(frozen, limits) for _ in range(count)]
    for slot in made:
        free.put(slot)
    with ThreadPoolExecutor(max_workers=max(1, count)) as threads:
        try:
            yield threads, free
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
        finally:
            for slot in made:
                slot.close()


def _print(free: "SimpleQueue[_Slot]", digest: str, job: Job, folder: Path) -> str:
    """Print one report with a free slot and keep it; return "" or why it could not be printed."""
    slot, why = free.get(), ""
    try:
        for _ in range(TRIES):
            try:
                keep(place(folder, digest, job), slot.make(job))
            except ENDED:
                why = "the worker ended: out of time or memory"
            except Exception as error:  # noqa: BLE001 - one report that fails must not end the run; it is told
                why = f"{type(error).__name__}: {error}"
            else:
                return ""
        return why
    finally:
        free.put(slot)


def keep(path: Path, pdf: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    for folder in (path.parents[2], path.parents[1], path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
