from dataclasses import replace
from typing import Any

import pytest

from survey.services.roster import columns
from survey.services.roster.branches import WHOLE_UP_TO, Branch, tree
from survey.services.roster.changes import Changes, changes, warnings
from survey.services.roster.people import RosterErrors, read_roster
from survey.services.roster.roster import RosterTable
from survey.services.roster.standing import Kept, Standing, place, somebody
from tests import cast

MANY = (
    "of all people would leave. If they still work here, the file is not whole, or their numbers are written in "
    "another way than before."
)


def standing(table: RosterTable) -> Standing:
    """Return the roster that stands once a file has been taken."""
    kept = {row.number: Kept(at, somebody(row), cast.TODAY, None) for at, row in enumerate(table.people, 1)}
    return Standing(kept, {row.code: place(row, None) for row in table.units})


def the_cast(**facts: Any) -> RosterTable:  # noqa: ANN401 - of any column
    """Return the cast's roster; with facts of Di changed."""
    table = read_roster(cast.roster_csv(), "roster.csv")
    return replace(table, people=tuple(replace(row, **facts) if row.number == "11" else row for row in table.people))


def compared(after: RosterTable, before: RosterTable | None = None) -> Changes:
    """Compare a roster with the cast's."""
    return changes(standing(before or the_cast()), after)


def edited(*edits: tuple[str, str]) -> RosterTable:
    """Return the cast's roster with texts of its file replaced."""
    text = cast.roster_csv().decode()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return read_roster(text.encode(), "roster.csv")


def said(found: Changes) -> list[str]:
    """Return the warnings in English."""
    return [warning.to("en") for warning in warnings(found)]


def drawn(branches: tuple[Branch, ...], depth: int = 0) -> list[str]:
    """Draw a tree: a unit a line, with what happens to it, and people before and after."""
    lines = []
    for one in branches:
        marks = f" {'+'.join(one.marks)}" if one.marks else ""
        lines.append(f"{'  ' * depth}{one.unit.code}{marks} {one.before}>{one.after}{' …' if one.opened else ''}")
        lines += drawn(one.below, depth + 1)
        lines += [f"{'  ' * (depth + 1)}({one.same})"] if one.same else []
    return lines


@pytest.mark.parametrize(
    ("facts", "kind", "expected"),
    [
        ({"unit": "SOUTH"}, "moved", ("NORTH", "SOUTH")),
        ({"name": "Di Kim"}, "renamed", ("Di", "Di Kim")),
        ({"email": "di.kim@example.com"}, "mended", ("di@example.com", "di.kim@example.com")),
        ({"language": "en"}, "mended", ("ko", "en")),
        ({"leads": "NORTH"}, "mended", ("", "NORTH")),
    ],
)
def test_each_change_of_a_person_stands_in_its_list(
    facts: dict[str, str], kind: str, expected: tuple[str, str]
) -> None:
    """Another unit, name, address, language or lead is told once, with what was there before."""
    found = compared(the_cast(**facts))
    assert {each: len(lines) for each, lines in found.lines.items() if lines} == {kind: 1}
    (line,) = next(lines for lines in found.lines.values() if lines)
    assert (line.number, line.before, line.after) == ("11", *expected)
    assert (found.unchanged, found.empty) == (len(cast.MEMBERS) - 1, False)


def test_who_comes_and_who_goes() -> None:
    """A number that is new joins, one that is missing leaves; a moved person with another name is in both lists."""
    found = compared(edited(("12,Eun,", "99,Eun,")))
    assert [line.number for line in found.lines["joined"]] == ["99"]
    assert [line.number for line in found.lines["left"]] == ["12"]
    both = compared(the_cast(unit="SOUTH", name="Di Kim"))
    assert (len(both.lines["moved"]), len(both.lines["renamed"])) == (1, 1)


def test_the_same_file_again_changes_nothing() -> None:
    """Everybody is unchanged, no warning is made up, and the preview can say so."""
    found = compared(the_cast())
    assert (found.empty, found.unchanged, found.lines["joined"]) == (True, len(cast.MEMBERS), [])
    assert said(found) == []


def test_a_seal_tells_every_roster_apart() -> None:
    """The short name of a roster changes with any fact of any person or unit."""
    before = standing(the_cast())
    others = [standing(the_cast(language="en")), standing(edited(("북부영업", "북부"))), standing(the_cast(name="Do"))]
    assert len({before.digest, *(other.digest for other in others)}) == 4
    assert standing(the_cast()).digest == before.digest


def test_the_tree_is_drawn_with_what_happens_to_it() -> None:
    """New, gone, renamed and moved units stand where they belong, with their people before and after."""
    found = compared(
        edited(
            ("NORTH,SALES,북부영업,Sales North", "NORTH,CARE,북부,North"),
            ("SOUTH,SALES,남부영업,Sales South", "WEST,SALES,서부영업,Sales West"),
        )
    )
    assert drawn(tree(found)) == [
        "CO 27>27 …",
        "  CARE 11>20 …",
        "    CHAT 2>2",
        "    NORTH renamed+moved 9>9",
        "    PHONE 8>8",
        "  SALES 15>6 …",
        "    SOUTH gone 5>0",
        "    WEST new 0>5",
    ]


def test_a_whole_branch_that_is_gone_stays_together() -> None:
    """Units of a branch that is gone lie below each other as they did; a new top stands beside the old one."""
    rows = "number,name,email,language,unit,parent\n1,Ada,,ko,GROUP,\n2,Bo,,ko,CARE,GROUP\n"
    found = compared(read_roster(rows.encode(), "roster.csv"))
    assert drawn(tree(found)) == [
        "CO gone 27>0 …",
        "  SALES gone 15>0 …",
        "    NORTH gone 9>0",
        "    SOUTH gone 5>0",
        "GROUP new 0>2 …",
        "  CARE moved 11>1 …",
        "    CHAT gone 2>0",
        "    PHONE gone 8>0",
    ]


