"""What a unit's page says: its first sentence, its waves, what was counted of it, what is done, what is held back."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from typing import Final, get_args

import pytest
from msgspec.structs import replace

from survey.privacy.figures import POINTS, Figure, NotEstimable, figure
from survey.privacy.record import Change, Contribution, Detail, Origin, UnitRecord, Verdict
from survey.privacy.register import Mark, OutcomeValues
from survey.privacy.thaw import Publication, dump, read, thaw
from survey.services.accounts.accounts import Account
from survey.services.practices.partners import Across
from survey.services.practices.register import Adoption
from survey.web.units.around import around, only_top
from survey.web.units.doing import Noted, doing
from survey.web.units.headline import HEADLINES, Beside, Since, headline
from survey.web.units.history import History, history
from survey.web.units.measures import measures_of
from survey.web.units.withheld import withheld
from tests.privacy.test_beside import outcome, two
from tests.privacy.waves_by_hand import Team, wave

SAME: Final = "no detectable difference"
FLAT: Final = NotEstimable("Nobody answered.")
RISEN: Final = {"en": ("risen",), "ko": ("올랐",)}
FALLEN: Final = {"en": ("fallen",), "ko": ("내려갔",)}
HIGHER: Final = {"en": ("higher",), "ko": ("높",)}
LOWER: Final = {"en": ("lower",), "ko": ("낮",)}


def everybody(_wave: Publication, _code: str) -> bool:
    """A reader who may see everything."""
    return True


def with_units(publication: Publication, changed: Mapping[str, Mapping[str, object]]) -> Publication:
    """The same wave, with other facts of some units."""
    record = read(*publication.frozen())
    units: list[UnitRecord] = [replace(unit, **changed.get(unit.code, {})) for unit in record.units]
    return thaw(*dump(replace(record, units=units)))


def at(place: int, before: Publication | None = None, **teams: Team) -> Publication:
    """A wave of a company with two departments, and the teams given."""
    shape = {"CARE": Team(10.0, kind="department"), "SALES": Team(5.0, kind="department"), **teams}
    return wave(place, shape, before)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("chosen", list(HEADLINES))
def test_every_first_sentence_says_what_was_found_and_no_more(chosen: tuple[Beside, Since], language: str) -> None:
    """Higher and lower, risen and fallen stand only where the frozen verdicts say so; every fact is filled in."""
    said = HEADLINES[chosen].fill(wave="2026-Q2").to(language)
    beside, since = chosen
    for words, verdict, found in (
        *((HIGHER, "higher", beside), (LOWER, "lower", beside)),
        *((RISEN, "higher", since), (FALLEN, "lower", since)),
    ):
        assert any(word in said for word in words[language]) == (verdict == found), said
    assert "%" not in said
    assert ("2026-Q2" in said) == (since not in {"first", "not shown"})
    assert said.endswith(".")
    assert not any(word in said for word in ("because", "cause", "때문", "덕분"))


def test_every_case_has_a_sentence_of_its_own() -> None:
    """Each verdict against the rest with each since the last wave: twenty cases, twenty sentences."""
    besides, sinces = (*get_args(Verdict), "nothing"), (*get_args(Verdict), "first", "not shown")
    assert set(HEADLINES) == set(itertools.product(besides, sinces))
    for language in ("ko", "en"):
        assert len({sentence.to(language) for sentence in HEADLINES.values()}) == len(HEADLINES)


def test_the_first_sentence_is_chosen_by_the_frozen_verdicts() -> None:
    """The gap's verdict and the change's verdict choose; the company itself is held against nothing but its past."""
    first = at(0, NORTH=Team(5.0))
    zero = figure(3.0, POINTS, (-1.0, 7.0))
    change = Change("W1", zero, "higher", 0.01, Figure(0.1, "+0.1"), Figure(5.0, "+5.0"))
    second = with_units(
        at(1, first, NORTH=Team(5.0)),
        {code: {"detail": Detail({}, None, "cannot tell yet", 0.0, change)} for code in ("CO", "NORTH")},
    )
    gap = Contribution(zero, {}, "lower", zero)
    said = {
        "north": headline(second.unit("NORTH"), gap, second),
        "too little": headline(second.unit("NORTH"), FLAT, second),
        "company": headline(second.root, gap, second),
        "no change told": headline(second.unit("CARE"), gap, second),
        "first": headline(first.unit("NORTH"), gap, first),
    }
    assert {name: sentence.text for name, sentence in said.items()} == {
        "north": HEADLINES["lower", "higher"].text,
        "too little": HEADLINES["nothing", "higher"].text,
        "company": HEADLINES["nothing", "higher"].text,
        "no change told": HEADLINES["lower", "not shown"].text,
        "first": HEADLINES["lower", "first"].text,
    }
    assert said["north"].facts == {"wave": "W1"}


def told(found: History) -> list[str]:
    """What is noted of a unit's waves, in English."""
    return [str(note) for note in found.notes]


