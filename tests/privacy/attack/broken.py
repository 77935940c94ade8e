"""Builds broken on purpose, one rule each: what the attacks must find, or they prove nothing.

The product's own audit is switched off in all of them, so that the attacks are alone.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from survey.privacy import cells, extremes, freeze, gate, means, practice_figures, protection, scored, surroundings
from survey.privacy.head import Place
from survey.privacy.inputs import WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import Rest, Sums, UnitRecord
from survey.privacy.scored import Scored
from survey.privacy.tree import Tree
from survey.scoring.columns import scale_scores
from survey.scoring.moments import Moments
from tests.privacy.attack import values

Hidden = dict[str, str | None]
Break = Callable[[pytest.MonkeyPatch], None]


def small_only(patch: pytest.MonkeyPatch) -> None:
    """Hide groups under k and nothing else: the plain rule of most products."""
    patch.setattr(gate, "protect_tree", _naive)


def _naive(tree: Tree, counts: Mapping[str, int], k: int, allowed: Any = None) -> Hidden:  # noqa: ANN401 - any collection
    people = tree.totals(counts)
    return {
        code: None if people[code] >= k and (allowed is None or code in allowed) else "small" for code in tree.codes
    }


def two_hidden(patch: pytest.MonkeyPatch) -> None:
    """Never hide one alone, but do not look how many the hidden ones are together: the residual check is off."""

    def protect(tree: Tree, counts: Mapping[str, int], k: int, allowed: Any = None) -> Hidden:  # noqa: ANN401 - as above
        hidden, people = _naive(tree, counts, k, allowed), tree.totals(counts)
        for code in reversed(tree.codes):
            children = [child for child in tree.children(code) if people[child]]
            gone = [child for child in children if hidden[child]]
            if hidden[code] is None and len(gone) == 1 and len(children) > 1:
                hidden[min(set(children) - set(gone), key=lambda child: (people[child], child))] = "complementary"
        return hidden

    patch.setattr(gate, "protect_tree", protect)


def unbounded(patch: pytest.MonkeyPatch) -> None:
    """Leave extremes as they are."""

    def nothing(
        answers: NDArray[np.uint8], items: list[Any], cells: NDArray[np.int64], n_cells: int
    ) -> NDArray[np.int8]:
        del answers, cells
        return np.zeros((n_cells, len(items)), dtype=np.int8)

    patch.setattr(scored, "bound_extremes", nothing)
    patch.setattr(practice_figures, "bound_extremes", nothing)


def flagged_where_moved(patch: pytest.MonkeyPatch) -> None:
    """Say "or more" only of sums that were moved, not of one at the bound: then it says that the sum is above it."""

    def bound(answers: NDArray[np.uint8], items: list[Any], cells: NDArray[np.int64], n_cells: int) -> NDArray[np.int8]:
        before = answers.copy()
        flags = extremes.bound_extremes(answers, items, cells, n_cells)
        for cell in range(n_cells):
            flags[cell, ~(before != answers)[cells == cell].any(axis=0)] = 0
        return flags

    for place in (scored, practice_figures, values):
        patch.setattr(place, "bound_extremes", bound)
    patch.setattr(values, "rule", values.rule.__wrapped__)


class _SumsWithProducts(Sums, frozen=True):
    products: tuple[list[int], ...] = ()


def products_kept(patch: pytest.MonkeyPatch) -> None:
    """Publish cross-products beside the sums."""

    def sums(of: Scored, code: str) -> Sums:
        moments = of.moments[code]
        assert moments.products is not None
        return _SumsWithProducts(moments.n, moments.totals.tolist(), tuple(moments.products.tolist()))

    def unit_record(data: bytes, place: Place) -> UnitRecord:
        del place
        unit = json.loads(bytes(data))
        (unit["sums"] or {}).pop("products", None)
        return msgspec.convert(unit, UnitRecord)

    patch.setattr(surroundings, "_sums", sums)
    patch.setattr(cells, "unit_record", unit_record)


def own_spread(patch: pytest.MonkeyPatch) -> None:
    """Let intervals of any unit of ten rest on its own spread, in tier two or not."""
    patch.setattr(Scored, "known", lambda self, code, *_: self.moments[code])


def details_from_k(patch: pytest.MonkeyPatch) -> None:
    """Show distributions and spreads below tier two."""
    original = protection.protect_tree

    def protect(tree: Tree, counts: Mapping[str, int], k: int, allowed: Any = None) -> Mapping[str, Any]:  # noqa: ANN401 - as above
        return original(tree, counts, min(k, Policy().k), allowed)

    patch.setattr(gate, "protect_tree", protect)


def however_alike(patch: pytest.MonkeyPatch) -> None:
    """Show how answers spread even where they hardly do."""
    patch.setattr(Scored, "telling", lambda self, _: self.detailed)


def rests_apart(patch: pytest.MonkeyPatch) -> None:
    """Tell the mean of each hidden unit, unrounded, instead of all hidden ones together."""

    def apart(of: Scored) -> dict[str, Rest]:
        found = {}
        order = list(of.inputs.tree.codes)
        for unit in of.inputs.tree.units:
            people = of.gate.base & (of.gate.places == order.index(unit.code))
            if of.gate.hidden[unit.code] and people.any():
                moments = _moments(of, people)
                still = np.zeros((2, len(of.instrument.items)), dtype=np.int64)
                index, scales = means.index_figure(of, moments, still), means.scale_figures(of, moments, still)
                found[unit.code] = Rest(moments.n, [unit.code], index, scales)
        return found

    patch.setattr(freeze, "rests", apart)


def _moments(of: Scored, people: NDArray[np.bool_]) -> Moments:
    scores = scale_scores(of.inputs.table.answers[people], of.instrument, of.specs)
    return Moments(len(scores), scores.sum(axis=0), None, of.specs)


def leads_in_nobodys_cell(patch: pytest.MonkeyPatch) -> None:
    """Take the leads' group for a part of its unit that needs no protection of its own."""
    original = gate.gate_counts

    def counts(inputs: WaveInputs, places: NDArray[np.int64]) -> dict[str, int]:
        found = original(inputs, places)
        return {code: 0 if inputs.by_code[code].unit.leads else people for code, people in found.items()}

    patch.setattr(gate, "gate_counts", counts)


