"""What can be read out of a publication: statements about sums over groups of people."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Statement:
    """The sum over a group of people of some quantity is known."""

    wave: str
    quantity: str
    plus: tuple[str, ...]
    """Codes of the units (with all below them) whose people it is about ..."""
    minus: tuple[str, ...]
    """... and of those that are taken from them."""
    total: Fraction | None
    """None where the sum is known to be told, but not as one number (an interval, a part)."""
    n: int
    bound: str = ""
    alone: bool = False
    """The units are hidden ones taken exactly, not with everything below them."""


@dataclass
class Published:
    """What was read of one publication."""

    wave: str
    k: int
    detail_k: int
    single: dict[str, tuple[int, int]]
    """Scales of one item, with the range of answers."""
    statements: list[Statement] = field(default_factory=list)
    products: list[tuple[str, int, list[list[int]]]] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)


class UnknownNumber(AssertionError):  # noqa: N818 - it names what was found
    """A publication holds a number that the attack has not thought about."""


@cache
def told(text: str) -> tuple[Fraction, Fraction]:
    """Return what a printed number may stand for: from, to.

    >>> told("−3.1")
    (Fraction(-63, 20), Fraction(-61, 20))
    """
    number = Decimal(text.replace("−", "-").replace("+", ""))
    exponent = number.as_tuple().exponent
    half = Fraction(1, 2 * 10 ** -int(exponent))
    return Fraction(number) - half, Fraction(number) + half


def changes(data: bytes) -> Iterator[Statement]:
    """Return what changes tell of the wave before: a number of a unit of then, whether or not it was shown then."""
    record = json.loads(data)
    for unit in record["units"]:
        code, detail, figures = unit["code"], unit["detail"] or {}, unit["figures"]
        if change := detail.get("change"):
            yield _then(change, "index", code, figures["index"])
        if change := detail.get("origin_change"):
            yield _then(change, "index", unit["origin"]["unit"], figures["index"])
        for motive, change in detail.get("motive_changes", {}).items():
            yield _then(change, f"motive:{motive}", code, figures["scales"][motive])


def _then(change: Mapping[str, Any], quantity: str, code: str, now: Mapping[str, Any]) -> Statement:
    before = Fraction(str(now["value"])) - Fraction(str(change["difference"]["value"]))
    return Statement(change["since"], quantity, (code,), (), before, 0)
