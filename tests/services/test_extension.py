"""One extension of two weeks at most, held by the service and by the database, and announced to everybody."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text

from survey.app import main
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Invitation, Person
from survey.services.invitations import announcing, invitations
from survey.services.invitations.sending import Sending
from survey.services.responses.replies import Accepted, Closed
from survey.services.waves import closing, extension, frozen_facts, upkeep, waves
from tests import cast
from tests.services import rounds
from tests.services.loosening import without_triggers
from tests.services.posting import House, Second, plain
from tests.services.rounds import CLOSES, WAVE

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
LATER = CLOSES + 10 * DAY
EVERYBODY = sorted(member.email for member in cast.MEMBERS)
PATTERN = "%Y-%m-%d %H:%M:%S.%f"


class Extended(House):
    """The cast's wave with its letters out, and then a later end."""

    def extend(self, closes_at: dt.datetime = LATER, now: dt.datetime = cast.NOW + DAY) -> None:
        """Extend it."""
        with writing(self.engine) as session:
            extension.extend(session, WAVE, closes_at, now)

    def announce(self, now: dt.datetime = cast.NOW + DAY) -> Sending:
        """Tell everybody who waits."""
        return announcing.announce(self.engine, WAVE, self.outbox(), now)

    def told(self) -> list[str]:
        """Return who was told, as the database knows."""
        with reading(self.engine) as session:
            who = select(Person.email).join(Invitation).where(Invitation.extension_told).order_by(Person.email)
            return [str(email) for email in session.scalars(who)]


@pytest.fixture
def house(engine: Engine, home: Path) -> Iterator[Extended]:
    """The cast's open wave, and a real mail server."""
    with Extended.receiving(engine, home) as made:
        yield made


def end_of(engine: Engine) -> dt.datetime:
    """Return when the wave ends."""
    with reading(engine) as session:
        return waves.wave(session, WAVE).closes_at


def test_a_wave_takes_answers_until_its_later_end(engine: Engine, home: Path) -> None:
    """Until then codes are good; it neither closes by itself before nor is a moment of it taken away again."""
    codes = rounds.open_cast(engine, home)
    with writing(engine) as session:
        extension.extend(session, WAVE, LATER, CLOSES - HOUR)
    assert upkeep.tick(engine, home, rounds.OVER).closed == ""
    with reading(engine) as session:
        assert frozen_facts.broken(session, waves.wave(session, WAVE)) is None
    assert isinstance(rounds.answer(engine, rounds.sent(codes["Di"]), CLOSES + DAY), Accepted)
    with pytest.raises(Refused, match="announced to be open until 2026-10-25 18:00;"), writing(engine) as session:
        closing.close(session, WAVE, CLOSES + DAY)
    assert upkeep.tick(engine, home, LATER + HOUR).closed == WAVE
    assert isinstance(rounds.look(engine, codes["Ada"], LATER + HOUR), Closed)


@pytest.mark.parametrize(
    ("closes_at", "now", "told"),
    [
        (CLOSES, cast.NOW, "ends later"),
        (CLOSES - DAY, cast.NOW, "ends later"),
        (CLOSES + 14 * DAY + HOUR, cast.NOW, "14 days at most: until 2026-10-29 18:00"),
        (LATER, CLOSES, "takes no answers now"),
    ],
)
def test_what_is_no_extension_is_refused(
    engine: Engine, home: Path, closes_at: dt.datetime, now: dt.datetime, told: str
) -> None:
    """An earlier end, one too late, and one that is asked for after the end."""
    rounds.open_cast(engine, home)
    with pytest.raises(Refused, match=told), writing(engine) as session:
        extension.extend(session, WAVE, closes_at, now)
    assert end_of(engine) == CLOSES


def test_it_happens_once(engine: Engine, home: Path) -> None:
    """A second browser that asks for the same is refused, the end of the first one stands, and both are in the log."""
    rounds.open_cast(engine, home)
    with writing(engine) as session:
        extension.extend(session, WAVE, CLOSES + DAY, cast.NOW)
    with pytest.raises(Refused, match="extended before"), writing(engine) as session:
        extension.extend(session, WAVE, CLOSES + 2 * DAY, cast.NOW)
    assert end_of(engine) == CLOSES + DAY
    with reading(engine) as session:
        acts = session.execute(text("SELECT act FROM audit_entry ORDER BY id DESC LIMIT 2")).scalars().all()
    assert acts == ["change refused", "wave extended"]


def at(moment: dt.datetime) -> str:
    """Write a moment as both databases read it."""
    return f"'{moment.strftime(PATTERN)}'"


LONGER = {
    "without saying so": f"closes_at = {at(LATER)}",
    "by more than two weeks": f"closes_at = {at(CLOSES + 15 * DAY)}, extended_from = closes_at",
    "from an end that was not": f"closes_at = {at(LATER)}, extended_from = {at(CLOSES - DAY)}",
    "to an earlier one": f"closes_at = {at(CLOSES - DAY)}, extended_from = closes_at",
    "on paper only": "extended_from = closes_at",
}
STANDS = {
    "twice": f"closes_at = {at(LATER + DAY)}, extended_from = closes_at",
    "longer": f"closes_at = {at(LATER + DAY)}",
    "shorter again": f"closes_at = {at(CLOSES)}",
    "forgotten": "extended_from = NULL",
    "and moved": f"extended_from = {at(CLOSES - DAY)}",
}


