"""Changes since an earlier wave, made again: difference, interval, effect and word, by the published formulas.

Welch (1947) for the interval and p, Hedges (1981) for g, Steiger and Fouladi (1997) for its interval, Cohen (1988) for
what can be detected. Written out; nothing here calls what made the numbers in the first place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, lgamma, sqrt
from typing import Final

from scipy.special import nctdtrinc, stdtr, stdtrit

from reports.excerpt import Before, Then
from reports.verify.made import Made, close, ends, near
from survey.privacy.figures import DIFFERENCE, MEAN, PLAIN_POINTS, POINTS, Figure, Style
from survey.privacy.record import Change, UnitRecord

LEVEL: Final = 0.975
POWER: Final = 0.80
WORD_UP_TO: Final = 0.05
"""The adjusted p up to which a change may be called one."""


@dataclass(frozen=True)
class Welch:
    """Two means apart: the numbers of a change."""

    difference: float
    low: float
    high: float
    p: float
    g: float
    g_low: float
    g_high: float
    detectable: float


@dataclass(frozen=True)
class Side:
    """One of two means: its standard deviation rests on `df` degrees of freedom, n - 1 where it is the unit's own."""

    mean: float
    sd: float
    n: int
    df: int

    @classmethod
    def own(cls, of: Then, n: int) -> "Side":
        """The side of a unit whose own spread is told."""
        return cls(of.mean, of.sd, n, n - 1)


def welch(now: Side, then: Side) -> Welch:
    """Return mean - mean with e = s^2 / n of both: t = difference / root(e1 + e2), Welch's degrees of freedom."""
    one, two, n, n_before = now.sd**2 / now.n, then.sd**2 / then.n, now.n, then.n
    error, difference = sqrt(one + two), now.mean - then.mean
    df = (one + two) ** 2 / (one**2 / now.df + two**2 / then.df)
    reach, both = float(stdtrit(df, LEVEL)), n + n_before - 2
    d = difference / sqrt((now.sd**2 * (n - 1) + then.sd**2 * (n_before - 1)) / both)
    smaller = exp(lgamma(both / 2) - lgamma((both - 1) / 2)) / sqrt(both / 2)
    scale = sqrt(1 / n + 1 / n_before)
    low, high = (float(nctdtrinc(both, p, d / scale)) * scale * smaller for p in (LEVEL, 1 - LEVEL))
    return Welch(
        difference,
        difference - reach * error,
        difference + reach * error,
        2 * float(stdtr(df, -abs(difference / error))),
        d * smaller,
        low,
        high,
        (reach + float(stdtrit(df, POWER))) * error,
    )


def changes(unit: UnitRecord, now: dict[str, Then], earlier: Sequence[Before]) -> Iterator[Made]:
    """Yield the changes of a unit since the wave before: of its index and, where they are told, of its motives."""
    detail, figures = unit.detail, unit.figures
    if detail is None or figures is None or detail.change is None:
        return
    before, told = since(detail.change, earlier), {"index": detail.change, **detail.motive_changes}
    for of, change in told.items():
        yield Made(f"word of the change: {of}", change.verdict, word(change.difference, change.p_adjusted))
        if before is not None and of in now and of in before.then:
            of_points = of == "index"
            found = welch(Side.own(now[of], figures.n), Side.own(before.then[of], before.n))
            yield from _change(of, change, found, POINTS if of_points else DIFFERENCE)
            size = PLAIN_POINTS if of_points else MEAN
            yield near(f"detectable change: {of}", change.detectable, found.detectable, size)
    if detail.change.expected is not None and before is not None and before.drawn is not None:
        yield near("change to expect", detail.change.expected, before.drawn - before.index.value, POINTS)


def since(change: Change, earlier: Sequence[Before]) -> Before | None:
    """Return the earlier wave that a change is counted from; None where it is not part of the report."""
    return next((each for each in earlier if each.wave.code == change.since), None)


def _change(of: str, change: Change, found: Welch, style: Style) -> Iterator[Made]:
    yield near(f"change: {of}", change.difference, found.difference, style)
    yield from ends(f"change: {of}", change.difference, found.low, found.high, style)
    yield near(f"Hedges' g: {of}", change.g, found.g, DIFFERENCE)
    yield from ends(f"Hedges' g: {of}", change.g, found.g_low, found.g_high, DIFFERENCE)
    # Adjusting for others can only make a p larger.
    yield close(f"adjusted p, not below its own: {of}", change.p_adjusted, max(change.p_adjusted, found.p))


def word(difference: Figure, p_adjusted: float) -> str:
    """Return the word that may be said: only where the interval leaves out 0 and the adjusted p is small enough."""
    if p_adjusted > WORD_UP_TO or difference.low is None or difference.high is None:
        return "no detectable difference"
    if difference.low <= 0 <= difference.high:
        return "no detectable difference"
    return "higher" if difference.low > 0 else "lower"
