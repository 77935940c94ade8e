import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.database import writing
from survey.models import Adoption, Grant, Invitation, Person, RosterEntry, Unit, Wave
from survey.services.roster.people import (
    ImportResult,
    count_today,
    headcount,
    import_roster,
    people_today,
    read_roster,
    units_today,
)
from survey.services.roster.roster import RosterTable
from tests import cast

LATER = dt.date(2027, 1, 4)


@pytest.fixture
def company(session: Session) -> Session:
    """Give a session on a database that holds the cast."""
    cast.load(session)
    return session


def the_cast() -> RosterTable:
    """Return the cast's roster, read from its file."""
    return read_roster(cast.roster_csv(), "roster.csv")


def without(table: RosterTable, *numbers: str) -> RosterTable:
    """Return the roster without these people."""
    return replace(table, people=tuple(row for row in table.people if row.number not in numbers))


def with_person(table: RosterTable, number: str, **facts: Any) -> RosterTable:  # noqa: ANN401 - of any column
    """Return the roster with other facts about one person."""
    return replace(table, people=tuple(replace(row, **facts) if row.number == number else row for row in table.people))


def person(session: Session, number: str) -> Person:
    """Return one person by number."""
    return session.scalars(select(Person).where(Person.number == number)).one()


def frozen_in_a_wave(session: Session, *numbers: str) -> None:
    """Freeze these people into the roster of a wave, with a letter each."""
    wave = Wave(code="2026-Q4", instrument_id="x", instrument_version="1", opens_at=cast.NOW)
    wave.closes_at = cast.NOW + dt.timedelta(days=7)
    session.add(wave)
    session.flush()
    for number in numbers:
        entry = RosterEntry(wave_id=wave.id, person_id=person(session, number).id, report_unit="NORTH", language="ko")
        session.add(entry)
        session.add(Invitation(wave_id=wave.id, person_id=entry.person_id, sent_on=cast.TODAY))
    session.commit()


def test_a_first_roster_fills_an_empty_installation(session: Session) -> None:
    """Units with their parents and names, people with their units and leads."""
    result = import_roster(session, the_cast(), cast.TODAY)
    assert result == ImportResult(people=27, units=7, joined=27, moved=0, left=0, new_units=7, gone_units=0)
    assert [unit.code for unit in units_today(session)] == sorted(place.code for place in cast.PLACES)
    ada = person(session, cast.ADA.number)
    assert (ada.name, ada.email, ada.unit_code, ada.leads_code) == ("Ada", "ada@example.com", "SALES", "SALES")
    assert (ada.language, ada.valid_from, ada.left_on) == ("en", cast.TODAY, None)
    sales = session.get_one(Unit, "SALES")
    assert (sales.parent_code, sales.name_ko, sales.name_en, sales.kind) == ("CO", "영업", "Sales", "sales")


def test_the_same_roster_again_changes_nothing(company: Session) -> None:
    """An import can be repeated; nobody joins, moves or leaves by it."""
    result = import_roster(company, the_cast(), LATER)
    assert result == ImportResult(people=27, units=7, joined=0, moved=0, left=0, new_units=0, gone_units=0)
    assert {each.valid_from for each in people_today(company)} == {cast.TODAY}


def test_joining_moving_and_leaving(company: Session) -> None:
    """One who moved has a new date, one who joined is there, one who left and was never asked is forgotten."""
    table = with_person(without(the_cast(), "12"), cast.DI.number, unit="SOUTH", name="Di Kim")
    new = replace(table.people[0], number="99", name="New", email="new@example.com", leads=None)
    result = import_roster(company, replace(table, people=(*table.people, new)), LATER)
    assert result == ImportResult(people=27, units=7, joined=1, moved=1, left=1, new_units=0, gone_units=0)
    di = person(company, cast.DI.number)
    assert (di.unit_code, di.name, di.valid_from) == ("SOUTH", "Di Kim", LATER)
    assert person(company, "99").valid_from == LATER
    assert company.scalar(select(func.count()).select_from(Person).where(Person.number == "12")) == 0


def test_one_who_left_keeps_her_place_in_a_frozen_roster_only(company: Session) -> None:
    """A frozen roster still counts her; today's roster does not, and her address is gone."""
    frozen_in_a_wave(company, "11", "12")
    import_roster(company, without(the_cast(), "12"), LATER)
    gone = person(company, "12")
    assert (gone.unit_code, gone.email, gone.leads_code, gone.left_on) == (None, None, None, LATER)
    assert company.scalar(select(func.count()).select_from(RosterEntry)) == 2
    assert "12" not in {each.number for each in people_today(company)}


def test_one_who_comes_back_is_the_same_person(company: Session) -> None:
    """The number tells who it is; her place in the frozen roster is hers again."""
    frozen_in_a_wave(company, "12")
    before = person(company, "12").id
    import_roster(company, without(the_cast(), "12"), LATER)
    result = import_roster(company, the_cast(), LATER + dt.timedelta(days=30))
    back = person(company, "12")
    assert (back.id, back.unit_code, back.email, back.left_on) == (before, "NORTH", "eun@example.com", None)
    assert back.valid_from == LATER + dt.timedelta(days=30)
    assert (result.joined, result.moved) == (1, 0)


