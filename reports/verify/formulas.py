"""Means, indexes, gaps and intervals, made again from the sums of a report's source by the published formulas.

Plain fractions, written out: nothing here calls what made the numbers in the first place, but for how they are rounded
(docs/scoring.md has every formula with its source).
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import sqrt
from typing import Final

from scipy.special import stdtrit

from reports.excerpt import Then
from reports.verify.made import Made, ends
from survey.instruments.model import Instrument
from survey.privacy.figures import DIFFERENCE, MEAN, POINTS, Figure, NotEstimable, Style, text
from survey.privacy.record import Record, UnitFigures, UnitRecord

Means = Mapping[str, Fraction]
COMMON: Final = (1, 7)
"""The range to which scales are brought that stand beside each other."""
LEVEL: Final = 0.975
LEAST: Final = 1.9599
"""Student's t for a 95 % interval is never less."""
CLOSE: Final = 1e-3
"""How far two multiples of a spread may be apart whose intervals were kept with six decimals."""


def means(unit: UnitRecord, record: Record) -> dict[str, Fraction]:
    """Return mean = sum / (denominator x people) of every scale."""
    if unit.sums is None:
        return {}
    n, totals = unit.sums.n, unit.sums.totals
    return {
        column.scale: Fraction(total, column.denominator * n)
        for column, total in zip(record.columns, totals, strict=True)
    }


def weighed(found: Means, weights: Means, constant: Fraction) -> Fraction:
    """Return constant + the sum of weight x mean."""
    return sum((weight * found[scale] for scale, weight in weights.items()), constant)


def of_scales(unit: UnitRecord, record: Record) -> Iterator[Made]:
    """Yield the mean of every scale that is shown of a unit."""
    found = means(unit, record)
    for scale, figure in ({} if unit.figures is None else unit.figures.scales).items():
        if scale in found:
            yield Made(f"{unit.code}: {scale}", figure.text, text(found[scale], MEAN))


def _brought(weights: Means, to: tuple[int, int], record: Record) -> tuple[dict[str, Fraction], Fraction]:
    """Return weights and constant for means on their own ranges, where the formula takes them on the range `to`.

    A mean on low..high becomes to_low + (mean - low) (to_high - to_low) / (high - low).
    """
    ends = {column.scale: (column.low, column.high) for column in record.columns}
    stretch = {scale: Fraction(to[1] - to[0], ends[scale][1] - ends[scale][0]) for scale in weights}
    constant = sum((w * (to[0] - ends[scale][0] * stretch[scale]) for scale, w in weights.items()), Fraction(0))
    return {scale: weight * stretch[scale] for scale, weight in weights.items()}, constant


def index_of(instrument: Instrument, record: Record) -> tuple[dict[str, Fraction], Fraction]:
    """Return weights and constant of the index, for means on their own ranges."""
    composite = instrument.index
    if composite is None:
        raise ValueError("the instrument has no index")
    weights = {scale: Fraction(weight) for scale, weight in composite.weights.items()}
    return (weights, Fraction(0)) if composite.rescale is None else _brought(weights, composite.rescale, record)


def twin_of(instrument: Instrument, record: Record) -> tuple[dict[str, Fraction], Fraction]:
    """Return mean(direct) - mean(indirect)."""
    direct, indirect = instrument.direct, instrument.indirect
    weights = {scale.id: Fraction(1, len(direct)) for scale in direct}
    weights |= {scale.id: Fraction(-1, len(indirect)) for scale in indirect}
    return _brought(weights, COMMON, record)


def rest(unit: UnitRecord, root: UnitRecord, record: Record) -> dict[str, Fraction]:
    """Return the means of everybody else in the company: its sums less the unit's."""
    if unit.sums is None or root.sums is None:
        raise ValueError("there are no sums")
    n = root.sums.n - unit.sums.n
    pairs = zip(record.columns, root.sums.totals, unit.sums.totals, strict=True)
    return {column.scale: Fraction(all_ - own, column.denominator * n) for column, all_, own in pairs}


