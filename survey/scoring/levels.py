"""Within and between: do two things go together among people of one unit, among units, or both?"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.link import FEW_UNITS, UNRELIABLE, corrected_for, unit_moments
from survey.scoring.redraw import SEED, UNITS, Estimate, Redrawn, redraw

Floats = NDArray[np.float64]

ALIKE = NotEstimable(Sentence("The units differ too little to say what goes together between them."))
ALONE = NotEstimable(Sentence("The people of one unit differ too little to say what goes together among them."))
ALL_ALIKE = NotEstimable(Sentence("Everybody is alike in one of the two, so nothing can go together."))
NO_ANSWERS = NotEstimable(Sentence("Two people who answered everything are needed to say what goes together."))

ROUNDING = 1e-9
"""A share of the spread below this is rounding."""


@dataclass(frozen=True)
class Levels:
    """Corrected correlations of one variable with scales, by scale, taken apart."""

    within: dict[str, Estimate | NotEstimable]
    """Among people of the same unit."""
    between: dict[str, Estimate | NotEstimable]
    """Among the units' true means."""


@dataclass(frozen=True)
class Plain:
    """Correlations of two variables as they are, nothing corrected, with the shares they rest on."""

    whole: float
    """Over all people."""
    between: float | NotEstimable
    """Of the units' means, each unit counted by its people."""
    within: float | NotEstimable
    """Of people's deviations from the means of their units."""
    etas: tuple[float, float, float, float]
    """Eta between and within of the first variable, then of the second: the square of a between eta is the share of the
    variance that lies between units."""


def levels(first: Floats, scales: Mapping[str, Floats], units: NDArray[np.int32], seed: int = SEED) -> Levels:
    """Return the corrected correlation of a variable with scales, within units and between them.

    S_W = sums of cross-products within units / (N - k), S_B = (cross-products of unit means / (k - 1) - S_W) / n0 with
    n0 = (N - sum n^2 / N) / (k - 1); in either matrix corrected r = mean covariance with the items / (sd of the
    variable sqrt(mean covariance among the items)), as in `link`.

    Source: P. D. Bliese (2000), Within-group agreement, non-independence, and reliability, in K. J. Klein and S. W. J.
    Kozlowski (eds), Multilevel theory, research, and methods in organizations (correlations at two levels); S. R.
    Searle, G. Casella and C. E. McCulloch (1992), Variance components, chapter 3 (the components by analysis of
    variance).

    Assumes: units share no person and answer independently of each other.

    Limits: corrected, a correlation may come out beyond -1 or 1 by chance; it is cut there. Both answers come from the
    same people, so what goes together within units may be a habit of answering; between units that part is taken off
    with S_W. Where units hardly differ there is no correlation between them.

    Args:
        first: One value for each person, such as the index.
        scales: By name, the items' answers, shape (people, items), two items at least; NaN where skipped.
        units: The unit of each person.
        seed: Of the bootstrap over units.

    Returns:
        Correlations -1 to 1 with intervals; NotEstimable below ten units, where units hardly differ, or where items do
        not go together. People who skipped something are left out.

    >>> random = np.random.default_rng(1)
    >>> units = np.repeat(np.arange(40, dtype=np.int32), 12)
    >>> mood, drive = random.normal(size=40)[units], random.normal(size=480)
    >>> items = (mood + drive)[:, None] + random.normal(size=(480, 3))
    >>> made = levels(mood - drive, {"adaptive": items}, units)
    >>> round(made.within["adaptive"].value, 1), round(made.between["adaptive"].value, 1)
    (-1.0, 1.0)
    """
    values = np.column_stack([first, *scales.values()])
    complete = np.isfinite(values).all(axis=1)
    names, place = np.unique(units[complete], return_inverse=True)
    if len(names) < UNITS:
        none: dict[str, Estimate | NotEstimable] = dict.fromkeys(scales, FEW_UNITS)
        return Levels(none, none)
    counts, sums, products = unit_moments(values[complete], place, len(names))
    places = np.split(np.arange(1, values.shape[1]), np.cumsum([items.shape[1] for items in scales.values()])[:-1])
    parts = [slice(int(each[0]), int(each[-1]) + 1) for each in places]
    made = _redrawn(counts, sums, products, parts, seed)
    inside = [_possible(made, place, UNRELIABLE) for place in range(len(parts))]
    between = [_possible(made, len(parts) + place, ALIKE) for place in range(len(parts))]
    return Levels(dict(zip(scales, inside, strict=True)), dict(zip(scales, between, strict=True)))


