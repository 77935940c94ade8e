from itertools import chain, combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.privacy.atom_classes import AtomClasses
from survey.privacy.audit import AuditFailed, AuditVerdict, Finding, audit, audit_sizes
from survey.privacy.elimination import RowSpace, Undecidable
from survey.privacy.protection import protect_tree
from survey.privacy.search import Search
from survey.privacy.tree import Tree
from tests.privacy.drawings import Drawing, draw
from tests.privacy.test_protection import PICTURES, small_trees

CAST = """
    Company
      Care
        Desk 8
        Visits 2
      Sales
        North 9
        South 5
"""


def cells_of(drawing: Drawing, shown: list[str]) -> dict[str, tuple[str, ...]]:
    """The published cells as the audit takes them."""
    return {code: drawing.tree.below(code) for code in shown}


def people_of(drawing: Drawing) -> dict[str, int]:
    """Everybody, by atom."""
    return dict.fromkeys(drawing.tree.codes, 0) | dict(drawing.counts)


def test_drawn_trees_are_safe() -> None:
    """What the protection shows of each drawn company passes the audit."""
    for text in PICTURES:
        drawing = draw(text)
        hidden = protect_tree(drawing.tree, drawing.counts, 5)
        verdict = audit(cells_of(drawing, [c for c in hidden if hidden[c] is None]), people_of(drawing), 5)
        assert verdict.safe
        assert str(verdict.sentence).startswith("Safe: ")


def test_hiding_small_groups_alone_leaks() -> None:
    """The rule "show everything from five people on" is caught: Care minus Desk gives Visits away."""
    drawing = draw(CAST)
    shown = [code for code, people in drawing.tree.totals(drawing.counts).items() if people >= 5]
    verdict = audit(cells_of(drawing, shown), people_of(drawing), 5)
    assert not verdict.safe
    assert [(finding.people, finding.atoms) for finding in verdict.findings] == [(2, ("Visits",))]
    assert str(verdict.sentence) == (
        "Not safe, a group of fewer than 5 people is given away: what Visits answered can be worked out (people: 2)."
    )
    failed = AuditFailed(verdict)
    assert failed.verdict is verdict
    assert str(failed) == f"Nothing was published. {verdict.sentence}"


def test_hiding_the_second_smallest_too_may_leak() -> None:
    """Hiding a second sister is not enough where the two together are fewer than five."""
    drawing = draw(
        """
        Company
          A 2
          B 2
          C 9
        """
    )
    verdict = audit(cells_of(drawing, ["Company", "C"]), people_of(drawing), 5)
    assert verdict.findings[0].atoms == ("A", "B")
    assert verdict.findings[0].people == 4


def test_a_cell_of_too_few_people() -> None:
    """A published group that is itself too small is the plainest leak."""
    assert not audit({"A": ["a"]}, {"a": 4}, 5).safe
    assert audit({"A": ["a"]}, {"a": 5}, 5).safe


def test_cells_that_cross() -> None:
    """Teams and sexes published together: a lone woman in a team of men falls out of the margins."""
    atoms = {"a-men": 9, "a-women": 1, "b-men": 9, "c-men": 7}
    cells = {"a": ["a-men", "a-women"], "b": ["b-men"], "c": ["c-men"], "men": ["a-men", "b-men", "c-men"]}
    verdict = audit(cells, atoms, 5)
    assert verdict.findings[0].atoms == ("a-women",)


def test_a_group_made_of_several_classes() -> None:
    """Two groups of two people, neither determined alone, are determined together: they too are found."""
    atoms = {"a": 2, "b": 2, "c": 9, "d": 9}
    cells = {"ac": ["a", "c"], "bd": ["b", "d"], "cd": ["c", "d"]}
    assert [finding.atoms for finding in audit(cells, atoms, 5).findings] == [("a", "b")]
    assert audit(cells, atoms, 4).safe


@pytest.mark.parametrize("last", ["a", "x"])
def test_what_cancels_in_part_is_not_determined(last: str) -> None:
    """Two classes that share one freedom and not the other stay open, whichever of them the search meets first."""
    names = ["x", "b", "c", "e", "f"] if last == "x" else ["a", "c", "d", "e", "f"]
    lone, one, other, far, off = names
    atoms = {lone: 2, one: 2, other: 2, far: 9, off: 9}
    cells = {"1": [one, far], "2": [other, off], "3": [lone, one, other]}
    assert audit(cells, atoms, 5).safe
    assert [finding.atoms for finding in audit(cells, atoms, 7).findings] == [tuple(sorted((lone, one, other)))]


