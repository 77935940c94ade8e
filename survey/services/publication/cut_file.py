"""A second cut as HR writes it: a table with the group of each report unit, checked as one whole."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from survey.i18n import Refused, Sentence
from survey.privacy.cut_plan import CutPlan
from survey.privacy.tree import Tree, TreeUnit
from survey.services.filing.grid import COMPUTED, UNSEEN, places
from survey.services.filing.problems import CellErrors, Problem
from survey.services.filing.table_file import read_grid

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "unit": ("unit", "부서코드"),
    "group": ("group", "묶음코드"),
    "parent": ("parent", "상위묶음"),
    "name": ("name", "묶음명"),
    "name_en": ("nameen", "묶음영문명"),
}
REQUIRED: Final = ("unit", "group")
LONGEST: Final[Mapping[str, int]] = {"unit": 80, "group": 64, "parent": 64, "name": 200, "name_en": 200}
UNKNOWN: Final = Sentence("The wave has no unit %(unit)s.")
TWICE: Final = Sentence("%(unit)s stands in the group %(group)s already.")
ANOTHER: Final = Sentence("Another row says %(other)s of the same group.")
CIRCLE: Final = Sentence("These groups lie in a circle under each other: %(groups)s.")
DEEP: Final = Sentence("Groups lie under each other in more than %(most)s levels.")
NAMED: Final = 10
"""Groups of a circle that are named."""
MOST_LEVELS: Final = 20
"""Of groups under each other; a company has a few."""
MOST_GROUPS: Final = 2
"""Times the units of the wave: each a group of its own, and as many above them."""
SIMPLE: Final = re.compile(r"[^\W_][\w.+-]*")


class CutErrors(CellErrors):
    """No second cut was made."""

    WHOLE = Sentence("No second cut was made. Cells to mend: %(count)s.\n%(lines)s")


@dataclass
class _Group:
    """A group as its rows describe it; the row that says something first stands beside it."""

    row: int
    said: dict[str, str] = field(default_factory=dict)


@dataclass
class _Rows:
    """What the rows say; reading goes on after a problem, so that all of them can be told at once."""

    tree: Tree
    headings: list[str]
    places: dict[str, int]
    groups: dict[str, _Group] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    """By unit as the file names it, its group."""
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, row: int, column: str, what: Sentence) -> None:
        """Remember that the cell in `row` under `column` is wrong."""
        self.problems.append(Problem(row, self.headings[self.places[column]], what))


def read_cut(data: bytes, filename: str, code: str, tree: Tree) -> CutPlan:
    """Read how a file groups the units of a wave's frozen tree.

    A row gives a unit, with everything below it that has no row of its own, to a group; a row without a unit describes
    a group.

    Raises:
        CutErrors: with row, column and sentence of each cell to mend.
        Refused: the file as a whole cannot be read.
    """
    if not data.strip():
        raise Refused("The file is empty. Choose the file that holds the groups.")
    grid = read_grid(data, filename)
    headings = grid.rows[0] if grid.rows else []
    rows = _Rows(tree, headings, places(headings, HEADINGS, REQUIRED))
    for index, cells in enumerate(grid.rows[1:], 2):
        text = {column: cells[place] if place < len(cells) else "" for column, place in rows.places.items()}
        computed = [column for column, place in rows.places.items() if (index - 1, place) in grid.computed]
        for column in computed:
            rows.wrong(index, column, COMPUTED)
        if any(text.values()) and not computed:
            _read_row(rows, index, {**dict.fromkeys(HEADINGS, ""), **text})
    if not _circles(rows):
        _check_levels(rows)
    if rows.problems:
        raise CutErrors(rows.problems)
    if not rows.given:
        raise Refused("The file gives no unit to a group. Below the headings, write one row for each unit.")
    if len(rows.groups) > MOST_GROUPS * len(tree):
        raise Refused(
            "The file has %(groups)s groups for %(units)s units. Leave out groups without a unit.",
            groups=f"{len(rows.groups):,}",
            units=f"{len(tree):,}",
        )
    return CutPlan(code, _groups(rows), _spread(tree, rows.given))


def _read_row(rows: _Rows, row: int, text: dict[str, str]) -> None:
    long = [column for column, value in text.items() if len(value) > LONGEST[column]]
    for column in long:
        rows.wrong(row, column, Sentence("This text is too long."))
    unseen = [column for column, value in text.items() if not value.isprintable()]
    for column in unseen:
        rows.wrong(row, column, UNSEEN)
    if not text["group"]:
        rows.wrong(row, "group", Sentence("The cell is empty."))
        return
    codes = [column for column in ("group", "parent") if text[column] and column not in unseen]
    bad = [column for column in codes if not SIMPLE.fullmatch(text[column])]
    for column in bad:
        rows.wrong(row, column, Sentence("A code has letters, digits, dots, hyphens and plus signs."))
    if not (long or unseen or bad):
        _read_group(rows, row, text)
        _read_unit(rows, row, text)


def _read_group(rows: _Rows, row: int, text: dict[str, str]) -> None:
    group = rows.groups.setdefault(text["group"], _Group(row))
    for column in ("parent", "name", "name_en"):
        if text[column] and group.said.setdefault(column, text[column]) != text[column]:
            rows.wrong(row, column, ANOTHER.fill(other=group.said[column]))


def _read_unit(rows: _Rows, row: int, text: dict[str, str]) -> None:
    unit = text["unit"]
    if not unit:
        return
    if unit not in rows.tree:
        rows.wrong(row, "unit", UNKNOWN.fill(unit=unit))
    elif rows.given.setdefault(unit, text["group"]) != text["group"]:
        rows.wrong(row, "unit", TWICE.fill(unit=unit, group=rows.given[unit]))


def _circles(rows: _Rows) -> bool:
    """Tell every circle of groups, and whether there was one."""
    for group in list(rows.groups.values()):
        if above := group.said.get("parent", ""):
            rows.groups.setdefault(above, _Group(group.row))
    found, known = False, set[str]()
    for start in rows.groups:
        path: dict[str, None] = {}
        at = start
        while at and at not in known and at not in path:
            path[at] = None
            at = rows.groups[at].said.get("parent", "")
        known |= path.keys()
        if at in path:
            _tell_circle(rows, list(path)[list(path).index(at) :])
            found = True
    return found


def _tell_circle(rows: _Rows, circle: list[str]) -> None:
    """Tell a circle at each of its groups, and name a few of them."""
    shown = ", ".join(sorted(circle)[:NAMED]) + (", …" if len(circle) > NAMED else "")
    for code in circle:
        rows.wrong(rows.groups[code].row, "parent", CIRCLE.fill(groups=shown))


def _check_levels(rows: _Rows) -> None:
    """Refuse towers of groups; what is wrong is told once."""
    for group in rows.groups.values():
        at, levels = group, 1
        while (above := at.said.get("parent", "")) and levels <= MOST_LEVELS:
            at, levels = rows.groups[above], levels + 1
        if levels > MOST_LEVELS:
            rows.wrong(group.row, "parent", DEEP.fill(most=MOST_LEVELS))
            return


def _groups(rows: _Rows) -> tuple[TreeUnit, ...]:
    return tuple(
        TreeUnit(
            code,
            group.said.get("parent"),
            {"ko": group.said.get("name", ""), "en": group.said.get("name_en", "") or group.said.get("name", "")},
        )
        for code, group in sorted(rows.groups.items())
    )


def _spread(tree: Tree, given: Mapping[str, str]) -> dict[str, str]:
    """Give every unit the group of the nearest unit above it, or of its own, that the file names."""
    nearest = {code: next((each for each in reversed(tree.path(code)) if each in given), "") for code in tree.codes}
    return {code: given[above] for code, above in nearest.items() if above}
