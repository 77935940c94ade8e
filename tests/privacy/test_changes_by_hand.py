"""Changes of the index and of motives, from what the earlier wave published and the bounded answers of today."""

from dataclasses import replace

import pytest

from survey.privacy.change_figures import INDEX, Looked, mean_before, motive
from survey.privacy.changes import Changed, changes
from survey.privacy.figures import DIFFERENCE, MEAN, PLAIN_POINTS, POINTS, Figure, bound_between, figure, kept
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide
from survey.privacy.record import Change, Origin
from survey.privacy.released import Released
from survey.privacy.scored import Scored, score
from survey.privacy.thaw import Publication
from survey.scoring.comparison import Comparison, Mean, compare_means, mean_of, verdict
from survey.scoring.family import adjust
from survey.scoring.measure import Measure
from survey.scoring.regression import expected_change
from survey.scoring.selected import adjust_selected
from tests.privacy.companies import answered, company, instrument, with_moves
from tests.privacy.records import as_publication

TEAMS = ("East", "Ford", "Hill", "Moor", "North", "South")
PICTURE = "Company\n" + "".join(f"  {team} {20 + place}\n" for place, team in enumerate(TEAMS))


@pytest.fixture(scope="module")
def previous() -> Publication:
    """A first wave, in which all of East gave the lowest answer to play."""
    return as_publication(freeze(answered(company(PICTURE), "East", "play", [1] * 20)))


@pytest.fixture(scope="module")
def scored() -> Scored:
    """A second one: North likes its work, South does not; the people of Hill were in Ford; Moor gave extremes."""
    inputs = with_moves(company(PICTURE, seed=2, code="2026-Q2"), {})
    for each in instrument().motives:
        liked, not_liked = [6, 7, 5, 7, 6, 4, 7], [2, 1, 3, 1, 2, 4, 1]
        direct = each.direction == "direct"
        inputs = answered(inputs, "North", each.id, (liked if direct else not_liked) * 4)
        inputs = answered(inputs, "South", each.id, (not_liked if direct else liked) * 4)
    inputs = answered(inputs, "North", "inertia", [1] * 24)
    facts = tuple(
        replace(each, origin=Origin(0, "Ford", 100), crossed=9) if each.unit.code == "Hill" else each
        for each in inputs.facts
    )
    inputs = replace(inputs, facts=facts)
    return score(inputs, decide(inputs))


def compared(scored: Scored, previous: Publication, code: str, looked: Looked, then: str = "") -> Comparison:
    """A unit's mean today against a published one."""
    before = mean_before(previous, then or code, looked)
    of = scored.index if looked is INDEX else Measure.scale(looked.motive)
    now = mean_of(scored.side(code, of), of)
    assert before is not None
    assert isinstance(now, Mean)
    made = compare_means(now, before)
    assert isinstance(made, Comparison)
    return made


def by_hand(scored: Scored, previous: Publication, code: str, looked: Looked, p: float, then: str = "") -> Change:
    """A change, rounded as it is printed."""
    made, earlier = compared(scored, previous, code, looked, then), previous.unit(then or code).figures
    assert isinstance(earlier, Released)
    index = looked is INDEX
    was, of = (earlier.value.index, scored.index) if index else (earlier.value.scales[looked.motive], looked.motive)
    style = POINTS if index else DIFFERENCE
    bound = bound_between(scored.bound(scored.moved[code], scored.moments[code].n, of, style), was.bound)
    expected = None
    if index and code != "Company":
        assert isinstance(earlier.value.shrunken, Figure)
        expected = figure(expected_change(was.value, earlier.value.shrunken.value), POINTS)
    return Change(
        since="2026-Q1",
        difference=figure(made.difference, style, made.interval, bound),
        verdict=verdict(made.interval, p),
        p_adjusted=kept(p),
        g=figure(made.g, DIFFERENCE, made.g_interval),
        detectable=figure(made.detectable, PLAIN_POINTS if index else MEAN),
        expected=expected,
    )


def test_changes_of_the_index(scored: Scored, previous: Publication) -> None:
    """Of every unit against itself, and of Hill against Ford, all of one family; what is to be expected by chance."""
    found = changes(scored, previous)
    steps = [*((code, code) for code in sorted(found)), ("Hill", "Ford")]
    p = adjust([compared(scored, previous, code, INDEX, then).p for code, then in steps])
    for (code, then), adjusted in zip(steps, p, strict=True):
        expected = by_hand(scored, previous, code, INDEX, adjusted, then)
        told = found[code]
        assert (told.change if code == then else told.origin) == expected
    assert [code for code, told in found.items() if told.origin is not None] == ["Hill"]
    assert found["East"].change != found["Hill"].change


def test_motives_are_told_of_units_whose_index_has_changed(scored: Scored, previous: Publication) -> None:
    """North is higher and South lower: their motives, adjusted for that choice; of all others none."""
    found = changes(scored, previous)
    words = {code: told.change.verdict for code, told in found.items() if isinstance(told.change, Change)}
    passed = [code for code, word in words.items() if word != "no detectable difference"]
    assert {words["North"], words["South"]} == {"higher", "lower"}
    assert 2 <= len(passed) < len(words) == 7
    for code, told in found.items():
        assert isinstance(told, Changed)
        if code not in passed:
            assert told.motives == {}
            continue
        names = [each.id for each in instrument().motives if mean_before(previous, code, motive(each.id))]
        made = {name: compared(scored, previous, code, motive(name)) for name in names}
        p = adjust_selected([each.p for each in made.values()], len(passed), len(words))
        assert told.motives == {
            name: by_hand(scored, previous, code, motive(name), adjusted)
            for name, adjusted in zip(made, p, strict=True)
        }
    assert found["North"].motives["inertia"].difference.bound == "or less"
