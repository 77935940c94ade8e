import datetime as dt
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from survey import models
from survey.database import reading, writing
from survey.mail import Post, post_for
from survey.services import audit_log
from survey.services.accounts import heads, invited, keeping, ways_in
from survey.services.accounts.keeping import Facts
from survey.services.invitations.sending import Sending
from survey.settings import Settings
from tests import cast
from tests.cast import NOW
from tests.services.mail_server import Postbox, serving
from tests.services.test_ways_in import number, use

BASE = "https://survey.example.com"
CODE = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}")
HOSTILE = '<img src=x onerror=alert(1)>{code} =cmd|"/c calc"!A1'


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast, and three who were invited."""
    with writing(engine) as session:
        cast.load(session)
        for name, role, language in (("Fay", "leader", "en"), ("Oz", "observer", "ko"), ("Ann", "auditor", "en")):
            keeping.make(session, f"{name.lower()}@example.com", Facts(name, role, language), NOW)
    return engine


@pytest.fixture
def box() -> Postbox:
    """What the mail server has accepted."""
    return Postbox()


@pytest.fixture
def port(box: Postbox) -> Iterator[int]:
    """Run a real mail server."""
    with serving(box) as found:
        yield found


def post(port: int) -> Post:
    """Return the way out to the mail server."""
    known = {"SURVEY_MAIL_URL": f"smtp://127.0.0.1:{port}", "SURVEY_MAIL_FROM": "hr@example.com"}
    return post_for(Settings.from_environment(known))


def send(company: Engine, port: int, *, elsewhere: bool = False) -> Sending:
    """Send what waits."""
    with reading(company) as session:
        about = invited.sender(session, BASE, elsewhere=elsewhere)
    return invited.send(company, post(port), about, NOW, 3)


def forgotten(company: Engine, port: int, email: str, now: dt.datetime = NOW) -> bool:
    """Ask for a new password."""
    with reading(company) as session:
        about = invited.sender(session, BASE)
    return invited.send_forgotten(company, post(port), about, email, now)


def text(message: EmailMessage, kind: str = "plain") -> str:
    """Return what a letter says."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def code_in(message: EmailMessage) -> str:
    """Return the code that a letter holds, in its text and behind the # of its link alike."""
    plain: str
    (plain,) = set(CODE.findall(text(message)))
    assert f'href="{BASE}/welcome?lang=' in text(message, "html")
    assert f"#{plain}" in text(message, "html")
    return plain


def test_letters_let_people_in(company: Engine, port: int, box: Postbox) -> None:
    """Everybody who was invited gets a letter in her language, whose code works; nobody gets two."""
    sending = send(company, port)
    assert (sending.accepted, sending.left, sending.stopped) == (3, 0, None)
    assert [message["To"] for message in box.messages] == ["fay@example.com", "oz@example.com", "ann@example.com"]
    assert "Lighthouse Trading: your account" in box.messages[0]["Subject"]
    assert "참관인 계정이 마련되었습니다" in text(box.messages[1])
    assert "no results of any unit" in text(box.messages[2])
    assert "account of your company" not in text(box.messages[0])
    assert use(company, code_in(box.messages[1])) == "Oz"
    assert send(company, port).accepted == 0


def test_where_the_company_vouches_the_letter_says_so(company: Engine, port: int, box: Postbox) -> None:
    """Whoever can sign in with the company's account is told, and needs no password."""
    send(company, port, elsewhere=True)
    assert "You may also sign in with the account of your company" in text(box.messages[0])


def test_a_run_goes_on_where_it_stopped(company: Engine, port: int, box: Postbox) -> None:
    """The server goes away after the first letter; the next run writes to the others only."""
    box.dies_after = 1
    first = send(company, port)
    assert (first.accepted, first.left, first.stopped is not None) == (1, 2, True)
    box.dies_after = None
    assert send(company, port).accepted == 2
    assert len({message["To"] for message in box.messages}) == 3


def test_an_address_that_is_refused_stops_nobody_else(company: Engine, port: int, box: Postbox) -> None:
    """HR is told whose letter cannot be delivered; the account goes on waiting."""
    box.refuses["oz@example.com"] = "550 no such user"
    sending = send(company, port)
    assert (sending.accepted, [each.email for each in sending.refused], sending.left) == (2, ["oz@example.com"], 1)


def test_nothing_that_was_typed_is_run_in_a_letter(company: Engine, port: int, box: Postbox) -> None:
    """A name with markup, a place or a formula in it is text, and none of it gets into the head."""
    with writing(company) as session:
        session.execute(update(models.Account).where(models.Account.name == "Fay").values(name=HOSTILE))
    send(company, port)
    first = box.messages[0]
    assert "<img" not in text(first, "html")
    assert "{code}" in text(first)
    assert set(first.keys()) >= {"From", "To", "Subject"}
    assert "Bcc" not in first


def test_a_new_letter_replaces_the_one_before(company: Engine, port: int, box: Postbox) -> None:
    """HR writes again to one account, or to all whose letter ended; the old code is dead then."""
    send(company, port)
    old = code_in(box.messages[0])
    with writing(company) as session:
        assert invited.write_again(session, number(session, "Fay"), NOW) == 1
    assert send(company, port).accepted == 1
    assert use(company, old) == ways_in.DEAD.text
    assert use(company, code_in(box.messages[-1])) == "Fay"
    with writing(company) as session:
        assert invited.write_again(session, None, NOW) == 0
        assert invited.write_again(session, None, NOW + ways_in.INVITED) == 2
        for name in ("Fay", "Ada"):
            with pytest.raises(Exception, match="needs no letter"):
                invited.write_again(session, number(session, name), NOW)


