"""How the questions are laid out: a motive at a time, other questions a few at a time, the open question last."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from survey.instruments.model import Block, Instrument, Item

A_FEW: Final = 4
"""The most questions of one step."""


@dataclass(frozen=True)
class Step:
    """What one screen asks. The step of the open question has no items and no block."""

    number: int
    """From 1."""
    block: Block | None
    items: tuple[Item, ...]
    first: int = 0
    """The number of its first question among all, from 1."""

    @property
    def name(self) -> str:
        """What forms call it."""
        return f"step-{self.number}"


def steps(instrument: Instrument, items: Sequence[Item]) -> tuple[Step, ...]:
    """Lay out the items of a wave (in the instrument's order)."""
    laid: list[Step] = []
    asked = 0
    for block, group in instrument.in_blocks(items):
        motives = all(instrument.scale(item.scale).kind == "motive" for item in group)
        for few in evenly(group, 1 if motives else A_FEW):
            laid.append(Step(len(laid) + 1, block, few, asked + 1))
            asked += len(few)
    if instrument.comment:
        laid.append(Step(len(laid) + 1, None, ()))
    return tuple(laid)


def evenly(items: Sequence[Item], most: int) -> list[tuple[Item, ...]]:
    """Cut items into parts of `most` at most that differ by one at most."""
    parts = -(-len(items) // most)
    cuts = [len(items) * at // parts for at in range(parts + 1)]
    return [tuple(items[low:high]) for low, high in pairwise(cuts)]
