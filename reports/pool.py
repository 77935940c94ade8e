"""Many reports on all cores, without weight in the process that asks: spawned single-worker pools, one a slot.

A report is a pure function of publication, unit, language and edition, so its file in the store is its own record: what
is there is not printed again, and a run that was killed goes on where it stopped, on whatever machine. A worker that
dies costs one report: it is tried once more in a fresh one, then set aside with its reason. The workers know nothing of
the store: they hand their pages back.

The web process may import this module: WeasyPrint is imported in the workers only.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from queue import SimpleQueue
from typing import Final

from reports import child
from reports.child import Limits
from reports.edition import edition
from reports.slips import Slips
from reports.store import Store
from reports.trend import chain
from survey.i18n import Refused, Sentence
from survey.privacy.notices import NOTHING, Afterwards, told_digest
from survey.privacy.thaw import Publication

TRIES: Final = 2
FRESH_AFTER: Final = 250
"""Reports after which a worker is replaced by a fresh one, so that nothing can pile up in it."""
UNPRINTED: Final = Sentence(
    "The sheet could not be printed: it took more time or memory than it may. Ask whoever runs this survey whether the "
    "machine has memory to spare, then draw it again."
)
SHORT: Final = 12
FEW: Final = 4
"""Reports that are looked for one by one; of more the store lists what it has."""
ENDED: Final = (BrokenProcessPool, MemoryError, SystemError)
"""What a worker at its limits ends with: killed, or left by native code that got no memory. A fresh one takes over."""
_PLAIN: Final = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,63}")
"""Codes that are names as they are: the disk of a Mac, or a shared drive, takes "shop" and "SHOP" for the same name."""
_HEAD: Final = re.compile(f"[0-9a-f]{{{SHORT}}}")
"""A digest at the head of a name; whatever else lies beside it is somebody else's."""

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
    """Reports that this run has kept."""
    kept: int = 0
    """Reports that were there already, or that another run kept meanwhile."""
    set_aside: list[SetAside] = field(default_factory=list)


def place(digest: str, job: Job) -> str:
    """Return under which name the report of `job` is kept: digest/language/unit-edition.pdf.

    >>> place("a" * 64, Job("../x", "ko")).split("/")[:2]
    ['aaaaaaaaaaaa', 'ko']
    """
    name = job.code if _PLAIN.fullmatch(job.code) else sha256(job.code.encode()).hexdigest()[:32]
    return f"{digest[:SHORT]}/{job.language}/{name}-{edition()}.pdf"


def there(store: Store, digest: str, jobs: Collection[Job]) -> frozenset[Job]:
    """Return those of `jobs` whose report is kept already."""
    places = {place(digest, job): job for job in jobs}
    found = filter(store.has, places) if len(places) <= FEW else store.names(f"{digest[:SHORT]}/") & places.keys()
    return frozenset(places[name] for name in found)


def render_all(
    frozen: Frozen,
    jobs: Iterable[Job],
    store: Store,
    progress: Progress | None = None,
    slots: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> Outcome:
    """Print what is not yet there, on `slots` workers (one a core), and tell what came of it.

    Raises:
        Refused: The store cannot be reached or used: what was printed until then is kept.
    """
    wanted = dict.fromkeys(jobs)
    found = there(store, frozen.key, wanted.keys())
    missing = [job for job in wanted if job not in found]
    outcome = Outcome(kept=len(wanted) - len(missing))
    tell = progress or (lambda _done, _all: None)
    before = outcome.kept
    tell(before, len(wanted))
    with _slots(frozen, limits, min(slots or os.cpu_count() or 1, len(missing))) as (threads, free):
        waiting = {threads.submit(_print, free, frozen.key, job, store): job for job in missing}
        for done, finished in enumerate(as_completed(waiting), before + 1):
            _note(outcome, waiting[finished], finished.result())
            tell(done, len(wanted))
    return outcome


def _note(outcome: Outcome, job: Job, found: "bool | str") -> None:
    if isinstance(found, str):
        outcome.set_aside.append(SetAside(job, found))
    elif found:
        outcome.printed += 1
    else:
        outcome.kept += 1


def render_one(frozen: Frozen, job: Job, store: Store, limits: Limits = Limits()) -> bytes:  # noqa: B008 - a frozen value
    """Return one report, printing it first where it is not there; raises RuntimeError with the reason."""
    outcome = render_all(frozen, [job], store, slots=1, limits=limits)
    if outcome.set_aside:
        raise RuntimeError(outcome.set_aside[0].why)
    return store.read(place(frozen.key, job))


def forget_others(store: Store, told: Collection[str]) -> None:
    """Remove the kept reports of all that is told no more; `told` are the digests of what is."""
    names = {digest[:SHORT] for digest in told}
    for head in filter(_HEAD.fullmatch, store.heads() - names):
        # A run that is still printing may write meanwhile: whoever calls this again takes what is left.
        store.forget(f"{head}/")


def print_codes(slips: Slips, language: str, limits: Limits = Limits()) -> bytes:  # noqa: B008 - a frozen value
    """Return a sheet of one-use codes as a PDF, printed in a worker; it is kept nowhere.

    Raises:
        Refused: It took more time or memory than it may, or the worker was killed, twice.
    """
    for _ in range(TRIES):
        with (
            suppress(*ENDED),
            ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as worker,
        ):
            return worker.submit(child.codes, slips, language, limits).result()
    raise Refused(UNPRINTED)


class _Slot:
    """One worker process at a time, and a fresh one when it dies."""

    def __init__(self, frozen: Frozen, limits: Limits) -> None:
        self._frozen, self._limits = frozen, limits
        self._pool: ProcessPoolExecutor | None = None

    def make(self, job: Job) -> bytes:
        """Return one report; raises whatever the worker raised, Refused too, or BrokenProcessPool where it died."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=get_context("spawn"),
                initializer=child.start,
                initargs=(self._frozen.records, self._limits, self._frozen.afterwards),
                max_tasks_per_child=FRESH_AFTER,
            )
        try:
            made = self._pool.submit(child.report, job.code, job.language).result()
        except ENDED:
            self.close()
            raise
        if isinstance(made, Sentence):
            raise Refused(made)
        return made

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


def _print(free: "SimpleQueue[_Slot]", digest: str, job: Job, store: Store) -> bool | str:
    """Print one report with a free slot and keep it; return whether this call kept it, or why it was not printed."""
    slot, why = free.get(), ""
    try:
        for _ in range(TRIES):
            try:
                return store.keep(place(digest, job), slot.make(job))
            except Refused:
                raise
            except ENDED:
                why = "the worker ended: out of time or memory"
            except Exception as error:  # noqa: BLE001 - one report that fails must not end the run; it is told
                why = f"{type(error).__name__}: {error}"
        return why
    finally:
        free.put(slot)
