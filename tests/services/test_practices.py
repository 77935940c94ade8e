"""The register: which unit has what, since when, and what of it a publication keeps."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Account
from survey.privacy.register import Over
from survey.services.practices import library, partners, register, reminding
from survey.services.practices.register import Adoption, adopt, adoptions
from survey.services.publication import publication
from tests import cast
from tests.services import rounds
from tests.services.test_practice_library import OURS, changed

STAND_UPS = Adoption("NORTH", "stand_ups", cast.TODAY, "Di")
DAY = dt.timedelta(days=1)


@pytest.fixture
def company(session: Session) -> Session:
    """Give a session on a database that holds the cast."""
    cast.load(session)
    return session


def test_adopted_practices_are_listed_from_their_day_on(company: Session) -> None:
    """A practice counts from the day it began; by unit and practice."""
    later = Adoption("CARE", "one_loop", cast.TODAY + dt.timedelta(days=30), "")
    adopt(company, STAND_UPS)
    adopt(company, later)
    assert adoptions(company, cast.TODAY - DAY) == ()
    assert adoptions(company, cast.TODAY) == (STAND_UPS,)
    assert adoptions(company, cast.TODAY + dt.timedelta(days=30)) == (later, STAND_UPS)


def test_noting_it_again_mends_what_was_typed(company: Session) -> None:
    """A unit has a practice once; what is done, how often, since when and by whom can be mended."""
    adopt(company, STAND_UPS)
    mended = Adoption("NORTH", "stand_ups", cast.TODAY - 3 * DAY, "Shift lead", "Ten minutes on Tuesday", "weekly")
    adopt(company, replace(mended, what="  Ten minutes \n on Tuesday"))
    assert adoptions(company, cast.TODAY) == (mended,)


def test_a_pause_keeps_a_practice_and_an_end_does_not(company: Session) -> None:
    """Paused is in use; ended is over from the day after; what goes on again began when it first began."""
    adopt(company, STAND_UPS)
    register.pause(company, "NORTH", "stand_ups")
    assert [each.state for each in adoptions(company, cast.TODAY)] == ["paused"]
    register.end(company, "NORTH", "stand_ups", cast.TODAY + 5 * DAY)
    assert [each.ended_on for each in adoptions(company, cast.TODAY + 5 * DAY)] == [cast.TODAY + 5 * DAY]
    assert adoptions(company, cast.TODAY + 6 * DAY) == ()
    assert register.over_before(company, cast.TODAY + 5 * DAY) == {}
    assert register.over_before(company, cast.TODAY + 6 * DAY) == {
        "NORTH": {"stand_ups": Over("2026-10-01", "2026-10-06")}
    }
    with pytest.raises(Refused, match="has been ended"):
        register.pause(company, "NORTH", "stand_ups")
    adopt(company, replace(STAND_UPS, since=cast.TODAY + 9 * DAY))
    assert register.entry(company, "NORTH", "stand_ups") == STAND_UPS
    register.end(company, "NORTH", "stand_ups", cast.TODAY)
    register.resume(company, "NORTH", "stand_ups")
    assert register.entry(company, "NORTH", "stand_ups") == STAND_UPS


def test_the_latest_day_on_which_it_was_held_stays(company: Session) -> None:
    """With everybody across, or with one of them; an earlier day noted later changes nothing."""
    adopt(company, STAND_UPS)
    for partner in ("CARE", "CHAT"):
        partners.name_partner(company, "NORTH", "stand_ups", partner)
    register.held(company, "NORTH", "stand_ups", cast.TODAY + 4 * DAY)
    register.held(company, "NORTH", "stand_ups", cast.TODAY + 9 * DAY, "CHAT")
    register.held(company, "NORTH", "stand_ups", cast.TODAY + 2 * DAY)
    found = register.entry(company, "NORTH", "stand_ups")
    assert found is not None
    assert found.last_held == cast.TODAY + 9 * DAY
    assert {each.partner: each.last_held for each in partners.of_practice(company, "NORTH", "stand_ups")} == {
        "CARE": cast.TODAY + 4 * DAY,
        "CHAT": cast.TODAY + 9 * DAY,
    }


def test_what_was_not_held_for_twice_its_rhythm_is_late() -> None:
    """Counted from the last day, or from the first where none is noted; what rests, or has no rhythm, is never late."""
    weekly = replace(STAND_UPS, how_often="weekly", last_held=cast.TODAY + 7 * DAY)
    assert not weekly.overdue(cast.TODAY + 21 * DAY)
    assert weekly.overdue(cast.TODAY + 22 * DAY)
    assert replace(weekly, last_held=None).overdue(cast.TODAY + 15 * DAY)
    assert not replace(weekly, state="paused").overdue(cast.TODAY + 99 * DAY)
    assert not replace(weekly, how_often="").overdue(cast.TODAY + 99 * DAY)


def test_two_browsers_that_note_the_same_at_once_note_it_once(engine: Engine) -> None:
    """Taking up, naming who is across, wanting letters, keeping a practice of our own: the later one waits, and mends.

    On PostgreSQL as well, where the second would otherwise find nothing, and then that it is there already.
    """
    with writing(engine) as session:
        cast.load(session)
        leader = session.scalars(select(Account.id).where(Account.name == "Ada")).one()
    gate = threading.Barrier(4, timeout=60)

    def note(practice: str) -> Iterator[Callable[[Session], None]]:
        yield lambda session: adopt(session, replace(STAND_UPS, practice=practice))
        yield lambda session: partners.name_partner(session, "NORTH", practice, "CARE")
        yield lambda session: library.add(session, [changed(id=f"our_{practice}")], cast.TODAY)
        yield lambda session: reminding.want(session, leader, wanted=practice == "one_loop")

    def press() -> None:
        for act in (act for practice in ("stand_ups", "one_loop", "front_line_days") for act in note(practice)):
            gate.wait()
            with writing(engine) as session:
                act(session)

    with ThreadPoolExecutor(4) as browsers:
        pressed = [browsers.submit(press) for _ in range(4)]
    assert [one.exception() for one in pressed] == [None] * 4
    with reading(engine) as session:
        assert len(register.entries(session)) == len(partners.across(session)) == len(library.own(session)) == 3


def test_a_mistake_is_taken_out_with_everybody_across(company: Session) -> None:
    """Afterwards neither side has it, and there is nothing more to take out."""
    adopt(company, STAND_UPS)
    partners.name_partner(company, "NORTH", "stand_ups", "CARE")
    register.take_out(company, "NORTH", "stand_ups")
    assert register.entries(company) == ()
    assert partners.across(company) == ()
    with pytest.raises(Refused, match="has no practice stand_ups"):
        register.take_out(company, "NORTH", "stand_ups")


def test_days_before_it_began_are_refused(company: Session) -> None:
    """Nothing is held or ended before it began."""
    adopt(company, STAND_UPS)
    for act in (register.held, register.end):
        with pytest.raises(Refused, match="It began on"):
            act(company, "NORTH", "stand_ups", cast.TODAY - DAY)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (Adoption("NOWHERE", "stand_ups", cast.TODAY, ""), "There is no unit NOWHERE"),
        (Adoption("NORTH", "karaoke", cast.TODAY, ""), "no practice karaoke. It has: feedback_to_all"),
        (Adoption("NORTH", "stand_ups", cast.TODAY, "x" * 201), "longer than 200"),
        (Adoption("NORTH", "stand_ups", cast.TODAY, "", "x" * 401), "longer than 400"),
        (Adoption("NORTH", "stand_ups", cast.TODAY, "", "", "hourly"), "How often is one of daily"),
    ],
)
def test_what_is_not_in_the_register_is_refused(company: Session, wrong: Adoption, sentence: str) -> None:
    """Unit, practice and rhythm must exist, and texts have an end."""
    with pytest.raises(Refused, match=sentence):
        adopt(company, wrong)


@pytest.mark.parametrize(
    ("partner", "sentence"),
    [("NOWHERE", "There is no unit NOWHERE"), ("", "Choose the other unit"), ("NORTH", "cannot be across from itself")],
)
def test_only_another_unit_takes_part(company: Session, partner: str, sentence: str) -> None:
    """A partner is a unit of today's roster, and another one; who leaves must have been there."""
    adopt(company, STAND_UPS)
    with pytest.raises(Refused, match=sentence):
        partners.name_partner(company, "NORTH", "stand_ups", partner)
    with pytest.raises(Refused, match="does not take part"):
        partners.leave(company, "NORTH", "stand_ups", "CARE")
    with pytest.raises(Refused, match="has no practice one_loop"):
        partners.name_partner(company, "NORTH", "one_loop", "CARE")


