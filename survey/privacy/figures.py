"""Rounding, done once: whatever shows a number shows these strings.

An index and its differences have one decimal and a sign; means on the answer scale two decimals, their differences a
sign besides. A minus is U+2212. Halves are rounded away from zero, on the decimal digits that are kept.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Literal, Protocol

import msgspec

from survey.scoring import estimable

KEPT: Final = 6
"""Decimals of the values beside the strings: enough for any chart, and the same on every machine."""

Bound = Literal["", "or more", "or less"]


class Figure(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag=True):
    """One published number, rounded once, with its 95 % interval where it has one."""

    value: float
    text: str
    """The number as printed: a minus is U+2212, an index or a difference has a sign ("+12.3")."""
    low: float | None = None
    high: float | None = None
    low_text: str = ""
    high_text: str = ""
    bound: Bound = ""
    """Set where extreme answers were moved to the bound (design 6.2, rule 6)."""


class NotEstimable(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag=True):
    """A number that cannot be had, with the reason as an English sentence of the catalogue."""

    reason: str


class Ends(Protocol):
    """An interval of `survey.scoring.summaries`, not imported here: pages and printing read figures without SciPy."""

    @property
    def low(self) -> float:
        """Its lower end."""

    @property
    def high(self) -> float:
        """Its upper end."""


@dataclass(frozen=True)
class Style:
    """How a kind of number is written; `low` and `high` cut intervals that reach beyond what is possible."""

    digits: int
    signed: bool = False
    low: float | None = None
    high: float | None = None

    def within(self, low: float, high: float) -> "Style":
        """The same for numbers that lie between `low` and `high`."""
        return replace(self, low=low, high=high)


POINTS: Final = Style(1, signed=True)
"""The index and differences of it."""
PLAIN_POINTS: Final = Style(1)
"""Spreads and sizes on the index's range."""
MEAN: Final = Style(2)
"""Means and spreads on the answer scale, coefficients."""
DIFFERENCE: Final = Style(2, signed=True)
"""Differences of means on the answer scale, Hedges' g."""


def figure(
    value: float | Fraction,
    style: Style,
    interval: Ends | tuple[float, float] | estimable.NotEstimable | None = None,
    bound: Bound = "",
) -> Figure:
    """Round a number, and its interval where it has one, for good."""
    if interval is None or isinstance(interval, estimable.NotEstimable):
        return Figure(kept(value), text(value, style), bound=bound)
    if not isinstance(interval, tuple):
        interval = (interval.low, interval.high)
    low = interval[0] if style.low is None else max(interval[0], style.low)
    high = interval[1] if style.high is None else min(interval[1], style.high)
    return Figure(kept(value), text(value, style), kept(low), kept(high), text(low, style), text(high, style), bound)


def kept(value: float | Fraction) -> float:
    """Round to the decimals that a record keeps.

    >>> kept(Fraction(2, 3)), kept(-0.00000001)
    (0.666667, 0.0)
    """
    return round(float(value), KEPT) + 0.0


def text(value: float | Fraction, style: Style) -> str:
    """Write a number.

    >>> text(Fraction(-61, 20), POINTS), text(12.34, POINTS), text(-0.01, POINTS), text(Fraction(33, 8), MEAN)
    ('−3.1', '+12.3', '0.0', '4.13')
    """
    rounded = Decimal(repr(kept(value))).quantize(Decimal(1).scaleb(-style.digits), ROUND_HALF_UP)
    sign = "−" if rounded < 0 else "+" if rounded > 0 and style.signed else ""
    return f"{sign}{abs(rounded)}"


def bound_of(higher: float, lower: float, style: Style) -> Bound:
    """Return the flag of a number that may truly be `higher` or `lower` by so much, since answers were moved.

    What cannot change the last digit is not said; where both directions meet the number has none.

    >>> bound_of(0.3, 0, POINTS), bound_of(0, 0.3, POINTS), bound_of(0.3, 0.3, POINTS), bound_of(0.06, 0, POINTS)
    ('or more', 'or less', '', '')
    """
    visible = 10.0**-style.digits
    if (higher >= visible) == (lower >= visible):
        return ""
    return "or more" if higher >= visible else "or less"


def bound_between(first: Bound, second: Bound) -> Bound:
    """Return the flag of a difference: answers that were moved in the second number move it the other way.

    >>> bound_between("or more", ""), bound_between("", "or more"), bound_between("or more", "or more")
    ('or more', 'or less', '')
    """
    turned: dict[Bound, Bound] = {"": "", "or more": "or less", "or less": "or more"}
    flags = {first, turned[second]} - {""}
    return flags.pop() if len(flags) == 1 else ""


def because(reason: estimable.NotEstimable) -> NotEstimable:
    """Return the record's form of a number that cannot be had."""
    return NotEstimable(reason.reason.text)
