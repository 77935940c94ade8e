"""A group's numbers from counts, integer sums and cross-products, which add up from teams to the whole company.

One pass over the responses serves the whole tree, and a database or several machines can share the work: the moments
of a parent are the sum of its children's, to the last digit, since everything is an integer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Any, Final, Self, overload

import numpy as np
from numpy.typing import NDArray

from survey.scoring.columns import ColumnSpec, Exact, exact_dtype, smallest_dtype
from survey.scoring.measure import Measure, integer_weights

SPREAD_FROM = 2
"""A variance needs two people."""

EXACT_FLOAT: Final = 2**53
"""Sums of integers below this are exact as float64 too, which multiplies matrices many times faster."""

AT_ONCE: Final = 65_536
"""Numbers worked on at a time: what fits the processor's cache."""

Masked = np.ma.MaskedArray[Any, np.dtype[np.float64]]
"""A number a group, shape (units,), masked where there is none."""


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
        mean = Fraction(total, divisor * self.n)
        return mean + measure.constant if measure.constant else mean

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
        matrix: NDArray[np.float64] = UnitMoments.of([self], self.columns).scatters()[0]
        return matrix


@dataclass(frozen=True, eq=False)
class UnitMoments(Sequence[Moments]):
    """The moments of many groups as arrays, a row a group; each can be taken out as `Moments`.

    `counts` has shape (units,), `totals` (units, columns), `products` (units, columns, columns); the last two have the
    smallest dtype that holds them.
    """

    counts: NDArray[np.int64]
    totals: Exact
    products: Exact
    columns: tuple[ColumnSpec, ...]

    @classmethod
    def of(cls, groups: Iterable[Moments], columns: tuple[ColumnSpec, ...]) -> Self:
        """Put the moments of some groups into arrays.

        Raises:
            ValueError: The cross-products of one of them are not known.
        """
        known, wide = list(groups), len(columns)
        if any(group.products is None for group in known):
            raise ValueError("a spread needs cross-products")
        totals: Exact = np.array([group.totals for group in known]).reshape(-1, wide)
        products: Exact = np.array([group.products for group in known]).reshape(-1, wide, wide)
        return cls(np.array([group.n for group in known], dtype=np.int64), totals, products, columns)

    def __len__(self) -> int:
        return len(self.counts)

    @overload
    def __getitem__(self, place: int) -> Moments: ...
    @overload
    def __getitem__(self, place: slice) -> "UnitMoments": ...
    def __getitem__(self, place: int | slice) -> "Moments | UnitMoments":
        if isinstance(place, slice):
            return UnitMoments(self.counts[place], self.totals[place], self.products[place], self.columns)
        dtype = sums_dtype(int(self.counts[place]), self.columns)
        totals, products = self.totals[place].astype(dtype), self.products[place].astype(dtype)
        return Moments(int(self.counts[place]), totals, products, self.columns)

    def means(self, of: Measure | str) -> Masked:
        """Return every group's mean of a scale or measure; masked where nobody answered."""
        measure = _measure(of)
        weights, divisor, largest = self._weights(measure)
        under = np.maximum(self.counts, 1).astype(exact_dtype(divisor * int(self.counts.max(initial=1)))) * divisor
        means = float(measure.constant) + _ratio(self._weighted(weights, exact_dtype(largest)), under)
        return np.ma.masked_array(means, mask=self.counts == 0)

    def variances(self, of: Measure | str) -> Masked:
        """Return every group's sample variance (n - 1) of a scale or measure; masked below two people."""
        weights, divisor, largest = self._weights(_measure(of))
        dtype = exact_dtype(largest**2)
        counts, sums = self.counts.astype(dtype), self._weighted(weights, dtype)
        cross = np.zeros_like(sums)
        for (i, one), (j, other) in combinations_with_replacement(weights, 2):
            cross += (one * other * (1 if i == j else 2)) * self.products[:, i, j].astype(dtype, copy=False)
        under = np.maximum(counts * (counts - 1), 1).astype(np.float64) * divisor**2
        return np.ma.masked_array(_ratio(counts * cross - sums * sums, under), mask=self.counts < SPREAD_FROM)

    def _weights(self, measure: Measure) -> tuple[tuple[tuple[int, int], ...], int, int]:
        """Return integer weights, their divisor, and the largest sum that they can come to in a group."""
        weights, divisor = integer_weights(measure, self.columns)
        each = sum(abs(weight) * self.columns[place].largest for place, weight in weights)
        return weights, divisor, each * int(self.counts.max(initial=1))

    def _weighted(self, weights: Iterable[tuple[int, int]], dtype: type[Any]) -> Exact:
        sums: Exact = np.zeros(len(self), dtype=dtype)
        for place, weight in weights:
            sums += weight * self.totals[:, place].astype(dtype, copy=False)
        return sums

    def scatters(self) -> NDArray[np.float64]:
        """Return every group's scatter (`Moments.scatter`), shape (units, columns, columns)."""
        dtype = sums_dtype(int(self.counts.max(initial=1)) ** 2, self.columns)
        totals: Exact = self.totals.astype(dtype, copy=False)
        products: Exact = self.products.astype(dtype, copy=False)
        counts: Exact = self.counts.astype(dtype)[:, np.newaxis, np.newaxis]
        scaled = (counts * products - totals[:, :, np.newaxis] * totals[:, np.newaxis]).astype(np.float64)
        return _ratio(scaled / self._denominators, np.maximum(counts, 1).astype(np.float64))

    def scatter_within(self) -> NDArray[np.float64]:
        """Return the sum of all groups' scatters, shape (columns, columns): exact for all groups of one size."""
        squares = np.zeros((len(self.columns), len(self.columns)))
        for size in np.unique(self.counts[self.counts >= SPREAD_FROM]).tolist():
            alike = np.flatnonzero(self.counts == size)
            dtype = _product_dtype(len(alike) * size * size, self.columns)
            totals: Exact = self.totals[alike].astype(dtype)
            products: Exact = self.products[alike].sum(axis=0, dtype=dtype)
            squares += (size * products - totals.T @ totals).astype(np.float64) / size
        return squares / self._denominators

    @property
    def _denominators(self) -> NDArray[np.float64]:
        denominators = np.array([float(column.denominator) for column in self.columns])
        return np.outer(denominators, denominators)


