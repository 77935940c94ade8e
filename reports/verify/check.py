"""What was checked of a report, and what differs: findings in words."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from reports.annex import annex_csv, annex_json
from reports.context import Report, report_of
from reports.edition import edition
from reports.excerpt import NAME
from reports.html import page
from reports.verify.again import made_again
from reports.verify.file import Opened, opened
from reports.verify.findings import Findings
from reports.verify.made import Made
from reports.verify.rebuilt import UNREADABLE, Rebuilt, rebuilt
from reports.verify.resting import resting
from reports.verify.words import pieces, squeezed
from survey.i18n import Refused, Sentence, catalogue

MOST_FINDINGS: Final = 20
LONGEST: Final = 160
LACKS: Final = Sentence(
    "This PDF has no source attached: it is no team report, or was printed by a version before 0.5."
)
_NUMBER: Final = re.compile(r"[+−]?\d[\d,]*\.\d+")
_GONE: Final = "\0"


def check(content: bytes) -> Findings:
    """Return what a printed report and its data say of each other.

    Raises:
        Refused: This is not a report that can be checked.
    """
    file = opened(content)
    if NAME not in file.attached:
        raise Refused(LACKS)
    found = rebuilt(file.attached[NAME])
    try:
        made = list(made_again(found.source))
        parts = [_formulas(made), _attached(file, found), _pages(file, found)]
        unmade = resting(found.source, {each.of for each in made})
    except (ValueError, LookupError, ArithmeticError, TypeError) as error:
        raise Refused(UNREADABLE, why=str(error)[:LONGEST]) from None
    source = found.source
    checked = tuple(said for said, _ in parts)
    differs = tuple(one for _, each in parts for one in each)
    return Findings(
        checked, differs[:MOST_FINDINGS], unmade, source.publication, source.unit, source.language, file.attached[NAME]
    )


def _formulas(made: list[Made]) -> tuple[Sentence, list[Sentence]]:
    said = Sentence("%(count)s numbers were made again from the sums, by the published formulas.", {"count": len(made)})
    return said, [
        Sentence(
            "%(of)s: the report's data say %(told)s, the sums make %(made)s.",
            {"of": each.of, "told": each.told, "made": each.made},
        )
        for each in made
        if each.told != each.made
    ]


def _attached(file: Opened, found: Rebuilt) -> tuple[Sentence, list[Sentence]]:
    code, language, digest = found.source.unit, found.source.language, found.source.publication
    of = (found.publication, code, language, found.earlier)
    facts = msgspec.json.decode(annex_json(*of)) | {"publication": digest}
    same = {
        "results.json": _read(file.attached.get("results.json", b"")) == facts,
        "results.csv": file.attached.get("results.csv") == annex_csv(*of),
    }
    said = Sentence("The attached files results.json and results.csv were compared with what the pages were made of.")
    return said, [
        Sentence("The attached file %(name)s does not say what the pages were made of.", {"name": name})
        for name, right in same.items()
        if not right
    ]


def _read(data: bytes) -> object:
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _pages(file: Opened, found: Rebuilt) -> tuple[Sentence, list[Sentence]]:
    """Return whether every piece of text on the pages, and nothing besides, comes from the data."""
    source = found.source
    report = report_of(found.publication, source.unit, source.language, found.earlier)
    report = dataclasses.replace(report, digest=source.publication, edition=source.edition)
    charts = {chart.name: chart.svg for chart in report.charts}
    wanted = pieces(page("report.html", source.language, r=report), charts)
    if source.edition != edition():
        said = Sentence(
            "The report was printed by another edition of the program (%(theirs)s; this is %(ours)s), whose words may "
            "differ: only the numbers on the pages were compared.",
            {"theirs": source.edition, "ours": edition()},
        )
        return said, list(_numbers(file, wanted))
    feet = [_foot(report, source.language, place, len(file.pages)) for place in range(1, len(file.pages) + 1)]
    said = Sentence(
        "The text of %(pages)s pages was compared with the data, word by word and number by number.",
        {"pages": len(file.pages)},
    )
    return said, list(_words(file, [*wanted, *feet]))


def _foot(report: Report, language: str, place: int, pages: int) -> str:
    """Return what stands around a page: its mark, what it belongs to, its number."""
    mark = catalogue(language).gettext("Demo: made-up data") if report.demo else ""
    return f"{mark}{report.footer}{report.digest[:12]}·{report.edition}{place}/{pages}"


def _words(file: Opened, wanted: list[str]) -> Iterator[Sentence]:
    left = squeezed("\n".join(file.pages))
    for piece in sorted(map(squeezed, wanted), key=len, reverse=True):
        if piece in left:
            left = left.replace(piece, _GONE, 1)
        else:
            yield Sentence("The data say this, the pages do not: %(text)s", {"text": _short(piece)})
    for piece in left.split(_GONE):
        if piece:
            yield Sentence("The pages say this, the data do not: %(text)s", {"text": _short(piece)})


def _numbers(file: Opened, wanted: list[str]) -> Iterator[Sentence]:
    there = Counter(_NUMBER.findall("\n".join(file.pages)))
    made = Counter(number for piece in wanted for number in _NUMBER.findall(piece))
    for number in sorted(set(made) - set(there)):
        yield Sentence("The data say this, the pages do not: %(text)s", {"text": number})
    for number in sorted(set(there) - set(made)):
        yield Sentence("The pages say this, the data do not: %(text)s", {"text": number})


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