def test_a_publication_keeps_what_was_in_use_what_was_over_and_the_companys_own(engine: Engine, home: Path) -> None:
    """In use when the wave opened, or taken up while it was open; what was over before is kept with both its days."""
    with writing(engine) as session:
        cast.load(session)
        library.add(session, [OURS, changed(id="never_used"), changed(id="over_long_ago")], cast.TODAY)
        for unit, practice, days in (
            ("NORTH", "stand_ups", -30), ("NORTH", "one_loop", -30), ("NORTH", OURS.id, 3), ("SOUTH", "stand_ups", -30),
            ("SOUTH", "over_long_ago", -30),
        ):  # fmt: skip
            adopt(session, Adoption(unit, practice, cast.TODAY + days * DAY, ""))
        register.end(session, "NORTH", "one_loop", cast.TODAY - DAY)
        register.end(session, "SOUTH", "stand_ups", cast.TODAY + DAY)
        register.end(session, "SOUTH", "over_long_ago", cast.TODAY - DAY)
        register.pause(session, "NORTH", "stand_ups")
        assert library.retire(session, "over_long_ago", cast.TODAY)
        assert library.retire(session, OURS.id, cast.TODAY)
    for code in rounds.open_next(engine, home, rounds.plan()).values():
        rounds.answer(engine, rounds.sent(code))
    rounds.close(engine)
    with writing(engine) as session:
        publication.publish(session, rounds.WAVE, rounds.OVER + DAY)
    with reading(engine) as session:
        published = publication.publication(session, rounds.WAVE)
    north, south = published.unit("NORTH"), published.unit("SOUTH")
    assert north.adopted == {"stand_ups": "2026-09-01", OURS.id: "2026-10-04"}
    assert north.over == {"one_loop": Over("2026-09-01", "2026-09-30")}
    assert south.adopted == {"stand_ups": "2026-09-01"}
    assert {each.practice.id: each.retired for each in published.own_practices} == {
        OURS.id: True, "never_used": False, "over_long_ago": True,
    }  # fmt: skip
    assert [one.id for one in published.offered][-1:] == ["never_used"]
    assert published.practices[-3:] == tuple(each.practice for each in published.own_practices)
