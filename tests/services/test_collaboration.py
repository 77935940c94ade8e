"""The collaboration map: what crosses between units, symmetric, with how far it reaches."""

import datetime as dt

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.services.practices import partners, register
from survey.services.practices.collaboration import CollaborationMap, Meeting, Reach, Tie, collaboration, ties
from survey.services.practices.places import Place, Places, places
from survey.services.practices.register import Adoption, State
from tests import cast

DAY = dt.timedelta(days=1)
WEEKLY = Adoption("NORTH", "stand_ups", cast.TODAY, "", how_often="weekly")


def tree() -> Places:
    """Return the cast's tree, with a unit below one of its teams."""
    units = [Place(each.code, each.parent or None, each.ko, each.en) for each in cast.PLACES]
    return Places([*units, Place("NIGHT", "PHONE", "", "Night")])


def tie(unit: str, partner: str, last_held: dt.date | None = cast.TODAY, state: State = "running") -> Tie:
    """Return a practice that crosses from one unit to another."""
    return Tie(replace(WEEKLY, unit=unit, state=state), partner, last_held)


def drawn(*found: Tie, inside: str = "CO", days: int = 0) -> CollaborationMap:
    """Return the map some days later."""
    return collaboration(tree(), found, inside, cast.TODAY + days * DAY)


def test_the_map_of_the_company_is_symmetric() -> None:
    """What holds from one department to another holds back, each with its own reach."""
    found = drawn(tie("NORTH", "PHONE"), tie("SOUTH", "CARE"))
    assert found.rows == found.columns == ("CARE", "SALES")
    here, back = found.cells(found.rows)["SALES", "CARE"], found.cells(found.rows)["CARE", "SALES"]
    assert here.meetings == back.meetings == (Meeting("stand_ups", cast.TODAY, overdue=False, paused=False),)
    assert here.row == back.column == Reach(2, 2, whole=False)
    assert here.column == back.row == Reach(1, 3, whole=True)
    assert set(found.cells(found.rows)) == {("SALES", "CARE"), ("CARE", "SALES")}


def test_what_crosses_between_units_of_one_row_stands_on_its_diagonal() -> None:
    """Both sides count once."""
    found = drawn(tie("NORTH", "SOUTH"))
    assert set(found.cells(found.rows)) == {("SALES", "SALES")}
    cell = found.cells(found.rows)["SALES", "SALES"]
    assert cell.row == cell.column == Reach(2, 2, whole=False)


def test_a_leader_sees_rows_of_the_own_part_and_others_as_columns() -> None:
    """One level deeper: the own teams, and the departments that they do something with."""
    found = drawn(tie("NORTH", "PHONE"), tie("CHAT", "SALES"), tie("PHONE", "CHAT"), inside="SALES")
    assert found.rows == ("SALES", "NORTH", "SOUTH")
    assert found.columns == ("SALES", "NORTH", "SOUTH", "CARE")
    assert set(found.cells(found.rows)) == {("NORTH", "CARE"), ("SALES", "CARE")}
    assert found.cells(found.rows)["NORTH", "CARE"].row == Reach(0, 0, whole=True)


def test_what_others_do_among_themselves_adds_no_column() -> None:
    """The map of Sales is about Sales: what crosses between two units outside is none of it."""
    found = drawn(tie("NORTH", "SOUTH"), tie("PHONE", "CO"), inside="SALES")
    assert found.columns == ("NORTH", "SOUTH")


def test_a_unit_without_units_below_is_a_row_itself() -> None:
    """A team's leader sees what the team does with others, the company as a whole too."""
    found = drawn(tie("NORTH", "CO"), tie("NORTH", "SOUTH"), inside="NORTH")
    assert found.rows == ("NORTH",)
    assert found.columns == ("NORTH", "CO", "SOUTH")
    assert drawn(inside="NORTH").rows == ("NORTH",)
    assert drawn(inside="NORTH").empty


@pytest.mark.parametrize(
    ("found", "days", "meeting"),
    [
        ((tie("NORTH", "PHONE"),), 14, Meeting("stand_ups", cast.TODAY, overdue=False, paused=False)),
        ((tie("NORTH", "PHONE"),), 15, Meeting("stand_ups", cast.TODAY, overdue=True, paused=False)),
        ((tie("NORTH", "PHONE", None),), 15, Meeting("stand_ups", None, overdue=True, paused=False)),
        ((tie("NORTH", "PHONE", None), tie("SOUTH", "PHONE", cast.TODAY + DAY)), 15,
         Meeting("stand_ups", cast.TODAY + DAY, overdue=False, paused=False)),
        ((tie("NORTH", "PHONE", state="paused"),), 99, Meeting("stand_ups", cast.TODAY, overdue=False, paused=True)),
        ((tie("NORTH", "PHONE", state="paused"), tie("SOUTH", "CHAT", None)), 15,
         Meeting("stand_ups", cast.TODAY, overdue=True, paused=False)),
    ],
)  # fmt: skip
def test_a_practice_is_late_where_nobody_held_it(found: tuple[Tie, ...], days: int, meeting: Meeting) -> None:
    """The latest day of all counts; what rests is not late, and hides nothing that runs."""
    assert drawn(*found, days=days).cells(("SALES",))["SALES", "CARE"].meetings == (meeting,)


def test_units_that_are_gone_are_left_out() -> None:
    """The register outlives the roster; the map is of today's units."""
    assert drawn(tie("GONE", "PHONE"), tie("NORTH", "GONE")).empty


def test_what_was_ended_crosses_no_more(engine: Engine) -> None:
    """The map is read from the register as it stands."""
    with writing(engine) as session:
        cast.load(session)
        for unit in ("NORTH", "SOUTH"):
            register.adopt(session, replace(WEEKLY, unit=unit))
            partners.name_partner(session, unit, "stand_ups", "CARE")
        register.held(session, "SOUTH", "stand_ups", cast.TODAY + DAY)
        register.end(session, "NORTH", "stand_ups", cast.TODAY)
    with reading(engine) as session:
        (left,) = ties(session)
        found = places(session)
    assert (left.adoption.unit, left.partner, left.last_held) == ("SOUTH", "CARE", cast.TODAY + DAY)
    assert list(found.by_code) == ["CO", "CARE", "CHAT", "PHONE", "SALES", "NORTH", "SOUTH"]
