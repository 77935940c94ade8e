import unicodedata
from dataclasses import astuple, replace

import pytest

from survey.i18n import Refused
from survey.services.filing.grid import GIVEN, UPLOADED
from survey.services.filing.table_file import read_grid
from survey.services.roster.people import RosterErrors, RosterTable, read_roster
from tests import cast
from tests.services.workbooks import workbook

HEAD = "name,number,email,language,unit,parent"
TOP = "Cy,3,cy@example.com,ko,CO,"


def read(*lines: str, head: str = HEAD) -> RosterTable:
    """Read a roster with these lines below the headings and a first line for the top unit."""
    return read_roster("\n".join((head, TOP, *lines)).encode(), "roster.csv")


def problems(*lines: str, head: str = HEAD) -> list[tuple[int, str, str]]:
    """Return what is wrong with a roster, as (row, column, sentence)."""
    with pytest.raises(RosterErrors) as refused:
        read(*lines, head=head)
    return [(problem.row, problem.column, problem.what.to("en")) for problem in refused.value.problems]


def refusal(data: bytes, filename: str = "roster.csv") -> str:
    """Return the sentence with which a file as a whole is refused."""
    with pytest.raises(Refused) as refused:
        read_roster(data, filename)
    return refused.value.sentence.to("en")


def test_the_casts_roster_is_read_whole() -> None:
    """People, units, names, kinds and leads come out as they went in, parents before children."""
    table = read_roster(cast.roster_csv(), "roster.csv")
    assert [unit.code for unit in table.units] == ["CO", "CARE", "SALES", "CHAT", "NORTH", "PHONE", "SOUTH"]
    people = {unit.code: sum(row.unit == unit.code for row in table.people) for unit in table.units}
    assert people == {"CO": 1, "CARE": 1, "SALES": 1, **cast.TEAMS}
    ada = table.people[0]
    assert (ada.name, ada.number, ada.email, ada.language) == ("Ada", "1", "ada@example.com", "en")
    assert (ada.unit, ada.leads) == ("SALES", "SALES")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_korean_csv_is_read_as_excel_saves_it(encoding: str, delimiter: str) -> None:
    """UTF-8 with and without its mark, CP949, and every delimiter give the same people."""
    text = "이름,사번,이메일,언어,부서코드,상위코드,부서명\n김하나,007,ada@example.com,한국어,영업-1,,영업 1팀\n"
    table = read_roster(text.replace(",", delimiter).encode(encoding), "명부.csv")
    assert (table.people[0].name, table.people[0].number, table.people[0].language) == ("김하나", "007", "ko")
    assert (table.units[0].code, table.units[0].unit_name) == ("영업-1", "영업 1팀")


def test_a_file_is_what_it_holds_not_what_it_is_called() -> None:
    """A workbook that was named .csv is read as a workbook."""
    assert len(read_roster(workbook([HEAD.split(","), TOP.split(",")]), "roster.csv").people) == 1


def test_white_space_letters_and_case_are_forgiven() -> None:
    """Headings in capitals, spaces around cells, decomposed Hangul and capitals in addresses are not errors."""
    head = " Name , E-mail ,NUMBER,Language,Unit Code,Parent Code"
    line = f"  {unicodedata.normalize('NFD', '김하나')} , Ada@Example.COM ,1, KO ,CO,"
    person = read_roster(f"{head}\n{line}\n\n,,,,,\n".encode(), "roster.csv").people[0]
    assert (person.name, person.email, person.language) == ("김하나", "ada@example.com", "ko")


def test_a_unit_without_people_has_a_row_of_its_own() -> None:
    """A row without name, number and e-mail says that a unit exists and where."""
    table = read(",,,,SALES,CO", "Di,11,,ko,NORTH,SALES")
    assert [(unit.code, unit.parent) for unit in table.units] == [("CO", ""), ("SALES", "CO"), ("NORTH", "SALES")]
    assert len(table.people) == 2


def test_texts_that_only_look_like_formulas_are_kept_as_texts() -> None:
    """A name may begin with a plus, a minus or an at; pages, PDFs and exports show it as text."""
    assert [row.name for row in read("+A,1,,ko,CO,", "-B,2,,ko,CO,", "@C,4,,ko,CO,").people[1:]] == ["+A", "-B", "@C"]


