import datetime as dt

import pypdfium2
import pytest
import segno

from reports.child import Limits
from reports.codes import sheet
from reports.pool import print_codes
from reports.slips import Slips
from survey.i18n import Refused
from tests.reports import reading

CODES = tuple(f"AB{place:02d}-CDEF-GHJK-MNPQ" for place in range(23))
SLIPS = Slips("한빛상사", "야간 상하차 1조", "2026-Q4", "https://survey.example/s", CODES, dt.date(2026, 12, 4))


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
