import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from urllib.request import urlopen

import pytest

from reports import child, handout
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


WAYS = (connects, asks, sends, starts, shells, forks)


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


def test_it_prints_all_the_same(worker: ProcessPoolExecutor) -> None:
    """A report needs none of that."""
    pdf = worker.submit(child.report, "LAB", "ko").result()
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF")


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
