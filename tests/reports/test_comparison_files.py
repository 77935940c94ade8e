"""The files of a comparison say what its page says: the same strings, the gaps in words, and nothing that runs."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from reports.comparison.files.counted import counted
from reports.comparison.files.handed import KINDS, Handed, Kind
from reports.comparison.files.parts import missing, reach, runs, value_of
from reports.comparison.files.slide_text import Box, Look, fitted, lines_of
from tests.journeys.told_numbers import shown
from tests.reports import reading
from tests.reports.compared import comparison, handed, outcome, waves

LANGUAGES = ("ko", "en")
LONG = "가나다라마바사아자차카타파하" * 4 + "거너더러"
HOSTILE = {1: LONG, 2: '=HYPERLINK("http://x.example","y")', 3: "<script>alert(1)</script>\x0b\u202egnp", 5: "＝1+1 😀"}


def numbers_of(made: Handed) -> list[str]:
    """Return every number of the page's table as it is printed: units first, then the company."""
    compared = made.comparison
    cells = [cell for row in (*(line.cells for line in compared.lines), compared.company) for cell in row]
    return [cell.figure.text for cell in cells if cell.figure]


def charts_of(deck: Any) -> list[Any]:  # noqa: ANN401 - python-pptx is not typed
    """Return the native charts of all slides."""
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def texts_of(deck: Any) -> Iterator[str]:  # noqa: ANN401 - python-pptx is not typed
    """Yield every text of a deck, notes and alternative texts too."""
    for slide in deck.slides:
        yield slide.notes_slide.notes_text_frame.text
        for shape in slide.shapes:
            yield shape._element.xpath(".//p:cNvPr")[0].get("descr") or ""
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_a_row_for_each_unit_and_wave(language: str) -> None:
    """In the order of the tree, the company last; a gap says why, and what was said afterwards stands below."""
    made = handed("csv", language, units=4, count=3)
    rows = list(csv.DictReader(io.StringIO(made.make().decode("utf-8-sig"))))
    assert [row["unit"] for row in rows] == [f"U{place}" for place in range(4) for _ in range(3)] + [""] * 4
    assert [row["text"].lstrip("'") for row in rows if row["text"]] == numbers_of(made)
    assert [row["not_shown"] for row in rows if row["not_shown"]] == [made.comparison.lines[2].cells[1].why]
    assert rows[-1]["note"].startswith("Erratum of 3 May 2026.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_shows_the_same_digits(language: str) -> None:
    """Each number is a cell with the digits of the page, its interval and its n beside it; each unit has a chart."""
    made = handed("xlsx", language)
    data = made.make()
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [row for row in page.iter_rows(max_col=8) if isinstance(row[2].value, int | float)]
    assert [shown(row[2].value, row[2].number_format) for row in rows] == numbers_of(made)
    cells = [cell for line in made.comparison.lines for cell in line.cells if cell.figure]
    for row, cell in zip(rows, cells, strict=False):
        assert cell.figure is not None
        ends = [shown(end.value, end.number_format) for end in row[3:5]]
        assert ends == [cell.figure.low_text, cell.figure.high_text]
        assert f"{row[5].value:,}" == cell.n
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        charts = [package.read(name) for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 8
    assert all(b"<c:errBars>" in chart for chart in charts)
    said = " ".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
    assert made.comparison.sentence in said
    assert "Erratum of 3 May 2026." in said
    assert missing(made.comparison.lines[2])[0][0] in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_hold_native_charts_with_the_pages_numbers(language: str) -> None:
    """A chart for each unit with the numbers shown, its intervals as bars, and the whole of it in words."""
    made = handed("pptx", language)
    deck = Presentation(io.BytesIO(made.make()))
    assert (deck.slide_width, deck.slide_height) == (Inches(13.333), Inches(7.5))
    charts = charts_of(deck)
    for frame, line in zip(charts, made.comparison.lines, strict=True):
        company, *parts = frame.chart.plots[0].series
        assert list(company.values) == [value_of(cell.shown) for cell in made.comparison.company]
        columns = zip(*(part.values for part in parts), strict=True)
        found = [next((value for value in column if value is not None), None) for column in columns]
        assert found == [None if cell.figure is None else value_of(cell.figure.text) for cell in line.cells]
        assert len(parts) == len(runs(line.cells))
        described = frame._element.nvGraphicFramePr.cNvPr.get("descr")
        assert all(cell.shown in described for cell in line.cells)
    said = "\n".join(texts_of(deck))
    assert made.comparison.sentence in said
    assert all(slide.shapes.title.text for slide in deck.slides)
    for line in made.comparison.lines:
        for why, hidden in missing(line):
            assert f"{hidden[0]}: {why}" in said


def test_error_bars_end_where_the_interval_is_printed() -> None:
    """The number and how far its bar reaches give the printed ends, with no digit more."""
    for line in comparison().lines:
        for cell in line.cells:
            if cell.figure is not None:
                down, up = reach(cell)
                value = value_of(cell.figure.text)
                ends = [value_of(text) for text in (cell.figure.low_text, cell.figure.high_text)]
                assert [round(value - down, 6), round(value + up, 6)] == ends


def test_a_line_joins_only_what_the_page_joins() -> None:
    """A hidden wave and a unit that was largely another one end a part of the line."""
    lines = comparison(units=4, count=4).lines
    assert [runs(line.cells) for line in lines] == [
        ((0, 1, 2, 3),),
        ((0, 1, 2, 3),),
        ((0,), (2, 3)),
        ((0, 1), (2, 3)),
    ]


def test_hangul_has_its_typeface_on_slides() -> None:
    """Every piece of text names a font for East Asian script, in boxes, tables and charts."""
    deck = Presentation(io.BytesIO(handed("pptx", "ko", units=3, count=3).make()))
    for slide in deck.slides:
        runs_of = slide._element.xpath(".//a:r/a:rPr")
        assert runs_of
        assert all(run.find("{http://schemas.openxmlformats.org/drawingml/2006/main}ea") is not None for run in runs_of)
    assert all(frame.chart._chartSpace.xpath(".//c:txPr//a:ea") for frame in charts_of(deck))


def test_no_text_leaves_its_box() -> None:
    """However long a name is, text is made smaller, then cut, and the whole of it stands in the notes."""
    deck = Presentation(io.BytesIO(handed("pptx", "ko", names=dict.fromkeys(range(8), LONG)).make()))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 or shape.has_chart
            assert shape.left + shape.width <= deck.slide_width + 1
            assert shape.top + shape.height <= deck.slide_height
            if shape.has_text_frame and shape.text_frame.text:
                size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
                lines = sum(lines_of(each.text, size, shape.width / 914400) for each in shape.text_frame.paragraphs)
                assert lines * size * 1.2 / 72 <= shape.height / 914400 + 0.05, shape.text_frame.text
    assert LONG in deck.slides[0].notes_slide.notes_text_frame.text


def test_what_does_not_fit_is_cut_with_a_mark() -> None:
    """At the least size a text ends in "…" and never in the middle of nothing."""
    kept, size = fitted(["가" * 400, "second"], Look(14, least=10), Box(0, 0, 3, 0.5))
    assert size == 10
    assert kept[-1].endswith("…")
    assert len(kept) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_print_says_what_the_page_says(language: str) -> None:
    """Every number with its interval, every gap with its reason, tagged, in the reader's language."""
    made = handed("pdf", language, units=3, count=3)
    data = made.make()
    said = reading.text(data)
    for line in made.comparison.lines:
        assert line.name in said
        for cell in line.cells:
            assert cell.shown in said
            assert cell.interval in said
    assert missing(made.comparison.lines[2])[0][0] in said
    assert "The number of people invited was wrong." in said
    assert {"H1", "H2", "Table", "Figure"} <= reading.structure(data)
    assert reading.language(data) == language


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_comparison_gives_the_same_bytes(kind: str) -> None:
    """Two colleagues who take the same file hold the same file, whatever the time of day."""
    assert kind in KINDS
    made = handed(next(each for each in KINDS if each == kind), "ko", units=2, count=2)
    assert made.make() == made.make()


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_names_are_text_in_every_file(kind: str) -> None:
    """Formulas, markup, control characters, marks that turn text around, long names: they are text, or not there."""
    made = handed(next(each for each in KINDS if each == kind), "ko", names=HOSTILE)
    data = made.make()
    if kind == "csv":
        cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "＝", "@", "+"))]
        assert "'" + HOSTILE[2] in cells
    elif kind == "pdf":
        said = reading.text(data)
        assert "<script>alert(1)</script>gnp" in said
        assert b"/JavaScript" not in data
    else:
        for name, part in parts_of(data):
            assert not re.search("[\x0b\u202e]", part), name
            assert "<script>" not in part, name
        assert "&lt;script&gt;alert(1)&lt;/script&gt;gnp" in "".join(part for _, part in parts_of(data))
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        written = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in written if cell.data_type == "f" or cell.hyperlink]
    if kind == "pptx":
        assert LONG in "\n".join(texts_of(Presentation(io.BytesIO(data))))