def test_a_forgotten_password(company: Engine, port: int, box: Postbox) -> None:
    """Ada gets a letter that works for an hour; her password stays until she has chosen another one."""
    assert forgotten(company, port, " ADA@example.com ")
    assert "choose a new password" in box.messages[0]["Subject"]
    assert use(company, code_in(box.messages[0]), NOW + ways_in.FORGOTTEN) == ways_in.DEAD.text
    assert use(company, code_in(box.messages[0])) == "Ada"
    with reading(company) as session:
        assert audit_log.find(session, "password letter sent", account=str(number(session, "Ada"))) is not None


def test_whoever_was_invited_may_ask_too(company: Engine, port: int, box: Postbox) -> None:
    """Somebody whose letter was lost gets the letter of an invitation, which works for a week."""
    assert forgotten(company, port, "fay@example.com")
    assert use(company, code_in(box.messages[0]), NOW + ways_in.FORGOTTEN) == "Fay"


def test_asking_again_and_again_sends_one_letter(company: Engine, port: int, box: Postbox) -> None:
    """Nobody can fill somebody's postbox: ten minutes lie between two letters."""
    assert [forgotten(company, port, "ada@example.com") for _ in range(3)] == [True, False, False]
    assert forgotten(company, port, "ada@example.com", NOW + ways_in.PAUSE)
    assert len(box.messages) == 2


def test_no_letter_goes_to_closed_accounts_strangers_and_those_who_sign_in_elsewhere(
    company: Engine, port: int, box: Postbox
) -> None:
    """Nothing leaves, and nothing is kept."""
    with writing(company) as session:
        keeping.close(session, number(session, "Ada"), NOW)
        vouched = update(models.Account).where(models.Account.name == "Bo")
        session.execute(vouched.values(password_hash="", subject="https://id.example.com bo"))
    for email in ("ada@example.com", "bo@example.com", "nobody@example.com", "", "x\r\nBcc: all@example.com"):
        assert not forgotten(company, port, email)
    assert box.messages == []
    with reading(company) as session:
        assert session.scalars(select(models.WayIn)).all() == []


def known(home: Path) -> Settings:
    """Return settings by which letters become files."""
    return Settings.from_environment(
        {"SURVEY_HOME": str(home), "SURVEY_URL": BASE, "SURVEY_MAIL_URL": f"file:{home}/out"}
    )


def files(home: Path) -> list[EmailMessage]:
    """Return the letters that were kept as files."""
    return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(home.glob("out/*.eml"))]


def test_auditors_get_the_head_when_a_wave_is_closed_and_published(company: Engine, home: Path) -> None:
    """Once for each, to every auditor; what they hold stands in the log, and would not in one that was written anew."""
    with writing(company) as session:
        audit_log.write(session, NOW, None, "wave opened", wave="2026-Q4")
        audit_log.write(session, NOW, None, "wave closed", wave="2026-Q4")
        audit_log.write(session, NOW, None, "wave published", wave="2026-Q4")
    assert heads.mail(company, known(home), NOW) == 2
    assert heads.mail(company, known(home), NOW) == 0
    letters = files(home)
    assert {message["To"] for message in letters} == {"ann@example.com"}
    held = {found for message in letters for found in re.findall(r"\b[0-9a-f]{64}\b", text(message))}
    assert len(held) == 2
    with reading(company) as session:
        assert all(audit_log.verify(session, head).whole for head in held)
        assert not audit_log.verify(session, "0" * 63 + "1").whole


def test_heads_wait_for_mail_and_for_auditors(company: Engine, home: Path, port: int, box: Postbox) -> None:
    """Without an auditor nothing is due; while the server is away nothing is noted, and the letter leaves later."""
    with writing(company) as session:
        audit_log.write(session, NOW, None, "wave closed early", wave="2026-Q4")
        keeping.close(session, number(session, "Ann"), NOW)
    assert heads.mail(company, known(home), NOW) == 0
    with writing(company) as session:
        keeping.reopen(session, number(session, "Ann"), NOW)
    away = {"SURVEY_HOME": str(home), "SURVEY_URL": BASE, "SURVEY_MAIL_URL": f"smtp://127.0.0.1:{port}"}
    box.dies_after = 0
    assert heads.mail(company, Settings.from_environment(away), NOW) == 0
    box.dies_after = None
    assert heads.mail(company, Settings.from_environment(away), NOW + dt.timedelta(hours=1)) == 1
    assert heads.mail(company, Settings.from_environment(away), NOW + heads.LATEST) == 0


def test_an_auditor_who_cannot_be_reached_stops_no_other(company: Engine, home: Path, port: int, box: Postbox) -> None:
    """A refused address is left out; the head counts as mailed."""
    with writing(company) as session:
        keeping.make(session, "abe@example.com", Facts("Abe", "auditor", "ko"), NOW)
        audit_log.write(session, NOW, None, "wave closed", wave="2026-Q4")
    box.refuses["ann@example.com"] = "550 no such user"
    there = {"SURVEY_HOME": str(home), "SURVEY_URL": BASE, "SURVEY_MAIL_URL": f"smtp://127.0.0.1:{port}"}
    assert heads.mail(company, Settings.from_environment(there), NOW) == 1
    assert [message["To"] for message in box.messages] == ["abe@example.com"]