def _redrawn(counts: Floats, sums: Floats, products: Floats, parts: list[slice], seed: int) -> Redrawn:
    own = np.einsum("ui,uj->uij", sums, sums).reshape(len(sums), -1) / counts[:, None]

    def both(weights: Floats) -> Floats:
        matrices = components(weights, counts, sums, products, own)
        return np.column_stack([corrected_for(matrix, part) for matrix in matrices for part in parts])

    return redraw(len(counts), both, seed)


def _possible(made: Redrawn, place: int, why_not: NotEstimable) -> Estimate | NotEstimable:
    """Return a correlation, cut at -1 and 1 with its interval; `why_not` where the whole interval lies beyond them."""
    found = made.estimate(place, why_not)
    if isinstance(found, NotEstimable) or found.low > 1 or found.high < -1:
        return why_not
    return Estimate(*(min(max(part, -1.0), 1.0) for part in (found.value, found.low, found.high)))


def components(weights: Floats, counts: Floats, sums: Floats, products: Floats, own: Floats) -> tuple[Floats, Floats]:
    """Return the covariance matrices within and between units, shape (rows, p, p), for units counted by `weights`.

    `weights` has shape (rows, units), `sums` (units, p); `products`, people's cross-products, and `own`, those of the
    unit's sum with itself over n, have shape (units, p * p). NaN where nobody is left to tell one from the other.
    """
    p = sums.shape[1]
    units, people = weights.sum(axis=1), weights @ counts
    totals = weights @ sums
    means = (weights @ own).reshape(-1, p, p)
    inside = ((weights @ products).reshape(-1, p, p) - means) / (people - units)[:, None, None]
    apart = (means - np.einsum("bi,bj->bij", totals, totals) / people[:, None, None]) / (units - 1)[:, None, None]
    usual = (people - weights @ counts**2 / people) / (units - 1)
    return inside, (apart - inside) / usual[:, None, None]


def plain(first: Floats, second: Floats, units: NDArray[np.int32]) -> Plain | NotEstimable:
    """Return the plain correlations of two variables over people, between unit means and within units.

    whole = eta_Bx eta_By r_B + eta_Wx eta_Wy r_W, eta_B the correlation of a variable with its unit means, eta_W with
    the deviations from them.

    Source: F. Dansereau, J. A. Alutto and F. J. Yammarino (1984), Theory testing in organizational behavior: the
    varient approach (within and between analysis, WABA).

    Assumes: nothing: they are as they are.

    Limits: nothing is corrected for unreliability, nor for unit means that differ by chance.

    Args:
        first: One value for each person; NaN where there is none.
        second: The same of another variable.
        units: The unit of each person.

    Returns:
        The correlations, -1 to 1, NotEstimable each where there is nothing that could go together: no spread between
        or within units; NotEstimable as a whole with fewer than two people or where a variable does not vary.

    >>> made = plain(np.array([1.0, 2, 3, 4]), np.array([2.0, 1, 4, 3]), np.array([0, 0, 1, 1], dtype=np.int32))
    >>> round(made.whole, 2), made.between, made.within, [round(eta, 3) for eta in made.etas]
    (0.6, 1.0, -1.0, [0.894, 0.447, 0.894, 0.447])
    """
    there = np.isfinite(first) & np.isfinite(second)
    x, y = (np.asarray(part[there], dtype=np.float64) for part in (first, second))
    if len(x) < 2:  # noqa: PLR2004 - a correlation needs two people
        return NO_ANSWERS
    if not (np.ptp(x) and np.ptp(y)):
        return ALL_ALIKE
    _, place = np.unique(units[there], return_inverse=True)
    people = np.bincount(place)
    middles = [(np.bincount(place, weights=part) / people)[place] for part in (x, y)]
    rests = [part - middle for part, middle in zip((x, y), middles, strict=True)]
    squares = [float(((part - part.mean()) ** 2).sum()) for part in (x, y, *middles, *rests)]
    shares = [squares[2] / squares[0], squares[4] / squares[0], squares[3] / squares[1], squares[5] / squares[1]]
    etas = (sqrt(shares[0]), sqrt(shares[1]), sqrt(shares[2]), sqrt(shares[3]))
    between = ALIKE if min(etas[0], etas[2]) < ROUNDING else _r(middles[0], middles[1])
    within = ALONE if min(etas[1], etas[3]) < ROUNDING else _r(rests[0], rests[1])
    return Plain(_r(x, y), between, within, etas)


def _r(x: Floats, y: Floats) -> float:
    return float(np.corrcoef(x, y)[0, 1])
