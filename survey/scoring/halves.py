"""One half of a unit's people tells of their motives, the other half of what the team does: no person is in both."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.redraw import SEED, UNITS, Estimate, redraw
from survey.scoring.summaries import OWN_FROM

Floats = NDArray[np.float64]

FEW_LARGE = NotEstimable(Sentence("Fewer than ten units have ten answers, too few to ask one half of their people."))
HALVES_ALIKE = NotEstimable(Sentence("The halves of the units differ too little to say what goes together."))


@dataclass(frozen=True)
class Halves:
    """Correlations over units of means of half their people each."""

    different: Estimate | NotEstimable
    """The two means come from different people."""
    same: Estimate | NotEstimable
    """They come from the same people: by as much as this is larger, one person's answers go together."""
    units: int


def split_half(
    first: Floats, others: Mapping[str, Floats], units: NDArray[np.int32], least: int = OWN_FROM, seed: int = SEED
) -> dict[str, Halves]:
    """Return how half the people's mean of a variable goes with the other half's mean of others, over units.

    r = E cov(x_A, y_B) / sqrt(E var(x_A) E var(y_B)) over all ways to cut each unit into halves A and B, in closed
    form: E x_A y_B is the mean of x_i y_l over pairs of different people, E x_A y_A = E x_A y_B + (mean of x_i y_i -
    E x_A y_B) E(1 / size of A).

    Source: C. Ostroff, A. J. Kinicki and M. A. Clark (2002), Substantive and operational issues of response bias across
    levels of analysis, Journal of Applied Psychology 87 (the design); P. M. Podsakoff, S. B. MacKenzie, J.-Y. Lee and
    N. P. Podsakoff (2003), Common method biases in behavioral research, Journal of Applied Psychology 88 (why).

    Assumes: units share no person; which half a person falls into is chance.

    Limits: means of half the people are noisy, and nothing is corrected for it: both correlations are nearer to 0 than
    those of whole units. What the people of a unit see alike, a common mood too, is not taken out.

    Args:
        first: One value for each person, such as the index; NaN where there is none.
        others: By name, other values of the same people.
        units: The unit of each person.
        least: People from whom on a unit is cut; 2 at least.
        seed: Of the bootstrap over units.

    Returns:
        By name of the others, both correlations, -1 to 1, with intervals; NotEstimable with fewer than ten units that
        large, or where halves do not differ.

    >>> random = np.random.default_rng(1)
    >>> units = np.repeat(np.arange(30, dtype=np.int32), 20)
    >>> person, unit = random.normal(size=600), random.normal(size=30)[units]
    >>> made = split_half(unit + 3 * person, {"adaptive": unit + 3 * person}, units)["adaptive"]
    >>> round(made.same.value, 1), round(made.different.value, 1)
    (1.0, 0.6)
    """
    values = np.column_stack([first, *others.values()])
    complete = np.isfinite(values).all(axis=1)
    names, place, sizes = np.unique(units[complete], return_inverse=True, return_counts=True)
    large = sizes >= max(least, 2)
    n_units = int(large.sum())
    if n_units < UNITS:
        return dict.fromkeys(others, Halves(FEW_LARGE, FEW_LARGE, n_units))
    chosen = large[place]
    centred = values[complete][chosen] - values[complete][chosen].mean(axis=0)
    _, place = np.unique(names[place[chosen]], return_inverse=True)
    counts = sizes[large].astype(np.float64)
    return {
        name: _halves(centred[:, 0], centred[:, column], place, counts, seed) for column, name in enumerate(others, 1)
    }


def _halves(x: Floats, y: Floats, place: NDArray[np.intp], counts: Floats, seed: int) -> Halves:
    sums = np.stack([np.bincount(place, weights=part) for part in (x, y)], 1)
    means = sums / counts[:, None]
    one_person = np.stack([np.bincount(place, weights=part) for part in (x * x, x * y, y * y)], 1) / counts[:, None]
    pairs = np.stack([sums[:, 0] ** 2, sums[:, 0] * sums[:, 1], sums[:, 1] ** 2], 1) / counts[:, None]
    across = (pairs - one_person) / (counts - 1)[:, None]
    smaller = np.floor(counts / 2)
    share = (1 / smaller + 1 / (counts - smaller)) / 2
    alike = across + (one_person - across) * share[:, None]
    halved = np.column_stack([alike, across[:, 1]])
    squares = np.stack([means[:, 0] ** 2, means[:, 0] * means[:, 1], means[:, 1] ** 2], 1)

    def correlations(weights: Floats) -> Floats:
        units = weights.sum(axis=1, keepdims=True)
        totals = weights @ means
        others = np.stack([totals[:, 0] ** 2, totals[:, 0] * totals[:, 1], totals[:, 1] ** 2], 1) - weights @ squares
        between = weights @ halved / units - others[:, [0, 1, 2, 1]] / (units * (units - 1))
        found: Floats = between[:, [3, 1]] / np.sqrt(between[:, 0] * between[:, 2])[:, None]
        return found

    made = redraw(len(counts), correlations, seed)
    return Halves(made.estimate(0, HALVES_ALIKE), made.estimate(1, HALVES_ALIKE), len(counts))
