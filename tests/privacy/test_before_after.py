"""Practices and what came after, over publications made by hand: who counts, and what is said."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import msgspec
import numpy as np

from survey.instruments.load import builtin
from survey.instruments.practices import library
from survey.privacy.before_after import After, afterwards, lineage
from survey.privacy.thaw import Publication, dump, read, thaw
from tests.privacy.waves_by_hand import Team, closed, opened, wave

PRACTICE = "stand_ups"
SINCE = (opened(2) - dt.timedelta(days=20)).isoformat()
"""Between the second and the third wave."""


def company(gain: float = 0.0, adopting: int = 6, others: int = 24, drift: float = 0.0) -> list[dict[str, Team]]:
    """Return three waves of teams; those that take the practice up gain so much after it, and drifted before it."""
    random = np.random.default_rng(7)
    codes = [f"A{number:02}" for number in range(adopting)] + [f"K{number:02}" for number in range(others)]
    base = {code: float(random.normal(0, 6)) for code in codes}
    waves: list[dict[str, Team]] = []
    for place in range(3):
        teams = {}
        for code in codes:
            mine = code.startswith("A")
            index = base[code] + float(random.normal(0, 1.5)) + 4.0 * place
            index += (gain if mine and place == 2 else 0.0) - (drift if mine and place == 0 else 0.0)
            teams[code] = Team(index, adopted={PRACTICE: SINCE} if mine and place == 2 else {})
        waves.append(teams)
    return waves


def publish(teams: list[dict[str, Team]], practices: tuple[str, ...] = (PRACTICE,)) -> tuple[Publication, ...]:
    """Publish one wave after the other."""
    found: list[Publication] = []
    for place, each in enumerate(teams):
        found.append(wave(place, each, found[-1] if found else None, practices=practices))
    return tuple(found)


def story(publications: tuple[Publication, ...]) -> After:
    """What is known of the practice."""
    (found,) = [after for after in afterwards(publications) if after.practice == PRACTICE]
    return found


def changed(waves: list[dict[str, Team]], place: int, changes: Mapping[str, Team]) -> list[dict[str, Team]]:
    """The waves with some teams of one of them exchanged."""
    return [{**teams, **changes} if at == place else teams for at, teams in enumerate(waves)]


def test_a_gain_beside_matched_units_is_told() -> None:
    """Units that gain ten points more are "higher after"; what everybody gained is not in the difference."""
    found = story(publish(company(gain=10.0)))
    assert found.verdict == "higher after"
    assert found.index is not None
    assert found.index.low is not None
    assert 7 < found.index.value < 13
    assert (found.matched, found.others, found.missing) == (6, 12, {})
    assert found.starts is not None
    assert abs(found.starts[0].value - found.starts[1].value) < 3
    assert story(publish(company(gain=-10.0))).verdict == "lower after"


def test_without_a_gain_no_difference_is_told() -> None:
    """The company gains four points a wave, the units that took it up as the others."""
    found = story(publish(company()))
    assert found.verdict == "no detectable difference"
    assert found.earlier is not None


def test_units_that_moved_apart_before_say_nothing() -> None:
    """Who had been rising already between the two waves before is told as that."""
    assert story(publish(company(gain=10.0, drift=10.0))).verdict == "moved apart before"


def test_too_early_is_the_default() -> None:
    """With too few units, too few others, or too few waves, it says what is missing and gives no number."""
    few = story(publish(company(gain=10.0, adopting=3)))
    assert (few.verdict, few.missing["adopting"], few.motives) == ("too early to say", (3, 5), {})
    assert (few.index, few.earlier, few.starts) == (None, None, None)
    alone = story(publish(company(gain=10.0, others=7)))
    assert alone.verdict == "too early to say"
    assert alone.missing["others"][1] == 10
    assert story(publish(company(gain=10.0)[:1])).missing == {"adopting": (0, 5), "others": (0, 10), "earlier": (1, 2)}
    assert story(publish(company(gain=10.0)[:2])).missing == {"adopting": (0, 5), "others": (0, 10)}


def test_an_adoption_after_one_wave_lacks_an_earlier_one() -> None:
    """Who took it up between the first two waves has no wave before these, and never counts."""
    early = {code: team for code, team in company(gain=10.0)[1].items() if code.startswith("A")}
    day = (opened(1) - dt.timedelta(days=20)).isoformat()
    waves = company(gain=10.0)
    for place in (1, 2):
        waves = changed(waves, place, {c: replace(waves[place][c], adopted={PRACTICE: day}) for c in early})
    found = story(publish(waves))
    assert found.verdict == "too early to say"
    assert found.missing == {"adopting": (0, 5), "others": (0, 10), "earlier": (1, 2)}


def test_hidden_units_count_on_neither_side() -> None:
    """A unit that is not shown in one of the three waves is not among those compared; without details it is."""
    waves = company(gain=10.0)
    hidden = changed(waves, 1, {"A00": Team(None), "A01": Team(None), "A02": replace(waves[1]["A02"], details=False)})
    found = story(publish(hidden))
    assert (found.took_up, found.missing) == (4, {"adopting": (4, 5), "others": (8, 10)})
    gone = changed(waves, 0, {"A00": Team(None)})
    assert story(publish(gone)).took_up == 5
    new = [{code: team for code, team in waves[0].items() if code != "A01"}, *waves[1:]]
    assert story(publish(new)).took_up == 5


def test_units_of_another_kind_and_units_of_units_are_no_comparison() -> None:
    """Only teams of the same declared kind, without teams below them, are set beside each other."""
    waves = [
        {code: replace(team, kind="care" if code.startswith("A") else "store") for code, team in teams.items()}
        for teams in company(gain=10.0)
    ]
    assert story(publish(waves)).missing["others"] == (0, 10)
    nested = [{**teams, **{f"{c}-1": Team(None, parent=c) for c in teams if c[0] == "K"}} for teams in company(10.0)]
    assert story(publish(nested)).missing["others"][0] == 0


def test_who_takes_it_up_while_a_wave_is_open_is_on_neither_side() -> None:
    """Such a unit answered partly before and partly after."""
    waves = company(gain=10.0)
    for day in (closed(1), closed(2)):
        during = {"A00": replace(waves[2]["A00"], adopted={PRACTICE: day.isoformat()})}
        assert story(publish(changed(waves, 2, during))).took_up == 5


def test_practices_asked_about_belong_to_the_family_even_without_units() -> None:
    """All practices asked about are listed, in the register's order, and share the adjustment."""
    alone, many = publish(company(gain=2.0)), publish(company(gain=2.0), ("feedback_to_all", PRACTICE, "one_loop"))
    assert [after.practice for after in afterwards(many)] == ["feedback_to_all", PRACTICE, "one_loop"]
    assert [after.verdict for after in afterwards(many) if after.practice != PRACTICE] == ["too early to say"] * 2
    assert story(alone).index == story(many).index
    assert (story(alone).verdict, story(many).verdict) == ("higher after", "no detectable difference")


