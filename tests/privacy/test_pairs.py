"""Two units side by side: what pages say follows from what is published, and is what was judged at publication."""

from dataclasses import replace
from itertools import combinations

import msgspec
import pytest

from survey.i18n import Sentence
from survey.privacy import pairs
from survey.privacy.evidence import Evidence
from survey.privacy.figures import Figure
from survey.privacy.freeze import freeze
from survey.privacy.gate import decide
from survey.privacy.inputs import WaveInputs
from survey.privacy.pairs import Pair, pair
from survey.privacy.released import Released
from survey.privacy.scored import score
from survey.privacy.thaw import Publication, dump, thaw
from survey.scoring.comparison import ALPHA, Comparison, Mean, compare, compare_means
from survey.scoring.family import adjust
from survey.scoring.many_pairs import critical_from_below
from survey.scoring.pairs import Means, critical_p
from survey.scoring.summaries import MeanError, interval
from survey.scoring.within import Within
from tests.privacy.companies import answered, company, instrument
from tests.privacy.records import as_publication

PICTURE = """
    Company
      Care
        Chat 7
        Mail 9
        Phone 24
      Sales
        East 3
        North 30
        South 14
        West 8
"""
LOW = ("North", "Mail")


def drawn(kinds: dict[str, str] | None = None, low: dict[str, int] | None = None) -> WaveInputs:
    """The company, two of whose teams answered very low, or as many of other teams' people as are named."""
    inputs = company(PICTURE)
    for unit, people in (dict.fromkeys(LOW, 30) if low is None else low).items():
        for motive in instrument().motives:
            value = 2 if motive.direction == "direct" else 6
            inputs = answered(inputs, unit, motive.id, ([value, value + 1, value - 1] * 10)[:people])
    facts = tuple(
        replace(each, unit=replace(each.unit, kind=(kinds or {}).get(each.unit.code, ""))) for each in inputs.facts
    )
    return replace(inputs, facts=facts)


@pytest.fixture(scope="module")
def publication() -> Publication:
    """It, published."""
    return as_publication(freeze(drawn()))


def shown(publication: Publication) -> list[str]:
    """Return the codes of the shown units."""
    return [unit.code for unit in publication.units if isinstance(unit.figures, Released)]


def told(publication: Publication, one: str, other: str) -> Pair | Sentence:
    """Return what is said of two units."""
    return pair(publication, publication.unit(one), publication.unit(other))


def test_a_verdict_is_that_of_the_whole_family(publication: Publication) -> None:
    """Pages say of each pair what brute force over all pairs of the published sums and spreads says."""
    found = {both: told(publication, *both) for both in combinations(shown(publication), 2)}
    compared = {both: each for both, each in found.items() if isinstance(each, Pair)}
    p = {both: _p(publication, *both) for both in compared}
    adjusted = dict(zip(p, adjust(list(p.values())), strict=True))
    for both, each in compared.items():
        assert (each.verdict != "no detectable difference") == (adjusted[both] <= ALPHA)
    assert publication.evidence is not None
    (family,) = publication.evidence.value.pairs
    assert family.pairs == len(compared)
    assert {each.verdict for each in compared.values()} == {"higher", "lower", "no detectable difference"}


def test_types_share_the_level() -> None:
    """With two types of which pairs are compared, a pair is told apart where its adjusted p is .025 or less."""
    kinds = {"Company": "company", "Care": "division", "Sales": "part", "Phone": "other", "North": "other"}
    kinds |= dict.fromkeys(("Chat", "Mail", "South"), "team")
    between = 0
    for low in range(15):
        publication = as_publication(freeze(drawn(kinds, dict.fromkeys(("South", "North"), low))))
        for kind in ("other", "team"):
            both = combinations([code for code in shown(publication) if publication.unit(code).kind == kind], 2)
            found = {two: said for two in both if isinstance(said := told(publication, *two), Pair)}
            adjusted = adjust([_p(publication, *two) for two in found])
            said_apart = [said.verdict != "no detectable difference" for said in found.values()]
            assert said_apart == [p <= ALPHA / 2 for p in adjusted]
            between += sum(ALPHA / 2 < p <= ALPHA for p in adjusted)
    assert between


