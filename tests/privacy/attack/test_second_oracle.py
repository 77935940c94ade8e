"""A second judge of the published set: the audit of tau-Argus, which statistical offices use for tables like these.

It takes a table of counts with what is not shown of it, and works out by linear programming between which numbers each
hidden cell must lie. What it calls unsafe, a reader of the table could work out.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pytauargus.engine import audit_jj

from survey.privacy.protection import protect_tree
from survey.privacy.tree import Tree, TreeUnit
from tests.privacy.attack.drawn import waves
from tests.privacy.drawings import draw

K = 5
OWN = "."
"""Ends the name of what is left of a unit besides the units below it: a cell of its own in the table."""

PICTURE = """
    Company
      Care
        Phone 8
        Chat 2
      Sales
        North 9
        South 5
"""


def judged(tree: Tree, counts: Mapping[str, int], shown: set[str], folder: Path) -> dict[str, tuple[float, float]]:
    """Return for each hidden cell with fewer than five people between which counts tau-Argus says it lies."""
    people = tree.totals(counts)
    cells = {code: (people[code], code in shown) for code in tree.codes}
    rows = []
    for code in tree.codes:
        children = list(tree.children(code))
        if children and counts.get(code, 0):
            cells[code + OWN] = (counts[code], False)
            children.append(code + OWN)
        if children:
            rows.append((code, children))
    names = list(cells)
    lines = ["0", str(len(cells))]
    for place, (count, open_) in enumerate(cells.values()):
        status = "s" if open_ or not count else "u" if count < K else "m"
        lines.append(f"{place} {count} {max(count, 1)} {status} 0 {people[tree.root]} 0 {int(status == 'u')} 0")
    lines.append(str(len(rows)))
    for code, children in rows:
        terms = [f"{names.index(code)} (-1)", *(f"{names.index(child)} (1)" for child in children)]
        lines.append(f"0 {len(terms)} : {' '.join(terms)}")
    table = folder / "table.jj"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = {names[row["cell"]]: (row["min"], row["max"]) for row in audit_jj(str(table))}
    return {name: reach for name, reach in found.items() if 0 < cells[name][0] < K}


def ours(tree: Tree, counts: Mapping[str, int]) -> set[str]:
    """Return what the product shows."""
    return {code for code, reason in protect_tree(tree, counts, K).items() if reason is None}


def test_no_hidden_count_is_pinned_down(tmp_path: Path) -> None:
    """Of no small cell of 100 random companies can the other judge name the count, whatever shape the tree has."""
    seen = 0
    for seed in range(100):
        tree, counts = _company(seed)
        for low, high in judged(tree, counts, ours(tree, counts), tmp_path).values():
            seen += 1
            assert low < high
    assert seen > 100


def test_the_other_judge_finds_what_plain_hiding_gives_away(tmp_path: Path) -> None:
    """With Chat alone hidden it finds the two people of Chat; with our set no more than that they are 0 to 10."""
    drawing = draw(PICTURE)
    plain = {code for code, people in drawing.tree.totals(drawing.counts).items() if people >= K}
    assert judged(drawing.tree, drawing.counts, plain, tmp_path) == {"Chat": (2, 2)}
    (reach,) = judged(drawing.tree, drawing.counts, ours(drawing.tree, drawing.counts), tmp_path).values()
    assert reach == pytest.approx((0, 10))


def _company(seed: int) -> tuple[Tree, dict[str, int]]:
    wave = waves(seed)[0]
    codes = [facts.unit.code for facts in wave.inputs.facts]
    counts = dict.fromkeys(codes, 0)
    for place in wave.inputs.table.units:
        counts[codes[place]] += 1
    return Tree(TreeUnit(f.unit.code, f.unit.parent, leads=f.unit.leads) for f in wave.inputs.facts), counts
