"""Unit means drawn towards the others as far as chance allows, with intervals that know what is not known."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.oneway import Units
from survey.scoring.special import gammaln, ndtr, ndtri, stdtr, stdtrit
from survey.scoring.summaries import LEVEL
from survey.scoring.variance_components import Components, Profile, not_estimable

FEWEST: Final = 5
"""With fewer units there is no telling how far units spread."""

FEW_UNITS = NotEstimable(Sentence("With fewer than five units there is no telling how far units differ."))

NODES: Final = 48
SCAN: Final = 512
DEPTH: Final = 30.0
"""Ratios whose likelihood is exp(-30) of the largest are left out, and nodes of the quadrature that weigh less."""
LIGHT: Final = 1e-10
AT_ONCE: Final = 20_000
NEWTON: Final = 40
LARGE: Final = 300
"""From so many degrees of freedom on, Student's t is taken from the normal distribution; the error is below 1e-6."""


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Each unit's mean drawn towards the others; arrays of shape (units,), in the measure's units."""

    value: NDArray[np.float64]
    """weight x own mean + (1 - weight) x mu: best linear unbiased prediction at the likelihood's peak."""
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    """The 95 % interval of the true mean, with all that is not known of mu, tau^2 and sigma^2."""
    weight: NDArray[np.float64]
    """n lambda / (1 + n lambda): how much of the unit's own mean is kept, 0 to 1."""


