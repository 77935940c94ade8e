"""Exact elimination: what can be made of published sums by adding and subtracting them, over the rational numbers."""

from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import Final

Number = int | Fraction
Row = dict[int, Number]
_NOTHING: Final[Row] = {}
"""The row of each column that is determined by itself: one for all, which nothing is ever added to."""

STEPS: Final = 20_000_000
"""How many additions one elimination may cost before it gives up (20,000 nested teams cost under a million)."""


class Undecidable(Exception):  # noqa: N818 - it names what happened
    """The question cannot be answered exactly, or costs too much; whoever asked must take that for a no."""


class RowSpace:
    """The sums that follow from those added so far, kept in reduced row echelon form.

    Every kept row has a pivot: a column in which it has 1 and all other rows have 0. Rows are sparse; entries are
    whole numbers where they can be, fractions where they must be, never floats.
    """

    def __init__(self, steps: int = STEPS, last: Collection[int] = ()) -> None:
        """Columns in `last` become pivots only of rows that hold no others."""
        self.rows: dict[int, Row] = {}
        """By pivot; the pivot's own 1 is left out."""
        self.known: dict[int, Number] = {}
        """By pivot: the value of the row's sum, where the values of all added sums are numbers."""
        self._users: dict[int, set[int]] = {}
        """For a column without a pivot: pivots of the rows in which it stands."""
        self._left = steps
        self._last = last

    def add(self, columns: Iterable[int], value: Number = 0) -> None:
        """Learn the sum over `columns` (each with weight 1), which is `value`.

        Raises Undecidable for a sum that contradicts the ones before it, and when the work is too much.
        """
        row: Row = {}
        steps = 0
        for column in columns:
            steps += 1
            kept = self.rows.get(column)
            if kept is None:
                self._add_to(row, column, 1)
                continue
            value -= self.known[column]
            if kept:
                for other, weight in kept.items():
                    self._add_to(row, other, -weight)
                self._spend(len(kept))
        self._spend(steps)
        if row:
            self._keep(row, value)
        elif value:
            raise Undecidable

    def _keep(self, row: Row, value: Number) -> None:
        pivot = min(row, key=lambda column: (column in self._last, len(self._users.get(column, ())), column))
        scale = row.pop(pivot)
        row = {column: _divide(weight, scale) for column, weight in row.items()}
        value = _divide(value, scale)
        for user in self._users.pop(pivot, ()):
            other = self.rows[user]
            factor = other.pop(pivot)
            self.known[user] -= factor * value
            for column, weight in row.items():
                self._add_to(other, column, -factor * weight)
                self._note(column, user, used=column in other)
            self._spend(1 + len(row))
        for column in row:
            self._note(column, pivot, used=True)
        self.rows[pivot] = row or _NOTHING
        self.known[pivot] = value

    def _note(self, column: int, user: int, *, used: bool) -> None:
        users = self._users.setdefault(column, set())
        if used:
            users.add(user)
        else:
            users.discard(user)

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise Undecidable

    @staticmethod
    def _add_to(row: Row, column: int, weight: Number) -> None:
        total = row.get(column, 0) + weight
        if total:
            row[column] = total
        else:
            del row[column]

    def freedom(self, column: int) -> Row:
        """What keeps a column's share of any sum open: empty exactly where the column itself is determined.

        The shares of a set of columns add up to nothing if and only if the sum over the set is determined.
        """
        return self.rows.get(column, {column: -1})


def _divide(number: Number, by: Number) -> Number:
    if by == 1 and isinstance(number, int):
        return number
    quotient = Fraction(number) / by
    return quotient.numerator if quotient.denominator == 1 else quotient
