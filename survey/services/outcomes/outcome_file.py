"""Outcomes as a company keeps them: a table of unit, period, measure and value, checked as one whole."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from survey.i18n import Refused, Sentence
from survey.scoring.periods import period
from survey.services.filing.grid import COMPUTED, UNSEEN, Grid, places
from survey.services.filing.problems import CellErrors, Problem
from survey.services.filing.table_file import read_grid

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "unit": ("unit", "부서코드"),
    "period": ("period", "기간"),
    "measure": ("measure", "지표"),
    "value": ("value", "값"),
}
ROWS: Final = 10_000
"""Rows of one file: it is shown before it is taken, and travels with the form meanwhile."""
DECIMALS: Final = 6
"""Kept of a value; spreadsheets write more."""
LARGEST: Final = 1e12

PERSONAL: Final = re.compile(
    r"^((full|first|last|given|family|employee|person|staff)[ _-]?)?name$|^(이름|성명)$"
    r"|e-?mail|phone|mobile|person|employee|staff|birth|gender|salary|메일|전화|휴대|사번|사원|생년|성별|급여|연봉"
)
_NUMBER: Final = re.compile(r"[-−+]?[0-9]{1,15}(?:\.[0-9]{1,20})?(?:[eE][-+]?[0-9]{1,2})?")

EMPTY: Final = Sentence("The cell is empty.")
NO_UNIT: Final = Sentence("The company has no unit %(unit)s. Mend the code, or import the roster first.")
NO_MEASURE: Final = Sentence("There is no measure %(measure)s. Note it on this page first, or mend its name.")
NO_PERIOD: Final = Sentence("%(period)s is no period: write 2026, 2026-H1, 2026-Q3 or 2026-09.")
NOT_OVER: Final = Sentence("%(period)s is not over yet. Bring its values in afterwards.")
COMMA: Final = Sentence("%(value)s has a comma. Write a point before decimals and nothing between thousands: 1234.5.")
NO_NUMBER: Final = Sentence("%(value)s is no number. Write digits only, without a unit: 87.5.")
MORE: Final = Sentence("The row has more cells than there are headings. Write decimals with a point: 4.5.")
TWICE: Final = Sentence("Row %(row)s has a value for the same unit, period and measure.")


@dataclass(frozen=True)
class OutcomeRow:
    """One value."""

    measure: str
    period: str
    unit: str
    value: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one value of."""
        return self.measure, self.period, self.unit


@dataclass(frozen=True)
class Known:
    """What a file may name."""

    units: Collection[str]
    measures: Mapping[str, str]
    """Code of each measure, by its code and its names in small letters."""
    today: date


class OutcomeErrors(CellErrors):
    """No value was taken."""

    WHOLE = Sentence("No value was taken. Cells to mend: %(count)s.\n%(lines)s")


@dataclass
class _Rows:
    """What the rows say; reading goes on after a problem, so that all of them can be told at once."""

    headings: list[str]
    places: dict[str, int]
    found: dict[tuple[str, str, str], tuple[int, OutcomeRow]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, row: int, column: str, what: Sentence) -> None:
        """Remember that the cell in `row` under `column` is wrong."""
        self.problems.append(Problem(row, self.headings[self.places[column]], what))


def read_outcomes(data: bytes, filename: str, known: Known) -> tuple[OutcomeRow, ...]:
    """Read and check a whole file.

    Raises:
        OutcomeErrors: with row, column and sentence of each cell to mend.
        Refused: the file as a whole cannot be read, is too long, or seems to be about persons.
    """
    if not data.strip():
        raise Refused("The file is empty. Choose the file that holds the outcomes.")
    grid = read_grid(data, filename)
    headings = grid.rows[0] if grid.rows else []
    _refuse_persons(headings)
    if len(grid.rows) > ROWS + 1:
        raise Refused("The file has more than %(cap)s rows. Bring it in in several parts.", cap=f"{ROWS:,}")
    rows = _Rows(headings, places(headings, HEADINGS, tuple(HEADINGS)))
    for index, cells in enumerate(grid.rows[1:], 1):
        if any(cells):
            _read_row(rows, grid, index, known)
    if rows.problems:
        raise OutcomeErrors(rows.problems)
    if not rows.found:
        raise Refused("The file holds no value. Below the headings, write one row for each.")
    return tuple(row for _, row in rows.found.values())


def _refuse_persons(headings: list[str]) -> None:
    for heading in headings:
        if PERSONAL.search(heading.lower()):
            raise Refused(
                "The column %(heading)s sounds as if the file were about persons. Outcomes are of units only: take the "
                "column out.",
                heading=heading,
            )


def _read_row(rows: _Rows, grid: Grid, index: int, known: Known) -> None:
    cells, row, wrong = grid.rows[index], index + 1, len(rows.problems)
    text = {column: cells[place] if place < len(cells) else "" for column, place in rows.places.items()}
    if any(cells[len(rows.headings) :]):
        rows.wrong(row, "value", MORE)
    for column, place in rows.places.items():
        what = COMPUTED if (index, place) in grid.computed else _unfit(column, text[column], known)
        if what is not None:
            rows.wrong(row, column, what)
    if len(rows.problems) > wrong:
        return
    one = OutcomeRow(
        known.measures[text["measure"].lower()], period(text["period"]).text, text["unit"], number(text["value"])
    )
    first, _ = rows.found.setdefault(one.key, (row, one))
    if first != row:
        rows.wrong(row, "value", TWICE.fill(row=first))


def _unfit(column: str, text: str, known: Known) -> Sentence | None:
    if not text:
        return EMPTY
    if not text.isprintable():
        return UNSEEN
    if column == "unit":
        return None if text in known.units else NO_UNIT.fill(unit=text)
    if column == "measure":
        return None if text.lower() in known.measures else NO_MEASURE.fill(measure=text)
    return _unfit_period(text, known.today) if column == "period" else _unfit_value(text)


def _unfit_period(text: str, today: date) -> Sentence | None:
    try:
        found = period(text)
    except ValueError:
        return NO_PERIOD.fill(period=text)
    return None if found.last < today else NOT_OVER.fill(period=found.text)


def _unfit_value(text: str) -> Sentence | None:
    if "," in text:
        return COMMA.fill(value=text)
    return None if _NUMBER.fullmatch(text) and abs(number(text)) < LARGEST else NO_NUMBER.fill(value=text)


def number(text: str) -> float:
    """Return a value as it is kept; a minus may be U+2212, as on our pages.

    >>> number("−3.50"), number("81.333333333333"), number("1E-05")
    (-3.5, 81.333333, 1e-05)
    """
    return round(float(text.replace("−", "-")), DECIMALS) + 0.0
