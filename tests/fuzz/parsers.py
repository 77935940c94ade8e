"""Read changed inputs for as long as one likes: `python -m tests.fuzz.parsers roster --minutes 60`.

A reader is given good inputs, changed at random. What brings about a sentence that was not heard before is kept and
changed further. It runs in a process of its own, with limits; what ends it, or has it fail, is written into a folder
as a file. Such a file moved to `samples/NAME/` is read in every run of the tests from then on.
"""

import hashlib
import os
import resource
import secrets
import tempfile
import time
import traceback
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import click

from tests.fuzz.mutating import EVEN, changed
from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.trying import tried

MEMORY: Final = 3 << 30
"""Bytes that the process of a reader may have."""
SECONDS: Final = 10.0
"""Processor time of one input; the process is ended where its own alarm does not end it."""
PATIENCE: Final = 3
STARVED: Final = 600
"""Seconds by the clock after which a process is ended that should have come to its end."""
MOST_KEPT: Final = 400
NOW: Final = "now"
DONE: Final = "done"
FOUND: Final = "found"


class Round(NamedTuple):
    """One run of a reader's process."""

    name: str
    seed: int
    until: float
    folder: Path


def inputs(target: Target, seed: int) -> Iterator[tuple[bytes, "Pool"]]:
    """Yield inputs for ever: first the good ones, then changed ones; whoever reads them tells the pool what came."""
    draw, pool = Random(seed), Pool()  # noqa: S311 - drawn so that it can be drawn again
    begin = list(target.begin())
    for data in begin:
        yield data, pool
    while True:
        start = draw.choice(pool.kept if pool.kept and draw.random() < EVEN else begin)
        yield changed(start, target.changes, draw), pool


class Pool:
    """Inputs that brought about something that none before them did."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.heard: set[str] = set()

    def note(self, data: bytes, came: str) -> None:
        """Keep an input for what came of it."""
        if came not in self.heard and len(self.kept) < MOST_KEPT:
            self.heard.add(came)
            self.kept.append(data)


def _read(job: Round) -> None:
    """Read until the time is over; write what fails beside, once for each place in which it fails."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    target, failed, count = TARGETS[job.name], set[str](), 0
    with tempfile.TemporaryDirectory() as own, target.reading(Path(own)) as read:
        for data, pool in inputs(target, job.seed):
            if time.monotonic() >= job.until:
                break
            (job.folder / NOW).write_bytes(data)
            try:
                pool.note(data, tried(read, data, SECONDS))
            except BaseException as error:  # noqa: BLE001 - that is what is looked for
                frames = traceback.extract_tb(error.__traceback__)
                place = " ".join((type(error).__name__, *(f"{each.filename}:{each.name}" for each in frames)))
                if place not in failed:
                    failed.add(place)
                    _save(job.folder, data, traceback.format_exc())
            count += 1
            if count % 100 == 0:
                (job.folder / DONE).write_text(f"{count} {len(pool.heard)}")
        (job.folder / DONE).write_text(f"{count} {len(pool.heard)}")


def _save(folder: Path, data: bytes, why: str) -> None:
    name = hashlib.sha256(data).hexdigest()[:12]
    (folder / FOUND / name).write_bytes(data)
    (folder / FOUND / f"{name}.txt").write_text(why)


def _round(job: Round) -> tuple[int, int]:
    """Run a reader's process to its end; return how many inputs were read, and how many different things were said."""
    (job.folder / DONE).write_text("0 0")
    worker = get_context("spawn").Process(target=_read, args=(job,))
    worker.start()
    last, since = b"", 0.0
    while worker.is_alive() and time.monotonic() < job.until + STARVED:
        worker.join(SECONDS)
        now = (job.folder / NOW).read_bytes() if (job.folder / NOW).exists() else b""
        if now != last:
            last, since = now, _spent(worker.pid)
        elif _spent(worker.pid) - since > SECONDS * PATIENCE:
            break
    if worker.is_alive() or worker.exitcode:
        worker.kill()
        worker.join()
        last = (job.folder / NOW).read_bytes() if (job.folder / NOW).exists() else b""
        _save(job.folder, last, f"the process ended with {worker.exitcode}, or hung, with this input or after it")
    read, heard = (job.folder / DONE).read_text().split()
    return int(read), int(heard)


def _spent(process: int | None) -> float:
    """Return the processor time of a process: by the clock it may have waited for others."""
    try:
        user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@click.command()
@click.argument("name", type=click.Choice(sorted(TARGETS)))
@click.option("--minutes", type=float, default=1.0, show_default=True)
@click.option("--seed", type=int, default=None, help="Draw what a run before has drawn; it was printed.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where found inputs are kept.")
def main(name: str, minutes: float, seed: int | None, folder: Path | None) -> None:
    """Read changed inputs of NAME; end with 1 where one of them did what no input should."""
    kept = folder or Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    (kept / FOUND).mkdir(parents=True, exist_ok=True)
    began, count, drawn = time.monotonic(), 0, secrets.randbelow(10**9) if seed is None else seed
    while (left := minutes * 60 - (time.monotonic() - began)) > 0:
        read, heard = _round(Round(name, drawn, time.monotonic() + left, kept))
        count += read
        click.echo(f"{name}: seed {drawn}, {read} inputs, {heard} different outcomes")
        drawn += 1
    found = sorted((kept / FOUND).glob("*.txt"))
    click.echo(
        f"{name}: {count} inputs in {(time.monotonic() - began) / 60:.1f} minutes, {len(found)} found: {kept / FOUND}"
    )
    for path in found:
        click.echo(f"--- {path.stem}\n{path.read_text()}")
    raise click.exceptions.Exit(1 if found else 0)


if __name__ == "__main__":
    main()
