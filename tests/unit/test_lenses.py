"""What stands for a unit in earlier waves, through each lens, as far as the reader may see it."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from reports.comparison.lenses import ELSEWHERE, NOT_PART, SPREAD, UNKNOWN, UNSEEN, Lens, Stand, lens_of, stands
from survey.privacy.freeze import freeze
from survey.privacy.record import Origin
from survey.privacy.thaw import Publication, dump, thaw
from tests.privacy.companies import company

NOW = """
    Company
      Care
        Mail 12
        Phone 14
      Sales
        North 15
        South 8
        West 9
"""
ALL = frozenset({"Company", "Care", "Sales", "Mail", "Phone", "North", "South"})


def waves(*origins: Mapping[str, Origin]) -> list[Publication]:
    """Publish one wave more than there are origins: each says where people of the wave before came from."""
    found: list[Publication] = []
    for number, of in enumerate(({}, *origins)):
        record = freeze(company(NOW, seed=number + 1, code=f"2026-Q{number + 1}"))
        units = [replace(unit, origin=of.get(unit.code)) for unit in record.units]
        before = {"previous": found[-1].digest, "previous_wave": found[-1].wave.code} if found else {}
        found.append(thaw(*dump(replace(record, units=units, **before))))
    return found


def through(lens: Lens, of: Sequence[Publication], code: str = "North", seen: frozenset[str] = ALL) -> list[Stand]:
    """Look at a unit through a lens, as somebody who may see these units."""
    return list(stands(code, of, lens, lambda _, unit: unit in seen))


def codes(found: Sequence[Stand]) -> list[str]:
    """The codes of what stands in each wave; "" where nothing does."""
    return ["" if stand.unit is None else stand.unit.code for stand in found]


def test_the_same_code_breaks_where_it_was_another_unit() -> None:
    """The line leads on at half of the people, and breaks below; an unknown roster breaks nothing."""
    three = waves({"North": Origin(50, "", 0)}, {"North": Origin(49, "South", 51)})
    found = through("code", three)
    assert codes(found) == ["North", "North", "North"]
    assert [stand.joined for stand in found] == [False, True, False]
    assert [stand.broken for stand in found] == [False, False, True]
    assert not any(stand.earlier for stand in found)
    assert [stand.joined for stand in through("code", waves({}))] == [False, True]


def test_a_unit_as_it_was_is_another_segment() -> None:
    """What stood there before the last break is an earlier self; what came after is today's."""
    origins: list[dict[str, Origin]] = [{"North": Origin(share, "", 0)} for share in (20, 90, 30, 80)]
    found = through("self", waves(*origins))
    assert [stand.earlier for stand in found] == [True, True, True, False, False]
    assert [stand.joined for stand in found] == [False, False, True, False, True]
    assert not any(stand.earlier for stand in through("self", waves({"North": Origin(90, "North", 90)})))


def test_people_are_followed_back() -> None:
    """The line goes on through the unit that most people came from, and from there to where those came from."""
    three = waves({"Mail": Origin(10, "Phone", 80)}, {"North": Origin(20, "Mail", 70)})
    found = through("origin", three)
    assert codes(found) == ["Phone", "Mail", "North"]
    assert [stand.joined for stand in found] == [False, True, True]
    assert [stand.earlier for stand in found] == [True, True, False]
    again = through("origin", waves({"Mail": Origin(10, "North", 80)}, {"North": Origin(20, "Mail", 70)}))
    assert [stand.earlier for stand in again] == [False, True, False]


def test_people_are_not_followed_where_nobody_knows() -> None:
    """No unit that most came from, no roster, and a withdrawn wave in between each end the line, with the reason."""
    assert through("origin", waves({"North": Origin(30, "", 0)}))[0].why == SPREAD
    assert through("origin", waves({"North": Origin(0, "Gone", 90)}))[0].why == SPREAD
    assert through("origin", waves({}))[0].why == UNKNOWN
    one, _, three = waves({"North": Origin(90, "North", 90)}, {"North": Origin(90, "North", 90)})
    assert through("origin", [one, three])[0].why == UNKNOWN
    assert [stand.joined for stand in through("code", [one, three])] == [False, False]


def test_nobody_follows_people_out_of_sight() -> None:
    """A predecessor that the reader may not see is not shown, nor what lies before it; the line to it is not drawn."""
    three = waves({"Mail": Origin(95, "Mail", 95)}, {"North": Origin(20, "Mail", 70)})
    found = through("origin", three, seen=frozenset({"Sales", "North", "South"}))
    assert codes(found) == ["", "", "North"]
    assert [stand.why for stand in found[:2]] == [UNSEEN, UNSEEN]
    assert [stand.joined for stand in found] == [False, False, False]


def test_the_same_code_out_of_sight_is_not_shown() -> None:
    """A unit that lay elsewhere in an earlier wave, where the reader sees nothing, shows nothing of that wave."""
    two = waves({"North": Origin(90, "North", 90)})
    found = list(stands("North", two, "code", lambda wave, _: wave is two[1]))
    assert codes(found) == ["", "North"]
    assert found[0].why == ELSEWHERE
    later = list(stands("New", two, "code", lambda *_: True))
    assert [stand.why for stand in later] == [NOT_PART, NOT_PART]


def test_a_line_needs_details_at_both_ends() -> None:
    """Below the second threshold there are points and no line, through every lens."""
    two = waves({"South": Origin(90, "South", 90)})
    for lens in ("code", "self", "origin"):
        assert [stand.joined for stand in through(lens_of(lens), two, "South")] == [False, False]
