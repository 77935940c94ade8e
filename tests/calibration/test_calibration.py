"""The short version of the calibration report: fixed seeds, and bounds as wide as so few companies allow."""

import numpy as np
import pytest

from benchmarks.calibration import changes, coefficients, edges, means, places, published
from benchmarks.calibration.counts import Claim, Part, Tally, counted
from benchmarks.calibration.people import INDEX, INSTRUMENT, SPECS, answers, between, inclinations, truths, units
from benchmarks.calibration.waves import companies
from survey.privacy import changes as product
from survey.scoring import unit_summaries
from survey.scoring.columns import scale_scores

pytestmark = pytest.mark.calibration

SEED = 4


def broken(*parts: Part) -> list[str]:
    """Return the promises that are not kept."""
    return [str(claim) for part in parts for claim in part.claims if not claim.holds]


def test_what_is_called_true_is_what_very_many_people_answer() -> None:
    """The expected answer of a unit is the mean of a hundred thousand of its people, also where they are divided."""
    random = np.random.default_rng(SEED)
    two = units(random, [100_000, 100_000], between(0.2))
    two.divided[1] = 1.4
    given = answers(random, two, inclinations(random, 200_000))
    scores = scale_scores(given, INSTRUMENT, SPECS)
    for place, spec in enumerate(SPECS):
        seen = [scores[two.of_people == unit, place].mean() / spec.denominator for unit in range(2)]
        assert seen == pytest.approx(truths(two)[spec.scale], abs=0.025)


def test_intervals_of_unit_means_cover() -> None:
    """Between 93 and 97 % of the intervals hold the truth, in small units and large, whether units differ or not."""
    assert broken(means.part(40, SEED, (5, 8, 12, 50), (0.0, 0.2))) == []


def test_intervals_that_are_too_narrow_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals of 90 % in the place of those of 95 break the promise here."""
    monkeypatch.setattr(unit_summaries, "LEVEL", 0.90)
    assert len(broken(means.part(40, SEED, (5, 12), (0.1,)))) >= 6


def test_published_intervals_cover_and_shrunken_means_are_nearer() -> None:
    """Published intervals cover, shrunken means beat raw ones, and of units that are alike hardly anything is said."""
    assert broken(*published.parts(4, SEED, (0.0, 0.1))) == []


@pytest.mark.parametrize("kind", changes.KINDS[:3], ids=lambda kind: kind.name)
def test_changes(kind: changes.Between) -> None:
    """Where nothing changed hardly any publication calls a unit changed; intervals of changes cover."""
    found = changes.told(kind, 6, SEED)
    assert Claim("covered", found.covered, least=0.93).holds
    assert kind.shift or Claim("called changed", found.any, most=0.05).holds
    assert found.covered.cases > 80


def test_changes_that_are_not_judged_together_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that takes every p by itself calls a unit changed in most publications in which nothing changed."""
    monkeypatch.setattr(product, "adjust", list)
    assert not Claim("called changed", changes.told(changes.KINDS[1], 15, 5).any, most=0.05).holds


def test_labels_are_right_as_often_as_they_say() -> None:
    """A label's quarter is the true one at least as often as its probability says."""
    assert broken(*places.parts(4, SEED)) == []


def test_intervals_of_coefficients_cover() -> None:
    """Intervals of consistency, ICC, rank correlation and the link hold what is true; no link is made up."""
    assert broken(coefficients.part(60, SEED), coefficients.findings(30, SEED)) == []


def test_where_there_is_nothing_to_work_with_the_reason_is_told() -> None:
    """Answers all alike, one unit, one person, everything skipped, nobody: a reason, and no number that is none."""
    single, whole = edges.parts()
    assert broken(single, whole) == []
    told = {(situation, number): says for situation, number, says in single.rows}
    assert told["everybody answers 4 to everything", "ICC"] == (
        "not estimable: Within units everybody answered alike, so chance cannot be judged."
    )
    assert told["one unit", "shrunken means"].startswith("not estimable: There is only one unit")
    assert told["one person in each unit", "ICC"].startswith("not estimable: No unit has two answers")
    assert told["one person", "alpha"].startswith("not estimable: Fewer than ten people")
    nobody = {
        number: says for (situation, number), says in told.items() if situation in {"nobody", "everything skipped"}
    }
    assert all(says.startswith("not estimable: ") for says in nobody.values())
    assert "Too few people answered" in whole.rows[-1][2]


def test_cases_of_one_company_count_for_less() -> None:
    """A share of a hundred cases in ten companies that are each of one kind is as unsure as one of ten cases."""
    apart, alike = counted([True] * 5 + [False] * 5), Tally()
    for company in range(10):
        alike.add([company < 5] * 10)
    assert alike.cases == 100
    assert alike.ends == pytest.approx(apart.ends, abs=0.03)
    assert Claim("never", Tally()).holds is False


def test_companies_are_the_same_for_the_same_seed() -> None:
    """Two runs draw the same people, so that the report can be made again."""
    one, other = (next(companies(1, SEED, between(0.1))) for _ in range(2))
    assert one.publication.digest == other.publication.digest
    assert one.truths[INDEX.name].tolist() == other.truths[INDEX.name].tolist()