def parts_of(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield every part of an Office file that is XML and can be read as such, those of workbooks inside it too."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith(".xlsx"):
                yield from parts_of(package.read(name))
            elif name.endswith((".xml", ".rels")):
                ET.fromstring(package.read(name))  # noqa: S314 - we wrote it a moment ago
                yield name, package.read(name).decode()


def test_names_of_files_sort_and_no_system_refuses_them() -> None:
    """What is compared comes first, then the waves, then the units; no character that Windows forbids, none unseen."""
    names = [handed(kind, "ko", units=3, count=2, names={1: 'a/b:c*"<>|\x0b'}).name for kind in KINDS]
    assert names[0] == "총 동기 지수 2024-Q1–2024-Q2 영업본부, a b c, 서울팀 demo.csv"
    assert not [name for name in names if re.search(r'[\\/:*?"<>|\x00-\x1f]', name)]
    assert all(len(name.encode()) < 200 for name in names)


def test_one_unit_fills_a_slide_and_a_hidden_one_has_no_chart() -> None:
    """Where nothing of a unit is shown it stands in the table with the reason, and no empty chart is drawn."""
    made = handed("pptx", "en", units=1, count=3)
    assert len(charts_of(Presentation(io.BytesIO(made.make())))) == 1


def beside(kind: Kind, language: str = "en", count: int = 4) -> Handed:
    """Return what makes a file of a comparison with an outcome drawn beside."""
    made = handed(kind, language, units=3, count=count)
    compared = made.comparison
    return replace(made, comparison=replace(compared, outcome=outcome(compared, language)))


def values_of(made: Handed) -> list[str]:
    """Return every value that the page draws, units first."""
    assert made.comparison.outcome is not None
    rows = made.comparison.outcome.values.values()
    return [each.shown for row in rows for each in row if each.shown]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_tells_the_outcome_beside(language: str) -> None:
    """What is drawn beside the index stands in each file with its measure, period and verdict; no value is made up."""
    table = list(csv.DictReader(io.StringIO(beside("csv", language).make().decode("utf-8-sig"))))
    told = [row for row in table if row["measure"] == "outcome:csat"]
    assert [row["text"] for row in told] == values_of(beside("csv"))
    assert {(row["unit"], row["wave"]) for row in told} >= {("U0", waves(4)[1])}
    assert f"(points), {waves(4)[1]} ff." in told[0]["note"]
    book = openpyxl.load_workbook(io.BytesIO(beside("xlsx", language).make()))
    sheet = book[{"en": "Outcomes", "ko": "성과 지표"}[language]]
    assert [f"{row[3].value:.1f}" for row in sheet.iter_rows(min_row=5)] == values_of(beside("xlsx"))
    assert sheet["A2"].value == "Too few points to say anything."
    deck = Presentation(io.BytesIO(beside("pptx", language).make()))
    assert [text for text in texts_of(deck) if text in values_of(beside("pptx"))] == values_of(beside("pptx"))
    said = reading.text(beside("pdf", language).make())
    assert all(value in said for value in values_of(beside("pdf")))
    assert "Too few points to say anything." in said


def test_many_waves_of_an_outcome_fit() -> None:
    """A slide holds the newest eight, and the page in print all, twelve side by side."""
    deck = Presentation(io.BytesIO(beside("pptx", count=14).make()))
    grids = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert [len(table.columns) for table in grids][-1] == 9
    told = counted(beside("pdf", count=14).comparison)
    assert told is not None
    assert len(told.heads) == 14
    said = reading.text(beside("pdf", count=14).make())
    assert all(value in said for value in values_of(beside("pdf", count=14)))
