"""Python's way to a mail server, with the patience that servers ask for when they are given a letter."""

import smtplib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

TIMEOUT: Final = 30.0
"""Seconds to wait for the mail server, at each step but one."""
TAKING: Final = 600.0
"""Seconds for its last word on a whole letter (RFC 5321, 4.5.3.2.6): whoever asks again sooner sends a copy."""


class Server(smtplib.SMTP):
    """Knows whether it was given a letter, and waits as long as it may need to take it."""

    given: bool = False
    taking: float = TAKING

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        """Hand over a whole letter, and return its last word on it."""
        self.given = True
        self._wait(self.taking)
        try:
            return super().data(msg)
        finally:
            self._wait(TIMEOUT)

    def _wait(self, seconds: float) -> None:
        if self.sock is not None:
            self.sock.settimeout(seconds)


class EncryptedServer(Server, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""
