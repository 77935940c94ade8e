"""The roster as a table with the columns of an import: edited in a spreadsheet, it can be brought in again."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy.orm import Session

from survey.services import audit_log
from survey.services.roster.columns import HEADINGS
from survey.services.roster.roster import RosterErrors
from survey.services.roster.standing import Place, Somebody, Standing, standing
from survey.spreadsheets import as_csv

KOREAN: Final = 1
"""Which of a column's names is its Korean one."""

Kind = Literal["csv", "xlsx"]


@dataclass(frozen=True)
class Table:
    """What a file will hold; every cell is a text."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def csv(self) -> bytes:
        """Return it as CSV."""
        return as_csv([self.headings, *self.rows])


def export(session: Session, kind: Kind, language: str, now: dt.datetime, by: int | None = None) -> Table:
    """Return today's roster, and write down that it goes out as a file, in the caller's transaction."""
    found = standing(session)
    facts = {"people": str(len(found.here)), "kind": kind}
    audit_log.write(session, now, by, "roster exported", **facts)
    headings = [names[KOREAN] if language == "ko" else column for column, names in HEADINGS.items()]
    return Table(headings, tuple(rows(found)))


def to_mend(errors: RosterErrors, headings: Sequence[str], language: str) -> Table:
    """Return every cell to mend: row, column, what stands there, what to do."""
    return Table(headings, [(str(one.row), one.column, one.text, one.what.to(language)) for one in errors.every])


def rows(found: Standing) -> Iterator[tuple[str, ...]]:
    """Yield a row for each person, by unit, and one for each unit in which nobody works."""
    by_unit: dict[str, list[Somebody]] = {code: [] for code in found.units}
    for one in found.here.values():
        by_unit[one.unit_code].append(one)
    for code in sorted(by_unit):
        people = sorted(by_unit[code], key=lambda one: one.number)
        yield from (_row(found.units[code], one) for one in people)
        if not people:
            yield _row(found.units[code], None)


def _row(unit: Place, one: Somebody | None) -> tuple[str, ...]:
    who = (one.name, one.email or "", one.number, one.language) if one else ("", "", "", "")
    # An English name that was only copied from the Korean one is left out, or it would stay when that one changes.
    english = unit.name_en if unit.name_en != unit.name_ko else ""
    leads = one.leads_code or "" if one else ""
    return (*who, unit.code, unit.parent_code or "", unit.name_ko, english, unit.kind, leads)
