"""A second cut as HR writes it: a table with the group of each report unit, checked as one whole."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from survey.i18n import Refused, Sentence
from survey.privacy.cut_plan import CutPlan
from survey.privacy.tree import Tree, TreeUnit
from survey.services.roster import Listing
from survey.services.roster_file import read_grid
from survey.services.roster_rows import Problem

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "unit": ("unit", "부서코드"),
    "group": ("group", "묶음코드"),
    "parent": ("parent", "상위묶음"),
    "name": ("name", "묶음명"),
    "name_en": ("nameen", "묶음영문명"),
}
LONGEST: Final[Mapping[str, int]] = {"unit": 80, "group": 64, "parent": 64, "name": 200, "name_en": 200}
PROBLEMS_KEPT: Final = 200
UNKNOWN: Final = Sentence("The wave has no unit %(unit)s.")
TWICE: Final = Sentence("%(unit)s stands in the group %(group)s already.")
ANOTHER: Final = Sentence("Another row says %(other)s of the same group.")
CIRCLE: Final = Sentence("These groups lie in a circle under each other: %(groups)s.")
SIMPLE: Final = re.compile(r"[^\W_][\w.+-]*")


class CutErrors(Refused):
    """No second cut was made; `problems` has the first of the file's errors in its order, `count` counts all."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.row)[:PROBLEMS_KEPT])
        self.count = len(problems)
        lines = Listing("", lines=tuple(problem.sentence for problem in self.problems))
        whole = Sentence("No second cut was made. Cells to mend: %(count)s.\n%(lines)s")
        super().__init__(whole, count=self.count, lines=lines)


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
    rows = _Rows(tree, headings, _places(headings))
    for index, cells in enumerate(grid.rows[1:], 2):
        text = {column: cells[place] if place < len(cells) else "" for column, place in rows.places.items()}
        if any(text.values()):
            _read_row(rows, index, {**dict.fromkeys(HEADINGS, ""), **text})
    _check_parents(rows)
    if rows.problems:
        raise CutErrors(rows.problems)
    if not rows.given:
        raise Refused("The file gives no unit to a group. Below the headings, write one row for each unit.")
    return CutPlan(code, _groups(rows), _spread(tree, rows.given))


def _places(headings: list[str]) -> dict[str, int]:
    known = {heading: column for column, names in HEADINGS.items() for heading in names}
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = known.get(re.sub(r"[\s_-]", "", heading.lower()))
        if column in places:
            raise Refused("Two columns are headed %(heading)s. Keep one of them.", heading=heading)
        if column:
            places[column] = place
    if missing := [column for column in ("unit", "group") if column not in places]:
        raise Refused(
            "Row 1 must hold the headings of the columns. Missing: %(missing)s.",
            missing=", ".join(f"{column} ({HEADINGS[column][1]})" for column in missing),
        )
    return places


def _read_row(rows: _Rows, row: int, text: dict[str, str]) -> None:
    long = [column for column, value in text.items() if len(value) > LONGEST[column]]
    for column in long:
        rows.wrong(row, column, Sentence("This text is too long."))
    if not text["group"]:
        rows.wrong(row, "group", Sentence("The cell is empty."))
        return
    bad = [column for column in ("group", "parent") if text[column] and not SIMPLE.fullmatch(text[column])]
    for column in bad:
        rows.wrong(row, column, Sentence("A code has letters, digits, dots, hyphens and plus signs."))
    if not long and not bad:
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


def _check_parents(rows: _Rows) -> None:
    for code, group in list(rows.groups.items()):
        above = group.said.get("parent", "")
        if above and above not in rows.groups:
            rows.groups[above] = _Group(group.row)
        seen = {code}
        while above and above not in seen:
            seen.add(above)
            above = rows.groups[above].said.get("parent", "") if above in rows.groups else ""
        if above:
            rows.wrong(group.row, "parent", CIRCLE.fill(groups=", ".join(sorted(seen))))


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
