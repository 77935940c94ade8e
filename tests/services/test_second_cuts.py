import datetime as dt
import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, delete, select, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Person, SecondCut, Wave
from survey.models.responses import Response
from survey.privacy.cut_thaw import Cut
from survey.privacy.released import Released, Suppressed
from survey.services.publication import cut_records, notices, publication, second_cuts
from survey.services.publication.cut_file import CutErrors
from survey.services.publication.second_cuts import Grouping
from survey.services.responses.responses import GRACE
from survey.services.waves import opening, wave_plans
from tests import cast
from tests.journeys import doors
from tests.journeys.test_setting_up import Operator
from tests.services import rounds
from tests.services.rounds import OVER, WAVE
from tests.services.workbooks import workbook

FILE = b"unit,group,name,name_en\nNORTH,east,\xeb\x8f\x99\xeb\xb6\x80,East\nSOUTH,west,,West\nCARE,west,,\n"
TREE = b"unit,group,parent\nNORTH,hills,land\nSOUTH,coast,land\nPHONE,coast,\n,land,\n"


@pytest.fixture
def told(engine: Engine, home: Path) -> Engine:
    """The cast's wave, published."""
    doors.published(engine, home)
    return engine


def make(engine: Engine, data: bytes = FILE, code: str = "by-place") -> Cut:
    """Make a second cut in a transaction of its own."""
    with writing(engine) as session:
        return second_cuts.make(session, WAVE, Grouping(code, data, "groups.csv"), OVER)


def wrong(engine: Engine, data: str) -> list[str]:
    """What is wrong with a file, in words."""
    with pytest.raises(CutErrors) as errors:
        make(engine, data.encode())
    return [str(problem.sentence) for problem in errors.value.problems]


def test_units_are_grouped_once(told: Engine) -> None:
    """A second cut is kept with its digest, bound to the publication, logged, and never made again."""
    made = make(told)
    with reading(told) as session:
        kept = session.scalars(select(SecondCut)).one()
        assert (kept.code, kept.digest, kept.published_on) == ("by-place", made.digest, OVER.date())
        assert made.publication == publication.publication(session, WAVE).digest
        (cut,) = second_cuts.cuts(session, WAVE)
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.act, last.facts) == ("second cut made", {"wave": WAVE, "cut": "by-place", "digest": made.digest})
    assert [(group.code, group.name("ko"), group.units) for group in cut.groups] == [
        ("east", "동부", ("NORTH",)),
        ("west", "West", ("PHONE", "SOUTH")),
    ]
    with pytest.raises(Refused, match="already, and it is never made again"):
        make(told)


def test_groups_have_numbers_of_their_own(told: Engine) -> None:
    """East is North by another name; west has the people of South and Phone, and their sums."""
    east, west = make(told).groups
    with reading(told) as session:
        units = {unit.code: unit for unit in publication.publication(session, WAVE).units}
    assert isinstance(east.sums, Released)
    assert isinstance(west.sums, Released)
    north, south, phone = (units[code].sums for code in ("NORTH", "SOUTH", "PHONE"))
    assert isinstance(north, Released)
    assert isinstance(south, Released)
    assert isinstance(phone, Released)
    assert east.sums.value == north.value
    assert west.sums.value.n == south.value.n + phone.value.n
    pairs = zip(south.value.totals, phone.value.totals, strict=True)
    assert west.sums.value.totals == [one + other for one, other in pairs]


def test_a_tree_of_groups(told: Engine) -> None:
    """A group above others holds what they hold; later cuts know the earlier ones."""
    first = make(told)
    tree = make(told, TREE, "tree")
    assert [(group.code, group.parent) for group in tree.groups] == [
        ("land", None),
        ("coast", "land"),
        ("hills", "land"),
    ]
    assert tree.earlier == (first.digest,)
    with reading(told) as session:
        assert [cut.code for cut in second_cuts.cuts(session, WAVE)] == ["by-place", "tree"]
        verdicts = publication.audit(session, WAVE, colluders=2)
    assert verdicts[0][0].cells.keys() >= {"CO", "by-place: west", "tree: land"}
    assert all(found.safe for _, found in verdicts)
    assert all(found.colluders == 2 for _, found in verdicts)


