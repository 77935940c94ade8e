"""The roster as a file with the columns of an import: edited in a spreadsheet, it can be brought in again."""

import datetime as dt
from collections.abc import Iterator
from typing import Final, Literal

from sqlalchemy.orm import Session

from survey.services import audit_log
from survey.services.filing.tables import as_csv, as_xlsx
from survey.services.roster.columns import HEADINGS
from survey.services.roster.roster import RosterErrors
from survey.services.roster.standing import Place, Somebody, Standing, standing

KOREAN: Final = 1
"""Which of a column's names is its Korean one."""

Kind = Literal["csv", "xlsx"]


def export(session: Session, kind: Kind, language: str, now: dt.datetime, by: int | None = None) -> bytes:
    """Return today's roster as a file, and write down that it went out, in the caller's transaction."""
    found = standing(session)
    facts = {"people": str(len(found.here)), "kind": kind}
    audit_log.write(session, now, by, "roster exported", **facts)
    headings = [names[KOREAN] if language == "ko" else column for column, names in HEADINGS.items()]
    return _file(kind, headings, rows(found))


def errors_file(errors: RosterErrors, kind: Kind, headings: list[str], language: str) -> bytes:
    """Return every cell to mend as a file: row, column, what stands there, what to do."""
    lines = ((str(one.row), one.column, one.text, one.what.to(language)) for one in errors.every)
    return _file(kind, headings, lines)


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


def _file(kind: Kind, headings: list[str], lines: Iterator[tuple[str, ...]]) -> bytes:
    return as_csv(headings, lines) if kind == "csv" else as_xlsx("roster", headings, lines)
