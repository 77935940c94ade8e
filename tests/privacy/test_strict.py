from dataclasses import replace
from textwrap import dedent

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.instruments.answers import SKIPPED
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide, showing
from survey.privacy.inputs import WaveInputs
from survey.privacy.protection import protect_tree
from survey.privacy.record import Origin
from survey.privacy.strict import Move, protect_strictly
from survey.privacy.tree import Tree
from tests.privacy.companies import answered, company
from tests.privacy.drawings import draw, picture
from tests.privacy.test_protection import residuals, small_trees

CAME = [Move((), ("Company", "Sales", "South"))]

PICTURES = {
    "a newcomer in a team of eight": (
        """
        Company shown
          Care 12 shown
          Sales shown
            North 14 shown
            South 8 complementary
            West 6 complementary
        """,
        CAME,
    ),
    "three newcomers cannot be told apart": (
        """
        Company shown
          Care 12 shown
          Sales shown
            North 14 shown
            South 8 shown
            West 6 shown
        """,
        CAME * 3,
    ),
    "a whole company of eight of whom one moved": (
        """
        Company complementary
          North 6 complementary
          South 2 small
        """,
        [Move((), ("Company", "South"))],
    ),
    "ten people are enough": (
        """
        Company shown
          Sales shown
            North 14 shown
            South 10 shown
        """,
        CAME,
    ),
    "moved from one team to another: both are small": (
        """
        Company shown
          Sales shown
            North 9 complementary
            South 7 complementary
            West 12 shown
        """,
        [Move(("Company", "Sales", "North"), ("Company", "Sales", "South"))],
    ),
    "a newcomer in what is left of a unit": (
        """
        Company shown
          Care 12 shown
          Sales 6 shown
            North 14 complementary
            West 22 shown
        """,
        [Move((), ("Company", "Sales"))],
    ),
    "somebody left a unit that has only its teams now": (
        """
        Company shown
          Care 12 shown
          Sales shown
            North 14 shown
            South 12 shown
        """,
        [Move(("Company", "Sales"), ())],
    ),
    "a whole company of nine with a newcomer": (
        """
        Company complementary
          Sales 9 complementary
        """,
        [Move((), ("Company", "Sales"))],
    ),
}


def test_drawn_trees() -> None:
    """Each drawn company of a strict wave shows what its picture says."""
    for name, (text, moves) in PICTURES.items():
        drawing = draw(text)
        hidden = protect_strictly(drawing.tree, drawing.counts, 5, moves)
        assert picture(drawing, hidden) == dedent(text).strip(), name


def test_whoever_left_counts_as_well() -> None:
    """A team of eight that somebody has left is told together with others, as one that somebody joined."""
    text, _ = PICTURES["a newcomer in a team of eight"]
    drawing = draw(text)
    gone = [Move(("Company", "Sales", "South"), ())]
    assert picture(drawing, protect_strictly(drawing.tree, drawing.counts, 5, gone)) == dedent(text).strip()


def test_a_small_unit_goes_before_the_team_in_it() -> None:
    """Where somebody joined the people beside a team, the small unit of both is not told, and the team still is."""
    text = """
        Company 20 shown
          Sales 4 complementary
            North 5 shown
        """
    drawing = draw(text)
    joined = [Move((), ("Company", "Sales"))]
    assert picture(drawing, protect_strictly(drawing.tree, drawing.counts, 4, joined)) == dedent(text).strip()


def test_what_is_not_allowed_is_not_shown() -> None:
    """Of the units that may be shown some are named: no other one is, whoever moved."""
    drawing = draw(PICTURES["three newcomers cannot be told apart"][0])
    allowed = {"Company", "Care", "North"}
    for moves in ([], CAME, CAME * 3):
        hidden = protect_strictly(drawing.tree, drawing.counts, 5, moves, allowed)
        assert {code for code, reason in hidden.items() if reason is None} <= allowed
    assert hidden["North"] is None


