"""How often a program goes to the PostgreSQL server and back: a messenger between the two who counts."""

import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.cluster import Cluster

READY: Final = ord("Z")
"""What the server says when it has answered all that it was asked, and waits for what comes next."""
HEAD: Final = 5
"""Bytes of a message before what it says: its kind, and its length without the kind."""
SOCKET: Final = ".s.PGSQL.5432"


class Messenger:
    """Carries what both say, and counts how often the server has answered."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.cluster = Cluster(folder)
        """The same server, as it is reached through the messenger."""
        self.trips = 0
        self._server = server
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / SOCKET))
        self._listening.listen()
        self._threads: list[threading.Thread] = []
        self._start(self._take)

    def end(self) -> None:
        """Take nobody any more, and wait until everybody has gone."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _start(self, work: object, *given: socket.socket) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=given)
        self._threads.append(thread)
        thread.start()

    def _take(self) -> None:
        while True:
            try:
                client = self._listening.accept()[0]
            except OSError:  # it was closed
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self._server / SOCKET))
            self._start(self._ask, client, server)
            self._start(self._answer, client, server)

    @staticmethod
    def _ask(client: socket.socket, server: socket.socket) -> None:
        """Carry what the client says until it has gone."""
        while said := client.recv(1 << 16):
            server.sendall(said)
        server.shutdown(socket.SHUT_WR)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        """Carry what the server says, message by message, and count before the client hears of it."""
        with client, server, server.makefile("rb") as heard:
            while head := heard.read(HEAD):
                kind, length = struct.unpack("!BI", head)
                self.trips += kind == READY
                client.sendall(head + heard.read(length + 1 - HEAD))


@contextmanager
def counted(server: Cluster) -> Iterator[Messenger]:
    """Give a messenger to a server; whoever came through it has to have gone at the end."""
    with tempfile.TemporaryDirectory(prefix="survey-trips-") as folder:
        messenger = Messenger(Path(folder), server.folder)
        try:
            yield messenger
        finally:
            messenger.end()