def four() -> list[Publication]:
    """Four waves: in the third NORTH moves, is renamed, and is mostly made of others; NEW begins; OLD ends."""
    one = at(0, NORTH=Team(5.0, parent="CARE"), OLD=Team(3.0))
    two_ = with_units(
        at(1, one, NORTH=Team(6.0, parent="CARE"), OLD=Team(3.0)), {"NORTH": {"origin": Origin(95, "NORTH", 95)}}
    )
    mark = Mark("2026-06-20", "leader", "")
    three = with_units(
        at(2, two_, NORTH=Team(9.0, parent="SALES", marks=(mark,)), NEW=Team(1.0)),
        {
            "NORTH": {"origin": Origin(30, "OLD", 60), "names": {"ko": "새북부", "en": "New North"}},
            "NEW": {"origin": Origin(0, "OLD", 70)},
        },
    )
    last = at(3, three, NORTH=Team(None, parent="SALES", marks=(mark,)), NEW=Team(2.0))
    return [one, two_, three, last]


def test_a_units_waves_say_what_became_of_it() -> None:
    """A move, a new name and new people stand beside the trend; a hidden wave has its reason and no number."""
    waves = four()
    found = history(waves[-1].unit("NORTH"), waves[-1], waves, everybody, "en")
    assert told(found) == [
        "W3: it was moved from Team CARE to Team SALES.",
        "Before W3 it was called Team NORTH.",
        "W3: only 30 % of the people had been here in the wave before, so the line breaks. Until then this was "
        "largely another unit under the same code.".replace(" %", "\N{NO-BREAK SPACE}%"),
        "Before W4 it was called New North.",
    ]
    assert [row.shown for row in found.rows] == ["+5.0", "+6.0", "+9.0", ""]
    assert [row.stayed for row in found.rows] == ["", "95 %", "30 %", ""]
    assert str(found.rows[-1].why) == "Fewer than 5 people answered."
    assert found.badges
    assert found.figure is not None
    assert "30 %" in found.figure
    assert [mark.name for mark in found.marks] == ["The leader changed"]


def test_an_earlier_wave_knows_nothing_of_later_ones() -> None:
    """The page of a wave tells what was known then; of a first wave there is nothing to draw."""
    waves = four()
    found = history(waves[0].unit("NORTH"), waves[0], waves, everybody, "en")
    assert (found.figure, told(found), [row.wave for row in found.rows]) == (None, [], ["W1"])


def test_a_line_that_begins_later_says_why() -> None:
    """A unit is new, with where its people came from where that may be seen; or it lay out of sight."""
    waves = four()
    new = waves[-1].unit("NEW")
    with_origin = "New in W3; 70\N{NO-BREAK SPACE}% of its people came from Team OLD."
    assert told(history(new, waves[-1], waves, everybody, "en")) == [with_origin]
    blind = history(new, waves[-1], waves, lambda _, code: code != "OLD", "en")
    assert told(blind) == ["New in W3."]
    north = waves[2].unit("NORTH")
    late = history(north, waves[2], waves, lambda each, code: code == "NORTH" and each.wave.code == "W3", "en")
    assert told(late) == ["Before W3 it lay in a part of the company that you cannot see."]
    assert [row.wave for row in late.rows] == ["W3"]


def test_parts_out_of_sight_are_not_named() -> None:
    """A leader of the unit alone reads that it moved, and not from where to where."""
    waves = four()
    found = history(waves[2].unit("NORTH"), waves[2], waves, lambda _, code: code == "NORTH", "en")
    assert told(found)[0] == "W3: it was moved within the company."


def test_what_was_counted_stands_beside_the_index() -> None:
    """Values come from a later publication; below three nothing is drawn; the company's verdict is that of its wave."""
    first, second = two(40)
    (found,) = measures_of("T00", (first, second), (first, second), everybody, "en")
    assert [(row.wave, row.period) for row in found.rows] == [("W1", "2026-02"), ("W2", "")]
    assert found.rows[0].value
    assert found.rows[0].index
    assert (found.figure, found.said_of) == (None, "W1")
    assert str(found.says).endswith("they go together.")
    (again,) = measures_of("T00", (first, second), (first, second), everybody, "ko")
    assert again.says == found.says


def test_three_values_are_drawn() -> None:
    """From the third value on there is a chart of them, each at its wave."""
    waves: list[Publication] = []
    for place in range(4):
        found = [OutcomeValues(f"W{number}", "2026-02", {"NORTH": 70.0 + number}) for number in range(1, place + 1)]
        before = waves[-1] if waves else None
        waves.append(wave(place, {"NORTH": Team(4.0)}, before, outcomes=(replace(outcome(), beside=found),)))
    (told_of,) = measures_of("NORTH", waves, waves, everybody, "en")
    assert [row.value for row in told_of.rows] == ["71", "72", "73", ""]
    assert told_of.figure is not None
    assert '"y":[71.0,72.0,73.0]' in told_of.figure


def test_nothing_is_set_beside_results_that_are_not_shown() -> None:
    """A hidden unit has no measure, however many values the file had; nor does a unit without any, or out of sight."""
    first, second = two(12, hidden=1)
    waves = (first, second)
    assert measures_of("T12", waves, waves, everybody, "en") == ()
    assert measures_of("CO", waves, waves, everybody, "en") == ()
    assert measures_of("T00", waves, waves, lambda *_: False, "en") == ()


