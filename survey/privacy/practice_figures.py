"""How often each practice is seen: every practice item by its own people, with a gate of its own."""

from dataclasses import dataclass, field

import numpy as np

from survey.instruments.model import Item
from survey.privacy.extremes import MARGIN, bound_extremes
from survey.privacy.figures import MEAN, Figure, bound_of, figure
from survey.privacy.gate import Gate, partition, showing
from survey.privacy.inputs import WaveInputs
from survey.privacy.scored import roll_up


@dataclass
class Seen:
    """The practice figures of one unit, by practice item."""

    figures: dict[str, Figure] = field(default_factory=dict)
    n: dict[str, int] = field(default_factory=dict)


def practices_seen(inputs: WaveInputs, gate: Gate) -> dict[str, Seen]:
    """Return the practice figures of each shown unit."""
    seen = {code: Seen() for code in showing(gate.hidden)}
    for item_id in gate.practices:
        _add(seen, inputs, gate, inputs.table.instrument.item(item_id))
    return seen


def _add(seen: dict[str, Seen], inputs: WaveInputs, gate: Gate, item: Item) -> None:
    hidden, own = gate.practices[item.id]
    cut = partition(inputs.tree, showing(hidden))
    rows, cells = gate.rows(own, cut)
    count = len(cut.shown)
    answers = inputs.table.answers[rows][:, [inputs.table.instrument.items.index(item)]]
    flags = bound_extremes(answers, [item], cells, count)
    of_cells = np.column_stack(
        [
            np.bincount(cells, minlength=count),
            np.bincount(cells, weights=answers[:, 0], minlength=count).astype(np.int64),
            flags > 0,
            flags < 0,
        ]
    )
    for code, (n, total, higher, lower) in zip(cut.shown, roll_up(of_cells, cut), strict=True):
        bound = bound_of(MARGIN * higher / n, MARGIN * lower / n, MEAN)
        seen[code].figures[item.id] = figure(total / n, MEAN, bound=bound)
        seen[code].n[item.id] = int(n)
