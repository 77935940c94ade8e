"""Where units truly stand on the tactical x adaptive map: drawn towards the others, as far as chance allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.position import FLAT, Covariance
from survey.scoring.quadrant import MIDPOINT, Position, Quadrant, Region, quarters, region

LEAST: Final = 10
"""Units of a kind from which on they are a population of their own."""
SPREAD_DF: Final = 3
"""A spread with so many degrees of freedom or fewer is too unsure to be used."""

ANGLES: Final = 24
STEPS: Final = 48
REACH: Final = 3.0
"""The grid: directions of the spread between units, and its size up to so many times that of the observed means and
of chance in them."""
SMALLEST: Final = 1e-12
"""Keeps the logarithm of a difference of 0 finite."""
DRAWS: Final = 256
"""Points of the grid that stand for all of it, each as often as its probability says."""

Floats = NDArray[np.float64]

FEW_OTHERS = NotEstimable(Sentence("Fewer than ten groups are shown, too few to tell how far apart groups truly are."))


@dataclass(frozen=True, eq=False)
class Population:
    """What is known of the true positions of the units: `DRAWS` equally probable pairs of mean and spread.

    Positions are in units of the spread within units, turned so that both directions are independent of each other:
    `turns` has shape (draws, 2, 2), the others (draws, 2).
    """

    within: Floats
    """Covariance of one person's tactical and adaptive score, shape (2, 2)."""
    df: float
    turns: Floats
    between: Floats
    """Variance of the true positions along both directions; 0 where units do not differ."""
    centre: Floats
    error: Floats
    """Squared standard error of `centre`."""

    @cached_property
    def scale(self) -> Floats:
        """Lower triangle of the spread within units: what brings a turned position back to points of the answers."""
        return _root(self.within)

    @property
    def spread(self) -> Floats:
        """The expected covariance of the units' true positions, shape (2, 2), in squared points of the answers."""
        turned = np.einsum("dij,dj,dkj->ik", self.turns, self.between, self.turns) / len(self.turns)
        spread: Floats = self.scale @ turned @ self.scale.T
        return spread


@dataclass(frozen=True)
class Shrunken:
    """A unit's true position: where it most likely is, its 95 % region, and the probability of each quarter."""

    position: Position
    region: Region
    shares: dict[Quadrant, float]


def population(
    means: Floats, counts: Sequence[int], within: Covariance, df: float, least: int = LEAST
) -> Population | NotEstimable:
    """Return what the observed means of units say about the spread of their true positions.

    y_j ~ N(mu, T + S / n_j), y_j the two means of unit j, S the spread within units. The restricted likelihood of T is
    put on a grid; mu is integrated out. In units of S all T + S / n_j have the same two directions, so T is an angle
    and two variances, never negative, and a T of rank 1 or 0 (units that do not differ) is a point like any other.
    The prior is flat over mu and over T.

    Source: P. J. Everson and C. N. Morris (2000), Inference for multivariate normal hierarchical models, Journal of the
    Royal Statistical Society B 62 (the model and its prior); H. D. Patterson and R. Thompson (1971), Recovery of
    inter-block information when block sizes are unequal, Biometrika 58 (the restricted likelihood).

    Assumes: units of one kind, that share no person; true positions spread normally; one spread within all units.

    Limits: with ten units the spread between them is known within a factor of two or three; that is carried.

    Args:
        means: Observed tactical and adaptive means, shape (units, 2).
        counts: People behind each.
        within: Variance of tactical, of adaptive, and their covariance, of one person within units.
        df: Degrees of freedom behind `within`.
        least: Units that are needed at least.

    Returns:
        The population, or NotEstimable with fewer units or without a spread within them.

    >>> means = np.array([[4.0, 4.0]] * 6 + [[4.6, 4.3]] * 6)
    >>> made = population(means, [20] * 12, (1.0, 1.0, 0.3), 228)
    >>> made.spread.round(2).tolist()
    [[0.17, 0.08], [0.08, 0.07]]
    """
    there = np.asarray(counts, dtype=np.float64) > 0
    if there.sum() < least:
        return FEW_OTHERS
    tactical, adaptive, both = within
    if df <= SPREAD_DF or both * both >= tactical * adaptive * (1 - 1e-9):
        return FLAT
    spread = np.array([[tactical, both], [both, adaptive]]) * df / (df - SPREAD_DF)
    sizes = np.asarray(counts, dtype=np.float64)[there]
    middle = means[there].mean(axis=0)
    white, offset = (np.linalg.solve(_root(spread), part.T).T for part in (means[there] - middle, middle))
    drawn = _draws(white, sizes)
    centre = drawn.centre + np.einsum("dij,i->dj", drawn.turns, offset)
    return Population(spread, df, drawn.turns, drawn.between, centre, drawn.error)


def _root(matrix: Floats) -> Floats:
    lower: Floats = np.linalg.cholesky(matrix).astype(np.float64)
    return lower


@dataclass(frozen=True, eq=False)
class _Drawn:
    turns: Floats
    between: Floats
    centre: Floats
    error: Floats


