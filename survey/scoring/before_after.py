"""What a practice was followed by: units that took it up, beside units that had started alike and did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.comparison import ALPHA
from survey.scoring.estimable import NotEstimable
from survey.scoring.special import stdtr
from survey.scoring.summaries import Interval, MeanError, interval

PER: Final = 2
"""Units that did not start, for each one that did."""
ADOPTING_FROM: Final = 5
OTHERS_FROM: Final = 10
EARLIER_FROM: Final = 2
"""Waves before a practice began: one to start from, and one before it, to see whether units moved apart already."""
REACH: Final = 0.5
"""How far apart two units may have started, in standard deviations of all that could be matched with each other."""
FEWEST_SETS: Final = 2

TOO_FEW = NotEstimable(Sentence("Too few units took the practice up to judge chance."))
ALL_ALIKE = NotEstimable(Sentence("All units changed by exactly as much, so chance cannot be judged."))

Verdict = Literal["too early to say", "moved apart before", "higher after", "lower after", "no detectable difference"]


@dataclass(frozen=True)
class Start:
    """Where a unit started: its index in the wave before."""

    code: str
    value: float
    stratum: str = ""
    """Only units of one stratum are matched: the same declared kind, between the same two waves."""


@dataclass(frozen=True)
class Difference:
    """A difference in differences, in the units of what changed."""

    value: float
    interval: Interval
    p: float
    """Two-sided, of this difference alone; `family.adjust` takes the others into account."""
    sets: int


def match(adopting: Sequence[Start], others: Sequence[Start], per: int = PER) -> dict[int, tuple[int, ...]]:
    """Find for each unit that took a practice up the units that started nearest to it and did not take it up.

    In the order of their codes each takes the nearest one still free, then each a second one. A unit serves once, and
    no further away than half a standard deviation of all starts in the stratum. Who finds fewer than `per` is left out.

    Source: P. R. Rosenbaum and D. B. Rubin (1985), Constructing a control group using multivariate matched sampling
    methods that incorporate the propensity score, The American Statistician 39, pages 33-38 (nearest available
    matching within calipers), here on the start itself.

    Assumes: units of one stratum that started alike would have gone on alike.

    Limits: a start is a mean of few answers. Where the units that take a practice up are of another kind than those
    that do not, matched ones come back to their own means (J. R. Daw and L. A. Hatfield, 2018, Matching and regression
    to the mean in difference-in-differences analysis, Health Services Research 53, pages 4138-4156); so the change
    between the two waves before is always shown beside the result.

    Args:
        adopting: Units that took it up; in no particular order.
        others: Units that did not; a unit may stand in several strata, and serves once.
        per: Units wanted for each.

    Returns:
        By position in `adopting`, positions in `others`, the nearest first.

    >>> match([Start("A", 10.0), Start("B", -5.0)], [Start(str(each), each) for each in (-20, -7, -4, 9, 12, 30)])
    {0: (3, 4), 1: (2, 1)}
    """
    strata = {stratum: _Stratum(adopting, others, stratum) for stratum in sorted({one.stratum for one in adopting})}
    order = sorted(range(len(adopting)), key=lambda place: (adopting[place].code, adopting[place].stratum))
    found: dict[int, list[int]] = {place: [] for place in order}
    for _ in range(per):
        for place in order:
            nearest = strata[adopting[place].stratum].nearest(adopting[place].value)
            if nearest is not None:
                found[place].append(nearest)
                for stratum in strata.values():
                    stratum.take(others[nearest].code)
    return {place: tuple(found[place]) for place in sorted(found) if len(found[place]) == per}


class _Stratum:
    """The units that may be matched with each other."""

    def __init__(self, adopting: Sequence[Start], others: Sequence[Start], stratum: str) -> None:
        self.places = sorted(
            (place for place, one in enumerate(others) if one.stratum == stratum), key=lambda at: others[at].code
        )
        self.at = {others[place].code: at for at, place in enumerate(self.places)}
        self.taken = np.zeros(len(self.places), dtype=np.bool_)
        self.values = np.array([others[place].value for place in self.places], dtype=np.float64)
        every = [*self.values, *(one.value for one in adopting if one.stratum == stratum)]
        self.reach = REACH * float(np.std(every, ddof=1)) if len(every) > 1 else 0.0

    def take(self, code: str) -> None:
        """Let a unit serve nobody else."""
        if code in self.at:
            self.taken[self.at[code]] = True

    def nearest(self, value: float) -> int | None:
        """Return the place of the nearest unit that is free and within reach."""
        apart: NDArray[np.float64] = np.where(self.taken, np.inf, np.abs(self.values - value))
        if not len(apart) or apart.min() > self.reach:
            return None
        return self.places[int(apart.argmin())]


def difference_in_differences(changes: Sequence[tuple[float, Sequence[float]]]) -> Difference | NotEstimable:
    """Return by how much more units changed that took a practice up than units matched with them that did not.

    d(i) = change of unit i - mean change of the units matched with it; difference = mean of d over the matched sets;
    standard error = sd(d) / sqrt(sets), with sets - 1 degrees of freedom. A change is after minus before; what changed
    for everybody between two waves is in both and falls out, set by set.

    Source: J. D. Angrist and J.-S. Pischke (2009), Mostly harmless econometrics, chapter 5.2 (differences in
    differences); A. Abadie and J. Spiess (2022), Robust post-matching inference, Journal of the American Statistical
    Association 117, pages 983-995 (after matching without replacement errors are clustered by matched set, which with
    sets of one size is the standard error above).

    Assumes: without the practice, the units that took it up would have changed as those matched with them; sets are
    independent. The spread of d holds both the error of the published means and true differences between units.

    Limits: "after", never "because": who takes a practice up chose to, and whatever else began at the same time is in
    the difference. With five sets the interval is wide.

    Args:
        changes: For each set the change of the unit that took the practice up, and the changes of its matched units;
            a set with a missing value (NaN) is left out.

    Returns:
        The difference in the units of the change, or NotEstimable with fewer than two sets or without any spread.

    >>> made = difference_in_differences([(6.0, [1.0, 3.0]), (3.0, [0.0, 2.0]), (5.0, [2.0, 2.0])])
    >>> round(made.value, 6), round(made.interval.low, 6), round(made.interval.high, 6), round(made.p, 6)
    (3.0, 0.515862, 5.484138, 0.035099)
    """
    apart = np.array([own - float(np.mean(matched)) for own, matched in changes if len(matched)], dtype=np.float64)
    apart = apart[np.isfinite(apart)]
    if len(apart) < FEWEST_SETS:
        return TOO_FEW
    squared = float(apart.var(ddof=1)) / len(apart)
    value = float(apart.mean())
    if squared <= (1e-9 * max(1.0, abs(value))) ** 2:
        return ALL_ALIKE
    error = MeanError(squared, len(apart) - 1, "own")
    p = 2 * float(stdtr(error.df, -abs(value) / sqrt(squared)))
    return Difference(value, interval(value, error), p, len(apart))


def missing(adopting: int, others: int, earlier: int) -> Mapping[str, tuple[int, int]]:
    """Return what is missing before anything is said of a practice: by what it is, how many there are and must be.

    At least five matched units that took it up, ten matched with them, and two waves before.

    Source: design of this product, section 8: our own limits, below which an interval says nothing.

    Assumes: what is seen of fewer units would be told from chance by nobody.

    Limits: to reach them does not make the answer clear: with five units the interval is wide.

    Args:
        adopting: Units that took it up, with a result before and after.
        others: Units matched with them.
        earlier: Waves that were published before the one in which it is first seen.

    Returns:
        Empty where nothing is missing.

    >>> missing(3, 6, 2)
    {'adopting': (3, 5), 'others': (6, 10)}
    >>> missing(5, 10, 2)
    {}
    """
    wanted = {
        "adopting": (adopting, ADOPTING_FROM),
        "others": (others, OTHERS_FROM),
        "earlier": (earlier, EARLIER_FROM),
    }
    return {what: (have, need) for what, (have, need) in wanted.items() if have < need}


def verdict(
    found: Difference | NotEstimable, p_adjusted: float, before: Difference | NotEstimable, *, enough: bool
) -> Verdict:
    """Return the word that may be said of a practice; "too early to say" unless enough is there.

    "higher after" or "lower after" only where the interval leaves out 0 and the p adjusted for all practices (`adjust`)
    is at most .05. Where the units had moved apart already between the two waves before (the 95 % interval of that
    difference leaves out 0), the change after says nothing: "moved apart before".

    Source: the reading of earlier differences as a check is in J. D. Angrist and J.-S. Pischke (2009), chapter 5.2.1.

    Assumes: what `match` and `difference_in_differences` assume.

    Limits: that no earlier difference is seen does not show that there was none.

    Args:
        found: The difference in differences.
        p_adjusted: Its p, adjusted for the family of all practices asked about.
        before: The same difference between the two waves before the practice began.
        enough: Whether nothing is `missing`.

    >>> rise = Difference(4.0, Interval(1.0, 7.0, 9, "own"), 0.01, 10)
    >>> flat = Difference(0.5, Interval(-2.0, 3.0, 9, "own"), 0.6, 10)
    >>> verdict(rise, 0.03, flat, enough=True), verdict(rise, 0.2, flat, enough=True), verdict(rise, 0.03, rise,
    ...     enough=True), verdict(rise, 0.03, flat, enough=False)
    ('higher after', 'no detectable difference', 'moved apart before', 'too early to say')
    """
    if not enough or isinstance(found, NotEstimable):
        return "too early to say"
    if isinstance(before, Difference) and not before.interval.low <= 0 <= before.interval.high:
        return "moved apart before"
    if p_adjusted > ALPHA or found.interval.low <= 0 <= found.interval.high:
        return "no detectable difference"
    return "higher after" if found.interval.low > 0 else "lower after"
