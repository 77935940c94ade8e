import re
import stat
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from survey.mail import Letter, LetterRefused, MailDown, Post, SmtpPost, post_for
from survey.settings import Settings, SettingsError
from tests import cast
from tests.services.mail_server import CERTIFICATE, Postbox, encryption, serving
from tests.services.posting import body

LETTER = Letter("di@example.com", "우리는 왜 일하는가", "안녕하십니까.\n코드: 0123", "<p>안녕하십니까.</p>")


def post(address: str, sender: str = "hr@example.com") -> Post:
    """Return the post of an installation that was told to use `address`."""
    return post_for(Settings.from_environment({"SURVEY_MAIL_URL": address, "SURVEY_MAIL_FROM": sender}))


def test_a_letter_arrives_whole_in_korean() -> None:
    """Subject, plain text and HTML survive the way through a real server."""
    box = Postbox()
    with serving(box) as port, post(f"smtp://127.0.0.1:{port}") as server:
        server.send(LETTER, cast.NOW)
    (message,) = box.messages
    assert str(message["Subject"]) == LETTER.subject
    assert body(message, "plain").replace("\r\n", "\n") == LETTER.plain + "\n"
    assert body(message, "html").strip() == LETTER.html


def test_headers_say_who_when_and_what_about_and_nothing_else() -> None:
    """No id of the wave or the person, no machine's name and no clock of ours is in a header."""
    box = Postbox()
    with serving(box) as port, post(f"smtp://127.0.0.1:{port}") as server:
        server.send(LETTER, cast.NOW)
        server.send(LETTER, cast.NOW)
    first, second = box.messages
    assert set(first.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"} == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert str(first["Date"]) == "Thu, 01 Oct 2026 09:00:00 +0000"
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.com>", str(first["Message-ID"]))
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.parametrize(
    "to",
    [
        "di@example.com\r\nBcc: eve@example.com",
        "di@example.com\nX: y",
        "di@example.com, eve@example.com",
        "Di <di@example.com>",
        "di",
        "@example.com",
        "di@",
        "",
        "di @example.com",
    ],
)
def test_nothing_but_one_address_is_written_to(to: str) -> None:
    """Line breaks, lists and half addresses cannot smuggle a header or a second reader in."""
    box = Postbox()
    with serving(box) as port, post(f"smtp://127.0.0.1:{port}") as server, pytest.raises(LetterRefused):
        server.send(Letter(to, "s", "p", "h"), cast.NOW)
    assert box.messages == []


def test_a_subject_cannot_smuggle_a_header_in() -> None:
    """A line break in a company's name becomes a space."""
    box = Postbox()
    with serving(box) as port, post(f"smtp://127.0.0.1:{port}") as server:
        server.send(Letter("di@example.com", "A\r\nBcc: eve@example.com", "p", "h"), cast.NOW)
    assert str(box.messages[0]["Subject"]) == "A Bcc: eve@example.com"
    assert box.messages[0]["Bcc"] is None


@pytest.mark.parametrize("length", range(1, 25))
def test_a_subject_keeps_every_space(length: int) -> None:
    """However long it is, and wherever its line is broken, Korean, Latin and signs stay words of their own."""
    subject = " ".join(("Re: 등대상사 설문에 초대합니다: 우리는 왜 일하는가 A & B 👍 주식회사 " * 3).split()[:length])
    whole = post("file:/nowhere").message(Letter("di@example.com", subject, "p", "h"), cast.NOW).as_bytes()
    assert str(message_from_bytes(whole, policy=default)["Subject"]) == subject
    assert max(len(line) for line in whole.splitlines()) <= 78


def test_one_refused_address_does_not_stop_the_next() -> None:
    """The server's own words tell why, and the connection goes on."""
    box = Postbox()
    box.refuses["di@example.com"] = "550 no such user"
    box.answers["eun@example.com"] = "554 looks like spam"
    with serving(box) as port, post(f"smtp://127.0.0.1:{port}") as server:
        for name, why in (("di", "550: no such user"), ("eun", "554: looks like spam")):
            with pytest.raises(LetterRefused, match=why):
                server.send(Letter(f"{name}@example.com", "s", "p", "h"), cast.NOW)
        server.send(Letter("fay@example.com", "s", "p", "h"), cast.NOW)
    assert box.readers == ["fay@example.com"]


def test_an_address_in_hangul_is_refused_alone() -> None:
    """A server that cannot write such addresses gets no broken one."""
    box = Postbox()
    with serving(box) as port, post(f"smtp://127.0.0.1:{port}") as server:
        with pytest.raises(LetterRefused):
            server.send(Letter("디@example.com", "s", "p", "h"), cast.NOW)
        server.send(LETTER, cast.NOW)
    assert box.readers == ["di@example.com"]


@pytest.mark.parametrize("farewell", ["421 closing", "421-too many\r\n421 letters"])
def test_a_server_that_says_good_bye_is_down(farewell: str) -> None:
    """421 is about the server, not about the letter."""
    box = Postbox()
    box.refuses["di@example.com"] = farewell
    with serving(box) as port, post(f"smtp://127.0.0.1:{port}") as server, pytest.raises(MailDown):
        server.send(LETTER, cast.NOW)


def test_a_server_that_hangs_up_is_down_and_can_be_used_again() -> None:
    """Without an answer a letter was not accepted; the next try opens a new connection."""
    box = Postbox()
    box.dies_after = 0
    with serving(box) as port, post(f"smtp://127.0.0.1:{port}") as server:
        with pytest.raises(MailDown, match="cannot be used now"):
            server.send(LETTER, cast.NOW)
        box.dies_after = None
        server.send(LETTER, cast.NOW)
    assert len(box.messages) == 1


def test_no_server_is_down() -> None:
    """A wrong port gets a sentence that names host and port."""
    with pytest.raises(MailDown, match=r"127\.0\.0\.1:1 cannot"), post("smtp://127.0.0.1:1"):
        pass


def test_after_starttls_a_password_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the loopback letters and passwords go encrypted, to a server whose certificate is checked."""
    box = Postbox()
    options = {"tls_context": encryption(), "require_starttls": True, "authenticator": box.login}
    with serving(box, **options, auth_required=True) as port:
        server = post(f"smtp://hr%40example.com:pass%20word@127.0.0.1:{port}")
        assert isinstance(server, SmtpPost)
        server.plain = False
        with pytest.raises(MailDown, match="certificate verify failed"), server:
            pass
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with server:
            server.send(LETTER, cast.NOW)
    assert (box.logins, len(box.messages)) == ([b"hr@example.com"], 1)


def test_a_wrong_password_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's refusal is told; the password is not."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    box = Postbox()
    with serving(box, tls_context=encryption(), authenticator=box.login, auth_required=True) as port:
        server = post(f"smtp://hr:sesame@127.0.0.1:{port}")
        assert isinstance(server, SmtpPost)
        server.plain = False
        with pytest.raises(MailDown) as caught, server:
            pass
    assert "535" in str(caught.value)
    assert "sesame" not in str(caught.value)


def test_smtps_is_encrypted_from_the_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """smtps:// checks the certificate as well."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    box = Postbox()
    with serving(box, ssl_context=encryption()) as port, post(f"smtps://127.0.0.1:{port}") as server:
        server.send(LETTER, cast.NOW)
    assert len(box.messages) == 1


def test_a_server_without_encryption_is_refused_beyond_the_loopback() -> None:
    """Codes never cross a network in the open unless the operator says that it is his own."""
    box = Postbox()
    with serving(box) as port:
        server = post(f"smtp://127.0.0.1:{port}")
        assert isinstance(server, SmtpPost)
        server.plain = False
        with pytest.raises(MailDown, match="offers no encryption"), server:
            pass
    for address, plain in {"smtp://relay:25": False, "smtp://relay:25?tls=off": True, "smtp://localhost": True}.items():
        made = post(address)
        assert isinstance(made, SmtpPost)
        assert made.plain is plain


def test_letters_become_files_for_their_owner_only(tmp_path: Path) -> None:
    """The file post keeps whole messages with mode 600, under names that say nothing."""
    with post(f"file:{tmp_path / 'letters'}") as folder:
        folder.send(LETTER, cast.NOW)
    (file,) = (tmp_path / "letters").iterdir()
    assert re.fullmatch(r"[0-9a-f]{32}\.eml", file.name)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert str(message["To"]) == "di@example.com"
    assert "코드: 0123" in body(message, "plain")


def test_a_folder_that_cannot_be_made_is_down(tmp_path: Path) -> None:
    """A file where the folder should be gets a sentence."""
    (tmp_path / "letters").write_text("")
    with pytest.raises(MailDown, match="cannot be kept"), post(f"file:{tmp_path / 'letters'}"):
        pass


@pytest.mark.parametrize(
    ("address", "sender", "why"),
    [("smtp://", "hr@example.com", "no mail server"), ("smtp://relay", "the boss", "SURVEY_MAIL_FROM")],
)
def test_settings_that_cannot_work_say_so(address: str, sender: str, why: str) -> None:
    """A missing host and a sender without address are found before the first letter."""
    with pytest.raises(SettingsError, match=why):
        post(address, sender)