def test_the_motives_of_the_practice_are_shown_beside_it() -> None:
    """Those that the practice speaks to, with their intervals."""
    random = np.random.default_rng(3)
    waves = [
        {code: replace(team, motives={"potential": 4 + float(random.normal(0, 0.2))}) for code, team in teams.items()}
        for teams in company(gain=10.0)
    ]
    found = story(publish(waves))
    assert list(found.motives) == ["potential"]
    assert found.motives["potential"].low is not None


def test_the_lineage_follows_the_digests() -> None:
    """Only publications that follow each other are read; nothing published, nothing said."""
    waves = publish(company())
    assert lineage(waves) == waves
    assert lineage(waves[1:]) == waves[1:]
    assert lineage((waves[0], waves[2])) == (waves[2],)
    assert afterwards(()) == ()
    assert lineage(()) == ()


def test_who_takes_it_up_earlier_or_later_is_nobodys_comparison() -> None:
    """Units that have it already, or will, are not those that did without, however alike they started."""
    earlier, later = ((opened(place) - dt.timedelta(days=20)).isoformat() for place in (1, 3))
    for day in (earlier, later):
        waves = []
        for place in range(4):
            teams = {f"K{number:02}": Team(40.0 if number % 2 else -40.0) for number in range(20)}
            for side, since, count in (("A", SINCE, 6), ("B", day, 12)):
                for number in range(count):
                    adopted = {PRACTICE: since} if place == 3 else {}
                    teams[f"{side}{number:02}"] = Team(0.01 * number + place, adopted=adopted)
            waves.append(teams)
        assert story(publish(waves)).matched == 0


def test_the_day_on_which_a_wave_opens_is_before_it() -> None:
    """Who took it up on the opening day answered after that; on the day after the close of the wave before, as well."""
    waves = company(gain=10.0)
    for day in (opened(2), closed(1) + dt.timedelta(days=1)):
        that = {"A00": replace(waves[2]["A00"], adopted={PRACTICE: day.isoformat()})}
        assert story(publish(changed(waves, 2, that))).took_up == 6