def test_cells_to_mend(told: Engine) -> None:
    """Each mistake is told by row and column, all of them at once, and nothing is made."""
    assert wrong(
        told, "부서코드,묶음코드,상위묶음\nNOWHERE,a,\nNORTH,,\nNORTH,a,b\nNORTH,b,a\nSOUTH,a b,\nSOUTH,c,x"
    ) == [
        "Row 2, column 부서코드: The wave has no unit NOWHERE.",
        "Row 2, column 상위묶음: These groups lie in a circle under each other: a, b.",
        "Row 3, column 묶음코드: The cell is empty.",
        "Row 5, column 부서코드: NORTH stands in the group a already.",
        "Row 5, column 상위묶음: These groups lie in a circle under each other: a, b.",
        "Row 6, column 묶음코드: A code has letters, digits, dots, hyphens and plus signs.",
    ]
    assert wrong(told, "unit,group,name\nNORTH,a,One\nSOUTH,a,Two\nPHONE,b," + "x" * 201) == [
        "Row 3, column name: Another row says One of the same group.",
        "Row 4, column name: This text is too long.",
    ]
    with reading(told) as session:
        assert session.scalars(select(SecondCut)).all() == []


def test_formulas_and_unseen_characters_are_told(told: Engine) -> None:
    """A cell that is computed, or that hides a character, is told: its row is never left out without a word."""
    book = workbook([["unit", "group"], ["", "east"], ["SOUTH", "west"]], {"A2": ("=B9", "NORTH")})
    with pytest.raises(CutErrors, match="Row 2, column unit: The cell holds a formula"):
        make(told, book)
    assert wrong(told, "unit,group,name\nNORTH,a,x\0y\nSOUTH,b,\u202egnirts") == [
        "Row 2, column name: The cell holds a character that cannot be printed. Delete it.",
        "Row 3, column name: The cell holds a character that cannot be printed. Delete it.",
    ]


def test_a_large_circle_is_told_in_few_words(told: Engine) -> None:
    """Of a circle of many groups a few are named: what is told grows no faster than the file."""
    rows = "".join(f",g{n},g{(n + 1) % 3000}\n" for n in range(3000))
    with pytest.raises(CutErrors) as errors:
        make(told, f"unit,group,parent\n{rows}".encode())
    assert errors.value.count == 3000
    assert str(errors.value.problems[0].what).endswith(
        "g0, g1, g10, g100, g1000, g1001, g1002, g1003, g1004, g1005, …."
    )


def test_towers_and_crowds_of_groups_are_refused(told: Engine) -> None:
    """Groups lie in twenty levels at most, and there are no more than twice as many as units."""
    tower = "".join(f",g{n},g{n + 1}\n" for n in range(1, 20))
    assert wrong(told, f"unit,group,parent\nNORTH,g0,g1\n{tower}") == [
        "Row 2, column parent: Groups lie under each other in more than 20 levels."
    ]
    crowd = "".join(f",g{n}\n" for n in range(100))
    with pytest.raises(Refused, match="101 groups for 7 units"):
        make(told, f"unit,group\nNORTH,east\n{crowd}".encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty"),
        (b"unit,place\nNORTH,east", r"Missing: group"),
        (b"unit,unit,group\n", "Two columns are headed unit"),
        (b"unit,group\n,east\n", "gives no unit to a group"),
    ],
)
def test_files_that_are_none(told: Engine, data: bytes, reason: str) -> None:
    """A file without headings or units is refused as a whole, in words."""
    with pytest.raises(Refused, match=reason):
        make(told, data)


def test_a_name_that_is_none(told: Engine) -> None:
    """The name becomes part of addresses and file names, so it has letters, digits, dots and hyphens."""
    with pytest.raises(Refused, match="letters A-Z"):
        make(told, code="by place")


