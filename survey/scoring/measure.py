"""What can be read off moments: any weighted sum of scale means is a measure, with exact rational weights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from math import lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.instruments.model import Composite, Instrument
from survey.scoring.columns import ColumnSpec

COMMON: Final = (1, 7)
"""The range on which scales with different ranges are set beside each other."""


@dataclass(frozen=True)
class Measure:
    """constant + the sum of weight x scale score, scales on their own ranges."""

    name: str
    weights: tuple[tuple[str, Fraction], ...]
    constant: Fraction = Fraction(0)

    def __hash__(self) -> int:
        # Measures are looked up for every unit: fractions are slow to hash, and the name tells nearly all apart.
        return hash(self.name)

    @staticmethod
    @cache
    def scale(name: str) -> "Measure":
        """Return the score of one scale, as it is."""
        return Measure(name, ((name, Fraction(1)),))


def on_range(
    name: str, weights: Mapping[str, Fraction], columns: Iterable[ColumnSpec], to: tuple[int, int] = COMMON
) -> Measure:
    """Return the sum of weight x (scale score brought to the range `to`).

    A score on low..high becomes to_low + (score - low) * (to_high - to_low) / (high - low).

    Raises:
        ValueError: A weight is for a scale that `columns` do not hold.

    >>> on_range("index", {"play": Fraction(10)}, [ColumnSpec("play", 1, 1, 5)])
    Measure(name='index', weights=(('play', Fraction(15, 1)),), constant=Fraction(-5, 1))
    """
    ranges = {column.scale: (column.low, column.high) for column in columns}
    missing = sorted(set(weights) - set(ranges))
    if missing:
        raise ValueError(f"{name} weighs scales that were not asked: {', '.join(missing)}")
    stretch = {scale: Fraction(to[1] - to[0], ranges[scale][1] - ranges[scale][0]) for scale in weights}
    return Measure(
        name,
        tuple((scale, weight * stretch[scale]) for scale, weight in weights.items()),
        sum((w * (to[0] - ranges[scale][0] * stretch[scale]) for scale, w in weights.items()), Fraction(0)),
    )


def composite(of: Composite, columns: Iterable[ColumnSpec]) -> Measure:
    """Return a composite of the instrument as a measure; scales are first brought to its range `rescale`, if any."""
    if of.rescale is None:
        return Measure(of.id, tuple(of.fractions.items()))
    return on_range(of.id, of.fractions, columns, of.rescale)


def twin(instrument: Instrument, columns: Iterable[ColumnSpec]) -> Measure:
    """Return mean(direct) - mean(indirect), unweighted: the index's twin, in points of the answer scale, -6 to 6.

    Source: arithmetic; a check of ours on what the weights of the index do.

    Assumes: all motives count alike, direct ones for and indirect ones against.

    Limits: no second index: only its sign is set beside that of the index. Where the two differ, nothing is said of the
    sign of either.

    >>> from survey.instruments.load import builtin
    >>> from survey.scoring.columns import columns
    >>> weights = dict(twin(builtin(), columns(builtin())).weights)
    >>> means = {"play": 6, "purpose": 6, "potential": 5}
    >>> means |= {"emotional_pressure": 2, "economic_pressure": 3, "inertia": 2}
    >>> sum(weights[motive] * mean for motive, mean in means.items())
    Fraction(10, 3)
    """
    direct = {scale.id: Fraction(1, len(instrument.direct)) for scale in instrument.direct}
    indirect = {scale.id: Fraction(-1, len(instrument.indirect)) for scale in instrument.indirect}
    return on_range("twin", {**direct, **indirect}, columns)


@lru_cache(maxsize=64)
def balance(columns: tuple[ColumnSpec, ...], adaptive: str = "adaptive", tactical: str = "tactical") -> Measure:
    """Return adaptive minus tactical performance in points of the answer scale, -6 to 6."""
    return on_range("balance", {adaptive: Fraction(1), tactical: Fraction(-1)}, columns)


@lru_cache(maxsize=1024)
def integer_weights(measure: Measure, columns: tuple[ColumnSpec, ...]) -> tuple[tuple[tuple[int, int], ...], int]:
    """Return ((position, weight), ...) and one divisor: the measure on the integers of the columns.

    Raises:
        ValueError: The measure needs a scale that `columns` do not hold.
    """
    place = {column.scale: position for position, column in enumerate(columns)}
    missing = sorted({scale for scale, _ in measure.weights} - set(place))
    if missing:
        raise ValueError(f"{measure.name} needs scales that were not asked: {', '.join(missing)}")
    raw = [(place[scale], weight / columns[place[scale]].denominator) for scale, weight in measure.weights]
    divisor = lcm(*(weight.denominator for _, weight in raw))
    return tuple((position, int(weight * divisor)) for position, weight in raw), divisor


def weigh(measure: Measure, columns: tuple[ColumnSpec, ...]) -> NDArray[np.float64]:
    """Return the measure's weight for the score of each column, shape (columns,), for use with scatter matrices."""
    weights, divisor = integer_weights(measure, columns)
    vector = np.zeros(len(columns))
    for position, weight in weights:
        vector[position] = weight * columns[position].denominator / divisor
    return vector
