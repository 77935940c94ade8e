"""Ways to print the same reports: as the product does, with charts drawn by Kaleido's browser, and without charts."""

import gc
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter
from typing import Final, Literal
from unittest.mock import patch

from benchmarks.processes import processor_seconds
from survey.privacy.thaw import Publication, thaw

Way = Literal["ours", "without charts", "warm Kaleido", "Kaleido"]
LANGUAGE: Final = "ko"
CORES: Final = os.cpu_count() or 1
BROWSER: Final = "/usr/bin/chromium"


@dataclass(frozen=True)
class Took:
    """What some reports took: on the clock, and of the processor, browsers included."""

    reports: int
    seconds: float
    processor: float

    @property
    def a_second(self) -> float:
        """Reports a second."""
        return self.reports / self.seconds

    @property
    def each(self) -> float:
        """Processor seconds of one report."""
        return self.processor / self.reports


@dataclass
class _Work:
    publication: Publication | None = None
    render: Callable[[Publication, str, str], bytes] | None = None


_work = _Work()


def start(way: Way, record: bytes, digest: str, first: str = "", all_warm: Barrier | None = None) -> None:
    """Warm up a process, for every way alike but for who draws the charts; with a first report, and for the others."""
    from reports.pdf import render  # noqa: PLC0415 - WeasyPrint is loaded in the processes that print

    warnings.simplefilter("ignore")
    if way == "without charts":
        patch("reports.context.charts_of", lambda *_: {}).start()
        patch("reports.context.trend", lambda *_: None).start()
    elif way != "ours":
        import kaleido  # noqa: PLC0415 - only these ways need it
        from plotly.io import to_image  # noqa: PLC0415 - as above

        os.environ["BROWSER_PATH"] = BROWSER
        patch("reports.figures.draw_plain", lambda plain: to_image(plain, "svg", validate=False).decode()).start()
        if way == "warm Kaleido":
            kaleido.start_sync_server(n=1, silence_warnings=True)
    _work.publication, _work.render = thaw(record, digest), render
    if first:
        report(first)
    gc.collect()
    gc.freeze()
    gc.disable()
    if all_warm is not None:
        all_warm.wait()


def report(code: str) -> int:
    """Print one report; return its bytes."""
    assert _work.publication is not None
    assert _work.render is not None
    size = len(_work.render(_work.publication, code, LANGUAGE))
    gc.collect()
    return size


def warm(way: Way, frozen: tuple[bytes, str], codes: Sequence[str], first: str) -> Took:
    """Print with one warm process a core; each prints `first` beforehand, which is not counted."""
    context = get_context("spawn")
    all_warm = context.Barrier(CORES)
    with ProcessPoolExecutor(CORES, context, start, (way, *frozen, first, all_warm)) as pool:
        list(pool.map(_nothing, range(CORES)))  # a process is started for each, and takes nothing before all are warm
        return _timed(lambda: list(pool.map(report, codes)), len(codes))


def _nothing(_: int) -> None:
    """Be done at once."""


def one_process_each(frozen: tuple[bytes, str], codes: Sequence[str], folder: Path) -> Took:
    """Print each report in a process of its own, one after another, as a script would."""
    file = folder / "record"
    file.write_bytes(frozen[0])

    def run(code: str) -> None:
        command = [sys.executable, "-m", "benchmarks.reports.ways", str(file), frozen[1], code]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own interpreter

    return _timed(lambda: list(map(run, codes)), len(codes))


def _timed(work: Callable[[], object], reports: int) -> Took:
    clock, processor = perf_counter(), processor_seconds()
    work()
    return Took(reports, perf_counter() - clock, processor_seconds() - processor)


if __name__ == "__main__":
    start("Kaleido", Path(sys.argv[1]).read_bytes(), sys.argv[2])
    report(sys.argv[3])
