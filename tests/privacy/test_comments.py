import re
from textwrap import dedent

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.privacy.comments import FEWEST, coarse, read_at
from survey.privacy.protection import protect_tree
from survey.privacy.tree import Tree, TreeUnit
from tests.privacy.drawings import Drawing, draw

LEAST = 10
PICTURES = [
    # Fourteen people may have written what is kept at Sales, ten what is kept at Care.
    """
    Company
      Care "3 -> Care
        Desk 8
        Chat 2
      Sales "4 -> Sales
        North 9
        South 5
    """,
    # Two comments are too few for Sales; with those of Care they are read at the company.
    """
    Company
      Care "2 -> Company
        Desk 8
        Chat 5
      Sales "2 -> Company
        North 9
        South 5
    """,
    # Nine people may have written what is kept at Care: it goes up, and finds company there.
    """
    Company "1 -> Company
      Company+ 5
      Care "3 -> Company
        Desk 9
      Sales "9 -> Sales
        North 9
        South 5
    """,
    # One small team lies directly below Sales, which shows 21 people: its five comments have six authors, not 21.
    # The company adds those of its own five leads, and only there eleven people may have written them.
    """
    Company "1 -> Company
      Company+ 5
      Sales "5 -> Company
        Online 6
        Shops "4 -> Shops
          North 9
          South 6
    """,
    # Without anybody else's comment at the company they are read by nobody.
    """
    Company -
      Company+ 5
      Sales "5 -> nobody
        Online 6
        Shops "4 -> Shops
          North 9
          South 6
    """,
    # Whose comments go up takes no part in what her sister unit shows.
    """
    Company
      East "7 -> East
        A 12
        B 12
      West "2 -> nobody
        C 12
        D 12
    """,
    # A unit that is not shown shows no comments either: East is hidden, since four lead at the top.
    """
    Company
      Company+ 4
      East "3 -> Company
        A 6
        B 6
      West "3 -> West
        C 6
        D 7
    """,
    # Too few people in the whole company: nobody reads anything.
    """
    Company "6 -> nobody
      North 5
      South 4
    """,
    # A company without units keeps its comments at itself.
    """
    Company 12 "3 -> Company
    """,
]
KEPT = re.compile(r'"(\d+)')


def drawn(picture: str) -> tuple[Drawing, dict[str, int]]:
    """Return the tree with its people, and the comments kept at each unit (`"3`)."""
    lines = dedent(picture).strip("\n").splitlines()
    kept = {line.split()[0]: int(found[1]) for line in lines if (found := KEPT.search(line))}
    return draw(picture), kept


def shown(drawing: Drawing) -> dict[str, int]:
    """Return the units that a publication shows, with the people in each."""
    totals = drawing.tree.totals(drawing.counts)
    return {code: totals[code] for code, why in protect_tree(drawing.tree, drawing.counts, 5).items() if why is None}


def test_drawn_trees() -> None:
    """Each comment is read where its picture says."""
    for picture in PICTURES:
        drawing, kept = drawn(picture)
        found = read_at(drawing.tree, shown(drawing), drawing.counts, kept, LEAST)
        expected = dict(re.findall(r'(\S+)(?: \d+)? "\d+ -> (\S+)', picture))
        assert {code: found.get(code, "nobody") for code in kept} == expected, picture


def test_a_higher_threshold_of_the_wave_counts_here_too() -> None:
    """Where details need 20 people, comments of 14 go up."""
    drawing, kept = drawn(PICTURES[0])
    assert read_at(drawing.tree, shown(drawing), drawing.counts, kept, 20) == {"Care": "Company", "Sales": "Company"}


def test_the_same_counts_give_the_same_places() -> None:
    """Neither the order of the answers nor that of the comments decides."""
    drawing, kept = drawn(PICTURES[3])
    turned = dict(reversed(list(kept.items())))
    people = dict(reversed(list(drawing.counts.items())))
    first = read_at(drawing.tree, shown(drawing), drawing.counts, kept, LEAST)
    assert read_at(drawing.tree, shown(drawing), people, turned, LEAST) == first


@st.composite
def companies(draw: st.DrawFn) -> tuple[Tree, dict[str, int], dict[str, int]]:
    """Trees of up to twelve units, people at the leaves and at leads' groups, comments kept where they belong."""
    size = draw(st.integers(1, 12))
    inner = [TreeUnit("0", None)]
    inner += [TreeUnit(str(place), str(draw(st.integers(0, place - 1)))) for place in range(1, size)]
    parents = {unit.parent for unit in inner}
    leads = [TreeUnit(f"{unit.code}+", unit.code) for unit in inner if unit.code in parents and draw(st.booleans())]
    tree = Tree([*inner, *leads])
    people = {code: draw(st.integers(0, 12)) for code in tree.codes if not tree.children(code)}
    kept: dict[str, int] = {}
    for code, count in people.items():
        above = coarse(tree, code)
        kept[above] = kept.get(above, 0) + draw(st.integers(0, min(count, 3)))
    return tree, people, kept


@settings(max_examples=200, deadline=None)
@given(companies())
def test_whatever_is_read_could_be_many_peoples(company: tuple[Tree, dict[str, int], dict[str, int]]) -> None:
    """Each unit that reads comments is shown, reads three or more, from places where ten people or more answered."""
    tree, people, kept = company
    visible = shown(Drawing(tree, people))
    found = read_at(tree, visible, people, kept, LEAST)
    for unit in set(found.values()):
        here = [code for code, at in found.items() if at == unit]
        assert visible[unit] >= LEAST
        assert sum(kept[code] for code in here) >= FEWEST
        assert (
            sum(count for code, count in people.items() if coarse(tree, code) in here and kept[coarse(tree, code)])
            >= LEAST
        )
        assert all(unit in tree.path(code) for code in here)


@settings(max_examples=200, deadline=None)
@given(companies())
def test_comments_go_no_further_up_than_they_must(company: tuple[Tree, dict[str, int], dict[str, int]]) -> None:
    """On its way up no comment passed a unit where those that came so far would have been enough."""
    tree, people, kept = company
    visible = shown(Drawing(tree, people))
    found = read_at(tree, visible, people, kept, LEAST)
    for unit in visible:
        passing = [code for code in tree.below(unit) if kept.get(code) and found.get(code) not in tree.below(unit)]
        wrote = sum(kept[code] for code in passing)
        writers = sum(count for code, count in people.items() if coarse(tree, code) in passing)
        assert not (visible[unit] >= LEAST and wrote >= FEWEST and writers >= LEAST)
