"""People who answer while things are killed: a process of their own, which writes down all that they see.

    python -m tests.kills.clients PORT LEDGER SEED

The first line of its input holds the codes. Every client takes the next one, opens its page, answers, and sends in one
of several ways until she is thanked, or told that her code has been used; what breaks is tried again with its page,
as a browser's button does. Some go before anything can come back. When the input says "enough", all end what they have
begun, and those who went come back once more: with the page they had, or with the link of their letter.
"""

import json
import os
import random
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import urlencode

from survey.instruments.load import builtin
from survey.services.invitations.codes import grouped

CLIENTS: Final = 20
PATIENCE: Final = (1.0, 1.5, 60.0)
"""Seconds after which a client gives a page up, or does not: the product itself waits 20 for a lock."""
THOUGHT: Final = 0.3
"""Seconds, at most, between two visits, or two tries."""
WHOLE: Final = 0.25
"""The share of visits that goes through all pages."""
SKIPPED: Final = 0.1
REMEMBERED: Final = 200
"""Pages that were thanked for, and may be sent again where no code is left."""
HEADERS: Final = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept-Language": "ko-KR,ko;q=0.9,en;q=0.7",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
}
HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
ITEMS: Final = {item.id: item.range for item in builtin().asked()}
TOLD: Final = {200: "other page", 410: "used", 429: "slowed"}
"""What an answer says, by its status; thanks are known by the receipt that stands with them."""
MEANS: Final = frozenset({"thanked", "used", "slowed"})


class Ledger:
    """What the clients saw, a line each: it is all that anybody outside can know."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, **facts: object) -> None:
        """Write a line at once; lines of several threads do not mix."""
        os.write(self._file, json.dumps(facts, ensure_ascii=False).encode() + b"\n")


class Page:
    """A page on which everything is filled in, and its button."""

    def __init__(self, fields: Mapping[str, str], ledger: Ledger) -> None:
        self.fields, self._ledger = urlencode({**fields, "at": "review", "go": "send"}), ledger
        self.code, self.receipt = fields["code"], fields["receipt"]
        said = {name: int(fields[name]) for name in ITEMS if name in fields}
        ledger.write(code=self.code, receipt=self.receipt, what="page", said=said, comment=fields["comment"])

    def press(self, connection: HTTPConnection) -> None:
        """Send it."""
        self.note("sent")
        connection.request("POST", "/s/answer", self.fields, HEADERS)

    def look(self, connection: HTTPConnection) -> str:
        """Return what came of it."""
        answer = connection.getresponse()
        text = answer.read().decode()
        return self.note("thanked" if grouped(self.receipt) in text else TOLD.get(answer.status, f"{answer.status}"))

    def note(self, what: str) -> str:
        """Write down what came of it."""
        self._ledger.write(code=self.code, receipt=self.receipt, what=what)
        return what


class Client:
    """Somebody after somebody else, in one place."""

    def __init__(self, port: int, ledger: Ledger, chance: random.Random) -> None:
        self.port, self.ledger, self.chance = port, ledger, chance
        self.connection = self.connect()
        self.thanked: deque[Page] = deque(maxlen=REMEMBERED)
        self.gone: list[tuple[Page, bool]] = []
        """Pages whose people went without an answer, and whether the page is still there when they come back."""

    def connect(self) -> HTTPConnection:
        """Return a connection of somebody more or less patient; it opens when it is used."""
        return HTTPConnection("127.0.0.1", self.port, timeout=self.chance.choice(PATIENCE))

    def visit(self, code: str) -> None:
        """Answer with a code."""
        page = self.open(code)
        if page is not None:
            way = self.chance.choices(list(WAYS), list(WAYS.values()))[0]
            way(self, page)

    def come_back(self) -> None:
        """End what was left: nobody who went may be turned away without having been counted."""
        for page, kept in self.gone:
            again = page if kept else self.open(page.code)
            if again is not None:
                self.send(again)

    def open(self, code: str) -> Page | None:
        """Open the page of a code and fill it in; None where the code has been used."""
        fields = {"code": code, "lang": "ko"}
        fields |= self._ask("/s", fields)
        fields |= {
            name: str(self.chance.choice(values)) for name, values in ITEMS.items() if self.chance.random() >= SKIPPED
        }
        fields["comment"] = f"회의가 줄었다 {self.chance.getrandbits(64):x}"
        for go in ("list", "review") if self.chance.random() < WHOLE else ():
            fields |= self._ask("/s/answer", {**fields, "at": "welcome", "go": go})
        return Page(fields, self.ledger) if "receipt" in fields else None

    def send(self, page: Page) -> None:
        """Press the button until there is an answer that means something."""
        while (told := self._press(page)) not in MEANS:
            self.pause()
        if told == "thanked":
            self.thanked.append(page)

    def _press(self, page: Page) -> str:
        try:
            page.press(self.connection)
            return page.look(self.connection)
        except (OSError, HTTPException) as error:
            self._break()
            return page.note("no patience" if isinstance(error, TimeoutError) else "broken")

    def press_and_go(self, page: Page) -> None:
        """Press the button, and close the window before anything can come back."""
        try:
            page.press(self.connection)
        except (OSError, HTTPException):
            page.note("broken")
        self._break()

    def _ask(self, path: str, fields: Mapping[str, str]) -> dict[str, str]:
        """Return the hidden fields of the page that a form leads to; none where the code has been used."""
        while True:
            try:
                self.connection.request("POST", path, urlencode(fields), HEADERS)
                answer = self.connection.getresponse()
                text = answer.read().decode()
            except (OSError, HTTPException):
                self._break()
            else:
                if answer.status == 200:
                    return dict(HIDDEN.findall(text))
                if answer.status in TOLD:
                    self.ledger.write(code=fields["code"], receipt="", what=TOLD[answer.status])
                    return {}
            self.pause()

    def _break(self) -> None:
        self.connection.close()
        self.connection = self.connect()

    def pause(self) -> None:
        """Wait as people do before they press once more."""
        time.sleep(self.chance.uniform(THOUGHT / 10, THOUGHT))


def once(client: Client, page: Page) -> None:
    """Send, again where nothing comes back."""
    client.send(page)


def at_once(client: Client, page: Page, other: Page | None = None) -> None:
    """Press the button twice: both are on their way before either is answered."""
    first, second = client.connect(), client.connect()
    try:
        page.press(first)
        (other or page).press(second)
        page.look(first)
        (other or page).look(second)
    except (OSError, HTTPException):
        page.note("broken")
    finally:
        first.close()
        second.close()
    client.send(page)


def two_pages(client: Client, page: Page) -> None:
    """Open the letter's link on a second device, and send both at the same time: one of them counts."""
    other = client.open(page.code)
    at_once(client, page, other)
    if other is not None:
        client.send(other)


