"""A real mail server on the loopback, with the moods that mail servers have."""

import socket
from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

CERTIFICATE: Final = Path(__file__).parent / "loopback.pem"
"""A certificate for 127.0.0.1 with its key, for tests only."""


class Postbox:
    """What the server has accepted, and how it behaves."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        """Answer to RCPT, by address."""
        self.answers: dict[str, str] = {}
        """Answer to DATA, by address."""
        self.dies_after: int | None = None
        """Hangs up without an answer once it has accepted so many."""
        self.logins: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse an address."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a letter, refuse it, or hang up."""
        if self.dies_after is not None and len(self.messages) >= self.dies_after:
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
            return "250 nobody hears this"
        (address,) = envelope.rcpt_tos
        if address in self.answers:
            return self.answers[address]
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 accepted"

    def login(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401 - aiosmtpd's type
        """Believe one user."""
        self.logins.append(data.login)
        return AuthResult(success=data.password == b"pass word", handled=False)

    @property
    def readers(self) -> list[str]:
        """Who got letters, in the order of acceptance."""
        return [str(message["To"]) for message in self.messages]


@contextmanager
def serving(postbox: Postbox, **options: Any) -> Iterator[int]:  # noqa: ANN401 - aiosmtpd's options
    """Run the server; give its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def encryption() -> SSLContext:
    """Return the server's side of an encrypted connection."""
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context
