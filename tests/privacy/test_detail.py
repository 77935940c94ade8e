"""What a unit of tier two shows besides: every figure by hand, from the bounded answers of its people."""

import msgspec
import numpy as np
import pytest

from survey.privacy.changes import Changed, changes
from survey.privacy.detail import details
from survey.privacy.figures import Figure
from survey.privacy.gate import decide
from survey.privacy.places import NOWHERE, places_on_map
from survey.privacy.record import Change
from survey.privacy.scored import Scored, score
from survey.privacy.sensitivity import _indexes
from tests.privacy.companies import answered, company, instrument

TEAMS = "\n    Company\n" + "".join(f"      U{place:02} {10 + place}\n" for place in range(12))
SMALL = """
    Company
      Care 12
        Chat 14
      Sales
        North 25
        South 12
"""


def people_of(scored: Scored, code: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which of the responses that count are of a unit or of one below it."""
    inside = set()
    for place, shown in enumerate(scored.partition.shown):
        above = scored.partition.above[place]
        if shown == code or above in inside:
            inside.add(place)
    return np.isin(scored.cells, list(inside))


@pytest.mark.parametrize("picture", [TEAMS, SMALL])
def test_spreads_are_those_of_its_people(picture: str) -> None:
    """People by answer, standard deviations of each motive and of the index, wherever they may be told."""
    inputs = company(picture)
    scored = score(inputs, decide(inputs))
    found = details(scored, changes(scored, None), two_axes=True)
    assert found.keys() == scored.detailed
    for code, told in found.items():
        here = people_of(scored, code)
        assert told.spreads.keys() == {each.id for each in instrument().motives if code in scored.telling(each.id)}
        for motive, spread in told.spreads.items():
            (column,) = [place for place, item in enumerate(instrument().items) if item.scale == motive]
            answers = scored.answers[here, column]
            assert spread.counts == [int((answers == value).sum()) for value in range(1, 8)]
            assert spread.sd.value == pytest.approx(answers.std(ddof=1), abs=1e-5)
        assert (told.index_sd is not None) == (code in scored.telling(scored.index))
        if told.index_sd is not None:
            assert told.index_sd.value == pytest.approx(_indexes(scored)[here].std(ddof=1), abs=1e-4)
        assert told.agreement.keys() >= told.spreads.keys()
    assert any(told.spreads and told.index_sd for told in found.values())


def test_a_spread_that_is_not_told_is_not_told_of_the_index_alone() -> None:
    """Where a team gave one answer to every motive neither its spreads nor that of its index are told."""
    inputs = company(SMALL)
    for motive in instrument().motives:
        inputs = answered(inputs, "North", motive.id, [4] * 25)
    scored = score(inputs, decide(inputs))
    north = details(scored, changes(scored, None), two_axes=True)["North"]
    assert (north.spreads, north.index_sd) == ({}, None)


def test_places_are_those_of_the_map() -> None:
    """Label, probability, position and quarters are the map's, by one rule for the label or the other."""
    inputs = company(TEAMS)
    for team in range(12):
        for item in instrument().items_of("tactical"):
            low = 2 if team % 2 else 5
            inputs = answered(inputs, f"U{team:02}", item.id, [low, low + 1, low] * 7)
    scored = score(inputs, decide(inputs))
    for two_axes in (True, False):
        places = places_on_map(scored, two_axes=two_axes)
        found = details(scored, changes(scored, None), two_axes=two_axes)
        assert len(places) == len(found) > 12
        assert ({told.label for told in found.values()} == {NOWHERE.label}) is not two_axes
        for code, told in found.items():
            place = places[code]
            assert (told.label, told.label_probability) == (place.label, place.probability)
            assert (told.shrunken, told.quadrants) == (place.position, place.quadrants)
    few = company("\n    Company\n      North 15\n      South 14\n")
    scored = score(few, decide(few))
    assert {told.label for told in details(scored, changes(scored, None), two_axes=True).values()} == {NOWHERE.label}


def test_changes_are_handed_on() -> None:
    """A change stands with its motives and where people came from; where none is told its reason stands instead."""
    inputs = company(SMALL)
    scored = score(inputs, decide(inputs))
    change = Change("2026-Q1", Figure(1.0, "+1.0"), "higher", 0.01, Figure(1.0, "1.0"), Figure(1.0, "1.0"))
    origin = msgspec.structs.replace(change, since="2025-Q4")
    reasons = {code: Changed(f"Reason of {code}") for code in scored.detailed}
    for code, told in details(scored, reasons, two_axes=True).items():
        assert (told.change, told.change_hidden) == (None, f"Reason of {code}")
        assert (told.motive_changes, told.origin_change) == ({}, None)
    whole = dict.fromkeys(scored.detailed, Changed(change, {"play": origin}, origin))
    for told in details(scored, whole, two_axes=True).values():
        assert (told.change, told.change_hidden) == (change, "")
        assert (told.motive_changes, told.origin_change) == ({"play": origin}, origin)
