import ctypes
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from urllib.request import urlopen

import pytest

from reports import child, handout
from reports.alone import be_alone
from reports.barrier import raise_barrier
from reports.child import Limits
from survey.privacy.notices import NOTHING
from tests.reports import company

ADDRESS = "http://127.0.0.1:9/"


def connects() -> None:
    """Open a connection."""
    socket.create_connection(("127.0.0.1", 9))


def asks() -> None:
    """Ask a web server."""
    urlopen(ADDRESS)


def sends() -> None:
    """Send a datagram."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ("127.0.0.1", 9))


def starts() -> None:
    """Start a program."""
    subprocess.run([sys.executable, "-c", ""], check=True)


def shells() -> None:
    """Start a shell."""
    os.system("true")  # noqa: S605, S607 - it must not come so far


def forks() -> None:
    """Become two."""
    os.fork()


def looks_into_its_parent() -> None:
    """Read the memory of whoever started it."""
    Path(f"/proc/{os.getppid()}/mem").open("r+b").close()


def natively(call: Callable[[ctypes.CDLL], int]) -> None:
    """Call the C library as a library that was led astray would, past everything that Python is told."""
    if call(ctypes.CDLL(None, use_errno=True)) != -1:
        raise AssertionError("the kernel did it")
    raise OSError(ctypes.get_errno(), "may not do this")


def opens_a_socket_natively() -> None:
    """Open a connection without Python."""
    natively(lambda library: library.socket(socket.AF_INET, socket.SOCK_STREAM, 0))


def forks_natively() -> None:
    """Become two without Python."""
    natively(lambda library: library.fork() or os._exit(0))


def becomes_another_natively() -> None:
    """Become another program without Python."""
    natively(lambda library: library.execl(b"/bin/true", b"true", None))


def reads_its_parent_natively() -> None:
    """Watch whoever started it without Python."""
    natively(lambda library: library.ptrace(16, os.getppid(), None, None))


def ends_its_parent_natively() -> None:
    """Send a signal to whoever started it."""
    natively(lambda library: library.kill(os.getppid(), 0))


def spawns() -> None:
    """Start a process as pools do, which tells Python's hooks nothing."""
    started = get_context("spawn").Process(target=print)
    try:
        started.start()
    except PermissionError:
        raise OSError("may not do this") from None


WAYS = (connects, asks, sends, starts, shells, forks, looks_into_its_parent)
NATIVE = (
    opens_a_socket_natively,
    forks_natively,
    becomes_another_natively,
    reads_its_parent_natively,
    ends_its_parent_natively,
    spawns,
)


@pytest.fixture(scope="module")
def worker() -> Iterator[ProcessPoolExecutor]:
    """Start a worker as the pool starts it."""
    records = [company.publication().frozen()]
    with ProcessPoolExecutor(1, get_context("spawn"), child.start, (records, Limits(), NOTHING)) as pool:
        yield pool


@pytest.mark.parametrize("way", WAYS)
def test_a_worker_speaks_to_nobody_and_starts_nothing(way: Callable[[], None], worker: ProcessPoolExecutor) -> None:
    """Whatever a page could make it do: no connection, no datagram, no other program; and then it prints."""
    with pytest.raises(OSError, match="may not do this"):
        worker.submit(way).result()


@pytest.mark.parametrize("way", NATIVE)
def test_native_code_meets_the_kernels_refusal(way: Callable[[], None], worker: ProcessPoolExecutor) -> None:
    """A library that was led astray does not ask Python: the kernel refuses, and the worker goes on."""
    with pytest.raises(OSError, match="may not do this"):
        worker.submit(way).result()


def test_the_barrier_stands_on_machines_that_have_one(worker: ProcessPoolExecutor) -> None:
    """On Linux and these machines it holds; it is raised once, however often it is asked for."""
    assert worker.submit(be_alone).result() is True
    assert worker.submit(be_alone).result() is True


def test_threads_are_no_processes(worker: ProcessPoolExecutor) -> None:
    """What counts in many threads goes on to do so."""
    assert worker.submit(in_a_thread).result() == [1]


def test_a_machine_without_a_barrier_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere nothing is filtered, and that is told."""
    monkeypatch.setattr("platform.machine", lambda: "sparc64")
    assert raise_barrier() is False


def test_it_prints_all_the_same(worker: ProcessPoolExecutor) -> None:
    """A report needs none of that."""
    pdf = worker.submit(child.report, "LAB", "ko").result()
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF")


def in_a_thread() -> list[int]:
    """Do something in a thread."""
    done: list[int] = []
    thread = threading.Thread(target=done.append, args=(1,))
    thread.start()
    thread.join()
    return done


class Curious:
    """A file whose making asks the network."""

    def make(self) -> bytes:
        """Ask."""
        asks()
        return b""


def test_no_file_is_made_with_the_network() -> None:
    """Nor are workbooks, slides and sheets of codes made by a process that may speak to somebody."""
    with pytest.raises(RuntimeError, match="may not do this"):
        handout.made(Curious())