LONG = "x" * 201
NO_ADDRESS = "is not an e-mail address. Leave the cell empty for a printed code."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Di,,,ko,CO,"], [(3, "number", "The cell is empty.")]),
        ([",11,,ko,CO,"], [(3, "name", "The cell is empty.")]),
        (["Di,11,,,CO,"], [(3, "language", "The cell is empty.")]),
        (["Di,11,,ko,,"], [(3, "unit", "The cell is empty.")]),
        (["Di,11"], [(3, "language", "The cell is empty."), (3, "unit", "The cell is empty.")]),
        (["Di,11,di,ko,CO,"], [(3, "email", f"di {NO_ADDRESS}")]),
        (["Di,11,d i@x.kr,ko,CO,"], [(3, "email", f"d i@x.kr {NO_ADDRESS}")]),
        (["Di,11,di@x.kr>,ko,CO,"], [(3, "email", f"di@x.kr> {NO_ADDRESS}")]),
        (["Di,11,,fr,CO,"], [(3, "language", "fr is not a language of the survey. Write ko or en.")]),
        (["Di,11,,ko,CO+,CO"], [(3, "unit", "CO+ is no code: use letters, digits, dots and hyphens only.")]),
        (["Di,11,,ko,../x,CO"], [(3, "unit", "../x is no code: use letters, digits, dots and hyphens only.")]),
        ([f"{LONG},11,,ko,CO,"], [(3, "name", "The text is longer than 200 characters.")]),
        (["Di\0,11,,ko,CO,"], [(3, "name", "The cell holds a character that cannot be printed. Delete it.")]),
        (["D\u202ei,11,,ko,CO,"], [(3, "name", "The cell holds a character that cannot be printed. Delete it.")]),
        (["=1+1,11,,ko,CO,"], [(3, "name", "The cell holds a formula. Write the value itself.")]),
        (["Di,3,,ko,CO,"], [(3, "number", "Row 2 has the same number.")]),
        (["Di,11,CY@example.com,ko,CO,"], [(3, "email", "Row 2 has the same e-mail address.")]),
        (
            ["Cy,3,,ko,SALES,CO"],
            [(3, "number", "Row 2 has the same person in unit CO, this row in unit SALES. Keep one.")],
        ),
        (["Di,11,,ko,SALES,SALES"], [(3, "parent", "Unit SALES is placed under itself.")]),
        (
            ["Di,11,,ko,A,B", "Bo,2,,ko,B,A"],
            [(3, "parent", "These units are placed under each other in a circle: A → B → A.")],
        ),
        (
            ["Di,11,,ko,A,B", "Bo,2,,ko,B,C", "Ed,4,,ko,C,B"],
            [(4, "parent", "These units are placed under each other in a circle: B → C → B.")],
        ),
        (
            ["Di,11,,ko,SALES,"],
            [(3, "parent", "SALES has no parent, and neither has CO in row 2. Only one unit is at the top.")],
        ),
        (
            ["Di,11,,ko,NORTH,SALES"],
            [(3, "parent", "The roster has no unit SALES. Give it a row, or mend the code.")],
        ),
        (
            ["Di,11,,ko,A,CO", "Bo,2,,ko,B,CO", "Ed,4,,ko,A,B"],
            [(5, "parent", "Row 3 says CO for unit A, this row says B.")],
        ),
    ],
)  # fmt: skip
def test_a_bad_cell_is_told_by_row_and_column(lines: list[str], expected: list[tuple[int, str, str]]) -> None:
    """Each mistake is named where it stands, once, and in words that say what to do."""
    assert problems(*lines) == expected


def test_one_bad_cell_hides_no_other_and_makes_none_up() -> None:
    """All cells of a row are told; a unit whose own row has a mistake is not called missing by others."""
    assert problems("Ada,1,ada,xx,SALES,CO", ",,eun,ko,NORTH,SALES") == [
        (3, "email", f"ada {NO_ADDRESS}"),
        (3, "language", "xx is not a language of the survey. Write ko or en."),
        (4, "email", f"eun {NO_ADDRESS}"),
        (4, "name", "The cell is empty."),
        (4, "number", "The cell is empty."),
    ]
    assert problems("Ada,1,,ko,S+,CO", "Di,11,,ko,NORTH,SALES") == [
        (3, "unit", "S+ is no code: use letters, digits, dots and hyphens only.")
    ]


def test_a_unit_has_one_name() -> None:
    """A unit that is called differently on two rows is told; a row that does not name it is not."""
    head = f"{HEAD},unit_name,kind,leads"
    lines = ["Di,11,,ko,A,CO,North,,", "Bo,2,,ko,A,CO,,sales,", "Ed,4,,ko,A,CO,Nord,care,Z"]
    assert problems(*lines, head=head) == [
        (5, "unit_name", "Row 3 says North for unit A, this row says Nord."),
        (5, "kind", "Row 3 says sales for unit A, this row says care."),
        (5, "leads", "The roster has no unit Z. Give it a row, or mend the code."),
    ]


