"""The moments of every shown unit, made from bounded answers and rolled up by addition."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Refused, Sentence
from survey.instruments.model import Instrument
from survey.privacy.alike import SQUARES, Values, telling_units
from survey.privacy.extremes import MARGIN, bound_extremes
from survey.privacy.figures import Bound, Style, bound_of
from survey.privacy.gate import Gate, Partition, partition, showing
from survey.privacy.inputs import WaveInputs
from survey.scoring.columns import ColumnSpec, scale_scores
from survey.scoring.comparison import Side
from survey.scoring.estimable import NotEstimable
from survey.scoring.index import index_measure
from survey.scoring.measure import COMMON, Measure, balance, twin, weigh
from survey.scoring.moments import Moments, UnitMoments, moments_by_unit
from survey.scoring.position import ADAPTIVE, TACTICAL, Placed, place
from survey.scoring.within import Within, within

TOO_FEW = NotEstimable(Sentence("Too few people answered for figures of the whole company."))
TOO_ALIKE = NotEstimable(Sentence("The answers are too alike to tell how far apart they are."))


@dataclass(frozen=True, eq=False)
class Scored:
    """What the figures of a wave are read from."""

    inputs: WaveInputs
    gate: Gate
    partition: Partition
    answers: NDArray[np.uint8]
    """Of the responses that count, extremes bounded; a row a response, a column an item."""
    cells: NDArray[np.int64]
    """The cell of each of these rows."""
    cell_moments: UnitMoments
    moved: dict[str, NDArray[np.int64]]
    """By shown unit, shape (2, items): cells in which an item's true sum may be higher, and lower."""
    moments: dict[str, Moments]
    """By shown unit, with cross-products, whether a spread may be made of them or not: see `known`."""
    ends: tuple[float, float]
    """The lowest index there is, and the highest."""

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.inputs.table.instrument

    @property
    def specs(self) -> tuple[ColumnSpec, ...]:
        """The columns of the moments."""
        return self.gate.specs

    @cached_property
    def scales(self) -> frozenset[str]:
        """The scales that were asked."""
        return frozenset(spec.scale for spec in self.specs)

    @cached_property
    def index(self) -> Measure:
        """The index."""
        return index_measure(self.instrument, self.specs)

    @cached_property
    def twin(self) -> Measure:
        """Its unweighted twin."""
        return twin(self.instrument, self.specs)

    @cached_property
    def detailed(self) -> frozenset[str]:
        """The units of tier two."""
        return showing(self.gate.detail_hidden)

    @property
    def root(self) -> str:
        """The company as a whole."""
        return self.inputs.tree.root

    def pooled(self, *of: Measure | str) -> Within | NotEstimable:
        """The spread of these scales within the published cells.

        Made of the cells, not of the teams behind them, it follows from what is shown anyway (the company's own spread
        and the cells' sums), and so gives nothing away; it is a little wider, which is safe. Where the company itself
        shows no spread there is none.
        """
        if self.root not in self.detailed:
            return TOO_FEW
        return self._within if all(self.root in self.telling(each) for each in of) else TOO_ALIKE

    @cached_property
    def _within(self) -> Within | NotEstimable:
        return within(self.cell_moments, self.specs)

    @cached_property
    def _telling(self) -> dict[str, frozenset[str]]:
        return {}

    def telling(self, of: Measure | str) -> frozenset[str]:
        """The units of tier two that may tell how far apart their answers are on a scale or measure."""
        measure = Measure.scale(of) if isinstance(of, str) else of
        if measure.name not in self._telling:
            self._telling[measure.name] = telling_units(
                self.partition, self.detailed, self.cell_moments.counts.tolist(), self._leaves_open(measure)
            )
        return self._telling[measure.name]

    def _leaves_open(self, measure: Measure) -> Callable[[list[int]], bool]:
        weights = weigh(measure, self.specs)
        width = float(np.abs(weights) @ [spec.high - spec.low for spec in self.specs])
        squares = np.einsum("i,cij,j->c", weights, self._scatters, weights) * ((COMMON[1] - COMMON[0]) / width) ** 2
        if measure.name not in self.answer_counts:
            return lambda pool: bool(squares[pool].sum() >= SQUARES)
        values = Values(self.answer_counts[measure.name])
        return lambda pool: bool(squares[pool].sum() >= SQUARES) and values.open(pool)

    @cached_property
    def _scatters(self) -> NDArray[np.float64]:
        """Shape (cells, columns, columns): squares and products of deviations from the cell's own means."""
        return self.cell_moments.scatters()

    @cached_property
    def answer_counts(self) -> dict[str, NDArray[np.int64]]:
        """By motive, shape (cells, answers): people by answer; means of several items go to the nearest answer."""
        return self.answers_by(np.arange(len(self.answers)), self.cells, len(self.partition.shown))

    def answers_by(
        self, rows: NDArray[np.intp], groups: NDArray[np.int64], n_groups: int
    ) -> dict[str, NDArray[np.int64]]:
        """The same of some responses, by groups of them."""
        motives = [spec for spec in self.specs if spec.scale in {scale.id for scale in self.instrument.motives}]
        scores = scale_scores(self.answers[rows], self.instrument, motives)
        return {spec.scale: _counts(scores[:, place], spec, groups, n_groups) for place, spec in enumerate(motives)}

    def known(self, code: str, *of: Measure | str) -> Moments:
        """A shown unit's moments as far as figures of these scales may be made of them.

        With a spread of its own in tier two only, and only where that leaves everybody's answer open.
        """
        told = bool(of) and all(code in self.telling(each) for each in of)
        return self.moments[code] if told else self._sums[code]

    @cached_property
    def _sums(self) -> dict[str, Moments]:
        """By shown unit, without cross-products."""
        return {code: replace(moments, products=None) for code, moments in self.moments.items()}

    def side(self, code: str, of: Measure) -> Side:
        """A shown unit, to be compared."""
        return Side(self.known(code, of), self.pooled(of))

    def placed(self, code: str) -> Placed | NotEstimable | None:
        """Where a shown unit stands on the tactical x adaptive map; None where the wave did not ask for both."""
        if not {ADAPTIVE, TACTICAL} <= self.scales:
            return None
        axes = (ADAPTIVE, TACTICAL, balance(self.specs))
        return place(self.known(code, *axes), self.pooled(*axes))

    def rest(self, code: str, *of: Measure | str) -> Moments:
        """Everybody in the company but the people of a shown unit, as far as figures may be made of them."""
        everybody, here = self.known(self.root, *of), self.known(code, *of)
        if everybody.products is None or here.products is None:
            return self._rest_sums[code]
        return everybody - here

    @cached_property
    def _rest_sums(self) -> dict[str, Moments]:
        return {code: self._sums[self.root] - sums for code, sums in self._sums.items()}

    def bound(self, moved: NDArray[np.int64], n: int, of: Measure | str, style: Style) -> Bound:
        """The flag of a scale or measure of a group, given the answers among its that were moved."""
        return bound_of(*self._reach(of, moved, n), style)

    def bound_apart(self, code: str, of: Measure | str, style: Style) -> Bound:
        """The flag of a unit's difference from the rest of the company."""
        here, rest = self.moved[code], self.moved[self.root] - self.moved[code]
        higher, lower = self._reach(of, here, self.moments[code].n)
        rest_higher, rest_lower = self._reach(of, rest, self.rest(code).n)
        return bound_of(higher + rest_lower, lower + rest_higher, style)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {item.id: place for place, item in enumerate(self.instrument.items)}

    def _reach(self, of: Measure | str, moved: NDArray[np.int64], n: int) -> tuple[float, float]:
        """How much higher, and how much lower, the true mean of `n` people may at most be."""
        higher = lower = 0.0
        if not moved.any():
            return higher, lower
        for scale, weight in of.weights if isinstance(of, Measure) else [(of, 1)]:
            items = self.instrument.items_of(scale)
            for item in items:
                up, down = (MARGIN * abs(float(weight)) / (len(items) * n)) * moved[:, self._places[item.id]]
                if (weight < 0) != item.reverse:
                    up, down = down, up
                higher, lower = higher + float(up), lower + float(down)
        return higher, lower


