import csv
import io
import logging
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from reports import pdf as pdf_module
from reports.fetcher import ClosedFetcher, RefusedAddress
from reports.figures import charts_of
from reports.pdf import UnsafePage, print_pdf, render
from survey.charts import interval, told
from survey.i18n import Refused
from survey.instruments.practices import library
from survey.privacy.released import Released
from survey.privacy.thaw import Publication
from survey.spreadsheets import safe
from tests.reports import company, reading
from tests.reports.printed import figures_of, printed_figures
from tests.sample import EXTREME, SMALL, sample_publication

LANGUAGES = ("ko", "en")
TREE = ("ALL", "SALES", "SEOUL", "BUSAN", "CARE")
HALF_A_TICK = 17
"""Pixels: "+100" in letters of 12 pixels is 33 wide."""
HOSTILE = (
    "<script>alert(1)</script>",
    '<img src="file:///etc/passwd">',
    "{{ 7 * 7 }} {% raw %}",
    "url(file:///etc/passwd) http://example.com/x.png",
    "\u202e영업팀\u202c \u0645\u0631\u062d\u0628\u0627",
    "가나다라마바사아자차카타파하" * 4 + "가나다라",
)


@pytest.fixture(autouse=True)
def silence(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every report of this file is made without a word of complaint from the renderer."""
    with caplog.at_level(logging.WARNING):
        yield
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", TREE)
def test_every_number_is_the_publications(code: str, language: str) -> None:
    """The text of the PDF holds every published figure of the unit, with its interval, as the publication words it."""
    publication = company.publication()
    text = reading.text(render(publication, code, language))
    for figure in printed_figures(publication.unit(code)):
        assert told(figure, language) in text
        if figure is not figures_of(publication.unit(code)).twin or not figure.low_text:
            assert interval(figure, language) in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["HQ", "A", EXTREME, "B3-T1", "D+", "C3-T4", SMALL, "B2"])
def test_a_real_publication_prints(code: str, language: str) -> None:
    """Reports of a publication made by the real gate hold its figures, bounds in words, on four pages at most."""
    publication = sample_publication()
    unit = publication.unit(code)
    pdf = render(publication, code, language)
    text = reading.text(pdf)
    assert 2 <= reading.pages(pdf) <= 4
    assert unit.name(language) in text
    if isinstance(unit.figures, Released):
        assert all(told(figure, language) in text for figure in printed_figures(unit))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_unit_gets_the_kit_and_the_numbers_above(language: str) -> None:
    """A suppressed unit's report says why, has the meeting, and shows only the nearest published unit above."""
    publication = company.publication()
    text = reading.text(render(publication, "LAB", language))
    assert {"ko": "답한 사람이 5명보다 적기 때문입니다", "en": "Fewer than 5 people answered"}[language] in text
    assert {"ko": "90분 회의", "en": "A meeting of 90 minutes"}[language] in text
    assert figures_of(publication.root).index.text in text
    annex = reading.annex(render(publication, "LAB", language))
    assert annex["unit"]["figures"] == {"suppressed": "small"}
    assert [unit["code"] for unit in annex["beside"]] == ["ALL"]


@pytest.mark.parametrize(
    ("language", "asked"), [("ko", "이야기를 여는 세 가지 질문"), ("en", "Three questions to begin with")]
)
def test_a_kit_is_one_sheet_that_tells_how_to_begin(language: str, asked: str) -> None:
    """Two pages, whatever the practices: how to read the numbers of the group above, and what to ask one another."""
    for adopted in (0, 3, 8):
        kept = dict.fromkeys([one.id for one in library()][:adopted], "2026-02-01")
        units = [msgspec.structs.replace(unit, adopted=kept) for unit in company.record().units]
        pdf = render(company.with_change(units=units), "LAB", language)
        assert reading.pages(pdf) == 2
        assert asked in reading.page_text(pdf, 0)


@pytest.mark.parametrize("name", ["index", "motives", "facets", "contribution"])
def test_the_last_tick_of_a_row_chart_has_room(name: str) -> None:
    """Half of "+100" stands right of the last line of the grid: it may not be cut at the edge of the chart."""
    publication = company.publication()
    chart = charts_of(publication.unit("SALES"), publication, "ko")[name]
    last = max(float(found) for found in re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="middle"', chart.svg))
    assert chart.width - last >= HALF_A_TICK


def test_the_first_wave_promises_no_change() -> None:
    """Without an earlier wave the report says that this is the starting point."""
    text = reading.text(render(company.publication(first_wave=True), "SALES", "ko"))
    assert "첫 조사입니다" in text


@pytest.mark.parametrize("adopted", [0, 3, 8])
@pytest.mark.parametrize("weakest", ["play", "economic_pressure", ""])
def test_no_choice_of_practices_needs_a_fifth_page(weakest: str, adopted: int) -> None:
    """Whatever is suggested and whatever is already there, the English report (the longer one) has four pages."""
    kept = dict.fromkeys([one.id for one in library()][:adopted], "2026-02-01")
    units = [company.leaning(unit, weakest, kept) if unit.code == "SALES" else unit for unit in company.record().units]
    assert reading.pages(render(company.with_change(units=units), "SALES", "en")) == 4


def test_demo_data_says_so_on_every_page() -> None:
    """A demo's pages are marked, a real wave's are not."""
    assert reading.text(render(company.publication(demo=True), "SALES", "ko")).count("데모: 지어낸 자료입니다") == 4
    assert "데모" not in reading.text(render(company.publication(demo=False), "SALES", "ko"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdfs_are_tagged_titled_and_bring_their_fonts(tmp_path: Path, language: str) -> None:
    """Title, language, structure and figures with texts are there; every font is embedded."""
    pdf = render(company.publication(), "SEOUL", language)
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    facts = reading.facts(file)
    assert facts["Tagged"] == "yes"
    assert {"ko": "팀 보고서: 서울 영업팀, 2026-Q3", "en": "Team report: Seoul sales team, 2026-Q3"}[language] == facts[
        "Title"
    ]
    assert reading.language(pdf) == language
    assert {"H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure"} <= reading.structure(pdf)
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in reading.fonts(file))
    assert all("Pretendard" in row[0] for row in reading.fonts(file))


def test_a_missing_library_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library that keeps fonts small, printing stops with the command that installs it."""
    monkeypatch.setattr(pdf_module, "harfbuzz_subset", None)
    with pytest.raises(Refused, match=r"apt-get install .*libharfbuzz-subset0"):
        print_pdf("<p>x</p>", {}, "x", "2026-09-14")


def test_the_same_report_has_the_same_bytes() -> None:
    """Printing twice gives identical files: identifier and dates come from the publication."""
    publication = company.publication()
    assert render(publication, "SEOUL", "ko") == render(publication, "SEOUL", "ko")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("code", ["SEOUL", "LAB"])
def test_names_are_only_ever_text(name: str, code: str) -> None:
    """Markup, addresses, templates, direction marks and sixty syllables in a unit's name print as they are."""
    pdf = render(company.renamed(code, name), code, "ko")
    squeezed = "".join(reading.text(pdf).split())
    assert reading.pages(pdf) == (4 if code == "SEOUL" else 2)
    if "영업" not in name:
        assert "".join(name.split()) in squeezed
    assert b"root:x:0" not in pdf


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "FILE:///etc/passwd", "http://127.0.0.1/x", "https://example.com", "ftp://x/y",
     "data:text/plain,x", "chart:../x", "chart:", "//example.com/x", "/etc/passwd", "chart:index/../../x"],
)  # fmt: skip
def test_the_fetcher_hands_out_nothing_but_charts(address: str) -> None:
    """Every address that is not a chart of the document is refused."""
    with pytest.raises(RefusedAddress):
        ClosedFetcher({"index": "<svg/>"}).fetch(address)


@pytest.mark.parametrize(
    "page",
    [
        '<img alt="x" src="file:///etc/passwd"/>',
        '<link rel="stylesheet" href="http://127.0.0.1/x.css"/>',
        '<link rel="attachment" href="file:///etc/passwd"/>',
        '<style>@import url("file:///etc/passwd");</style>',
        '<style>@font-face { font-family: x; src: url("file:///etc/passwd") }</style><p style="font-family: x">x</p>',
        '<p style="background: url(file:///etc/passwd)">x</p>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="http://127.0.0.1/x"/>',
        "<img src=x onerror=alert(1)>",
        "<b>markup that nobody escaped",
    ],
)
def test_a_page_that_reads_the_world_is_not_printed(page: str) -> None:
    """Even where markup got through, end to end: the document is refused, not printed without the part."""
    html = f'<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>{page}</body></html>'
    with pytest.raises(UnsafePage):
        print_pdf(html, {}, "x", "2026-09-14")


def test_a_chart_cannot_read_the_world_either(caplog: pytest.LogCaptureFixture) -> None:
    """An image inside a chart is fetched through the same closed door."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>'
    html = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><img alt="" src="chart:a"/></body></html>'
    with pytest.raises(UnsafePage):
        print_pdf(html, {"a": svg}, "x", "2026-09-14")
    caplog.clear()  # WeasyPrint tells that it could not draw the image


def recomputed(publication: Publication, annex_unit: dict[str, object], annex: dict[str, object]) -> Fraction:
    """Return the index from the annex alone: sums, denominators and weights."""
    sums, columns, instrument = annex_unit["sums"], annex["columns"], annex["instrument"]
    assert isinstance(sums, dict)
    assert isinstance(columns, list)
    assert isinstance(instrument, dict)
    del publication
    means = {
        column["scale"]: Fraction(total, column["denominator"] * sums["n"])
        for column, total in zip(columns, sums["totals"], strict=True)
    }
    return sum((Fraction(weight) * means[scale] for scale, weight in instrument["weights"].items()), Fraction(0))


@pytest.mark.parametrize("code", ["HQ", "A1-T3", EXTREME])
def test_the_annex_recomputes_the_index(code: str) -> None:
    """With nothing but the attached JSON, sums and weights give the printed index."""
    publication = sample_publication()
    annex = reading.annex(render(publication, code, "en"))
    unit = annex["unit"]
    assert unit["code"] == code
    assert unit["figures"]["index"]["value"] == pytest.approx(float(recomputed(publication, unit, annex)), abs=0.05)
    assert annex["publication"] == publication.digest


def test_the_annex_is_a_spreadsheet_too() -> None:
    """The attached CSV has the same numbers with totals and denominators, and begins with a byte order mark."""
    publication = company.publication()
    content = reading.attachment(render(publication, "SEOUL", "ko"), "results.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    index = next(row for row in rows if row["unit"] == "SEOUL" and row["measure"] == "index")
    assert float(index["value"]) == figures_of(publication.unit("SEOUL")).index.value
    mean = next(row for row in rows if row["unit"] == "SEOUL" and row["scale"] == "play")
    assert float(mean["total"]) / float(mean["denominator"]) / 12 == pytest.approx(float(mean["value"]), abs=0.005)
    assert {row["unit"] for row in rows} == {"SEOUL", "SALES", "ALL"}


def test_the_annex_holds_no_more_than_the_pages() -> None:
    """Of a unit between the team and the company the annex has only the index that page one shows beside the team."""
    pdf = render(company.publication(), "SEOUL", "ko")
    beside = {unit["code"]: unit for unit in reading.annex(pdf)["beside"]}
    assert set(beside["SALES"]) == {"code", "name", "n", "index", "scales", "totals"}
    assert (beside["SALES"]["scales"], beside["SALES"]["totals"]) == ({}, {})
    assert beside["ALL"]["totals"]["play"] == company.sums(66, company.SHIFTS["ALL"], 66).totals[0]
    kit = reading.annex(render(company.publication(), "LAB", "ko"))["beside"]
    assert [(unit["code"], len(unit["scales"])) for unit in kit] == [("ALL", 6)]
    rows = list(csv.DictReader(io.StringIO(reading.attachment(pdf, "results.csv").decode("utf-8-sig"))))
    assert [row["measure"] for row in rows if row["unit"] == "SALES"] == ["index"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_becomes_a_formula(cell: str) -> None:
    """Text that a spreadsheet could run gets an apostrophe; numbers stay numbers."""
    assert safe(cell) == f"'{cell}"
    assert safe(-1.5) == -1.5
