"""`survey serve` with two processes, and what starts it again whenever it has ended, as systemd does."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from benchmarks.intake.installation import Installation
from benchmarks.intake.servers import family
from tests.services.hosts import until
from tests.services.mail_process import ROOT, free_port

PROCESSES: Final = 2
PRODUCT: Final = "from survey.app import main"
"""What is run; a broken product is another one that brings a `main` along."""


class Service:
    """A service on a port of its own."""

    def __init__(self, here: Installation, log: Path, product: str = PRODUCT) -> None:
        self.port, self.log, self.starts = free_port(), log, 0
        words = ["serve", "--port", str(self.port), "--processes", str(PROCESSES)]
        self._command = [sys.executable, "-c", f"{product}; main()", *words]
        self._environment = {**os.environ, **here.environment, "PYTHONPATH": str(ROOT)}
        self._groups: list[int] = []
        self._started: subprocess.Popen[bytes] | None = None

    @property
    def master(self) -> int:
        """The process that was started last."""
        assert self._started is not None
        return self._started.pid

    def workers(self) -> list[int]:
        """Return the processes that serve, or begin to."""
        return family(self.master)[1:]

    def keep(self) -> bool:
        """Start it if it does not run; return whether it had to be started."""
        if self._started is not None and self._started.poll() is None:
            return False
        with self.log.open("ab") as log:
            self._started = subprocess.Popen(  # noqa: S603 - our own program
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self._groups.append(self._started.pid)
        self.starts += 1
        return True

    def failures(self) -> int:
        """Return how many requests of people who answer have failed by the service's own log."""
        return self.log.read_text("utf-8").count(" on responses.")

    def kill_all(self) -> None:
        """Kill every process of the service, at the same moment."""
        self._kill(self.master)
        self._wait()

    def kill_master(self) -> None:
        """Kill the process that holds the others together."""
        os.kill(self.master, signal.SIGKILL)
        self._wait()

    def end(self) -> None:
        """Leave no process behind, of whichever start."""
        for group in self._groups:
            self._kill(group)
        if self._started is not None:
            self._wait()
        until(lambda: not any(_alive(group) for group in self._groups))

    def _kill(self, group: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)

    def _wait(self) -> None:
        assert self._started is not None
        self._started.wait()


def kill(pid: int) -> None:
    """Kill a process, if nothing else has."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def stop(pid: int) -> bool:
    """Hold a process still, and return once it is, or at once where it has gone."""
    try:
        os.kill(pid, signal.SIGSTOP)
    except ProcessLookupError:
        return False
    while not (found := states(pid)) <= {"T", "Z", "X"}:
        time.sleep(0.001)
    return "T" in found


def go_on(pid: int) -> None:
    """Let a process go on that was held still."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def states(pid: int) -> set[str]:
    """Return what the threads of a process do, in the letters of /proc."""
    found = set()
    for task in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found.add(task.read_text().rpartition(")")[2].split()[0])
    return found


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
