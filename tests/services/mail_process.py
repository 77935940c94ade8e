"""A mail server as a process of its own, which keeps every letter it has accepted as a file and can be killed.

python -m tests.services.mail_process FOLDER PORT
"""

import asyncio
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT: Final = Path(__file__).parents[2]
PACE: Final = 0.02
"""Seconds for a letter."""
PATIENCE: Final = 30.0
"""Seconds until a process that does not come up is given up."""


class Keeper:
    """Writes a letter to the disk before it says that it has taken it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take every letter, in the time that servers need: a kill is to meet a run half way."""
        await asyncio.sleep(PACE)
        assert isinstance(envelope.content, bytes)
        part = self.folder / f"{secrets.token_hex(8)}.part"
        part.write_bytes(envelope.content)
        part.rename(self.folder / f"{len(list(self.folder.iterdir())):04}-{part.stem}.eml")
        return "250 accepted"


@contextmanager
def running(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Give a server that answers; it is killed at the end, if it was not before."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", __name__, str(folder), str(port)]
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 - our own program
        try:
            until = time.monotonic() + PATIENCE
            while not answers(port):
                assert time.monotonic() < until, "the mail server does not come up"
                time.sleep(0.02)
            yield process
        finally:
            process.kill()


def answers(port: int) -> bool:
    """Tell whether something listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(folder: Path, letters: int) -> None:
    """Return once the server has taken so many letters."""
    until = time.monotonic() + PATIENCE
    while len(list(folder.glob("*.eml"))) < letters:
        assert time.monotonic() < until, "no letters come"
        time.sleep(0.002)


def kept(folder: Path) -> list[EmailMessage]:
    """Return the letters that were accepted, in their order."""
    return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]


if __name__ == "__main__":
    Controller(Keeper(Path(sys.argv[1])), hostname="127.0.0.1", port=int(sys.argv[2])).start()
    Event().wait()
