"""HTML to PDF: tagged for PDF/UA, fonts embedded, the same bytes for the same input. For worker processes only.

WeasyPrint takes most of a second to import and 100 MB to run: the web process never imports this module; it asks
`reports.pool`, which does so in a child.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from reports.annex import annex_csv, annex_json
from reports.child import MISSING
from reports.context import report_of
from reports.excerpt import NAME, excerpt
from reports.fetcher import ClosedFetcher, RefusedAddress
from reports.fonts import only_ours
from reports.html import STYLES, page, styles
from reports.weasy import CSS, Attachment, FontConfiguration, NotWellFormed, Page, harfbuzz_subset
from survey.i18n import Refused
from survey.privacy.thaw import Publication


@dataclass(frozen=True)
class Annex:
    """A file inside the PDF."""

    name: str
    description: str
    content: bytes


class UnsafePage(RuntimeError):  # noqa: N818 - it names what happened, as the design's words do
    """A page asks for an address outside itself, or markup got into its text: our fault, and nothing is printed."""


def render(publication: Publication, unit_code: str, language: str, earlier: Sequence[Publication] = ()) -> bytes:
    """Return the report of one unit as a PDF, with its data attached as JSON and CSV.

    `earlier` are the publications before this one (`reports.trend.chain`), whose digests it pins.

    Raises:
        KeyError: The publication has no such unit.
        Refused: A system library is missing.
    """
    report = report_of(publication, unit_code, language, earlier)
    annexes = (
        Annex("results.json", report.annex_title, annex_json(publication, unit_code, language, earlier)),
        Annex("results.csv", report.annex_title, annex_csv(publication, unit_code, language, earlier)),
        Annex(NAME, report.annex_title, excerpt(publication, unit_code, language, earlier)),
    )
    charts = {chart.name: chart.svg for chart in report.charts}
    identity = f"{publication.told_digest}/{unit_code}/{language}/{report.edition}"
    return print_pdf(page("report.html", language, r=report), charts, identity, publication.wave.closed_on, annexes)


def print_pdf(
    html: str, charts: Mapping[str, str], identity: str, day: str, annexes: Sequence[Annex] = (), sheet: Path = STYLES
) -> bytes:
    """Return `html` as a PDF whose identifier comes from `identity` and whose dates are `day` (YYYY-MM-DD)."""
    require_libraries()
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
    attachments = [
        Attachment(
            string=annex.content,
            name=annex.name,
            description=annex.description,
            created=noon,
            modified=noon,
            relationship="Data",
        )
        for annex in annexes
    ]
    fonts, parsed = _styles(sheet)
    fetcher = ClosedFetcher(charts)
    try:
        document = Page(html, fetcher)
    except NotWellFormed as error:
        raise UnsafePage(str(error)) from error
    with suppress(RefusedAddress):
        pdf: bytes = document.write_pdf(
            font_config=fonts,
            stylesheets=[parsed],
            attachments=attachments,
            pdf_variant="pdf/ua-1",
            pdf_identifier=sha256(identity.encode()).digest()[:16],
        )
    if fetcher.refused:
        raise UnsafePage(f"a page may not read {fetcher.refused[0]!r}")
    return pdf


def require_libraries() -> None:
    """Raise Refused, with the cure, where the library is missing without which printing takes up to 27 times longer."""
    if harfbuzz_subset is None:
        raise Refused(MISSING)


@cache
def _styles(path: Path) -> tuple[FontConfiguration, CSS]:
    """Read fonts and styles once a process."""
    with only_ours():
        fonts = FontConfiguration()
    return fonts, CSS(string=styles(path), font_config=fonts, url_fetcher=ClosedFetcher({}))
