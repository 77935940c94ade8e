"""How letters leave: by the operator's environment, else as HR has set it on a page, else as files in the home folder.

Address, user and password are kept as one text, encrypted with the installation's secret (`filing.locked`), a file in
no backup: a backup, or the database alone, gives no password away.
"""

import datetime as dt
import re
from ipaddress import IPv6Address
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

import msgspec
from msgspec.structs import replace
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.mail import PORTS, Post, address, post_for
from survey.services import audit_log
from survey.services.filing.locked import lock, unlock
from survey.settings import Settings

Encryption = Literal["starttls", "implicit", "none"]
ENCRYPTIONS: Final[tuple[Encryption, ...]] = ("starttls", "implicit", "none")
SCHEMES: Final[dict[Encryption, str]] = {"starttls": "smtp", "implicit": "smtps", "none": "smtp"}
KEPT: Final = "mail server"
HOST: Final = re.compile(r"[\w.-]+")
LONGEST_HOST: Final = 253
UNREADABLE: Final = Sentence(
    "The mail settings were kept with another secret than this installation has, as after a restore: they cannot be "
    "read any more. Enter them again."
)


class MailServer(msgspec.Struct, frozen=True):
    """A mail server as HR knows it from the provider's help page."""

    host: str
    port: int
    encryption: Encryption
    user: str
    password: str
    sender: str

    def __repr__(self) -> str:
        """Say which server, and never the password: it must not get into a log by a mistake."""
        return f"MailServer({self.host}:{self.port})"

    @property
    def url(self) -> str:
        """The same as one address, as SURVEY_MAIL_URL would hold it."""
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{SCHEMES[self.encryption]}://{who}{host}:{self.port}{'?tls=off' * (self.encryption == 'none')}"


class Mail(msgspec.Struct, frozen=True):
    """How letters leave now."""

    said_by: Literal["operator", "company", "nobody"]
    """Whose word counts: the environment's, the page's, or nobody has said anything and letters are files."""
    server: MailServer | None
    """None where letters are kept as files, and where what was kept cannot be read."""
    readable: bool = True
    """False where the settings were kept with another secret."""

    @property
    def decided(self) -> bool:
        """Tell whether somebody has said how letters leave."""
        return self.said_by != "nobody" and self.readable


def post(session: Session, settings: Settings) -> Post:
    """Return where letters go: the one way for every letter of this installation. Open it with `with`.

    Raises:
        Refused: what HR has set was kept with another secret.
        SettingsError: what the operator has set cannot work.
    """
    kept = session.get(models.MailServer, 1)
    if settings.mail_url or kept is None:
        return post_for(settings)
    return post_for(replace(settings, mail_url=_open(kept.address, settings.secret()), mail_from=kept.sender))


def mail(session: Session, settings: Settings) -> Mail:
    """Return how letters leave now, for pages that say so; the password must not be shown."""
    kept = session.get(models.MailServer, 1)
    if settings.mail_url:
        return Mail("operator", _server(settings.mail_url, settings.mail_from))
    if kept is None:
        return Mail("nobody", None)
    try:
        return Mail("company", _server(_open(kept.address, settings.secret()), kept.sender))
    except Refused:
        return Mail("company", None, readable=False)


def set_server(session: Session, settings: Settings, server: MailServer, now: dt.datetime, by: int | None) -> None:
    """Send letters through this server from now on; the log says that, and not through which.

    Raises:
        Refused: the host, the port or the sender is none, or the operator's environment decides.
    """
    if not _is_host(server.host):
        raise Refused("Write the name of the mail server, such as smtp.example.com.")
    if not 0 < server.port < 1 << 16:
        raise Refused("A port is a number from 1 to 65535.")
    address(server.sender)
    _keep(session, settings, server.url, server.sender)
    audit_log.write(session, now, by, "mail server set", encryption=server.encryption)


def _is_host(text: str) -> bool:
    """Tell whether a text could be the name of a host, or its address in numbers.

    >>> [_is_host(text) for text in ("smtp.example.com", "메일.한국", "2001:db8::1")]
    [True, True, True]
    >>> [_is_host(text) for text in ("", "23:59:60", "a..b", "<b>", "x" * 64)]
    [False, False, False, False, False]
    """
    try:
        if ":" in text:
            return bool(IPv6Address(text))
        return bool(HOST.fullmatch(text)) and len(text.encode("idna")) <= LONGEST_HOST
    except ValueError:  # no address in numbers; or a part of the name is empty, or longer than names of hosts may be
        return False


def with_kept_password(typed: MailServer, kept: MailServer | None) -> MailServer:
    """Return what was typed; an empty password means the one that was kept, of the same user on the same server.

    So nobody who may change these settings can have the password sent to a server of their own, or unencrypted.
    """
    if kept is None or typed.password or (typed.host, typed.user) != (kept.host, kept.user):
        return typed
    in_the_open = typed.encryption == "none" and kept.encryption != "none"
    return typed if in_the_open else replace(typed, password=kept.password)


def keep_as_files(session: Session, settings: Settings, now: dt.datetime, by: int | None) -> None:
    """Keep letters as files from now on, until somebody names a server.

    Raises:
        Refused: the operator's environment decides.
    """
    _keep(session, settings, "", settings.mail_from)
    audit_log.write(session, now, by, "letters kept as files")


def _keep(session: Session, settings: Settings, url: str, sender: str) -> None:
    if settings.mail_url:
        raise Refused("SURVEY_MAIL_URL is set on the server and comes before. Ask whoever runs it, or have it removed.")
    session.merge(models.MailServer(id=1, address=lock(settings.secret(), KEPT, url), sender=sender))
    session.flush()


def _open(box: bytes, secret: bytes) -> str:
    url = unlock(secret, KEPT, box)
    if url is None:
        raise Refused(UNREADABLE)
    return url


def _server(url: str, sender: str) -> MailServer | None:
    where = urlsplit(url)
    if where.scheme not in PORTS or not where.hostname:
        return None
    return MailServer(
        host=where.hostname,
        port=where.port or PORTS[where.scheme],
        encryption=_encryption(where),
        user=unquote(where.username or ""),
        password=unquote(where.password or ""),
        sender=sender,
    )


def _encryption(where: SplitResult) -> Encryption:
    if where.scheme == "smtps":
        return "implicit"
    return "none" if parse_qs(where.query).get("tls") == ["off"] else "starttls"
