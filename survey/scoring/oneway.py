"""What one-way analysis needs of units: how many, which mean, and how far people are from their own unit's mean."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Units:
    """Sufficient statistics of a number asked of people in units that share no person.

    `n` and `means` have shape (units,); `squares` is the sum of squared deviations from the own unit's mean, over all
    units together, and `df` its degrees of freedom, people minus units. Both may rest on more people than those of
    `n`: a spread pooled over more cells is as good an estimate.

    Raises:
        ValueError: A unit without people, or shapes that do not fit.
    """

    n: NDArray[np.float64]
    means: NDArray[np.float64]
    squares: float
    df: int

    def __post_init__(self) -> None:
        if self.n.shape != self.means.shape or self.n.ndim != 1 or np.any(self.n < 1):
            raise ValueError("units have people, and a mean each")

    def __len__(self) -> int:
        return len(self.n)

    @property
    def people(self) -> float:
        """How many people the means rest on."""
        return float(self.n.sum())

    @property
    def average(self) -> float:
        """The mean over people, each counting once."""
        return float(self.n @ self.means / self.people)

    @property
    def between(self) -> float:
        """The sum of squares between units: of n times the squared distance of the unit's mean from the average."""
        return float(self.n @ (self.means - self.average) ** 2)

    @property
    def flat(self) -> bool:
        """Whether people of one unit do not differ at all, but for rounding."""
        size = float(np.abs(self.means).max(initial=0.0))
        return self.squares <= max(self.df, 1) * (1e-9 * max(size, 1e-300)) ** 2


def units_of(values: ArrayLike, units: ArrayLike) -> Units:
    """Return the units of plain data, in the sorted order of their names.

    Args:
        values: One number a person; NaN where it is missing, who is then left out.
        units: The unit of each person, of any kind that can be sorted.

    Returns:
        The units with somebody in them; none at all where everybody is missing.

    >>> made = units_of([1, 3, 5, 5, float("nan")], ["a", "a", "b", "b", "c"])
    >>> made.n.tolist(), made.means.tolist(), made.squares, made.df
    ([2.0, 2.0], [2.0, 5.0], 2.0, 2)
    """
    numbers = np.asarray(values, dtype=np.float64)
    there = ~np.isnan(numbers)
    numbers = numbers[there]
    _, place = np.unique(np.asarray(units)[there], return_inverse=True)
    n = np.bincount(place).astype(np.float64)
    rough = np.bincount(place, weights=numbers) / n
    means = rough + np.bincount(place, weights=numbers - rough[place]) / n
    return Units(n, means, float(((numbers - means[place]) ** 2).sum()), len(numbers) - len(n))