class Shrinkage:
    """What units of one kind say about how far true means spread, applied to any unit's own mean; see `shrinkage`."""

    def __init__(self, units: Units) -> None:
        profile = Profile(units)
        self.components: Components = profile.at(profile.best())
        ratios, self._share = _nodes(profile, self.components.ratio)
        weights = profile.weights(ratios)
        self._total, shift = profile.centre(weights)
        self._mu = profile.middle + shift
        self._sigma2 = profile.q(weights, shift) / profile.df
        self._ratios, self._df = ratios, profile.df

    def of(self, n: ArrayLike, means: ArrayLike) -> Shrunk:
        """Return where the true means of units lie that have these numbers of people and these means.

        >>> from survey.scoring.oneway import units_of
        >>> people = [1, 3, 2, 4, 6, 5, 7, 9, 8, 2, 1, 3, 4, 4, 7]
        >>> found = shrinkage(units_of(people, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]))
        >>> made = found.of([3, 30], [8, 8])
        >>> made.value.round(3).tolist(), made.low.round(2).tolist(), made.high.round(2).tolist()
        ([7.733, 7.971], [6.46, 7.55], [9.2, 8.41])
        """
        sizes, own = np.broadcast_arrays(np.asarray(n, dtype=np.float64), np.asarray(means, dtype=np.float64))
        weight = _kept(sizes, self.components.ratio)
        parts = [slice(at, at + AT_ONCE) for at in range(0, len(sizes), AT_ONCE)]
        ends = [self._interval(sizes[part], own[part]) for part in parts] or [(np.empty(0), np.empty(0))]
        low, high = (np.concatenate(side) for side in zip(*ends, strict=True))
        return Shrunk(self.components.mu + weight * (own - self.components.mu), low, high, weight)

    def _interval(self, n: NDArray[np.float64], means: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        kept = _kept(n, self._ratios[:, np.newaxis])
        centres = kept * means + (1 - kept) * self._mu[:, np.newaxis]
        spread = kept / n + (1 - kept) ** 2 / self._total[:, np.newaxis]
        errors = np.sqrt(self._sigma2[:, np.newaxis] * spread)
        return tuple(
            _quantile(p, self._share, centres, errors, float(self._df)) for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
        )


def shrinkage(units: Units) -> Shrinkage | NotEstimable:
    """Learn from units how far true means spread, so that a unit's own mean can be drawn towards the others.

    At a given lambda = tau^2 / sigma^2 the true mean of a unit is around weight x own mean + (1 - weight) x mu, weight
    = n lambda / (1 + n lambda), with the squared error sigma^2 (weight / n + (1 - weight)^2 / sum of W). The value is
    that centre at the lambda of largest restricted likelihood. The interval takes every lambda into account, by its
    likelihood: its ends are the 2.5 % and 97.5 % points of the mixture of Student's t distributions (people - 1 degrees
    of freedom), summed over lambda by quadrature.

    Source: C. R. Henderson (1975), Best linear unbiased estimation and prediction under a selection model, Biometrics
    31, 423-447; for the flat distribution of tau^2, with which intervals cover what they should, C. N. Morris (1983),
    Parametric empirical Bayes inference, Journal of the American Statistical Association 78, 47-55, and C. N. Morris
    and R. Tang (2011), Statistical Science 26, 271-287. mu is flat as well, and log sigma^2.

    Assumes: The units are of one kind, so that it makes sense to expect of one what was seen of the others; they share
    no person; true means are spread as a normal distribution.

    Limits: Single true means that lie far off are drawn in too far: the interval is right on average over units, not
    for the most extreme one. Where units do not differ at all it covers more than 95 %, since no data can rule out that
    they differ a little (decision 0037). The usual "conditional" error at the peak is not used: it is 0 where tau^2 is
    0.

    Args:
        units: n, mean and spread within of units that share no person.

    Returns:
        What to apply to means, or NotEstimable for fewer than five units, where no unit has two answers, or where
        nobody differs from the own unit.

    >>> from survey.scoring.oneway import units_of
    >>> people = [1, 3, 2, 4, 6, 5, 7, 9, 8, 2, 1, 3, 4, 4, 7]
    >>> units = units_of(people, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5])
    >>> drawn = shrinkage(units).of(units.n, units.means)
    >>> units.means.tolist(), drawn.value.round(2).tolist(), float(drawn.weight[0].round(2))
    ([2.0, 5.0, 8.0, 2.0, 5.0], [2.18, 4.96, 7.73, 2.18, 4.96], 0.93)
    """
    reason = not_estimable(units)
    if reason is not None:
        return reason
    return FEW_UNITS if len(units) < FEWEST else Shrinkage(units)


def shrink(units: Units) -> Shrunk | NotEstimable:
    """Return each unit's mean drawn towards the others: `shrinkage`, applied to the units that it was learnt from."""
    found = shrinkage(units)
    return found if isinstance(found, NotEstimable) else found.of(units.n, units.means)


def _kept(n: NDArray[np.float64], ratio: NDArray[np.float64] | float) -> NDArray[np.float64]:
    share: NDArray[np.float64] = n * ratio / (1 + n * ratio)
    return share


def _nodes(profile: Profile, peak: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ratios and their shares of the likelihood, by Gauss and Legendre on x, lambda = c / (1 - x)^2 - c.

    In x the likelihood of few units ends at 1 as a whole power of 1 - x, which the quadrature takes exactly.
    """
    typical = float(np.exp(np.log(profile.sizes) @ profile.counts / profile.counts.sum()))
    scale = peak + 1 / typical

    def ratio(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return scale * x * (2 - x) / (1 - x) ** 2

    def height(x: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = profile.height(ratio(x)) - 3 * np.log1p(-x)
        return found

    seen = height((np.arange(SCAN) + 0.5) / SCAN)
    near = np.flatnonzero(seen > seen.max() - DEPTH)
    low, high = near[0] / SCAN, (near[-1] + 1) / SCAN
    at, share = np.polynomial.legendre.leggauss(NODES)
    x = low + (high - low) * (at + 1) / 2
    logs = height(x) + np.log(share)
    shares = np.exp(logs - logs.max())
    shares /= shares.sum()
    heavy = shares > LIGHT
    return ratio(x[heavy]), shares[heavy] / shares[heavy].sum()


def _quantile(
    p: float, shares: NDArray[np.float64], centres: NDArray[np.float64], errors: NDArray[np.float64], df: float
) -> NDArray[np.float64]:
    """Return the quantile of a mixture of t distributions for each column; Newton's steps, kept between two ends."""
    own = centres + errors * float(stdtrit(df, p))
    low, high = own.min(axis=0), own.max(axis=0)
    middle = shares @ centres
    x = middle + float(ndtri(p)) * np.sqrt(shares @ (errors**2 + (centres - middle) ** 2))
    x = np.clip(x, low, high)
    for _ in range(NEWTON):
        standard = (x - centres) / errors
        above = shares @ _t_below(standard, df) - p
        low, high = np.where(above < 0, x, low), np.where(above < 0, high, x)
        with np.errstate(divide="ignore", over="ignore"):
            step = above / (shares @ (_t_density(standard, df) / errors))
        after = np.where((x - step < low) | (x - step > high), (low + high) / 2, x - step)
        done = np.abs(after - x).max(initial=0.0) <= 1e-9 * errors.max(initial=0.0)
        x = after
        if done:
            break
    return x


def _t_below(t: NDArray[np.float64], df: float) -> NDArray[np.float64]:
    """Return Student's distribution function; for many degrees of freedom as N. L. Johnson and S. Kotz give it."""
    if df < LARGE:
        return np.asarray(stdtr(df, t), dtype=np.float64)
    return np.asarray(ndtr(t * (1 - 1 / (4 * df)) / np.sqrt(1 + t**2 / (2 * df))), dtype=np.float64)


def _t_density(t: NDArray[np.float64], df: float) -> NDArray[np.float64]:
    constant = np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / np.sqrt(df * np.pi)
    density: NDArray[np.float64] = constant * np.exp(-(df + 1) / 2 * np.log1p(t**2 / df))
    return density
