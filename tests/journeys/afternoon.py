"""The first afternoon of somebody of HR, from an empty folder to the ZIP of all reports, in a real browser.

Every press, choice and typed character is counted. How long hands and head would take is said by the keystroke-level
model (Card, Moran and Newell 1980, Communications of the ACM 23, 396-410): 1.1 s to point, 0.1 s to press, 0.28 s a
character of an average typist, 0.4 s from the mouse to the keys and back, 1.35 s to think before each act.
"""

import datetime as dt
import io
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyotp
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Engine

from survey.database import engine as open_engine
from survey.services.invitations.codes import read
from tests import cast
from tests.journeys.driving import check, window
from tests.services import rounds
from tests.services.mail_server import Postbox, serving
from tests.services.posting import plain

POINT, PRESS, KEY, HOME, THINK = 1.1, 0.1, 0.28, 0.4, 1.35
MAIL: Final = "cy@example.com"
ADDRESS: Final = re.compile(r"https?://\S+/first-run/\S+")
LETTERS: Final = len(cast.MEMBERS)


@dataclass
class Hands:
    """What somebody does to a page; how often is counted."""

    page: Page
    clicks: int = 0
    keys: int = 0
    seconds: float = 0.0
    looked_at: list[str] = field(default_factory=list)

    def click(self, what: Locator) -> None:
        """Press something."""
        what.click()
        self.clicks += 1
        self.seconds += THINK + POINT + PRESS

    def type(self, name: str, text: str) -> None:
        """Fill in a field."""
        self.page.fill(f"[name={name}]", text)
        self.keys += len(text)
        self.seconds += THINK + POINT + PRESS + 2 * HOME + KEY * len(text)

    def send(self, among: str = "main") -> None:
        """Press the one button that stands out, and wait for the page that comes."""
        self.follow(self.page.locator(f"{among} .button.primary").first)

    def follow(self, what: Locator) -> None:
        """Press what leads to another page, and wait for it: a click alone does not."""
        with self.page.expect_navigation():
            self.click(what)

    def look(self) -> None:
        """Look at the page: nothing is cut off, and axe finds nothing."""
        check(self.page, script=True)
        self.looked_at.append(self.page.title())


@dataclass(frozen=True)
class Afternoon:
    """What it took."""

    clicks: int
    """From the empty folder to the open wave, with all letters out."""
    keys: int
    minutes: float
    """Of hands and head, by the keystroke-level model."""
    clicks_to_the_zip: int
    """From the close."""
    reports: int
    """PDFs in the ZIP."""
    looked_at: tuple[str, ...]


def free_port() -> int:
    """Return a port on which nothing listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listening(port: int) -> None:
    """Wait until the program answers: it prints the address just before it listens there."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(port)


@contextmanager
def started(home: Path, port: int) -> Iterator[str]:
    """Start the program as its operator does, in an empty folder; give the address that it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    environment |= {"SURVEY_HOME": str(home), "SURVEY_URL": f"http://localhost:{port}", "LANG": "C.UTF-8"}
    command = [sys.executable, "-c", "from survey.app import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = (ADDRESS.search(line) for line in process.stdout)
            address = next(found[0] for found in said if found)
            _listening(port)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def spend(browser: Browser, home: Path, roster: Path, language: str, size: tuple[int, int]) -> Afternoon:
    """Go through all of it, and look at every page on the way."""
    box, port = Postbox(), free_port()
    with (
        serving(box) as mail_port,
        started(home, port) as address,
        window(browser, address, size[0], language, viewport={"width": size[0], "height": size[1]}) as page,
    ):
        hands = Hands(page)
        page.goto(address)
        _set_up(hands, mail_port)
        _bring_in(hands, roster)
        _ask(hands)
        expect(page.locator("progress")).to_have_count(0)
        until_open = (hands.clicks, hands.keys, hands.seconds / 60)
        _answer(home, box)
        _close(hands)
        closed = hands.clicks
        reports = _hand_out(hands)
        return Afternoon(*until_open, hands.clicks - closed, reports, tuple(hands.looked_at))


def _set_up(hands: Hands, mail_port: int) -> None:
    hands.look()
    hands.send()  # the code stands in the address
    hands.look()
    hands.type("name_ko", "등대상사")
    hands.type("name_en", "Lighthouse Trading")
    hands.send()
    hands.look()
    for name, text in {"name": "Cy", "email": MAIL, "password": cast.PASSWORD, "again": cast.PASSWORD}.items():
        hands.type(name, text)
    hands.send()
    hands.look()
    hands.send()
    _second_step(hands)
    hands.look()
    hands.type("host", "127.0.0.1")
    hands.page.select_option("[name=encryption]", "none")
    hands.clicks += 2
    hands.type("port", str(mail_port))
    hands.type("sender", MAIL)
    hands.send()
    hands.look()
    hands.send()


def _second_step(hands: Hands) -> None:
    hands.look()
    secret = re.sub(r"\s", "", hands.page.locator("code.key").text_content() or "")
    hands.type("code", pyotp.TOTP(secret).now())
    hands.send("main form")
    hands.look()
    hands.send()


def _bring_in(hands: Hands, roster: Path) -> None:
    hands.look()
    hands.page.set_input_files("[name=file]", roster)
    hands.clicks += 3  # the button, the file, the dialogue's own button
    hands.send("main form")
    hands.look()
    hands.send("[aria-labelledby=confirm]")
    hands.look()


def _ask(hands: Hands) -> None:
    page = hands.page
    page.goto("/")
    hands.look()
    hands.send()
    hands.look()
    hands.send("#plan")
    hands.look()
    hands.send()
    hands.look()
    for box in page.locator("input[name=seen]").all():
        hands.click(box)
    hands.send("[aria-labelledby=checklist]")
    hands.look()
    hands.send()


def _answer(home: Path, box: Postbox) -> None:
    """Let everybody answer with the code of her letter."""
    opened: Engine = open_engine(f"sqlite:///{home / 'survey.db'}")
    letters = [letter for letter in box.messages if "/s#" in plain(letter)]
    assert len(letters) == LETTERS
    for letter in letters:
        written = re.search(r"/s#([0-9A-Z-]{19})", plain(letter))
        assert written
        code = read(written[1])
        assert code
        rounds.answer(opened, rounds.sent(code), dt.datetime.now(dt.UTC).replace(tzinfo=None))
    opened.dispose()


def _close(hands: Hands) -> None:
    hands.page.goto("/")
    hands.look()
    hands.click(hands.page.locator("main details summary").first)
    hands.click(hands.page.locator("input[name=early]"))
    hands.follow(hands.page.locator("form:has(input[name=early]) button"))


def _hand_out(hands: Hands) -> int:
    """Publish, print, download: three clicks."""
    page = hands.page
    hands.look()
    hands.send("main .step")
    hands.look()
    hands.send("[aria-labelledby=reports]")
    hands.look()
    link = page.locator("a.button.primary[href*='all.zip']")
    expect(link).to_be_visible(timeout=180_000)
    with page.expect_download() as download:
        hands.click(link)
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())
        return len(archive.namelist())
