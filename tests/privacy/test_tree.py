import pytest

from survey.i18n import Refused
from survey.privacy.policy import Policy
from survey.privacy.tree import Tree, TreeUnit
from tests.privacy.drawings import draw

COMPANY = """
    Company
      Care
        Desk 8
        Visits 2
      Sales
        North 9
        South 5
"""

TOP = "Exactly one unit must stand at the top, without a parent; here there are"
CIRCLE = "These units lie in a circle under each other:"


def test_order() -> None:
    """Units stand root first, parents before children, siblings by code, whatever order they came in."""
    units = [TreeUnit("b", "r"), TreeUnit("a", "r"), TreeUnit("b1", "b"), TreeUnit("r", None)]
    assert Tree(units).codes == Tree(reversed(units)).codes == ("r", "a", "b", "b1")


def test_family() -> None:
    """The tree knows parents, children, depth, the path from the root and everything below."""
    tree = draw(COMPANY).tree
    assert tree.root == "Company"
    assert tree.parent("North") == "Sales"
    assert tree.parent("Company") is None
    assert tree.children("Sales") == ("North", "South")
    assert tree.depth("North") == 2
    assert tree.path("North") == ("Company", "Sales", "North")
    assert tree.below("Care") == ("Care", "Desk", "Visits")
    assert tree.below("Company") == tree.codes
    assert tree.unit("North").parent == "Sales"
    assert len(tree) == len(tree.units) == 7
    assert "North" in tree
    assert "West" not in tree


def test_totals_add_up() -> None:
    """The people of a unit are those placed at it and those below it."""
    drawing = draw(COMPANY)
    assert drawing.tree.totals({**drawing.counts, "Sales": 2})["Sales"] == 16
    assert drawing.tree.totals(drawing.counts)["Company"] == 24


def test_places_of_what_is_below() -> None:
    """By place: where what is below a unit ends, the units directly below it, and the people in it and below."""
    drawing = draw(COMPANY)
    tree = drawing.tree
    assert tree.codes == ("Company", "Care", "Desk", "Visits", "Sales", "North", "South")
    assert tree.ends == (7, 4, 3, 4, 7, 6, 7)
    assert [tree.places_under(place) for place in range(7)] == [[1, 4], [2, 3], [], [], [5, 6], [], []]
    assert tree.sums([1, 2, 3, 4, 5, 6, 7]) == [28, 9, 3, 4, 18, 6, 7]
    assert tree.depth("Company") == 0


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        ([], f"{TOP} 0: ."),
        (
            [TreeUnit("a", None), TreeUnit("b", None)],
            f"{TOP} 2: a, b.",
        ),
        ([TreeUnit("a", None), TreeUnit("b", "a"), TreeUnit("b", "a")], "The unit b stands in the tree twice."),
        ([TreeUnit("a", None), TreeUnit("b", "c")], "The unit b lies under c, which is no unit."),
        (
            [TreeUnit("a", None), TreeUnit("b", "c"), TreeUnit("c", "b")],
            f"{CIRCLE} b, c.",
        ),
    ],
)
def test_what_is_no_tree(units: list[TreeUnit], sentence: str) -> None:
    """A tree that is none is refused with a sentence that names the units."""
    with pytest.raises(Refused) as refused:
        Tree(units)
    assert str(refused.value) == sentence


def test_thresholds_may_be_raised() -> None:
    """Higher thresholds are allowed, and the floor itself."""
    assert Policy(7, 12) != Policy(5, 10) == Policy()