def test_who_takes_it_up_on_the_last_day_is_nobodys_comparison() -> None:
    """On the day of the close some had answered before and some after; one day later all had answered without."""
    waves = company(gain=10.0)
    for days in (0, 1):
        late = {PRACTICE: (closed(2) + dt.timedelta(days)).isoformat()}
        others = {code: replace(team, adopted=late) for code, team in waves[2].items() if code[0] == "K"}
        assert story(publish(changed(waves, 2, others))).others == 12 * days


def test_a_unit_that_held_others_before_is_no_comparison() -> None:
    """Teams that were departments a wave ago, or have become departments since, are not those that were compared."""
    for place in (1, 2):
        waves = company(gain=10.0)
        inner = {f"{code}-1": Team(None, parent=code) for code in waves[place] if code[0] == "K"}
        assert story(publish(changed(waves, place, inner))).missing["others"][0] == 0


def test_units_are_compared_over_the_same_waves() -> None:
    """Who took it up a wave earlier is set beside what others did then, not beside what they did since."""
    early = (opened(2) - dt.timedelta(days=20)).isoformat()
    late = (opened(3) - dt.timedelta(days=20)).isoformat()
    waves: list[dict[str, Team]] = []
    for place in range(4):
        teams = {f"K{number:02}": Team(0.1 * number + (20.0 if place == 3 else 0.0)) for number in range(24)}
        for number in range(8):
            day = early if number < 4 else late
            adopted = {PRACTICE: day} if place == 3 else {}
            teams[f"A{number}"] = Team(0.3 * number + (20.0 if place == 3 else 0.0), adopted=adopted)
        waves.append(teams)
    found = story(publish(waves))
    assert (found.matched, found.others) == (8, 16)
    assert found.index is None or abs(found.index.value) < 1


def test_a_motive_is_compared_as_the_index_is() -> None:
    """The difference of a motive is that between the same two waves, before and after."""
    waves = [
        {
            code: replace(team, motives={"potential": 4 + (0.5 if code[0] == "A" and place == 2 else 0.1 * place)})
            for code, team in teams.items()
        }
        for place, teams in enumerate(company(gain=10.0))
    ]
    random = np.random.default_rng(4)
    for teams in waves:
        for code, team in teams.items():
            moved = team.motives["potential"] + float(random.normal(0, 0.02))
            teams[code] = replace(team, motives={"potential": moved})
    found = story(publish(waves)).motives["potential"]
    assert abs(found.value - 0.3) < 0.05


def test_where_it_is_too_early_motives_are_not_told_either() -> None:
    """Three units with six others are too few for a word, and for a motive's difference, which could be made."""
    random = np.random.default_rng(3)
    waves = [
        {code: replace(team, motives={"potential": 4 + float(random.normal(0, 0.2))}) for code, team in teams.items()}
        for teams in company(gain=10.0, adopting=5, others=10)
    ]
    found = story(publish(waves))
    assert found.missing == {"adopting": (3, 5), "others": (6, 10)}
    assert (found.motives, found.index, found.earlier, found.starts) == ({}, None, None, None)


def test_other_questions_end_the_lineage() -> None:
    """A wave whose index was asked for in other words is not followed back; it has nothing before it."""
    waves = publish(company())
    record = read(*waves[2].frozen())
    items = tuple(
        msgspec.structs.replace(item, text={"ko": "달리 물었다", "en": "Asked otherwise"})
        if item.id == "play"
        else item
        for item in builtin().items
    )
    other = msgspec.structs.replace(builtin(), items=items).to_json()
    newest = thaw(*dump(msgspec.structs.replace(record, instrument=other)))
    assert lineage((waves[0], waves[1], newest)) == (newest,)


def test_the_family_is_that_of_the_newest_wave() -> None:
    """What an earlier wave asked about and nobody took up is no part of it; the same waves are looked at once."""
    first, second, third = (one.id for one in library()[:3])
    teams, found = {"A": Team(3.0), "B": Team(4.0)}, list[Publication]()
    for place, asked in enumerate((first, second, first, third)):
        found.append(wave(place, teams, found[-1] if found else None, practices=(asked,)))
    known = afterwards(found)
    assert [after.practice for after in known] == [third]
    assert afterwards(tuple(found)) is known
