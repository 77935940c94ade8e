"""What a wave may show: both tiers, each practice item on its own, and the cells in which extremes are bounded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.privacy.inputs import WaveInputs
from survey.privacy.protection import protect_tree
from survey.privacy.released import Reason
from survey.privacy.strict import protect_strictly
from survey.privacy.tree import Tree
from survey.scoring.base import one_base, practice_base
from survey.scoring.columns import ColumnSpec, columns

Hidden = Mapping[str, Reason | None]


@dataclass(frozen=True)
class Partition:
    """Where each response falls once some units are shown: in the nearest shown unit above it."""

    shown: tuple[str, ...]
    """Shown units in the order of the tree; cell i is what no shown unit below covers of `shown[i]`."""
    above: tuple[int, ...]
    """By shown unit, the position of the nearest shown unit above it, -1 where there is none."""
    cell_of: NDArray[np.int64]
    """By unit of the tree in order, the cell of the people placed directly at it, -1 where they are in none."""


@dataclass(frozen=True)
class Gate:
    """The decisions of a wave, made before any figure."""

    specs: tuple[ColumnSpec, ...]
    base: NDArray[np.bool_]
    """By response, whether it counts."""
    places: NDArray[np.int64]
    """By response, the position of its unit in the tree's order."""
    hidden: Hidden
    detail_hidden: Hidden
    practices: Mapping[str, tuple[Hidden, NDArray[np.bool_]]]
    """By practice item that was asked: what is hidden of it, and who counts for it."""

    def rows(self, among: NDArray[np.bool_], partition: Partition) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """The responses of `among` that fall in a cell, and their cells."""
        cells = np.where(among, partition.cell_of[self.places], -1)
        rows = np.flatnonzero(cells >= 0)
        return rows, cells[rows]


def decide(inputs: WaveInputs) -> Gate:
    """Decide what may be shown of a wave, from nothing but who answered where."""
    table, tree, policy = inputs.table, inputs.tree, inputs.policy
    specs = columns(table.instrument, inputs.asked)
    base = one_base(table.answers, table.instrument, inputs.asked)
    order = {code: place for place, code in enumerate(tree.codes)}
    to_tree = np.array([order[facts.unit.code] for facts in inputs.facts], dtype=np.int64)
    places = to_tree[table.units]
    people = gate_counts(inputs, places[base])
    hidden = _protect(inputs, people)
    shown = showing(hidden)
    practices = {
        item: (_protect(inputs, gate_counts(inputs, places[own]), shown), own)
        for item, own in practice_base(table.answers, table.instrument, base).items()
        if item in inputs.asked
    }
    return Gate(specs, base, places, hidden, protect_tree(tree, people, policy.detail_k, shown), practices)


def _protect(inputs: WaveInputs, people: Mapping[str, int], allowed: Collection[str] | None = None) -> Hidden:
    """Protect tier one, or a practice item."""
    if inputs.strictly:
        renamed = {facts.unit.code: facts.crossed or 0 for facts in inputs.facts}
        return protect_strictly(inputs.tree, people, inputs.policy.k, inputs.moves or (), allowed, renamed)
    return protect_tree(inputs.tree, people, inputs.policy.k, allowed)


def gate_counts(inputs: WaveInputs, places: NDArray[np.int64]) -> dict[str, int]:
    """Count the people behind the responses at each unit, at least.

    Each spare code drawn at a unit may have been used by somebody who had answered before; but where there is an
    answer there is somebody.
    """
    answers = np.bincount(places, minlength=len(inputs.tree))
    spares = {facts.unit.code: facts.spares for facts in inputs.facts}
    return {
        code: max(int(count) - spares[code], min(int(count), 1))
        for code, count in zip(inputs.tree.codes, answers, strict=True)
    }


def showing(hidden: Hidden) -> frozenset[str]:
    """The units that are shown."""
    return frozenset(code for code, reason in hidden.items() if reason is None)


def partition(tree: Tree, shown: Collection[str]) -> Partition:
    """Return the cells of the shown units: the residuals of the published set."""
    codes = tuple(code for code in tree.codes if code in shown)
    cell = {code: place for place, code in enumerate(codes)}
    cell_of: dict[str, int] = {}
    above: list[int] = []
    for code in tree.codes:
        parent = tree.parent(code)
        over = -1 if parent is None else cell_of[parent]
        if code in cell:
            above.append(over)
        cell_of[code] = cell.get(code, over)
    return Partition(codes, tuple(above), np.array([cell_of[code] for code in tree.codes], dtype=np.int64))
