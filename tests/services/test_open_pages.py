import datetime as dt
import itertools
from pathlib import Path

import pytest
from sqlalchemy import Engine, String, select

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Account, AuditEntry, OpenPage
from survey.privacy.thaw import Publication
from survey.services.open_pages import open_pages
from survey.services.open_pages.open_pages import ALL, Choice
from survey.services.publication import publication
from tests.journeys.doors import WAVE, published
from tests.services import rounds

NOW = dt.datetime(2026, 11, 20, 9, 0)
LATER = NOW + dt.timedelta(days=3)


@pytest.fixture
def wave(engine: Engine, home: Path) -> Publication:
    """The cast's published wave."""
    return published(engine, home)


def opened(engine: Engine, wave: Publication, unit: str, choice: Choice = ALL, now: dt.datetime = NOW) -> str:
    """Open a page as Cy and return its key."""
    with writing(engine) as session:
        by = session.scalars(select(Account.id).where(Account.name == "Cy")).one()
        return open_pages.open_page(session, wave, unit, choice, now, by).key


def closed(engine: Engine, unit: str, now: dt.datetime = LATER) -> None:
    """Close a page as Cy."""
    with writing(engine) as session:
        by = session.scalars(select(Account.id).where(Account.name == "Cy")).one()
        open_pages.close_page(session, WAVE, unit, now, by)


def test_an_address_stays_the_same_through_closing_and_opening_again(engine: Engine, wave: Publication) -> None:
    """A notice on the wall stays right: opening again, or showing something else, keeps the key."""
    key = opened(engine, wave, "SALES")
    closed(engine, "SALES")
    with reading(engine) as session:
        found = open_pages.page_at(session, key)
    assert found is not None
    assert found.closed_on == LATER.date()
    assert opened(engine, wave, "SALES", Choice(("index",), "stand_ups"), LATER) == key
    with reading(engine) as session:
        again = open_pages.page_of(session, WAVE, "SALES")
    assert again is not None
    assert (again.closed_on, again.choice) == (None, Choice(("index",), "stand_ups"))


def test_days_are_those_of_the_company(engine: Engine, wave: Publication) -> None:
    """Opened and closed before the working day begins in Seoul, when it is still yesterday in Greenwich."""
    early = dt.datetime(2026, 11, 19, 23, 30)
    key = opened(engine, wave, "SALES", now=early)
    closed(engine, "SALES", early)
    with reading(engine) as session:
        found = open_pages.page_at(session, key)
    assert found is not None
    assert (found.opened_on, found.closed_on) == (dt.date(2026, 11, 20), dt.date(2026, 11, 20))


def test_keys_have_128_bits_and_differ(engine: Engine, wave: Publication) -> None:
    """Twenty-two letters of base64 for each unit, none like another."""
    shown = [unit.code for unit in wave.units if unit.hidden is None]
    keys = {opened(engine, wave, unit) for unit in shown}
    assert len(keys) == len(shown) > 1
    assert {len(key) for key in keys} == {22}


def test_a_unit_that_is_not_shown_cannot_have_a_page(engine: Engine, home: Path) -> None:
    """Where too few answered there is no number, and practices alone would point at who was asked."""
    for place, code in enumerate(rounds.open_cast(engine, home).values()):
        if place % 2:
            rounds.answer(engine, rounds.sent(code, answers={"play": 1 + place % 7}))
    rounds.close(engine)
    with writing(engine) as session:
        told = publication.publish(session, WAVE, rounds.OVER + dt.timedelta(days=1))
    hidden = [unit.code for unit in told.units if unit.hidden]
    assert hidden
    for unit in hidden:
        with pytest.raises(Refused, match="not shown"):
            opened(engine, told, unit)


@pytest.mark.parametrize(
    ("choice", "why"),
    [(Choice(()), "at least one"), (Choice(("index",), "nothing_like_it"), "no such practice")],
)
def test_an_impossible_choice_is_refused(engine: Engine, wave: Publication, choice: Choice, why: str) -> None:
    """An empty page, and a practice that the library does not have."""
    with pytest.raises(Refused, match=why):
        opened(engine, wave, "SALES", choice)


def test_what_is_not_open_cannot_be_closed(engine: Engine, wave: Publication) -> None:
    """Neither a page that never was, nor one that is closed."""
    with pytest.raises(Refused, match="not open"):
        closed(engine, "SALES")
    opened(engine, wave, "SALES")
    closed(engine, "SALES")
    with pytest.raises(Refused, match="not open"):
        closed(engine, "SALES")


def test_the_log_holds_unit_and_wave_and_never_the_key(engine: Engine, wave: Publication) -> None:
    """Who reads the log learns that a page was opened, not where it is."""
    key = opened(engine, wave, "SALES")
    closed(engine, "SALES")
    with reading(engine) as session:
        acts = [entry for entry in session.scalars(select(AuditEntry)) if entry.act.startswith("page ")]
    assert [entry.act for entry in acts] == ["page opened", "page closed"]
    assert all("SALES" in str(entry.facts) and key not in str(entry.facts) for entry in acts)


def test_a_choice_is_read_as_it_was_kept() -> None:
    """Every set of parts, with and without a practice; what this version does not know is left out."""
    for size in range(len(open_pages.PARTS) + 1):
        for parts in itertools.combinations(open_pages.PARTS, size):
            for practice in ("", "stand_ups"):
                assert Choice.read(Choice(parts, practice).kept) == Choice(parts, practice)
    assert Choice.read("index of_tomorrow") == Choice(("index",))


def test_the_longest_choice_fits_its_column() -> None:
    """All parts and a practice with the longest id that a company may choose."""
    column = OpenPage.__table__.c.shows.type
    assert isinstance(column, String)
    assert column.length
    assert len(Choice(open_pages.PARTS, "x" * 64).kept) <= column.length