def test_waves_that_cannot_be_grouped(engine: Engine, home: Path) -> None:
    """Before the publication, after the answers were deleted, and once it was withdrawn, nothing is made."""
    doors.answered(engine, home)
    with pytest.raises(Refused, match="not been published yet"):
        make(engine)
    rounds.close(engine)
    with writing(engine) as session:
        publication.publish(session, WAVE, OVER)
    make(engine, code="first")
    with writing(engine) as session:
        session.execute(delete(Response))
    with pytest.raises(Refused, match="have been deleted, as promised"):
        make(engine)
    with reading(engine) as session:
        assert all(found.safe for _, found in publication.audit(session, WAVE))
    with writing(engine) as session:
        notices.say(session, WAVE, "withdrawal", {"ko": "잘못됨", "en": "Wrong"}, OVER)
    with pytest.raises(Refused, match="were withdrawn"):
        make(engine)
    with reading(engine) as session, pytest.raises(Refused, match="were withdrawn"):
        second_cuts.cuts(session, WAVE)
    with reading(engine) as session:
        wave = session.scalars(select(Wave)).one()
        assert [cut.code for cut, _ in cut_records.cut_records(session, wave)] == ["first"]


def test_a_record_that_was_changed(told: Engine) -> None:
    """A second cut that somebody changed in the database is shown nowhere, and none is made on top of it."""
    make(told)
    with writing(told) as session:
        session.execute(update(SecondCut).values(record=b"{}"))
    with reading(told) as session, pytest.raises(Refused, match="changed after it was made"):
        second_cuts.cuts(session, WAVE)
    with pytest.raises(Refused, match="changed after it was made"):
        make(told, code="another")


def test_too_many_who_put_their_answers_together(told: Engine) -> None:
    """Nobody is left beside five, so about five cannot be asked."""
    with reading(told) as session, pytest.raises(Refused, match="from 5 people on"):
        publication.audit(session, WAVE, colluders=5)


def test_a_strict_wave_is_planned(engine: Engine) -> None:
    """What HR chose stands in the wave; the usual wave is not strict."""
    with writing(engine) as session:
        cast.load(session)
        assert not wave_plans.draft(session, rounds.plan("2026-Q3"), cast.NOW).strict
        assert wave_plans.draft(session, replace(rounds.plan(), strict=True), cast.NOW).strict


def test_a_strict_wave_is_told(engine: Engine, home: Path) -> None:
    """Somebody moves from North to South before a strict wave: neither of the two is shown by itself."""
    doors.published(engine, home)
    with writing(engine) as session:
        session.scalars(select(Person).where(Person.name == "Di")).one().unit_code = "SOUTH"
    later = cast.NOW + dt.timedelta(days=120)
    plan = wave_plans.WaveDraft(code="2027-Q1", opens_at=later, closes_at=later + dt.timedelta(days=14), strict=True)
    with writing(engine) as session:
        wave_plans.draft(session, plan, later)
        opening.open_wave(session, plan.code, later, home)
    for code in rounds.codes(engine, home, plan.code).values():
        rounds.answer(engine, rounds.sent(code), later)
    rounds.close(engine, plan.closes_at + GRACE, plan.code)
    with writing(engine) as session:
        shown = publication.publish(session, plan.code, plan.closes_at + dt.timedelta(days=1))
    assert shown.policy.strict
    assert shown.unit("NORTH").figures == shown.unit("SOUTH").figures == Suppressed("complementary")
    assert isinstance(shown.unit("SALES").figures, Released)


def test_by_command(told: Engine, home: Path, database_url: str, tmp_path: Path) -> None:
    """From a file to a second cut, its list and the audit, command by command."""
    told.dispose()
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)
    file = tmp_path / "groups.csv"
    file.write_bytes(FILE)
    asked = ("second-cut", "--wave", WAVE, "--name", "by-place", "--file", file)
    assert "no such second cut" in operator.done("second-cuts", "--wave", WAVE)
    said = operator.done(*asked).splitlines()
    assert said[0].startswith("by-place  ")
    assert said[1].startswith("  east  East: ")
    assert said[-1] == "In no group: CO+."
    assert "already" in operator.refused(*asked)
    plain = json.loads(operator.done("second-cuts", "--wave", WAVE, "--format", "json"))
    assert plain["groups"]["west"]["figures"]["n"] == 13
    table = operator.done("second-cuts", "--wave", WAVE, "--format", "csv").splitlines()
    assert table[1].startswith(f"by-place,{WAVE},east,,East,,index,,9,")
    verdict = operator.done("audit", "--wave", WAVE, "--colluders", "1").splitlines()[0]
    assert verdict.startswith("Means of scales: Safe: 9 published groups. Even where people put")