def _p(publication: Publication, one: str, other: str) -> float:
    """Compare two units from what is printed: the interval's width tells the error as well."""
    found = compare_means(mean_now(publication, one), mean_now(publication, other))
    assert isinstance(found, Comparison)
    return found.p


def mean_now(publication: Publication, code: str) -> Mean:
    """Return a unit's mean with the error that its printed interval tells."""
    assert publication.evidence is not None
    figures = publication.unit(code).figures
    assert isinstance(figures, Released)
    family = publication.evidence.value.pairs[0]
    mean = pairs._mean(publication, family, figures.value, publication.unit(code).detail)
    assert mean is not None
    index = figures.value.index
    assert index.high is not None
    assert interval(index.value, mean.error).high == pytest.approx(index.high, abs=1e-4)
    return mean


def test_numbers_are_those_of_the_answers() -> None:
    """Difference, interval, g and what can be detected are those of the same two units' moments, as printed."""
    inputs = drawn()
    publication = as_publication(freeze(inputs))
    from_answers = _compared(inputs, "North", "South")
    said = told(publication, "North", "South")
    assert isinstance(said, Pair)
    assert said.difference.value == pytest.approx(from_answers.difference, abs=1e-5)
    assert said.difference.low == pytest.approx(from_answers.interval.low, abs=1e-4)
    assert said.g.value == pytest.approx(from_answers.g, abs=1e-5)
    assert (said.g.low, said.g.high) == pytest.approx(from_answers.g_interval, abs=1e-4)
    assert said.detectable.value == pytest.approx(from_answers.detectable, abs=1e-4)
    turned = told(publication, "South", "North")
    assert isinstance(turned, Pair)
    assert turned.difference.value == -said.difference.value
    assert {said.verdict, turned.verdict} == {"lower", "higher"}


def _compared(inputs: WaveInputs, one: str, other: str) -> Comparison:
    scored = score(inputs, decide(inputs))
    first, second = (scored.side(code, scored.index) for code in (one, other))
    found = compare(first, second, scored.index)
    assert isinstance(found, Comparison)
    assert isinstance(scored.pooled(scored.index), Within)
    return found


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("North", "East", pairs.NOT_SHOWN),
        ("North", "Sales", pairs.INSIDE),
        ("Sales", "North", pairs.INSIDE),
        ("Company", "North", pairs.INSIDE),
        ("North", "North", pairs.INSIDE),
    ],
)
def test_who_is_not_compared(publication: Publication, one: str, other: str, why: Sentence) -> None:
    """A hidden unit, and one that holds the other's people, are compared with nothing, and it is said why."""
    assert told(publication, one, other) == why


def test_only_units_of_one_type_are_compared() -> None:
    """Each declared type is a family of its own; what happens in one changes no verdict in another."""
    kinds = {"Chat": "care", "Mail": "care", "Phone": "care", "North": "shop", "South": "shop", "West": "shop"}
    publication = as_publication(freeze(drawn(kinds)))
    assert told(publication, "Chat", "North") == pairs.OTHER_TYPE
    assert isinstance(told(publication, "North", "South"), Pair)
    assert publication.evidence is not None
    assert [(family.kind, family.pairs) for family in publication.evidence.value.pairs] == [
        ("", 1),
        ("care", 3),
        ("shop", 1),
    ]


def test_earlier_publications_compare_nothing() -> None:
    """A record without pairs, or without any evidence, says that units were not compared then."""
    record = freeze(drawn())
    assert record.evidence is not None
    for evidence in (None, Evidence(), msgspec.structs.replace(record.evidence, pairs=[])):
        publication = thaw(*dump(msgspec.structs.replace(record, evidence=evidence)))
        assert told(publication, "North", "South") == pairs.NOT_MADE


