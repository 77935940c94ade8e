"""The parent of `survey serve --processes N`: starts the processes that serve, and starts one again that died.

It runs by itself (`python -I -S supervisor.py`), from the standard library alone, and opens no database: it holds the
socket that all of them listen on, so that the port never refuses, and the memory in which they count together.
"""

import json
import mmap
import os
import signal
import struct
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

ENDS: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
DRAIN: Final = 25.0
"""Seconds that processes have to finish what they hold; they themselves allow 20."""
LONGEST_PAUSE: Final = 60.0
SILENT: Final = 20
"""Looks, one a second, without a sign of life: then a process is stuck or was stopped, and another takes its place.

Sooner than anybody gives up who waits for a lock that it may hold (survey.database: twenty seconds after a turn).
"""
COMING: Final = 300
"""Looks in which a process has to give its first one: it waits for disks and databases, on a machine that is busy."""
BEAT: Final = struct.Struct("d")


@dataclass
class Slot:
    """A place in which one process after another serves."""

    number: int
    pid: int = 0
    due: float = 0.0
    """When the next one may be started."""
    early: int = 0
    """How many in a row have ended before they served."""
    beat: float = 0.0
    silent: int = 0


@dataclass
class Supervisor:
    """Keeps a process in every slot until told to end."""

    command: list[str]
    """What serves; in its last word SLOT and ALIVE are put in."""
    count: int
    memory: int
    """File descriptor of the memory that all share; each slot's part begins with its last sign of life."""
    log: str
    slots: list[Slot] = field(init=False)
    served: bool = False
    """Whether any process has ever come to serve."""

    def __post_init__(self) -> None:
        self.slots = [Slot(number) for number in range(self.count)]
        self._shared = mmap.mmap(self.memory, 0)
        # Nobody writes into it: who reads it learns that the parent is gone, however it went.
        self._alive, self._kept_open = os.pipe()
        os.set_inheritable(self._alive, True)
        # What was ignored at the start (nohup) stays so.
        self._ends = {each for each in ENDS if signal.getsignal(each) is not signal.SIG_IGN}
        self._heard = {*self._ends, signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, self._heard)

    def run(self) -> int:
        """Return the exit code, once told to end, or where the first process of all cannot serve."""
        while True:
            self._start_due()
            heard = signal.sigtimedwait(self._heard, 1.0)
            if heard is not None and heard.si_signo in self._ends:
                return self._end(0)
            code = self._bury()
            if code is not None:
                return self._end(code)
            if heard is None:
                self._listen()

    def _start_due(self) -> None:
        for slot in self.slots:
            if not slot.pid and time.monotonic() >= slot.due:
                self._write(slot, 0.0)
                slot.beat, slot.silent = 0.0, 0
                *words, inherited = self.command
                words.append(inherited.replace("SLOT", str(slot.number)).replace("ALIVE", str(self._alive)))
                try:
                    slot.pid = os.posix_spawn(words[0], words, os.environ, setsigmask=[])
                except OSError as error:  # no memory, or too many processes: others go on serving
                    self._again(slot, error.errno or 1)

    def _bury(self) -> int | None:
        """See who has died; return an exit code where nobody ever served."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return None
            if not pid:
                return None
            slot = next((each for each in self.slots if each.pid == pid), None)
            if slot is None:
                continue  # as the first process of a container it has others' orphans too
            slot.pid = 0
            self._look(slot)
            code = os.waitstatus_to_exitcode(status)
            if not self.served and code >= 0:
                return code  # it has said why, and would say it again
            self._again(slot, code)

    def _again(self, slot: Slot, code: int) -> None:
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        if slot.beat:
            slot.early, slot.due = 0, 0.0
            self._say(f"process {slot.number + 1} {how}; another takes its place")
            return
        pause = min(2.0 ** (slot.early - 1), LONGEST_PAUSE) if slot.early else 0.0
        slot.early, slot.due = slot.early + 1, time.monotonic() + pause
        if slot.early == 1:  # what it said itself stands above; that it goes on like that is not told again
            self._say(f"process {slot.number + 1} {how} before it served; it is tried again, in growing intervals")

    def _listen(self) -> None:
        """Look for signs of life. Looks are counted, not seconds: a machine that slept has not looked either."""
        for slot in self.slots:
            before = slot.beat
            self._look(slot)
            slot.silent = slot.silent + 1 if slot.pid and slot.beat == before else 0
            if slot.silent >= (SILENT if slot.beat else COMING):
                self._say(f"process {slot.number + 1} gives no sign of life and is killed")
                os.kill(slot.pid, signal.SIGKILL)
                slot.silent = 0

    def _look(self, slot: Slot) -> None:
        slot.beat = BEAT.unpack_from(self._shared, self._place(slot))[0]
        self.served = self.served or bool(slot.beat)

    def _write(self, slot: Slot, beat: float) -> None:
        BEAT.pack_into(self._shared, self._place(slot), beat)

    def _place(self, slot: Slot) -> int:
        return slot.number * (len(self._shared) // self.count)

    def _end(self, code: int) -> int:
        """Let everybody finish what is in hand; end those who do not."""
        self._tell(signal.SIGTERM)
        until = time.monotonic() + DRAIN
        while any(slot.pid for slot in self.slots) and time.monotonic() < until:
            signal.sigtimedwait({signal.SIGCHLD}, 0.5)
            self.served = True  # nobody's end tells anything any more
            self._collect()
        self._tell(signal.SIGKILL)
        return code

    def _collect(self) -> None:
        for slot in self.slots:
            if slot.pid and os.waitpid(slot.pid, os.WNOHANG)[0]:
                slot.pid = 0

    def _tell(self, what: signal.Signals) -> None:
        for slot in self.slots:
            if slot.pid:
                os.kill(slot.pid, what)

    def _say(self, text: str) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        line = json.dumps({"event": text, "level": "warning", "logger": "survey", "at": at})
        with suppress(OSError):  # whoever read it may be gone
            sys.stderr.write(f"{line if self.log == 'json' else text}\n")
            sys.stderr.flush()


if __name__ == "__main__":
    _count, _memory, _log, *_command = sys.argv[1:]
    sys.exit(Supervisor(_command, int(_count), int(_memory), _log).run())
