import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, update

from survey.app import main
from survey.database import reading, writing
from survey.i18n import Refused
from survey.mail import FilePost, Post
from survey.models import AuditEntry, Invitation, Person, Wave
from survey.services.invitations import invitations, reminders
from survey.services.invitations.codes import ALPHABET
from survey.services.invitations.sending import Outbox, Sending
from survey.services.waves import opening, wave_plans, waves
from survey.services.waves.wave_plans import WaveDraft
from tests import cast
from tests.services import rounds
from tests.services.posting import BASE, House, Second, body, plain
from tests.services.rounds import WAVE

DAY = dt.timedelta(days=1)
EVERYBODY = sorted(member.email for member in cast.MEMBERS)


class Reminders(House):
    """Letters, and what reminds of them."""

    def letters(self) -> list[EmailMessage]:
        """Send the letters; return them and empty the box."""
        invitations.send_letters(self.engine, WAVE, self.outbox(), cast.NOW)
        sent = list(self.box.messages)
        self.box.messages.clear()
        return sent

    def remind(self, day: int, post: Post | None = None) -> Sending:
        """Send the reminder that is due so many days after the opening."""
        return reminders.send_reminders(self.engine, WAVE, self.outbox(post), cast.NOW + day * DAY)

    def due(self, day: int) -> reminders.Due:
        """Return what would be next on that day."""
        with reading(self.engine) as session:
            return reminders.due(session, waves.wave(session, WAVE), cast.NOW + day * DAY)


@pytest.fixture
def house(engine: Engine, home: Path) -> Iterator[Reminders]:
    """Give an installation whose letters go to a real server."""
    with Reminders.receiving(engine, home) as opened:
        yield opened


def test_everybody_with_a_letter_is_reminded_twice_and_never_again(house: Reminders) -> None:
    """Day 3 and day 5, whoever has answered; too early and a third time are refused."""
    house.letters()
    rounds.answer(house.engine, rounds.sent(house.codes["Di"]))
    for early in (0, 2):
        with pytest.raises(Refused, match="may go out from 2026-10-04 on"):
            house.remind(early)
    assert house.remind(3) == Sending(len(EVERYBODY), (), None, 0)
    with pytest.raises(Refused, match="may go out from 2026-10-06 on"):
        house.remind(4)
    assert house.remind(5) == Sending(len(EVERYBODY), (), None, 0)
    assert Counter(house.box.readers) == dict.fromkeys(EVERYBODY, 2)
    with pytest.raises(Refused, match="reminded twice"):
        house.remind(6)


def test_a_late_first_reminder_puts_the_second_off(house: Reminders) -> None:
    """Two presses of a button on day 6 send one reminder, not two: at least two days lie between them."""
    house.letters()
    house.remind(6)
    assert house.due(6) == reminders.Due(2, cast.TODAY + 8 * DAY, len(EVERYBODY), 1, len(EVERYBODY))
    for day in (6, 7):
        with pytest.raises(Refused, match="may go out from 2026-10-09 on"):
            house.remind(day)
    assert house.remind(8).accepted == len(EVERYBODY)


def test_a_reminder_answers_the_letter_with_the_code_and_holds_none(house: Reminders) -> None:
    """It is threaded by Message-ID and subject, says what to do in its reader's language, and carries no code."""
    letters = {str(m["To"]): m for m in house.letters()}
    house.remind(3)
    house.remind(5)
    first, last = ({str(m["To"]): m for m in half} for half in (house.box.messages[:27], house.box.messages[27:]))
    assert len({str(m["Message-ID"]) for m in (*letters.values(), *first.values(), *last.values())}) == 81
    for reader, reminder in [*first.items(), *last.items()]:
        assert reminder["In-Reply-To"] == reminder["References"] == letters[reader]["Message-ID"]
        assert reminder["Subject"] == f"Re: {letters[reader]['Subject']}"
        for kind in ("plain", "html"):
            assert not re.search(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}|/s#", body(reminder, kind))
    ko, en = plain(first["di@example.com"]), plain(first["ada@example.com"])
    assert "Di 님, 안녕하십니까." in ko
    assert "누가 응답했는지는 아무도, 저희도 알 수 없습니다" in ko
    assert "2026년 10월 1일에 받으신 메일" in ko
    assert "이런 안내는 많아야 한 번 더" in ko
    assert "If you have answered, there is nothing left to do." in en
    assert "that letter of 1 October 2026" in en
    assert "until Thursday, 15 October 2026" in en
    assert "one more reminder at most" in en
    assert "This is the last reminder." in plain(last["ada@example.com"])
    assert "이번이 마지막 안내입니다." in body(last["di@example.com"], "html")


