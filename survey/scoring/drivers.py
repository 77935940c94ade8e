"""Which motive contributes most to the spread of the index between units, and whether that rests on the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.levels import components
from survey.scoring.redraw import SEED, UNITS, Estimate, Redrawn, redraw

Floats = NDArray[np.float64]

TRIED: Final = 1000
"""Sets of weights that are tried."""

FEW = NotEstimable(Sentence("Fewer than ten groups are shown, too few to say what their spread is made of."))
NO_SPREAD = NotEstimable(
    Sentence("The groups cannot be told apart clearly enough to say what their spread is made of.")
)


@dataclass(frozen=True)
class Share:
    """One motive's share of the spread of the index between units, and of its twin."""

    motive: str
    weighted: Estimate
    unweighted: Estimate


@dataclass(frozen=True)
class Drivers:
    """The shares of all motives; they add up to 1."""

    units: int
    shares: tuple[Share, ...]
    first: str
    """The motive whose share is surely the largest, "" where none is."""
    first_unweighted: str
    same_first: float
    """Share of other weights, in the same order, with which the same motive has the largest share."""

    @property
    def depends_on_weights(self) -> bool:
        """Whether the conclusion is another one without the weights."""
        return self.first != self.first_unweighted


def drivers(
    counts: Sequence[int], sums: Floats, scatters: Floats, weights: Mapping[str, tuple[float, float]], seed: int = SEED
) -> Drivers | NotEstimable:
    """Return each motive's share of the variance of the index between units: w_m cov_B(m, index) / var_B(index).

    cov_B is the component of covariance between units: what is left of the covariance of unit means once the part that
    chance puts there (people's spread within units, S / n0) is taken off. Since the index is the sum of w_m times the
    motives, the shares add up to 1; a motive that moves against the index has a share below 0.

    Source: A. F. Shorrocks (1982), Inequality decomposition by factor components, Econometrica 50 (covariance shares);
    S. R. Searle, G. Casella and C. E. McCulloch (1992), Variance components, chapter 3 (the components).

    Assumes: units share no person and answer independently of each other.

    Limits: a share says where units differ, not what would change them. A motive has a large share because its weight
    is large or because units differ much in it; the twin, in which all weigh the same, tells these two apart.

    Args:
        counts: People of each unit.
        sums: Sums of the motives, shape (units, motives).
        scatters: Squares and products of deviations from the unit's own means, shape (units, motives, motives).
        weights: By motive in the order of the columns: its weight in the index, and in the twin.
        seed: Of the bootstrap over units, and of the weights that are tried.

    Returns:
        The shares with intervals, or NotEstimable below ten units or where their spread is not surely above 0.

    >>> random = np.random.default_rng(1)
    >>> play = np.repeat(random.normal(size=40), 10) + random.normal(size=400)
    >>> people = np.column_stack([play, random.normal(size=400)]).reshape(40, 10, 2)
    >>> apart = people - people.mean(axis=1, keepdims=True)
    >>> scatters = np.einsum("uni,unj->uij", apart, apart)
    >>> made = drivers([10] * 40, people.sum(axis=1), scatters, {"play": (10.0, 0.5), "inertia": (-10.0, -0.5)})
    >>> made.first, round(made.shares[0].weighted.value, 1), made.depends_on_weights
    ('play', 1.0, False)
    """
    people = np.asarray(counts, dtype=np.float64)
    there = people > 0
    if there.sum() < UNITS:
        return FEW
    return _drivers(people[there], sums[there], scatters[there], weights, seed)


def _drivers(
    people: Floats, sums: Floats, scatters: Floats, weights: Mapping[str, tuple[float, float]], seed: int
) -> Drivers | NotEstimable:
    centred = sums - people[:, None] * (sums.sum(axis=0) / people.sum())
    own = np.einsum("ui,uj->uij", centred, centred) / people[:, None, None]
    moments = people, centred, (scatters + own).reshape(len(people), -1), own.reshape(len(people), -1)
    weighing = np.array(list(weights.values())).T

    def shares(rows: Floats) -> Floats:
        _, between = components(rows, *moments)
        return np.column_stack([_shares(between, weight) for weight in weighing])

    made = redraw(len(people), shares, seed)
    wide = len(weights) + 1
    if any(not _surely(made, place * wide) for place in range(2)):
        return NO_SPREAD
    _, (between,) = components(np.ones((1, len(people))), *moments)
    found = tuple(
        Share(motive, _estimate(made, place), _estimate(made, wide + place)) for place, motive in enumerate(weights, 1)
    )
    firsts = [_first(made, slice(start + 1, start + wide), tuple(weights)) for start in (0, wide)]
    return Drivers(len(people), found, firsts[0], firsts[1], _same_first(between, weighing[0], seed))


def _shares(between: Floats, weight: Floats) -> Floats:
    """Return the variance of the weighted sum, and each part's share of it, shape (rows, 1 + motives)."""
    parts = (between @ weight) * weight
    variance = parts.sum(axis=1, keepdims=True)
    return np.hstack([variance, np.where(variance > 0, parts / variance, np.nan)])


def _surely(made: Redrawn, place: int) -> bool:
    """Return whether a variance is above 0 in all resamples but those below the lower end of an interval."""
    found = made.resampled[:, place]
    return bool(made.observed[place] > 0 and 100 * np.mean(found > 0) >= made.ends[1])


def _estimate(made: Redrawn, place: int) -> Estimate:
    low, high = np.nanpercentile(made.resampled[:, place], made.ends)
    return Estimate(float(made.observed[place]), float(low), float(high))


def _first(made: Redrawn, places: slice, motives: Sequence[str]) -> str:
    """Return the motive whose share is above every other's with its whole interval of the difference."""
    best = int(np.argmax(made.observed[places]))
    apart = made.resampled[:, places][:, [best]] - made.resampled[:, places]
    lowest = np.nanpercentile(np.delete(apart, best, axis=1), made.ends[0], axis=0)
    return motives[best] if (lowest > 0).all() else ""


def _same_first(between: Floats, weight: Floats, seed: int) -> float:
    """Return the share of random weights in the same order with which the same motive has the largest share.

    Sizes are drawn evenly from 0 to 1 and given to the motives in the order of their own; motives of the same size get
    the same; signs stay.
    """
    sizes, place = np.unique(np.abs(weight), return_inverse=True)
    drawn = np.sort(np.random.default_rng(seed).uniform(size=(TRIED, len(sizes))), axis=1)
    tried = drawn[:, place] * np.sign(weight)
    first = np.argmax((tried @ between) * tried, axis=1)
    return float(np.mean(first == np.argmax((between @ weight) * weight)))