def _measure(of: Measure | str) -> Measure:
    return Measure.scale(of) if isinstance(of, str) else of


def _ratio(over: Exact, under: Exact) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.asarray(over / under, dtype=np.float64)
    return ratio


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
) -> UnitMoments:
    """Return the moments of each unit in one pass over the responses.

    Units of one size lie together while they are added up, so that each size is a stack of equal matrices.

    `scores` has shape (responses, columns) as `scale_scores` gives them, responses of the one base only; `units` has
    shape (responses,) with values 0 to `n_units` - 1. A unit without responses has n = 0.

    Raises:
        ValueError: A response is not of the one base, or its unit is not among `n_units`.
    """
    if scores.min(initial=0) < 0:
        raise ValueError("only responses of the one base have moments")
    if units.size and not 0 <= int(units.min()) <= int(units.max()) < n_units:
        raise ValueError(f"a response is of a unit outside 0 to {n_units - 1}")
    counts = np.bincount(units, minlength=n_units)
    by_size = np.argsort(counts, kind="stable")
    rank = np.empty_like(by_size)
    rank[by_size] = np.arange(n_units)
    rows = scores.take(np.argsort(rank[units]), axis=0)
    most, wide = int(counts.max(initial=1)), len(columns)
    dtype = smallest_dtype(most * max((column.largest for column in columns), default=0) ** 2)
    totals: Exact = np.zeros((n_units, wide), dtype=dtype)
    products: Exact = np.zeros((n_units, wide, wide), dtype=dtype)
    for size, alike, own in _stacks(counts[by_size], wide):
        stack: Exact = rows[own].reshape(alike.stop - alike.start, size, wide).astype(_product_dtype(most, columns))
        totals[by_size[alike]] = stack.sum(axis=1)
        products[by_size[alike]] = stack.swapaxes(1, 2) @ stack
    return UnitMoments(counts, totals, products, columns)


def _stacks(sizes: NDArray[np.int64], wide: int) -> Iterator[tuple[int, slice, slice]]:
    """Yield each size with runs of units of it and their rows; `sizes` ascend, and rows lie in the same order."""
    first_row = 0
    for size, first, many in zip(*np.unique(sizes, return_index=True, return_counts=True), strict=True):
        step = max(AT_ONCE // max(int(size) * wide, 1), 1)
        for start in range(first if size else first + many, first + many, step):
            units = min(step, first + many - start)
            yield int(size), slice(start, start + units), slice(first_row, first_row + units * size)
            first_row += units * size


def _product_dtype(n: int, columns: tuple[ColumnSpec, ...]) -> type:
    """Return the dtype in which sums of products of `n` scores are exact and quickly made."""
    largest = max((column.largest for column in columns), default=0)
    return np.float64 if n * largest**2 < EXACT_FLOAT else sums_dtype(n, columns)
