"""Outcomes beside motives: which units have a point, which period is taken, and which measure gets a coefficient."""

import msgspec
import numpy as np

from survey.privacy.beside import RANK, outcomes_beside
from survey.privacy.figures import figure
from survey.privacy.register import Better, Outcome, OutcomeValues
from survey.privacy.thaw import Publication
from survey.scoring.estimable import NotEstimable
from survey.scoring.outcomes import go_together
from tests.privacy.waves_by_hand import Team, wave


def outcome(
    measure: str = "csat", declared_on: str = "", better: Better = "higher", **values: dict[str, float]
) -> Outcome:
    """A measure as it is frozen, with values by wave."""
    beside = [OutcomeValues(code, "2026-02", found) for code, found in values.items()]
    return Outcome(measure, {"ko": "만족", "en": "Satisfaction"}, better, "%", declared_on, beside)


def company(units: int, hidden: int = 0, pull: float = 4.0) -> tuple[dict[str, Team], dict[str, float]]:
    """Return teams with an index, the last ones hidden, and a value for each."""
    random = np.random.default_rng(units)
    codes = [f"T{number:02}" for number in range(units + hidden)]
    index = {code: float(random.normal(0, 10)) for code in codes}
    teams = {code: Team(index[code] if place < units else None) for place, code in enumerate(codes)}
    return teams, {code: round(pull * index[code] + float(random.normal(0, 20)), 1) for code in codes}


def two(units: int, hidden: int = 0, declared_on: str = "2026-01-01") -> tuple[Publication, Publication]:
    """Return a wave, and the next one that froze what followed it."""
    teams, values = company(units, hidden)
    first = wave(0, teams, outcomes=(outcome(declared_on=declared_on),))
    return first, wave(1, teams, first, outcomes=(outcome(declared_on="2026-03-01", W1=values),))


def test_values_come_from_a_later_publication_and_the_declaration_from_the_waves_own() -> None:
    """What followed a wave is known later; what was declared before it opened stands in its own record."""
    first, second = two(40)
    (found,) = outcomes_beside(first, (first, second))
    assert (found.period, len(found.points), found.declared_on) == ("2026-02", 40, "2026-01-01")
    assert found.coefficient is not None
    assert found.finding == "higher together"
    (newest,) = outcomes_beside(second, (first, second))
    assert (newest.period, newest.points, newest.coefficient) == ("", (), None)


def test_only_a_measure_declared_before_gets_a_coefficient() -> None:
    """Declared afterwards, it is drawn, and no more."""
    first, second = two(40, declared_on="")
    (found,) = outcomes_beside(first, (first, second))
    assert found.drawn
    assert (found.coefficient, found.finding, found.declared_on) == (None, None, "")


def test_the_limits_of_plot_and_coefficient() -> None:
    """Nothing is drawn below ten points, and no coefficient given below thirty."""
    for units, drawn, told in ((9, False, False), (10, True, False), (29, True, False), (30, True, True)):
        (found,) = outcomes_beside((waves := two(units))[0], waves)
        assert (found.drawn, found.coefficient is not None) == (drawn, told)


def test_a_unit_that_is_not_shown_has_no_point() -> None:
    """Hidden units are counted and nothing else, however many values the file had of them."""
    first, second = two(12, hidden=5)
    (found,) = outcomes_beside(first, (first, second))
    assert len(found.points) == 12
    assert len(found.hidden) == 5
    assert not {point.unit.code for point in found.points} & set(found.hidden)


def test_a_unit_above_others_with_points_has_none_of_its_own() -> None:
    """Nobody is in two points: values of a department give way to those of its teams."""
    teams, values = company(10)
    first = wave(0, teams)
    second = wave(1, teams, first, outcomes=(outcome(W1={**values, "CO": 50.0, "GONE": 1.0}),))
    (found,) = outcomes_beside(first, (first, second))
    assert [point.unit.code for point in found.points] == list(teams)
    only = wave(1, teams, first, outcomes=(outcome(W1={"CO": 50.0}),))
    assert [point.unit.code for point in outcomes_beside(first, (first, only))[0].points] == ["CO"]


