"""Every number of a unit as a row: what the data annex of a report and the workbook of a wave hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reports.recompute import of_row
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import UnitFigures
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

HEADER: Final = (
    "unit",
    "measure",
    "scale",
    "n",
    "value",
    "text",
    "low",
    "high",
    "bound",
    "total",
    "denominator",
    "method",
)


@dataclass(frozen=True)
class Number:
    """One number of a unit, or why it has none."""

    unit: str
    measure: str
    """What it is: "index", "mean", "change", ..., or "suppressed"."""
    scale: str = ""
    """What it is of, or the reason where it is suppressed."""
    n: int | None = None
    figure: Figure | None = None
    total: int | None = None
    denominator: int | None = None

    def cells(self) -> tuple[object, ...]:
        """Return the row as `HEADER` names it."""
        if self.figure is None:
            return (self.unit, self.measure, self.scale, *[""] * (len(HEADER) - 3))
        figure = self.figure
        rest = (figure.low, figure.high, figure.bound, self.total, self.denominator, of_row(self.measure))
        known = ("" if cell is None else cell for cell in (self.n, figure.value, figure.text, *rest))
        return (self.unit, self.measure, self.scale, *known)


def numbers(unit: PublishedUnit, publication: Publication) -> Iterable[Number]:
    """Yield all numbers of a unit that are told; for one that is not shown, one row with the reason."""
    if isinstance(unit.figures, Suppressed):
        yield Number(unit.code, "suppressed", unit.figures.reason)
        return
    figures = unit.figures.value
    yield Number(unit.code, "index", "", figures.n, figures.index)
    yield Number(unit.code, "twin", "", figures.n, figures.twin)
    totals = totals_of(unit, publication)
    for scale, figure in figures.scales.items():
        yield Number(unit.code, "mean", scale, figures.n, figure, *totals.get(scale, (None, None)))
    yield from _compared(unit.code, figures)
    for practice, figure in figures.practices.items():
        yield Number(unit.code, "practice", practice, figures.practices_n[practice], figure)
    yield from _changes(unit, figures)


def _compared(code: str, figures: UnitFigures) -> Iterable[Number]:
    if not isinstance(figures.contribution, NotEstimable):
        yield Number(code, "gap", "", figures.n, figures.contribution.gap)
        for motive, figure in figures.contribution.parts.items():
            yield Number(code, "part of the gap", motive, figures.n, figure)
    if not isinstance(figures.balance, NotEstimable):
        yield Number(code, "balance", "", figures.n, figures.balance)


def _changes(unit: PublishedUnit, figures: UnitFigures) -> Iterable[Number]:
    if isinstance(unit.detail, Suppressed) or unit.detail.value.change is None:
        return
    yield Number(unit.code, "change", unit.detail.value.change.since, figures.n, unit.detail.value.change.difference)
    for motive, change in unit.detail.value.motive_changes.items():
        measure = f"change of a motive since {change.since}"
        yield Number(unit.code, measure, motive, figures.n, change.difference)


def totals_of(unit: PublishedUnit, publication: Publication) -> Mapping[str, tuple[int, int]]:
    """Return the exact sum of each scale, and the whole number its values were multiplied with."""
    if isinstance(unit.sums, Suppressed):
        return {}
    pairs = zip(publication.columns, unit.sums.value.totals, strict=True)
    return {column.scale: (total, column.denominator) for column, total in pairs}
