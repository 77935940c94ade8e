"""Servers as processes of their own: started, watched, ended."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

from benchmarks.intake.clients import ROOT
from benchmarks.intake.installation import Installation
from tests.services.mail_process import free_port

TICKS: Final = os.sysconf("SC_CLK_TCK")
PATIENCE: Final = 60.0
POLL: Final = 0.01


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    process: "subprocess.Popen[str]"
    port: int
    started: float
    """Seconds from the command to the first page."""

    def processes(self) -> list[int]:
        """Return the server's process, and those that it started."""
        return family(self.process.pid)

    def worked(self) -> float:
        """Return the seconds of the processor that all of them have taken."""
        return worked(self.processes())

    def files(self) -> int:
        """Return how many files, connections among them, all of them have open."""
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self.processes())

    def memory(self) -> tuple[float, float]:
        """Return the megabytes that all of them hold: resident, and with what is shared counted in shares."""
        resident = shared = 0
        for pid in self.processes():
            lines = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
            facts = {line[0]: int(line[1]) for line in lines}
            resident, shared = resident + facts["Rss:"], shared + facts["Pss:"]
        return resident / 1024, shared / 1024


def family(first: int) -> list[int]:
    """Return a process and those that it started, and so on."""
    pids = [first]
    for pid in pids:
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            pids += [int(child) for task in tasks for child in task.read_text().split()]
    return pids


def worked(processes: list[int]) -> float:
    """Return the seconds of the processor that processes have taken."""
    facts = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes]
    return sum(int(fact[11]) + int(fact[12]) for fact in facts) / TICKS


@contextmanager
def product(here: Installation, processes: int = 1) -> Iterator[Server]:
    """Run `survey serve`, with so many processes."""
    port = free_port()
    words = ["serve", "--port", str(port), "--processes", str(processes)]
    command = [sys.executable, "-c", "from survey.app import main; main()", *words]
    with _run(command, {**os.environ, **here.environment}, "", port, "/s") as server:
        yield server


@contextmanager
def bare(here: Installation, pages: Path, how: str) -> Iterator[Server]:
    """Run the bare page."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.intake.bare", here.url, str(pages), str(port), how]
    with _run(command, dict(os.environ), here.pepper.hex() + "\n", port, "/entry") as server:
        yield server


@contextmanager
def _run(command: list[str], environment: dict[str, str], told: str, port: int, path: str) -> Iterator[Server]:
    start = perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own programs
        command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        process.stdin.write(told)
        process.stdin.flush()
        try:
            _until(process, port, path, start)
            yield Server(process, port, perf_counter() - start)
        finally:
            process.terminate()


def _until(process: "subprocess.Popen[str]", port: int, path: str, start: float) -> None:
    """Wait for the first page."""
    while process.poll() is None and perf_counter() - start < PATIENCE:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as page:
                page.read()
                return
        except (TimeoutError, OSError):
            sleep(POLL)
    raise RuntimeError(" ".join(process.args if isinstance(process.args, list) else []))