def test_odd_cycles_give_halves() -> None:
    """Three overlapping groups give each part away by a half of sums: coefficients need not be whole."""
    atoms = {"a": 3, "b": 3, "c": 3}
    verdict = audit({"ab": ["a", "b"], "bc": ["b", "c"], "ca": ["c", "a"]}, atoms, 5)
    assert len(verdict.findings) == 3


@settings(max_examples=100, deadline=None)
@given(small_trees(), st.integers(1, 7))
def test_protected_trees_pass(company: tuple[Tree, dict[str, int]], k: int) -> None:
    """Whatever the protection chooses, the audit, which does not know how, finds it safe."""
    tree, counts = company
    drawing = Drawing(tree, counts)
    hidden = protect_tree(tree, counts, k)
    assert audit(cells_of(drawing, [c for c in hidden if hidden[c] is None]), counts, k).safe


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=7),
    st.lists(st.integers(1, 127), min_size=1, max_size=6),
    st.integers(2, 7),
)
def test_against_every_group(sizes: list[int], masks: list[int], k: int) -> None:
    """For any cells, nested or not, the audit says what trying every group of people says."""
    atoms = {str(i): size for i, size in enumerate(sizes)}
    cells = {f"cell {i}": [a for a in atoms if mask >> int(a) & 1] for i, mask in enumerate(masks)}
    alive = [atom for atom, size in atoms.items() if size]
    matrix = np.array([[float(atom in cell) for atom in alive] for cell in cells.values()]).reshape(len(cells), -1)
    rank = np.linalg.matrix_rank(matrix) if alive else 0
    leaks = any(
        sum(atoms[atom] for atom in group) < k
        and np.linalg.matrix_rank(np.vstack([matrix, [float(atom in group) for atom in alive]])) == rank
        for group in chain.from_iterable(combinations(alive, size) for size in range(1, len(alive) + 1))
    )
    assert audit(cells, atoms, k).safe is not leaks


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=7),
    st.lists(st.lists(st.integers(0, 8), max_size=9), min_size=1, max_size=6),
    st.integers(2, 7),
    st.randoms(use_true_random=False),
)
def test_the_order_of_cells_and_atoms_changes_nothing(
    sizes: list[int], drawn: list[list[int]], k: int, random: Random
) -> None:
    """A verdict is the same in whatever order cells and atoms come, also where a cell names an atom twice or nobody."""
    atoms = {str(i): size for i, size in enumerate(sizes)}
    cells = {f"cell {i}": [str(atom) for atom in cell] for i, cell in enumerate(drawn)}
    other = {name: random.sample(cells[name], len(cells[name])) for name in random.sample(sorted(cells), len(cells))}
    for colluders in (0, k - 1):
        verdict = audit(cells, atoms, k, colluders=colluders)
        assert audit(other, dict(reversed(atoms.items())), k, colluders=colluders) == verdict


def test_atoms_that_no_cell_tells_apart() -> None:
    """Classes are numbered by their first atoms; each cell has its own in order, small cells first, then by name."""
    cells = {
        "all": ["f", "e", "d", "c", "b", "a"],
        "right": ["d", "e", "f", "nobody"],
        "none": [],
        "alone": ["a", "a"],
        "left": ["b", "a", "c", "c"],
    }
    classes = AtomClasses(cells, ["x", "f", "b", "a", "e", "c", "d"])
    assert classes.count == 3
    assert list(classes.of_cells()) == [
        ("none", []),
        ("alone", [0]),
        ("left", [0, 1]),
        ("right", [2]),
        ("all", [0, 1, 2]),
    ]
    assert classes.atoms(frozenset([2, 0])) == ("a", "d", "e", "f")
    assert classes.atoms(frozenset([1])) == ("b", "c")
    assert classes.add({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "x": 70}) == [1, 5, 15]
    nothing = AtomClasses({}, ["a"])
    assert (nothing.count, list(nothing.of_cells()), nothing.add({"a": 1})) == (0, [], [])


