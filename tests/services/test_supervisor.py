"""The parent of processes that serve, with processes that only pretend to."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from survey.web.together import Together, memory_for
from tests.services.hosts import until
from tests.services.mail_process import ROOT

PATIENCE: Final = 60.0
SERVES: Final = "(beat(), os.read(alive, 1))"
CHILD: Final = """
import mmap, os, struct, sys, time
slot, alive, memory, notes = sys.argv[1].split(",")
slot, alive, shared = int(slot), int(alive), mmap.mmap(int(memory), 0)
tries = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
os.write(tries, b"%d" % slot)
before = open(notes).read().count(str(slot)) - 1
def beat():
    struct.pack_into("d", shared, slot * (len(shared) // 2), time.monotonic())
"""


@contextmanager
def parent(tmp_path: Path, does: str, log: str = "text", changed: str = "pass") -> Iterator["subprocess.Popen[str]"]:
    """Give a parent whose processes do as the words say; the file `notes` has a figure for each of their starts."""
    memory = memory_for(2)
    child = [sys.executable, "-c", CHILD + does, f"SLOT,ALIVE,{memory},{tmp_path / 'notes'}"]
    run = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from survey import supervisor; {changed}; "
    run += f"sys.exit(supervisor.Supervisor({child!r}, 2, {memory}, {log!r}).run())"
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", "-S", "-c", run], pass_fds=[memory], stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(memory)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def starts(tmp_path: Path) -> str:
    """Return which slots were started so far, in their order."""
    notes = tmp_path / "notes"
    return notes.read_text() if notes.exists() else ""


def test_what_the_first_one_says_is_the_end(tmp_path: Path) -> None:
    """Where the installation cannot be used, its message stands there once, and its exit code is the parent's."""
    with parent(tmp_path, "sys.stderr.write('No secret.'); sys.exit(2)") as process:
        said = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 2
    assert set(said.split(".")) == {"No secret", ""}


@pytest.mark.parametrize("log", ["text", "json"])
def test_who_cannot_start_again_is_tried_in_growing_intervals(tmp_path: Path, log: str) -> None:
    """One serves; the other one served once and never comes up again. That is told when it dies, and once more."""
    does = f"{SERVES} if slot else sys.exit(3) if before else (beat(), sys.exit(0))"
    with parent(tmp_path, does, log) as process:
        until(lambda: starts(tmp_path).count("0") >= 4)
        process.terminate()
        said = process.communicate(timeout=PATIENCE)[1].splitlines()
    assert process.returncode == 0
    assert [line for line in said if "ended with exit code 0; another" in line] == said[:1]
    assert [line for line in said if "exit code 3 before it served; it is tried again" in line] == said[1:]
    assert len(said) == 2
    assert all(line.startswith('{"event": "process 1 ended') == (log == "json") for line in said)
    assert starts(tmp_path).count("1") == 1


@pytest.mark.parametrize(
    ("at_first", "changed", "told"),
    [
        ("(beat(), time.sleep(600))", "supervisor.SILENT = 1", "was killed by signal 9; another takes its place"),
        ("time.sleep(600)", "supervisor.COMING = 1", "was killed by signal 9 before it served; it is tried again"),
    ],
)
def test_who_gives_no_sign_of_life_is_replaced(tmp_path: Path, at_first: str, changed: str, told: str) -> None:
    """A process that stands still holds up those who ask it, and one that hangs on its way is none: another comes."""
    with parent(tmp_path, f"{SERVES} if before else {at_first}", changed=changed) as process:
        until(lambda: len(starts(tmp_path)) >= 4)
        process.terminate()
        said = process.communicate(timeout=PATIENCE)[1]
    for number in (1, 2):
        assert f"process {number} gives no sign of life and is killed" in said
        assert f"process {number} {told}" in said


def test_who_takes_long_to_come_is_waited_for(tmp_path: Path) -> None:
    """A process that has not served yet may be silent for longer than one that has: its disk or database is slow."""
    does = "(time.sleep(4), os.write(tries, b'+'), [(beat(), time.sleep(0.1)) for _ in range(6000)])"
    with parent(tmp_path, does, changed="supervisor.SILENT = 2") as process:
        until(lambda: starts(tmp_path).count("+") == 2)
        process.terminate()
        assert process.communicate(timeout=PATIENCE)[1] == ""
    assert sorted(starts(tmp_path)) == ["+", "+", "0", "1"]


def test_numbers_of_a_process_stay_when_it_is_gone() -> None:
    """Every process writes its own part and reads all; who takes the place of one goes on with its part."""
    memory = memory_for(2)
    one, other = Together(memory, 0), Together(memory, 1)
    one.numbers("metrics").mine[12] = 5
    other.numbers("metrics").mine[12] = 2
    del one
    again = Together(memory, 0)
    os.close(memory)
    assert again.numbers("metrics").mine[12] == 5
    assert [part[12] for part in again.numbers("metrics").all] == [5, 2]
    assert [part[12] for part in other.numbers("metrics").all] == [5, 2]