def test_a_large_tree_counts_what_stays() -> None:
    """Beyond two thousand units only branches in which something happens are drawn; the others are counted."""
    head, top = "number,name,email,language,unit,parent,unit_name", "1,Ada,,ko,CO,,Top"
    units = [f",,,,U{n},{'CO' if n < 10 else f'U{n % 10}'}," for n in range(WHOLE_UP_TO)]
    before = read_roster("\n".join((head, top, *units)).encode(), "roster.csv")
    after = read_roster("\n".join((head, top, *units[:-1], ",,,,X,U3,")).encode(), "roster.csv")
    assert drawn(tree(compared(after, before))) == [
        "CO 1>1 …",
        "  U3 0>0 …",
        "    X new 0>0",
        "    (199)",
        "  U9 0>0 …",
        "    U1999 gone 0>0",
        "    (198)",
        "  (1600)",
    ]


def test_warnings_tell_what_may_be_a_mistake() -> None:
    """Many who leave, units that vanish, codes given to others, leads whom no letter reaches or who are two."""
    lines = cast.roster_csv().decode().splitlines()
    without_phone = "\n".join(line for line in lines if "PHONE" not in line)
    assert said(compared(read_roster(without_phone.encode(), "r.csv"))) == [
        f"29\N{NO-BREAK SPACE}% {MANY}",
        "Units with people in them would be gone (1): PHONE.",
    ]
    assert "nothing in common with the one before: NORTH." in said(compared(edited(("북부영업", "인사기획"))))[0]
    assert said(compared(edited(("ada@example.com", "")))) == [
        "These units are led by somebody without e-mail, who will get no letter: SALES."
    ]
    assert said(compared(the_cast(leads="SALES"))) == ["More than one person leads these units: SALES."]


def test_a_fifth_may_leave_without_a_warning() -> None:
    """Exactly 20 % leaving is not yet worth a word, one more is."""
    rows = ["number,name,email,language,unit,parent", *(f"{n},P{n},,ko,CO," for n in range(10))]
    ten = read_roster("\n".join(rows).encode(), "r.csv")
    eight, seven = (read_roster("\n".join(rows[:-gone]).encode(), "r.csv") for gone in (2, 3))
    assert said(compared(eight, ten)) == []
    assert said(compared(seven, ten))[0].startswith("30")


KOREAN = ["사원번호", "성명", "소속", "이메일주소", "상위부서", "비고"]


def test_headings_are_known_or_asked_for() -> None:
    """Known headings are matched; what only sounds like a column is proposed and never taken by itself."""
    found = columns.match(KOREAN, {})
    assert dict(found.columns.places) == {"number": 0, "name": 1, "email": 3}
    assert found.missing == ("language", "unit", "parent")
    proposed = columns.proposals(KOREAN, [["1", "김하나", "영업1팀", "a@x.kr", "영업", ""]], found)
    assert (proposed["unit"], proposed["parent"], proposed.get("language")) == (2, 4, None)
    assert 5 not in proposed.values()


def test_an_address_is_recognised_by_its_cells() -> None:
    """A column of addresses is proposed whatever it is headed."""
    found = columns.match(["이름", "연락처"], {})
    assert columns.proposals(["이름", "연락처"], [["김하나", ""], ["이둘", "b@x.kr"]], found)["email"] == 1


def test_what_was_chosen_is_remembered() -> None:
    """The next file with these headings is read without a question; a heading that was left out stays out."""
    choices: dict[str, columns.Choice] = {"name": 1, "number": 0, "email": 3, "language": "=ko", "unit": 2, "parent": 4}
    kept = columns.remember([*KOREAN[:5], "이름"], choices)
    again = columns.match([*KOREAN[:5], "이름"], kept)
    assert again.clear
    assert again.columns.places["name"] == 1
    assert dict(again.columns.everybody) == {"language": "ko"}
    assert set(again.how.values()) == {"remembered"}


def test_a_column_of_the_file_comes_before_what_is_the_same_for_everybody() -> None:
    """Once a file has a column of languages, it is read."""
    found = columns.match(["언어"], {"=ko": "language"})
    assert (found.columns.places, found.columns.everybody) == ({"language": 0}, {})


def test_a_remembered_heading_comes_before_a_known_one() -> None:
    """Where the company has chosen its own heading for a column, ours is not taken for the same."""
    found = columns.match(["이름", "별칭", "name"], {"별칭": "name"})
    assert (found.columns.places["name"], found.twice) == (1, ())
    assert columns.match(["이름", "name"], {}).twice == ("name",)


def test_texts_that_spreadsheets_would_run_come_back_as_they_were() -> None:
    """An apostrophe before a sign is a spreadsheet's way to say that a text is a text."""
    rows = "number,name,email,language,unit,parent\n1,'+A,,ko,CO,\n2,''-B,,ko,CO,\n3,'Di',,ko,CO,\n"
    assert [row.name for row in read_roster(rows.encode(), "r.csv").people] == ["+A", "'-B", "'Di'"]


def test_numbers_that_differ_in_capitals_are_one() -> None:
    """A number typed twice, once in capitals, is told as a mistake."""
    with pytest.raises(RosterErrors, match="Row 2 has the same number"):
        read_roster(b"number,name,email,language,unit,parent\na1,A,,ko,CO,\nA1,B,,ko,CO,\n", "r.csv")