def test_who_has_no_accepted_letter_is_not_reminded(house: Reminders) -> None:
    """Refused addresses, people with printed codes and people who left get none; without any letter it is refused."""
    with pytest.raises(Refused, match="Nobody has got a letter"):
        house.remind(3)
    house.without_email("Eun")
    house.box.refuses["di@example.com"] = "550 no such user"
    house.letters()
    with writing(house.engine) as session:
        gone = update(Person).where(Person.name == "Fay")
        session.execute(gone.values(email=None, unit_code=None, left_on=cast.TODAY))
    house.box.refuses.clear()
    assert house.remind(3).accepted == len(EVERYBODY) - 3
    assert not {"di@example.com", "eun@example.com", "fay@example.com"} & set(house.box.readers)


def test_a_server_that_dies_half_way_costs_nobody_a_reminder_or_two(house: Reminders) -> None:
    """The next run goes on with those who wait; each letter is noted by itself."""
    house.letters()
    house.box.dies_after = 10
    stopped = house.remind(3)
    assert (stopped.accepted, stopped.left) == (10, len(EVERYBODY) - 10)
    assert stopped.stopped is not None
    house.box.dies_after = None
    assert house.remind(3).accepted == len(EVERYBODY) - 10
    assert sorted(house.box.readers) == EVERYBODY


def test_a_refused_address_does_not_hold_up_the_second_reminder(house: Reminders) -> None:
    """Whose address was refused the first time gets the second one; the others get two."""
    house.letters()
    house.box.refuses["di@example.com"] = "550 mailbox full"
    assert [refusal.email for refusal in house.remind(3).refused] == ["di@example.com"]
    assert house.due(4) == reminders.Due(1, cast.TODAY + 3 * DAY, 1, 1, len(EVERYBODY))
    house.box.refuses.clear()
    assert house.remind(5).accepted == len(EVERYBODY)
    assert house.due(9).number == 0


def test_nobody_is_reminded_after_the_end(house: Reminders) -> None:
    """After the announced end, and after the close, reminders are refused."""
    house.letters()
    with pytest.raises(Refused, match="takes no answers now"):
        house.remind(14)
    rounds.close(house.engine)
    with pytest.raises(Refused, match="takes no answers now"):
        house.remind(3)


def test_two_runs_at_once_remind_nobody_twice(house: Reminders) -> None:
    """A second run is refused while the first one sends."""
    house.letters()
    post = Second(house.home, lambda: house.remind(3))
    assert house.remind(3, post).accepted == len(EVERYBODY)
    assert post.answers == ["These letters are being sent already."]
    assert house.box.messages == []


def test_a_run_leaves_days_and_counts_and_no_names(house: Reminders) -> None:
    """The log says when a run began and how many letters it sent; of a person only how many she got."""
    house.letters()
    house.remind(3)
    with reading(house.engine) as session:
        log = session.execute(select(AuditEntry.act, AuditEntry.facts).order_by(AuditEntry.id)).all()
        kept = session.execute(select(Invitation.sent_on, Invitation.reminders)).all()
        assert session.scalars(select(Wave.state)).all() == ["open"]
    assert [tuple(entry) for entry in log[-2:]] == [
        ("reminders begun", {"wave": WAVE, "number": "1"}),
        ("reminders sent", {"wave": WAVE, "number": "1", "accepted": str(len(EVERYBODY))}),
    ]
    assert set(map(tuple, kept)) == {(cast.TODAY, 1)}


def test_reminders_go_out_from_the_command_line(engine: Engine, home: Path, environment: dict[str, str]) -> None:
    """The command says how many went out, and why none do before their day; with letters waiting it ends with 1."""
    then = dt.datetime.now(dt.UTC).replace(tzinfo=None) - 4 * DAY
    with writing(engine) as session:
        cast.load(session)
    with writing(engine) as session:
        wave_plans.draft(session, WaveDraft(code=WAVE, opens_at=then, closes_at=then + 14 * DAY), then)
        opening.open_wave(session, WAVE, then, home)

    def survey(code: int, **changed: str) -> str:
        words = ["--lang", "en", "send-reminders", "--wave", WAVE]
        result = CliRunner().invoke(main, words, env={**environment, **changed})
        assert result.exit_code == code, result.output
        return result.output

    assert "Nobody has got a letter" in survey(1)
    post = FilePost(home / "first", "hr@example.com")
    invitations.send_letters(engine, WAVE, Outbox(home, BASE, post), then)
    away = survey(1, SURVEY_MAIL_URL="smtp://127.0.0.1:1")
    assert "cannot be used now" in away
    assert "0 reminders were accepted by the mail server; 27 wait" in away
    assert "27 reminders were accepted by the mail server; 0 wait" in survey(0)
    assert len(list((home / "letters").glob("*.eml"))) == len(EVERYBODY)
    assert "The next reminder of wave" in survey(1)
