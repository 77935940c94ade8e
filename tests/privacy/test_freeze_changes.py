from collections.abc import Mapping

import msgspec
import pytest

from survey.instruments.load import builtin
from survey.privacy.change_figures import INDEX, mean_before
from survey.privacy.change_figures import motive as of_motive
from survey.privacy.changes import FIRST
from survey.privacy.freeze import freeze
from survey.privacy.record import Change, Record
from survey.scoring.comparison import Comparison, Mean, compare_means
from survey.scoring.summaries import MeanError
from tests.privacy.companies import CAST, answered, company, instrument, with_moves
from tests.privacy.records import as_publication, detail, figures

MOTIVES = [scale.id for scale in instrument().motives]


BIG = CAST.replace("North 12", "North 25").replace("South 5", "South 14")


def second(moved: Mapping[str, int]) -> Record:
    """The second wave of a larger company, in which so many people moved."""
    before = as_publication(freeze(company(BIG)))
    return freeze(with_moves(company(BIG, seed=2, code="2026-Q2"), moved), before)


def test_a_change_names_its_wave() -> None:
    """A change says since when, how large, how sure, and is one of a family fixed at publication."""
    record = second({})
    change = detail(record, "South").change
    assert isinstance(change, Change)
    assert change.since == record.previous_wave == "2026-Q1"
    assert record.previous == as_publication(freeze(company(BIG))).digest
    assert change.difference.text[0] in "+−"
    assert 0 <= change.p_adjusted <= 1


@pytest.mark.parametrize(("moved", "hidden"), [(0, False), (1, True), (2, True), (3, False)])
def test_a_lone_newcomer_is_not_guessed(moved: int, hidden: bool) -> None:  # noqa: FBT001 - a column of the table
    """Below twenty people a change is not shown where one or two joined or left."""
    south = detail(second({"South": moved}), "South")
    assert (south.change is None) == hidden
    assert ("One or two people" in south.change_hidden) == hidden


def test_in_a_large_unit_one_person_is_not_seen() -> None:
    """From twenty people on the change is shown."""
    assert detail(second({"North": 1}), "North").change is not None


@pytest.mark.parametrize(("people", "shown"), [(19, False), (20, True)])
def test_twenty_people_are_enough(people: int, shown: bool) -> None:  # noqa: FBT001 - a column of the table
    """The rule ends at twenty people exactly, whether one person is known to have moved or nobody knows."""
    picture = BIG.replace("North 25", f"North {people}")
    before = as_publication(freeze(company(picture, seed=3)))
    now = company(picture, seed=2, code="2026-Q2")
    assert (detail(freeze(with_moves(now, {"North": 1}), before), "North").change is not None) is shown
    assert (detail(freeze(now, before), "North").change is not None) is shown


def test_unknown_moves_hide_small_changes() -> None:
    """Where nobody knows who joined or left, changes are shown from twenty people on."""
    record = freeze(company(BIG, seed=2, code="2026-Q2"), as_publication(freeze(company(BIG))))
    assert detail(record, "South").change is None
    assert detail(record, "North").change is not None


def test_no_change_without_earlier_details() -> None:
    """A unit that showed no details, or did not exist, before shows no change."""
    before = as_publication(freeze(company()))
    record = freeze(with_moves(company(BIG, seed=2, code="2026-Q2"), {}), before)
    assert detail(record, "North").change_hidden.startswith("The unit showed no details")
    renamed = company(BIG.replace("North", "Nord"), seed=2)
    assert detail(freeze(renamed, before), "Nord").change_hidden.startswith("The unit showed no details")


def test_another_instrument_is_not_compared() -> None:
    """Waves that asked something else are shown beside each other, never joined by a number."""
    record = freeze(company(BIG, asked=builtin("w-sdi")), as_publication(freeze(company(BIG))))
    assert detail(record, "North").change_hidden.startswith("The earlier wave asked something else")


