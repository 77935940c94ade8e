"""How fast reports are printed, in the same run as other ways to draw their charts, and 1,000 of them to a ZIP.

    python -m benchmarks.reports [REPORTS [EACH [ROUNDS]]]

Prints for each way reports a second and processor seconds of one, with warm processes, one a core, on the same units
(all pages, all charts, Korean): EACH (24) of them, a quarter with a warm browser, two with a process for each (one
after another, as a script would), and that for ROUNDS (2). Then it prints a company of REPORTS units (1,000) by the
product's own pool into a folder and packs the ZIP, the start of the workers counted in, and tells the memory meanwhile.
Kaleido needs `requirements/benchmarks.txt` and Debian's Chromium; where it is missing, its ways are left out. Fails
above the design's five minutes for 1,000 reports on two cores. Run it on a machine that does nothing else.
"""

import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.processes import adopt, processor_seconds, watched
from benchmarks.reports.company import frozen, thawed, with_numbers
from benchmarks.reports.ways import BROWSER, CORES, Took, Way, one_process_each, warm
from reports import archive
from reports.pool import Job, render_all
from reports.store.folder import Folder

TEAMS: Final = 100
THOUSAND_IN: Final = 300.0
DESIGNED_FOR: Final = 2
"""Cores."""
AIMS: Final[dict[Way, tuple[float, float]]] = {
    "Kaleido": (60, 20),
    "warm Kaleido": (7, 0),
    "without charts": (0.75, 0.75),
}
"""How many times as fast we want to be, on the clock and by the processor."""


def ways(each: int, rounds: int) -> None:
    """Print the table of ways, each in turn for some rounds, so that what else the machine does meets all alike."""
    source = frozen(TEAMS)
    record, codes = (source.record, source.digest), with_numbers(thawed(source))
    first, some = codes[0], codes[1:]
    took: dict[Way, list[Took]] = {}
    for _ in range(rounds):
        took.setdefault("ours", []).append(warm("ours", record, some[:each], first))
        took.setdefault("without charts", []).append(warm("without charts", record, some[:each], first))
        if find_spec("kaleido") is None or not Path(BROWSER).exists():
            continue
        took.setdefault("warm Kaleido", []).append(warm("warm Kaleido", record, some[: max(CORES, each // 4)], first))
        with tempfile.TemporaryDirectory() as folder:
            took.setdefault("Kaleido", []).append(one_process_each(record, some[:CORES], Path(folder)))
    _table({way: _sum(found) for way, found in took.items()})


def _sum(found: Sequence[Took]) -> Took:
    return Took(
        sum(one.reports for one in found), sum(one.seconds for one in found), sum(one.processor for one in found)
    )


def _table(took: dict[Way, Took]) -> None:
    ours = took["ours"]
    print(f"{'way':16} {'reports/s':>10} {'processor s each':>17} {'ours is':>10} {'by processor':>13}   aim")
    for way, one in took.items():
        clock, processor = ours.a_second / one.a_second, one.each / ours.each
        aim = "{:g} x, {:g} x".format(*AIMS[way]) if way in AIMS else ""
        print(f"{way:16} {one.a_second:10.3f} {one.each:17.3f} {clock:8.2f} x {processor:11.2f} x   {aim}")
    sys.stdout.flush()


def thousand(reports: int) -> None:
    """Print all reports of a company into a folder, pack the ZIP, and tell time and memory."""
    source = frozen(int(reports / 1.14))
    publication = thawed(source)
    jobs = [Job(unit.code, "ko") for unit in publication.units][:reports]
    with tempfile.TemporaryDirectory() as folder, watched() as looks:
        store, target, processor, start = (
            Folder(Path(folder)),
            Path(folder) / "all.zip",
            processor_seconds(),
            perf_counter(),
        )
        outcome = render_all(source, jobs, store)
        printed = perf_counter() - start
        archive.write(target, archive.pieces(store, "2026-Q4", "2026-11-13", archive.entries(publication, jobs)))
        seconds, used = perf_counter() - start, processor_seconds() - processor
        size = target.stat().st_size
    assert outcome.printed == len(jobs)
    print(f"\n{len(jobs):,} reports on {CORES} cores in {printed:.1f} s, and the ZIP of {size / 1e6:.0f} MB in")
    print(f"{seconds - printed:.1f} s: {len(jobs) / seconds:.2f} reports/s, {used / len(jobs):.3f} processor s each")
    print("memory, MB (most in each fifth of the time): " + "; ".join(_fifths(looks, seconds)))
    aim = THOUSAND_IN * DESIGNED_FOR / CORES
    if seconds / len(jobs) * 1000 > aim:
        sys.exit(f"above the target of {aim:.0f} s for 1,000 reports")


def _fifths(looks: Sequence[tuple[float, float, float]], seconds: float) -> list[str]:
    parts = [[look for look in looks if part <= look[0] / seconds * 5 < part + 1] for part in range(5)]
    return [
        f"{max(look[1] for look in part):.0f} here, {max(look[2] for look in part):.0f} in the workers"
        for part in parts
        if part
    ]


if __name__ == "__main__":
    adopt()
    reports, each, rounds = (int(text) for text in (*sys.argv[1:], *("1000", "24", "2")[len(sys.argv) - 1 :]))
    ways(each, rounds)
    thousand(reports)
