"""What can be read out of a publication: statements about sums over groups of people."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache


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
    straight: int = 0


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


def changes(data: bytes) -> Iterator[tuple[str, str, Fraction, Fraction]]:
    """Return wave before, unit, the unit's index now and the change that is told."""
    record = json.loads(data)
    for unit in record["units"]:
        change = unit["detail"]["change"] if unit["detail"] else None
        if change is not None:
            index = Fraction(str(unit["figures"]["index"]["value"]))
            yield change["since"], unit["code"], index, Fraction(str(change["difference"]["value"]))
