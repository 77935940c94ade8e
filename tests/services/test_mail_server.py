"""How letters leave, where HR has said so: kept encrypted, before nobody's word and after the operator's."""

import secrets
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.mail import FilePost, Letter, LetterRefused, SmtpPost
from survey.migrations import newest
from survey.services import audit_log, mail_server
from survey.services.backups import backups
from survey.services.mail_server import MailServer
from survey.settings import Settings
from tests import cast
from tests.house.source import ROOT, python_files
from tests.services.mail_server import Postbox, serving

SERVER: Final = MailServer("smtp.example.com", 587, "starttls", "hr@example.com", "p:a/s@s %wörd", "survey@example.com")


def test_without_a_word_letters_are_files(session: Session, settings: Settings) -> None:
    """Where nobody has said anything, nothing leaves the machine."""
    post = mail_server.post(session, settings)
    assert isinstance(post, FilePost)
    assert post.folder == settings.home / "letters"
    assert not mail_server.mail(session, settings).decided


@pytest.mark.parametrize(
    "server",
    [
        SERVER,
        replace(SERVER, port=465, encryption="implicit"),
        replace(SERVER, port=25, encryption="none", user="", password=""),
        replace(SERVER, host="::1"),
    ],
)
def test_what_was_set_is_what_sends(session: Session, settings: Settings, server: MailServer) -> None:
    """Host, port, encryption, user and a password with every odd sign come back as they were typed."""
    mail_server.set_server(session, settings, server, cast.NOW, None)
    assert mail_server.mail(session, settings) == mail_server.Mail("company", server)
    post = mail_server.post(session, settings)
    assert isinstance(post, SmtpPost)
    assert (post.host, post.port, post.user, post.password) == (server.host, server.port, server.user, server.password)
    assert (post.implicit, str(post.sender)) == (server.encryption == "implicit", "survey@example.com")


def test_a_letter_goes_through_it(engine: Engine, settings: Settings) -> None:
    """The server that was set takes the letter, from the sender that was set."""
    box = Postbox()
    with serving(box) as port:
        with writing(engine) as session:
            local = MailServer("127.0.0.1", port, "none", "", "", "survey@example.com")
            mail_server.set_server(session, settings, local, cast.NOW, None)
        with reading(engine) as session, mail_server.post(session, settings) as post:
            post.send(Letter("di@example.com", "s", "p", "h"), cast.NOW)
    assert [str(message["From"]) for message in box.messages] == ["survey@example.com"]


def test_the_operator_comes_first(session: Session, settings: Settings) -> None:
    """What the environment says stands, whatever was set before, and the page cannot change it."""
    mail_server.set_server(session, settings, SERVER, cast.NOW, None)
    told = replace(settings, mail_url="smtps://relay.example.com", mail_from="ops@example.com")
    post = mail_server.post(session, told)
    assert isinstance(post, SmtpPost)
    assert (post.host, post.port, str(post.sender)) == ("relay.example.com", 465, "ops@example.com")
    assert mail_server.mail(session, told).said_by == "operator"
    with pytest.raises(Refused, match="comes before"):
        mail_server.set_server(session, told, SERVER, cast.NOW, None)
    with pytest.raises(Refused, match="comes before"):
        mail_server.keep_as_files(session, told, cast.NOW, None)


def test_files_can_be_chosen(session: Session, settings: Settings) -> None:
    """Who decides for files has decided, and a server that was set before is forgotten."""
    mail_server.set_server(session, settings, SERVER, cast.NOW, None)
    mail_server.keep_as_files(session, settings, cast.NOW, None)
    assert isinstance(mail_server.post(session, settings), FilePost)
    found = mail_server.mail(session, settings)
    assert (found.decided, found.server) == (True, None)


def test_another_secret_reads_nothing(session: Session, settings: Settings) -> None:
    """After a restore letters neither go somewhere else nor quietly into a folder: it is said what to do."""
    mail_server.set_server(session, settings, SERVER, cast.NOW, None)
    settings.secret_path.write_bytes(secrets.token_bytes(32))
    assert mail_server.mail(session, settings) == mail_server.Mail("company", None, readable=False)
    with pytest.raises(Refused, match="another secret"):
        mail_server.post(session, settings)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"host": ""}, "name of the mail server"),
        ({"host": "smtp.example.com/x"}, "name of the mail server"),
        ({"host": "a b"}, "name of the mail server"),
        ({"host": "x" * 254}, "name of the mail server"),
        ({"port": 0}, "from 1 to 65535"),
        ({"port": 65536}, "from 1 to 65535"),
    ],
)
def test_what_is_no_server_is_refused(
    session: Session, settings: Settings, change: dict[str, object], why: str
) -> None:
    """A slip in the host or the port is told before anything is kept."""
    with pytest.raises(Refused, match=why):
        mail_server.set_server(session, settings, replace(SERVER, **change), cast.NOW, None)


def test_a_sender_must_be_an_address(session: Session, settings: Settings) -> None:
    """A name alone, and two addresses, are no sender."""
    for sender in ("the boss", "a@example.com, b@example.com", ""):
        with pytest.raises(LetterRefused):
            mail_server.set_server(session, settings, replace(SERVER, sender=sender), cast.NOW, None)


def test_the_password_stands_nowhere_in_the_clear(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    """Not in the row, not in the log, not in a backup, and not where the value is printed by mistake."""
    with writing(engine) as session:
        mail_server.set_server(session, settings, replace(SERVER, password="sesame-42"), cast.NOW, None)
    with reading(engine) as session:
        kept = session.execute(text("SELECT address FROM mail_server")).scalar_one()
        logged = [str(entry.facts) for entry in audit_log.entries(session)]
    backups.backup(engine, settings.home, tmp_path / "survey.backup", newest(), cast.NOW)
    for where in (bytes(kept), str(logged).encode(), (tmp_path / "survey.backup").read_bytes()):
        assert b"sesame" not in where
        assert b"smtp.example.com" not in where
    assert "p:a" not in repr(mail_server.Mail("company", SERVER))


def test_every_letter_asks_for_the_settings_that_count() -> None:
    """Nothing but the one function opens the operator's way out, so that no sender can miss what HR has set."""
    direct = [
        path.relative_to(ROOT).as_posix() for path in python_files("survey") if "post_for" in path.read_text("utf-8")
    ]
    assert sorted(direct) == ["survey/cli/demo.py", "survey/mail.py", "survey/services/mail_server.py"]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"port": 465, "encryption": "implicit"}, True),
        ({"password": "another"}, False),
        ({"host": "smtp.eve.example"}, False),
        ({"user": "eve@example.com"}, False),
        ({"encryption": "none"}, False),
    ],
)
def test_a_kept_password_goes_nowhere_else(change: dict[str, object], *, same: bool) -> None:
    """Who leaves the password empty gets the kept one for the same account only, and never sends it in the open."""
    typed = replace(SERVER, password="", **change) if "password" not in change else replace(SERVER, **change)
    found = mail_server.with_kept_password(typed, SERVER)
    assert (found.password == SERVER.password) is same
    assert mail_server.with_kept_password(typed, None) == typed