def broken(client: Client, page: Page) -> None:
    """Lose the connection before anything comes back, and press once more."""
    client.press_and_go(page)
    client.send(page)


def later(client: Client, page: Page) -> None:
    """Press the button of a page again that was thanked for."""
    client.send(page)
    client.send(page)


def gone(client: Client, page: Page) -> None:
    """Go before anything comes back; the page stays open until evening."""
    client.press_and_go(page)
    client.gone.append((page, True))


def gone_for_good(client: Client, page: Page) -> None:
    """Go before anything comes back, and close the page: only the letter is left."""
    client.press_and_go(page)
    client.gone.append((page, False))


WAYS: Final[dict[Callable[[Client, Page], None], int]] = {
    once: 50,
    at_once: 15,
    broken: 15,
    later: 5,
    gone: 8,
    # A code that was used is soon a wrong one more than the product lets pass at once.
    gone_for_good: 5,
    two_pages: 2,
}
"""How often people send in which way, in a hundred."""


def work(client: Client, codes: deque[str], enough: threading.Event) -> None:
    """Answer with one code after another; where none is left, press the buttons of old pages."""
    while not enough.is_set():
        try:
            client.visit(codes.popleft())
        except IndexError:
            if client.thanked:
                client.send(client.thanked.popleft())
        client.pause()
    client.come_back()


def main(port: str, ledger: str, seed: str) -> None:
    """Let all work until it is enough."""
    codes, enough, book = deque(json.loads(sys.stdin.readline())), threading.Event(), Ledger(ledger)
    clients = [Client(int(port), book, random.Random(f"{seed} {number}")) for number in range(CLIENTS)]  # noqa: S311 - repeatable
    threads = [threading.Thread(target=work, args=(client, codes, enough), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    if sys.stdin.readline().strip() == "enough":  # else whoever let us work is gone
        enough.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
