"""Letters out: by SMTP, or into a folder. One letter at a time; a letter counts as sent once it was accepted."""

import datetime as dt
import os
import secrets
import smtplib
import ssl
from abc import abstractmethod
from contextlib import AbstractContextManager
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from survey.i18n import Refused, Sentence
from survey.settings import Settings, SettingsError
from survey.smtp import TAKING, TIMEOUT, EncryptedServer, Server

PORTS: Final = {"smtp": 587, "smtps": 465}
NO_STARTTLS: Final = "STARTTLS"
"""What the cause of a MailDown says where the server offers no encryption."""
GONE: Final = 421
"""The server says good-bye (RFC 5321): nothing was wrong with the letter."""


class Letter(msgspec.Struct, frozen=True):
    """A letter to one person, before it becomes a message."""

    to: str
    subject: str
    plain: str
    html: str
    identity: str = ""
    """What its Message-ID is made of, so that it can be answered and a second copy is known as one; else random."""
    answers: str = ""
    """The identity of the letter that this one is a reply to."""


class LetterRefused(Refused):
    """The server will not take this letter (an address that does not exist): the next one may well pass."""


class MailDown(Refused):
    """The server cannot be reached, or left in the middle: nothing more can be sent now."""

    between: bool = False
    """It hung up before it was given anything of this letter, as servers do after so many: a new call may help."""


class Post(AbstractContextManager["Post"]):
    """Somewhere letters go. `send` returns once the letter was accepted, and raises otherwise."""

    in_a_hurry: bool = False
    """Somebody waits for this at a page, and a second copy of the letter would do no harm."""

    def __init__(self, sender: str) -> None:
        self.sender = address(sender)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def send(self, letter: Letter, now: dt.datetime) -> None:
        """Hand over one letter.

        Raises:
            LetterRefused: this one cannot be delivered.
            MailDown: none can, at the moment.
        """

    def close(self) -> None:
        """Say good-bye to the server."""

    def message(self, letter: Letter, now: dt.datetime) -> EmailMessage:
        """Make the message: nothing in its headers says more than who, when and what about."""
        message = EmailMessage(policy=POLICY)
        message["From"] = self.sender
        message["To"] = address(letter.to)
        # Encoded by the older class: EmailMessage loses a space where it breaks a long line of Korean in Python 3.11.
        message.set_raw("Subject", Header(" ".join(letter.subject.split()), header_name="Subject").encode())
        message["Date"] = format_datetime(now.replace(tzinfo=dt.UTC))
        message["Message-ID"] = f"<{letter.identity or secrets.token_hex(16)}@{self.sender.domain}>"
        if letter.answers:
            message["In-Reply-To"] = message["References"] = f"<{letter.answers}@{self.sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # no out-of-office reply comes back (RFC 3834)
        message.set_content(letter.plain)
        message.add_alternative(letter.html, subtype="html")
        return message


