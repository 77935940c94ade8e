"""What must hold after everything: what the clients saw, against what the database holds."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Final, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.intake.installation import WAVE
from survey.instruments.answers import encode
from survey.instruments.load import builtin
from survey.models import RosterEntry, Token, WaveUnit
from survey.models.responses import Comment, Intake, Receipt
from survey.services.invitations.codes import code_hash, receipt_hash
from survey.services.responses import responses
from survey.services.waves import waves
from tests.kills.ledger import Ledger, Told

ASKED_AT_ONCE: Final = 4
TRIES: Final = 60
"""How often a receipt is asked for, a second apart."""
PATIENCE: Final = 60.0


class Kept(NamedTuple):
    """What the database holds while the wave is open."""

    tokens: frozenset[bytes]
    rows: dict[bytes, tuple[str, bytes, str]]
    """By receipt's hash: unit, answers, comment."""
    issued: int
    """Invitations and spares."""


def kept(session: Session) -> Kept:
    """Read what is there."""
    rows = session.execute(select(Intake.receipt_hash, Intake.report_unit, Intake.answers, Intake.comment))
    invited = session.scalar(select(func.count()).select_from(RosterEntry)) or 0
    spares = session.scalar(select(func.sum(WaveUnit.spares))) or 0
    return Kept(
        frozenset(bytes(each) for each in session.scalars(select(Token.hash))),
        {bytes(digest): (unit, bytes(answers), comment) for digest, unit, answers, comment in rows},
        invited + spares,
    )


def while_open(found: Kept, ledger: Ledger, pepper: bytes, units: dict[str, str]) -> Iterator[str]:
    """Yield whatever is wrong before the close; `units` gives the unit for which each code counts."""
    if len(found.tokens) + len(found.rows) != found.issued:
        yield f"{len(found.tokens)} codes left and {len(found.rows)} answers, where {found.issued} codes were issued"
    known: set[bytes] = set()
    for code, told in ledger.codes.items():
        spent = code_hash(pepper, code) not in found.tokens
        pages = {receipt_hash(WAVE, receipt): receipt for receipt in told.pages}
        known |= pages.keys()
        yield from _of_one(code, told, [pages[each] for each in pages.keys() & found.rows.keys()], spent=spent)
        for digest in pages.keys() & found.rows.keys():
            if found.rows[digest] != (units[code], *_said(told, pages[digest])):
                yield f"{code}: what is kept is not what was sent"
    if found.rows.keys() - known:
        yield f"{len(found.rows.keys() - known)} answers that nobody sent"


def _of_one(code: str, told: Told, counted: list[str], *, spent: bool) -> Iterator[str]:
    """Yield whatever is wrong with one code, of which these receipts are counted."""
    if len(counted) > 1:
        yield f"{code}: doubled"
    if spent != bool(counted):
        yield f"{code}: {'taken, and not counted' if spent else 'counted, and not taken'}"
    if told.thanked.keys() - set(counted):
        yield f"{code}: lost after the thanks"
    if told.pages and not counted:
        yield f"{code}: not counted, although its page was sent to the end"
    if (told.turned_away and not counted) or (told.turned_away - {""} and len(told.pages) == 1):
        yield f"{code}: turned away, although nobody else had used it"


def _said(told: Told, receipt: str) -> tuple[bytes, str]:
    page = told.pages[receipt]
    return encode(builtin().items, page["said"]), page["comment"]


def after_close(session: Session, before: Kept, ledger: Ledger) -> Iterator[str]:
    """Yield whatever is wrong once the wave has closed."""
    wave = waves.wave(session, WAVE)
    answers = Counter((unit, bytes(row)) for unit, row in responses.answer_rows(session, wave))
    if answers != Counter((unit, row) for unit, row, _ in before.rows.values()):
        yield "the responses are not what had arrived"
    if {bytes(each) for each in session.scalars(select(Receipt.hash))} != before.rows.keys():
        yield "the receipts are not those of the answers"
    if Counter(session.scalars(select(Comment.text))) != Counter(text for _, _, text in before.rows.values() if text):
        yield "the comments are not what had arrived"
    if responses.counts(session, wave) != Counter(unit for unit, _, _ in before.rows.values()):
        yield "the counts of the units are not those of the answers"
    left = [session.scalar(select(func.count()).select_from(table)) for table in (Token, Intake)]
    if left != [0, 0]:
        yield f"the close has left {left[0]} codes and {left[1]} arrivals"
    uncounted = [each for each in ledger.receipts() if responses.counted(session, each) != WAVE]
    if uncounted:
        yield f"{len(uncounted)} receipts are not known any more"


def unknown(port: int, receipts: list[str]) -> list[str]:
    """Return the receipts that the product's own page does not call counted."""

    def ask(which: int) -> list[str]:
        return [each for each in receipts[which::ASKED_AT_ONCE] if "It was counted" not in _page_of(port, each)]

    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        return [each for some in pool.map(ask, range(ASKED_AT_ONCE)) for each in some]


def _page_of(port: int, receipt: str) -> str:
    """Return what the page says of a receipt; a process that is replaced meanwhile, or a crowd, is asked again."""
    for tries_left in reversed(range(TRIES)):
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
                headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
                connection.request("POST", "/s/receipt", urlencode({"receipt": receipt}), headers)
                answer = connection.getresponse()
                said = answer.read().decode()
        except (HTTPException, OSError):
            if not tries_left:
                raise
        else:
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                return said
        time.sleep(1)
    return ""
