"""A roster, checked as one whole before anything is written: each person once, and one tree of units."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from survey.i18n import Sentence
from survey.services.filing.grid import UPLOADED, Caps, Grid
from survey.services.filing.problems import CellErrors
from survey.services.filing.table_file import read_grid
from survey.services.roster.columns import Columns, match
from survey.services.roster.roster_rows import PersonRow, Rows, UnitRow, read_rows, require_cells

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
DEEPEST: Final = 30
"""Levels of a tree; a company of a million has about ten."""


class RosterErrors(CellErrors):
    """The roster was not imported."""

    WHOLE = Sentence("The roster was not imported; nothing has changed. Cells to mend: %(count)s.\n%(lines)s")


@dataclass(frozen=True)
class RosterTable:
    """A roster without errors."""

    people: tuple[PersonRow, ...]
    units: tuple[UnitRow, ...]
    """Parents before children."""


def read_roster(
    data: bytes, filename: str, remembered: Mapping[str, str] = NOTHING, caps: Caps = UPLOADED
) -> RosterTable:
    """Read and check a whole roster; `remembered` tells headings as `columns.match` does.

    Raises:
        RosterErrors: with row, column and sentence of each cell to mend.
        Refused: the file as a whole cannot be read.
    """
    grid = read_cells(data, filename, caps)
    return check_roster(grid, match(grid.rows[0], remembered).require())


def read_cells(data: bytes, filename: str, caps: Caps = UPLOADED) -> Grid:
    """Read the cells of a file in which something stands; raises Refused."""
    return require_cells(read_grid(data, filename, caps))


def check_roster(grid: Grid, columns: Columns) -> RosterTable:
    """Read and check the cells of a whole roster.

    Raises:
        RosterErrors: with row, column and sentence of each cell to mend.
        Refused: there is nobody in it.
    """
    rows = read_rows(grid, columns)
    _check_people(rows)
    if rows.tree_is_known:
        _check_parents(rows)
    order = _parents_first(rows)
    if rows.problems:
        raise RosterErrors(rows.problems)
    return RosterTable(tuple(rows.people), tuple(order))


def _check_people(rows: Rows) -> None:
    numbers: dict[str, PersonRow] = {}
    emails: dict[str, PersonRow] = {}
    for person in rows.people:
        # Two numbers that differ in capitals alone are one number, typed by two people.
        first = numbers.setdefault(person.number.casefold(), person)
        if first.unit != person.unit:
            facts: dict[str, object] = {"row": first.row, "unit": first.unit, "here": person.unit}
            what = Sentence("Row %(row)s has the same person in unit %(unit)s, this row in unit %(here)s. Keep one.")
            rows.wrong(person.row, "number", what.fill(**facts))
        elif first is not person:
            rows.wrong(person.row, "number", Sentence("Row %(row)s has the same number.", {"row": first.row}))
        if person.email and (first := emails.setdefault(person.email, person)) is not person:
            rows.wrong(person.row, "email", Sentence("Row %(row)s has the same e-mail address.", {"row": first.row}))
        if person.leads and rows.tree_is_known and person.leads not in rows.units:
            rows.wrong(person.row, "leads", _unknown(person.leads))


def _check_parents(rows: Rows) -> None:
    tops = [unit for unit in rows.units.values() if not unit.parent]
    for unit in rows.units.values():
        if unit.parent and unit.parent not in rows.units:
            rows.wrong(unit.row, "parent", _unknown(unit.parent))
    for unit in tops[1:]:
        facts: dict[str, object] = {"first": tops[0].code, "row": tops[0].row, "unit": unit.code}
        what = Sentence(
            "%(unit)s has no parent, and neither has %(first)s in row %(row)s. Only one unit is at the top."
        )
        rows.wrong(unit.row, "parent", what.fill(**facts))
    if rows.units and not tops:
        rows.wrong(1, "parent", Sentence("No unit is at the top. Leave the parent of exactly one unit empty."))


def _parents_first(rows: Rows) -> list[UnitRow]:
    """Return the units from the top down, and remember circles and trees that are too deep as problems."""
    depth: dict[str, int] = {}
    for code in rows.units:
        path: dict[str, None] = {}
        while code in rows.units and code not in depth and code not in path:
            path[code] = None
            code = rows.units[code].parent  # noqa: PLW2901 - we climb
        if code in path:
            climbed = list(path)
            _tell_circle(rows, [*climbed[climbed.index(code) :], code])
        for below in reversed(path):
            depth[below] = depth.get(rows.units[below].parent, 0) + 1
            if depth[below] == DEEPEST + 1:
                what = Sentence("The tree of units is deeper than %(cap)s levels here.", {"cap": DEEPEST})
                rows.wrong(rows.units[below].row, "parent", what)
    return sorted(rows.units.values(), key=lambda unit: (depth[unit.code], unit.code))


def _tell_circle(rows: Rows, circle: list[str]) -> None:
    unit = rows.units[circle[0]]
    if len(circle) == 2:  # noqa: PLR2004 - the unit and itself
        rows.wrong(unit.row, "parent", Sentence("Unit %(unit)s is placed under itself.", {"unit": unit.code}))
    else:
        what = Sentence("These units are placed under each other in a circle: %(circle)s.")
        rows.wrong(unit.row, "parent", what.fill(circle=" → ".join(circle)))


def _unknown(code: str) -> Sentence:
    return Sentence("The roster has no unit %(unit)s. Give it a row, or mend the code.", {"unit": code})
