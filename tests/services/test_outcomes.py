"""Outcomes: a file is looked at, taken whole, and frozen with the next publication; one measure is declared before."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey import models
from survey.database import writing
from survey.i18n import Refused
from survey.services import audit_log
from survey.services.outcomes import measures, outcomes
from survey.services.outcomes.outcome_file import ROWS
from survey.services.outcomes.outcomes import OutcomeErrors, Preview
from survey.services.publication import publication
from tests import cast
from tests.services import rounds
from tests.services.workbooks import workbook

LATER = dt.date(2027, 3, 1)
NOW = cast.NOW
CSAT = measures.Measure("csat", {"ko": "고객 만족도", "en": "Customer satisfaction"}, "higher", "points")
TURNOVER = measures.Measure("turnover", {"ko": "이직률", "en": "Turnover"}, "lower", "%")
WRONG = """unit,period,measure,value
NOWHERE,2026-11,csat,1
NORTH,2026-13,csat,1
NORTH,2027-03,csat,1
NORTH,2026-11,joy,1
NORTH,2026-11,csat,"4,5"
NORTH,2026-11,csat,4,5
NORTH,2026-11,csat,87 %
NORTH,2026-11,csat,nan
NORTH,2026-11,csat,1e12
NORTH,2026-11,csat,
SOUTH,2026-11,csat,1
SOUTH,2026-11,CSAT,2
=NORTH,2026-11,csat,1
NORTH,2026-11,csat,١
"""
FILE = "unit,period,measure,value\nNORTH,2026-11,csat,81.5\nSOUTH,2026-11,csat,-3\nPHONE,2026-11,csat,77\n"


@pytest.fixture
def company(session: Session) -> Session:
    """Give a session on a database that holds the cast and two measures."""
    cast.load(session)
    for measure in (CSAT, TURNOVER):
        measures.note(session, measure, NOW)
    return session


def look(session: Session, text: str, encoding: str = "utf-8") -> Preview:
    """Look at a file."""
    return outcomes.preview(session, text.encode(encoding), "outcomes.csv", LATER)


def what(session: Session, text: str) -> list[tuple[int, str, str]]:
    """What has to be mended in a file: row, column, sentence."""
    with pytest.raises(OutcomeErrors) as caught:
        look(session, text)
    return [(problem.row, problem.column, str(problem.what)) for problem in caught.value.problems]


def kept(session: Session) -> dict[tuple[str, str], float]:
    """All values by period and unit."""
    return {(one.period, one.unit_code): one.value for one in session.scalars(select(models.Outcome))}


def test_a_file_is_looked_at_before_it_is_taken(company: Session) -> None:
    """A preview writes nothing; taken, it says what it added, and looked at again, that nothing would change."""
    found = look(company, FILE)
    assert (len(found.added), len(found.changed), found.unchanged) == (3, 0, 0)
    assert kept(company) == {}
    outcomes.bring_in(company, found, NOW, by=None)
    assert kept(company) == {("2026-11", "NORTH"): 81.5, ("2026-11", "SOUTH"): -3.0, ("2026-11", "PHONE"): 77.0}
    again = look(company, FILE)
    assert (again.added, again.changed, again.unchanged) == ((), (), 3)


def test_a_changed_value_is_told_with_what_stood_there(company: Session) -> None:
    """The new value stands afterwards, once; the log says how many were new and changed, never which unit's."""
    outcomes.bring_in(company, look(company, FILE), NOW)
    found = look(company, FILE.replace("81.5", "82.0") + "CHAT,2026-11,csat,60\n")
    assert [(each.row.unit, each.before, each.row.value) for each in found.changed] == [("NORTH", 81.5, 82.0)]
    outcomes.bring_in(company, found, NOW)
    assert kept(company)["2026-11", "NORTH"] == 82.0
    assert len(kept(company)) == 4
    entry = audit_log.entries(company, 1)[0]
    assert (entry.act, entry.facts) == ("outcomes brought in", {"measures": "csat", "added": "1", "changed": "1"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_files_as_spreadsheets_write_them(company: Session, encoding: str) -> None:
    """Korean headings and names, quotes, semicolons, a byte-order mark, CP949: all are read."""
    text = '부서코드;기간;지표;값\r\n"NORTH";2026-q4;"고객 만족도";"81.50"\r\nSOUTH;2026;Turnover;-0.5\r\n'
    rows = look(company, text, encoding).rows
    assert [(row.measure, row.period, row.unit, row.value) for row in rows] == [
        ("csat", "2026-Q4", "NORTH", 81.5),
        ("turnover", "2026", "SOUTH", -0.5),
    ]


def test_each_cell_to_mend_is_told(company: Session) -> None:
    """Row, column and what to do: unknown units and measures, periods, decimal commas, units in numbers, twins."""
    found = what(company, WRONG)
    assert [(row, column) for row, column, _ in found] == [
        *((2, "unit"), (3, "period"), (4, "period"), (5, "measure"), (6, "value"), (7, "value"), (8, "value")),
        *((9, "value"), (10, "value"), (11, "value"), (13, "value"), (14, "unit"), (15, "value")),
    ]
    says = [sentence for _, _, sentence in found]
    assert says[0].startswith("The company has no unit NOWHERE.")
    assert "2027-03 is not over yet" in says[2]
    assert "There is no measure joy" in says[3]
    assert says[4].startswith("4,5 has a comma")
    assert "more cells than there are headings" in says[5]
    assert "87 % is no number" in says[6]
    assert says[10] == "Row 12 has a value for the same unit, period and measure."
    assert kept(company) == {}


def test_numbers_as_a_workbook_holds_them(company: Session) -> None:
    """Whole years, sums with a long tail, small numbers: read as numbers, kept to six decimals."""
    data = workbook(
        [["unit", "period", "measure", "value"], ["NORTH", 2025, "csat", 0.1 + 0.2], ["SOUTH", 2025, "csat", 0.00001]]
    )
    found = outcomes.preview(company, data, "outcomes.xlsx", LATER)
    assert [(row.period, row.value) for row in found.rows] == [("2025", 0.3), ("2025", 0.00001)]


@pytest.mark.parametrize("heading", ["name", "이름", "E-Mail", "사번", "employee number", "Full name", "급여"])
def test_a_file_about_persons_is_refused(company: Session, heading: str) -> None:
    """A column that sounds like a person's refuses the whole file, whatever else is in it."""
    with pytest.raises(Refused, match="sounds as if the file were about persons"):
        look(company, f"unit,period,measure,value,{heading}\nNORTH,2026-11,csat,1,x\n")


@pytest.mark.parametrize("heading", ["unit_name", "부서명", "store name", "note"])
def test_other_columns_are_not_looked_at(company: Session, heading: str) -> None:
    """A file may hold more columns than are read."""
    assert len(look(company, f"unit,period,measure,value,{heading}\nNORTH,2026-11,csat,1,x\n").rows) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty"),
        ("unit,period,measure,value\n", "The file holds no value"),
        ("unit,period,measure\nNORTH,2026-11,csat\n", r"Missing: value \(값\)"),
        ("unit,unit,period,measure,value\n", "Two columns are headed unit"),
        ("unit,period,measure,value\n" + "NORTH,2026-11,csat,1\n" * (ROWS + 1), "more than 10,000 rows"),
    ],
)
def test_files_that_cannot_be_read_as_a_whole(company: Session, text: str, sentence: str) -> None:
    """Each says why and what to do."""
    with pytest.raises(Refused, match=sentence):
        look(company, text)