def test_no_unit_at_the_top_is_told() -> None:
    """A tree needs one unit without a parent."""
    with pytest.raises(RosterErrors) as refused:
        read_roster(f"{HEAD}\nDi,11,,ko,A,B\nBo,2,,ko,B,A\n".encode(), "roster.csv")
    assert "No unit is at the top. Leave the parent of exactly one unit empty." in str(refused.value)


def test_a_tree_too_deep_is_told_at_once() -> None:
    """A chain of units as long as the file is refused, and quickly: nothing climbs it again and again."""
    chain = [f"P{n},{n + 10},,ko,U{n},{'CO' if n == 0 else f'U{n - 1}'}" for n in range(20_000)]
    assert problems(*chain) == [(32, "parent", "The tree of units is deeper than 30 levels here.")]


def test_all_problems_are_told_together_in_both_languages() -> None:
    """HR mends a file once: every problem has its line, the first 200 are listed, all are counted."""
    lines = [f"P{n},{n + 10},bad,ko,CO," for n in range(300)]
    with pytest.raises(RosterErrors) as refused:
        read(*lines)
    assert (refused.value.count, len(refused.value.problems)) == (300, 200)
    assert "Cells to mend: 300.\nRow 3, column email: bad is not an e-mail" in refused.value.sentence.to("en")
    assert "3행 email 열: " in refused.value.sentence.to("ko")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b" \n\r\n ", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b",,,\n,,,\n", "The file is empty"),
        (HEAD.encode(), "The roster names nobody"),
        (f"{HEAD}\n,,,,CO,\n".encode(), "The roster names nobody"),
        (b"a,b,c\n1,2,3\n", "Missing: name (이름), email (이메일), number (사번), language (언어), unit (부서코드)"),
        (b"name,number\nAda,1\n", "Missing: email (이메일), language"),
        (f"{HEAD},Name\n{TOP},x\n".encode(), "Two columns are headed Name"),
        (f"{HEAD}\n{TOP}\nD\xff\xfei,1,,ko,CO,\n".encode("latin-1"), "Row 3 cannot be read as UTF-8 or CP949"),
        (f"{HEAD}\n{TOP}\n".encode("utf-16"), "Row 1 cannot be read as UTF-8 or CP949"),
        ((f"{HEAD}\n{TOP}\n" + "김하나,1,,ko,CO,\n" * 9).encode() + b"\xb1\xe8", "Row 12 cannot be read as UTF-8"),
        (b"\xef\xbb\xbf" + HEAD.encode() + b"\n\xb1\xe8,1,,ko,CO,\n", "Row 2 cannot be read as UTF-8"),
        (f'{HEAD}\n{TOP}\n"Di,11,,ko,CO,\n'.encode(), "Row 3 cannot be taken apart into cells"),
        (f"{HEAD}\n{TOP}\n{'x' * 200_000},11,,ko,CO,\n".encode(), "Row 3 cannot be taken apart into cells"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This is an old Excel file (.xls) or one with a password"),
        (b"PK\x03\x04" + bytes(600), "The Excel file is damaged or of another kind"),
        (b"x" * (33 << 20), "The file is larger than 32 MB"),
    ],
    ids=range(18),
)
def test_a_file_that_is_no_roster_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    """What cannot be a roster is told as a whole, with what to do."""
    assert sentence in refusal(data)


@pytest.mark.parametrize("filename", ["roster.xlsx", "roster.xls", "ROSTER.XLSX"])
def test_a_csv_called_excel_is_refused(filename: str) -> None:
    """A file whose name promises a workbook and that holds none is not guessed at."""
    assert "is not an Excel file inside" in refusal(f"{HEAD}\n{TOP}\n".encode(), filename)


def test_a_company_of_two_hundred_thousand_fits_into_an_upload() -> None:
    """As many people, in twelve columns that are all filled, are within what is read of a file from a browser."""
    wide = ",".join("abcdefghijkl")
    assert len(read_grid(f"{wide}\n".encode() * 200_000, "roster.csv").rows) == 200_000


@pytest.mark.parametrize(
    ("caps", "sentence"),
    [
        ({"file": 10}, "larger than 0 MB"),
        ({"cells": 10}, "more than 10 cells"),
        ({"text": 50}, "larger than 0 MB"),
    ],
)
def test_a_file_is_read_up_to_its_caps(caps: dict[str, int], sentence: str) -> None:
    """More bytes, cells or characters are refused; a file that the command line names may have more of all."""
    data = f"{HEAD}\n{TOP}\n".encode()
    with pytest.raises(Refused, match=sentence):
        read_roster(data, "roster.csv", caps=replace(UPLOADED, **caps))
    assert len(read_roster(data, "roster.csv").people) == 1
    assert all(given > uploaded for given, uploaded in zip(astuple(GIVEN), astuple(UPLOADED), strict=True))
