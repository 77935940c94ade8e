import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.mail import FilePost, Post, SmtpPost, post_for
from survey.models import AuditEntry, Invitation, Person
from survey.services.here import moment
from survey.services.invitations import codes, invitations, issue_key
from survey.services.invitations.invitations import CodeSheet
from survey.services.invitations.letters import Occasion, Reader, invitation
from survey.services.invitations.sending import Outbox, Sending
from survey.services.responses import responses
from survey.services.responses.replies import Good
from survey.services.waves import wave_plans
from survey.services.waves.asking import asked_now
from survey.settings import Settings
from tests import cast
from tests.services import rounds
from tests.services.posting import BASE, House, Second, code_in, plain
from tests.services.rounds import WAVE

DAY = dt.timedelta(days=1)


class Invitations(House):
    """Letters with codes, and the days on which they went out."""

    def send(self, now: dt.datetime = cast.NOW, post: Post | None = None) -> Sending:
        """Send what waits."""
        return invitations.send_letters(self.engine, WAVE, self.outbox(post), now)

    def days(self) -> dict[str, dt.date | None]:
        """Return the day on which each letter went out, by name."""
        with reading(self.engine) as session:
            rows = session.execute(select(Person.name, Invitation.sent_on).join(Invitation))
            return dict(rows.all())


@pytest.fixture
def house(engine: Engine, home: Path) -> Iterator[Invitations]:
    """Give an installation whose letters go to a real server."""
    with Invitations.receiving(engine, home) as opened:
        yield opened


def test_everybody_gets_one_letter_with_her_own_code(house: Invitations) -> None:
    """Each code is the reader's and opens the questionnaire; the day is kept, and the key is gone."""
    assert house.send() == Sending(len(cast.MEMBERS), (), None, 0)
    assert {str(m["To"]): code_in(m) for m in house.box.messages} == {
        member.email: house.codes[member.name] for member in cast.MEMBERS
    }
    assert set(house.days().values()) == {cast.TODAY}
    assert not issue_key.exists(house.home, WAVE)
    with reading(house.engine) as session:
        first = code_in(house.box.messages[0])
        assert isinstance(responses.look(session, asked_now(session), first, cast.NOW), Good)


def test_a_letter_speaks_its_readers_language(house: Invitations) -> None:
    """Korean for Di, English for Ada: code, closing day, promise."""
    house.send()
    letters = {str(m["To"]): m for m in house.box.messages}
    di, ada = plain(letters["di@example.com"]), plain(letters["ada@example.com"])
    assert "Di 님, 안녕하십니까." in di
    assert "2026년 10월 15일 목요일" in di
    assert "참여하지 않아도 불이익이 없습니다" in di
    assert "Dear Ada," in ada
    assert "Thursday, 15 October 2026" in ada
    assert "staying away has no consequence" in ada
    assert codes.grouped(house.codes["Ada"]) in ada
    assert "Lighthouse Trading" in str(letters["ada@example.com"]["Subject"])


def test_text_of_the_roster_is_never_markup() -> None:
    """A name with a tag stays a name, in the HTML part and in the plain one."""
    occasion = Occasion(
        {"ko": "<i>회사", "en": "A & B"}, BASE, rounds.CLOSES, {"ko": ("약속",), "en": ("Promised",)}, WAVE, cast.NOW
    )
    letter = invitation(occasion, Reader(1, "<b>Di\r\n{{ code }}", "di@example.com", "ko"), "0" * 16)
    assert "&lt;b&gt;Di {{ code }} 님" in letter.html
    assert "<i>" not in letter.html
    assert "<b>Di {{ code }} 님" in letter.plain
    assert letter.subject.startswith("<i>회사")


