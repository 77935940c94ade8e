"""The workbook holds what the pages tell, with the same digits, and nothing that a reader may not see."""

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest

from reports.numbers import numbers
from reports.pool import frozen
from reports.wanted import Results
from reports.workbook import sheets
from reports.workbook.book import table, workbook
from reports.workbook.view import View
from reports.workbook.xlsx import number_format
from survey import charts
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication
from tests.journeys.told_numbers import shown
from tests.reports import company
from tests.sample import sample_publication

LANGUAGES = ("ko", "en")
UNFINISHED = """
from reports.workbook.sheets import Column, Row, Sheet
from reports.workbook.xlsx import write
write([Sheet("S", "T", "", [Column("H", number=False)], [Row(["x" * 50])] * 1000)], "T", "C", "2026-01-01")
"""
LINES = 4
"""Lines of a sheet before its rows: title, sentence, nothing, headings."""


def view(publication: Publication, language: str = "en", *seen: str) -> View:
    """Return what a reader sees who may see `seen`; everything where none are named."""
    return View(publication, language, seen or {unit.code for unit in publication.units})


def opened(of: View) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Read the workbook back with another library than the one that wrote it."""
    return openpyxl.load_workbook(io.BytesIO(workbook(of)))


def rows(sheet: Any) -> list[list[Any]]:  # noqa: ANN401 - openpyxl has no types
    """Return the rows below the headings."""
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=LINES + 1)]


def words(form: str) -> str:
    """Return the words that stand beside a number."""
    found = re.search(r'"([^"]*)"', form)
    return found[1].strip() if found else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_shown_as_it_was_published(language: str) -> None:
    """Whoever opens the sheet of all numbers reads the strings of the pages, in their order, "or more" included."""
    publication = company.publication()
    sheet = opened(view(publication, language)).worksheets[-2]
    cells = [row[5] for row in sheet.iter_rows(min_row=LINES + 1)]
    found = [(shown(cell.value, cell.number_format), words(cell.number_format)) for cell in cells]
    told = [number.figure for unit in publication.units for number in numbers(unit, publication) if number.figure]
    assert found == [(figure.text, charts.bound(figure, language)) for figure in told]
    assert len(found) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_unit_has_a_line_in_the_order_of_the_tree(language: str) -> None:
    """Shown units come with n, hidden ones with the reason in words and no number; remainders stand below."""
    publication = company.publication()
    lines = [row for row in rows(opened(view(publication, language)).worksheets[1]) if row[1]]
    assert [row[1] for row in lines] == [unit.code for unit in publication.units]
    for row, unit in zip(lines, publication.units, strict=True):
        if isinstance(unit.figures, Suppressed):
            assert not any(isinstance(cell, float) for cell in row)
            assert row[-1]
        else:
            assert row[5] == unit.figures.value.n
            assert row[6] == pytest.approx(unit.figures.value.index.value, abs=0.051)


def test_a_leader_gets_own_units_and_the_companys_means() -> None:
    """Of units that the reader may not see there is no line, no number and no name; of the company only means."""
    publication = company.publication()
    own = publication.units[-1].code
    book = opened(view(publication, "en", own))
    named = {unit.code for unit in publication.units} - {own, publication.root.code}
    cells = {str(cell) for sheet in book.worksheets for row in rows(sheet) for cell in row}
    assert not named & cells
    told = list(csv.DictReader(io.StringIO(table(view(publication, "en", own)).decode("utf-8-sig"))))
    assert {line["unit"] for line in told} <= {own, publication.root.code}
    assert {line["measure"] for line in told if line["unit"] == publication.root.code} == {"index", "mean"}


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x","y")', "+1", "@SUM(A1)", "<b>&\x0b", "http://x.example"])
def test_what_people_write_is_never_run(name: str) -> None:
    """A unit's name that looks like a formula or a link is text in the workbook, and is defused in the CSV."""
    publication = company.renamed("SEOUL", name)
    book = opened(view(publication, "ko"))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(isinstance(cell.value, str) and cell.value.startswith(name[:3]) for cell in cells)
    lines = csv.reader(io.StringIO(table(view(publication, "ko")).decode("utf-8-sig")))
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@")) and not _number(cell)]


def _number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def test_the_same_publication_gives_the_same_bytes() -> None:
    """Two colleagues who download the same workbook hold the same file."""
    publication = company.publication()
    assert workbook(view(publication)) == workbook(view(publication))


def test_a_full_disk_keeps_no_pieces(tmp_path: Path) -> None:
    """Where a workbook cannot be finished, nothing of it stays among the machine's temporary files."""
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)); {UNFINISHED}"
    run = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-B", "-c", code],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert "FileCreateError" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_first_sheet_says_what_this_is() -> None:
    """Whoever finds the file in three years reads whose it is, how it is read, what is missing, and its number."""
    publication = company.publication()
    for language in LANGUAGES:
        said = " ".join(str(cell) for row in rows(opened(view(publication, language)).worksheets[0]) for cell in row)
        assert publication.digest in said
        assert ("no ranking" if language == "en" else "순위표가 아닙니다") in said
        assert str(publication.policy.k) in said


def test_a_first_wave_has_no_sheet_of_changes() -> None:
    """A sheet without a row is left out, and not named on the first one."""
    publication = company.publication(first_wave=True)
    book = opened(view(publication, "en"))
    assert "Over time" not in book.sheetnames
    assert "Over time" not in [row[0] for row in rows(book.worksheets[0])]


@pytest.mark.parametrize(("language", "said"), [("en", "or more"), ("ko", "이상")])
def test_a_bound_stands_beside_its_number(language: str, said: str) -> None:
    """Where answers were moved the cell shows "or more" as the page does, and its value stays a number."""
    cell = sheets.shown(Figure(41.25, "+41.3", bound="or more"), language)
    assert cell is not None
    assert (cell.value, words(number_format(cell))) == (41.3, said)
    assert sheets.shown(NotEstimable("too few"), language) is sheets.low(None) is sheets.high(None) is None


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_part_tells_what_the_whole_tells_of_it(kind: Literal["xlsx", "csv"]) -> None:
    """A file made of a division's records alone, in both waves, is byte for byte the one of the whole company's."""
    newest, first = sample_publication(), sample_publication(False)
    seen = frozenset(unit.code for unit in newest.below("A"))
    part, whole = (Results(frozen(newest, (first,), some), kind, "ko", seen) for some in (seen, None))
    assert (
        sum(map(len, (data for data, _ in part.frozen.records)))
        < sum(map(len, (data for data, _ in whole.frozen.records))) / 2
    )
    assert part.make() == whole.make()
    assert part.place() == whole.place()