def raw_sums(patch: pytest.MonkeyPatch) -> None:
    """Forget the bounds in one place: the sums are those of the answers as they were given."""

    def sums(of: Scored, code: str) -> Sums:
        below = set(of.inputs.tree.below(code))
        inside = np.array([unit in below for unit in of.inputs.tree.codes])[of.gate.places]
        return Sums(of.moments[code].n, _moments(of, of.gate.base & inside).totals.tolist())

    patch.setattr(surroundings, "_sums", sums)


def items_in_one_mean(patch: pytest.MonkeyPatch) -> None:
    """Score a scale with facets as the mean of all items answered, so that it is another sum for who skipped one."""
    from_facets = scale_scores

    def scores(answers: NDArray[np.uint8], instrument: Any, chosen: Any = None) -> Any:  # noqa: ANN401 - as the original
        found = from_facets(answers, instrument, chosen)
        column = [spec.scale for spec in chosen].index("adaptive") if any(s.scale == "adaptive" for s in chosen) else -1
        if column < 0:
            return found
        facets = {scale.id for scale in instrument.scales if scale.parent == "adaptive"}
        places = [place for place, item in enumerate(instrument.items) if item.scale in facets]
        block = answers[:, places].astype(np.float64)
        given = block != 255
        means = np.where(given, block, 0).sum(axis=1) / given.sum(axis=1)
        found[:, column] = np.rint(means * chosen[column].denominator).astype(found.dtype)
        return found

    patch.setattr(scored, "scale_scores", scores)


def audit_off(patch: pytest.MonkeyPatch) -> None:
    """Publish whatever the gate lets through."""
    patch.setattr(freeze, "check", lambda *_: None)


def without_some(inputs: WaveInputs, late: int) -> WaveInputs:
    """The wave as it stood before its last answers came."""
    table = inputs.table
    kept = slice(0, max(len(table) - late, 0))
    return replace(inputs, table=replace(table, answers=table.answers[kept], units=table.units[kept]))


BROKEN: Final[dict[str, tuple[Break, str]]] = {
    "groups under k hidden and nothing else": (small_only, "group"),
    "two hidden, however small": (two_hidden, "group"),
    "extremes as they are": (unbounded, "value"),
    "or more of moved sums only": (flagged_where_moved, "value"),
    "cross-products kept": (products_kept, "row"),
    "own spread without details": (own_spread, "group"),
    "details from k people on": (details_from_k, "group"),
    "spreads of answers that are alike": (however_alike, "detail"),
    "hidden units told one by one": (rests_apart, "group"),
    "leads without a cell of their own": (leads_in_nobodys_cell, "group"),
    "sums without bounds": (raw_sums, "two numbers"),
    "a scale of all items beside its facets": (items_in_one_mean, "two numbers"),
}
"""By what was broken: how, and which attack must find it."""