def test_thousands_of_rows(company: Session) -> None:
    """Each period of many years for every unit: read, written and looked at again."""
    periods = [f"{year}-{month:02}" for year in range(2006, 2026) for month in range(1, 13)]
    rows = [f"{unit.code},{period},csat,{place}" for unit in cast.PLACES for place, period in enumerate(periods)]
    found = look(company, "unit,period,measure,value\n" + "\n".join(rows))
    outcomes.bring_in(company, found, NOW)
    assert look(company, outcomes.as_csv(found.rows)).unchanged == len(rows) == 1680


def test_values_travel_as_text_and_come_back(company: Session) -> None:
    """What a preview puts into its form is read back to the same values."""
    found = look(company, FILE + "CHAT,2026,turnover,0.00001\nCARE,2026,turnover,123456789012.5\n")
    assert look(company, outcomes.as_csv(found.rows)).rows == found.rows


def test_what_cannot_be_printed_is_told_and_empty_rows_are_not(company: Session) -> None:
    """A hidden character in a code is found; a row without anything is no row."""
    assert what(company, "unit,period,measure,value\n,,,\nNO\x07RTH,2026-11,csat,1\n") == [
        (3, "unit", "The cell holds a character that cannot be printed. Delete it.")
    ]


def test_measures_are_noted_and_mended(company: Session) -> None:
    """Noted again under its code, a measure's names are mended; a code or name that is none is refused."""
    mended = measures.note(company, measures.Measure("CSAT", {"ko": "만족", "en": "CSAT"}, "lower"), NOW)
    assert (mended.code, mended.better, len(measures.measures(company))) == ("csat", "lower", 2)
    for code, names, sentence in [
        ("cust sat", CSAT.names, "small letters"),
        ("x", {"ko": "", "en": "X"}, "in Korean and in English"),
        ("x", {"ko": "가" * 101, "en": "X"}, "longer than 100"),
    ]:
        with pytest.raises(Refused, match=sentence):
            measures.note(company, measures.Measure(code, names, "higher"), NOW)
    for number in range(18):
        measures.note(company, measures.Measure(f"m{number}", CSAT.names, "higher"), NOW)
    with pytest.raises(Refused, match="which is enough"):
        measures.note(company, measures.Measure("more", CSAT.names, "higher"), NOW)


