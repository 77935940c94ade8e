"""Changes against where people came from, of motives, and what was to be expected: what is told, and when not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from survey.privacy.change_figures import mean_before
from survey.privacy.figures import Figure
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.privacy.notices import Afterwards
from survey.privacy.record import Origin, Record
from survey.privacy.released import Released
from survey.privacy.thaw import Publication, dump, thaw
from survey.scoring.comparison import ALPHA, Comparison, compare_means
from survey.scoring.family import adjust
from tests.privacy.companies import CAST, answered, company, instrument, with_moves
from tests.privacy.records import as_publication, detail, figures
from tests.privacy.test_pairs import mean_now

BIG = CAST.replace("North 12", "North 25").replace("South 5", "South 14")


def before() -> Publication:
    """The first wave."""
    return as_publication(freeze(company(BIG)))


def now(origins: Mapping[str, tuple[Origin, int | None]], picture: str = BIG, seed: int = 2) -> WaveInputs:
    """The second wave, nobody of whom moved but for those who came from elsewhere."""
    inputs = with_moves(company(picture, seed=seed, code="2026-Q2"), {})
    facts = tuple(
        replace(each, origin=origins[each.unit.code][0], crossed=origins[each.unit.code][1])
        if each.unit.code in origins
        else each
        for each in inputs.facts
    )
    return replace(inputs, facts=facts)


def second(origins: Mapping[str, tuple[Origin, int | None]], picture: str = BIG) -> Record:
    """It, published after the first."""
    return freeze(now(origins, picture), before())


def test_shares_of_the_roster_are_told_of_shown_units_only() -> None:
    """Where people came from stands beside numbers, never where there are none."""
    record = second({code: (Origin(80, code, 80), 3) for code in ("Chat", "North", "South", "Sales")})
    told = {unit.code: unit.origin for unit in record.units}
    assert (told["North"], told["Sales"]) == (Origin(80, "North", 80), Origin(80, "Sales", 80))
    assert {unit.code for unit in record.units if unit.hidden and unit.origin} == set()
    assert told["Chat"] is None


@pytest.mark.parametrize(("moved", "shown"), [(0, True), (1, False), (2, False), (3, True), (None, False)])
def test_a_lone_newcomer_is_not_guessed_through_another_unit(moved: int | None, shown: bool) -> None:  # noqa: FBT001 - a column of the table
    """Below twenty people no change against another unit is shown where one or two are in one of the two only."""
    record = second({"South": (Origin(0, "North", 90), moved)})
    assert (detail(record, "South").origin_change is not None) is shown
    assert detail(record, "South").change is not None


def test_a_change_against_where_people_came_from() -> None:
    """It is today's index minus what that unit published then, judged in one family with all other changes."""
    earlier, record = before(), second({"South": (Origin(10, "North", 90), 9)})
    change, alone = detail(record, "South").origin_change, detail(second({}), "South").change
    assert change is not None
    assert alone is not None
    then = figures(freeze(company(BIG)), "North").index.value
    assert change.since == earlier.wave.code
    assert change.difference.value == pytest.approx(figures(record, "South").index.value - then, abs=2e-6)
    own = detail(record, "South").change
    assert own is not None
    assert own.p_adjusted >= alone.p_adjusted


def test_all_changes_that_are_shown_are_one_family() -> None:
    """Each adjusted p is that of its own p among those of all changes that are told, by either way of counting."""
    earlier, record = before(), second({"South": (Origin(10, "North", 90), 9)})
    publication = as_publication(record)
    raw, told = [], []
    for unit in record.units:
        if unit.detail is not None and unit.detail.change is not None:
            ways = [(unit.code, unit.detail.change)]
            ways += [] if unit.detail.origin_change is None else [("North", unit.detail.origin_change)]
            for then, change in ways:
                now, was = mean_now(publication, unit.code), mean_before(earlier, then)
                assert was is not None
                found = compare_means(now, was)
                assert isinstance(found, Comparison)
                raw.append(found.p)
                told.append(change.p_adjusted)
    assert len(told) > 3
    assert told == pytest.approx(adjust(raw), abs=1e-5)
    assert told != pytest.approx(raw, abs=1e-3)


