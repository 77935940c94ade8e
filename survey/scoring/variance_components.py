"""How much of the spread is between units and how much within them: restricted maximum likelihood, in one dimension."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.oneway import Units

ONE_UNIT = NotEstimable(Sentence("There is only one unit, so how much units differ cannot be told."))
NO_UNITS = NotEstimable(Sentence("There is no unit with answers."))
ONE_EACH = NotEstimable(Sentence("No unit has two answers, so people and units cannot be told apart."))
NO_SPREAD = NotEstimable(Sentence("Within units everybody answered alike, so chance cannot be judged."))

GRID: Final = 240
ROUNDS: Final = 9
STEPS: Final = 64


@dataclass(frozen=True)
class Components:
    """What the spread is made of, and the mean of all units with its standard error."""

    tau2: float
    """Variance between the true means of units, 0 or more, in squared units of the measure."""
    sigma2: float
    """Variance between people of one unit."""
    mu: float
    """The mean of the units' true means."""
    se_mu: float
    units: int

    @property
    def ratio(self) -> float:
        """tau^2 / sigma^2."""
        return self.tau2 / self.sigma2


class Profile:
    """The restricted likelihood over ratios lambda = tau^2 / sigma^2; units of one size are taken together."""

    def __init__(self, units: Units) -> None:
        self.df = units.df + len(units) - 1
        self.squares = units.squares
        self.sizes, place = np.unique(units.n, return_inverse=True)
        self.middle = units.average
        apart = units.means - self.middle
        self.counts = np.bincount(place).astype(np.float64)
        self.sums = np.bincount(place, weights=apart)
        self.of_squares = np.bincount(place, weights=apart**2)

    def weights(self, ratios: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return W = n / (1 + n lambda), shape (ratios, sizes)."""
        found: NDArray[np.float64] = self.sizes / (1 + np.multiply.outer(ratios, self.sizes))
        return found

    def centre(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the sum of W over units, and mu less the middle, each of shape (ratios,)."""
        total = weights @ self.counts
        return total, (weights @ self.sums) / total

    def q(self, weights: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return Q = squares within + sum of W (mean - mu)^2."""
        found: NDArray[np.float64] = self.squares + np.maximum(
            weights @ self.of_squares - shift**2 * (weights @ self.counts), 0.0
        )
        return found

    def height(self, ratios: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithm of the likelihood at each ratio, but for a constant."""
        weights = self.weights(ratios)
        total, shift = self.centre(weights)
        spread = np.log1p(np.multiply.outer(ratios, self.sizes)) @ self.counts
        found: NDArray[np.float64] = -0.5 * (self.df * np.log(self.q(weights, shift)) + spread + np.log(total))
        return found

    def slope(self, ratios: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return twice the derivative of `height`."""
        weights = self.weights(ratios)
        total, shift = self.centre(weights)
        square = weights**2
        moved = square @ self.of_squares - 2 * shift * (square @ self.sums) + shift**2 * (square @ self.counts)
        found: NDArray[np.float64] = self.df * moved / self.q(weights, shift) - total + (square @ self.counts) / total
        return found

    def at(self, ratio: float) -> Components:
        """Return what follows from one ratio."""
        weights = self.weights(np.array([ratio]))
        total, shift = self.centre(weights)
        sigma2 = float(self.q(weights, shift)[0]) / self.df
        return Components(
            ratio * sigma2,
            sigma2,
            self.middle + float(shift[0]),
            sqrt(sigma2 / float(total[0])),
            int(self.counts.sum()),
        )

    def best(self) -> float:
        """Return the ratio with the largest likelihood; exactly 0 where it falls from there on."""
        spread = float(self.of_squares.sum()) * self.df / self.squares
        grid = np.append(0.0, np.geomspace(1e-7 / self.sizes[-1], 1e3 * (spread + 1 / self.sizes[0]), GRID))
        for _ in range(2):
            peak = int(self.height(grid).argmax())
            low, high = grid[max(peak - 1, 0)], grid[min(peak + 1, len(grid) - 1)]
            grid = np.linspace(low, high, STEPS + 1)
        if low == 0 and self.slope(np.zeros(1))[0] <= 0 and self.height(grid).argmax() == 0:
            return 0.0
        for _ in range(ROUNDS):
            rising = int((self.slope(grid) > 0).sum())
            grid = np.linspace(grid[max(rising - 1, 0)], grid[min(rising, STEPS)], STEPS + 1)
        return float(grid[STEPS // 2])


def not_estimable(units: Units) -> NotEstimable | None:
    """Return why variance components cannot be had of these units, or None where they can."""
    if len(units) < 2:  # noqa: PLR2004 - a spread between units needs two
        return ONE_UNIT if len(units) else NO_UNITS
    if units.df < 1:
        return ONE_EACH
    return NO_SPREAD if units.flat else None


def components(units: Units) -> Components | NotEstimable:
    """Return the variance between units, the variance within them and the mean of units, by restricted likelihood.

    With lambda = tau^2 / sigma^2, W = n / (1 + n lambda), mu = sum of W m / sum of W and Q = squares within + sum of
    W (m - mu)^2, the likelihood is largest where df log Q + sum of log(1 + n lambda) + log(sum of W) is smallest, df =
    people - 1; then sigma^2 = Q / df, tau^2 = lambda sigma^2, and mu has the standard error sigma / sqrt(sum of W).

    Source: H. D. Patterson and R. Thompson (1971), Recovery of inter-block information when block sizes are unequal,
    Biometrika 58, 545-554; D. A. Harville (1977), Journal of the American Statistical Association 72, 320-338.

    Assumes: People differ within units by the same spread everywhere, and true means of units are spread around one
    mean; normal distributions of both make it the likelihood, other ones still a fair estimate.

    Limits: With few units tau^2 is unsure: 0 is found often where it is not 0. Nothing should rest on it without its
    uncertainty (`shrink`). One dimension is searched, on a grid first, so that a second peak is not taken for the
    first; general programs for mixed models fail on small teams.

    Args:
        units: n, mean and spread within of units that share no person.

    Returns:
        The components in squared units of the measure, or NotEstimable for fewer than two units, where no unit has two
        answers, or where nobody differs from the own unit.

    >>> from survey.scoring.oneway import units_of
    >>> found = components(units_of([1, 3, 2, 4, 6, 5, 7, 9, 8], [1, 1, 1, 2, 2, 2, 3, 3, 3]))
    >>> round(found.tau2, 6), round(found.sigma2, 6), round(found.mu, 6), round(found.se_mu, 6)
    (8.666667, 1.0, 5.0, 1.732051)
    """
    reason = not_estimable(units)
    if reason is not None:
        return reason
    profile = Profile(units)
    return profile.at(profile.best())
