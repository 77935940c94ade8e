"""Answers that an auditor gave herself: does any order in the database tell when, or by whom, they were given?"""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.attack.chance import FEWEST, Chance, family, judge
from survey.attack.orders import Order
from survey.attack.target import Row
from survey.i18n import Refused, Sentence
from survey.instruments.answers import encode, parse_answer
from survey.instruments.model import Item
from survey.services.invitations.codes import read, receipt_hash

NUMBER, ORDER, RECEIPT, COMMENT = "number", "order", "receipt", "comment"
WHOLE: Final = re.compile(r"[0-9]{1,18}")
ARRIVAL: Final = Sentence("the order in which people answered")
ROSTER: Final = Sentence("the order of people's numbers")
OF_TABLE: Final = Sentence("the order of the table %(table)s")


@dataclass(frozen=True)
class Known:
    """One answer of which everything is known."""

    number: str
    order: int
    answers: bytes
    comment: str = ""
    receipt: bytes = b""
    """The hash under which the receipt is kept."""


@dataclass(frozen=True)
class Trial:
    """One order tested against another."""

    table: str
    channel: Sentence
    against: Sentence
    chance: Chance


def parse(content: bytes, wave: str, items: Sequence[Item]) -> tuple[Known, ...]:
    """Read the auditor's CSV: number and order, a column an item, and if she likes receipt and comment.

    Raises:
        Refused: a column is missing, a cell cannot be read, or two people gave the same answers.
    """
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace")))
    missing = {NUMBER, ORDER} - set(rows.fieldnames or ())
    if missing:
        raise Refused("The file of known answers has no column %(names)s.", names=", ".join(sorted(missing)))
    known = []
    for line, row in enumerate(rows, 2):
        if not WHOLE.fullmatch(row[ORDER].strip()):
            raise Refused("Row %(row)s of the known answers: the order is no whole number.", row=line)
        answers = encode(items, {item.id: parse_answer(item, (row.get(item.id) or "").strip()) for item in items})
        receipt = read(row.get(RECEIPT) or "")
        digest = receipt_hash(wave, receipt) if receipt else b""
        known.append(Known(row[NUMBER].strip(), int(row[ORDER]), answers, (row.get(COMMENT) or "").strip(), digest))
    if len({one.answers for one in known}) < len(known) or len({one.order for one in known}) < len(known):
        raise Refused("Two rows of the known answers are alike: give each person answers and an order of her own.")
    return tuple(known)


def trials(orders: Iterable[Order], known: tuple[Known, ...], numbers: Mapping[str, int]) -> Iterator[Trial]:
    """Test every order of rows against arrival, people's numbers, and the orders of the other tables.

    Args:
        orders: of all tables of answers
        known: what the auditor knows
        numbers: each person's place in the roster, by number
    """
    told = [(order, found) for order in orders if len(found := places(order, known)) >= FEWEST]
    people = [numbers.get(one.number, len(numbers) + at) for at, one in enumerate(known)]
    for order, found in told:
        yield Trial(order.table, order.channel, ARRIVAL, judge([known[one].order for one in found]))
        yield Trial(order.table, order.channel, ROSTER, judge([people[one] for one in found]))
    yield from _between(told)


def _between(told: list[tuple[Order, list[int]]]) -> Iterator[Trial]:
    """Test each distinct order of a table against each of the other tables."""
    distinct = list({(order.table, *found): (order, found) for order, found in told[::-1]}.values())
    for (one, found), (other, elsewhere) in itertools.combinations(distinct, 2):
        place = {person: n for n, person in enumerate(elsewhere)}
        both = [place[person] for person in found if person in place]
        if one.table != other.table and len(both) >= FEWEST:
            yield Trial(one.table, one.channel, OF_TABLE.fill(table=other.table), judge(both))


def places(order: Order, known: tuple[Known, ...]) -> list[int]:
    """Return, row by row, which of the known answers it is; unknown rows are left out."""
    keys: dict[object, int] = {}
    for n, one in enumerate(known):
        keys |= {key: n for key in (("a", one.answers), ("c", one.comment), ("r", one.receipt)) if key[1]}
    found = (next((keys[key] for key in _marks(row) if key in keys), None) for row in order.rows)
    return [n for n in found if n is not None]


def verdict(found: Iterable[Trial]) -> float:
    """Return one p value for all tests together."""
    return family(trial.chance.p for trial in found)


def _marks(row: Row) -> Iterator[tuple[str, object]]:
    for letter, column in (("a", "answers"), ("c", "text"), ("c", "comment"), ("r", "hash"), ("r", "receipt_hash")):
        if row.get(column):
            value = row[column]
            yield letter, bytes(value) if isinstance(value, bytes | memoryview) else value