@pytest.mark.parametrize("unit", ["", "South", "Chat", "Nowhere"])
def test_no_change_against_nobody(unit: str) -> None:
    """Nothing is counted from the unit itself twice, from none, from one that showed no details, or from no unit."""
    assert detail(second({"South": (Origin(60, unit, 60), 9)}), "South").origin_change is None


def turned(inputs: WaveInputs, unit: str, people: int) -> WaveInputs:
    """Let all people of a unit like their work very much."""
    for motive in instrument().motives:
        value = 6 if motive.direction == "direct" else 2
        inputs = answered(inputs, unit, motive.id, [value, value + 1, value - 1, value, value] * people)
    return inputs


def test_motives_are_told_where_the_index_has_changed() -> None:
    """A unit whose index was told apart tells its motives' changes; every other tells none."""
    record = freeze(turned(now({}), "North", 25), before())
    north = detail(record, "North")
    assert north.change is not None
    assert north.change.verdict == "higher"
    assert list(north.motive_changes) == [motive.id for motive in instrument().motives]
    for motive, change in north.motive_changes.items():
        then = figures(freeze(company(BIG)), "North").scales[motive].value
        assert change.difference.value == pytest.approx(figures(record, "North").scales[motive].value - then, abs=2e-6)
        assert (change.verdict != "no detectable difference") <= (change.p_adjusted <= ALPHA)
        assert change.expected is None
    for unit in record.units:
        if unit.detail is not None and unit.detail.change is not None:
            assert bool(unit.detail.motive_changes) == (unit.detail.change.verdict != "no detectable difference")
    assert not detail(record, "South").motive_changes


def test_motives_that_told_no_spread_are_not_compared() -> None:
    """Where the earlier answers to a motive were too alike to tell their spread, its change is not told."""
    earlier = as_publication(freeze(answered(company(BIG), "North", "play", [4] * 25)))
    record = freeze(turned(now({}), "North", 25), earlier)
    assert "play" not in detail(record, "North").motive_changes
    assert "purpose" in detail(record, "North").motive_changes


def test_what_was_to_be_expected_follows_from_the_earlier_record() -> None:
    """The expected change is the shrunken index minus the index, as both were published in the earlier wave."""
    first = freeze(company(BIG))
    units = [
        changed(unit, figures=changed(unit.figures, shrunken=Figure(unit.figures.index.value + 4.5, "+")))
        if unit.code == "North" and unit.figures is not None
        else changed(unit, figures=changed(unit.figures, shrunken=None))
        if unit.figures is not None
        else unit
        for unit in first.units
    ]
    record = freeze(now({"South": (Origin(0, "North", 90), 9)}), thaw(*dump(changed(first, units=units))))
    north, south = detail(record, "North"), detail(record, "South")
    assert north.change is not None
    assert north.change.expected is not None
    assert north.change.expected.text == "+4.5"
    assert south.change is not None
    assert south.change.expected is None
    assert south.origin_change is not None
    assert south.origin_change.expected == north.change.expected


def test_a_withdrawn_wave_takes_every_change_with_it() -> None:
    """Changes of motives and against other units go with the change of the index."""
    record = freeze(turned(now({"South": (Origin(0, "North", 90), 9)}), "North", 25), before())
    whole, without = thaw(*dump(record)), thaw(*dump(record), Afterwards(withdrawn=("2026-Q1",)))
    for publication, told in ((whole, True), (without, False)):
        north, south = publication.unit("North").detail, publication.unit("South").detail
        assert isinstance(north, Released)
        assert isinstance(south, Released)
        assert bool(north.value.motive_changes) is told
        assert (south.value.origin_change is not None) is told
