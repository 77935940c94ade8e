"""Printed one-use codes: slips to be cut, folded and drawn by hand, each with a code and its QR. For workers only."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Final

import segno

from reports.html import page
from reports.pdf import print_pdf
from reports.slips import Slips
from survey.i18n import day

ACROSS: Final = 2
DOWN: Final = 5


@dataclass(frozen=True)
class Slip:
    """One slip."""

    code: str
    chart: str


def sheet(slips: Slips, language: str) -> bytes:
    """Return the sheet as a PDF: ten slips a page with cut lines, QR codes that open the survey with the code."""
    charts = {f"code-{place}": _qr(f"{slips.address}#{code}") for place, code in enumerate(slips.codes)}
    ready = [Slip(code, f"chart:{name}") for code, name in zip(slips.codes, charts, strict=True)]
    rows = [ready[at : at + ACROSS] for at in range(0, len(ready), ACROSS)]
    html = page(
        "codes.html",
        language,
        slips=slips,
        pages=[rows[at : at + DOWN] for at in range(0, len(rows), DOWN)],
        until=day(slips.closes_on, language),
        host=slips.address.split("://", 1)[-1],
    )
    identity = sha256("\n".join(slips.codes).encode()).hexdigest()
    return print_pdf(html, charts, f"codes/{slips.wave}/{identity}/{language}", slips.closes_on.isoformat())


def _qr(text: str) -> str:
    drawing = BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, border=0, unit=None, scale=4)
    return drawing.getvalue().decode()
