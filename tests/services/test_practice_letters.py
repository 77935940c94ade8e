"""Before a wave opens, whoever leads units with running practices is asked once what is still going on."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from survey.database import reading, writing
from survey.models import Account, PracticeLetter
from survey.services import audit_log
from survey.services.accounts import invited
from survey.services.invitations.sending import Outbox
from survey.services.practices import reminding
from survey.services.practices.register import Adoption, adopt, pause
from survey.services.waves import by_itself, wave_plans
from survey.settings import Settings
from tests import cast
from tests.services import rounds
from tests.services.mail_server import Postbox, serving
from tests.services.posting import BASE, Second, body, outbox, plain

OPENS = cast.NOW + dt.timedelta(days=30)
SOON = OPENS - dt.timedelta(days=13)
PRACTICES = (("NORTH", "stand_ups"), ("SOUTH", "free_script"), ("PHONE", "one_loop"))


class House:
    """The cast with a planned wave, some running practices, and a mail server."""

    def __init__(self, engine: Engine, home: Path, box: Postbox, port: int) -> None:
        self.engine, self.home, self.box, self.port = engine, home, box, port
        with writing(engine) as session:
            cast.load(session)
            self.wave = wave_plans.draft(
                session, rounds.plan("2027-Q1", OPENS + dt.timedelta(days=14), OPENS), cast.NOW
            ).code
            for unit, practice in PRACTICES:
                adopt(session, Adoption(unit, practice, cast.TODAY, ""))
            pause(session, "PHONE", "one_loop")

    def tick(self, now: dt.datetime) -> list[str]:
        """Do what is due, and return what it says."""
        settings = Settings.from_environment({
            "SURVEY_HOME": str(self.home), "SURVEY_MAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "SURVEY_MAIL_FROM": "hr@example.com", "SURVEY_URL": BASE,
        })  # fmt: skip
        return [str(said) for said in by_itself.go_on(self.engine, settings, now)]


@pytest.fixture
def house(engine: Engine, home: Path) -> Iterator[House]:
    """Give the house with its mail server running."""
    box = Postbox()
    with serving(box) as port:
        yield House(engine, home, box, port)


def test_only_within_two_weeks_before_a_planned_wave(house: House) -> None:
    """Not earlier, not once it should be open; then once, and never a second letter for the same wave."""
    assert house.tick(OPENS - dt.timedelta(days=14, minutes=1)) == []
    assert house.tick(OPENS) == []
    assert house.box.readers == []
    assert house.tick(SOON) == ["1 letters about practices were accepted, before wave 2027-Q1 opens."]
    for days in (0, 1, 7, 12):
        assert house.tick(SOON + dt.timedelta(days=days)) == []
    assert house.box.readers == ["ada@example.com"]


def test_the_letter_names_what_runs_and_holds_both_parts(house: House) -> None:
    """Ada's running practices by unit, in her language, with the day, a link and the way to want no more; no number."""
    house.tick(SOON)
    (letter,) = house.box.messages
    text, html = plain(letter), body(letter, "html")
    for part in (text, html):
        assert "Sales North: Short stand-ups across functions" in part
        assert "Sales South: Freedom from the script" in part
        assert "31 October 2026" in part
        assert f"{BASE}/practices/?lang=en" in part.replace("&amp;", "&")
        assert "at most one such letter before a wave" in part
        assert "one_loop" not in part
    assert "Look through the register" in html
    assert letter["Subject"] == "Lighthouse Trading: before the next wave, what is still going on?"


def test_a_letter_in_korean_lists_a_dozen_and_counts_the_rest(house: House) -> None:
    """Whoever has more practices than a letter should hold reads how many more there are."""
    one = reminding.Waiting(2, "Bo", "bo@example.com", "ko", ("전화상담: 정해진 문구에서 벗어나기",), 3)
    with reading(house.engine) as session:
        about = invited.sender(session, BASE)
    letter = reminding.letter(about, one, "2027-Q1", OPENS)
    assert letter.subject == "등대상사 다음 조사 전에, 지금도 하고 있는 실천을 확인해 주십시오"
    assert "- 전화상담: 정해진 문구에서 벗어나기\n- 그 밖에 3개" in letter.plain
    assert "2026년 10월 31일" in letter.plain
    assert "실천 기록 살펴보기" in letter.html


def test_who_wants_none_cannot_sign_in_or_leads_nothing_that_runs_is_left_alone(house: House) -> None:
    """Ada wants none; Bo's only practice rests; whoever wants letters again gets one."""
    with writing(house.engine) as session:
        ada = session.query(Account).filter_by(name="Ada").one().id
        reminding.want(session, ada, wanted=False)
        assert not reminding.wanted(session, ada)
    assert house.tick(SOON) == []
    with writing(house.engine) as session:
        reminding.want(session, ada, wanted=True)
        session.execute(update(Account).where(Account.id == ada).values(active=False))
    assert house.tick(SOON) == []
    with writing(house.engine) as session:
        session.execute(update(Account).where(Account.id == ada).values(active=True))
    house.tick(SOON)
    assert house.box.readers == ["ada@example.com"]


def test_never_two_letters_within_a_week(house: House) -> None:
    """A wave that is put off by weeks asks again, but not before a week has passed."""
    house.tick(SOON)
    later = OPENS + dt.timedelta(days=17)
    with writing(house.engine) as session:
        session.query(PracticeLetter).one().sent_on = later.date() - dt.timedelta(days=16)
        plan = rounds.plan(house.wave, later + dt.timedelta(days=14), later)
        wave_plans.revise(session, house.wave, plan, SOON)
    assert house.tick(later - dt.timedelta(days=10)) == []
    assert len(house.tick(later - dt.timedelta(days=9))) == 1
    assert house.box.readers == ["ada@example.com"] * 2


def test_a_second_copy_after_a_run_that_was_cut_off_is_the_same_letter(house: House) -> None:
    """Killed between the letter and its note, the next run sends the letter that mail programs know already."""
    house.tick(SOON)
    with writing(house.engine) as session:
        session.delete(session.query(PracticeLetter).one())
    house.tick(SOON)
    first, second = house.box.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_an_address_that_is_refused_is_not_tried_every_hour(house: House) -> None:
    """It counts as written to; the log says that none was accepted."""
    house.box.refuses["ada@example.com"] = "550 nobody of this name"
    assert house.tick(SOON) == []
    house.box.refuses.clear()
    assert house.tick(SOON + dt.timedelta(hours=1)) == []
    with reading(house.engine) as session:
        entry = audit_log.find(session, reminding.SENT, wave="2027-Q1")
        assert entry is not None
        assert entry.facts["accepted"] == "0"


def test_one_run_at_a_time(house: House) -> None:
    """Whoever comes second is refused, and nothing is sent twice."""
    second = Second(house.home, lambda: reminding.remind(house.engine, outbox(house.home, house.port), SOON))
    assert reminding.remind(house.engine, Outbox(house.home, BASE, second), SOON).accepted == 1
    assert second.answers == ["These letters are being sent already."]
    assert house.box.readers == []
