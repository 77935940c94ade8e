"""How far the people of a unit agree, in tier two: on each motive, and on both kinds of performance.

Of a motive with one question all of it follows from the distribution that is shown, and is told where that is. Of
scales with several questions one number is told, made of the sum of all their squares; it is gated by every single
question (docs/decisions/0038-agreement-and-absence.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Item
from survey.privacy.alike import SQUARES, telling_units
from survey.privacy.evidence import Agreement, Nulls
from survey.privacy.figures import MEAN, Figure, NotEstimable, because, figure
from survey.privacy.scored import Scored, roll_up
from survey.scoring import estimable
from survey.scoring.agreement import agreement, average_deviation, split
from survey.scoring.measure import COMMON
from survey.scoring.position import ADAPTIVE, TACTICAL

NULLS: tuple[Nulls, ...] = ("uniform", "skewed")


def agreements(scored: Scored, counts: Mapping[str, Mapping[str, list[int]]]) -> dict[str, dict[str, Agreement]]:
    """Return agreement by unit of tier two and scale, where it may be told; `counts` are the distributions by unit."""
    scales = (*(motive.id for motive in scored.instrument.motives), ADAPTIVE, TACTICAL)
    made = {scale: _of_scale(scored, scale, counts) for scale in scales if scale in scored.scales}
    return {
        code: {scale: of_units[code] for scale, of_units in made.items() if code in of_units}
        for code in scored.detailed
    }


def _items(scored: Scored, scale: str) -> tuple[Item, ...]:
    return tuple(item for item in scored.instrument.items_of(scale) if item.id in scored.inputs.asked)


def _of_scale(scored: Scored, scale: str, counts: Mapping[str, Mapping[str, list[int]]]) -> dict[str, Agreement]:
    items = _items(scored, scale)
    options = items[0].max - items[0].min + 1
    if len(items) == 1:
        return {
            code: _of_counts(counts[code][scale], float(scored.moments[code].variance(scale)), options)
            for code in scored.telling(scale)
        }
    squares = Squares.of(scored, items)
    spread = squares.variances(scored)
    told = telling_units(
        scored.partition, scored.detailed, [each.n for each in scored.cell_moments], squares.leave_open(options)
    )
    shown = scored.telling(scale) if scale in scored.answer_counts else frozenset[str]()
    return {
        code: Agreement(_against_nulls(spread[code], options), code in shown and split(counts[code][scale]))
        for code in told
    }


def _of_counts(counts: Sequence[int], variance: float, options: int) -> Agreement:
    apart = average_deviation(np.repeat(np.arange(len(counts)), counts))
    return Agreement(
        _against_nulls([variance], options),
        split(counts),
        None if isinstance(apart, estimable.NotEstimable) else figure(round(apart, MEAN.digits), MEAN),
    )


def _against_nulls(variances: Sequence[float], options: int) -> dict[Nulls, Figure | NotEstimable]:
    return {null: _rounded(agreement(variances, options, null)) for null in NULLS}


def _rounded(value: float | estimable.NotEstimable) -> Figure | NotEstimable:
    """Keep the printed digits and no more: what is made of several questions' squares is not told exactly."""
    return because(value) if isinstance(value, estimable.NotEstimable) else figure(round(value, MEAN.digits), MEAN)


@dataclass(frozen=True, eq=False)
class Squares:
    """People, sums and sums of squares of single questions, each of shape (cells, questions)."""

    people: NDArray[np.int64]
    sums: NDArray[np.int64]
    squares: NDArray[np.int64]

    @classmethod
    def of(cls, scored: Scored, items: Sequence[Item]) -> "Squares":
        """Add up the answers of each published cell; a skipped question counts for nothing."""
        places = [place for place, item in enumerate(scored.instrument.items) if item in items]
        answers = scored.answers[:, places].astype(np.int64)
        given = answers != SKIPPED
        answers[~given] = 0
        people, sums, squares = (
            np.stack(
                [np.bincount(scored.cells, weights=column).astype(np.int64) for column in table.T],
                axis=1,
            )
            for table in (given, answers, answers**2)
        )
        return cls(people, sums, squares)

    def variances(self, scored: Scored) -> dict[str, list[float]]:
        """Return by shown unit the variance of each question, NaN below two answers."""
        people, sums, squares = (
            np.array(roll_up(table, scored.partition)) for table in (self.people, self.sums, self.squares)
        )
        over = people * squares - sums**2
        found = np.where(people > 1, over / np.maximum(people * (people - 1), 1), np.nan)
        return dict(zip(scored.partition.shown, found.tolist(), strict=True))

    def leave_open(self, options: int) -> Callable[[list[int]], bool]:
        """Return whether in a pool of cells the squares of every question leave everybody's answer open."""
        within = self.squares - self.sums**2 / np.maximum(self.people, 1)
        within *= ((COMMON[1] - COMMON[0]) / (options - 1)) ** 2
        return lambda pool: bool((within[pool].sum(axis=0) >= SQUARES).all())
