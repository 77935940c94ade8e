import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest
from click.testing import CliRunner

from reports.child import Limits
from reports.excerpt import NAME
from reports.pdf import print_pdf, render
from reports.verify.apart import checked
from reports.verify.check import check
from reports.verify.file import NO_PDF, NOT_OURS
from survey.cli import main
from survey.i18n import Refused
from tests.reports import company, reading
from tests.reports.test_trend import waves
from tests.sample import EXTREME, SMALL, sample_publication


def said(pdf: bytes) -> list[str]:
    """Return what differs in a report, in English."""
    return [str(sentence) for sentence in check(pdf).differs]


def attached(pdf: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a report with an attached file changed."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        old = document.attachments[name].get_file().read_bytes()
        del document.attachments[name]
        document.attachments[name] = pikepdf.AttachedFileSpec(
            document, change(old), filename=name, description="", mime_type="", creation_date="", mod_date=""
        )
        return saved(document)


def saved(document: pikepdf.Pdf) -> bytes:
    """Return a document as a file."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def replaced(path: tuple[str | int, ...], value: object) -> Callable[[bytes], bytes]:
    """Return what sets a field of attached JSON."""

    def change(data: bytes) -> bytes:
        facts: Any = msgspec.json.decode(data)
        at = facts
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        return bytes(msgspec.json.encode(facts))

    return change


@pytest.fixture(scope="module")
def report() -> bytes:
    """A report made by the real gate, in Korean, of a unit with details."""
    return render(sample_publication(), "A1-T3", "ko")


@pytest.mark.parametrize(
    ("code", "language"), [("HQ", "en"), ("A1-T3", "ko"), (EXTREME, "en"), ("B3-T1", "ko"), (SMALL, "ko"), ("B2", "en")]
)
def test_a_report_says_what_its_data_say(code: str, language: str) -> None:
    """Of the company, of teams, of one at the bounds, of one that is not shown: no word and no number is left over."""
    findings = check(render(sample_publication(), code, language))
    assert [str(one) for one in findings.differs] == []
    assert (findings.unit, findings.language) == (code, language)
    assert findings.publication == sample_publication().digest


@pytest.mark.parametrize("language", ["ko", "en"])
def test_earlier_waves_are_made_again_too(language: str) -> None:
    """A page with a trend, its figures set by hand: pages and data agree, though no sums make the figures."""
    *earlier, newest = waves(4)
    differs = said(render(newest, "SALES", language, earlier))
    assert [one for one in differs if "the sums make" not in one] == []
    assert any("the sums make" in one for one in differs)


def test_a_number_changed_on_the_page_is_found(report: bytes) -> None:
    """Wherever on page one a digit becomes another digit, it is told what stands there and what should."""
    for place in (0, 1, 2):
        found = said(other_digit(report, place))
        assert any("The pages say this, the data do not" in one for one in found)
        assert any("The data say this, the pages do not" in one for one in found)


def other_digit(pdf: bytes, place: int) -> bytes:
    """Return a report in which a digit of page one, the `place`-th that is set alone or first, is another one."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        operators = list(pikepdf.parse_content_stream(page))
        glyphs = {digit: digit_glyph(document, digit) for digit in "48"}
        shown = [each.operands[0] for each in operators if str(each.operator) == "TJ"]
        having = [array for array in shown if any(bytes_of(each) == glyphs["4"] for each in array)]
        array = having[place]
        at = next(at for at, each in enumerate(array) if bytes_of(each) == glyphs["4"])
        array[at] = pikepdf.String(glyphs["8"])
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(operators))
        return saved(document)


def bytes_of(piece: object) -> bytes:
    """Return the glyphs of a piece of text; nothing of a space between pieces."""
    return bytes(piece) if isinstance(piece, pikepdf.String) else b""


def digit_glyph(document: pikepdf.Pdf, digit: str) -> bytes:
    """Return the glyph of a digit, from the table of the first font that has it."""
    for font in document.pages[0].Resources.Font.values():
        table = font.ToUnicode.read_bytes().decode()
        found = re.search(rf"<([0-9a-f]+)>\s*<{ord(digit):04x}>", table, re.IGNORECASE)
        if found:
            return bytes.fromhex(found[1])
    raise KeyError(digit)


def test_a_number_added_to_the_page_is_found(report: bytes) -> None:
    """What stands on the pages besides is told."""
    other = print_pdf('<!DOCTYPE html><html lang="ko"><title>x</title><p>+99.9</p></html>', {}, "x", "2026-09-14")
    with pikepdf.open(io.BytesIO(report)) as document, pikepdf.open(io.BytesIO(other)) as more:
        document.pages.extend(more.pages)
        assert any("+99.9" in one for one in said(saved(document)))


def test_a_figure_changed_in_the_data_is_found(report: bytes) -> None:
    """A figure in the source that the sums do not make is told three times: by formula, by page, by annex."""
    place = next(at for at, unit in enumerate(reading_source(report)["record"]["units"]) if unit["code"] == "A1-T3")
    path = ("record", "units", place, "figures", "index", "text")
    found = said(attached(report, NAME, replaced(path, "+99.9")))
    assert any(one.startswith("index: the report's data say +99.9, the sums make ") for one in found)
    assert any("results.json" in one for one in found)
    assert any("The data say this, the pages do not" in one and "+99.9" in one for one in found)


