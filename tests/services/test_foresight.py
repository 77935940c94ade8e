from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Person, Unit, Wave
from survey.privacy.foresight import Chance
from survey.services.publication import notices
from survey.services.waves import foresight, frozen, joins, waves
from survey.services.waves.foresight import Foreseen
from tests import cast
from tests.journeys.doors import published
from tests.services.rounds import OVER, WAVE
from tests.services.test_joins import NAMES, planned

NEXT = "2027-Q1"


def looked(engine: Engine, assumed: str = "70", code: str = WAVE) -> Foreseen:
    """Foresee a draft."""
    with reading(engine) as session:
        return foresight.foreseen(session, waves.wave(session, code), assumed)


def test_the_cast_is_foreseen_as_it_would_be_frozen(engine: Engine) -> None:
    """Every unit of the frozen tree is there with its people, the larger the surer; nothing is stored."""
    planned(engine)
    seen = looked(engine)
    assert {line.unit.code: line.people for line in seen.lines} == {
        "CO": 27, "CO+": 5, "CARE": 8, "PHONE": 8, "SALES": 14, "NORTH": 9, "SOUTH": 5,
    }  # fmt: skip
    chances = {line.unit.code: line.figures.percent for line in seen.lines}
    assert chances["CO"] == 100
    assert chances["NORTH"] > chances["SOUTH"]
    assert {line.unit.code for line in seen.lines if line.few} == {"CO+", "SOUTH"}
    assert [line.unit.code for line in seen.lines if line.details.likely == "never"] == [
        "CO+",
        "CARE",
        "PHONE",
        "NORTH",
        "SOUTH",
    ]
    with reading(engine) as session:
        assert waves.wave(session, WAVE).state == "draft"


def test_people_of_small_units_are_told_where_they_count(engine: Engine) -> None:
    """Chat's two, and Ada and Bo who lead, count for the company's group; each is told with the group's name."""
    planned(engine)
    moved = {(each.code, each.people, each.to["en"]) for each in looked(engine).elsewhere}
    assert moved == {("CHAT", 2, "Lighthouse Trading (direct)")}


def test_more_participation_is_foreseen_with_more_results(engine: Engine) -> None:
    """Half, seven and nine in ten: the company's outlook brightens, and an unknown choice is the usual one."""
    planned(engine)
    sure = [sum(line.figures.share for line in looked(engine, each).places) for each in ("50", "70", "90")]
    assert sure == sorted(sure)
    assert looked(engine, "x").assumed == looked(engine, foresight.LAST).assumed == "70"


def test_raising_the_threshold_shows_what_it_costs(engine: Engine) -> None:
    """The plan's own threshold stands first, then higher ones, with the units that would be left and would see."""
    planned(engine)
    raised = looked(engine, "90").raised
    assert [each.k for each in raised] == [5, 7, 10]
    assert [each.units for each in raised] == sorted((each.units for each in raised), reverse=True)
    assert all(each.shown <= each.units for each in raised)
    assert raised[0].shown >= raised[-1].shown


def test_a_joined_group_is_foreseen_as_one_unit(engine: Engine) -> None:
    """What joining would do is seen at once: the group with its ten people, its units gone."""
    planned(engine)
    with writing(engine) as session:
        joins.join(session, WAVE, ["PHONE", "CHAT"], NAMES, cast.NOW)
    people = {line.unit.code: line.people for line in looked(engine).lines}
    assert people["CHAT+PHONE"] == 10
    assert not people.keys() & {"PHONE", "CHAT"}


def test_as_last_time_takes_the_published_bands(engine: Engine, home: Path) -> None:
    """Where a wave was published, its bands are a choice: everybody had answered, so that nearly all is shown."""
    published(engine, home)
    planned(engine, NEXT)
    seen = looked(engine, foresight.LAST, NEXT)
    assert seen.choices == ("50", "70", "90", "last")
    assert seen.assumed == foresight.LAST
    usual = {line.unit.code: line.figures.share for line in looked(engine, "90", NEXT).lines}
    assert all(line.figures.share >= usual[line.unit.code] for line in seen.lines if line.unit.code != "CO")


def test_what_was_withdrawn_is_no_last_time(engine: Engine, home: Path) -> None:
    """The next wave is foreseen all the same where the results of the last one were withdrawn: with what is usual."""
    published(engine, home)
    with writing(engine) as session:
        notices.say(session, WAVE, "withdrawal", {"ko": "잘못 셌습니다", "en": "Counted wrongly"}, OVER)
    planned(engine, NEXT)
    seen = looked(engine, foresight.LAST, NEXT)
    assert seen.choices == ("50", "70", "90")
    assert seen.assumed == foresight.USUAL


@pytest.mark.parametrize("table", [Person, Unit])
def test_what_could_not_be_opened_is_not_foreseen(engine: Engine, table: type[Person] | type[Unit]) -> None:
    """Without a roster, or with a group that no longer fits it, the reason is told instead."""
    planned(engine)
    with writing(engine) as session:
        joins.join(session, WAVE, ["PHONE", "CHAT"], NAMES, cast.NOW)
    with writing(engine) as session:
        if table is Person:
            session.execute(delete(Person))
        else:
            session.execute(update(Unit).where(Unit.code == "CHAT").values(parent_code="SALES"))
    with pytest.raises(Refused, match="Nobody is in the roster" if table is Person else "under the same unit"):
        looked(engine)


def test_siblings_are_offered_with_the_smallest_first(engine: Engine) -> None:
    """Only units side by side with people of their own are offered; what is joined already is not."""
    planned(engine)
    with writing(engine) as session:
        joins.join(session, WAVE, ["PHONE", "CHAT"], NAMES, cast.NOW)
    with reading(engine) as session:
        wave = session.get_one(Wave, 1)
        roster = frozen.roster_today(session)
        before, after = joins.siblings(roster, []), joins.siblings(roster, frozen.joins_of(wave))
    assert [(each.parent.code, [unit.code for unit in each.units]) for each in before] == [
        ("CARE", ["CHAT", "PHONE"]),
        ("SALES", ["SOUTH", "NORTH"]),
    ]
    assert [each.parent.code for each in after] == ["SALES"]


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (Chance(1.0, possible=True), "over 95\N{NO-BREAK SPACE}%"),
        (Chance(1.0, possible=True, step=10), "over 90\N{NO-BREAK SPACE}%"),
        (Chance(0.01, possible=True), "under 5\N{NO-BREAK SPACE}%"),
        (Chance(0.42, possible=True), "about 40\N{NO-BREAK SPACE}%"),
        (Chance(0.0, possible=False), "never"),
    ],
)
def test_a_chance_is_never_told_as_certain(chance: Chance, said: str) -> None:
    """Neither nought nor a hundred per cent is ever printed."""
    assert str(foresight.told(chance)) == said