def test_every_two_units_that_hold_nobody_of_each_other_are_a_pair() -> None:
    """The last unit of the company is inside it as well; of three teams, and of two divisions with a team, so many."""
    for text, pairs_there in (
        ("\n    Company\n      A 12\n      B 15\n      C 20\n", 3),
        ("\n    Company\n      A 12\n        B 15\n      C 11\n        D 20\n", 4),
    ):
        publication = as_publication(freeze(company(text)))
        assert len(shown(publication)) == len(publication.units)
        assert publication.evidence is not None
        assert [family.pairs for family in publication.evidence.value.pairs] == [pairs_there]


@pytest.mark.parametrize("spread", [None, 0.0], ids=["none", "nought"])
def test_without_an_error_there_is_no_verdict(spread: float | None) -> None:
    """Where a record tells no spread within units, or none there is, two small teams are not told apart by guess."""
    record = freeze(drawn())
    index = thaw(*dump(record)).instrument.index
    assert index is not None
    variance = {} if spread is None else {index.id: spread}
    publication = thaw(*dump(msgspec.structs.replace(record, within_variance=variance)))
    assert told(publication, "Chat", "Mail") == pairs.NO_ERROR


def test_where_no_spread_is_told_there_are_no_pairs() -> None:
    """Of a company whose answers to the motives are all alike no two units are compared."""
    inputs = company(PICTURE)
    for motive in instrument().motives:
        for unit in inputs.by_code:
            inputs = answered(inputs, unit, motive.id, [4] * 30)
    publication = as_publication(freeze(inputs))
    assert publication.evidence is not None
    assert publication.evidence.value.pairs == []
    assert told(publication, "North", "South") == pairs.NOT_MADE


def test_a_difference_says_where_answers_were_moved() -> None:
    """Where one unit's true index is what is told or less, so is its difference from another, and turned or more."""
    publication = as_publication(freeze(answered(company(PICTURE), "South", "play", [1] * 14)))
    one, other = told(publication, "South", "North"), told(publication, "North", "South")
    assert isinstance(one, Pair)
    assert isinstance(other, Pair)
    assert (one.difference.bound, other.difference.bound) == ("or less", "or more")
    plain = told(publication, "Phone", "North")
    assert isinstance(plain, Pair)
    assert plain.difference.bound == ""


@pytest.mark.parametrize("apart", [0.4, 7.0])
def test_the_higher_one_is_higher_by_however_little(apart: float) -> None:
    """Whoever is told apart is higher or lower by the sign alone, be it by less than a point."""
    record = freeze(company("\n    Company\n      A 20\n      B 20\n"))
    units = [
        msgspec.structs.replace(
            unit,
            figures=msgspec.structs.replace(unit.figures, index=Figure(5.0 + apart * (unit.code == "A"), "")),
            detail=msgspec.structs.replace(unit.detail, index_sd=Figure(0.1, "")),
        )
        for unit in record.units
        if unit.figures is not None and unit.detail is not None
    ]
    assert record.evidence is not None
    (family,) = record.evidence.pairs
    evidence = msgspec.structs.replace(record.evidence, pairs=[msgspec.structs.replace(family, critical=0.05)])
    publication = thaw(*dump(msgspec.structs.replace(record, units=units, evidence=evidence)))
    one, other = told(publication, "A", "B"), told(publication, "B", "A")
    assert isinstance(one, Pair)
    assert isinstance(other, Pair)
    assert (one.verdict, other.verdict) == ("higher", "lower")


def test_pairs_of_very_many_units_are_counted_from_below(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many units as can be gone through are; of one more the threshold is that from below, at the same level."""
    means = {place: Mean(10, place**1.5 / 9, MeanError(0.5, 9, "own")) for place in range(30)}
    made = Means.of(list(means.values()))
    exact, below = critical_p(made, level=ALPHA / 4), critical_from_below(made, level=ALPHA / 4)
    assert exact[0] == below[0] == 435
    assert len({exact[1], below[1], critical_p(made)[1], critical_from_below(made)[1]}) == 4
    for most, judged in ((30, exact), (29, below)):
        monkeypatch.setattr(pairs, "GONE_THROUGH", most)
        assert pairs._judged(means, range(30), ALPHA / 4) == judged
