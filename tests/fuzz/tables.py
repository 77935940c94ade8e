"""Readers of tables: roster, outcomes, answers and units from elsewhere, second cuts. Each reads what it wrote."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from survey.instruments.answers import decode, encode
from survey.instruments.load import builtin
from survey.privacy.tree import Tree, TreeUnit
from survey.scoring.files import FileRefused, read_answers
from survey.services.filing.problems import CellErrors
from survey.services.outcomes.outcome_file import Known, read_outcomes
from survey.services.publication.cut_file import read_cut
from survey.services.publication.imported import LONGEST_CODE, _read_units
from survey.services.roster.columns import HEADINGS, Choice, match, proposals, remember
from survey.services.roster.roster import RosterTable, read_cells, read_roster
from survey.services.roster.roster_rows import UnitRow
from survey.spreadsheets import as_csv
from tests import cast
from tests.fuzz.trying import Read, said
from tests.services.workbooks import workbook

UNITS: Final = ("CO", "SALES", "CARE", "NORTH", "SOUTH", "PHONE", "CHAT")
OUTCOMES: Final = (
    b"unit,period,measure,value\nNORTH,2026-09,csat,81.5\nSOUTH,2026-Q3,csat,-3\nCO,2025,nps,1e3\nCARE,2026-H1,csat,0\n",
    "부서코드;기간;지표;값\nNORTH;2026-08;고객 만족도;80\nPHONE;2025;nps;−1.25\n".encode(),
    "부서코드\t기간\t지표\t값\nNORTH\t2026-08\tcsat\t80\n".encode("cp949"),
)
CUTS: Final = (
    b"unit,group,parent,name,name_en\nNORTH,NS,,\nSOUTH,NS\nPHONE,CS\n,NS,TOP,NS,North and south\n,TOP,,All,All\n",
    "부서코드,묶음코드,상위묶음,묶음명\nSALES,A,,가\nCARE,B,,나\n".encode(),
)
TREE: Final = Tree(TreeUnit(place.code, place.parent or None) for place in cast.PLACES)
TREES: Final = (
    b"code,parent,name,name_en,kind\nCO,,Lighthouse,,\nSALES,CO,Sales,,sales\nNORTH,SALES,North,N,\n",
    "부서코드,상위코드,부서명\nCO,,등대상사\nCARE,CO,고객지원\n".encode(),
)


def as_workbook(data: bytes) -> bytes:
    """Return a CSV as a spreadsheet saves it."""
    return workbook(list(csv.reader(io.StringIO(data.decode("utf-8-sig")))))


def as_filled(data: bytes) -> bytes:
    """Return a CSV as a workbook with a formula and numbers in it."""
    rows: list[list[str | float]] = [[*row] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))]
    rows[-1][0] = 12.0
    return workbook(rows, {"B3": ("=1+1", "2")})


def answers_file() -> bytes:
    """Return answers as another tool exports them."""
    items = [item.id for item in builtin().items]
    rows = [["NORTH", *("1234567"[(row + place) % 7] for place, _ in enumerate(items))] for row in range(6)]
    return as_csv([["unit", *items], *rows, ["CARE", *[""] * len(items)]])


@contextmanager
def roster(_folder: Path) -> Iterator[Read]:
    """Read a roster, by the headings we know and by those that somebody chooses."""
    yield _roster


def _roster(data: bytes) -> str:
    cells = read_cells(data, "roster.csv")
    headings, rows = cells.rows[0], cells.rows[1:]
    found = match(headings, {})
    chosen: dict[str, Choice] = proposals(headings, rows, found)
    kept = remember(headings, chosen)
    assert set(match(headings, kept).columns.places.values()) <= set(range(len(headings)))
    try:
        table = read_roster(data, "roster.csv", {} if found.clear else kept)
    except CellErrors as errors:
        _check(errors, len(cells.rows))
        raise
    _holds(table)
    return "read"


def _check(errors: CellErrors, rows: int) -> None:
    assert errors.count == len(errors.every) > 0
    assert all(0 < each.row <= rows for each in errors.problems)


def _holds(table: RosterTable) -> None:
    """Numbers and addresses once, every unit below one that stands before it; and what it says reads the same again."""
    assert len({one.number.casefold() for one in table.people}) == len(table.people) > 0
    assert len({one.email for one in table.people if one.email}) == sum(bool(one.email) for one in table.people)
    codes = [unit.code for unit in table.units]
    assert len(set(codes)) == len(codes)
    for place, unit in enumerate(table.units):
        assert (unit.parent in codes[:place]) if place else not unit.parent
    assert {one.unit for one in table.people} | {one.leads for one in table.people if one.leads} <= set(codes)
    again = read_roster(written(table), "roster.csv")
    assert _plain(again) == _plain(table)


def written(table: RosterTable) -> bytes:
    """Return a roster as a file."""
    units = {unit.code: unit for unit in table.units}
    rows = [
        [one.name, one.email or "", one.number, one.language, *_unit(units, one.unit), one.leads or ""]
        for one in table.people
    ]
    rows += [["", "", "", "", *_unit(units, code), ""] for code in units]
    return as_csv([list(HEADINGS), *rows])


def _unit(units: dict[str, UnitRow], code: str) -> list[str]:
    unit = units[code]
    return [str(getattr(unit, name)) for name in ("code", "parent", "unit_name", "unit_name_en", "kind")]


def _plain(table: RosterTable) -> tuple[Sequence[object], Sequence[object]]:
    return [replace(one, row=0) for one in table.people], [replace(unit, row=0) for unit in table.units]


@contextmanager
def outcomes(_folder: Path) -> Iterator[Read]:
    """Read outcomes of units."""
    names = {"csat": "csat", "nps": "nps", "고객 만족도": "csat", "customer satisfaction": "csat"}
    known = Known(UNITS, names, dt.date(2026, 10, 1))

    def read(data: bytes) -> str:
        rows = read_outcomes(data, "outcomes.csv", known)
        assert len({row.key for row in rows}) == len(rows)
        assert all(abs(row.value) <= 1e12 and row.unit in UNITS for row in rows)
        text = as_csv([["unit", "period", "measure", "value"]])
        text += b"".join(f"{row.unit},{row.period},{row.measure},{row.value!r}\r\n".encode() for row in rows)
        assert read_outcomes(text, "outcomes.csv", known) == rows
        return "read"

    yield read


@contextmanager
def cuts(_folder: Path) -> Iterator[Read]:
    """Read how a second cut groups units."""

    def read(data: bytes) -> str:
        plan = read_cut(data, "cut.csv", "cut", TREE)
        assert set(plan.places.values()) <= {group.code for group in plan.groups}
        return "read"

    yield read


@contextmanager
def trees(_folder: Path) -> Iterator[Read]:
    """Read a tree of units that comes with answers from elsewhere."""

    def read(data: bytes) -> str:
        try:
            units = _read_units(data, "units.csv")
            Tree(TreeUnit(unit.code, unit.parent) for unit in units.values())
        except FileRefused as refused:
            _all_said(refused)
            raise
        assert all(0 < len(code) <= LONGEST_CODE for code in units)
        return "read"

    yield read


@contextmanager
def collected(_folder: Path) -> Iterator[Read]:
    """Read answers that were collected elsewhere, and the vectors they become."""
    instrument = builtin()

    def read(data: bytes) -> str:
        try:
            found = read_answers(data, instrument, "unit")
        except FileRefused as refused:
            _all_said(refused)
            raise
        assert len(found.rows) == len(found.table.answers) == len(found.table.units) > 0
        for row in found.table.answers[:50]:
            vector = row.tobytes()
            assert encode(instrument.items, decode(instrument.items, vector)) == vector
        return "read"

    yield read


def _all_said(refused: FileRefused) -> None:
    for fault in refused.faults[:20]:
        said(fault.sentence)
    for language in ("ko", "en"):
        assert all(refused.lines(language))