def test_two_people_may_exchange_their_addresses(company: Session) -> None:
    """What is unique after the import may be twice on the way there."""
    table = with_person(the_cast(), "11", email="eun@example.com")
    import_roster(company, with_person(table, "12", email="di@example.com"), LATER)
    assert (person(company, "11").email, person(company, "12").email) == ("eun@example.com", "di@example.com")


def test_the_address_of_one_who_left_is_free(company: Session) -> None:
    """A newcomer may get the address of somebody who left the same day and stands in a frozen roster."""
    frozen_in_a_wave(company, "12")
    table = without(the_cast(), "12")
    new = replace(table.people[0], number="99", name="New", email="eun@example.com", leads=None)
    import_roster(company, replace(table, people=(*table.people, new)), LATER)
    assert person(company, "99").email == "eun@example.com"


REORGANISED = """number,name,email,language,unit,parent
3,Cy,cy@example.com,ko,GROUP,
1,Ada,ada@example.com,en,NORTH,CO
,,,,CO,GROUP
2,Bo,bo@example.com,ko,CARE,NORTH
"""


def test_a_reorganisation_turns_the_tree_around(company: Session) -> None:
    """A new top, a unit under its former child, whole branches gone: names are kept, grants and practices too."""
    company.add(Adoption(unit_code="PHONE", practice_id="stand_ups", since=cast.TODAY))
    result = import_roster(company, read_roster(REORGANISED.encode(), "roster.csv"), LATER)
    company.commit()
    assert (result.new_units, result.gone_units, result.left) == (1, 4, 24)
    found = {unit.code: (unit.parent_code, unit.name_en) for unit in units_today(company)}
    assert found == {
        "GROUP": (None, "GROUP"),
        "CO": ("GROUP", "Lighthouse Trading"),
        "NORTH": ("CO", "Sales North"),
        "CARE": ("NORTH", "Care"),
    }
    assert sorted(company.scalars(select(Grant.unit_code))) == ["CARE", "SALES"]
    assert company.scalars(select(Adoption.unit_code)).all() == ["PHONE"]


def test_a_new_name_replaces_an_english_one_that_was_only_copied(session: Session) -> None:
    """Where no English name was ever told, pages show the name there is."""
    head = "number,name,email,language,unit,parent,unit_name\n1,Ada,,ko,CO,"
    for name in ("등대", "새등대"):
        import_roster(session, read_roster(f"{head},{name}".encode(), "roster.csv"), cast.TODAY)
    company = session.get_one(Unit, "CO")
    assert (company.name_ko, company.name_en) == ("새등대", "새등대")


def test_an_import_that_fails_leaves_all_as_it_was(company: Session, engine: Engine) -> None:
    """All or nothing: whatever stops an import undoes every part of it."""
    broken = with_person(without(the_cast(), "12"), "13", language="xx")

    def run() -> None:
        with writing(engine) as session:
            import_roster(session, broken, LATER)

    with pytest.raises(IntegrityError):
        run()
    company.expire_all()
    assert len(people_today(company)) == len(cast.MEMBERS)


@pytest.mark.parametrize("again", [False, True], ids=["first", "all moved"])
def test_a_large_roster_takes_few_statements(engine: Engine, again: bool) -> None:  # noqa: FBT001 - a case
    """4,000 people are sent in bulk: the number of statements does not grow with the people."""
    if again:
        with writing(engine) as session:
            import_roster(session, large(0), cast.TODAY)
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *facts: sent.append(facts[2]))
    with writing(engine) as session:
        result = import_roster(session, large(1), LATER)
    assert (result.joined, result.moved) == ((0, 4_000) if again else (4_000, 0))
    assert len(sent) < 60


def large(shift: int) -> RosterTable:
    """Return a roster of 4,000 people in 1,000 units, each in the unit `shift` further on."""
    lines = ["number,name,email,language,unit,parent", ",,,,CO,"]
    lines += [f"{n},P{n},p{n}@example.com,ko,U{(n + shift) % 1000},CO" for n in range(4_000)]
    return read_roster("\n".join(lines).encode(), "roster.csv")


def test_the_headcount_is_counted_without_those_who_left(company: Session) -> None:
    """People at each unit, who leads it, who gets a printed code: whoever has left is in none of these numbers."""
    left = person(company, "31")
    left.unit_code, left.email, left.left_on = None, None, cast.TODAY
    person(company, "71").email = None
    found = headcount(company)
    assert dict(found.here) == {"CO": 1, "SALES": 1, "CARE": 1, "NORTH": 9, "SOUTH": 4, "PHONE": 8, "CHAT": 2}
    assert found.people == count_today(company) == len(cast.MEMBERS) - 1
    assert found.leads == {"SALES": "Ada", "CARE": "Bo"}
    assert found.without_email == 1
