import datetime as dt
import resource
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pypdfium2
import pytest
import segno

from reports import child
from reports.child import Limits
from reports.codes import sheet
from reports.pool import print_codes
from reports.slips import Slips
from survey.i18n import Refused
from tests.reports import reading
from tests.reports.test_pool import of_process, workers
from tests.services.hosts import until

CODES = tuple(f"AB{place:02d}-CDEF-GHJK-MNPQ" for place in range(23))
SLIPS = Slips("한빛상사", "야간 상하차 1조", "2026-Q4", "https://survey.example/s", CODES, dt.date(2026, 12, 4))
LITTLE: Final = 1200 << 20
"""Bytes of address space that somebody gives to all of survey: less than what one sheet may take."""
ASK: Final = "from reports.pool import print_codes; from tests.reports.test_codes import LARGE, SLIPS"
LARGE: Final = replace(SLIPS, codes=CODES * 400)


def test_every_code_stands_on_a_slip() -> None:
    """Each code is printed once, ten to a page, with the address, the last day, and that no name belongs to it."""
    pdf = sheet(SLIPS, "ko")
    text = reading.text(pdf)
    assert reading.pages(pdf) == 3
    assert all(text.count(code) == 1 for code in CODES)
    assert text.count("survey.example/s") == len(CODES)
    assert text.count("2026년 12월 4일까지") == len(CODES)
    assert text.count("이름이 붙어 있지 않습니다") == len(CODES)


def test_the_square_holds_the_address_with_the_code_behind_the_hash() -> None:
    """A QR code is drawn for each slip, large enough to hold the address and the code."""
    page = pypdfium2.PdfDocument(sheet(SLIPS, "en"))[0]
    assert segno.make(f"{SLIPS.address}#{CODES[0]}", error="m", micro=False).symbol_size()[0] <= 45
    drawn = [found for found in page.get_objects(max_depth=5) if found.type == 2]
    assert len(drawn) >= 10


def test_slips_are_printed_by_a_worker_and_always_the_same() -> None:
    """The web process gets the bytes from a child; the same codes give the same sheet."""
    assert print_codes(SLIPS, "en") == sheet(SLIPS, "en")


@pytest.mark.parametrize("limits", [Limits(memory=1 << 20), Limits(seconds=0.01)], ids=["memory", "time"])
def test_a_sheet_that_eats_time_or_memory_is_refused(limits: Limits) -> None:
    """A child that is ended, twice, is a sentence with what to do, and no broken page."""
    with pytest.raises(Refused, match=r"The sheet could not be printed: .* then draw it again"):
        print_codes(SLIPS, "en", limits)


def test_a_machine_that_gives_less_is_taken_at_its_word() -> None:
    """Where survey is allowed less address space than a sheet may take (LimitAS), it is printed within that."""
    given = (resource.RLIMIT_AS, (LITTLE, LITTLE))
    with ProcessPoolExecutor(1, get_context("spawn"), resource.setrlimit, given) as worker:
        assert worker.submit(child.codes, SLIPS, "en", Limits()).result().startswith(b"%PDF-")


def test_who_prints_ends_with_who_asked() -> None:
    """Where the process that asked is killed (the system was out of memory), its worker gives back its own."""
    with subprocess.Popen([sys.executable, "-c", f"{ASK}; print_codes(LARGE, 'en')"]) as asks:  # noqa: S603 - our own program
        try:
            until(lambda: any(_prints(pid) for pid in workers(asks.pid)))
            left = workers(asks.pid)
        finally:
            asks.kill()
    assert left
    until(lambda: not [pid for pid in left if Path(f"/proc/{pid}").exists()])


def _prints(pid: int) -> bool:
    return b"libpango" in of_process(pid, "maps")
