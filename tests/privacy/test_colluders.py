from collections.abc import Iterable
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.privacy.audit import AuditVerdict, Finding, audit, audit_sizes
from survey.privacy.protection import protect_tree
from survey.privacy.tree import Tree
from tests.privacy.test_protection import small_trees

CROSSING = {"ac": ["a", "c"], "bc": ["b", "c"]}
PEOPLE = {"a": 3, "b": 1, "c": 9}


def test_one_person_who_knows_herself() -> None:
    """Two groups that share most people differ by a few: who is alone on one side has the total of the other."""
    assert audit(CROSSING, PEOPLE, 5).safe
    verdict = audit(CROSSING, PEOPLE, 5, colluders=1)
    assert [(finding.people, finding.atoms, finding.by) for finding in verdict.findings] == [(3, ("a",), ("b",))]
    assert str(verdict.sentence) == (
        "Not safe, a group of fewer than 5 people is given away: what a answered can be worked out (people: 3) by the "
        "people of b, who know their own answers."
    )


def test_the_others_may_be_k_less_those_who_know() -> None:
    """Four others are not too few for one who knows herself where five are enough for everybody."""
    verdict = audit(CROSSING, PEOPLE | {"a": 4}, 5, colluders=1)
    assert verdict.safe
    assert str(verdict.sentence) == (
        "Safe: 2 published groups. Even where people put their own answers together, up to 1 of them, whatever they "
        "can work out is of 5 people at least, themselves included."
    )


def test_two_who_know_more_than_one() -> None:
    """Two people in two places learn what neither of them could."""
    cells = {"1": ["a", "c"], "2": ["x", "y", "c"], "3": ["y", "d"]}
    people = {"a": 2, "x": 1, "y": 1, "c": 9, "d": 9}
    assert audit(cells, people, 5, colluders=1).safe
    assert audit(cells, people, 5, colluders=2).findings[0].by == ("x", "y")


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=6),
    st.lists(st.integers(1, 63), min_size=1, max_size=5),
    st.integers(2, 7),
)
def test_weighted_sums(sizes: list[int], masks: list[int], k: int) -> None:
    """Asked about all but one of k, the audit finds any weighted sum of fewer than k people, as trying all does."""
    atoms = {str(place): size for place, size in enumerate(sizes)}
    cells = {f"cell {place}": [a for a in atoms if mask >> int(a) & 1] for place, mask in enumerate(masks)}
    sums = np.array([[float(atom in cell) for atom in atoms] for cell in cells.values()])
    weighted = any(
        np.linalg.matrix_rank(np.delete(sums, group, axis=1)) < np.linalg.matrix_rank(sums)
        for group in _groups(range(len(sizes)), len(sizes))
        if group and sum(sizes[index] for index in group) < k
    )
    assert audit(cells, atoms, k, colluders=k - 1).safe is not weighted


@pytest.mark.parametrize(
    ("sizes", "drawn", "k", "c", "safe"),
    [
        ("a2 b1 c1 d1 e2 f2 g9 h9", "acef abcdefgh bcdh abcdfg", 5, 4, True),
        ("a2 b1 c1 d9 e1 f1 g2 h2", "afh adfg degh", 4, 2, False),
        ("a2 b1 c1 d9 e1 f1 g9 h1", "abefg defh bcfgh abcdgh", 6, 1, False),
        ("a1 b9 c1 d9 e2 f2 g1 h2", "bcdh bdefh acdegh cegh ach abce", 4, 3, False),
        ("a3 b9 c2 e1 f2 g1", "aefg acf bceg abe", 7, 1, False),
        ("a9 b1 c9 d1 e2 f1 g1 h9 i1", "abcegh acdfhi bcdefi cefghi", 8, 3, False),
        ("a2 b2 c1 d2 e9 f2 g1 h1", "acdgh abeh abdefgh abcdef", 5, 1, False),
    ],
)
def test_sums_that_cross_in_many_ways(sizes: str, drawn: str, k: int, c: int, safe: bool) -> None:  # noqa: FBT001 - a column of the table
    """Where halves and doubles of sums, and several people who know, have to come together, the search finds them."""
    atoms = {each[0]: int(each[1:]) for each in sizes.split()}
    cells = {each: list(each) for each in drawn.split()}
    verdict = audit(cells, atoms, k, colluders=c)
    assert verdict.safe is safe
    sums = np.array([[float(atom in cell) for atom in atoms] for cell in cells.values()])
    place = {atom: at for at, atom in enumerate(atoms)}
    for finding in verdict.findings:
        knowing, others = (tuple(place[atom] for atom in group) for group in (finding.by, finding.atoms))
        assert _determined(sums, knowing, others)
        assert sum(atoms[atom] for atom in finding.by) <= c
        assert sum(atoms[atom] for atom in (*finding.by, *finding.atoms)) < k