@settings(max_examples=100, deadline=None)
@given(small_trees(), st.integers(2, 7), st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=5))
def test_no_cell_is_small_with_a_few_who_moved(
    given_company: tuple[Tree, dict[str, int]], k: int, pairs: list[tuple[int, int]]
) -> None:
    """Whatever moved, what is shown is safe, and no cell below ten has one or two movers."""
    tree, counts = given_company
    paths = [tree.path(code) for code in tree.codes]
    moves = [Move(paths[then % len(paths)], paths[now % len(paths)]) for then, now in pairs]
    hidden = protect_strictly(tree, counts, k, moves)
    shown = frozenset(code for code, reason in hidden.items() if reason is None)
    nearest = [
        [next((code for code in reversed(path) if code in shown), None) for path in (move.then, move.now)]
        for move in moves
    ]
    for code, people in zip(shown, residuals(tree, counts, shown), strict=True):
        moved = sum((then == code) != (now == code) for then, now in nearest)
        assert people == 0 or people >= k
        assert not (0 < people < 10 and 1 <= moved <= 2)
    if not moves:
        assert hidden == protect_tree(tree, counts, k)


def test_a_strict_wave() -> None:
    """The gate of a strict wave hides a small team with a newcomer, for means and practices, and the record says so."""
    inputs = replace(company(), moves=(Move((), ("Company", "Sales", "South")),))
    assert "South" in showing(decide(inputs).hidden)
    strict = decide(replace(inputs, strict=True))
    assert "South" not in showing(strict.hidden)
    assert all("South" not in showing(hidden) for hidden, _ in strict.practices.values())
    record = freeze(replace(inputs, strict=True))
    assert record.policy.strict
    assert {unit.code: unit.hidden for unit in record.units}["South"] == "complementary"


def test_a_team_under_another_code_is_the_same_people() -> None:
    """A team of five that was renamed when one joined is not shown either: all moved, but one is in one of the two."""
    renamed = (
        *[Move(("Company", "Sales", "Old"), ("Company", "Sales", "South"))] * 4,
        Move((), ("Company", "Sales", "South")),
    )
    inputs = replace(company(), strict=True, moves=renamed)

    def came(stayed: int, crossed: int) -> WaveInputs:
        origin = Origin(0, "Old", stayed)
        return replace(
            inputs,
            facts=tuple(
                replace(each, origin=origin, crossed=crossed) if each.unit.code == "South" else each
                for each in inputs.facts
            ),
        )

    assert "South" in showing(decide(came(60, 3)).hidden)
    assert "South" not in showing(decide(came(80, 1)).hidden)
    assert all("South" not in showing(hidden) for hidden, _ in decide(came(80, 1)).practices.values())
    assert "South" in showing(decide(replace(came(80, 1), strict=False)).hidden)


def test_where_nobody_knows_who_moved() -> None:
    """Without rosters to compare, a strict wave is told as any other, and its record says that it was."""
    record = freeze(replace(company(), strict=True))
    assert not record.policy.strict
    assert {unit.code: unit.hidden for unit in record.units}["South"] is None


def test_where_nobody_knows_who_crossed_nobody_is_taken_to_have() -> None:
    """A strict wave in which nobody moved, as far as is known, shows what any wave shows."""
    inputs = company()
    strict = replace(inputs, strict=True, moves=())
    assert strict.strictly
    assert decide(strict).hidden == decide(inputs).hidden
    assert {each.crossed for each in strict.facts} == {None}


def test_a_practice_of_a_strict_wave_is_shown_only_where_means_are() -> None:
    """Nobody in Chat answers a practice question, so that it could be told of Phone, which shows nothing at all."""
    (practice, *_) = company().wave.practices
    gate = decide(replace(answered(company(), "Chat", practice, [SKIPPED] * 2), strict=True, moves=()))
    hidden, _ = gate.practices[practice]
    assert "Phone" not in showing(gate.hidden)
    assert showing(hidden) <= showing(gate.hidden)
    assert "Care" in showing(hidden)