def test_a_mail_server_that_dies_half_way_costs_nobody_a_letter_or_two(house: Invitations) -> None:
    """The next run goes on where the server died, with the same codes; everybody has exactly one letter."""
    house.box.dies_after = 10
    first = house.send()
    assert (first.accepted, first.left) == (10, len(cast.MEMBERS) - 10)
    assert first.stopped is not None
    assert "cannot be used now" in str(first.stopped)
    assert issue_key.exists(house.home, WAVE)
    house.box.dies_after = None
    second = house.send(cast.NOW + DAY)
    assert (second.accepted, second.stopped, second.left) == (len(cast.MEMBERS) - 10, None, 0)
    assert sorted(house.box.readers) == sorted(member.email for member in cast.MEMBERS)
    assert {code_in(m) for m in house.box.messages} == set(house.codes.values())
    assert sorted({day for day in house.days().values() if day}) == [cast.TODAY, cast.TODAY + DAY]


def test_a_server_that_is_away_leaves_everything_as_it_was(house: Invitations) -> None:
    """No letter, no date, and the key waits for the next try."""
    away = post_for(Settings.from_environment({"SURVEY_MAIL_URL": "smtp://127.0.0.1:1"}))
    sending = house.send(post=away)
    assert (sending.accepted, sending.left) == (0, len(cast.MEMBERS))
    assert set(house.days().values()) == {None}
    assert issue_key.exists(house.home, WAVE)


def test_a_refused_address_waits_while_all_others_are_written_to(house: Invitations) -> None:
    """HR is told whom and why; a mended address gets its letter in the next run, and only that one."""
    house.box.refuses["di@example.com"] = "550 no such user"
    sending = house.send()
    assert [(refusal.name, str(refusal.reason)) for refusal in sending.refused] == [
        ("Di", "The mail server answered 550: no such user")
    ]
    assert (sending.accepted, sending.left) == (len(cast.MEMBERS) - 1, 1)
    assert issue_key.exists(house.home, WAVE)
    with writing(house.engine) as session:
        session.execute(update(Person).where(Person.name == "Di").values(email="di.kim@example.com"))
    house.box.messages.clear()
    assert house.send() == Sending(1, (), None, 0)
    assert house.box.readers == ["di.kim@example.com"]
    assert code_in(house.box.messages[0]) == house.codes["Di"]
    assert not issue_key.exists(house.home, WAVE)


def test_a_run_with_nothing_to_send_is_no_failure(house: Invitations) -> None:
    """Sending again after the last letter does nothing, though the key is gone."""
    house.send()
    assert house.send() == Sending(0, (), None, 0)
    assert len(house.box.messages) == len(cast.MEMBERS)


def test_two_runs_at_once_send_no_letter_twice(house: Invitations) -> None:
    """A second run is refused while the first one sends."""
    post = Second(house.home, house.send)
    assert house.send(post=post).accepted == len(cast.MEMBERS)
    assert post.answers == [f"The letters of wave {WAVE} are being sent already."]
    assert house.box.messages == []


def test_the_key_dies_after_two_days_whoever_still_waits(house: Invitations) -> None:
    """48 hours after the opening nothing makes codes any more, even if letters wait."""
    house.box.refuses["di@example.com"] = "550 no such user"
    house.send()
    with pytest.raises(Refused, match="destroyed, as promised"):
        house.send(cast.NOW + 2 * DAY)
    assert not issue_key.exists(house.home, WAVE)


def test_settling_looks_at_age_and_at_who_waits(house: Invitations) -> None:
    """The key stays while somebody waits for a code, and goes by age or when the wave is over."""
    with writing(house.engine) as session:
        assert not invitations.settle(session, WAVE, house.home, cast.NOW + 2 * DAY - dt.timedelta(seconds=1))
        assert invitations.settle(session, WAVE, house.home, cast.NOW + 2 * DAY)
        assert invitations.settle(session, WAVE, house.home, cast.NOW)


