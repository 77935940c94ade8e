"""The answers of a wave as one table: a row a response, a column an item of the whole instrument."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument, Item


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """What people answered, and in which unit, without the people.

    `answers` has shape (responses, `instrument.items`) and holds answers as given, 255 where one was skipped or not
    asked; `units` has shape (responses,) and holds positions in the caller's list of unit codes.

    Raises:
        ValueError: The shapes do not fit together, or an answer lies outside its item's range.
    """

    instrument: Instrument
    answers: NDArray[np.uint8]
    units: NDArray[np.int32]

    def __post_init__(self) -> None:
        if self.answers.shape != (len(self.units), len(self.instrument.items)):
            raise ValueError(
                f"{len(self.units)} responses to {len(self.instrument.items)} items do not fit a table of shape "
                f"{self.answers.shape}"
            )
        for position, item in enumerate(self.instrument.items):
            _check_range(self.answers[:, position], item)

    @classmethod
    def of(cls, instrument: Instrument, answers: Iterable[bytes], units: Iterable[int]) -> Self:
        """Make the table from answer vectors as `instruments.answers.encode` writes them, one a response."""
        vectors = list(answers)
        return cls(
            instrument,
            np.frombuffer(b"".join(vectors), dtype=np.uint8).reshape(len(vectors), len(instrument.items)),
            np.fromiter(units, dtype=np.int32),
        )

    def __len__(self) -> int:
        return len(self.units)


def _check_range(column: NDArray[np.uint8], item: Item) -> None:
    given = column[column != SKIPPED]
    if given.size and not item.min <= given.min() <= given.max() <= item.max:
        raise ValueError(f"an answer to {item.id} lies outside {item.min} to {item.max}")
