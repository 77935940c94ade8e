"""A group's numbers from counts, integer sums and cross-products, which add up from teams to the whole company.

One pass over the responses serves the whole tree, and a database or several machines can share the work: the moments
of a parent are the sum of its children's, to the last digit, since everything is an integer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from survey.scoring.columns import ColumnSpec, Exact, exact_dtype
from survey.scoring.measure import Measure, integer_weights

SPREAD_FROM = 2
"""A variance needs two people."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, sums and cross-products of the scale scores of a group.

    `totals` has shape (columns,), in units of 1 / denominator; `products` (columns, columns), or is None where only
    sums are known (a unit below the second tier of a publication).

    Raises:
        ValueError: The shapes do not fit the columns.
    """

    n: int
    totals: Exact
    products: Exact | None
    columns: tuple[ColumnSpec, ...]

    def __post_init__(self) -> None:
        wide = len(self.columns)
        if self.totals.shape != (wide,) or (self.products is not None and self.products.shape != (wide, wide)):
            raise ValueError(f"moments of {wide} columns need {wide} totals and {wide} x {wide} products")

    def __add__(self, other: "Moments") -> "Moments":
        return self._with(other, self.n + other.n, 1)

    def __sub__(self, other: "Moments") -> "Moments":
        if other.n > self.n:
            raise ValueError(f"{other.n} people cannot be taken from {self.n}")
        return self._with(other, self.n - other.n, -1)

    def _with(self, other: "Moments", n: int, sign: int) -> "Moments":
        if self.columns != other.columns:
            raise ValueError("only moments of the same columns add up")
        dtype = sums_dtype(self.n + other.n, self.columns)
        products: Exact | None = None
        if self.products is not None and other.products is not None:
            products = self.products.astype(dtype) + sign * other.products.astype(dtype)
        return Moments(n, self.totals.astype(dtype) + sign * other.totals.astype(dtype), products, self.columns)

    @cached_property
    def _sums(self) -> list[int]:
        return [int(total) for total in self.totals]

    @cached_property
    def _products(self) -> list[list[int]] | None:
        return None if self.products is None else [[int(cross) for cross in row] for row in self.products]

    def mean(self, of: Measure | str) -> Fraction:
        """Return the mean of a scale or measure, exactly.

        Raises:
            ValueError: The group is empty, or lacks a scale that the measure needs.
        """
        if self.n == 0:
            raise ValueError("an empty group has no mean")
        measure = _measure(of)
        weights, divisor = integer_weights(measure, self.columns)
        total = sum(weight * self._sums[position] for position, weight in weights)
        return measure.constant + Fraction(total, divisor * self.n)

    def covariance(self, first: Measure | str, second: Measure | str) -> Fraction:
        """Return the sample covariance (n - 1) of two scales or measures, exactly.

        Raises:
            ValueError: There are fewer than two people, or cross-products are not known.
        """
        products = self._products
        if products is None or self.n < SPREAD_FROM:
            raise ValueError("a spread needs two people and their cross-products")
        (left, over), (right, under) = (integer_weights(_measure(of), self.columns) for of in (first, second))
        sums = [sum(weight * self._sums[place] for place, weight in side) for side in (left, right)]
        cross = sum(a * b * products[i][j] for i, a in left for j, b in right)
        return Fraction(self.n * cross - sums[0] * sums[1], self.n * (self.n - 1) * over * under)

    def variance(self, of: Measure | str) -> Fraction:
        """Return the sample variance (n - 1) of a scale or measure, exactly; raises as `covariance` does."""
        return self.covariance(of, of)

    def scatter(self) -> NDArray[np.float64]:
        """Return the sums of squared deviations and their cross-products, shape (columns, columns), in score units.

        The difference n P - T T' is taken in exact integers; only the last division is a float's.

        Raises:
            ValueError: Cross-products are not known.
        """
        if self.products is None:
            raise ValueError("a spread needs cross-products")
        dtype = sums_dtype(self.n * self.n, self.columns)
        totals: Exact = self.totals.astype(dtype)
        scaled = (self.n * self.products.astype(dtype) - np.outer(totals, totals)).astype(np.float64)
        denominators = np.array([float(column.denominator) for column in self.columns])
        matrix: NDArray[np.float64] = scaled / np.outer(denominators, denominators) / max(self.n, 1)
        return matrix


def _measure(of: Measure | str) -> Measure:
    return Measure.scale(of) if isinstance(of, str) else of


def sums_dtype(n: int, columns: Iterable[ColumnSpec]) -> type:
    """Return the dtype in which sums of squares of `n` scores cannot overflow.

    >>> sums_dtype(1_000_000, [ColumnSpec("adaptive", 2520, 1, 7)]).__name__
    'int64'
    >>> sums_dtype(1_000_000, [ColumnSpec("long", 2329089562800, 1, 7)]).__name__
    'object'
    """
    return exact_dtype(max(n, 1) * max((column.largest for column in columns), default=0) ** 2)


def nothing(columns: tuple[ColumnSpec, ...]) -> Moments:
    """Return the moments of nobody, to which others are added."""
    wide = len(columns)
    return Moments(0, np.zeros(wide, dtype=np.int64), np.zeros((wide, wide), dtype=np.int64), columns)


def together(groups: Iterable[Moments], columns: tuple[ColumnSpec, ...]) -> Moments:
    """Return the moments of all `groups` as one: what a parent has from its children."""
    return sum(groups, start=nothing(columns))


def moments_by_unit(
    scores: Exact, units: NDArray[np.int32], n_units: int, columns: tuple[ColumnSpec, ...]
) -> tuple[Moments, ...]:
    """Return the moments of each unit in one pass over the responses.

    `scores` has shape (responses, columns) as `scale_scores` gives them, responses of the one base only; `units` has
    shape (responses,) with values 0 to `n_units` - 1. A unit without responses has n = 0.

    Raises:
        ValueError: A response is not of the one base, or its unit is not among `n_units`.
    """
    if np.any(scores < 0):
        raise ValueError("only responses of the one base have moments")
    if units.size and not 0 <= int(units.min()) <= int(units.max()) < n_units:
        raise ValueError(f"a response is of a unit outside 0 to {n_units - 1}")
    order = np.argsort(units, kind="stable")
    counts = np.bincount(units, minlength=n_units)
    there = np.flatnonzero(counts)
    by_column: Exact = np.ascontiguousarray(scores[order].T.astype(sums_dtype(len(scores), columns)))
    totals, products = _sums(by_column, (np.cumsum(counts) - counts)[there])
    groups = [nothing(columns)] * n_units
    for row, unit in enumerate(there):
        groups[unit] = Moments(int(counts[unit]), totals[row], products[row], columns)
    return tuple(groups)


def _sums(by_column: Exact, starts: NDArray[np.intp]) -> tuple[Exact, Exact]:
    """Return totals (units, columns) and products (units, columns, columns) of rows sorted by unit."""
    wide = len(by_column)
    totals = np.zeros((len(starts), wide), dtype=by_column.dtype)
    products = np.zeros((len(starts), wide, wide), dtype=by_column.dtype)
    if len(starts):
        for i in range(wide):
            totals[:, i] = np.add.reduceat(by_column[i], starts)
            for j in range(i, wide):
                products[:, i, j] = products[:, j, i] = np.add.reduceat(by_column[i] * by_column[j], starts)
    return totals, products