def test_the_newest_publication_that_knows_a_value_is_taken() -> None:
    """A value that was mended between two publications is read from the later one; measures stand by code."""
    teams, values = company(10)
    first = wave(0, teams)
    second = wave(1, teams, first, outcomes=(outcome(W1=values), outcome("a")))
    third = wave(2, teams, second, outcomes=(outcome(W1=dict.fromkeys(values, 7.0)),))
    measures = outcomes_beside(first, (first, second, third))
    assert [found.outcome.measure for found in measures] == ["a", "csat"]
    assert {point.value for point in measures[1].points} == {7.0}
    assert outcomes_beside(first, (first,)) == ()


def test_a_perfect_order_gives_no_coefficient() -> None:
    """What cannot be estimated is left out, never made up."""
    teams, _ = company(31)
    values = {code: float(team.index or 0) for code, team in teams.items()}
    first = wave(0, teams, outcomes=(outcome(declared_on="2026-01-01"),))
    second = wave(1, teams, first, outcomes=(outcome(W1=values),))
    (found,) = outcomes_beside(first, (first, second))
    assert (found.coefficient, found.finding, found.declared_on) == (None, None, "2026-01-01")


def test_a_publication_that_is_not_among_the_others_is_read_as_the_newest() -> None:
    """What is being published knows its own measures; once it is among the others, later ones know better."""
    teams, values = company(10)
    first = wave(0, teams, outcomes=(outcome(declared_on="2026-01-01"),))
    renamed = replace_names(outcome(W1=values), "Contentment")
    second = wave(1, teams, first, outcomes=(renamed,))
    for publications, name in (((), "Satisfaction"), ((second,), "Satisfaction"), ((first, second), "Contentment")):
        (found,) = outcomes_beside(first, publications)
        assert found.outcome.names["en"] == name
        assert found.period == ("2026-02" if publications else "")


def replace_names(found: Outcome, name: str) -> Outcome:
    """The same measure under another name."""
    return msgspec.structs.replace(found, names={"en": name})


def test_a_measure_that_was_not_declared_before_has_no_coefficient_however_many_units() -> None:
    """One that the wave's own publication does not know was declared afterwards; what was hidden is still counted."""
    teams, values = company(40, hidden=3)
    first = wave(0, teams)
    later = outcome(declared_on="2026-03-01", W1=values)
    (found,) = outcomes_beside(first, (first, wave(1, teams, first, outcomes=(later,))))
    assert (found.outcome, found.period, found.declared_on) == (later, "2026-02", "")
    assert (found.coefficient, found.finding) == (None, None)
    assert (len(found.points), len(found.hidden)) == (40, 3)


def test_a_coefficient_has_its_interval() -> None:
    """Spearman's coefficient of the published indexes with the values, and its interval, in two digits."""
    teams, values = company(40, hidden=3)
    first = wave(0, teams, outcomes=(outcome(declared_on="2026-01-01"),))
    later = outcome(W1=values)
    (found,) = outcomes_beside(first, (first, wave(1, teams, first, outcomes=(later,))))
    shown = [code for code, team in teams.items() if team.index is not None]
    made = go_together([round(teams[code].index or 0, 6) for code in shown], [values[code] for code in shown])
    assert not isinstance(made, NotEstimable)
    assert found.coefficient == figure(made.value, RANK, (made.low, made.high))
    assert (found.outcome, found.period, found.declared_on) == (later, "2026-02", "2026-01-01")
    assert (found.finding, len(found.hidden)) == (made.finding, 3)


def test_what_cannot_be_estimated_keeps_its_measure() -> None:
    """Below thirty units the measure stands with its points, and nothing else is said."""
    teams, values = company(12, hidden=2)
    first = wave(0, teams, outcomes=(outcome(declared_on="2026-01-01"),))
    later = outcome(W1=values)
    (found,) = outcomes_beside(first, (first, wave(1, teams, first, outcomes=(later,))))
    assert (found.outcome, found.period, found.declared_on) == (later, "2026-02", "2026-01-01")
    assert (len(found.points), len(found.hidden), found.coefficient, found.finding) == (12, 2, None, None)