@pytest.mark.parametrize("colluders", [-1, 5])
def test_how_many_can_be_asked_about(colluders: int) -> None:
    """Fewer than nobody, or so many that no others are left below the threshold, is no question."""
    with pytest.raises(ValueError, match=str(colluders)):
        audit({"a": ["a"]}, {"a": 5}, 5, colluders=colluders)


@settings(max_examples=60, deadline=None)
@given(small_trees(), st.integers(2, 7), st.integers(1, 6))
def test_in_a_tree_it_is_always_k_less_those_who_know(company: tuple[Tree, dict[str, int]], k: int, c: int) -> None:
    """Nested groups that are safe are safe from any who put their answers together."""
    tree, counts = company
    hidden = protect_tree(tree, counts, k)
    cells = {code: tree.below(code) for code in hidden if hidden[code] is None}
    assert audit(cells, counts, k, colluders=min(c, k - 1)).safe


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=5).filter(lambda sizes: sum(sizes) <= 8),
    st.lists(st.integers(1, 31), min_size=1, max_size=4),
    st.integers(2, 5),
    st.integers(0, 2),
)
def test_against_every_person(sizes: list[int], masks: list[int], k: int, c: int) -> None:
    """The audit says what it comes to when every few people, and every group of others, are tried one by one."""
    c = min(c, k - 1)
    atoms = {str(place): size for place, size in enumerate(sizes)}
    people = [atom for atom, size in atoms.items() for _ in range(size)]
    cells = {f"cell {place}": [a for a in atoms if mask >> int(a) & 1] for place, mask in enumerate(masks)}
    sums = np.array([[float(atom in cell) for atom in people] for cell in cells.values()])
    everybody = range(len(people))
    assert audit(cells, atoms, k, colluders=c).safe is not any(
        _determined(sums, knowing, others)
        for knowing in _groups(everybody, c)
        for others in _groups(set(everybody) - set(knowing), k - len(knowing) - 1)
        if others
    )


def _groups(people: Iterable[int], most: int) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(sorted(people), size) for size in range(most + 1)))


def _determined(sums: np.ndarray, knowing: tuple[int, ...], others: tuple[int, ...]) -> bool:
    wide = sums.shape[1]
    known = np.vstack([sums, *(np.eye(wide)[[one]] for one in knowing)])
    asked = np.zeros(wide)
    asked[list(others)] = 1
    return bool(np.linalg.matrix_rank(np.vstack([known, asked])) == np.linalg.matrix_rank(known))


def test_sizes_alone_find_what_counts_find() -> None:
    """An outsider, who has the sizes of the published groups only, finds the group that is given away."""
    cells = {"ac": ["a", "c"], "bd": ["b", "d"], "cd": ["c", "d"], "ef": ["e", "f"], "fg": ["f", "g"]}
    sizes = {"ac": 11, "bd": 11, "cd": 18, "ef": 9, "fg": 12}
    (finding,) = audit_sizes(cells, sizes, 5).findings
    assert (finding.people, finding.atoms) == (4, ("a", "b"))
    assert audit_sizes(cells, sizes | {"ac": 12}, 5).safe


def test_sizes_that_cannot_be() -> None:
    """Sizes that contradict each other, or leave fewer than nobody, decide nothing."""
    assert audit_sizes({"ab": ["a", "b"], "ba": ["a", "b"]}, {"ab": 9, "ba": 12}, 5).undecided
    assert audit_sizes({"ab": ["a", "b"], "a": ["a"]}, {"ab": 9, "a": 12}, 5).undecided


def test_a_class_of_nobody_is_no_finding() -> None:
    """Where sizes say that nobody is left in a remainder, nobody is given away."""
    assert audit_sizes({"ab": ["a", "b"], "a": ["a"]}, {"ab": 9, "a": 9}, 5).safe


def test_a_verdict_says_what_was_asked() -> None:
    """Safe, not safe or undecided (which is not safe): a verdict holds what was asked, about how many groups."""
    cells = {"ab": ["a", "b"], "bc": ["b", "c"]}
    sizes, people = {"ab": 5, "bc": 9}, {"a": 3, "b": 2, "c": 7}
    undecided = AuditVerdict(safe=False, k=5, cells=2, undecided=True, colluders=1)
    assert audit_sizes(cells, sizes, 5, colluders=1) == audit(cells, people, 5, 1, colluders=1) == undecided
    assert audit_sizes(cells, sizes, 5) == audit(cells, people, 5) == AuditVerdict(safe=True, k=5, cells=2)
    given_away = AuditVerdict(safe=False, k=6, cells=2, findings=(Finding(5, ("a", "b")),))
    assert audit_sizes(cells, sizes, 6) == audit(cells, people, 6) == given_away


def test_sizes_cannot_say_what_a_few_may_know() -> None:
    """Where it depends on the size of a class that stays open, the answer is not "safe"."""
    cells = {"ab": ["a", "b"], "bc": ["b", "c"]}
    assert audit_sizes(cells, {"ab": 5, "bc": 9}, 5).safe
    assert audit_sizes(cells, {"ab": 5, "bc": 9}, 5, colluders=1).undecided