def reasons(publication: Publication, code: str, *, comments: bool) -> list[str]:
    """What is held back of a unit, in English."""
    children = publication.children(code)
    return [str(said) for said in withheld(publication.unit(code), children, publication, comments=comments)]


def test_what_is_held_back_has_its_reason() -> None:
    """Details, participation, units below and comments are named one by one, with numbers where there are several."""
    found = with_units(
        at(0, A=Team(None), B=Team(None), C=Team(None, parent="CARE"), D=Team(4.0, details=False)),
        {"CARE": {"hidden": "complementary", "figures": None, "sums": None, "detail": None,
                  "detail_hidden": "complementary", "participation": "60-69 %"}},
    )  # fmt: skip
    few = "The share that took part: shown from ten people invited."
    assert reasons(found, "CO", comments=True) == [
        few,
        "2 units below: fewer than 5 people answered in each.",
        "One more unit below: with its results, those of fewer than 5 people could be worked out by subtraction.",
    ]
    details, share, comments = reasons(found, "D", comments=False)
    assert details.endswith("shown from 10 answers.")
    assert share == few
    assert comments.startswith("Comments: ")
    assert reasons(found, "CARE", comments=False) == [
        "Showing these results would let someone work out those of a group smaller than 5 people.",
        "One unit below: fewer than 5 people answered there.",
    ]


def noted(*kept: Adoption, across: Sequence[Across] = ()) -> Noted:
    """What the register holds on a day in June."""
    return Noted(kept, across, dt.date(2026, 6, 1))


def test_what_is_done_is_read_from_the_register_of_today() -> None:
    """A practice in place has its owner, its rhythm, its rest and those it is shared with; one that ended is gone."""
    found = at(0, NORTH=Team(4.0, adopted={"stand_ups": "2026-01-01"}))
    day = dt.date(2026, 1, 1)
    register = noted(
        Adoption("NORTH", "stand_ups", day, "Min", how_often="weekly"),
        Adoption("NORTH", "free_script", day, "", state="paused"),
        Adoption("NORTH", "one_loop", day, "", state="ended", ended_on=dt.date(2026, 3, 1)),
        Adoption("CARE", "front_line_days", day, "Ha"),
        across=[Across("CARE", "front_line_days", "NORTH", None), Across("NORTH", "stand_ups", "GONE", None)],
    )
    said = doing(found.unit("NORTH"), found, register, "en")
    assert [(each.owner, str(each.rests or ""), each.overdue, each.others) for each in said.in_place] == [
        ("Min", "", True, ("GONE",)),
        ("", "paused", False, ()),
        ("Ha", "", False, ("Team CARE",)),
    ]
    assert str(said.in_place[0].how_often) == "weekly"
    assert [each.since for each in said.in_place] == ["1 January 2026"] * 3


def test_what_was_done_then_is_read_from_the_record() -> None:
    """Beside a wave of the past stands what was frozen with it; what is suggested is not what is there."""
    found = at(0, NORTH=Team(4.0, adopted={"stand_ups": "2026-01-01"}))
    said = doing(found.unit("NORTH"), found, None, "ko")
    assert [(each.since, each.owner) for each in said.in_place] == [("2026년 1월 1일", "")]
    assert said.in_place[0].name not in {idea.name for idea in said.tries.ideas}


def account(*units: str, role: str = "leader") -> Account:
    """Somebody with grants on these units."""
    return Account(1, "ada@example.com", "Ada", role, "en", frozenset(units))


def test_a_reader_moves_in_the_own_part_of_the_tree() -> None:
    """The way up ends where the own part begins; neighbours and the unit above are shown only where they are seen."""
    found = at(0, A=Team(1.0, parent="CARE"), B=Team(None, parent="CARE"), C=Team(2.0, parent="CARE"))
    place = around(found.unit("B"), found, account("CARE"))
    assert [each.code for each in place.path] == ["CARE"]
    assert [each and each.code for each in (place.before, place.after, place.above)] == ["A", "C", "CARE"]
    top = around(found.unit("CARE"), found, account("CARE"))
    assert (top.path, top.before, top.after, top.above) == ((), None, None, None)
    alone = around(found.unit("B"), found, account("B"))
    assert (alone.path, alone.before, alone.after, alone.above) == ((), None, None, None)
    assert [each.code for each in around(found.unit("B"), found, account(role="hr")).path] == ["CO", "CARE"]


def test_who_has_one_part_of_the_tree_begins_there() -> None:
    """One grant, or one that holds the others; two parts, none, or a unit that is gone lead to the tree."""
    found = at(0, A=Team(1.0, parent="CARE"))
    tops = {units: only_top(account(*units), found) for units in (("CARE",), ("CARE", "A"), ("A", "SALES"), (), ("X",))}
    assert {units: top and top.code for units, top in tops.items()} == {
        ("CARE",): "CARE", ("CARE", "A"): "CARE", ("A", "SALES"): None, (): None, ("X",): None,
    }  # fmt: skip