def score(inputs: WaveInputs, gate: Gate) -> Scored:
    """Bound the extremes and take the moments of every shown unit in one pass; raises Refused without an index."""
    instrument = inputs.table.instrument
    asked, index = {spec.scale for spec in gate.specs}, instrument.index
    if index is None or not asked.issuperset(index.weights):
        raise Refused("The index cannot be made: this wave did not ask for all motives.")
    cut = partition(inputs.tree, showing(gate.hidden))
    rows, cells = gate.rows(gate.base, cut)
    answers = inputs.table.answers[rows]
    flags = _bound_all_but_practices(answers, instrument, cells, len(cut.shown))
    scores = scale_scores(answers, instrument, gate.specs)
    cell_moments = moments_by_unit(scores, cells.astype(np.int32), len(cut.shown), gate.specs)
    return Scored(
        inputs, gate, cut, answers, cells, cell_moments,
        dict(zip(cut.shown, roll_up(np.stack([flags > 0, flags < 0], axis=1).astype(np.int64), cut), strict=True)),
        dict(zip(cut.shown, roll_up(cell_moments, cut), strict=True)), (float(index.low), float(index.high)),
    )  # fmt: skip


def _bound_all_but_practices(
    answers: NDArray[np.uint8], instrument: Instrument, cells: NDArray[np.int64], n_cells: int
) -> NDArray[np.int8]:
    """Bound the items of the one base in place; practice items have cells of their own."""
    places = [place for place, item in enumerate(instrument.items) if item not in instrument.practices]
    part = answers[:, places]
    flags = np.zeros((n_cells, len(instrument.items)), dtype=np.int8)
    flags[:, places] = bound_extremes(part, [instrument.items[place] for place in places], cells, n_cells)
    answers[:, places] = part
    return flags


def _counts(scores: NDArray[np.int64], spec: ColumnSpec, cells: NDArray[np.int64], n_cells: int) -> NDArray[np.int64]:
    nearest = (2 * scores.astype(np.int64) + spec.denominator) // (2 * spec.denominator) - spec.low
    wide = spec.high - spec.low + 1
    return np.bincount(cells * wide + nearest, minlength=n_cells * wide).reshape(n_cells, wide)


class Addable(Protocol):
    """Anything that adds up."""

    def __add__(self, other: Self, /) -> Self: ...


Added = TypeVar("Added", bound=Addable)


def roll_up(cells: Iterable[Added], cut: Partition) -> list[Added]:
    """Add the cells up the tree: what each shown unit has, the shown units below it included."""
    totals = list(cells)
    for cell in range(len(totals) - 1, -1, -1):
        if cut.above[cell] >= 0:
            totals[cut.above[cell]] = totals[cut.above[cell]] + totals[cell]
    return totals