def test_another_index_is_not_compared() -> None:
    """Every part of what the index is made of must be the same: its name, its weights, its motives, their items."""
    asked = instrument()
    before = as_publication(freeze(company(BIG)))
    index = next(each for each in asked.composites if each.id == "total_motivation")
    weights = {**index.weights, "play": "9", "purpose": "6"}
    others = (
        msgspec.structs.replace(asked, id="another"),
        msgspec.structs.replace(asked, composites=[msgspec.structs.replace(index, weights=weights)]),
        msgspec.structs.replace(
            asked,
            items=[
                msgspec.structs.replace(item, text={"ko": "달리 물었다", "en": "Asked otherwise"})
                if item.id == "play"
                else item
                for item in asked.items
            ],
        ),
    )
    for other in others:
        record = freeze(company(BIG, asked=other), before)
        assert detail(record, "North").change_hidden.startswith("The earlier wave asked something else")


def test_two_waves_without_any_spread() -> None:
    """Where nobody's answer differs from another's no spread is told, and no change is made up."""
    inputs = company(BIG)
    for motive in MOTIVES:
        for unit, people in (("North", 25), ("South", 14), ("Phone", 8), ("Chat", 2)):
            inputs = answered(inputs, unit, motive, [4] * people)
    inputs = with_moves(inputs, {})
    record = freeze(inputs, as_publication(freeze(inputs)))
    assert detail(record, "North").change_hidden.startswith("The unit showed no details")
    now = freeze(inputs, as_publication(freeze(company(BIG, seed=3))))
    assert detail(now, "North").change_hidden == "The answers are too alike to tell how far apart they are."


def test_a_change_says_where_answers_were_moved() -> None:
    """Extremes now make the change "or less", extremes in the earlier wave "or more", both together neither."""

    def change_of(now: list[int], then: list[int]) -> Change:
        before = as_publication(freeze(answered(company(BIG), "South", "play", then)))
        record = freeze(with_moves(answered(company(BIG, seed=2, code="2026-Q2"), "South", "play", now), {}), before)
        change = detail(record, "South").change
        assert change is not None
        return change

    lowest, ordinary = [1] * 14, [3] * 14
    assert change_of(lowest, ordinary).difference.bound == "or less"
    assert change_of(ordinary, lowest).difference.bound == "or more"
    assert change_of(lowest, lowest).difference.bound == ""
    assert change_of(ordinary, ordinary).difference.bound == ""


def test_a_first_wave_says_that_it_is_the_first() -> None:
    """Where no wave was published before, each unit says so and tells no change."""
    for code in ("Company", "North", "South"):
        told = detail(freeze(company(BIG)), code)
        assert (told.change, told.change_hidden) == (None, FIRST.text)


@pytest.mark.parametrize("name", ["", *MOTIVES])
def test_an_earlier_mean_is_what_was_published(name: str) -> None:
    """Its error is that of the published spread among as many people as were published."""
    record = freeze(company(BIG))
    looked = of_motive(name) if name else INDEX
    for code in ("Company", "North", "South"):
        shown, told = figures(record, code), detail(record, code)
        mean = shown.scales[name] if name else shown.index
        sd = told.spreads[name].sd if name else told.index_sd
        assert sd is not None
        expected = Mean(shown.n, mean.value, MeanError(sd.value * sd.value / shown.n, shown.n - 1, "own"))
        assert mean_before(as_publication(record), code, looked) == expected
    assert all(mean_before(as_publication(record), code, looked) is None for code in ("Phone", "Chat", "Nowhere"))


def test_a_change_is_that_of_two_published_means() -> None:
    """Difference, interval, size and what could be detected are those of what both waves published."""
    first, record = as_publication(freeze(company(BIG))), second({})
    for code in ("Company", "North"):
        change, now = detail(record, code).change, mean_before(as_publication(record), code)
        was = mean_before(first, code)
        assert change is not None
        assert now is not None
        assert was is not None
        found = compare_means(now, was)
        assert isinstance(found, Comparison)
        assert change.difference.value == pytest.approx(found.difference, abs=1e-5)
        assert change.difference.low == pytest.approx(found.interval.low, abs=1e-3)
        assert change.difference.high == pytest.approx(found.interval.high, abs=1e-3)
        assert change.g.value == pytest.approx(found.g, abs=1e-4)
        assert (change.g.low, change.g.high) == pytest.approx(found.g_interval, abs=1e-4)
        assert change.detectable.value == pytest.approx(found.detectable, abs=1e-3)