class FilePost(Post):
    """Keeps every letter as a file that mail programs open: for a try-out, and for machines without mail."""

    def __init__(self, folder: Path, sender: str) -> None:
        super().__init__(sender)
        self.folder = folder

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise MailDown(
                Sentence("Letters cannot be kept in %(folder)s: %(reason)s."), folder=self.folder, reason=error.strerror
            ) from error
        return self

    def send(self, letter: Letter, now: dt.datetime) -> None:
        """Write the letter; it has its name only once it is whole and on the disk."""
        message = self.message(letter, now)
        name = self.folder / f"{secrets.token_hex(16)}.eml"
        part = name.with_suffix(".part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            part.rename(name)
        except OSError as error:
            raise MailDown(
                Sentence("Letters cannot be kept in %(folder)s: %(reason)s."), folder=self.folder, reason=error.strerror
            ) from error


class SmtpPost(Post):
    """A mail server. Codes and passwords cross a network only encrypted, unless the address says `?tls=off`."""

    def __init__(self, where: SplitResult, sender: str) -> None:
        super().__init__(sender)
        self.host = where.hostname or ""
        self.port = where.port or PORTS[where.scheme]
        self.user, self.password = unquote(where.username or ""), unquote(where.password or "")
        self.implicit = where.scheme == "smtps"
        self.plain = parse_qs(where.query).get("tls") == ["off"] or _is_loopback(self.host)
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self._server = self._connect()
        return self

    def send(self, letter: Letter, now: dt.datetime) -> None:
        """Hand the letter to the server; returns after it said that it has taken it over."""
        message = self.message(letter, now)
        try:
            if self._server is None:
                self._server = self._connect()
            self._server.given, self._server.taking = False, TIMEOUT if self.in_a_hurry else TAKING
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise self._refused(code, text) from error
        except (smtplib.SMTPDataError, smtplib.SMTPHeloError) as error:
            raise self._refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise LetterRefused(Sentence("The mail server cannot send to addresses with such letters.")) from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._down(error) from error

    def close(self) -> None:
        """Say good-bye; a server that is gone already needs none."""
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()
            self._server = None

    def _connect(self) -> Server:
        secure = ssl.create_default_context()
        try:
            if self.implicit:
                server: Server = EncryptedServer(self.host, self.port, timeout=TIMEOUT, context=secure)
            else:
                server = Server(self.host, self.port, timeout=TIMEOUT)
            try:
                self._sign_in(server, secure)
            except BaseException:
                server.close()
                raise
        except (smtplib.SMTPException, OSError) as error:
            raise self._down(error) from error
        return server

    def _sign_in(self, server: smtplib.SMTP, secure: ssl.SSLContext) -> None:
        server.ehlo()
        if not self.implicit and not self.plain:
            if not server.has_extn("starttls"):
                raise MailDown(
                    Sentence(
                        "The mail server %(host)s offers no encryption. Codes would cross the network for all to read: "
                        "use smtps://, or add ?tls=off to SURVEY_MAIL_URL if the network is your own."
                    ),
                    host=self.host,
                ) from smtplib.SMTPNotSupportedError(NO_STARTTLS)
            server.starttls(context=secure)
        if self.user:
            server.login(self.user, self.password)

    def _refused(self, code: int, text: bytes | str) -> LetterRefused | MailDown:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        if code == GONE:
            return self._down(smtplib.SMTPServerDisconnected(said))
        return LetterRefused(
            Sentence("The mail server answered %(code)s: %(said)s"), code=code, said=" ".join(said.split())
        )

    def _down(self, error: Exception) -> MailDown:
        down = MailDown(
            Sentence("The mail server %(host)s:%(port)s cannot be used now: %(reason)s"),
            host=self.host,
            port=self.port,
            reason=" ".join(str(error).split()) or type(error).__name__,
        )
        if self._server is not None:
            hung_up = isinstance(error, smtplib.SMTPServerDisconnected) or getattr(error, "smtp_code", 0) == GONE
            down.between = hung_up and not self._server.given
            self._server.close()
            self._server = None
        return down


def post_for(settings: Settings) -> Post:
    """Return where letters go, by SURVEY_MAIL_URL or else as files; open it with `with`.

    Whoever sends asks `services.mail_server.post` instead, which knows what HR has set as well.

    Raises:
        SettingsError: the address has no host or no folder, or the sender is no e-mail address.
    """
    where = urlsplit(settings.mail_url or f"file:{settings.letters}")
    try:
        if where.scheme == "file":
            if not where.path:
                raise SettingsError("SURVEY_MAIL_URL names no folder. Write file:/folder/letters.")
            return FilePost(Path(where.path), settings.mail_from)
        if not where.hostname or not _has_port(where):
            raise SettingsError("SURVEY_MAIL_URL names no mail server. Write smtp://user:password@host:port.")
        return SmtpPost(where, settings.mail_from)
    except LetterRefused as error:
        raise SettingsError(
            "SURVEY_MAIL_FROM must be an e-mail address, not '%(address)s'.", address=settings.mail_from
        ) from error


def _has_port(where: SplitResult) -> bool:
    """Tell whether the port, if one is written, is a number that ports can have."""
    try:
        return where.port is None or where.port > 0
    except ValueError:
        return False


def address(text: str) -> Address:
    """Return an e-mail address; raises LetterRefused for anything else, line breaks included."""
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError, AttributeError, HeaderParseError) as error:  # Python's reader trips over "a@["
        raise LetterRefused(Sentence("%(address)s is not an e-mail address."), address=repr(text)) from error
    if not found.username or not found.domain or any(c.isspace() or not c.isprintable() for c in text):
        raise LetterRefused(Sentence("%(address)s is not an e-mail address."), address=repr(text))
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
