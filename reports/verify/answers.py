"""What follows from the counts of answers and of people: agreement, and what those who are missing could change.

James, Demaree and Wolf (1984) for agreement, LeBreton and Senter (2008, table 2) for leaning answers, Burke,
Finkelstein and Dusig (1999) for the deviation, Manski (1989) for those missing, Wilson (1927) for the share.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import sqrt
from types import MappingProxyType
from typing import Final

from reports.verify.made import Made, near
from survey.privacy.evidence import Agreement
from survey.privacy.figures import MEAN, POINTS, Figure, Style, text
from survey.privacy.record import Missing, Quality, Spread, UnitRecord

LEANING: Final[Mapping[int, float]] = MappingProxyType(
    {5: 1.34, 6: 1.85, 7: 2.90, 8: 3.47, 9: 5.66, 10: 6.30, 11: 7.31}
)
"""Variance of random answers that lean slightly to one side, by how many answers there are to choose from."""
PERCENT: Final = Style(0)
ROUNDED: Final = 0.005 + 1e-9
"""How far a number lies from itself that was rounded to two decimals before it was kept."""
Z: Final = 1.959963984540054


def agreements(unit: UnitRecord) -> Iterator[Made]:
    """Yield rwg = 1 - s^2 / v, 0 at least, and the mean distance from the mean, from each distribution shown."""
    detail = unit.detail
    for motive, spread in ({} if detail is None else detail.spreads).items():
        found = None if detail is None else detail.agreement.get(motive)
        if found is not None and found.deviation is not None:
            yield from _agreement(motive, found, found.deviation, spread)


def _agreement(motive: str, told: Agreement, deviation: Figure, spread: Spread) -> Iterator[Made]:
    counts, n = spread.counts, sum(spread.counts)
    mean = Fraction(sum(at * count for at, count in enumerate(counts)), n)
    variance = sum(((at - mean) ** 2 * count for at, count in enumerate(counts)), Fraction(0)) / (n - 1)
    apart = sum((abs(at - mean) * count for at, count in enumerate(counts)), Fraction(0)) / n
    yield near(f"mean deviation: {motive}", deviation, float(apart), MEAN, ROUNDED)
    random = {"uniform": (len(counts) ** 2 - 1) / 12, "skewed": LEANING.get(len(counts))}
    for null, figure in told.rwg.items():
        against = random[null]
        if isinstance(figure, Figure) and against is not None:
            made = max(1 - float(variance) / against, 0.0)
            yield near(f"agreement ({null}): {motive}", figure, made, MEAN, ROUNDED)
    yield Made(f"two camps: {motive}", str(told.split), str(_two_camps(counts, variance)))


def _two_camps(counts: list[int], variance: Fraction) -> bool:
    """Return whether either end holds three people and a quarter of all, and fewer stand between than at either."""
    end, people = max(len(counts) // 3, 1), sum(counts)
    low, between, high = sum(counts[:end]), sum(counts[end:-end]), sum(counts[-end:])
    smaller = min(low, high)
    if len(counts) < 3 or smaller < 3 or 4 * smaller < people:  # noqa: PLR2004 - the rule itself
        return False
    wide = variance > Fraction(len(counts) ** 2 - 1, 12)
    return between <= smaller if wide else between < smaller


def missing(told: Missing, n: int, index: Fraction, index_ends: tuple[float, float]) -> Iterator[Made]:
    """Yield (n x index + missing x their mean) / invited, with the lowest and the highest mean that there is."""
    absent, invited = told.invited - n, told.invited
    for of, figure, end in (("lowest", told.low, index_ends[0]), ("highest", told.high, index_ends[1])):
        made = (index * n + absent * Fraction(str(end))) / invited
        yield Made(f"index with those missing at the {of}", figure.text, text(made, POINTS))
    if told.near_low is not None and told.near_high is not None:
        yield from _near(told.near_low, told.near_high, (float(index), n, invited), index_ends)
    if told.share is not None:
        p, reach = n / invited, Z * sqrt(n / invited * (1 - n / invited) / invited + (Z / (2 * invited)) ** 2)
        over, under = n / invited + Z * Z / (2 * invited), 1 + Z * Z / invited
        ends = ((over - reach) / under, (over + reach) / under)
        shown = " ".join(text(round(100 * each), PERCENT) for each in (p, *ends))
        yield Made("share counted", f"{told.share.text} {told.share.low_text} {told.share.high_text}", shown)


def _near(low: Figure, high: Figure, of: tuple[float, int, int], ends: tuple[float, float]) -> Iterator[Made]:
    """Yield whether both lie as far from the index: by a spread of the company, which the report does not hold."""
    index, n, invited = of
    below, above = ((each.value * invited - index * n) / (invited - n) for each in (low, high))
    apart = max(index - below, above - index)
    for name, figure, end in (
        ("below", low, max(index - apart, ends[0])),
        ("above", high, min(index + apart, ends[1])),
    ):
        made = (index * n + (invited - n) * end) / invited
        yield near(f"index with those missing a little {name}", figure, made, POINTS)


def without_straight(quality: Quality, index: Fraction, n: int) -> Iterator[Made]:
    """Yield the company's index without those who gave one answer to all motives: theirs is 0."""
    told = quality.index_without_straight
    if isinstance(told, Figure) and isinstance(quality.straight, int):
        yield Made("index without equal answers", told.text, text(index * n / (n - quality.straight), POINTS))
