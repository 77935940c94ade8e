from itertools import chain, combinations
from textwrap import dedent

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.privacy.protection import protect_tree
from survey.privacy.tree import Tree, TreeUnit
from tests.privacy.drawings import draw, picture

PICTURES = [
    # Everything is large enough.
    """
    Company shown
      Care shown
        Desk 8 shown
        Visits 5 shown
      Sales shown
        North 9 shown
        South 5 shown
    """,
    # The cast: Visits is small, and Desk would give it away beside Care, so Care alone is shown.
    """
    Company shown
      Care shown
        Desk 8 complementary
        Visits 2 small
      Sales shown
        North 9 shown
        South 5 shown
    """,
    # Two small teams cover each other: together they are five people.
    """
    Company shown
      East 9 shown
      North 3 small
      South 2 small
    """,
    # One small team alone: the larger of two sisters stays, since as many are shown.
    """
    Company shown
      East 6 complementary
      North 9 shown
      South 2 small
    """,
    # The people placed directly at a unit are a group of their own.
    """
    Company shown
      Company+ 5 shown
      East shown
        A 6 shown
        B 6 shown
      West shown
        C 6 shown
        D 6 shown
    """,
    # Four managers at the top would let the company give them away: a team and its unit are given up for it.
    """
    Company shown
      Company+ 4 small
      East complementary
        A 6 complementary
        B 6 shown
      West shown
        C 6 shown
        D 7 shown
    """,
    # Fewer people than the threshold in the whole company: nothing is shown.
    """
    Company small
      A 2 small
      B 2 small
    """,
    # A unit without answers harms nobody.
    """
    Company shown
      A 0 small
      B 5 shown
      C 9 shown
    """,
    # A unit with the same people as its only team: both are shown, they say the same.
    """
    Company shown
      East shown
        A 7 shown
      West 8 shown
    """,
]


def test_drawn_trees() -> None:
    """Each drawn company shows what its picture says."""
    for text in PICTURES:
        drawing = draw(text)
        hidden = protect_tree(drawing.tree, drawing.counts, 5)
        assert picture(drawing, hidden) == dedent(text).strip()


def test_only_what_is_allowed() -> None:
    """The second tier chooses among the units of the first."""
    drawing = draw(
        """
        Company
          East 12
          West 15
        """
    )
    hidden = protect_tree(drawing.tree, drawing.counts, 10, {"Company", "West"})
    assert hidden == {"Company": None, "East": "complementary", "West": None}
    assert protect_tree(drawing.tree, drawing.counts, 10, set()) == dict.fromkeys(drawing.tree.codes, "complementary")


def test_without_the_company() -> None:
    """Where the company itself is not allowed, as many units as possible are shown, larger ones in a tie."""
    drawing = draw(
        """
        Company
          East
            A 6
            B 7
            C 3
          West 8
        """
    )
    hidden = protect_tree(drawing.tree, drawing.counts, 5, {"East", "A", "B", "West"})
    assert [code for code, reason in hidden.items() if reason is None] == ["East", "B", "West"]


@st.composite
def small_trees(draw: st.DrawFn) -> tuple[Tree, dict[str, int]]:
    """Trees of up to nine units with people anywhere."""
    size = draw(st.integers(1, 9))
    units = [TreeUnit("0", None)]
    units += [TreeUnit(str(i), str(draw(st.integers(0, i - 1)))) for i in range(1, size)]
    counts = {unit.code: draw(st.integers(0, 8)) for unit in units}
    return Tree(units), counts


def residuals(tree: Tree, counts: dict[str, int], shown: frozenset[str]) -> list[int]:
    """People in each shown unit whom no shown unit below it covers, as the definition says."""
    people = tree.totals(counts)
    return [
        people[code]
        - sum(
            people[other]
            for other in tree.below(code)
            if other in shown and other != code and not shown & set(tree.path(other)[tree.depth(code) + 1 : -1])
        )
        for code in shown
    ]


@settings(max_examples=150, deadline=None)
@given(small_trees(), st.integers(1, 7), st.integers(0, 2**9 - 1))
def test_best_of_all_safe_sets(company: tuple[Tree, dict[str, int]], k: int, mask: int) -> None:
    """No safe set of allowed units is better than the one chosen, and it is safe itself: compared with all sets."""
    tree, counts = company
    people = tree.totals(counts)
    allowed = {code for code in tree.codes if mask >> int(code) & 1} | {tree.root}
    may = [code for code in tree.codes if code in allowed and people[code] >= k]

    def safe(shown: frozenset[str]) -> bool:
        return all(people == 0 or people >= k for people in residuals(tree, counts, shown))

    def worth(shown: frozenset[str]) -> tuple[bool, int, int]:
        return tree.root in shown, len(shown), sum(people[code] for code in shown)

    subsets = map(frozenset, chain.from_iterable(combinations(may, size) for size in range(len(may) + 1)))
    best = max(worth(shown) for shown in subsets if safe(shown))
    hidden = protect_tree(tree, counts, k, allowed)
    chosen = frozenset(code for code, reason in hidden.items() if reason is None)
    assert safe(chosen)
    assert worth(chosen) == best
    assert all((reason == "small") == (people[code] < k) for code, reason in hidden.items() if reason)


@settings(max_examples=60, deadline=None)
@given(small_trees(), st.integers(1, 7), st.sampled_from([3, 40]))
def test_it_does_not_matter_in_what_people_are_counted(
    company: tuple[Tree, dict[str, int]], k: int, times: int
) -> None:
    """Where everybody brings as many colleagues along and the threshold is as many times higher, the same is shown."""
    tree, counts = company
    more = {code: count * times for code, count in counts.items()}
    assert protect_tree(tree, more, k * times) == protect_tree(tree, counts, k)


def test_states_of_any_threshold_are_kept_apart() -> None:
    """A team of one below the threshold beside many small ones: what was merged is found again, whatever k is."""
    for k in (5, 14, 15, 16, 17, 255, 256):
        drawing = draw(
            f"""
            Company
              A {k - 1}
              B {k}
              C
                D 1
                E {k - 1}
                F {k}
                G {k - 1}
            """
        )
        hidden = protect_tree(drawing.tree, drawing.counts, k)
        assert [code for code, reason in hidden.items() if reason is None] == ["Company", "C", "F"], k
        assert hidden["B"] == "complementary"


def test_of_equal_choices_the_first_sister_is_hidden() -> None:
    """Where two sisters are as good, the order of codes decides, and so each time the same."""
    drawing = draw(
        """
        Company
          A 6
          B 6
          C 2
          D 6
        """
    )
    hidden = protect_tree(drawing.tree, drawing.counts, 5)
    assert [code for code, reason in hidden.items() if reason is None] == ["Company", "B", "D"]