def _draws(white: Floats, sizes: Floats) -> _Drawn:
    """Put the restricted likelihood on the grid, and return points of it that stand for the whole."""
    angles = (np.arange(ANGLES) + 0.5) * (pi / 2 / ANGLES)
    along, across = np.cos(angles), np.sin(angles)
    turns = np.stack([np.stack([along, -across], 1), np.stack([across, along], 1)], 1)
    seen = float(np.linalg.norm(white, 2)) ** 2 / (len(white) - 1)
    deviation = (np.arange(STEPS) + 0.5) * (REACH * sqrt(seen + float(np.mean(1 / sizes))) / STEPS)
    between: Floats = (deviation**2).astype(np.float64)
    likely, centre, error = _restricted(white, sizes, turns, between)
    # Flat over T is |T1 - T2| dT1 dT2 over its two variances, and s ds over their roots, in which the steps are even.
    apart = np.abs(between[:, None] - between[None, :]) + SMALLEST
    flat = np.log(apart) + np.log(deviation)[:, None] + np.log(deviation)[None, :]
    joint = likely[:, 0, :, None] + likely[:, 1, None, :] + flat
    chance = np.exp(joint - joint.max()).ravel()
    ahead = np.cumsum(chance) / chance.sum()
    picked = np.searchsorted(ahead, (np.arange(DRAWS) + 0.5) / DRAWS)
    angle, first, second = np.unravel_index(picked, joint.shape)
    steps = np.stack([first, second], 1)
    place = (angle[:, None], np.arange(2)[None, :], steps)
    return _Drawn(turns[angle], between[steps], centre[place], error[place])


def _restricted(white: Floats, sizes: Floats, turns: Floats, between: Floats) -> tuple[Floats, Floats, Floats]:
    """Return log likelihood, centre and its squared error, each of shape (angles, directions, steps).

    Units of the same size count together: what is summed are their number, their sums and their sums of squares.
    """
    values, where = np.unique(sizes, return_inverse=True)
    people = np.bincount(where).astype(np.float64)
    turned = np.einsum("ui,aij->aju", white, turns)
    sums, squares = (
        np.stack([[np.bincount(where, weights=row) for row in each] for each in part]) for part in (turned, turned**2)
    )
    weights = 1 / (between[:, None] + 1 / values[None, :])
    total = weights @ people
    middle = np.einsum("ajn,gn->ajg", sums, weights) / total
    apart = np.einsum("ajn,gn->ajg", squares, weights) - middle**2 * total
    likely = (np.log(weights) @ people - np.log(total) - apart) / 2
    return likely, middle, np.broadcast_to(1 / total, middle.shape)


def shrink(
    mean: tuple[float, float], n: int, among: Population, cut: tuple[float, float] = (MIDPOINT, MIDPOINT)
) -> Shrunken:
    """Return where a unit truly stands, given its observed means and the population that it belongs to.

    Along each direction, for each draw of the population: B = (1 / n) / (T + 1 / n), position (1 - B) y + B mu, squared
    error (1 - B) / n + B^2 V(mu); all draws together are the answer.

    Source: C. N. Morris (1983), Parametric empirical Bayes inference, Journal of the American Statistical Association
    78; the quarters as in `quadrant.probabilities`.

    Assumes: what `population` assumes.

    Limits: a unit that truly is unlike all others is drawn in too far; probabilities are right on average over units.

    Args:
        mean: Observed tactical and adaptive mean.
        n: People behind it, at least 1.
        among: The population.
        cut: Where *high* begins on the tactical and on the adaptive axis.

    Returns:
        Position with standard errors, the 95 % region, and four probabilities that sum to 1.

    >>> means = np.array([[4.0, 4.0]] * 6 + [[4.6, 4.3]] * 6)
    >>> shown = shrink((4.6, 4.3), 20, population(means, [20] * 12, (1.0, 1.0, 0.3), 228))
    >>> round(shown.position.tactical, 2), round(shown.shares["both"], 2)
    (4.5, 0.96)
    """
    turned = np.einsum("dij,i->dj", among.turns, np.linalg.solve(among.scale, np.array(mean)))
    pull = (1 / n) / (among.between + 1 / n)
    centres = (1 - pull) * turned + pull * among.centre
    squared = (1 - pull) / n + pull**2 * among.error
    back = np.einsum("ik,dkj->dij", among.scale, among.turns)
    points = np.einsum("dij,dj->di", back, centres)
    errors = np.einsum("dij,dj,dkj->dik", back, squared, back)
    middle = points.mean(axis=0)
    whole = errors.mean(axis=0) + (points - middle).T @ (points - middle) / len(points)
    spread = (float(whole[0, 0]), float(whole[1, 1]), float(whole[0, 1]))
    sides = sqrt(spread[0]), sqrt(spread[1])
    position = Position(float(middle[0]), float(middle[1]), *sides, spread[2] / (sides[0] * sides[1]))
    return Shrunken(position, region(spread, among.df), _shares(points, errors, cut))


def _shares(points: Floats, errors: Floats, cut: tuple[float, float]) -> dict[Quadrant, float]:
    """Return the probability of each quarter, the mean over all draws."""
    sides = np.sqrt(np.stack([errors[:, 0, 0], errors[:, 1, 1]], 1))
    return quarters((points - np.array(cut)) / sides, errors[:, 0, 1] / (sides[:, 0] * sides[:, 1]))
