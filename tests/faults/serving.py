"""`survey serve` in a process of its own, and somebody who answers without a script."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from tests.services.mail_process import ROOT, free_port

PATIENCE: Final = 120.0
"""Seconds until a server that does not come up is given up."""
FIELD: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass(frozen=True)
class Page:
    """What a server answered."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields of its form, as a browser would send them."""
        return {name: unescape(value) for name, value in FIELD.findall(self.text)}


class Server:
    """A running server."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port

    def ask(self, path: str, fields: Mapping[str, str] | None = None, language: str = "en") -> Page:
        """Load a page, or send a form."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Accept-Language": language}
        try:
            if fields is None:
                connection.request("GET", path, headers=headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", path, urlencode(fields), headers)
            answer = connection.getresponse()
            return Page(answer.status, answer.read().decode(), dict(answer.headers))
        finally:
            connection.close()

    def fill_in(self, code: str, comment: str = "") -> dict[str, str]:
        """Enter a code, answer one question, and return what the last button sends."""
        fields = self.ask("/s", {"code": code}).fields
        assert "receipt" in fields
        return {**fields, "play": "6", "comment": comment, "at": "review", "go": "send"}


def given_back(page: Page, sent: dict[str, str], again: str = "60") -> None:
    """Hold that a page says that nothing was taken, and gives everything back that was sent."""
    assert page.status == 503, page.text
    assert page.headers["Retry-After"] == again
    assert page.headers["Cache-Control"] == "no-store"
    assert {**page.fields, "go": "send"} == sent
    assert 'name="go" value="send"' in page.text
    assert not page.text.count("<a ")


@contextmanager
def serving(environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Give a server that answers; it is asked to end, and has ended, afterwards."""
    port = free_port()
    command = [sys.executable, "-c", "from survey.app import main; main()", "serve", "--port", str(port)]
    known = {**environment, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    with (
        log.open("ab") as file,
        subprocess.Popen(command, env=known, cwd=ROOT, stdout=file, stderr=file) as process,  # noqa: S603 - our own program
    ):
        try:
            server = Server(process, port)
            until = time.monotonic() + PATIENCE
            while not _answers(server):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.05)
            yield server
        finally:
            process.kill()
            process.wait()


def _answers(server: Server) -> bool:
    try:
        return server.ask("/healthz").status == 200
    except OSError:
        return False
