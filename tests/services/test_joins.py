import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Person, RosterEntry, Unit, Wave, WaveUnit
from survey.privacy.released import Released
from survey.privacy.thaw import Publication, thaw
from survey.services.accounts import accounts, grants
from survey.services.practices import register
from survey.services.publication import publication
from survey.services.responses.replies import Accepted, Good
from survey.services.waves import frozen, joins, opening, wave_plans, waves
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

NAMES: Final = {"ko": "전화와 채팅", "en": "Phone and Chat"}
GROUP: Final = "CHAT+PHONE"


def planned(engine: Engine, code: str = WAVE, later: dt.timedelta = dt.timedelta()) -> None:
    """Load the cast (once) and draft a wave in which nothing is joined yet."""
    with writing(engine) as session:
        if not session.scalar(select(func.count()).select_from(Unit)):
            cast.load(session)
        wave_plans.draft(session, rounds.plan(code, rounds.CLOSES + later), cast.NOW + later)


def joined(engine: Engine, *members: str, code: str = WAVE) -> str:
    """Join units in a transaction of its own; return the group's code."""
    with writing(engine) as session:
        return joins.join(session, code, members, NAMES, cast.NOW).code


def opened(engine: Engine, home: Path, code: str = WAVE, later: dt.timedelta = dt.timedelta()) -> dict[str, str]:
    """Draft, join Phone and Chat, open; return everybody's codes."""
    planned(engine, code, later)
    joined(engine, "PHONE", "CHAT", code=code)
    with writing(engine) as session:
        opening.open_wave(session, code, cast.NOW + later, home)
    return rounds.codes(engine, home, code)


def published(engine: Engine, home: Path, code: str = WAVE, later: dt.timedelta = dt.timedelta()) -> Publication:
    """Open with the group, let everybody answer, close and publish."""
    for place, each in enumerate(opened(engine, home, code, later).values()):
        form = rounds.sent(each, answers={item: 2 + (place * 3 + at) % 5 for at, item in enumerate(rounds.FOURS)})
        assert isinstance(rounds.answer(engine, form, cast.NOW + later), Accepted)
    rounds.close(engine, rounds.OVER + later, code)
    with writing(engine) as session:
        return publication.publish(session, code, rounds.OVER + later + dt.timedelta(days=1))


def test_a_group_is_kept_on_the_draft_and_can_be_undone(engine: Engine) -> None:
    """Joining writes the group onto the draft, undoing takes it away, and both are in the log."""
    planned(engine)
    assert joined(engine, "PHONE", "CHAT") == GROUP
    with reading(engine) as session:
        assert [each.members for each in frozen.joins_of(waves.wave(session, WAVE))] == [["CHAT", "PHONE"]]
    with writing(engine) as session:
        joins.unjoin(session, WAVE, GROUP, cast.NOW)
    with reading(engine) as session:
        assert frozen.joins_of(waves.wave(session, WAVE)) == []
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["units joined", "joined group undone"]


def test_the_opening_freezes_the_group_in_the_place_of_its_units(engine: Engine, home: Path) -> None:
    """The group stands in the frozen tree with the names of its units, and no roster entry names a unit of it."""
    opened(engine, home)
    with reading(engine) as session:
        unit = session.scalars(select(WaveUnit).where(WaveUnit.code == GROUP)).one()
        assert (unit.parent_code, unit.name_ko, unit.name_en, unit.invited) == ("CARE", *NAMES.values(), 10)
        assert {code: names["en"] for code, names in unit.joined.items()} == {
            "CHAT": "Care by Chat",
            "PHONE": "Care by Phone",
        }
        places = set(session.scalars(select(RosterEntry.report_unit)))
    assert GROUP in places
    assert not places & {"CHAT", "PHONE"}


def test_employees_read_the_name_of_the_group(engine: Engine, home: Path) -> None:
    """Whoever works in a joined unit is told before the first question that her answers count for the group."""
    codes = opened(engine, home)
    looked = rounds.look(engine, codes["Zoe"])
    assert isinstance(looked, Good)
    assert looked.unit_names == NAMES


def _gone(session: Session) -> None:
    session.execute(update(Person).where(Person.unit_code == "CHAT").values(unit_code="PHONE"))
    session.execute(delete(Unit).where(Unit.code == "CHAT"))


def _moved(session: Session) -> None:
    session.execute(update(Unit).where(Unit.code == "CHAT").values(parent_code="SALES"))


def _grown(session: Session) -> None:
    session.add(Unit(code="NIGHT", parent_code="PHONE", name_ko="야간", name_en="Night"))


def _emptied(session: Session) -> None:
    session.execute(update(Person).where(Person.unit_code == "CHAT").values(unit_code="PHONE"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_gone, "There is no unit CHAT in the roster"),
        (_moved, "do not lie under the same unit"),
        (_grown, "has units below it"),
        (_emptied, "Nobody answers for"),
    ],
)
def test_a_group_that_no_longer_fits_holds_the_opening_up(
    engine: Engine, home: Path, change: Callable[[Session], None], told: str
) -> None:
    """Where the roster has changed since, opening is refused with the reason; undone, the wave opens."""
    planned(engine)
    joined(engine, "PHONE", "CHAT")
    with writing(engine) as session:
        change(session)
    with writing(engine) as session, pytest.raises(Refused, match=told):
        opening.open_wave(session, WAVE, cast.NOW, home)
    with writing(engine) as session:
        joins.unjoin(session, WAVE, GROUP, cast.NOW)
        assert opening.open_wave(session, WAVE, cast.NOW, home).state == "open"