def test_printed_codes_are_for_people_without_email_and_in_no_order(house: Invitations) -> None:
    """A sheet holds the codes of those without e-mail, shuffled anew each time; the key stays until all are out."""
    names = ("Di", "Eun", "Fay", "Gil", "Han", "Ivo")
    house.without_email(*names, "Rae")
    assert house.send().left == 0
    assert issue_key.exists(house.home, WAVE)
    sheets = [_drawn(house, "NORTH") for _ in range(4)]
    assert {frozenset(sheet.codes) for sheet in sheets} == {frozenset(house.codes[name] for name in names)}
    assert len({sheet.codes for sheet in sheets}) > 1
    assert sheets[0].unit_names == {"ko": "북부영업", "en": "Sales North"}
    assert sheets[0].closes_on == rounds.CLOSES.date()
    with reading(house.engine) as session:
        progress = invitations.progress(session, WAVE, house.home)
    assert (progress.letters, progress.letters_accepted) == (len(cast.MEMBERS) - 7, len(cast.MEMBERS) - 7)
    assert (progress.sheets, progress.sheets_drawn) == ({"NORTH": 6, "PHONE": 1}, frozenset({"NORTH"}))
    _drawn(house, "PHONE")
    with writing(house.engine) as session:
        assert invitations.settle(session, WAVE, house.home, cast.NOW)
    with pytest.raises(Refused, match="destroyed, as promised"):
        _drawn(house, "NORTH")


def test_who_left_gets_neither_letter_nor_printed_code(house: Invitations) -> None:
    """People who left after the opening hold up neither the letters nor the key."""
    with writing(house.engine) as session:
        gone = update(Person).where(Person.name == "Di")
        session.execute(gone.values(email=None, unit_code=None, left_on=cast.TODAY))
    assert house.send() == Sending(len(cast.MEMBERS) - 1, (), None, 0)
    assert not issue_key.exists(house.home, WAVE)
    with pytest.raises(Refused, match="Everybody in NORTH"):
        _drawn(house, "NORTH")


def test_codes_come_from_an_open_wave_only(engine: Engine, home: Path) -> None:
    """A draft and a closed wave have no codes to send or print."""
    with writing(engine) as session:
        cast.load(session)
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(), cast.NOW)
        with pytest.raises(Refused, match="is not open"):
            invitations.codes_for_unit(session, WAVE, "NORTH", home, cast.NOW)
    post = FilePost(home / "letters", "hr@example.com")
    with pytest.raises(Refused, match="is not open"):
        invitations.send_letters(engine, WAVE, Outbox(home, BASE, post), cast.NOW)


def test_the_log_tells_that_codes_went_out_but_not_to_whom(house: Invitations) -> None:
    """Letters and sheets are administrative acts: counted, with the unit, without a person."""
    house.without_email("Di")
    house.send()
    _drawn(house, "NORTH")
    with reading(house.engine) as session:
        entries = session.execute(select(AuditEntry.act, AuditEntry.facts).order_by(AuditEntry.id)).all()
        assert session.scalar(select(func.count()).where(Invitation.sent_on.is_(None))) == 0
    assert [tuple(entry) for entry in entries[-2:]] == [
        ("letters sent", {"wave": WAVE, "accepted": str(len(cast.MEMBERS) - 1)}),
        ("codes drawn", {"wave": WAVE, "unit": "NORTH", "codes": "1"}),
    ]


def test_moments_are_said_in_both_languages() -> None:
    """Day, weekday and hour by the company's clocks, as a reader would say them."""
    utc = dt.datetime(2026, 10, 15, 18, 30)
    assert moment(utc, "ko", ZoneInfo("Asia/Seoul")) == "2026년 10월 16일 금요일 03:30 (UTC+09:00)"
    assert moment(utc, "en", ZoneInfo("Asia/Kolkata")) == "Friday, 16 October 2026 00:00 (UTC+05:30)"


def test_progress_is_told_letter_by_letter(house: Invitations) -> None:
    """A progress bar can be drawn from what a run says."""
    steps: list[tuple[int, int]] = []
    outbox = house.outbox()
    assert isinstance(outbox.post, SmtpPost)
    invitations.send_letters(house.engine, WAVE, outbox, cast.NOW, each=lambda done, of: steps.append((done, of)))
    assert steps == [(n, len(cast.MEMBERS)) for n in range(1, len(cast.MEMBERS) + 1)]


def _drawn(house: Invitations, unit: str) -> CodeSheet:
    with writing(house.engine) as session:
        return invitations.codes_for_unit(session, WAVE, unit, house.home, cast.NOW)