def test_what_cannot_be_decided_is_not_safe() -> None:
    """An audit that runs out of steps, in the algebra or in the search, refuses instead of passing."""
    cells = {"ac": ["a", "c"], "bd": ["b", "d"], "cd": ["c", "d"]}
    for steps in range(8):
        verdict = audit(cells, {"a": 9, "b": 9, "c": 9, "d": 9}, 5, steps)
        assert verdict.safe or verdict.undecided
    verdict = audit(cells, {"a": 1, "b": 1, "c": 1, "d": 1}, 2, 4)
    assert not verdict.safe
    assert "could not come to an end" in str(audit(cells, {"a": 9, "b": 9, "c": 9, "d": 9}, 5, 0).sentence)


def test_a_search_that_meets_itself() -> None:
    """A group that can be reached in several ways is looked at once, and found once."""
    atoms = {"a": 1, "b": 2, "c": 2, "d": 1}
    cells = {"1": ["a", "d", "c"], "2": ["a", "b", "c"], "3": ["b", "d", "c"], "4": ["a", "c", "d"]}
    assert [finding.atoms for finding in audit(cells, atoms, 5).findings] == [("a", "c", "d")]


def test_the_search_gives_up_in_time() -> None:
    """The search has a budget of its own, and what it could not finish is not safe."""
    atoms = dict.fromkeys("abcdefghijkl", 1)
    space = RowSpace()
    names = sorted(atoms)
    for place in range(0, len(names), 2):
        space.add([place, place + 1, (place + 2) % len(names)])
    with pytest.raises(Undecidable):
        list(Search(space, [1] * len(names), 6, 10).groups())


def test_at_most_twenty_findings() -> None:
    """A publication that leaks everywhere is answered with the first findings, not with a flood."""
    cells = {f"cell {i}": [str(i)] for i in range(50)}
    assert len(audit(cells, {str(i): 1 for i in range(50)}, 5).findings) == 20


def test_sizes_from_what_is_published() -> None:
    """The people of each hidden rest follow from the published sizes: two are left of Care beside Desk."""
    cells = cells_of(draw(CAST), ["Company", "Care", "Sales", "North", "Desk"])
    sizes = {"Company": 24, "Care": 10, "Sales": 14, "North": 9, "Desk": 8}
    (finding,) = audit_sizes(cells, sizes, 5).findings
    assert (finding.people, finding.atoms) == (2, ("Care", "Visits"))
    assert audit_sizes(cells, sizes | {"Care": 13, "Company": 27}, 5).safe


def test_elimination_stays_exact() -> None:
    """Fractions appear where they must and disappear again where sums become whole."""
    space = RowSpace()
    for columns in ([0, 1], [1, 2], [0, 2]):
        space.add(columns, 4)
    assert [space.freedom(column) for column in range(3)] == [{}, {}, {}]
    assert [space.known[column] for column in range(3)] == [2, 2, 2]


def test_elimination_forgets_what_cancels() -> None:
    """A column that drops out of an earlier row is free of it: a + b + c and a leave b + c."""
    space = RowSpace()
    space.add([0, 1, 2], 9)
    space.add([0], 4)
    assert [space.freedom(column) for column in range(3)] in ([{}, {2: 1}, {2: -1}], [{}, {1: -1}, {1: 1}])
    assert 5 in space.known.values()


def test_what_an_audit_found_is_said_in_words() -> None:
    """Who is given away, by whom if it takes that; a safe verdict says of how many groups and people."""
    alone, helped = Finding(3, ("East", "West")), Finding(2, ("East", "West"), ("North", "South"))
    assert str(alone.sentence) == "what East, West answered can be worked out (people: 3)."
    assert str(helped.sentence) == (
        "what East, West answered can be worked out (people: 2) by the people of North, South, who know their own "
        "answers."
    )
    assert str(AuditVerdict(safe=True, k=5, cells=8).sentence) == (
        "Safe: 8 published groups, and no arithmetic on them gives the total of fewer than 5 people."
    )
    assert str(AuditVerdict(safe=False, k=5, cells=8, undecided=True).sentence) == (
        "Not safe: the audit could not come to an end, and what it cannot decide is not published."
    )
