"""The rows of a roster, each taken for itself: people, units, and what is wrong with which cell.

Columns, by their English or Korean heading: name, email, number, language, unit, parent; and, where wanted, unit_name,
unit_name_en, kind and leads (the code of the unit that this person leads). A row without name, number and e-mail says
only that its unit exists. An empty e-mail means a printed code; an empty parent marks the one unit at the top.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from survey.i18n import Refused, Sentence
from survey.services.filing.grid import COMPUTED, UNSEEN, Grid
from survey.services.filing.problems import Problem
from survey.services.roster.columns import HEADINGS, Columns
from survey.spreadsheets import unmarked

LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {
        "name": 200,
        "email": 254,
        "number": 64,
        "language": 20,
        "unit": 64,
        "parent": 64,
        "unit_name": 200,
        "unit_name_en": 200,
        "kind": 40,
        "leads": 64,
    }
)
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"ko": "ko", "en": "en", "한국어": "ko", "영어": "en", "korean": "ko", "english": "en"}
)

_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_CODE: Final = re.compile(r"[^\W_][\w.-]*")
# Control characters, and the marks that make text run the other way: no name needs them, both can forge a page.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass(frozen=True)
class PersonRow:
    """Someone in the roster."""

    row: int
    number: str
    name: str
    email: str | None
    language: str
    unit: str
    leads: str | None


@dataclass
class UnitRow:
    """A unit of the roster, from the first row that names it; "" where no row says it."""

    row: int
    code: str
    parent: str
    unit_name: str
    unit_name_en: str
    kind: str


@dataclass
class Rows:
    """What the rows of a grid say; reading goes on after a problem, so that all of them can be told at once."""

    cells: list[list[str]]
    """The whole file; its first row holds the headings."""
    columns: Columns
    people: list[PersonRow] = field(default_factory=list)
    units: dict[str, UnitRow] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    tree_is_known: bool = True
    """False where some row does not tell its unit or its parent: then no unit can be called missing."""

    def wrong(self, row: int, column: str, what: Sentence) -> None:
        """Remember that the cell in `row` under `column` is wrong."""
        place, cells = self.columns.places.get(column, -1), self.cells[row - 1]
        heading = self.cells[0][place] if place >= 0 else column
        self.problems.append(Problem(row, heading, what, cells[place] if 0 <= place < len(cells) else ""))


def require_cells(grid: Grid) -> Grid:
    """Return a grid in which something stands; raises Refused for an empty one."""
    if not any(any(cells) for cells in grid.rows):
        raise Refused("The file is empty. Choose the file that holds the roster.")
    return grid


def read_rows(grid: Grid, columns: Columns) -> Rows:
    """Read all rows below the headings.

    Raises:
        Refused: there is nobody below them.
    """
    rows = Rows(grid.rows, columns)
    for index, cells in enumerate(grid.rows[1:], 1):
        if any(cells):
            _read_row(rows, grid, index, cells)
    if not rows.people and not rows.problems:
        raise Refused("The roster names nobody. Below the headings, write one row for each person.")
    return rows


def _read_row(rows: Rows, grid: Grid, index: int, cells: list[str]) -> None:
    row, text, bad = index + 1, {**dict.fromkeys(HEADINGS, ""), **rows.columns.everybody}, set[str]()
    for column, place in rows.columns.places.items():
        text[column] = unmarked(cells[place]) if place < len(cells) else ""
        if what := _unreadable(column, text[column]) or _computed(grid, index, place):
            rows.wrong(row, column, what)
            bad.add(column)
    needed = ("name", "number", "language") if any(text[column] for column in ("name", "number", "email")) else ()
    for column in (*needed, "unit"):
        if not text[column] and column not in bad:
            rows.wrong(row, column, Sentence("The cell is empty."))
            bad.add(column)
    if needed and not bad:
        rows.people.append(_person(row, text))
    if bad.isdisjoint({"unit", "parent"}):
        _read_unit(rows, row, text, bad)
    else:
        rows.tree_is_known = False


def _computed(grid: Grid, index: int, place: int) -> Sentence | None:
    if (index, place) in grid.computed:
        return COMPUTED
    return None


def _unreadable(column: str, text: str) -> Sentence | None:
    if text.startswith("="):
        return Sentence("The cell holds a formula. Write the value itself.")
    if _UNPRINTABLE.search(text):
        return UNSEEN
    if len(text) > LONGEST[column]:
        return Sentence("The text is longer than %(cap)s characters.", {"cap": LONGEST[column]})
    return _unfit(column, text) if text else None


def _unfit(column: str, text: str) -> Sentence | None:
    if column in {"unit", "parent", "leads"} and not _CODE.fullmatch(text):
        return Sentence("%(code)s is no code: use letters, digits, dots and hyphens only.", {"code": text})
    if column == "email" and not _EMAIL.fullmatch(text):
        return Sentence("%(email)s is not an e-mail address. Leave the cell empty for a printed code.", {"email": text})
    if column == "language" and text.lower() not in LANGUAGES:
        return Sentence("%(language)s is not a language of the survey. Write ko or en.", {"language": text})
    return None


def _person(row: int, text: dict[str, str]) -> PersonRow:
    # Addresses are compared without regard to case, as mail servers do.
    email = text["email"].lower() or None
    language = LANGUAGES[text["language"].lower()]
    return PersonRow(row, text["number"], text["name"], email, language, text["unit"], text["leads"] or None)


def _read_unit(rows: Rows, row: int, text: dict[str, str], bad: set[str]) -> None:
    new = UnitRow(row, text["unit"], text["parent"], text["unit_name"], text["unit_name_en"], text["kind"])
    known = rows.units.setdefault(new.code, new)
    for column in ("parent", "unit_name", "unit_name_en", "kind"):
        if column in bad:
            continue
        said, says = getattr(known, column), getattr(new, column)
        if says and not said and column != "parent":
            setattr(known, column, says)
        elif said != says and (says or column == "parent"):
            facts: dict[str, object] = {"unit": new.code, "row": known.row, "said": said or "—", "says": says or "—"}
            what = Sentence("Row %(row)s says %(said)s for unit %(unit)s, this row says %(says)s.", facts)
            rows.wrong(row, column, what)
