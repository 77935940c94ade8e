import math
from collections.abc import Mapping
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.privacy.foresight import FINE, LARGEST, Chance, Foresight, draws_for, expected, foresee, middle
from survey.privacy.policy import Policy
from survey.privacy.protection import protect_tree
from survey.privacy.tree import Tree, TreeUnit
from tests.privacy.drawings import Drawing, draw

POLICY = Policy(5, 10)
CARE = """
    Company
      Care
        Desk 7
        Visits 5
      Sales 6
"""
FLAT = """
    Company
      East 9
      North 5
      South 6
"""
LEADS = """
    Company
      Company+ 5
      Care
        Care+ 6
        Desk 12
"""
COMPANIES = (CARE, FLAT, LEADS)


def invited(drawing: Drawing) -> Mapping[str, int]:
    """Return the people of each drawn unit: here they are invited, not counted."""
    return drawing.counts


def looked(picture: str, share: float, draws: int = 2_000) -> Foresight:
    """Foresee a drawn company in which everybody takes part with the same chance."""
    drawing = draw(picture)
    return foresee(drawing.tree, invited(drawing), dict.fromkeys(drawing.counts, share), POLICY, draws)


def shown(tree: Tree, counts: Mapping[str, int]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the rule shows in both tiers."""
    first = frozenset(code for code, why in protect_tree(tree, counts, POLICY.k).items() if why is None)
    again = protect_tree(tree, counts, POLICY.detail_k, first)
    return first, frozenset(code for code, why in again.items() if why is None)


def enumerated(picture: str, share: float) -> tuple[dict[str, float], dict[str, float]]:
    """Return the exact chances: the rule over every possible number of answers, weighed with its probability."""
    drawing = draw(picture)
    figures, details = (dict.fromkeys(drawing.tree.codes, 0.0) for _ in range(2))
    for answers in product(*(range(count + 1) for count in drawing.counts.values())):
        weight = math.prod(
            math.comb(most, count) * share**count * (1 - share) ** (most - count)
            for most, count in zip(drawing.counts.values(), answers, strict=True)
        )
        for found, codes in zip(
            (figures, details), shown(drawing.tree, dict(zip(drawing.counts, answers, strict=True))), strict=True
        ):
            for code in codes:
                found[code] += weight
    return figures, details


@pytest.mark.parametrize("picture", COMPANIES)
@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
def test_the_simulation_agrees_with_every_possible_outcome(picture: str, share: float) -> None:
    """In companies small enough to go through all outcomes, each chance is right to three per cent."""
    found, exact = looked(picture, share), enumerated(picture, share)
    for chances, wanted in zip((found.figures, found.details), exact, strict=True):
        assert {code: chance.share for code, chance in chances.items()} == pytest.approx(wanted, abs=0.03)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_where_nothing_else_hides_it_a_chance_is_exact(share: float) -> None:
    """A company of one unit is shown if and only if enough of it answer: the binomial tail, whatever was drawn."""
    chance = looked("Company 9", share, draws=3).figures["Company"]
    tail = math.fsum(math.comb(9, n) * share**n * (1 - share) ** (9 - n) for n in range(5, 10))
    assert chance.share == pytest.approx(tail, abs=1e-12)


@pytest.mark.parametrize("picture", COMPANIES)
def test_more_who_take_part_means_more_units_that_see(picture: str) -> None:
    """From half to nine in ten, more units of a company see results."""
    drawing = draw(picture)
    counts = [
        expected(drawing.tree, invited(drawing), dict.fromkeys(drawing.counts, share), 5, 400)
        for share in (0.5, 0.6, 0.7, 0.8, 0.9)
    ]
    assert all(before < after for before, after in pairwise(counts))
    assert counts[-1] <= len(drawing.counts)


def test_the_number_of_units_is_theirs_where_participation_leaves_no_choice() -> None:
    """With everybody exactly the units with people that the rule shows are counted, with nobody none."""
    drawing = draw(LEADS)
    for share, units in ((1.0, 3), (0.0, 0)):
        assert expected(drawing.tree, invited(drawing), dict.fromkeys(drawing.counts, share), 5, 1) == units


def test_a_higher_threshold_shows_fewer_units() -> None:
    """Raising k never shows more of the same company."""
    drawing = draw(FLAT)
    shares = dict.fromkeys(drawing.counts, 0.8)
    counts = [expected(drawing.tree, invited(drawing), shares, k, 400) for k in (5, 6, 7, 9)]
    assert all(before > after for before, after in pairwise(counts))


@st.composite
def companies(drawing: st.DrawFn) -> tuple[Tree, dict[str, int]]:
    """Any frozen tree of up to eight units: people at its leaves."""
    size = drawing(st.integers(1, 8))
    parents = [None, *(drawing(st.integers(0, n - 1)) for n in range(1, size))]
    tree = Tree(TreeUnit(f"U{n}", None if parent is None else f"U{parent}") for n, parent in enumerate(parents))
    leaves = [code for code in tree.codes if not tree.children(code)]
    return tree, {code: drawing(st.integers(0, 14)) for code in leaves}


@given(companies(), st.sampled_from([0.5, 0.7, 0.9]))
def test_what_can_never_be_shown_is_never_foreseen(company: tuple[Tree, dict[str, int]], share: float) -> None:
    """A unit with fewer invited than the threshold is "never", and nothing else is, whatever the participation."""
    tree, people = company
    found, most = foresee(tree, people, dict.fromkeys(people, share), POLICY, 3), tree.totals(people)
    for floor, chances in ((POLICY.k, found.figures), (POLICY.detail_k, found.details)):
        never = {code for code, chance in chances.items() if chance.likely == "never"}
        assert never == {code for code in tree.codes if most[code] < floor}
        assert all(0 <= chance.share <= 1 + 1e-9 for chance in chances.values())
        assert all(chances[code].share == 0 for code in never)


@given(companies())
def test_when_everybody_takes_part_the_rule_itself_is_told(company: tuple[Tree, dict[str, int]]) -> None:
    """At a hundred per cent each chance is nought or one, as `protect_tree` says of everybody invited."""
    tree, people = company
    found = foresee(tree, people, dict.fromkeys(people, 1.0), POLICY, 2)
    for chances, codes in zip((found.figures, found.details), shown(tree, people), strict=True):
        assert {code for code, chance in chances.items() if chance.share > 0} == codes
        assert all(chances[code].share == pytest.approx(1) for code in codes)


def test_too_few_are_told_never_whatever_the_participation() -> None:
    """Nine people can show figures from five on, never details from ten on; nought percent is unlikely, not never."""
    found = looked("Company 9", 0.0, draws=1)
    (figures, details) = (chances["Company"] for chances in (found.figures, found.details))
    assert (figures, figures.likely) == (Chance(0.0, possible=True, step=10), "unlikely")
    assert (details, details.likely) == (Chance(0, possible=False, step=10), "never")


def test_no_details_are_foreseen_where_figures_are_hidden() -> None:
    """Sales is hidden so that Few is not told: nor does it get details, although fourteen people would be enough."""
    found = looked("Company\n  Care\n    Desk 9\n  Few 2\n  Sales 14", 1.0, draws=1)
    chances = (found.figures, found.details)
    figures, details = ({code for code, chance in each.items() if chance.share} for each in chances)
    assert (figures, details) == ({"Company", "Care", "Desk"}, {"Company"})


def test_the_same_company_is_told_the_same_again() -> None:
    """Two visits of the page show the same figures."""
    assert looked(CARE, 0.7) == looked(CARE, 0.7)


def test_a_large_threshold_is_taken_from_the_draws() -> None:
    """Thresholds beyond what is reckoned exactly still give chances, nought where nothing is ever shown."""
    tree = Tree([TreeUnit("C", None)])
    found = foresee(tree, {"C": 200}, {"C": 0.7}, Policy(100, 160), 200)
    assert found.figures["C"].share == 1
    assert found.details["C"].share == 0
    assert found.details["C"].likely == "unlikely"


@pytest.mark.parametrize(("k", "exactly"), [(LARGEST, True), (LARGEST + 1, False)])
def test_up_to_which_threshold_chances_are_reckoned(k: int, exactly: bool) -> None:  # noqa: FBT001 - a parameter
    """One draw says all or nothing; up to the largest threshold that is reckoned, chances do not come from it."""
    tree = Tree([TreeUnit("C", None)])
    share = foresee(tree, {"C": k}, {"C": 0.99}, Policy(k, k), 1).figures["C"].share
    assert share == pytest.approx(0.99**k) if exactly else share in {0, 1}


@pytest.mark.parametrize(("draws", "step"), [(FINE - 1, 10), (FINE, 5)])
def test_how_fine_a_chance_is_told(draws: int, step: int) -> None:
    """From a hundred draws on figures and details are told in steps of five per cent, the impossible ones too."""
    found = looked("Company\n  Desk 12\n  Few 2", 0.7, draws)
    assert {chance.step for each in (found.figures, found.details) for chance in each.values()} == {step}


@pytest.mark.parametrize(
    ("share", "step", "percent", "likely"),
    [
        (1.0, 5, 100, "almost certainly"),
        (0.96, 5, 95, "almost certainly"),
        (0.92, 5, 90, "probably"),
        (0.93, 10, 90, "probably"),
        (0.5, 5, 50, "probably"),
        (0.47, 5, 45, "unlikely"),
        (0.0, 5, 0, "unlikely"),
    ],
)
def test_a_chance_is_told_in_steps_and_words(share: float, step: int, percent: int, likely: str) -> None:
    """No chance is told finer than it is known, and the word is that of the printed figure."""
    chance = Chance(share, possible=True, step=step)
    assert (chance.percent, chance.likely) == (percent, likely)


def test_large_companies_are_drawn_less_often_and_told_in_wider_steps() -> None:
    """The page answers in seconds whatever the size; with few draws it says tens."""
    drawing = draw(CARE)
    shares = dict.fromkeys(drawing.counts, 0.7)
    few = foresee(drawing.tree, invited(drawing), shares, POLICY, draws_for(20_000))
    assert few.draws == draws_for(20_000) < draws_for(1_000) < draws_for(10)
    assert {chance.percent % 10 for chance in few.figures.values()} == {0}


def test_a_number_of_draws_is_whole() -> None:
    """The work is shared out over the units, rounded down; one unit and none get as many draws as any."""
    assert [draws_for(units) for units in (0, 1, 7_000, 1_000_000)] == [1_000, 1_000, 17, 6]


@pytest.mark.parametrize(
    ("band", "share"),
    [("70–79 %", 0.745), ("80 %", 0.8), ("< 20 %", 0.1), ("≥ 90 %", 0.95), ("", None), ("unknown", None)],
)
def test_the_middle_of_a_band(band: str, share: float | None) -> None:
    """A band of participation counts as its middle, an open one as that of what it leaves; no number, no middle."""
    assert middle(band) == share
