"""Where a unit stands on the tactical x adaptive map, and with which probability in which quarter of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import atan2, degrees, sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from survey.scoring.special import fdtri, ndtr, owens_t
from survey.scoring.summaries import LEVEL, OWN_FROM

Floats = NDArray[np.float64]

Quadrant = Literal["tactical only", "both", "adaptive only", "neither", "cannot tell yet"]

MIDPOINT: Final = 4.0
"""The fixed cut on both axes: "about half the times". Never a median, which calls half of all units low."""

TINY: Final = 1e-14

SURE_FROM: Final = 0.80
"""A label is given from this probability on: up to one in five such labels is wrong."""


@dataclass(frozen=True)
class Position:
    """A point of the map with the uncertainty of its two means."""

    tactical: float
    adaptive: float
    error_tactical: float
    """Standard error of the mean."""
    error_adaptive: float
    correlation: float
    """Of the two means' errors: that of the two scales within the unit."""


@dataclass(frozen=True)
class Region:
    """A 95 % region as an ellipse around the position; radii in points of the answer scale."""

    radius_major: float
    radius_minor: float
    angle: float
    """Of the major axis, in degrees from the tactical axis anticlockwise, above -90 up to 90."""


def probabilities(position: Position, cut: tuple[float, float] = (MIDPOINT, MIDPOINT)) -> dict[Quadrant, float]:
    """Return the probability that the unit's true position lies in each quarter of the map.

    With flat prior the true position is bivariate normal around the observed one; each probability is an integral of
    that density over a quarter plane. The four sum to 1.

    Source: arithmetic; the normal integral by D. B. Owen (1956), Tables for computing bivariate normal probabilities,
    Annals of Mathematical Statistics 27.

    Assumes: errors of the two means that are jointly normal, and no knowledge of other units.

    Limits: for units of a company `population.shrink` is used, which knows the others: by itself the extreme unit of
    many is extreme by chance as well.

    Args:
        position: The two means with their standard errors (above 0) and correlation (above -1, below 1).
        cut: Where *high* begins on the tactical and on the adaptive axis.

    Raises:
        ValueError: A standard error is not above 0, or the correlation not between -1 and 1.

    >>> shown = probabilities(Position(5.2, 3.6, 0.3, 0.35, 0.3), (4.5, 4.5))
    >>> {quadrant: round(probability, 4) for quadrant, probability in shown.items()}
    {'tactical only': 0.9851, 'both': 0.0051, 'adaptive only': 0.0, 'neither': 0.0098}
    """
    if min(position.error_tactical, position.error_adaptive) <= 0 or abs(position.correlation) >= 1:
        raise ValueError("a position needs standard errors above 0 and a correlation between -1 and 1")
    t = (position.tactical - cut[0]) / position.error_tactical
    a = (position.adaptive - cut[1]) / position.error_adaptive
    return quarters(np.array([[t, a]]), np.array([position.correlation]))


def quarters(scores: Floats, r: Floats) -> dict[Quadrant, float]:
    """Return the probability of each quarter, the mean over positions given in standard errors from the cuts.

    `scores` has shape (positions, 2), `r`, the correlation of the two errors, (positions,).
    """
    right, up, corner = (
        float(part.mean()) for part in (ndtr(scores[:, 0]), ndtr(scores[:, 1]), normal_below(scores, r))
    )
    return {
        "tactical only": max(right - corner, 0.0),
        "both": corner,
        "adaptive only": max(up - corner, 0.0),
        "neither": max(1 - right - up + corner, 0.0),
    }


def normal_below(scores: Floats, r: Floats) -> Floats:
    """Return P(X < h and Y < k) of standard normal variables with correlation `r`, for rows (h, k), by Owen's T.

    (Phi(h) + Phi(k)) / 2 - T(h, (k - r h) / (h q)) - T(k, (h - r k) / (k q)) - delta, with q = sqrt(1 - r^2) and
    delta = 1/2 where h and k lie on different sides of 0.

    >>> normal_below(np.array([[0.0, 0.0], [1.0, -0.5]]), np.array([0.5, 0.0])).round(6).tolist()
    [0.333333, 0.259586]
    """
    # Away from 0, where T has its special cases: so little moves no digit that is kept.
    h, k = (np.where(part == 0, TINY, part) for part in scores.T)
    q = np.sqrt(1 - r * r)
    across = np.where(h * k < 0, 0.5, 0.0)
    parts = owens_t(h, (k - r * h) / (h * q)) + owens_t(k, (h - r * k) / (k * q))
    found: Floats = np.maximum((ndtr(h) + ndtr(k)) / 2 - parts - across, 0.0)
    return found


def label(shares: Mapping[Quadrant, float], n: int, *, two_axes: bool) -> Quadrant:
    """Return the quarter that a unit is said to be in, or "cannot tell yet".

    Given only from 10 answers, where the two axes are demonstrably two in this company (`link.two_axes`), and where
    the quarter has probability .80 or more.

    Source: a rule of ours (decision 0041).

    Assumes: the probabilities of `population.shrink`.

    Limits: up to one in five labels given at .80 is wrong; all labels of a company rest on one estimate of the
    population, so that they may be wrong together.

    >>> label({"tactical only": 0.85, "both": 0.15, "adaptive only": 0.0, "neither": 0.0}, 12, two_axes=True)
    'tactical only'
    >>> label({"tactical only": 0.85, "both": 0.15, "adaptive only": 0.0, "neither": 0.0}, 9, two_axes=True)
    'cannot tell yet'
    """
    best = max(shares, key=shares.__getitem__)
    return best if n >= OWN_FROM and two_axes and shares[best] >= SURE_FROM else "cannot tell yet"


def region(covariance: tuple[float, float, float], df: float) -> Region:
    """Return the 95 % region of two means: Hotelling's ellipse.

    Points x with (x - m)' S^-1 (x - m) <= 2 df / (df - 1) F(.95; 2, df - 1), S the covariance of the two means.

    Source: H. Hotelling (1931), The generalization of Student's ratio, Annals of Mathematical Statistics 2.

    Assumes: two means that are jointly normal.

    Limits: it is about the unit's mean, not about where single people are.

    Args:
        covariance: Of the two means (already divided by n): variance of tactical, of adaptive, and their covariance.
        df: Degrees of freedom behind it, above 1: n - 1, or the pool's.

    Raises:
        ValueError: `df` is not above 1.

    >>> shown = region((0.04, 0.01, 0.0), 200)
    >>> round(shown.radius_major, 4), round(shown.radius_minor, 4), shown.angle
    (0.4945, 0.2472, 0.0)
    """
    if df <= 1:
        raise ValueError("a region of two means needs more than one degree of freedom")
    tactical, adaptive, both = covariance
    middle, half = (tactical + adaptive) / 2, sqrt(((tactical - adaptive) / 2) ** 2 + both * both)
    reach = 2 * df / (df - 1) * float(fdtri(2, df - 1, LEVEL))
    angle = degrees(atan2(2 * both, tactical - adaptive)) / 2
    return Region(sqrt((middle + half) * reach), sqrt(max(middle - half, 0.0) * reach), angle)
