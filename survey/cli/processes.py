"""One process that serves, or several that listen on one socket under a parent (`survey.supervisor`)."""

import os
import socket
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple, NoReturn

from survey import supervisor
from survey.cli import context
from survey.i18n import Refused
from survey.web.serving import BACKLOG
from survey.web.together import memory_for

RUN: Final = "from survey.app import main; main()"


class Inherited(NamedTuple):
    """What a process gets from its parent, as numbers of open files."""

    slot: int
    """Its place; the process in the first one looks after the clock."""
    alive: int
    memory: int
    sockets: tuple[int, ...]

    @classmethod
    def read(cls, text: str) -> "Inherited":
        """Read what the parent wrote on the command line."""
        slot, alive, memory, *sockets = (int(number) for number in text.split(","))
        return cls(slot, alive, memory, tuple(sockets))


def listening(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on every address a name stands for; raises Refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return [_listen(family, address) for family, _, _, _, address in dict.fromkeys(found)]
    except OSError as error:
        raise Refused(
            "Cannot listen on %(host)s, port %(port)s (%(why)s). Choose another port with --port.",
            host=host,
            port=port,
            why=error.strerror,
        ) from error


def _listen(family: int, address: object) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)  # type: ignore[arg-type] # what getaddrinfo gave for this family
        made.listen(BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def become_parent(sockets: Sequence[socket.socket], count: int, log: str, words: Sequence[str]) -> NoReturn:
    """Go on as the parent of so many processes, each of which runs `survey serve` with these words.

    This process becomes another program: of what was imported to come here nothing stays in its memory.
    """
    memory = memory_for(count)
    for number in (memory, *(each.fileno() for each in sockets)):
        os.set_inheritable(number, True)
    inherited = ",".join(["SLOT", "ALIVE", str(memory), *(str(each.fileno()) for each in sockets)])
    serve = [sys.executable, "-c", RUN, "--lang", context.language(), "serve", *words, "--inherited", inherited]
    parent = [sys.executable, "-I", "-S", str(supervisor.__file__), str(count), str(memory), log, *serve]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, parent)  # noqa: S606 - our own program, and this very interpreter
