"""Accounts and grants as a table of e-mail, name, role, unit and language, checked as one whole."""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.services.accounts import grants
from survey.services.accounts.accounts import clean_email, clean_name
from survey.services.accounts.bulk import Wanted
from survey.services.filing.grid import COMPUTED, UNSEEN, Grid, places
from survey.services.filing.problems import CellErrors, Problem
from survey.services.filing.table_file import read_grid

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("email", "이메일"),
    "name": ("name", "이름"),
    "role": ("role", "역할"),
    "unit": ("unit", "부서코드"),
    "language": ("language", "언어"),
}
ROLES: Final = {
    **{role: role for role in ("hr", "leader", "observer", "auditor")},
    "": "leader",
    "인사담당": "hr",
    "인사": "hr",
    "리더": "leader",
    "참관인": "observer",
    "감사인": "auditor",
}
LANGUAGES: Final = {"ko": "ko", "en": "en", "한국어": "ko", "영어": "en", "english": "en", "korean": "ko"}
ROWS: Final = 5_000
"""Rows of one file: it is shown before it is taken, and travels with the form meanwhile."""

EMPTY: Final = Sentence("The cell is empty.")
NO_ROLE: Final = Sentence("%(role)s is no role: write hr, leader, observer or auditor.")
NO_LANGUAGE: Final = Sentence("%(language)s is no language that pages have: write ko or en.")
NO_UNIT: Final = Sentence("The company has no unit %(unit)s. Mend the code, or import the roster first.")
NEEDLESS: Final = Sentence("This role takes no unit: HR see every unit, auditors none. Empty the cell.")
DIFFERS: Final = Sentence("Row %(row)s says something else of the same address.")


class AccountErrors(CellErrors):
    """No account was made."""

    WHOLE = Sentence("No account was made. Cells to mend: %(count)s.\n%(lines)s")


@dataclass
class _Rows:
    """What the rows say; reading goes on after a problem, so that all of them can be told at once."""

    headings: list[str]
    places: dict[str, int]
    units: Collection[str]
    language: str
    found: list[Wanted] = field(default_factory=list)
    first: dict[str, tuple[int, Wanted]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, row: int, column: str, what: Sentence) -> None:
        """Remember that the cell in `row` under `column` is wrong."""
        self.problems.append(Problem(row, self.headings[self.places[column]], what))


def read_accounts(session: Session, data: bytes, filename: str, language: str) -> tuple[Wanted, ...]:
    """Read and check a whole file; `language` is that of rows which name none.

    Raises:
        AccountErrors: with row, column and sentence of each cell to mend.
        Refused: the file as a whole cannot be read, or is too long.
    """
    if not data.strip():
        raise Refused("The file is empty. Choose the file that holds the accounts.")
    grid = read_grid(data, filename)
    headings = grid.rows[0] if grid.rows else []
    if len(grid.rows) > ROWS + 1:
        raise Refused("The file has more than %(cap)s rows. Bring it in in several parts.", cap=f"{ROWS:,}")
    units = frozenset(session.scalars(select(models.Unit.code)))
    rows = _Rows(headings, places(headings, HEADINGS, ("email", "name")), units, language)
    for index, cells in enumerate(grid.rows[1:], 1):
        if any(cells):
            _read_row(rows, grid, index)
    if rows.problems:
        raise AccountErrors(rows.problems)
    if not rows.found:
        raise Refused("The file holds nobody. Below the headings, write one row for each account and unit.")
    return tuple(rows.found)


def as_csv(everybody: Collection[Wanted]) -> str:
    """Return what was read as a table that `read_accounts` reads again."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADINGS)
    lines.writerows((each.email, each.name, each.role, each.unit, each.language) for each in everybody)
    return text.getvalue()


def _read_row(rows: _Rows, grid: Grid, index: int) -> None:
    cells, row, wrong = grid.rows[index], index + 1, len(rows.problems)
    text = dict.fromkeys(HEADINGS, "")
    text |= {column: cells[place] if place < len(cells) else "" for column, place in rows.places.items()}
    for column, place in rows.places.items():
        what = COMPUTED if (index, place) in grid.computed else _unfit(column, text[column], rows)
        if what is not None:
            rows.wrong(row, column, what)
    if len(rows.problems) > wrong:
        return
    role, language = ROLES[_flat(text["role"])], LANGUAGES.get(text["language"].lower(), rows.language)
    one = Wanted(clean_email(text["email"]), clean_name(text["name"]), role, language, text["unit"])
    if one.unit and role not in grants.HOLDERS:
        rows.wrong(row, "unit", NEEDLESS)
    first, before = rows.first.setdefault(one.email, (row, one))
    if (before.name, before.role, before.language) != (one.name, one.role, one.language):
        rows.wrong(row, "email", DIFFERS.fill(row=first))
    rows.found.append(one)


def _unfit(column: str, text: str, rows: _Rows) -> Sentence | None:
    if not text.isprintable():
        return UNSEEN
    if column in {"email", "name"}:
        return _unfit_person(column, text)
    if column == "role":
        return None if _flat(text) in ROLES else NO_ROLE.fill(role=text)
    if column == "language":
        return None if not text or text.lower() in LANGUAGES else NO_LANGUAGE.fill(language=text)
    return None if not text or text in rows.units else NO_UNIT.fill(unit=text)


def _unfit_person(column: str, text: str) -> Sentence | None:
    if not text:
        return EMPTY
    try:
        clean_email(text) if column == "email" else clean_name(text)
    except Refused as refused:
        return refused.sentence
    return None


def _flat(text: str) -> str:
    return text.lower().replace(" ", "")