def apart(
    unit: UnitRecord, figures: UnitFigures, rest: Means, instrument: Instrument, record: Record
) -> Iterator[Made]:
    """Yield the gap to the rest, its parts weight(m) (d(m) - shift), shift = mean of all d(m), and the balance."""
    own, (weights, _) = means(unit, record), index_of(instrument, record)
    contribution = figures.contribution
    if not isinstance(contribution, NotEstimable):
        d = {motive: own[motive] - rest[motive] for motive in weights}
        shift = sum(d.values(), Fraction(0)) / len(d) if sum(weights.values()) == 0 else Fraction(0)
        parts = {motive: weights[motive] * (d[motive] - shift) for motive in weights}
        yield Made("gap", contribution.gap.text, text(sum(parts.values(), Fraction(0)), POINTS))
        yield Made("shift", contribution.acquiescence.text, text(shift, DIFFERENCE))
        for motive, figure in contribution.parts.items():
            yield Made(f"part of the gap: {motive}", figure.text, text(parts[motive], POINTS))
    if isinstance(figures.balance, Figure):
        both, _ = _brought({"adaptive": Fraction(1), "tactical": Fraction(-1)}, COMMON, record)
        apart = sum((weight * (own[scale] - rest[scale]) for scale, weight in both.items()), Fraction(0))
        yield Made("balance", figures.balance.text, text(apart, DIFFERENCE))


def spread(unit: UnitRecord, record: Record) -> Iterator[Made]:
    """Yield standard deviations from the counts, and the intervals mean +- t s / root of n."""
    figures = unit.figures
    if figures is None:
        return
    if unit.detail is None:
        yield from _pooled(figures, record)
        return
    ends = {column.scale: Style(2, low=column.low, high=column.high) for column in record.columns}
    found = means(unit, record)
    for motive, spread in unit.detail.spreads.items():
        answers = range(int(ends[motive].low or 0), int(ends[motive].low or 0) + len(spread.counts))
        n = sum(spread.counts)
        mean = Fraction(sum(a * c for a, c in zip(answers, spread.counts, strict=True)), n)
        squares = sum((a - mean) ** 2 * c for a, c in zip(answers, spread.counts, strict=True))
        sd = sqrt(squares / (n - 1))
        yield Made(f"standard deviation: {motive}", spread.sd.text, text(sd, MEAN))
        yield from _interval(motive, figures.scales[motive], found[motive], n, sd, ends[motive])
    if unit.detail.index_sd is not None:
        instrument = Instrument.from_json(record.instrument)
        index = weighed(found, *index_of(instrument, record))
        style = POINTS if instrument.index is None else POINTS.within(instrument.index.low, instrument.index.high)
        yield from _interval("index", figures.index, index, figures.n, unit.detail.index_sd.value, style)


def _interval(of: str, figure: Figure, mean: Fraction, n: int, sd: float, style: Style) -> Iterator[Made]:
    if sd:
        half = float(stdtrit(n - 1, LEVEL)) * sd / sqrt(n)
        yield from ends(of, figure, float(mean) - half, float(mean) + half, style)


def _pooled(figures: UnitFigures, record: Record) -> Iterator[Made]:
    """Yield whether all intervals of a small unit are one multiple t of root(company's variance within units / n).

    t belongs to the number of people of the company, which the source does not hold: all intervals must give the same.
    """
    styles = {column.scale: MEAN.within(column.low, column.high) for column in record.columns}
    index = Instrument.from_json(record.instrument).index
    if index is not None:
        styles[index.id] = POINTS.within(index.low, index.high)
    told = figures.scales | ({} if index is None else {index.id: figures.index})
    sides = {
        of: sqrt(variance / figures.n) for of, variance in record.within_variance.items() if variance and of in told
    }
    multiples = sorted(
        (figure.high - figure.value) / sides[of]
        for of, figure in told.items()
        if of in sides and figure.high is not None and not _cut(figure)
    )
    t = multiples[len(multiples) // 2] if multiples else 0.0
    for of, side in sides.items() if t > LEAST else ():
        name, value, reach = "index" if told[of] is figures.index else of, told[of].value, t * side
        yield from ends(name, told[of], value - reach, value + reach, styles[of], CLOSE * side)


def _cut(figure: Figure) -> bool:
    """Return whether the interval was cut where numbers end."""
    return figure.low is None or figure.high is None or abs(figure.high + figure.low - 2 * figure.value) > CLOSE


def then(unit: UnitRecord, found: Means, index: Fraction) -> dict[str, Then]:
    """Return what changes of a unit rest on today: its means, and the standard deviations that are told."""
    detail = unit.detail
    if detail is None:
        return {}
    spreads = {motive: Then(float(found[motive]), spread.sd.value) for motive, spread in detail.spreads.items()}
    return spreads | ({} if detail.index_sd is None else {"index": Then(float(index), detail.index_sd.value)})