@pytest.mark.parametrize("change", LONGER.values(), ids=LONGER)
def test_sql_cannot_lengthen_a_wave_otherwise(engine: Engine, home: Path, change: str) -> None:
    """Whoever writes SQL with the program's rights can do no more than the button does."""
    rounds.open_cast(engine, home)
    with pytest.raises(Refused, match=r"closes_at|extended_from"), writing(engine) as session:
        session.execute(text(f"UPDATE wave SET {change}"))  # noqa: S608 - our own
    assert end_of(engine) == CLOSES


@pytest.mark.parametrize("change", STANDS.values(), ids=STANDS)
def test_sql_cannot_move_an_extended_end(engine: Engine, home: Path, change: str) -> None:
    """Once extended it stays: not longer, not shorter, not forgotten; only closing ends it."""
    rounds.open_cast(engine, home)
    with writing(engine) as session:
        extension.extend(session, WAVE, LATER, cast.NOW)
    with pytest.raises(Refused, match=r"closes_at|extended_from"), writing(engine) as session:
        session.execute(text(f"UPDATE wave SET {change}"))  # noqa: S608 - our own
    assert end_of(engine) == LATER
    with writing(engine) as session:
        assert closing.close(session, WAVE, CLOSES + DAY, early=True).closes_at == CLOSES + DAY


def test_a_later_end_behind_the_triggers_comes_to_light(engine: Engine, home: Path) -> None:
    """Who owns the tables can move it all the same; the log names the end that was told, so nothing is published."""
    rounds.open_cast(engine, home)
    with writing(engine) as session:
        extension.extend(session, WAVE, LATER, cast.NOW)
    without_triggers(engine, f"UPDATE wave SET closes_at = {at(LATER + HOUR)}")  # noqa: S608 - our own
    with reading(engine) as session:
        assert str(frozen_facts.broken(session, waves.wave(session, WAVE))) == "until when answers are taken"


def test_everybody_who_got_a_letter_is_told(house: Extended) -> None:
    """A reply to the letter, with both ends and no code; who got no letter gets no announcement."""
    house.box.refuses["di@example.com"] = "550 no such user"
    invitations.send_letters(house.engine, WAVE, house.outbox(), cast.NOW)
    house.box.refuses.clear()
    letters = {str(m["To"]): m for m in house.box.messages}
    house.extend()
    sending = house.announce()
    assert (sending.accepted, sending.left) == (len(EVERYBODY) - 1, 0)
    news = {str(m["To"]): m for m in house.box.messages[len(letters) :]}
    assert sorted(news) == [email for email in EVERYBODY if email != "di@example.com"] == house.told()
    ada = news["ada@example.com"]
    assert ada["In-Reply-To"] == letters["ada@example.com"]["Message-ID"] != ada["Message-ID"]
    said = plain(ada)
    assert "until Sunday, 25 October 2026 18:00" in said
    assert "instead of Thursday, 15 October 2026 18:00" in said
    assert not [word for word in said.split() if word.count("-") == 3]
    assert "참여하지 않아도 불이익이 없습니다" in plain(news["eun@example.com"])
    assert house.announce().accepted == 0


def test_an_announcement_goes_on_where_it_stopped(house: Extended) -> None:
    """The mail server dies half way: the next run tells the others, and nobody twice."""
    invitations.send_letters(house.engine, WAVE, house.outbox(), cast.NOW)
    house.extend()
    house.box.dies_after = len(EVERYBODY) + 10
    assert (house.announce().accepted, len(house.told())) == (10, 10)
    house.box.dies_after = None
    assert house.announce().accepted == len(EVERYBODY) - 10
    assert sorted(house.box.readers[len(EVERYBODY) :]) == EVERYBODY


def test_two_runs_do_not_announce_at_once(house: Extended) -> None:
    """The second one is told that it is being done."""
    invitations.send_letters(house.engine, WAVE, house.outbox(), cast.NOW)
    house.extend()
    second = Second(house.home, house.announce)
    announcing.announce(house.engine, WAVE, house.outbox(second), cast.NOW + DAY)
    assert second.answers == ["These letters are being sent already."]


def test_what_was_not_extended_is_not_announced(house: Extended) -> None:
    """There is nothing to tell before an extension and after the end."""
    with pytest.raises(Refused, match="was not extended"):
        house.announce()
    house.extend()
    with pytest.raises(Refused, match="takes no answers any more"):
        house.announce(LATER)


def test_it_is_done_from_the_command_line(engine: Engine, home: Path, environment: dict[str, str]) -> None:
    """`survey extend-wave` extends and tells; run again without an end it goes on telling."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with writing(engine) as session:
        cast.load(session)
    rounds.open_next(engine, home, rounds.plan(closes_at=now + 5 * DAY, opens_at=now))

    def survey(*words: str) -> str:
        result = CliRunner().invoke(main, ["--lang", "en", *words, "--wave", WAVE], env=environment)
        return result.output

    end = (now + 7 * DAY).strftime("%Y-%m-%d 18:00")
    assert "27 letters were accepted" in survey("send-letters")
    told = survey("extend-wave", "--closes", end)
    assert "now ends" in told
    assert "27 letters were accepted" in told
    assert "0 letters were accepted" in survey("extend-wave")
    assert "extended before" in survey("extend-wave", "--closes", end)
