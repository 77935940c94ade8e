"""All marks of careless answers of the responses of a file, for somebody who owns the file."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.model import Item
from survey.scoring.careless import Indices, distance, even_odd, strings, variability
from survey.scoring.columns import item_values
from survey.scoring.estimable import NotEstimable
from survey.scoring.files import AnswerFile
from survey.scoring.quality import long_strings, straight_liners


@dataclass(frozen=True)
class Marks:
    """Marks by response, in the order of the file; None where one cannot be had."""

    straight: tuple[bool, ...]
    string: tuple[bool, ...] | NotEstimable
    longest: tuple[int, ...]
    average: tuple[float, ...]
    variability: Indices
    even_odd: Indices
    distance: Indices | NotEstimable


def marks(file: AnswerFile) -> Marks:
    """Return the marks of every response, over the questions that have a column, in the instrument's order.

    Runs and variability are of all these questions, the distance of all but those about practices, even-odd of the
    scales of two and more, reverse-keyed questions turned.
    """
    table, instrument = file.table, file.table.instrument
    asked = [item for item in instrument.items if item.id in file.asked]
    given = _values(file, asked)
    string = long_strings(table.answers, instrument, file.asked)
    lengths, halves = _scales(file)
    runs = strings(given)
    return Marks(
        straight=tuple(straight_liners(table.answers, instrument).tolist()),
        string=string if isinstance(string, NotEstimable) else tuple(string.tolist()),
        longest=runs.longest,
        average=runs.average,
        variability=variability(given),
        even_odd=even_odd(halves, lengths),
        distance=distance(_values(file, [item for item in asked if item not in instrument.practices])),
    )


def _values(file: AnswerFile, items: Sequence[Item]) -> NDArray[np.float64]:
    places = [file.table.instrument.items.index(item) for item in items]
    block = file.table.answers[:, places]
    return np.where(block == SKIPPED, np.nan, block.astype(np.float64))


def _scales(file: AnswerFile) -> tuple[list[int], NDArray[np.float64]]:
    """Return how many questions each scale without facets has, from two on, and their answers side by side."""
    instrument, lengths, blocks = file.table.instrument, list[int](), [np.empty((len(file.table), 0))]
    for scale in instrument.scales:
        own = [item.scale == scale.id and item.id in file.asked for item in instrument.items_of(scale.id)]
        if sum(own) > 1:
            lengths.append(sum(own))
            blocks.append(item_values(file.table.answers, instrument, scale.id)[:, own])
    return lengths, np.column_stack(blocks)