def test_one_measure_at_a_time_is_declared(company: Session) -> None:
    """The newest declaration before a day stands on it; each is in the log, with the one it replaced."""
    day = dt.timedelta(days=1)
    assert measures.declared(company, NOW.date() + day) is None
    measures.declare(company, "csat", NOW)
    assert measures.declared(company, NOW.date()) is None
    assert measures.declared(company, NOW.date() + day) == ("csat", NOW.date())
    with pytest.raises(Refused, match="declared already"):
        measures.declare(company, "csat", NOW + day)
    measures.declare(company, "turnover", NOW + 2 * day)
    assert measures.declared(company, NOW.date() + 2 * day) == ("csat", NOW.date())
    assert measures.declared(company, NOW.date() + 3 * day) == ("turnover", NOW.date() + 2 * day)
    assert audit_log.entries(company, 1)[0].facts == {"measure": "turnover", "instead": "csat"}
    with pytest.raises(Refused, match="cannot be turned round"):
        measures.note(company, measures.Measure("csat", CSAT.names, "lower"), NOW)
    with pytest.raises(Refused, match="no measure joy"):
        measures.declare(company, "joy", NOW)


def test_the_database_refuses_what_is_no_outcome(company: Session) -> None:
    """Directions, periods and measures are checked by the tables themselves."""
    for row in (
        models.Measure(code="x", name_ko="x", name_en="x", better="none"),
        models.Outcome(measure_code="csat", unit_code="NORTH", period="26", value=1.0),
        models.Outcome(measure_code="joy", unit_code="NORTH", period="2026", value=1.0),
        models.Mark(unit_code="NORTH", day=NOW.date(), kind="leader", name="Somebody"),
        models.Mark(unit_code="NORTH", day=NOW.date(), kind="party"),
    ):
        with pytest.raises(IntegrityError), company.begin_nested():
            company.add(row)


def test_a_publication_freezes_what_follows_its_waves(engine: Engine, home: Path) -> None:
    """Beside the first wave stands the month after it, of units of the tree only; later changes change nothing."""
    with writing(engine) as session:
        cast.load(session)
        measures.note(session, CSAT, NOW)
        measures.declare(session, "csat", NOW - dt.timedelta(days=1))
        measures.note(session, TURNOVER, NOW)
        measures.note(session, measures.Measure("cost", TURNOVER.names, "lower"), NOW)
    for place, code in enumerate(rounds.open_next(engine, home, rounds.plan()).values()):
        rounds.answer(engine, rounds.sent(code, answers={"play": 1 + place % 7}))
    rounds.close(engine)
    with writing(engine) as session:
        text = FILE + "NORTH,2026-12,csat,1\nNORTH,2026-10,csat,2\nCHAT,2026-11,csat,5\n"
        text += "NORTH,2026-01,turnover,1\nCHAT,2026-11,cost,1\n"
        outcomes.bring_in(session, look(session, text), NOW)
        publication.publish(session, rounds.WAVE, rounds.OVER)
    with writing(engine) as session:
        outcomes.bring_in(session, look(session, FILE.replace("81.5", "10")), NOW)
        cost, found, turnover = publication.publication(session, rounds.WAVE).outcomes
    assert cost.beside == turnover.beside == []
    assert (found.measure, found.declared_on) == ("csat", (NOW.date() - dt.timedelta(days=1)).isoformat())
    (beside,) = found.beside
    assert (beside.wave, beside.period) == (rounds.WAVE, "2026-11")
    assert beside.values == {"NORTH": 81.5, "SOUTH": -3.0, "PHONE": 77.0}
