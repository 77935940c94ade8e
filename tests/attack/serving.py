"""A real server in a process of its own, and somebody who answers it with marks that can be recognised anywhere."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
START: Final = "from survey.app import main; main()"
CRASHING: Final = """
import time
from survey.services.responses import responses
from survey.web.responses import responses as pages
pages.travels = lambda _opened: False
honest = responses.accept
def accept(session, here, sent, now):
    reply = honest(session, here, sent, now)
    session.flush()
    if sent.comment.startswith("crash"):
        raise RuntimeError(repr(sent))
    if sent.comment.startswith("hang"):
        print("hanging", flush=True)
        time.sleep(600)
    return reply
responses.accept = accept
"""
"""A build that fails in the middle of keeping an answer, with the answer in the words of its error.

It keeps in a transaction on PostgreSQL, too: one statement has no middle, and no row that is undone.
"""
TALKING: Final = """
from flask import request
from survey.web import factory
honest = factory.create_app
def create_app(*given):
    app = honest(*given)
    def told():
        print(request.remote_addr, request.method, request.full_path, request.user_agent, request.form, flush=True)
    app.before_request(told)
    return app
from survey.cli import serve
serve.create_app = create_app
"""
"""A build that logs requests."""


@dataclass
class Server:
    """A server that runs, and where its words go."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def until_it_says(self, word: bytes) -> None:
        """Wait for a word in its log."""
        deadline = time.monotonic() + PATIENCE
        while word not in self.log.read_bytes():
            if time.monotonic() > deadline:
                pytest.fail(f"the server never said {word!r}")
            time.sleep(0.05)


@contextmanager
def serving(url: str, home: Path, build: str = "") -> Iterator[Server]:
    """Serve an installation, behind one proxy; all words go to a log under its folder, and temporary files too."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log, temporary = home / "server.log", home / "tmp"
    temporary.mkdir(exist_ok=True)
    names = {"SURVEY_HOME": home, "SURVEY_DATABASE_URL": url, "SURVEY_PROXY_HOPS": "1", "TMPDIR": temporary}
    environment = {**os.environ, **{name: str(value) for name, value in names.items()}, "LANG": "C.UTF-8"}
    command = [sys.executable, "-c", build + START, "serve", "--port", str(port)]
    with (
        log.open("ab") as words,
        subprocess.Popen(command, env=environment, cwd=ROOT, stdout=words, stderr=words) as process,  # noqa: S603 - ours
    ):
        server = Server(process, port, log)
        try:
            server.until_it_says(f":{port}".encode())
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)


@dataclass
class Canary:
    """Somebody who answers; whatever is hers can be recognised."""

    code: str
    comment: str
    address: str = "203.0.113.77"
    browser: str = "Mozilla/5.0 CanaryBrowser/73.19"
    referer: str = "https://canary-referer.example/intranet"
    cookie: str = "canary-cookie-40715"
    query: str = "canary-query-81542"
    receipt: str = ""

    @property
    def marks(self) -> dict[str, bytes]:
        """What must be found nowhere at all, in every way it could be written."""
        grouped = "-".join(self.code[at : at + 4] for at in range(0, 16, 4))
        kept = self.receipt.replace("-", "")
        mine = {"code": self.code, "grouped code": grouped, "receipt": kept, "grouped receipt": self.receipt}
        sent = {name: getattr(self, name) for name in ("address", "browser", "referer", "cookie", "query")}
        return {name: value.encode() for name, value in (mine | sent).items() if value}

    def post(self, server: Server, path: str, **fields: str) -> tuple[int, str, dict[str, str]]:
        """Send a form and return status, page and headers."""
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Forwarded-For": self.address,
                "User-Agent": self.browser,
                "Referer": self.referer,
                "Cookie": f"canary={self.cookie}",
                "Accept-Language": "en",
            }
            connection.request("POST", f"{path}?from={self.query}", urlencode(fields), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())

    def answer(self, server: Server, comment: str) -> tuple[int, str, dict[str, str]]:
        """Go from the code to "send"."""
        _status, page, _headers = self.post(server, "/s", code=self.code)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
        self.receipt = fields["receipt"]
        fields |= {"code": self.code, "comment": comment, "play": "6", "purpose": "2", "go": "send"}
        return self.post(server, "/s/answer", **fields)
