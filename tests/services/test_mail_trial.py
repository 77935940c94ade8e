"""A test letter to oneself, and the advice that stands for each way in which it can fail."""

import socket
import threading
from pathlib import Path
from typing import Final

import pytest

from survey.i18n import LANGUAGES
from survey.mail import Post, SmtpPost, post_for
from survey.services.mail_trial import TrialFailed, send_trial
from survey.settings import Settings
from tests import cast
from tests.services.mail_server import CERTIFICATE, Postbox, encryption, serving
from tests.services.posting import body, plain

TO: Final = "cy@example.com"


def post(address: str, *, careful: bool = False) -> Post:
    """Return the way out to `address`; a careful one treats the loopback as any other network."""
    made = post_for(Settings.from_environment({"SURVEY_MAIL_URL": address, "SURVEY_MAIL_FROM": "hr@example.com"}))
    if careful:
        assert isinstance(made, SmtpPost)
        made.plain = False
    return made


def advice(server: Post) -> str:
    """Send the test letter, which must fail; return what to do."""
    with pytest.raises(TrialFailed) as caught:
        send_trial(server, TO, "Lighthouse <Trading>", "en", cast.NOW)
    for language in LANGUAGES:  # said in both languages without a fact missing
        assert "%(" not in caught.value.sentence.to(language) + caught.value.said.to(language)
    return str(caught.value)


@pytest.mark.parametrize(("language", "word"), [("ko", "시험 메일"), ("en", "test letter")])
def test_a_test_letter_arrives(language: str, word: str) -> None:
    """It says what it is in the reader's language, and a company's name is never markup."""
    box = Postbox()
    with serving(box) as port:
        send_trial(post(f"smtp://127.0.0.1:{port}"), TO, "Lighthouse <Trading>", language, cast.NOW)
    (message,) = box.messages
    assert box.readers == [TO]
    assert word in plain(message)
    assert "Lighthouse &lt;Trading&gt;" in body(message, "html")


def test_a_wrong_password_says_what_providers_want(monkeypatch: pytest.MonkeyPatch) -> None:
    """The advice names app passwords."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    box = Postbox()
    with serving(box, tls_context=encryption(), authenticator=box.login, auth_required=True) as port:
        assert "app password" in advice(post(f"smtp://hr:sesame@127.0.0.1:{port}", careful=True))


def test_a_server_without_encryption_or_sign_in_says_so() -> None:
    """Without STARTTLS, and where nobody can sign in, another choice is named."""
    with serving(Postbox()) as port:
        assert "offers no STARTTLS" in advice(post(f"smtp://127.0.0.1:{port}", careful=True))
        assert "lets nobody sign in" in advice(post(f"smtp://hr:sesame@127.0.0.1:{port}"))


def test_tls_that_does_not_fit_says_so() -> None:
    """A certificate of nobody known, and TLS where the server speaks none, are told apart."""
    with serving(Postbox(), tls_context=encryption()) as port:
        assert "certificate of 127.0.0.1" in advice(post(f"smtp://127.0.0.1:{port}", careful=True))
        assert "does not speak TLS from the start" in advice(post(f"smtps://127.0.0.1:{port}"))


def test_a_refused_letter_and_a_sender_say_so() -> None:
    """The server can be reached: the advice is about the sender."""
    box = Postbox()
    with serving(box) as port:
        box.refuses[TO] = "550 no such user"
        assert "does not take this letter" in advice(post(f"smtp://127.0.0.1:{port}"))
        box.refuses.clear()
        box.dies_after = 0
        assert "hung up" in advice(post(f"smtp://127.0.0.1:{port}"))


def test_a_sender_that_is_refused_says_so() -> None:
    """Many providers let an account send from its own address only."""

    class Choosy(Postbox):
        async def handle_MAIL(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
            """Take letters from nobody."""
            return "553 not yours"

    with serving(Choosy()) as port:
        assert "takes no letters from this sender" in advice(post(f"smtp://127.0.0.1:{port}"))


def test_nothing_there_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed port, a name that nobody has, and a server that says nothing are told apart."""
    assert "nothing listens on port 1" in advice(post("smtp://127.0.0.1:1"))

    def unknown(*_: object, **_more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")  # no test asks a name server

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "No server is called smtp.example.invalid" in advice(post("smtp://smtp.example.invalid"))
    monkeypatch.undo()
    monkeypatch.setattr("survey.mail.TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "did not answer" in advice(post(f"smtp://127.0.0.1:{silent.getsockname()[1]}"))
        silent.listen()


def test_a_server_that_talks_nonsense_gets_the_general_advice() -> None:
    """What is no mail server at all is compared with the provider's help page."""
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def go_away() -> None:
            with rude.accept()[0] as caller:
                caller.sendall(b"554 go away\r\n")

        answering = threading.Thread(target=go_away)
        answering.start()
        assert "help page of your mail provider" in advice(post(f"smtp://127.0.0.1:{rude.getsockname()[1]}"))
        answering.join()


def test_a_folder_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    """Where letters are files, the sentence names the folder."""
    (tmp_path / "letters").touch()
    assert "cannot be kept in" in advice(post(f"file:{tmp_path / 'letters'}"))