@pytest.mark.parametrize(
    ("members", "names", "told"),
    [
        (["PHONE", "CHAT"], {"ko": "전화", "en": " "}, "needs a Korean and an English name"),
        (["PHONE", "CHAT"], {"ko": "전화", "en": "x" * 181}, "up to 180 characters"),
        (["PHONE", "CHAT"], {"ko": "전화", "en": "a\u202eb"}, "that can be printed"),
        (["PHONE", "NORTH"], NAMES, "do not lie under the same unit"),
    ],
)
def test_a_group_that_cannot_be_is_not_kept(
    engine: Engine, members: list[str], names: dict[str, str], told: str
) -> None:
    """A name that is missing or a forgery, or units that do not belong together, leave the draft as it was."""
    planned(engine)
    with writing(engine) as session, pytest.raises(Refused, match=told):
        joins.join(session, WAVE, members, names, cast.NOW)
    with reading(engine) as session:
        assert frozen.joins_of(waves.wave(session, WAVE)) == []


def test_groups_are_fixed_once_the_wave_is_open(engine: Engine, home: Path) -> None:
    """Neither joining nor undoing is possible after the opening."""
    opened(engine, home)
    with writing(engine) as session, pytest.raises(Refused, match="its groups are fixed"):
        joins.join(session, WAVE, ["NORTH", "SOUTH"], NAMES, cast.NOW)
    with writing(engine) as session, pytest.raises(Refused, match="its groups are fixed"):
        joins.unjoin(session, WAVE, GROUP, cast.NOW)


def test_an_unknown_group_cannot_be_undone(engine: Engine) -> None:
    """Undoing names a group of this draft, or is refused."""
    planned(engine)
    with writing(engine) as session, pytest.raises(Refused, match="has no joined group CHAT"):
        joins.unjoin(session, WAVE, "CHAT", cast.NOW)


def test_a_group_is_published_as_one_unit_with_its_members_named(engine: Engine, home: Path) -> None:
    """The record names the units of the group, their codes stand nowhere else, and nothing finer is published."""
    record = published(engine, home)
    unit = record.unit(GROUP)
    assert isinstance(unit.figures, Released)
    assert unit.figures.value.n == 10
    assert (unit.members("en"), unit.members("ko")) == (["Care by Chat", "Care by Phone"], ["채팅상담", "전화상담"])
    assert {"CHAT", "PHONE"}.isdisjoint(each.code for each in record.units)
    assert thaw(*record.frozen()).unit(GROUP).joined == unit.joined
    told = publication.results(record)["units"]
    assert isinstance(told, dict)
    assert set(told[GROUP]["joined"]) == {"CHAT", "PHONE"}
    assert told["NORTH"]["joined"] == {}


def test_the_same_group_is_compared_over_waves(engine: Engine, home: Path) -> None:
    """Joined of the same units again, the group has its old code, so that the next wave shows its change."""
    published(engine, home)
    second = published(engine, home, "2027-Q1", dt.timedelta(days=100))
    detail = second.unit(GROUP).detail
    assert isinstance(detail, Released)
    assert detail.value.change is not None
    assert detail.value.change.since == WAVE


def test_a_group_has_adopted_what_all_its_units_have(engine: Engine, home: Path) -> None:
    """A practice counts as the group's own since the day when the last of its units took it up."""
    planned(engine)
    with writing(engine) as session:
        for unit, practice, since in (
            ("PHONE", "stand_ups", dt.date(2026, 1, 5)),
            ("CHAT", "stand_ups", dt.date(2026, 3, 2)),
            ("CHAT", "one_loop", dt.date(2026, 3, 2)),
        ):
            register.adopt(session, register.Adoption(unit, practice, since, "Bo"))
        wave_plans.discard(session, WAVE, cast.NOW)
    assert published(engine, home).unit(GROUP).adopted == {"stand_ups": "2026-03-02"}


def test_a_leader_of_a_member_sees_the_group_and_no_more(engine: Engine, home: Path) -> None:
    """A grant on a joined unit leads to the group, not to its parent or to anything beside it."""
    record = published(engine, home)
    with writing(engine) as session:
        eve = grants.give(session, "eve@example.com", ["CHAT"], cast.NOW)
    parents = {unit.code: unit.parent for unit in record.units}
    groups = {unit.code: unit.joined for unit in record.units if unit.joined}
    assert accounts.visible_units(eve, parents, groups) == {GROUP}


def test_a_roster_imported_after_the_opening_changes_no_group(engine: Engine, home: Path) -> None:
    """The frozen group stays as it was when a unit of it is gone from today's roster."""
    opened(engine, home)
    with writing(engine) as session:
        _gone(session)
    with reading(engine) as session:
        tree = frozen.frozen_tree(session, session.scalars(select(Wave)).one())
    assert set(next(unit.joined for unit in tree if unit.code == GROUP)) == {"CHAT", "PHONE"}