def reading_source(pdf: bytes) -> Any:  # noqa: ANN401 - plain JSON
    """Return the attached source."""
    return msgspec.json.decode(reading.attachment(pdf, NAME))


def test_sums_changed_in_the_data_are_found(report: bytes) -> None:
    """Sums that would make other figures are told by every figure they make."""
    units = reading_source(report)["record"]["units"]
    place = next(at for at, unit in enumerate(units) if unit["code"] == "A1-T3")
    changed = replaced(("record", "units", place, "sums", "totals", 0), units[place]["sums"]["totals"][0] + 9)
    assert sum("the sums make" in one for one in said(attached(report, NAME, changed))) > 3


@pytest.mark.parametrize("name", ["results.json", "results.csv"])
def test_a_changed_annex_is_found(report: bytes, name: str) -> None:
    """The files for people to read hold what the pages hold, or it is told."""
    changes = {
        "results.json": replaced(("unit", "figures", "index", "value"), 99.9),
        "results.csv": lambda data: data.replace(b"index", b"Index", 1),
    }
    assert said(attached(report, name, changes[name])) == [
        f"The attached file {name} does not say what the pages were made of."
    ]


def test_another_digest_in_the_data_is_found(report: bytes) -> None:
    """The digest that stands on each page is the one in the data."""
    found = said(attached(report, NAME, replaced(("publication",), "ab" * 32)))
    assert any("abababababab" in one for one in found)


def test_a_report_of_another_edition_is_checked_by_its_numbers(report: bytes) -> None:
    """Words may have changed since; numbers may not."""
    older = attached(report, NAME, replaced(("edition",), "01234567"))
    findings = check(older)
    assert "another edition" in str(findings.checked[2])
    assert findings.differs == ()
    place = next(at for at, unit in enumerate(reading_source(report)["record"]["units"]) if unit["code"] == "A1-T3")
    path = ("record", "units", place, "figures", "twin", "text")
    assert any("+9.87" in one for one in said(attached(older, NAME, replaced(path, "+9.87"))))


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"%PDF-", b"%PDF-1.7\n" + bytes(range(256)) * 40, b"<html>"],
    ids=["nothing", "a letter", "a head", "noise", "another kind"],
)
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    """Anything at all may be handed in; it is told in a sentence."""
    with pytest.raises(Refused) as refused:
        check(content)
    assert refused.value.sentence == NO_PDF


def test_a_pdf_of_somebody_else_is_refused() -> None:
    """A PDF without a source, or with more pages than a report has, is no report."""
    page = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>{}</body></html>'
    sheet = '<p style="break-after: page">x</p>'
    with pytest.raises(Refused, match="no source"):
        check(print_pdf(page.format(sheet), {}, "x", "2026-09-14"))
    with pytest.raises(Refused) as refused:
        check(print_pdf(page.format(sheet * 15), {}, "x", "2026-09-14"))
    assert refused.value.sentence == NOT_OURS


@pytest.mark.parametrize(
    "source",
    [
        lambda _: b"{}",
        lambda _: b"[" * 100_000,
        lambda _: b"\xff\xfe",
        replaced(("format",), 7),
        replaced(("unit",), "nobody"),
        replaced(("language",), "../ko"),
        replaced(("record", "columns"), []),
        replaced(("record", "units"), []),
        replaced(("record", "instrument"), "{}"),
        replaced(("record", "columns", 0, "denominator"), 0),
        replaced(("record", "wave", "closed_on"), "never"),
    ],
)
def test_a_source_that_fits_nothing_is_refused(report: bytes, source: Callable[[bytes], bytes]) -> None:
    """Whatever is in the attached data, one sentence says that it cannot be read."""
    with pytest.raises(Refused, match="cannot be read"):
        check(attached(report, NAME, source))


def test_a_file_that_takes_for_ever_costs_a_process_only(report: bytes) -> None:
    """The file is looked at in a process of its own, which ends at its limits."""
    with pytest.raises(Refused, match="more time or memory"):
        checked(report, Limits(seconds=0.05))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_command_says_what_was_checked(tmp_path: Path, report: bytes, language: str) -> None:
    """It exits with 0 where nothing differs and with 1 where something does, in words, without any database."""
    file = tmp_path / "report.pdf"
    file.write_bytes(report)
    variables = {"SURVEY_HOME": str(tmp_path), "LANG": {"ko": "ko_KR.UTF-8", "en": "C.UTF-8"}[language]}
    result = CliRunner().invoke(main, ["verify", str(file)], env=variables, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert {"ko": "다른 곳이 없", "en": "Nothing differs"}[language] in result.output
    assert not (tmp_path / "survey.db").exists()
    rows = list(csv.reader(io.StringIO(reading.attachment(report, "results.csv").decode("utf-8-sig"))))
    file.write_bytes(attached(report, "results.csv", lambda data: data.replace(rows[1][5].encode(), b"\x1b[2J", 1)))
    result = CliRunner().invoke(main, ["verify", str(file)], env=variables, catch_exceptions=False)
    assert result.exit_code == 1
    assert "results.csv" in result.output
    assert "\x1b" not in result.output


def test_the_hand_made_company_prints_what_its_data_say() -> None:
    """Names of sixty syllables, mark-up in names and an erratum are compared like anything else."""
    pdf = render(company.renamed("CARE", "<b>고객</b> & " + "가나다라마바사" * 8), "CARE", "en")
    assert [one for one in said(pdf) if "the sums make" not in one] == []
